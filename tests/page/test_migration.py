"""The migration: SQL and Alembic, there and back, copied and saved; from a statement to its change and back."""

import re

import pytest
from playwright.sync_api import Page, expect
from snapshots import column, id_of, pair, table
from steps import EXAMPLE, place


@pytest.fixture
def watched(watch):
    made = watch(accept_downloads=True)
    made.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = made.open(EXAMPLE + place("migration"))
    expect(page.locator(".statement").first).to_be_visible()
    return made


def choose(page: Page, value: str):
    page.locator(f'.switch input[value="{value}"]').check(force=True)


def copied(page: Page) -> str:
    page.evaluate("navigator.clipboard.writeText('')")
    page.click("#copy-migration")
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.length > 0)")
    return page.evaluate("navigator.clipboard.readText()")


def saved(page: Page) -> tuple[str, str]:
    with page.expect_download() as waiting:
        page.click("#save-migration")
    return waiting.value.suggested_filename, waiting.value.path().read_text()


def test_every_statement_says_what_it_is_about(watched):
    page = watched.page
    count = page.locator(".statement").count()
    expect(page.locator("#notes")).to_contain_text(f"{count} statements")
    expect(page.locator("#notes .loss")).to_contain_text("2 can lose data")
    numbers = page.locator(".statement > .number").all_inner_texts()
    assert numbers == [str(at) for at in range(1, count + 1)]
    expect(page.locator(".statement.loses")).to_have_count(2)
    assert page.locator(".statement .reference").count() == count


def test_sql_is_copied_and_saved(watched):
    page = watched.page
    name, text = saved(page)
    assert name.endswith(".sql")
    assert copied(page) == text
    assert "DROP COLUMN legacy_shop_id" in text and "CREATE TABLE public.reviews" in text


def test_the_way_back(watched):
    page = watched.page
    choose(page, "back")
    expect(page.locator(".statement pre", has_text="DROP TABLE public.reviews")).to_have_count(1)
    assert "back=1" in page.url
    text = copied(page)
    assert "CREATE TABLE public.orders_backup_20260314" in text
    choose(page, "there")
    expect(page.locator(".statement pre", has_text="CREATE TABLE public.reviews")).to_have_count(1)


def test_an_alembic_revision(watched):
    page = watched.page
    choose(page, "as-alembic")
    file = page.locator(".file-text")
    expect(file).to_contain_text("def upgrade()")
    expect(file).to_contain_text("def downgrade()")
    name, text = saved(page)
    assert name.endswith(".py")
    assert copied(page) == text
    compile(text, name, "exec")
    assert re.sub(r"\s", "", file.inner_text()) == re.sub(r"\s", "", text)


def test_from_a_statement_to_its_change_and_back(watched):
    page = watched.page
    page.locator(".statement", has_text="legacy_shop_id").locator(".reference").click()
    expect(page.locator("#object")).to_contain_text("public.orders")
    expect(page.locator(".statements li", has_text="legacy_shop_id")).to_have_count(1)
    page.get_by_role("button", name="Show in the migration").first.click()
    expect(page.locator(".statement").first).to_be_visible()
    page.go_back()
    expect(page.locator("#object")).to_contain_text("public.orders")


def test_a_hazard_says_what_to_do(watched):
    hazard = watched.page.locator(".statement.loses .hazard").first
    expect(hazard.locator("summary")).to_contain_text("can lose data")
    hazard.locator("summary").click()
    expect(hazard.locator(".rule")).to_be_visible()


def test_a_rename_is_suggested_and_taken_back(page: Page, tmp_path):
    def side(name: str) -> dict:
        users = id_of("table", "public", "users")
        return {users: table(), id_of("column", "public", "users", name): column("text")}

    page.set_input_files("#pick-old", pair(tmp_path, side("mail"), side("email")))
    page.click("#go-migration")
    statements = page.locator(".statement pre")
    expect(statements).to_have_count(2)
    page.get_by_role("button", name="Yes, rename it").click()
    expect(statements).to_have_count(1)
    expect(statements).to_contain_text("RENAME COLUMN mail TO email")
    page.get_by_role("button", name="undo").click()
    expect(statements).to_have_count(2)
