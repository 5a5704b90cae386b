"""Names that try to be something else are shown as text, in every view."""

import gzip
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from snapshots import column, id_of, snapshot, table, write
from steps import fits, press

IMAGE = '<img src=x onerror="alert(1)">'
NAMES = {
    "markup": (IMAGE, IMAGE),
    "script": ("</script><script>alert(2)</script>", "</script><script>alert(2)</script>"),
    "template": ("</template><b>", "</template><b>"),
    "direction": ("\u202egnp.exe", "‹U+202E›gnp.exe"),
    "quotes": ("it's \"quoted\" & more", "it's \"quoted\" & more"),
    "nul": ("a\0b", "a‹U+0000›b"),
    "escape": ("a\x1b[31mb", "a‹U+001B›[31mb"),
    "lines": ("a\nb", "a\nb"),
    "blanks": ("a\u200bb\ufeff", "a‹U+200B›b‹U+FEFF›"),
    "hebrew": ("שלום", "שלום"),
    "long": ("x" * 10_000, "x" * 10_000),
    "wide": ("späti 🍦", "späti 🍦"),
}
# What every other test of such names reads, as the page shows it.
UNSEEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]")
SHARED = json.loads((Path(__file__).parents[1] / "hostile/names.json").read_text())
NAMES |= {name: (name, UNSEEN.sub(lambda it: f"‹U+{ord(it[0]):04X}›", name)) for name in SHARED}
PARTS = "img, #app script, #app b:not(.tables-line b, .folds b), #app i"

# What is read aloud, or shown when the pointer rests.
HINTS = """[...document.querySelectorAll("*")].flatMap((it) => [...it.attributes])
    .filter((it) => /^(title|aria-.*|placeholder|alt)$/.test(it.name) && it.value.includes("\\u202e"))
    .map((it) => `${it.ownerElement.className} ${it.name}`)"""


def files(folder) -> list:
    old, new = {}, {}
    for name, _ in NAMES.values():
        here = id_of("table", name, name)
        old[here] = table()
        new[here] = {**table(), "comment": "<script>alert(3)</script>"}
        new[id_of("column", name, name, name)] = column(name, default="'</code><b>'")
        new[here]["origin"] = {"file": "<i>\u202e.py", "line": 1}
    label = f"<i>label</i>{IMAGE}\u202e"
    sides = [snapshot(old, label=label), snapshot(new, "models", label=label)]
    return [write(folder, "<b>old.json", sides[0]), write(folder, "\u202e<b>new.json", sides[1])]


def check(page: Page, name: str):
    page.wait_for_timeout(60)
    assert page.locator(PARTS).count() == 0, name
    assert "\u202e" not in page.locator("body").inner_text(), name
    assert page.evaluate(HINTS) == [], name
    assert fits(page), f"{name} is too wide"


@pytest.fixture
def opened(page: Page, tmp_path) -> Page:
    page.set_input_files("#pick-old", files(tmp_path))
    expect(page.locator("#verdict")).to_contain_text("differences")
    return page


VIEWS = {
    "overview": "#go-overview",
    "changes": "#go-changes",
    "map": "#go-map",
    "migration": "#go-migration",
}


@pytest.mark.parametrize("width", [1440, 320])
def test_every_view_shows_them_as_text(opened: Page, picture, width):
    opened.set_viewport_size({"width": width, "height": 800})
    for name, button in VIEWS.items():
        opened.click(button)
        check(opened, name)
        picture(opened, f"hostile-{name}-{width}")
    for form in ("tiles", "rows"):
        opened.click("#go-map")
        opened.locator(f'.switch input[value="{form}"]').check(force=True)
        check(opened, form)
    opened.click("#go-migration")
    opened.locator('.switch input[value="as-alembic"]').check(force=True)
    check(opened, "alembic")
    opened.keyboard.press("t")
    opened.keyboard.type("img")
    expect(opened.locator("#hits [role=option]").first).to_contain_text("<img src=x")
    check(opened, "palette")


def test_every_object_shows_them_as_text(opened: Page):
    opened.click("#go-changes")
    shown = set()
    for _ in NAMES:
        press(opened, "j")
        expect(opened.locator(".object[aria-busy=false]")).to_be_visible()
        check(opened, "object")
        shown.add(opened.locator("#object .name > bdi").inner_text())
        for lens in ("sql", "unified", "summary"):
            press(opened, "s")
            check(opened, lens)
    # Blanks at the ends are there, and not in what the browser gives as text.
    missing = {text.strip() for _, text in NAMES.values()} - {text.strip() for text in shown}
    assert {text[:40] for text in missing if not {"\n", "\t"} & set(text)} == set()


def test_messages_show_them_as_text(page: Page, tmp_path):
    page.set_input_files("#pick-old", write(tmp_path, f"{IMAGE[:9]}\u202e<b>.json", '{"format": 1, "<b>'))
    expect(page.get_by_role("alert")).to_contain_text("was not opened.")
    check(page, "message")
    page.set_input_files("#pick-new", write(tmp_path, "k.json", snapshot({f"{IMAGE}\u202e:x": table()})))
    expect(page.get_by_role("alert")).to_contain_text("k.json")
    check(page, "kind")


def test_a_matrix_shows_them_as_text(page: Page, tmp_path):
    old, new = files(tmp_path)
    third = tmp_path / "third.json.gz"
    third.write_bytes(gzip.compress(old.read_bytes()))
    page.set_input_files("#pick-old", [old, third, new])
    expect(page.locator(".matrix tbody tr")).to_have_count(len({name for name, _ in NAMES.values()}))
    check(page, "matrix")
    page.set_viewport_size({"width": 320, "height": 800})
    check(page, "matrix")


def test_the_address_shows_them_as_text(watch):
    page = watch().open("?url=https://a.example/%3Cimg%20src=x%20onerror=alert(1)%3E%E2%80%AE")
    expect(page.locator(".consent")).to_be_visible()
    check(page, "consent")
