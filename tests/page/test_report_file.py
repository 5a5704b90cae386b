"""The report that is one file: it works from disk, asks for nothing, and can be read without scripts and on paper."""

import os
import re
import subprocess

import pytest
from playwright.sync_api import expect
from snapshots import column, id_of, snapshot, table, write
from steps import fits, press

IMAGE = '<img src=x onerror="alert(1)">'


@pytest.fixture
def opened(watch, report_file):
    watched = watch(report_file.as_uri())
    page = watched.open()
    expect(page.locator("#verdict")).to_have_text("30 differences")
    return watched


def test_it_works_from_disk_and_asks_for_nothing(opened, report_file):
    page = opened.page
    views = {"c": "#tree", "m": ".box", "s": ".statement", "o": "#verdict"}
    for key, selector in views.items():
        press(page, "g", key)
        expect(page.locator(selector).first).to_be_visible()
    press(page, "g", "c")
    expect(page.locator("#tree .row").first).to_be_visible()
    press(page, "j")
    expect(page.locator("#object")).to_contain_text("audit.logins")
    press(page, "s")
    expect(page.locator(".compared")).to_be_visible()
    press(page, "t")
    page.keyboard.type("orders")
    expect(page.locator("#hits [role=option]").first).to_contain_text("public.orders")
    files = {url.split("#")[0] for url in opened.requests if not url.startswith("blob:")}
    assert files == {report_file.as_uri()}
    assert page.workers
    expect(page.locator(".plain")).to_be_hidden()


def test_its_address_is_kept(opened):
    page = opened.page
    press(page, "g", "c")
    expect(page.locator("#tree .row").first).to_be_visible()
    press(page, "j")
    expect(page.locator("#object")).to_contain_text("audit.logins")
    page.reload()
    expect(page.locator("#object")).to_contain_text("audit.logins")


def test_other_files_can_be_opened_in_it(opened, folder):
    page = opened.page
    page.set_input_files("#change-old", folder / "snapshots/dev.json")
    expect(page.locator("#verdict")).to_have_text("3 differences")


def test_it_is_read_without_scripts(watch, report_file):
    page = watch(report_file.as_uri(), java_script_enabled=False).page
    page.goto(report_file.as_uri())
    plain = page.locator(".plain")
    expect(plain).to_be_visible()
    expect(plain).to_contain_text("30 differences")
    expect(plain).to_contain_text("legacy_shop_id")


def test_on_paper_it_is_plain(opened, tmp_path):
    page = opened.page
    page.emulate_media(media="print")
    expect(page.locator(".plain")).to_be_visible()
    expect(page.locator("#app")).to_be_hidden()
    expect(page.locator(".plain")).to_contain_text("30 differences")
    expect(page.locator(".plain")).to_contain_text("legacy_shop_id")
    pages = page.pdf(format="A4")
    assert pages.startswith(b"%PDF") and 2 <= len(re.findall(rb"/Type\s*/Page\b", pages)) < 30


def written(folder, *files) -> str:
    made = folder / "report.html"
    subprocess.run([os.environ["DRIFTGLASS"], "view", *files, "--html", made], check=True, capture_output=True)
    return made.as_uri()


def test_hostile_names_are_text_in_it(watch, tmp_path):
    objects = {}
    for name in (IMAGE, "</template><script>alert(1)</script>", "</noscript><b>", "\u202egnp.exe", "--><b>", "<!-- data -->"):
        objects[id_of("table", "public", name)] = table()
        objects[id_of("column", "public", name, name)] = column("text")
    old = write(tmp_path, "old.json", snapshot({}, label=f"{IMAGE}</title>"))
    new = write(tmp_path, "new.json", snapshot(objects, "models", label="</template><!-- data -->"))
    address = written(tmp_path, old, new)
    page = watch(address).open()
    expect(page.locator("#verdict")).to_have_text("6 differences")
    assert page.locator("img, #app b:not(.tables-line b, .folds b), i").count() == 0
    assert fits(page)
    page.emulate_media(media="print")
    expect(page.locator(".plain")).to_contain_text("onerror")
    plain = watch(address, java_script_enabled=False).page
    plain.goto(address)
    expect(plain.locator(".plain")).to_contain_text("onerror")
    assert plain.locator("img, i, script").count() == 2


def test_more_than_two_become_a_matrix(watch, tmp_path):
    files = [f"snapshots/{name}.json" for name in ("dev", "production", "models")]
    page = watch(written(tmp_path, *files)).open()
    expect(page.locator(".matrix h1")).to_contain_text("in all 3 files")
