"""What every view looks like in every setting, and whether everybody can use it."""

import pictures
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from steps import fits
from views import VIEWS

WINDOWS = {320: 720, 900: 900, 1440: 900}
NO_MEDIA = {"color_scheme": "light", "forced_colors": "none", "contrast": "no-preference"}
MODES = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "contrast": {"contrast": "more"},
}
# These are kept as pictures.
KEPT = ("light", "dark")
# Colours do not hang on the width: they are looked at in the widest window.
WIDEST = 1440
# This one lies between two that were looked at with every rule.
MIDDLE = 900
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}


@pytest.fixture(params=WINDOWS)
def window(request, watch):
    watched = watch(viewport={"width": request.param, "height": WINDOWS[request.param]})
    return watched, request.param


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_in_every_setting(window, browser, name):
    watched, width = window
    page = watched.page
    VIEWS[name].open(page, watched.address)
    wrong = []
    for mode, media in MODES.items():
        page.emulate_media(**{**NO_MEDIA, **media})
        if not fits(page):
            wrong.append(f"{mode}: wider than the window")
        # Colours are all that a mode changes.
        found = None
        if mode == "light" and width != MIDDLE:
            found = Axe().run(page)
        elif width == WIDEST:
            found = Axe().run(page, options=COLOURS)
        if found and found.violations_count:
            wrong.append(f"{mode}: {found.generate_report()}")
        if mode in KEPT:
            png = page.screenshot(animations="disabled", caret="hide")
            if differs := pictures.compare(f"{name}-{mode}-{width}", png, browser):
                wrong.append(differs)
    assert wrong == [], "\n".join(wrong)


def test_pictures_are_compared(browser):
    if not pictures.is_written() and not pictures.are_comparable(browser):
        pytest.skip(f"the kept pictures were made elsewhere: here are {pictures.maker(browser)}")


# Gives the focused element's description, once; what is wrong with how it is seen.
STEP = """() => {
    const it = document.activeElement;
    window.walked ??= new Map();
    if (!it || it === document.body) return {name: "", again: false, wrong: ""};
    const name = it.id || it.dataset.id || it.className.baseVal || it.className || it.textContent.slice(0, 20) || it.tagName;
    const again = window.walked.has(it);
    window.walked.set(it, name);
    const seen = it.matches("input.unseen") ? it.closest("label") : it;
    const box = seen.getBoundingClientRect();
    const style = getComputedStyle(seen);
    const ground = seen.querySelector?.(":scope > .ground");
    const isMarked = style.outlineStyle !== "none" || (ground && getComputedStyle(ground).strokeWidth === "3px");
    const isInSight = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    const wrong = !isMarked ? "shows no focus" : !isInSight ? "is out of sight" : "";
    return {name, again, wrong};
}"""
# What should have been reached, and was not. Of radio buttons one is enough.
MISSED = """() => {
    const dialog = document.querySelector("dialog[open]");
    const all = (dialog ?? document).querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']");
    const isReachable = (it) => it.checkVisibility({visibilityProperty: true}) && !it.disabled && it.tabIndex >= 0
        && (it.type !== "radio" || it.checked) && (dialog || !it.closest("dialog"));
    return [...all].filter((it) => isReachable(it) && !window.walked.has(it)).map((it) => it.outerHTML.slice(0, 120));
}"""
LONGEST = 400


def walk(page: Page) -> list[str]:
    """Presses Tab until the focus comes back; what was wrong on the way."""
    wrong: list[str] = []
    page.evaluate("() => { document.activeElement?.blur?.(); window.walked = new Map(); }")
    last = None
    outside = 0
    for _ in range(LONGEST):
        page.keyboard.press("Tab")
        step = page.evaluate(STEP)
        if not step["name"]:
            outside += 1
            if outside > 1:
                break
            continue
        if step["again"]:
            if step["name"] == last:
                wrong.append(f"{last} holds the focus")
            break
        if step["wrong"]:
            wrong.append(f"{step['name']} {step['wrong']}")
        last = step["name"]
    else:
        wrong.append("the focus never comes back")
    return wrong + [f"not reached: {missed}" for missed in page.evaluate(MISSED)]


# In a narrow window little else stands in the way than in a wide one.
NARROW = ["start", "changes", "object", "matrix", "palette"]


@pytest.mark.parametrize(("name", "width"), [(it, 1440) for it in VIEWS] + [(it, 320) for it in NARROW])
def test_everything_is_reached_by_tab_and_seen(watch, name, width):
    watched = watch(viewport={"width": width, "height": WINDOWS[width]})
    VIEWS[name].open(watched.page, watched.address)
    assert walk(watched.page) == []
