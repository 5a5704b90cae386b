"""Everything that is not a snapshot: each is named, says what is wrong, and takes nothing away that is open."""

import gzip
import json

import pytest
from playwright.sync_api import Page, expect
from snapshots import id_of, simple, snapshot, table, write
from steps import drop

WHOLE = json.dumps(snapshot({id_of("table", "public", "t"): table()}), indent=1)
PACKED = gzip.compress(WHOLE.encode() * 50)
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
    "wide.json": (WHOLE.encode("utf-16"), "Line 1, column 1"),
    "cut.json.gz": (PACKED[:-30], "cannot be unpacked: it is cut short or damaged"),
    "short.json.gz": (PACKED[:2], "cannot be unpacked: it is cut short or damaged"),
    "noise.json.gz": (b"\x1f\x8b" + bytes(range(256)), "cannot be unpacked: it is cut short or damaged"),
    "page.json.gz": (gzip.compress(b"<html>"), "it looks like an HTML page"),
    "twice.json.gz": (gzip.compress(PACKED), "Line 1, column 1"),
}


def bad(folder, name):
    text, _ = BAD[name]
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_snapshot_is_named_and_takes_nothing_away(page: Page, tmp_path, name):
    old, new = simple(tmp_path)
    page.set_input_files("#pick-new", new)
    expect(page.locator('.place[data-side="new"]')).to_contain_text("models.json")
    page.set_input_files("#pick-old", bad(tmp_path, name))
    messages = page.get_by_role("alert")
    expect(messages).to_contain_text(f"{name} was not opened.")
    expect(messages).to_contain_text(BAD[name][1])
    expect(page.locator('.place[data-side="new"]')).to_contain_text("models.json")
    page.locator(".message input").set_input_files(old)
    expect(page.locator("#verdict")).to_have_text("3 differences")
    expect(messages).to_be_empty()


def test_a_file_that_unpacks_to_too_much_is_given_up(page: Page, tmp_path):
    old, new = simple(tmp_path)
    page.set_input_files("#pick-new", new)
    bomb = tmp_path / "bomb.json.gz"
    with gzip.open(bomb, "wb", compresslevel=1) as into:
        for _ in range(1_000):
            into.write(b" " * (1 << 20))
    page.set_input_files("#pick-old", bomb)
    messages = page.get_by_role("alert")
    expect(messages).to_contain_text("bomb.json.gz was not opened.", timeout=60_000)
    expect(messages).to_contain_text("larger than 400 MiB")
    expect(page.locator('.place[data-side="new"]')).to_contain_text("models.json")
    page.locator(".message input").set_input_files(old)
    expect(page.locator("#verdict")).to_have_text("3 differences")


def test_a_comparison_survives_a_bad_file(page: Page, tmp_path):
    old, new = simple(tmp_path)
    drop(page, [old, new])
    expect(page.locator("#verdict")).to_have_text("3 differences")
    page.set_input_files("#change-old", bad(tmp_path, "dump.sql"))
    messages = page.get_by_role("alert")
    expect(messages).to_contain_text("dump.sql was not opened.")
    expect(messages).to_contain_text("Still open on this side: database.json")
    expect(page.locator("#verdict")).to_have_text("3 differences")
    page.click(".dismiss")
    expect(messages).to_be_empty()


def test_of_two_files_the_good_one_is_kept(page: Page, tmp_path):
    old, _ = simple(tmp_path)
    drop(page, [old, bad(tmp_path, "page.html")])
    expect(page.get_by_role("alert")).to_contain_text("page.html was not opened.")
    expect(page.locator(".place.filled")).to_contain_text("database.json")


def test_a_failure_is_painted_and_survived(watch, picture):
    watched = watch()
    watched.expected += ["a failure that was asked for", "unreachable"]
    page = watched.open()
    page.evaluate("() => { try { wasm_bindgen.fail(); } catch { /* the module has stopped */ } }")
    stopped = page.get_by_role("alert")
    expect(stopped).to_contain_text("The page has stopped")
    expect(stopped).to_contain_text("a failure that was asked for")
    picture(page, "stopped")
    page.click("text=Open the page again")
    expect(page.locator("#example")).to_be_visible()
