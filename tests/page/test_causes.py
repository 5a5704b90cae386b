"""Why differences are there: models, migrations and a database of which real Alembic made each cause."""

import os
import subprocess
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import expect
from steps import drop, press

PROJECT = Path(__file__).parents[1] / "causes" / "project"
BY_HAND = "CREATE INDEX by_hand ON orders (total); ALTER TABLE orders ALTER status DROP NOT NULL"
# The label, how many, and what is next.
EXPECTED = {
    "migration missing": (1, "write this migration"),
    "migration not applied": (3, "alembic upgrade head"),
    "changed by hand": (2, "or undo it"),
}


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory) -> list[Path]:
    """Database, models and migrations, in that order."""
    server, binaries = os.environ["DRIFTGLASS_TEST_URL"], Path(os.environ["DRIFTGLASS_TEST_PG_BIN"])
    python = str(Path(os.environ["DRIFTGLASS_VENVS"]) / "alembic/bin/python")
    folder, name = tmp_path_factory.mktemp("causes"), f"causes_{uuid.uuid4().hex[:12]}"
    url = server.replace("/postgres?", f"/{name}?", 1)
    driver = url.replace("postgresql://", "postgresql+psycopg://", 1)
    environment = {**os.environ, "SHOP_DATABASE_URL": driver, "PYTHONDONTWRITEBYTECODE": "1"}

    def psql(where: str, sql: str):
        subprocess.run([binaries / "psql", "-X", "-q", "-d", where, "-c", sql], check=True)

    def snapshot(reference: str, *more: str) -> Path:
        path = folder / f"{reference.split(':')[0]}.json"
        words = ["snapshot", reference, "-o", str(path), "--python", python, "--shadow", server, *more]
        subprocess.run([os.environ["DRIFTGLASS"], *words], cwd=PROJECT, check=True, capture_output=True)
        return path

    psql(server, f"CREATE DATABASE {name}")
    try:
        alembic = [python, "-m", "alembic", "upgrade", "b2e7"]
        subprocess.run(alembic, cwd=PROJECT, env=environment, check=True, capture_output=True)
        psql(url, BY_HAND)
        database = snapshot(url)
        models, head = snapshot("models:models", "--beside", url), snapshot("alembic:alembic.ini")
        kept = head.rename(folder / "migrations.json")
        return [database, models, kept, snapshot("alembic:alembic.ini", "--up-to", "b2e7")]
    finally:
        psql(server, f"DROP DATABASE {name} WITH (FORCE)")


def cause(label: str) -> str:
    return f'[data-cause="cause:{label.replace(" ", "-")}"]'


@pytest.fixture
def told(watch, snapshots):
    page = watch().open()
    page.set_input_files("#pick-old", snapshots)
    expect(page.locator("#why")).to_be_visible()
    return page


def test_the_overview_says_why_and_what_next(told):
    expect(told.locator("#verdict")).to_have_text("6 differences")
    expect(told.locator("[aria-labelledby=why]")).to_contain_text("The database is at b2e7, 1 migration behind c3d9.")
    for label, (count, following) in EXPECTED.items():
        line = told.locator(cause(label))
        expect(line).to_contain_text(f"{count} × {label}")
        expect(line).to_contain_text(following)


@pytest.mark.parametrize("label", EXPECTED)
def test_a_cause_leads_to_its_differences(told, label):
    told.locator(cause(label) + " button").click()
    expect(told.locator("#tree")).to_be_visible()
    expect(told.locator(".hidden-count")).to_contain_text(f"{EXPECTED[label][0]} of 6")


def test_objects_and_groups_name_the_cause(told):
    press(told, "g", "c")
    told.locator('.switch input[value="why"]').check(force=True)
    headings = told.locator("#tree .row.level-1")
    expect(headings).to_have_count(3)
    for place, label in enumerate(EXPECTED):
        expect(headings.nth(place)).to_contain_text(label)
    told.locator("#tree .row").filter(has_text="by_hand").first.click()
    difference = told.locator(".difference").filter(has=told.locator("h4", has_text="by_hand"))
    expect(difference.locator(".cause")).to_have_text("changed by hand")


def test_without_migrations_nothing_is_told(watch, snapshots):
    page = watch().open()
    page.set_input_files("#pick-old", snapshots[:2])
    expect(page.locator("#verdict")).to_have_text("6 differences")
    expect(page.locator("#why")).to_have_count(0)
    # The whole alone cannot tell what was changed by hand, and says so.
    drop(page, snapshots[2:3])
    expect(page.locator("[aria-labelledby=why]")).to_contain_text("changes by hand count as not applied")
    drop(page, snapshots[3:])
    expect(page.locator(cause("changed by hand"))).to_be_visible()
