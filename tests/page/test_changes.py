"""The list of what differs and the object beside it, with the mouse."""

import pytest
from playwright.sync_api import Page, expect
from snapshots import column, id_of, pair, simple, table
from steps import EXAMPLE, place, query, row, titles


@pytest.fixture
def opened(page: Page, tmp_path) -> Page:
    page.set_input_files("#pick-old", simple(tmp_path))
    page.click("#go-changes")
    expect(titles(page)).to_have_text(["orders", "users"])
    return page


def test_a_difference_shows_both_values_and_its_source(opened: Page):
    row(opened, "users").click()
    expect(opened.locator("#object")).to_contain_text("public.users")
    first = opened.locator(".difference").first
    expect(first.locator("h4")).to_contain_text("age")
    expect(first.locator(".value.old")).to_have_text("database: integer")
    expect(first.locator(".value.new")).to_have_text("models: bigint")
    expect(first.locator(".origin")).to_have_text("Declared in app/models.py:12")
    expect(first.locator(".severity")).to_contain_text("high")
    expect(first.locator(".advice summary").first).not_to_be_empty()
    first.locator(".advice summary").first.click()
    expect(first.locator(".advice .rule").first).to_be_visible()


def test_the_filter_says_what_it_hides(opened: Page):
    opened.fill("#filter", "BIGINT")
    expect(opened.locator(".hidden-count")).to_contain_text("1 of 3 shown, 2 hidden.")
    expect(titles(opened)).to_have_text(["users"])
    opened.click("#clear")
    expect(opened.locator("#filter")).to_have_value("")
    expect(opened.locator(".hidden-count")).to_be_empty()
    opened.fill("#filter", "nothing has this")
    expect(opened.locator(".nothing")).to_contain_text("No difference passes the filter.")
    opened.click(".nothing .button")
    expect(titles(opened)).to_have_text(["orders", "users"])


def test_chips_are_taken_away_one_by_one(watch):
    page = watch().open(EXAMPLE + place("changes", sev="high", fate="altered", q="type"))
    chips = page.locator(".chip")
    expect(chips).to_have_text(["high×", "changed×"])
    expect(page.locator("#filter")).to_have_value("type")
    chips.first.click()
    expect(chips).to_have_text(["changed×"])
    expect(page.locator(".hidden-count")).to_contain_text("hidden")
    page.click("#clear")
    expect(chips).to_have_count(0)


GROUPINGS = {
    "table": ["audit", "billing", "public", "warehouse"],
    "risk": ["can lose data", "high", "medium", "low"],
}


def test_the_list_is_sorted_in_four_ways(watch):
    page = watch().open(EXAMPLE + place("changes"))
    headings = page.locator("#tree .level-1 .heading")
    expect(headings).to_have_text(GROUPINGS["table"])
    total = 30
    for grouping in ("kind", "risk", "cause", "table"):
        page.locator(f'.switch input[value="{grouping}"]').check(force=True)
        if grouping in GROUPINGS:
            expect(headings).to_have_text(GROUPINGS[grouping], ignore_case=True)
        else:
            expect(headings).not_to_have_text(GROUPINGS["table"])
        counts = page.locator("#tree .level-1 .count [aria-hidden]").all_inner_texts()
        assert sum(map(int, counts)) == total, grouping


def test_headings_fold_and_objects_open(watch):
    page = watch().open(EXAMPLE + place("changes"))
    rows = page.locator("#tree .row")
    expect(rows.first).to_have_attribute("aria-expanded", "true")
    count = rows.count()
    rows.first.click()
    expect(rows.first).to_have_attribute("aria-expanded", "false")
    expect(rows).to_have_count(count - 1)
    carts = row(page, "carts")
    carts.locator(".twist").click()
    expect(page.locator("#tree .level-3")).to_have_count(3)
    # To open is not to show.
    expect(page.locator(".invitation")).to_be_visible()
    page.locator("#tree .level-3").nth(1).click()
    expect(page.locator(".difference.pointed")).to_be_in_viewport()
    expect(page.locator("#tree")).to_be_focused()


def test_what_does_not_differ_is_listed_too(watch):
    page = watch().open(EXAMPLE + place("changes"))
    expect(row(page, "reviews")).to_be_visible()
    before = int(page.locator("#tree").get_attribute("aria-rowcount"))
    page.check("#whole")
    expect(page.locator("#tree")).not_to_have_attribute("aria-rowcount", str(before))
    row(page, "invoice_lines").click()
    expect(page.locator(".object .badge")).to_have_text("=same")
    expect(page.locator(".contents").first).to_be_visible()


def test_the_lenses(watch):
    page = watch().open(query("production", "dev") + place("changes", "view:billing.open_invoices"))
    expect(page.locator(".difference")).not_to_have_count(0)
    page.locator('.switch input[value="sql"]').check(force=True)
    expect(page.locator(".compared thead th")).to_have_text(["production", "dev"])
    expect(page.locator(".compared del, .compared ins")).not_to_have_count(0)
    page.locator('.switch input[value="unified"]').check(force=True)
    expect(page.locator(".compared.unified")).to_be_visible()
    gap = page.locator(".gap .link")
    if gap.count():
        before = page.locator(".compared tr").count()
        gap.first.click()
        assert page.locator(".compared tr").count() > before


def test_no_two_lines_of_code_lie_on_each_other(watch):
    page = watch().open(EXAMPLE + place("changes", "table:public.orders", lens="sql"))
    expect(page.locator(".compared td.added")).not_to_have_count(0)
    heights = page.evaluate("[...document.querySelectorAll('.compared tbody tr')].map((it) => it.offsetHeight)")
    assert min(heights) >= 18


def test_what_depends_on_an_object_leads_there(watch):
    page = watch().open(query("production", "dev") + place("changes", "table:billing.invoices", all="1"))
    dependents = page.locator(".dependents .reference")
    expect(dependents).not_to_have_count(0)
    dependents.filter(has_text="open_invoices").first.click()
    expect(page.locator("#object")).to_contain_text("billing.open_invoices")


def test_reviewed_marks_stay_until_the_change_changes(watch, tmp_path):
    def files(data_type: str):
        users = id_of("table", "public", "users")
        age = id_of("column", "public", "users", "age")
        return pair(tmp_path, {users: table(), age: column("integer")}, {users: table(), age: column(data_type)})

    watched = watch()
    page = watched.open()

    def reopened(data_type: str):
        page.reload()
        page.set_input_files("#pick-old", files(data_type))
        page.click("#go-changes")
        row(page, "users").click()
        expect(page.locator("#reviewed")).to_be_visible()

    reopened("bigint")
    page.check("#reviewed")
    expect(page.locator("#tree .reviewed")).to_have_count(1)
    expect(page.locator(".tabs .reviewed")).to_have_text("1 of 1 reviewed")
    reopened("bigint")
    expect(page.locator("#reviewed")).to_be_checked()
    reopened("text")
    expect(page.locator("#reviewed")).not_to_be_checked()
    expect(page.locator(".tabs .reviewed")).to_have_text("0 of 1 reviewed")


def test_ticked_objects_get_a_migration_of_their_own(watch):
    page = watch().open(EXAMPLE + place("changes"))
    row(page, "carts").locator(".tick").click()
    row(page, "coupons").locator(".tick").click()
    expect(page.locator(".list-foot")).to_contain_text("2 objects ticked")
    expect(page.locator(".invitation")).to_be_visible()
    page.click("#plan-picked")
    expect(page.locator(".only")).to_contain_text("Only 2 ticked objects")
    expect(page.locator(".statement").first).to_be_visible()
    about = page.locator(".statement .reference").all_inner_texts()
    assert about and all("carts" in it or "coupons" in it for it in about)
    page.click("#plan-all")
    expect(page.locator(".statement")).not_to_have_count(len(about))


def test_one_column_where_it_is_narrow(watch):
    page = watch(viewport={"width": 320, "height": 700}).open(EXAMPLE + place("changes"))
    row(page, "carts").click()
    expect(page.locator(".left")).to_be_hidden()
    expect(page.locator("#object")).to_be_focused()
    page.click("#back")
    expect(page.locator("#tree")).to_be_visible()
    page.goto(page.url.split("#")[0] + place("changes", "table:public.carts", lens="sql"))
    expect(page.locator(".compared.unified")).to_be_visible()


def test_a_long_list_draws_what_is_in_sight(page: Page, tmp_path):
    def side(data_type: str) -> dict:
        found = {}
        for at in range(3_000):
            found[id_of("table", "public", f"table_{at:04}")] = table()
            found[id_of("column", "public", f"table_{at:04}", "a")] = column(data_type)
        return found

    page.set_input_files("#pick-old", pair(tmp_path, side("integer"), side("bigint")))
    expect(page.locator("#verdict")).to_have_text("3,000 differences", timeout=20_000)
    page.click("#go-changes")
    tree = page.locator("#tree")
    expect(tree).to_have_attribute("aria-rowcount", "3001")
    assert page.locator("#tree .row").count() < 150
    page.fill("#filter", "table_2999")
    expect(titles(page)).to_have_text(["table_2999"])
    page.click("#clear")
    tree.focus()
    page.keyboard.press("End")
    expect(page.locator("#tree .row.active")).to_contain_text("table_2999")
    expect(page.locator("#tree .row.active")).to_be_in_viewport()
    assert page.locator("#tree .row").count() < 150
