"""What the browser's WASM makes of two snapshots is what the command makes of them, byte for byte: the report, and the
plans there and back, as SQL and as a revision of Alembic's."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from steps import drop

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/forms"))

import hostile  # noqa: E402

# The page takes models for what should stand, whichever is dropped first.
SAMPLES = sorted((ROOT / "snapshots").glob("*.json"))
APPS = sorted(Path(os.environ.get("DRIFTGLASS_APP_SNAPSHOTS", "none")).glob("*-database.json"))
PAIRS = {f"{old.stem}-{new.stem}": (old, new) for old, new in itertools.permutations(SAMPLES, 2) if old.stem != "models"}
PAIRS |= {old.stem: (old, old.with_name(old.name.replace("-database", "-models"))) for old in APPS}
FORMS = {"sql": "there", "sql --down": "back", "alembic": "as-alembic"}


def native(old: Path, new: Path, form: str) -> str:
    # Outside of any project, so that a revision follows none.
    words = ["plan", str(old), str(new), "--format", *form.split()]
    ran = subprocess.run([os.environ["DRIFTGLASS"], *words], cwd=old.parent, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout.decode()


def saved(page: Page) -> str:
    with page.expect_download() as waiting:
        page.click("#save-migration")
    return waiting.value.path().read_bytes().decode()


def check(page: Page, old: Path, new: Path):
    words = [os.environ["DRIFTGLASS"], "diff", str(old), str(new)]
    agree = subprocess.run(words, cwd=old.parent, capture_output=True, check=False).returncode == 0
    drop(page, [old, new])
    expect(page.locator("#verdict")).to_contain_text("In sync" if agree else "difference")
    if agree:
        return
    page.click("#go-migration")
    for form, value in FORMS.items():
        for choice in ("there", "as-sql", value):
            page.locator(f'.switch input[value="{choice}"]').check(force=True)
        expect(page.locator("#save-migration")).to_be_visible()
        page.wait_for_timeout(300)
        found, wanted = saved(page), native(old, new, form)
        if form == "alembic":
            # Above it each names the revision in its own way: the command knows the folder, the page the ledger.
            found, wanted = (text[text.index("\ndef upgrade()") :] for text in (found, wanted))
        assert found == wanted, form


@pytest.mark.parametrize("name", PAIRS)
def test_plans_are_the_command_s(page: Page, name):
    check(page, *PAIRS[name])


def test_plans_over_hostile_names_are_the_command_s(page: Page, tmp_path):
    check(page, *hostile.hostile(tmp_path))
