"""Several files beside each other."""

import pytest
from playwright.sync_api import Page, expect
from steps import FOUR, expect_sides, place, press, query

THREE = query("dev", "production", "models")


@pytest.fixture
def opened(watch) -> Page:
    page = watch().open(THREE)
    expect(page.locator(".matrix tbody tr").first).to_be_visible()
    return page


def line(page: Page, name: str):
    return page.locator(".matrix tbody tr", has=page.get_by_text(name, exact=True))


def test_letters_say_who_agrees_with_whom(opened: Page):
    expect(opened.locator(".matrix h1")).to_contain_text("agree in all 3 files")
    cells = line(opened, "billing.payments").locator("td .cell")
    expect(cells).to_have_text(["A", "B", "A"])
    expect(line(opened, "billing.payments").locator(".who")).to_have_text("production")
    missing = line(opened, "public.reviews").locator("td")
    expect(missing.nth(1)).to_contain_text("not there")
    unknown = line(opened, "billing.open_invoices").locator("td")
    expect(unknown.nth(2)).to_contain_text("cannot say")


def test_two_cells_are_compared(opened: Page):
    cells = line(opened, "public.carts").locator("td .cell")
    cells.nth(1).click()
    expect(cells.nth(1)).to_have_attribute("aria-pressed", "true")
    cells.nth(0).click()
    expect_two(opened, "production", "dev")
    expect(opened.locator("#object")).to_contain_text("public.carts")
    expect(opened.locator(".difference").first).to_be_visible()


def test_two_columns_are_compared_by_keys(opened: Page):
    heads = opened.locator(".matrix thead .cell")
    heads.nth(0).focus()
    press(opened, "Enter")
    heads.nth(1).focus()
    press(opened, " ")
    expect_two(opened, "dev", "production")
    expect(opened.locator("#tree")).to_be_visible()


def expect_two(page: Page, old: str, new: str):
    """Where more than two files are open, the sides are choices."""
    for side, label in (("old", old), ("new", new)):
        chosen = page.locator(f'.side[data-side="{side}"] select option:checked')
        expect(chosen).to_have_text(label)


def test_sides_are_chosen_and_files_added(opened: Page, folder):
    opened.click("#go-overview")
    expect(opened.locator("#verdict")).to_be_visible()
    before = opened.locator("#verdict").inner_text()
    opened.get_by_label("Old file").select_option(label="production")
    expect(opened.locator("#verdict")).not_to_have_text(before)
    opened.set_input_files("#pick-any", folder / "snapshots/staging.json")
    expect(opened.locator("#go-matrix .count")).to_have_text("4")
    opened.click("#go-matrix")
    expect(opened.locator(".matrix h1")).to_contain_text("in all 4 files")


def test_a_matrix_of_two_is_a_comparison(watch):
    page = watch().open(query("production", "models"))
    expect(page.locator("#verdict")).to_be_visible()
    expect(page.locator("#go-matrix")).to_have_count(0)
    expect_sides(page, "production", "shop.models (SQLAlchemy 2.0.58)")


def test_the_pair_is_in_the_address(watch):
    page = watch().open(FOUR + place("changes", cmp="2..1"))
    expect_two(page, "production", "staging")
    page.reload()
    expect_two(page, "production", "staging")
