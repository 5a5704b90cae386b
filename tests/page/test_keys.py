"""The page by the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect
from steps import EXAMPLE, FOUR, place, press, titles

VIEWS = {"o": ".overview", "c": "#tree", "m": ".frame", "s": ".migration .statement"}


@pytest.fixture
def opened(watch) -> Page:
    page = watch().open(EXAMPLE + place("changes"))
    expect(titles(page).first).to_be_visible()
    return page


def expect_active(page: Page, name: str):
    """The row that is meant; it is always in sight, and the one that is told to screen readers."""
    row = page.locator("#tree .row.active")
    expect(row.locator(".heading, .name").first).to_have_text(name)
    expect(page.locator("#tree")).to_have_attribute("aria-activedescendant", row.get_attribute("id"))
    expect(row).to_be_in_viewport()


def test_views_are_reached_by_two_keys(watch):
    page = watch().open(EXAMPLE)
    for key in ("c", "m", "s", "o"):
        press(page, "g", key)
        expect(page.locator(VIEWS[key]).first).to_be_visible()
    page = watch().open(FOUR + place("map"))
    expect(page.locator(".frame")).to_be_visible()
    press(page, "g", "x")
    expect(page.locator(".matrix")).to_be_visible()
    # Another key behind `g` does what it does alone.
    press(page, "g", "j")
    expect(page.locator("#tree")).to_be_visible()


def test_keys_walk_through_objects_and_differences(opened: Page):
    press(opened, "j")
    expect(opened.locator("#object")).to_contain_text("audit.logins")
    press(opened, "]", "j")
    expect(opened.locator("#object")).to_contain_text("billing.payments")
    expect_active(opened, "payments")
    press(opened, "k")
    expect(opened.locator("#object")).to_contain_text("payment_method")
    for _ in range(7):
        press(opened, "j")
    expect(opened.locator("#object")).to_contain_text("carts")
    press(opened, "n")
    pointed = opened.locator(".difference.pointed")
    expect(pointed).to_be_focused()
    first = pointed.get_attribute("id")
    press(opened, "n")
    expect(pointed).not_to_have_attribute("id", first)
    expect(pointed).to_be_focused()
    press(opened, "p")
    expect(pointed).to_have_attribute("id", first)
    press(opened, "Escape")
    expect(opened.locator(".invitation")).to_be_visible()


def test_keys_change_lens_mark_and_tick(opened: Page):
    press(opened, "j")
    expect(opened.locator("#reviewed")).to_be_visible()
    press(opened, "v", "x")
    expect(opened.locator("#reviewed")).to_be_checked()
    expect(opened.locator("#picked")).to_be_checked()
    expect(opened.locator(".list-foot")).to_contain_text("1 object ticked")
    press(opened, "v", "x")
    expect(opened.locator("#reviewed")).not_to_be_checked()
    expect(opened.locator(".list-foot")).to_have_count(0)
    for lens in ("sql", "unified", "summary"):
        press(opened, "s")
        expect(opened.locator(f'.switch input[value="{lens}"]')).to_be_checked()


def test_the_tree_by_arrows(opened: Page):
    tree = opened.locator("#tree")
    tree.focus()
    press(opened, "ArrowDown")
    expect_active(opened, "audit")
    press(opened, "ArrowDown")
    expect_active(opened, "logins")
    expect(opened.locator("#object")).to_contain_text("audit.logins")
    expect(tree).to_be_focused()
    press(opened, "ArrowRight")
    expect(opened.locator("#tree .row.active")).to_have_attribute("aria-expanded", "true")
    press(opened, "ArrowRight")
    expect(opened.locator("#tree .row.active.level-3")).to_be_visible()
    press(opened, "ArrowLeft")
    expect_active(opened, "logins")
    press(opened, "ArrowLeft")
    expect(opened.locator("#tree .row.active")).to_have_attribute("aria-expanded", "false")
    press(opened, "ArrowLeft")
    expect_active(opened, "audit")
    press(opened, "Enter")
    expect(opened.locator("#tree .row.active")).to_have_attribute("aria-expanded", "false")
    press(opened, "ArrowRight", "End")
    expect_active(opened, "stock_levels")
    press(opened, "Home")
    expect_active(opened, "audit")
    press(opened, "PageDown", "PageUp")
    expect_active(opened, "audit")


def test_space_ticks_in_the_tree(opened: Page):
    opened.locator("#tree").focus()
    press(opened, "ArrowDown", "ArrowDown", " ")
    expect(opened.locator("#tree .row.active .tick.on")).to_have_count(1)
    expect(opened.locator(".list-foot")).to_contain_text("1 object ticked")
    press(opened, "Tab", "Tab")
    press(opened, " ")
    expect(opened.locator("#tree .tick.on")).to_have_count(0)


def test_a_heading_is_meant_only_until_something_else_is_shown(opened: Page):
    opened.locator("#tree .row").nth(2).click()
    expect_active(opened, "billing")
    press(opened, "j")
    expect_active(opened, "logins")
    # Without an object the list goes on where it was.
    opened.locator("#tree").focus()
    press(opened, "ArrowDown", "ArrowUp", "Escape")
    expect(opened.locator(".invitation")).to_be_visible()
    expect_active(opened, "logins")


def test_the_palette_finds_anything(watch):
    page = watch().open(EXAMPLE)
    expect(page.locator("#verdict")).to_be_visible()
    palette = page.get_by_role("dialog", name="Find an object")
    for keys in ("t", "Control+k"):
        press(page, keys)
        expect(palette).to_be_visible()
        expect(page.locator("#search")).to_be_focused()
        press(page, "Escape")
        expect(palette).to_be_hidden()
    press(page, "t")
    page.keyboard.type("ord it")
    hits = page.locator("#hits [role=option]")
    expect(hits.first).to_contain_text("order_items")
    page.locator("#search").fill("orders")
    expect(hits.first).to_contain_text("public.orders")
    expect(hits.first).to_have_attribute("aria-selected", "true")
    press(page, "ArrowDown")
    expect(hits.nth(1)).to_have_attribute("aria-selected", "true")
    assert page.locator("#search").get_attribute("aria-activedescendant") == hits.nth(1).get_attribute("id")
    press(page, "ArrowUp", "Enter")
    expect(palette).to_be_hidden()
    expect(page.locator("#object")).to_contain_text("public.orders")
    press(page, "t")
    page.keyboard.type("no such thing at all")
    expect(page.locator(".found")).to_have_text("Nothing has this name.")
    press(page, "Escape")
    expect(palette).to_be_hidden()
    expect(page.locator("#object")).to_contain_text("public.orders")


def test_the_filter_by_keys(opened: Page):
    press(opened, "/")
    expect(opened.locator("#filter")).to_be_focused()
    opened.keyboard.type("jjn")
    expect(opened.locator("#filter")).to_have_value("jjn")
    opened.locator("#filter").fill("carts")
    expect(titles(opened)).to_have_text(["carts"])
    press(opened, "Escape")
    expect(opened.locator("#filter")).not_to_be_focused()
    press(opened, "j")
    expect(opened.locator("#object")).to_contain_text("carts")


def test_help_and_keys_that_are_switched_off(opened: Page):
    dialog = opened.get_by_role("dialog", name="Keys")
    opened.get_by_role("button", name="Keys").click()
    expect(dialog).to_be_visible()
    press(opened, "j")
    expect(opened.locator(".object")).to_have_count(0)
    press(opened, "Escape")
    expect(dialog).to_be_hidden()
    expect(opened.get_by_role("button", name="Keys")).to_be_focused()
    press(opened, "?")
    expect(dialog).to_be_visible()
    opened.get_by_label("Single keys do something").uncheck()
    press(opened, "Escape", "j", "t", "?")
    expect(opened.locator(".object")).to_have_count(0)
    expect(dialog).to_be_hidden()
    opened.reload()
    expect(titles(opened).first).to_be_visible()
    press(opened, "j")
    opened.wait_for_timeout(100)
    expect(opened.locator(".object")).to_have_count(0)
    # With a modifier it is no single key.
    press(opened, "Control+k")
    expect(opened.get_by_role("dialog", name="Find an object")).to_be_visible()


def test_a_link_to_what_is_shown_is_copied(watch):
    watched = watch()
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = watched.open(EXAMPLE + place("changes", "table:public.carts"))
    expect(page.locator("#object")).to_be_visible()
    press(page, "y")
    page.wait_for_timeout(100)
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.evaluate("navigator.clipboard.writeText('')")
    page.click("#link")
    expect(page.locator("#link")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_at_the_start_keys_do_no_harm(page: Page):
    press(page, "j", "k", "n", "p", "s", "v", "x", "t", "/", "g", "c", "Control+k", "Escape")
    expect(page.locator("h1")).to_contain_text("schema")
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_the_skip_link_leads_to_the_content(opened: Page):
    press(opened, "Tab")
    expect(opened.locator(".skip")).to_be_focused()
    expect(opened.locator(".skip")).to_be_in_viewport()
    press(opened, "Enter")
    expect(opened.locator("#main")).to_be_focused()
    assert "#/1/changes" in opened.url
