"""The comparison: the same numbers as the command, the filter, the keys, and nothing that leaves the page."""

import http.server
import json
import os
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from snapshots import simple, write

COMPARE = """async ([older, newer]) => {
    const {compare} = await import(new URL("web.js", document.baseURI));
    try { return compare(older, newer); } catch (error) { return `thrown: ${error.message}`; }
}"""


def current(page: Page) -> str:
    return page.locator('.list [aria-current="true"] .title').inner_text()


@pytest.fixture
def opened(page: Page, tmp_path) -> Page:
    page.set_input_files("#pick-old", simple(tmp_path))
    expect(page.locator("#verdict")).to_have_text("3 differences")
    return page


PAIRS = [("production.json", "models.json"), ("staging.json", "models.json"), ("dev.json", "production.json")]


@pytest.mark.parametrize("names", PAIRS, ids=lambda names: names[0])
def test_the_page_compares_as_the_command_does(page: Page, folder: Path, report, names):
    old, new = (folder / "snapshots" / name for name in names)
    written = page.evaluate(COMPARE, [old.read_text(encoding="utf-8"), new.read_text(encoding="utf-8")])
    assert written.encode() == report(old, new)


def test_compare_says_which_side_is_bad(page: Page):
    good = '{"format": 1, "objects": {}}'
    assert page.evaluate(COMPARE, [good, "<p>"]).startswith("thrown: new: line 1, column 1: expected value")
    assert page.evaluate(COMPARE, ["", good]) == "thrown: old: line 1, column 0: the file is empty"


def applications() -> list[str]:
    folder = os.environ.get("DRIFTGLASS_APP_SNAPSHOTS")
    suffix = "-database.json"
    return sorted(path.name.removesuffix(suffix) for path in Path(folder).glob(f"*{suffix}")) if folder else []


@pytest.mark.parametrize("name", applications())
def test_real_applications_count_the_same(page: Page, report, name, picture):
    folder = Path(os.environ["DRIFTGLASS_APP_SNAPSHOTS"])
    old, new = folder / f"{name}-database.json", folder / f"{name}-models.json"
    written = report(old, new)
    page.set_input_files("#pick-old", [old, new])
    expect(page.locator(".verdict")).to_be_visible(timeout=20_000)
    totals = json.loads(written)["totals"]
    counts = page.locator(".list .row:not(.overview) .count [aria-hidden]").all_inner_texts()
    assert sum(int(count.replace(",", "")) for count in counts) == totals["differences"]
    assert page.locator(".verdict").get_attribute("data-verdict").startswith(
        f"{totals['differences']} difference" if totals["differences"] else ("in sync", "no differences")
    )
    assert page.evaluate(COMPARE, [old.read_text(), new.read_text()]).encode() == written
    picture(page, f"application-{name}")


def test_a_difference_shows_both_values_and_its_source(opened: Page):
    opened.locator(".list .row", has_text="users").click()
    expect(opened.locator(".detail h2")).to_have_text("public.users")
    first = opened.locator(".entry").first
    expect(first).to_contain_text("column age")
    expect(first.locator(".value.old code")).to_have_text("integer")
    expect(first.locator(".value.new code")).to_have_text("bigint")
    expect(first.locator(".origin")).to_have_text("Declared in app/models.py:12")
    expect(first.locator(".severity")).to_contain_text("high")


def test_the_filter_says_what_it_hides(opened: Page):
    opened.keyboard.press("/")
    opened.keyboard.type("BIGINT")
    status = opened.locator(".hidden-count")
    expect(status).to_contain_text("1 of 3 shown, 2 hidden.")
    expect(opened.locator(".list .title")).to_have_text(["users"])
    opened.keyboard.press("Escape")
    expect(status).to_be_empty()
    opened.keyboard.press("/")
    opened.keyboard.type("orders")
    expect(opened.locator(".list .title")).to_have_text(["orders"])
    expect(opened.locator(".recommendation .rule")).to_have_text(["table-missing"])
    opened.click("#clear")
    expect(opened.locator("#filter")).to_have_value("")
    expect(opened.locator(".list .title")).to_have_text(["orders", "users"])


def test_a_severity_is_a_filter(opened: Page):
    chip = opened.locator(".chip.high")
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(opened.locator(".hidden-count")).to_contain_text("(high only)")
    chip.click()
    expect(opened.locator(".hidden-count")).to_be_empty()


def test_keys_walk_through_the_objects(opened: Page):
    opened.keyboard.press("j")
    assert current(opened) == "orders"
    opened.keyboard.press("j")
    opened.keyboard.press("j")
    assert current(opened) == "users"
    opened.keyboard.press("n")
    expect(opened.locator(".entry.pointed")).to_be_focused()
    opened.keyboard.press("k")
    assert current(opened) == "orders"
    opened.keyboard.press("Escape")
    expect(opened.locator(".overview h3").first).to_be_visible()
    opened.keyboard.press("?")
    dialog = opened.get_by_role("dialog")
    expect(dialog).to_be_visible()
    opened.keyboard.press("j")
    opened.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opened.locator(".row.overview")).to_have_attribute("aria-current", "true")
    opened.keyboard.press("?")
    expect(dialog).to_be_visible()
    opened.get_by_label("Single keys do something").uncheck()
    opened.keyboard.press("Escape")
    opened.keyboard.press("j")
    expect(opened.locator(".row.overview")).to_have_attribute("aria-current", "true")


def test_kinds_of_difference(opened: Page):
    opened.get_by_label("By kind").check(force=True)
    expect(opened.locator(".list .title")).to_have_text(["Tables only in models", "Types"])
    opened.locator(".list .row", has_text="Types").click()
    expect(opened.locator(".entry h4").first).to_contain_text("public.users.age")


def test_a_recommendation_leads_to_its_object(opened: Page):
    opened.fill("#filter", "integer")
    opened.locator(".object", has_text="public.users.age").click()
    expect(opened.locator(".entry.pointed")).to_contain_text("column age")
    expect(opened.locator(".entry.pointed")).to_be_focused()


def test_one_column_where_it_is_narrow(watch, tmp_path):
    page = watch(viewport={"width": 320, "height": 700}).open()
    page.set_input_files("#pick-old", simple(tmp_path))
    page.locator(".list .row", has_text="users").click()
    expect(page.locator(".list")).to_be_hidden()
    expect(page.locator("#detail")).to_be_focused()
    page.click("#back")
    expect(page.locator(".list")).to_be_visible()
    expect(page.locator(".list .row", has_text="users")).to_be_focused()


def test_colours_are_remembered(watch):
    page = watch(color_scheme="light").open()
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_label("Dark").check(force=True)
    assert page.evaluate(paper) != light
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


ATTEMPTS = """async (url) => {
    const done = [];
    await fetch(url).then(() => done.push("fetch"), () => {});
    const load = (element) => new Promise((end) => {
        element.onload = () => { done.push(element.tagName); end(); };
        element.onerror = end;
        setTimeout(end, 500);
        document.body.append(element);
    });
    await load(Object.assign(document.createElement("img"), {src: url}));
    await load(Object.assign(document.createElement("script"), {src: url}));
    await load(Object.assign(document.createElement("link"), {rel: "stylesheet", href: url}));
    navigator.sendBeacon(url, "x");
    return done;
}"""


def test_nothing_gets_out(browser, address):
    reached: list[tuple] = []

    class Outside(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            reached.append((self.command, self.path))
            self.send_response(204)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        do_POST = do_GET

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Outside) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # Not a watched page: what is tried here ends in the console as errors, as it should.
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector("h1")
        assert page.evaluate(ATTEMPTS, f"http://127.0.0.1:{server.server_port}/") == []
        context.close()
        server.shutdown()
    assert reached == []


def test_a_large_schema_stays_quick(page: Page, tmp_path):
    def objects(data_type: str) -> dict:
        found: dict = {}
        for number in range(3_000):
            table = f"public.table_{number:04}"
            found[f"table:{table}"] = {"body": {"table": {}}}
            for place in range(1, 9):
                body = {"position": place, "type": data_type if place == 1 else "text", "nullable": False}
                found[f"column:{table}.column_{place}"] = {"body": {"column": body}}
        return found

    def snapshot(kind: str, data_type: str) -> str:
        return json.dumps({"format": 1, "source": {"kind": kind}, "objects": objects(data_type)})

    old = write(tmp_path, "old.json", snapshot("database", "integer"))
    new = write(tmp_path, "new.json", snapshot("models", "bigint"))
    page.set_input_files("#pick-old", [old, new])
    expect(page.locator("#verdict")).to_have_text("3,000 differences", timeout=20_000)
    assert page.locator("*").count() < 6_000
    page.fill("#filter", "table_2999")
    expect(page.locator(".list .title")).to_have_text(["table_2999"])
