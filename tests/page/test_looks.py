"""What the page looks like in every setting, and whether everybody can use it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from snapshots import simple, write

SETTINGS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "contrast": {"contrast": "more"},
    "light-320": {"color_scheme": "light", "viewport": {"width": 320, "height": 800}},
    "dark-320": {"color_scheme": "dark", "viewport": {"width": 320, "height": 800}},
    "light-900": {"color_scheme": "light", "viewport": {"width": 900, "height": 900}},
}


def check(page: Page, picture, name: str):
    """No rule of axe is broken, nothing is wider than the window, and there is a picture of it."""
    page.wait_for_timeout(100)
    picture(page, name)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is too wide"
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_view_in_every_setting(watch, tmp_path, picture, setting):
    watched = watch(reduced_motion="reduce", **SETTINGS[setting])
    page = watched.open()
    check(page, picture, f"start-{setting}")
    page.set_input_files("#pick-old", write(tmp_path, "bad.json", "<html>"))
    expect(page.locator(".message")).to_be_visible()
    check(page, picture, f"message-{setting}")
    page.click(".dismiss")
    page.click("#example")
    expect(page.locator(".verdict")).to_be_visible()
    check(page, picture, f"overview-{setting}")
    select(page, "carts")
    check(page, picture, f"table-{setting}")
    # Models declare no views; two databases show how a definition of several lines is compared.
    watched.open("?old=snapshots/production.json&new=snapshots/dev.json")
    select(page, "open_invoices")
    check(page, picture, f"definition-{setting}")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, picture, f"keys-{setting}")


def select(page: Page, title: str):
    page.locator(".list .row", has=page.get_by_text(title, exact=True)).click()
    expect(page.locator(".detail h2")).to_contain_text(title)


def test_agreement_is_a_view_too(page: Page, tmp_path, picture):
    old, _ = simple(tmp_path)
    page.set_input_files("#pick-old", [old, old])
    expect(page.locator("#verdict")).to_contain_text("In sync")
    check(page, picture, "in-sync")


def test_everything_is_reached_by_tab_and_seen(page: Page, tmp_path):
    page.set_input_files("#pick-old", simple(tmp_path))
    expect(page.locator("#close")).to_be_visible()
    seen = []
    describe = """() => {
        const e = document.activeElement;
        const ring = e.matches("input.unseen") ? e.closest("label") : e;
        return [e.id || e.className || e.tagName, getComputedStyle(ring).outlineStyle];
    }"""
    for _ in range(60):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(describe)
        if name == "BODY" or name in seen[:1]:
            break
        assert outline != "none", f"{name} shows no focus"
        seen.append(name)
    for name in ("pick-any", "change-old", "swap", "filter", "section-0", "section-1"):
        assert name in seen, f"{name} is not reached: {seen}"
