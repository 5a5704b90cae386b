"""How large the page is: within its limits, and not larger than it was without anybody's saying so.

`web/sizes.json` holds for each sum the bytes that it had last, the limit, and what it should come down to where that
is less. After a change that is worth its bytes,
DRIFTGLASS_SIZES=write writes the new ones.
"""

import json
import os
from pathlib import Path

import brotli
import pytest

SIZES = Path(__file__).parents[2] / "web/sizes.json"
# What is loaded before the first difference is seen.
FIRST = ["index.html", "boot.js", "web.js", "web_bg.wasm", "style.css", "views.css", "bench.css", "map.css"]
# Compilers differ a little from machine to machine.
TOLERANCE = 0.02


def measured(folder: Path) -> dict[str, int]:
    return {
        "first difference, brotli": sum(len(brotli.compress((folder / name).read_bytes())) for name in FIRST),
        "report without data": (folder / "report.html").stat().st_size,
    }


@pytest.mark.parametrize("name", json.loads(SIZES.read_text()))
def test_the_page_is_as_small_as_it_was(folder, name):
    known = json.loads(SIZES.read_text())
    size = measured(folder)[name]
    if os.environ.get("DRIFTGLASS_SIZES") == "write":
        known[name]["bytes"] = size
        SIZES.write_text(json.dumps(known, indent=2) + "\n")
    limit, before = known[name]["limit"], known[name]["bytes"]
    assert size <= limit, f"{name}: {size:,} bytes, {size - limit:,} over the limit"
    if os.environ.get("DRIFTGLASS_SIZES") != "write":
        assert abs(size - before) <= before * TOLERANCE, f"{name}: {size:,} bytes, {before:,} before"
