"""A place where snapshots are published: each environment's history, and any two points compared by the copied page."""

import functools
import json
import os
import subprocess

import pictures
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Handler
from playwright.sync_api import expect
from steps import fits

# By environment: tables at a time, and the commit.
SEEN = [
    ("prod", ["users"], "2026-01-05T04:00:00Z", "4be1f0a2c9"),
    ("staging", ["users", "orders"], "2026-01-05T04:01:00Z", "9d02c3b7aa"),
    ("prod", ["users"], "2026-01-06T04:00:00Z", "4be1f0a2c9"),
    ("prod", ["users", "orders"], "2026-01-07T04:00:00Z", "9d02c3b7aa"),
    ("staging", ["users", "orders", "refunds"], "2026-01-07T04:01:00Z", "c01dcafe99"),
    ("<img src=x onerror=alert(1)>", ["users"], "2026-01-07T05:00:00Z", "<b>"),
]


@pytest.fixture(scope="module")
def published(tmp_path_factory, serve) -> str:
    """The address of a published place, made by the command."""
    folder = tmp_path_factory.mktemp("published")
    for at, (environment, tables, taken_at, commit) in enumerate(SEEN):
        objects = {f"table:public.{table}": {"body": {"table": {}}} for table in tables}
        source = {"kind": "database", "label": "app@db", "server": "18.6", "taken_at": taken_at}
        text = json.dumps({"format": 1, "source": source, "objects": objects})
        # A hostile name gets in by the index alone: the command takes none.
        name = environment if environment.isalpha() else "hostile"
        command = [os.environ["DRIFTGLASS"], "publish", str(folder), f"{name}=-", "--commit", commit]
        subprocess.run(command, input=text.encode(), check=True, capture_output=True, timeout=60)
    index = folder / "index.json"
    hostile = index.read_text().replace('"hostile"', json.dumps(SEEN[-1][0]))
    index.write_text(hostile)
    again = [os.environ["DRIFTGLASS"], "publish", str(folder), "prod=-", "--commit", "9d02c3b7aa"]
    source = {"kind": "database", "label": "app@db", "server": "18.6", "taken_at": "2026-01-08T04:00:00Z"}
    objects = {f"table:public.{table}": {"body": {"table": {}}} for table in ["users", "orders"]}
    text = json.dumps({"format": 1, "source": source, "objects": objects})
    subprocess.run(again, input=text.encode(), check=True, capture_output=True, timeout=60)
    return serve(functools.partial(Handler, directory=str(folder)))


def test_the_start_tells_each_history(watch, published):
    page = watch(published).open()
    expect(page.locator("h2")).to_have_text([SEEN[-1][0], "prod", "staging"])
    rows = page.locator("h2:text-is('prod') ~ .wide >> nth=0").locator("tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("2026-01-05 04:00")
    expect(rows.nth(1)).to_contain_text("2 ×")
    expect(rows.nth(2)).to_contain_text("1 difference")
    expect(rows.nth(2)).to_contain_text("9d02c3b7")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_any_two_points_are_compared(watch, published):
    page = watch(published).open()
    page.get_by_label("2026-01-05 04:00").check()
    page.get_by_label("2026-01-07 04:01").check()
    page.click("button")
    expect(page.locator("#verdict")).to_have_text("2 differences")
    expect(page.locator("body")).to_contain_text("prod")
    expect(page.locator("body")).to_contain_text("staging")
    # Stored once, shown as whose and of when it was asked for.
    expect(page.locator("body")).to_contain_text("2026-01-05 04:00 UTC")
    expect(page.locator("body")).to_contain_text("2026-01-07 04:01 UTC")


def test_a_history_is_laid_side_by_side(watch, published):
    page = watch(published).open()
    page.click("text=All as they are now, side by side")
    page.wait_for_url("**/page/index.html**")
    expect(page.locator("body")).to_contain_text("Matrix")
    expect(page.locator("body")).to_contain_text("refunds")


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_how_the_start_looks(watch, published, browser, width, mode):
    page = watch(published, viewport={"width": width, "height": 900}).open()
    page.emulate_media(color_scheme=mode)
    assert fits(page)
    png = page.screenshot(animations="disabled", caret="hide")
    assert not pictures.compare(f"published-{mode}-{width}", png, browser)
