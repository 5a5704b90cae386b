"""Opening files: the example, pickers, drops, the address, and everything that is not a snapshot."""

import json

import pytest
from playwright.sync_api import Page, expect
from snapshots import column, id_of, simple, snapshot, table, write

DROP = """(files) => {
    const data = new DataTransfer();
    for (const {name, text} of files) data.items.add(new File([text], name, {type: "application/json"}));
    const target = document.querySelector("h1");
    for (const name of ["dragenter", "dragover", "drop"]) {
        target.dispatchEvent(new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true}));
    }
}"""


def drop(page: Page, paths):
    page.evaluate(DROP, [{"name": path.name, "text": path.read_text()} for path in paths])


def expect_sides(page: Page, old: str, new: str):
    expect(page.locator(".card .label")).to_have_text([old, new])


def test_the_example_opens_in_one_click(page: Page, folder, report):
    page.click("#example")
    old, new = (folder / "snapshots" / name for name in ("production.json", "models.json"))
    totals = json.loads(report(old, new))["totals"]
    expect(page.locator("#verdict")).to_have_text(f"{totals['differences']} differences")
    chips = page.locator(".chip .count").all_inner_texts()
    assert chips == [str(totals[severity]) for severity in ("high", "medium", "low")]


def test_two_files_by_picker(page: Page, tmp_path):
    old, new = simple(tmp_path)
    page.set_input_files("#pick-old", old)
    expect(page.locator(".place.filled")).to_have_count(1)
    page.set_input_files("#pick-new", new)
    expect_sides(page, "a database", "a models")
    expect(page.locator("#verdict")).to_have_text("3 differences")
    page.click("#swap")
    expect_sides(page, "a models", "a database")
    page.click("#close")
    expect(page.locator("h1")).to_contain_text("schema")


def test_two_files_dropped_are_put_in_order(page: Page, tmp_path):
    old, new = simple(tmp_path)
    drop(page, [new, old])
    expect(page.locator("#verdict")).to_have_text("3 differences")
    expect_sides(page, "a database", "a models")
    expect(page.locator(".drop")).to_have_count(0)


def test_of_two_databases_the_earlier_one_is_old(page: Page, tmp_path):
    later = write(tmp_path, "b.json", snapshot({}, label="later", taken_at="2026-03-02T00:00:00Z"))
    earlier = write(tmp_path, "a.json", snapshot({}, label="earlier", taken_at="2026-03-01T00:00:00Z"))
    drop(page, [later, earlier])
    expect(page.locator("#verdict")).to_contain_text("In sync")
    expect_sides(page, "earlier", "later")


def test_three_files_are_refused(page: Page, tmp_path):
    old, new = simple(tmp_path)
    drop(page, [old, new, old])
    expect(page.locator(".messages")).to_contain_text("3 files at once")


def test_the_address_opens_two(watch):
    watched = watch()
    watched.open("?old=snapshots/production.json&new=snapshots/models.json")
    expect(watched.page.locator(".verdict")).to_be_visible()


@pytest.mark.parametrize("path", ["//example.org/a.json", "http://example.org/a.json", "/a.json", "\\\\x\\a", "data:,{}"])
def test_the_address_leads_nowhere_else(watch, path):
    watched = watch()
    page = watched.open(f"?old={path}&new=snapshots/models.json")
    expect(page.locator(".messages")).to_contain_text("Only files beside the page")
    expect(page.locator(".place.filled")).to_have_count(1)


def test_a_file_that_is_not_there(watch):
    watched = watch()
    watched.expected.append("404")
    page = watched.open("?old=data/none.json&new=snapshots/models.json")
    expect(page.locator(".messages")).to_contain_text("data/none.json was not opened.")
    expect(page.locator(".messages")).to_contain_text("404")


WHOLE = json.dumps(snapshot({id_of("table", "public", "t"): table()}), indent=1)
BAD = {
    "page.html": ("<!DOCTYPE html><title>Log in</title>", "Line 1, column 1: expected value; it looks like an HTML page"),
    "cut.json": (WHOLE[:-20], "the file ends too early"),
    "newer.json": ('{"format": 7, "objects": {}}', "snapshot format 7, but this driftglass reads up to 1"),
    "dump.sql": ("CREATE TABLE t (id int);", "it looks like SQL or plain text"),
    "empty.json": ("", "the file is empty"),
    "other.json": ('{"name": "x"}', "It is JSON, but not a snapshot"),
    "kind.json": (WHOLE.replace("table:", "tabel:"), 'has the unknown kind "tabel"'),
    "body.json": ('{"format": 1, "objects": {"table:public.t": {"body": {"schema": {}}}}}', "holds a body of kind schema"),
    "deep.json": ('{"format":1,"objects":{}' + "[" * 100_000, "Line 1"),
    "nul.json": ("\0\0\0\0", "Line 1, column 1"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_snapshot_is_named_and_takes_nothing_away(page: Page, tmp_path, name):
    text, message = BAD[name]
    old, new = simple(tmp_path)
    page.set_input_files("#pick-new", new)
    page.set_input_files("#pick-old", write(tmp_path, name, text))
    messages = page.get_by_role("alert")
    expect(messages).to_contain_text(f"{name} was not opened.")
    expect(messages).to_contain_text(message)
    expect(page.locator('.place[data-side="new"]')).to_contain_text("models.json")
    page.set_input_files("#again-old", old)
    expect(page.locator("#verdict")).to_have_text("3 differences")
    expect(messages).to_be_empty()


def test_a_comparison_survives_a_bad_file(page: Page, tmp_path):
    old, new = simple(tmp_path)
    drop(page, [old, new])
    expect(page.locator("#verdict")).to_have_text("3 differences")
    drop(page, [write(tmp_path, "bad.json", "nonsense")])
    expect(page.locator(".messages")).to_contain_text("bad.json was not opened.")
    expect(page.locator(".messages")).to_contain_text("Still open on this side: database.json")
    expect(page.locator("#verdict")).to_have_text("3 differences")
    page.click(".dismiss")
    expect(page.locator(".messages")).to_be_empty()


def test_hostile_names_are_shown_as_text(watch, tmp_path, picture):
    names = ['<img src=x onerror="alert(1)">', "\u202egnp.exe", "it's \"quoted\" & more", "a\nb", "x" * 10_000, "späti 🍦"]
    objects = {}
    for name in names:
        objects[id_of("table", "public", name)] = {**table(), "comment": "<script>alert(2)</script>"}
        objects[id_of("column", "public", name, name)] = column("text", default="'</code><b>'")
    watched = watch()
    page = watched.open()
    new = write(tmp_path, "<b>models.json", snapshot(objects, "models", label="<i>label</i>"))
    page.set_input_files("#pick-old", [write(tmp_path, "old.json", snapshot({})), new])
    expect(page.locator("#verdict")).to_have_text(f"{len(names)} differences")
    expect_sides(page, "a database", "<i>label</i>")
    titles = page.locator(".list .title").all_inner_texts()
    assert '<img src=x onerror="alert(1)">' in titles
    assert "‹U+202E›gnp.exe" in titles
    assert "it's \"quoted\" & more" in titles
    for _ in names:
        page.keyboard.press("j")
        assert page.locator("img, script:not([src]), b:not(.sizes b, .fates b), i").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, "hostile")


def test_a_failure_is_painted_and_survived(watch, picture):
    watched = watch()
    watched.expected += ["a failure that was asked for", "unreachable"]
    page = watched.open()
    page.evaluate("""async () => {
        const {fail} = await import(new URL("web.js", document.baseURI));
        try { fail(); } catch { /* the module has stopped */ }
    }""")
    stopped = page.get_by_role("alert")
    expect(stopped).to_contain_text("The page has stopped")
    expect(stopped).to_contain_text("a failure that was asked for")
    picture(page, "stopped")
    page.click("text=Open the page again")
    expect(page.locator("#example")).to_be_visible()
