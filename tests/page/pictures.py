"""Pictures of the page that are kept, and how others are compared with them."""

import io
import json
import os
from pathlib import Path

from fonts import digest
from PIL import Image, ImageChops

KEPT = Path(__file__).parents[2] / "docs/looks"
MADE_WITH = KEPT / "made-with.json"
COLOURS = 128
# Kept pictures have few colours; a pixel differs where one of its three does by more than that.
SHADE = 48
# So much of a picture may differ.
SHARE = 0.005


def is_written() -> bool:
    return os.environ.get("DRIFTGLASS_LOOKS") == "write"


def maker(browser) -> dict:
    """What draws the letters: pictures of others are not compared."""
    return {"chromium": browser.version.split(".")[0], "fonts": digest()}


def are_comparable(browser) -> bool:
    return MADE_WITH.is_file() and json.loads(MADE_WITH.read_text()) == maker(browser)


def _with_few_colours(picture: Image.Image) -> Image.Image:
    """The commonest colours stay what they are: grounds and signs. The edges of letters take the nearest."""
    colours = sorted(picture.getcolors(picture.width * picture.height), reverse=True)[:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in colours for part in colour])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def _differing(old: Image.Image, new: Image.Image) -> Image.Image:
    """White where both differ, else black."""
    red, green, blue = ImageChops.difference(old, new).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point(lambda value: 255 if value > SHADE else 0)


def compare(name: str, png: bytes, browser) -> str | None:
    """Says what is wrong with a picture; on a machine with other fonts nothing ever is."""
    new = Image.open(io.BytesIO(png)).convert("RGB")
    kept = KEPT / f"{name}.png"
    if is_written():
        KEPT.mkdir(exist_ok=True)
        MADE_WITH.write_text(json.dumps(maker(browser), indent=1) + "\n")
        _with_few_colours(new).save(kept, optimize=True)
        return None
    if not are_comparable(browser):
        return None
    if not kept.is_file():
        return f"{name}: no picture is kept"
    old = Image.open(kept).convert("RGB")
    if old.size != new.size:
        return f"{name}: {new.size} in place of {old.size}"
    differing = _differing(old, new)
    share = differing.histogram()[255] / (new.width * new.height)
    if share <= SHARE:
        return None
    if folder := os.environ.get("DRIFTGLASS_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"look-{name}.png").write_bytes(png)
        differing.save(Path(folder) / f"look-{name}-differs.png")
    return f"{name}: {share:.2%} of it differ"
