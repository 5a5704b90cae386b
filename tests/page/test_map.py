"""The map: boxes, tiles, and the same as a table; by mouse and by keys."""

import pytest
from playwright.sync_api import Page, expect
from steps import EXAMPLE, place, press

TRANSFORM = "document.querySelector('.frame > g').getAttribute('transform')"


@pytest.fixture
def opened(watch) -> Page:
    page = watch().open(EXAMPLE + place("map"))
    expect(page.locator(".box").first).to_be_visible()
    return page


def scale(page: Page) -> float:
    return float(page.evaluate(TRANSFORM).split("scale(")[1].rstrip(")"))


def box(page: Page, name: str):
    return page.locator(f'.box[data-id="table:public.{name}"]')


def test_what_differs_is_on_the_map(opened: Page):
    expect(box(opened, "reviews")).to_have_class("box added")
    expect(box(opened, "orders_backup_20260314")).to_have_class("box removed")
    expect(box(opened, "orders")).to_have_attribute("aria-label", "public.orders: changed, 2 differences")
    assert opened.locator(".edge.added").count() >= 2
    expect(opened.locator(".edge.removed")).to_have_count(1)


def test_all_of_it_is_in_sight_at_first(opened: Page):
    frame = opened.locator(".frame").bounding_box()
    for one in opened.locator(".box").all():
        place = one.bounding_box()
        assert place["x"] >= frame["x"] - 1 and place["x"] + place["width"] <= frame["x"] + frame["width"] + 1
        assert place["y"] >= frame["y"] - 1 and place["y"] + place["height"] <= frame["y"] + frame["height"] + 1


OVERLAPS = """() => [...document.querySelectorAll(".frame .column")].flatMap((row) => {
    const texts = [...row.querySelectorAll("text")].map((it) => it.getBoundingClientRect()).filter((it) => it.width);
    texts.sort((a, b) => a.left - b.left);
    const over = texts.some((it, at) => at && it.left < texts[at - 1].right - 0.5);
    return over ? [row.textContent] : [];
})"""


def test_no_text_runs_into_another(opened: Page):
    for show in ("changed", "all"):
        opened.select_option("#show", show)
        opened.wait_for_timeout(200)
        assert opened.evaluate(OVERLAPS) == [], show


def test_it_is_dragged_and_enlarged_with_the_mouse(opened: Page):
    before = opened.evaluate(TRANSFORM)
    area = opened.locator(".frame").bounding_box()
    x, y = area["x"] + 30, area["y"] + area["height"] - 30
    opened.mouse.move(x, y)
    opened.mouse.down()
    opened.mouse.move(x + 80, y - 40, steps=4)
    opened.mouse.up()
    moved = opened.evaluate(TRANSFORM)
    assert moved != before
    opened.mouse.move(x, y)
    assert opened.evaluate(TRANSFORM) == moved
    first = scale(opened)
    scrolled = opened.evaluate("scrollY")
    opened.mouse.wheel(0, -300)
    opened.wait_for_timeout(100)
    assert scale(opened) > first
    assert opened.evaluate("scrollY") == scrolled
    opened.get_by_role("button", name="Smaller").click()
    opened.get_by_role("button", name="Show all of it").click()
    assert opened.evaluate(TRANSFORM) == before


def test_it_is_moved_and_enlarged_by_keys(opened: Page):
    opened.locator(".frame").focus()
    before = opened.evaluate(TRANSFORM)
    for key in ("ArrowLeft", "ArrowUp", "+", "-", "+"):
        last = opened.evaluate(TRANSFORM)
        press(opened, key)
        assert opened.evaluate(TRANSFORM) != last, key
    press(opened, "f")
    assert opened.evaluate(TRANSFORM) == before
    # Every box is a stop of its own, and leads to its object.
    press(opened, "Tab")
    name = opened.evaluate("document.activeElement.dataset.id")
    assert name.startswith("table:")
    press(opened, "Enter")
    expect(opened.locator("#object")).to_contain_text(name.removeprefix("table:"))


def test_a_box_is_brought_into_sight_by_its_focus(opened: Page):
    opened.locator(".frame").focus()
    for _ in range(8):
        press(opened, "+")
    for _ in range(6):
        press(opened, "Tab")
        hidden = opened.evaluate("""() => {
            const box = document.activeElement.getBoundingClientRect();
            const frame = document.querySelector(".frame").getBoundingClientRect();
            return box.right < frame.left || box.left > frame.right || box.bottom < frame.top || box.top > frame.bottom;
        }""")
        assert not hidden, opened.evaluate("document.activeElement.dataset.id")


def test_a_click_shows_the_object_and_back_again(opened: Page):
    box(opened, "carts").click()
    expect(opened.locator("#object")).to_contain_text("public.carts")
    opened.get_by_role("button", name="on the map").click()
    expect(box(opened, "cart_items")).to_be_visible()
    expect(opened.locator(".chip")).to_contain_text("carts")
    few = opened.locator(".box").count()
    opened.select_option("#hops", "2")
    expect(opened.locator(".box")).not_to_have_count(few)
    opened.locator(".chip").click()
    expect(box(opened, "reviews")).to_be_visible()


def test_more_and_fewer_columns(opened: Page):
    rows = opened.locator(".box .column")
    changed = rows.count()
    opened.select_option("#show", "all")
    expect(rows.nth(changed)).to_be_attached()
    opened.select_option("#show", "names")
    expect(rows).to_have_count(0)
    opened.select_option("#hops", "0")
    expect(opened.locator('.box.same[data-id="table:billing.invoices"]')).to_have_count(0)


def test_all_tables_as_tiles(opened: Page):
    opened.locator('.switch input[value="tiles"]').check(force=True)
    expect(opened.locator(".atlas figcaption")).to_contain_text("differ, in 4 schemas")
    opened.locator('.tile[data-id="table:public.carts"]').click()
    expect(opened.locator("#object")).to_contain_text("public.carts")


def test_the_map_as_a_table(opened: Page):
    boxes = opened.locator(".box").count()
    opened.locator('.switch input[value="rows"]').check(force=True)
    rows = opened.locator(".listed tbody tr")
    expect(rows).to_have_count(boxes)
    orders = rows.filter(has=opened.get_by_role("button", name="public.orders", exact=True))
    expect(orders.locator("td").nth(0)).to_contain_text("changed")
    expect(orders.locator("td").nth(2)).to_contain_text("public.customers")
    orders.get_by_role("button").click()
    expect(opened.locator("#object")).to_contain_text("public.orders")
