"""What the tests do with the page again and again."""

from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, expect


def query(*names: str) -> str:
    """The address's part that opens bundled snapshots."""
    return "?" + "&".join(f"url=snapshots/{name}.json" for name in names)


EXAMPLE = query("production", "models")
FOUR = query("dev", "staging", "production", "models")


def place(view: str, object_id: str = "", **more: str) -> str:
    """The address's part behind `#`."""
    path = f"/{quote(object_id, safe='')}" if object_id else ""
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in more.items())
    return f"#/1/{view}{path}" + (f"?{asked}" if asked else "")


DROP = """([files, selector]) => {
    const data = new DataTransfer();
    for (const {name, bytes} of files) data.items.add(new File([new Uint8Array(bytes)], name));
    const target = document.querySelector(selector);
    for (const name of ["dragenter", "dragover", "drop"]) {
        target.dispatchEvent(new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true}));
    }
}"""


def drop(page: Page, paths: list[Path], selector: str = "h1, .tabs"):
    page.evaluate(DROP, [[{"name": path.name, "bytes": list(path.read_bytes())} for path in paths], selector])


PASTE = """(text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def paste(page: Page, text: str):
    page.evaluate(PASTE, text)


def expect_sides(page: Page, old: str, new: str):
    expect(page.locator(".side .label")).to_have_text([old, new])


def titles(page: Page):
    """The names in the list, without the headings."""
    return page.locator("#tree .row:not(.level-1) .name")


def row(page: Page, name: str):
    """The list's row of an object."""
    return page.locator("#tree .row", has=page.locator(".name", has_text=name)).first


def press(page: Page, *keys: str):
    for key in keys:
        page.keyboard.press(key)


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")
