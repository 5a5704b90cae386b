"""Opening files: the examples, pickers, drops, pasted text, the address; closing them again."""

import gzip
import json
import time
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from snapshots import simple, snapshot, write
from steps import EXAMPLE, drop, expect_sides, paste, query, titles

VERDICT = "#verdict"


def packed(path):
    packed = path.with_suffix(".json.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    return packed


def test_the_example_opens_in_one_click(page: Page, folder, report):
    page.click("#example")
    old, new = (folder / "snapshots" / name for name in ("production.json", "models.json"))
    totals = json.loads(report(old, new))["totals"]
    expect(page.locator(VERDICT)).to_have_text(f"{totals['differences']} differences")


def test_the_large_example_is_made_up_on_the_spot(page: Page):
    page.click("#large")
    expect(page.locator(VERDICT)).to_contain_text("differences", timeout=30_000)
    expect(page.locator(".side .facts").first).to_contain_text("5,000 tables")
    page.click("#go-changes")
    expect(page.locator("#tree .row").first).to_be_visible()
    assert page.locator("*").count() < 3_000


def test_two_files_by_picker_then_swapped_and_closed(page: Page, tmp_path):
    old, new = simple(tmp_path)
    page.set_input_files("#pick-old", old)
    expect(page.locator(".place.filled")).to_have_count(1)
    expect(page.locator('.place[data-side="old"]')).to_contain_text("database.json")
    page.set_input_files("#pick-new", new)
    expect_sides(page, "a database", "a models")
    expect(page.locator(VERDICT)).to_have_text("3 differences")
    page.click("#swap")
    expect_sides(page, "a models", "a database")
    expect(page.locator('[data-count="removed"] .number')).to_have_text("1")
    page.click("#close")
    expect(page.locator("h1")).to_contain_text("schema")
    page.set_input_files("#pick-new", [old, new])
    expect(page.locator(VERDICT)).to_have_text("3 differences")


def test_two_files_dropped_are_put_in_order(page: Page, tmp_path):
    old, new = simple(tmp_path)
    drop(page, [new, old])
    expect(page.locator(VERDICT)).to_have_text("3 differences")
    expect_sides(page, "a database", "a models")
    expect(page.locator(".drop")).to_have_count(0)


def test_what_is_held_over_the_page_is_announced(page: Page):
    enter = """(name) => {
        const data = new DataTransfer();
        data.items.add(new File(["{}"], "a.json"));
        document.body.dispatchEvent(new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true}));
    }"""
    page.evaluate(enter, "dragenter")
    expect(page.locator(".drop")).to_contain_text("Drop snapshots here")
    page.evaluate(enter, "dragleave")
    expect(page.locator(".drop")).to_have_count(0)


def test_one_file_dropped_on_a_place_goes_there(page: Page, tmp_path):
    old, new = simple(tmp_path)
    drop(page, [old], '.place[data-side="new"]')
    expect(page.locator('.place[data-side="new"]')).to_contain_text("database.json")
    drop(page, [new], '.place[data-side="old"]')
    expect_sides(page, "a models", "a database")
    drop(page, [old], '.side[data-side="old"]')
    expect(page.locator(VERDICT)).to_contain_text("In sync")


def test_of_two_databases_the_earlier_one_is_old(page: Page, tmp_path):
    later = write(tmp_path, "b.json", snapshot({}, label="later", taken_at="2026-03-02T00:00:00Z"))
    earlier = write(tmp_path, "a.json", snapshot({}, label="earlier", taken_at="2026-03-01T00:00:00Z"))
    drop(page, [later, earlier])
    expect(page.locator(VERDICT)).to_contain_text("In sync")
    expect_sides(page, "earlier", "later")


def test_three_files_become_a_matrix(page: Page, tmp_path, folder):
    drop(page, [folder / "snapshots" / f"{name}.json" for name in ("models", "production", "dev")])
    expect(page.locator(".matrix h1")).to_contain_text("in all 3 files")
    # What should stand comes last, in whatever order the files came.
    expect(page.locator(".matrix thead .cell").last).to_contain_text("shop.models")


def test_a_snapshots_text_is_pasted(page: Page, tmp_path):
    for path in simple(tmp_path):
        paste(page, path.read_text())
        expect(page.locator(".reading li")).to_have_count(0)
        page.wait_for_timeout(50)
    expect(page.locator(VERDICT)).to_have_text("3 differences")
    paste(page, "what somebody had copied before")
    expect(page.get_by_role("alert")).to_contain_text("pasted text was not opened.")
    expect(page.locator(VERDICT)).to_have_text("3 differences")


def test_packed_files(page: Page, tmp_path):
    page.set_input_files("#pick-old", [packed(path) for path in simple(tmp_path)])
    expect(page.locator(VERDICT)).to_have_text("3 differences")


def test_one_file_is_looked_at_alone_and_compared_later(page: Page, tmp_path):
    old, new = simple(tmp_path)
    page.set_input_files("#pick-old", old)
    page.click("#browse")
    expect(page.locator("#go-objects")).to_have_attribute("aria-current", "page")
    expect(titles(page)).to_have_text(["same", "users"])
    page.locator("#tree .row", has_text="users").click()
    expect(page.locator("#object")).to_have_text("public.users")
    expect(page.locator(".contents")).to_contain_text("age")
    expect(page.locator("#reviewed")).to_have_count(0)
    page.click("#go-map")
    expect(page.locator(".box")).to_have_count(2)
    page.set_input_files("#pick-second", new)
    expect_sides(page, "a database", "a models")
    expect(page.locator("#go-changes .count")).to_have_text("3")


def test_the_address_opens_files_of_the_page(watch):
    page = watch().open(EXAMPLE)
    expect(page.locator(VERDICT)).to_have_text("30 differences")
    page = watch().open(query("dev", "production", "models"))
    expect(page.locator(".matrix h1")).to_be_visible()
    page = watch().open(query("dev"))
    expect(page.locator(".place.filled")).to_contain_text("dev.json")


FOREIGN = ["//example.org/a.json", "https://example.org/a.json", "http://example.org:1/a.json", "\\\\example.org\\a"]


@pytest.mark.parametrize("path", FOREIGN)
def test_other_servers_are_asked_only_when_people_agree(watch, path):
    watched = watch()
    page = watched.open(f"?url={path}&url=snapshots/models.json")

    def is_quiet() -> bool:
        page.wait_for_timeout(200)
        paths = [urlsplit(url) for url in watched.requests]
        return not any(it.hostname == "example.org" or it.path.startswith("/snapshots") for it in paths)

    consent = page.locator(".consent")
    expect(consent).to_contain_text("example.org")
    assert is_quiet()
    consent.get_by_role("button", name="No").click()
    expect(consent).to_have_count(0)
    assert is_quiet()


def test_other_servers_without_encryption_are_out_of_reach(watch, serve):
    """People may agree; the page's policy does not."""
    reached = []

    class Other(BaseHTTPRequestHandler):
        def do_GET(self):
            reached.append(self.path)

        def log_message(self, *_):
            pass

    watched = watch()
    watched.expected += ["Content Security Policy", "Fetch API cannot load", "violates"]
    page = watched.open(f"?url={serve(Other)}a.json")
    page.click("#consent-yes")
    expect(page.get_by_role("alert")).to_contain_text("It cannot be fetched")
    assert reached == []


def test_what_people_agree_to_is_read(watch, tmp_path):
    old, new = simple(tmp_path)
    watched = watch()
    asked = []

    def answer(route):
        asked.append(route.request.url)
        path = old if route.request.url.endswith("old.json") else new
        route.fulfill(body=path.read_text(), headers={"access-control-allow-origin": "*"})

    watched.context.route("https://files.example/**", answer)
    watched.allowed.append("https://files.example/")
    page = watched.open("?url=https://files.example/old.json&url=https://files.example/new.json")
    page.click("#consent-yes")
    expect(page.locator(VERDICT)).to_have_text("3 differences")
    assert sorted(asked) == ["https://files.example/new.json", "https://files.example/old.json"]


@pytest.mark.parametrize("path", ["data:,{}", "file:///etc/passwd", "blob:x", "javascript:1"])
def test_addresses_that_are_no_web_pages_are_refused(watch, path):
    page = watch().open(f"?url={path}&url=snapshots/models.json")
    expect(page.get_by_role("alert")).to_contain_text("no address that a page can read")
    expect(page.locator(".place.filled")).to_contain_text("models.json")


def test_a_file_that_is_not_there(watch):
    watched = watch()
    watched.expected.append("404")
    page = watched.open("?url=data/none.json&url=snapshots/models.json")
    expect(page.get_by_role("alert")).to_contain_text("data/none.json was not opened.")
    expect(page.get_by_role("alert")).to_contain_text("404")


def test_reading_is_seen_and_can_be_cancelled(watch, serve, folder):
    """The page's own files at once, `slow.json` a little at a time."""
    text = (folder / "snapshots/models.json").read_bytes()

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self):
            name = self.path.split("?")[0].lstrip("/") or "index.html"
            kinds = {"html": "text/html", "css": "text/css", "js": "text/javascript", "wasm": "application/wasm"}
            is_slow = name == "slow.json"
            body = text if is_slow else (folder / name).read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", kinds.get(name.rsplit(".")[-1], "application/octet-stream"))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                for at in range(0, len(body), 2_000 if is_slow else len(body)):
                    self.wfile.write(body[at : at + 2_000] if is_slow else body)
                    time.sleep(0.1 if is_slow else 0)
            except OSError:
                pass

        def log_message(self, *_):
            pass

    page = watch(serve(Slow)).open("?url=slow.json&url=snapshots/production.json")
    bar = page.locator(".reading li", has_text="slow.json")
    expect(bar.locator("progress")).to_be_visible()
    expect(page.locator("#example")).to_be_disabled()
    bar.get_by_role("button", name="Cancel").click()
    expect(page.locator(".reading li")).to_have_count(0)
    expect(page.locator(".place.filled")).to_contain_text("production.json")


def test_a_worker_that_fails_is_replaced(watch, tmp_path):
    watched = watch()
    watched.expected.append("out of memory, as a test has it")
    page = watched.open()
    page.set_input_files("#pick-old", simple(tmp_path))
    expect(page.locator("#verdict")).to_be_visible()
    page.workers[0].evaluate("setTimeout(() => { throw new Error('out of memory, as a test has it'); })")
    expect(page.locator(".messages")).to_contain_text("worker has stopped")
    page.set_input_files("#pick-old", simple(tmp_path))
    expect(page.locator("#verdict")).to_have_text("3 differences")
