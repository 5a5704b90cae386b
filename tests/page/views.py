"""Every view of the page, how to come to it, and where it is there."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect
from steps import EXAMPLE, FOUR, place, query


def _bad_file(page: Page):
    bad = {"name": "production.json", "mimeType": "application/json", "buffer": b"<!DOCTYPE html>"}
    page.set_input_files("#pick-old", bad)


def _palette(page: Page):
    page.keyboard.press("t")
    page.keyboard.type("order")


def _help(page: Page):
    page.keyboard.press("?")


def _ticked(page: Page):
    for _ in range(2):
        page.keyboard.press("j")
        expect(page.locator("#picked")).to_be_visible()
        page.keyboard.press("x")


def _alone(page: Page):
    page.click("#browse")


@dataclass(frozen=True)
class View:
    address: str
    # It is there when this is in sight.
    shows: str
    then: Callable[[Page], None] | None = None
    ready: str = "h1, #tree"

    def open(self, page: Page, address: str):
        page.goto("about:blank")
        page.goto(address + self.address)
        if self.then:
            expect(page.locator(self.ready).first).to_be_visible()
            self.then(page)
        expect(page.locator(self.shows).first).to_be_visible()
        # What comes a little later: counts, tiles, statements of the object.
        page.wait_for_timeout(120)


ORDERS = "table:public.orders"
VIEWS = {
    "start": View("", "#example"),
    "message": View("", ".message", _bad_file),
    "consent": View("?url=https://files.example/old.json&url=snapshots/models.json", ".consent"),
    "overview": View(EXAMPLE, ".atlas"),
    "sync": View(query("models", "models"), "#verdict"),
    "changes": View(EXAMPLE + place("changes"), "#tree .row"),
    "filtered": View(EXAMPLE + place("changes", by="risk", sev="high", q="carts"), ".chip"),
    "object": View(EXAMPLE + place("changes", ORDERS), ".statements pre"),
    "split": View(EXAMPLE + place("changes", ORDERS, lens="sql"), ".compared tbody tr"),
    "unified": View(EXAMPLE + place("changes", ORDERS, lens="unified"), ".compared tbody tr"),
    "ticked": View(EXAMPLE + place("changes"), "#picked:checked", _ticked, "#tree .row"),
    "alone": View(query("dev"), "#tree .row", _alone, "#browse"),
    "map": View(EXAMPLE + place("map"), ".box"),
    "tiles": View(EXAMPLE + place("map", map="tiles"), ".atlas"),
    "listed": View(EXAMPLE + place("map", map="table"), ".listed"),
    "migration": View(EXAMPLE + place("migration"), ".statement"),
    "alembic": View(EXAMPLE + place("migration", form="alembic"), ".file-text"),
    "matrix": View(FOUR, ".matrix tbody tr"),
    "palette": View(EXAMPLE + place("changes"), "#hits [role=option]", _palette, "#tree .row"),
    "help": View(EXAMPLE + place("changes"), "#keys[open]", _help, "#tree .row"),
}
