"""The address keeps what is looked at: over a reload, a step back, and in another browser."""

import pytest
from playwright.sync_api import Page, expect
from steps import EXAMPLE, place, row, titles

CARTS = "table:public.carts"
SHOWN = {
    "overview": (place("overview"), {"#verdict": "30 differences"}),
    "object": (place("changes", CARTS), {"#object": "public.carts", ".value.new": None}),
    "lens": (place("changes", CARTS, lens="sql"), {"#object": "public.carts", ".compared": None}),
    "filter": (place("changes", q="carts", sev="high"), {".chip": "high", ".hidden-count": "of 30 shown"}),
    "grouping": (place("changes", by="risk"), {"#tree .level-1 .heading": "can lose data"}),
    "entry": (place("changes", CARTS, at="0"), {"#object": "public.carts"}),
    "map": (place("map"), {".box": None}),
    "tiles": (place("map", map="tiles"), {".atlas": "34 tables"}),
    "listed": (place("map", map="table"), {".listed": "public.carts"}),
    "way back": (place("migration", back="1"), {".statement": None, 'input[value="back"]:checked': None}),
    "alembic": (place("migration", form="alembic"), {".file-text": "def upgrade"}),
    "few": (place("migration", only=CARTS), {".only": "1 ticked object"}),
    "ignored": (place("overview", ignore="#comment"), {"#verdict": "29 differences"}),
    "unknown": ("#/1/nothing?x=1&sev=none&cmp=a", {"#verdict": "30 differences"}),
    "later": ("#/9/changes/x", {"#verdict": "30 differences"}),
    "not there": (place("changes", "table:public.none"), {".invitation": "Neither side has this object."}),
    "hostile": (place("changes", 'table:public."<img src=x onerror=alert(1)>"'), {".invitation": "Neither"}),
}


@pytest.mark.parametrize("name", SHOWN)
def test_an_address_shows_what_it_says_and_stays(watch, name):
    fragment, expected = SHOWN[name]
    page = watch().open(EXAMPLE + fragment)

    def check():
        for selector, text in expected.items():
            found = page.locator(selector).first
            if selector.startswith("input"):
                expect(found).to_be_attached()
            else:
                expect(found).to_be_visible()
            if text:
                expect(found).to_contain_text(text, ignore_case=True)

    check()
    before = page.url
    page.reload()
    check()
    assert page.url == before


def test_back_and_forward(watch):
    page = watch().open(EXAMPLE)
    expect(page.locator("#verdict")).to_be_visible()
    page.click('[data-count="high"]')
    expect(page.locator(".chip")).to_have_text("high×")
    row(page, "carts").click()
    expect(page.locator("#object")).to_contain_text("carts")
    row(page, "customers").click()
    expect(page.locator("#object")).to_contain_text("customers")
    page.go_back()
    expect(page.locator("#object")).to_contain_text("carts")
    page.go_back()
    expect(page.locator(".invitation")).to_be_visible()
    page.go_back()
    expect(page.locator("#verdict")).to_be_visible()
    page.go_forward()
    page.go_forward()
    expect(page.locator("#object")).to_contain_text("carts")
    expect(page.locator(".chip")).to_have_text("high×")


def test_what_is_typed_makes_no_steps(watch):
    page = watch().open(EXAMPLE + place("changes"))
    expect(titles(page).first).to_be_visible()
    before = page.evaluate("history.length")
    page.locator("#filter").press_sequentially("carts")
    expect(titles(page)).to_have_text(["carts"])
    assert page.evaluate("history.length") == before
    assert "q=carts" in page.url


def test_a_link_works_once_files_are_open(page: Page, folder):
    """An address without `url` says how to look; the files come by hand."""
    page.goto(page.url + place("changes", CARTS, lens="sql"))
    page.reload()
    page.set_input_files("#pick-old", [folder / "snapshots" / f"{name}.json" for name in ("production", "models")])
    expect(page.locator("#object")).to_contain_text("public.carts")
    expect(page.locator(".compared")).to_be_visible()


def test_colours_are_remembered(watch):
    page = watch(color_scheme="light").open()
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_label("Dark").check(force=True)
    assert page.evaluate(paper) != light
    page.reload()
    page.wait_for_selector("h1")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
