"""The overview: the same numbers as the command, and every number leads to what it counts."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from snapshots import simple
from steps import EXAMPLE, press, query

COMPARE = """([older, newer]) => {
    try { return wasm_bindgen.compare(older, newer); } catch (error) { return `thrown: ${error.message}`; }
}"""
PAIRS = [("production", "models"), ("staging", "models"), ("dev", "production")]


def number(page: Page, name: str) -> int:
    found = page.locator(f'[data-count="{name}"] .number')
    return int(found.inner_text().replace(",", "")) if found.count() else 0


def check_totals(page: Page, written: bytes):
    """What the page says of a pair, beside the command's report of it."""
    report = json.loads(written)
    totals = report["totals"]
    count = totals["differences"]
    expected = f"{count:,} difference{'' if count == 1 else 's'}" if count else ("In sync", "No differences found")
    title = page.locator("#verdict").inner_text().removeprefix("✓ ")
    assert title == expected or title in expected
    assert [number(page, it) for it in ("high", "medium", "low")] == [totals[it] for it in ("high", "medium", "low")]
    assert sum(number(page, it) for it in ("added", "removed", "changed", "renamed")) == count
    if count:
        expect(page.locator("#go-changes .count")).to_have_text(f"{count:,}")


@pytest.mark.parametrize("names", PAIRS, ids=lambda names: names[0])
def test_the_page_compares_as_the_command_does(watch, folder: Path, report, names):
    page = watch().open(query(*names))
    expect(page.locator("#verdict")).to_be_visible()
    old, new = (folder / "snapshots" / f"{name}.json" for name in names)
    written = report(old, new)
    check_totals(page, written)
    texts = [old.read_text(encoding="utf-8"), new.read_text(encoding="utf-8")]
    assert page.evaluate(COMPARE, texts).encode() == written


def test_compare_says_which_side_is_bad(page: Page):
    good = '{"format": 1, "objects": {}}'
    assert page.evaluate(COMPARE, [good, "<p>"]).startswith("thrown: new: line 1, column 1: expected value")
    assert page.evaluate(COMPARE, ["", good]) == "thrown: old: line 1, column 0: the file is empty"


def applications() -> list[str]:
    folder = os.environ.get("DRIFTGLASS_APP_SNAPSHOTS")
    suffix = "-database.json"
    return sorted(path.name.removesuffix(suffix) for path in Path(folder).glob(f"*{suffix}")) if folder else []


@pytest.mark.parametrize("name", applications())
def test_real_applications_count_the_same(page: Page, report, name):
    folder = Path(os.environ["DRIFTGLASS_APP_SNAPSHOTS"])
    old, new = folder / f"{name}-database.json", folder / f"{name}-models.json"
    written = report(old, new)
    page.set_input_files("#pick-old", [old, new])
    expect(page.locator("#verdict")).to_be_visible()
    check_totals(page, written)
    assert page.evaluate(COMPARE, [old.read_text(), new.read_text()]).encode() == written


def shown(page: Page) -> int:
    """How many differences the list says that it shows."""
    expect(page.locator(".hidden-count")).to_contain_text("hidden")
    return int(page.locator(".hidden-count span").inner_text().split()[0].replace(",", ""))


COUNTS = {
    "loss": "can lose data",
    "high": "high",
    "medium": "medium",
    "low": "low",
    "added": "added",
    "removed": "removed",
    "changed": "changed",
    "renamed": "renamed",
}


def test_every_count_leads_to_what_it_counts(watch):
    page = watch().open(EXAMPLE)
    expect(page.locator("#verdict")).to_have_text("30 differences")
    for name, words in COUNTS.items():
        count = number(page, name)
        page.click(f'[data-count="{name}"]')
        expect(page.locator(".chip")).to_have_text([f"{words}×"])
        assert shown(page) == count, name
        assert page.locator(".hidden-count").inner_text().startswith(f"{count} of 30 shown, {30 - count} hidden.")
        press(page, "g", "o")


def test_what_can_lose_data_is_two_clicks_from_the_example(page: Page):
    page.click("#example")
    page.click('[data-count="loss"]')
    names = page.locator("#tree .row:not(.level-1) .name")
    expect(names).to_have_text(["orders", "orders_backup_20260314"])
    expect(page.locator("#tree .level-2 .loss")).to_have_count(2)


def test_every_kind_leads_to_its_differences(watch):
    page = watch().open(EXAMPLE)
    cells = page.locator(".kinds td .link")
    expect(cells.first).to_be_visible()
    for at in range(cells.count()):
        label = cells.nth(at).get_attribute("aria-label")
        cells.nth(at).click()
        assert shown(page) == int(label.rsplit(" ", 1)[1]), label
        press(page, "g", "o")
    page.locator(".kinds th .link", has_text="Types").click()
    expect(page.locator(".chip")).to_have_text("Types×")


def test_a_rule_and_its_examples_lead_to_their_objects(watch):
    page = watch().open(EXAMPLE)
    page.click(".risks + .more")
    expect(page.locator(".risk")).to_have_count(int(page.locator("#risks .count").inner_text()))
    first = page.locator(".risk").first
    first.locator(".reference").first.click()
    expect(page.locator("#object")).to_contain_text("public.orders_backup_20260314")
    page.go_back()
    page.locator(".risk .head .link").first.click()
    assert shown(page) == 1
    expect(page.locator(".chip")).to_have_count(1)


def test_what_is_left_out_is_said_and_chosen(watch):
    page = watch().open(EXAMPLE)
    expect(page.locator(".hidden")).to_contain_text("public.alembic_version: the books of the migrations.")
    before = page.locator("#verdict").inner_text()
    page.get_by_label("comments", exact=True).check()
    expect(page.locator("#verdict")).not_to_have_text(before)
    expect(page.locator(".hidden")).to_contain_text("1 difference")
    assert "ignore=%23comment" in page.url
    page.get_by_label("comments", exact=True).uncheck()
    expect(page.locator("#verdict")).to_have_text(before)


def test_the_same_in_many_places_is_one_row(page: Page, tmp_path):
    from snapshots import column, id_of, pair, table

    def side(data_type: str) -> dict:
        found = {}
        for at in range(9):
            found[id_of("table", "public", f"t{at}")] = table()
            found[id_of("column", "public", f"t{at}", "created_at")] = column(data_type)
        return found

    page.set_input_files("#pick-old", pair(tmp_path, side("timestamp"), side("timestamptz")))
    fold = page.locator(".folds .reference")
    expect(fold).to_have_count(1)
    expect(fold).to_contain_text("in 9 places")
    fold.click()
    assert shown(page) == 9


def test_agreement_is_said_plainly(page: Page, tmp_path):
    old, _ = simple(tmp_path)
    page.set_input_files("#pick-old", [old, old])
    expect(page.locator("#verdict")).to_contain_text("In sync")
    expect(page.locator(".verdict")).to_contain_text("2 of 2 tables agree")
    page.click("#go-changes")
    expect(page.locator(".nothing")).to_have_text("Nothing differs.")
    page.click("#go-migration")
    expect(page.locator("#notes")).to_have_text("Nothing to do")
