"""The wheel, by every way in which people install it, and a whole check with nothing else at hand."""

import json
import re
import zipfile

import pytest
from conftest import ROOT, TOOLS, clean, quick, run

VERSION = re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE).group(1)


def test_the_wheel_holds_what_it_promises(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in ("driftglass/py.typed", f"driftglass-{VERSION}.data/scripts/driftglass"):
        assert wanted in names
    assert sum(name.split("/")[-1].startswith("LICENSE") for name in names) == 2
    assert not [name for name in names if "README" in name or "www" in name]


def test_the_command_and_the_module_are_one(bin, tmp_path):
    assert run(bin / "driftglass", "--version").stdout == f"driftglass {VERSION}\n"
    assert run(bin / "python", "-m", "driftglass", "--version").stdout == f"driftglass {VERSION}\n"
    failed = run(bin / "python", "-m", "driftglass", "diff", "gone.json", "gone.json", status=2, cwd=tmp_path)
    assert "gone.json" in failed.stderr
    run(bin / "python", "-m", "pip", "check")


@pytest.mark.parametrize(
    "words",
    [
        [TOOLS / "uvx", "--from"],
        [TOOLS / "pipx", "run", "--spec"],
    ],
    ids=["uvx", "pipx"],
)
def test_it_runs_without_being_installed(words, wheel, tmp_path):
    home = clean(UV_CACHE_DIR=str(tmp_path / "uv"), PIPX_HOME=str(tmp_path / "pipx"), PIPX_DEFAULT_BACKEND="pip")
    (tmp_path / "schema.sql").write_text("CREATE TABLE orders (id bigint);\n")
    ran = run(*words, wheel, "driftglass", "snapshot", "sql:schema.sql", env=home, cwd=tmp_path)
    # The server came with the wheel, and is the newest there is.
    assert json.loads(ran.stdout)["source"]["server"].startswith("18.")


def test_cargo_installs_it_with_the_page(tmp_path):
    """What `cargo xtask install` does once the page is built; of the profile that the tests have built already."""
    words = ["--locked", "--offline", "--debug", "--path", ROOT / "crates/driftglass", "--root", tmp_path]
    run("cargo", "install", *words, cwd=ROOT)
    at = {"cwd": ROOT, "env": quick()}
    run(tmp_path / "bin/driftglass", "view", "empty:", "snapshots/models.json", "--html", tmp_path / "report.html", **at)
    assert (tmp_path / "report.html").stat().st_size > 100_000


def test_a_whole_check(bin, project, database):
    at = {"cwd": project, "env": clean(SHOP_DATABASE_URL=database.replace("postgresql:", "postgresql+psycopg:"))}
    run(bin / "python", "-m", "alembic", "upgrade", "b2e7", **at)
    words = ["--db", database, "--python", bin / "python"]
    text = run(bin / "driftglass", "check", *words, status=1, **at).stdout
    assert "The database is at b2e7, 1 migration behind c3d9." in text
    assert re.search(r"\+ public\.customers\.nickname  text\n.*migration missing", text), text
    run(bin / "driftglass", "view", database, "models:models", "--python", bin / "python", "--html", "report.html", **at)
    page = (project / "report.html").read_text()
    assert "<title>" in page and len(page) > 100_000


def test_a_check_needs_no_database(bin, project, agreeing):
    words = ["check", "--db", "migrations:", "--python", bin / "python"]
    assert "✓ in sync" in run(bin / "driftglass", *words, cwd=agreeing).stdout
    (agreeing / "migrations/versions/d4b1_nicknames.py").unlink()
    assert "nickname" in run(bin / "driftglass", *words, cwd=project, status=1, env=quick()).stdout


def test_the_migration_that_is_missing_is_written_without_a_database(bin, project):
    words = [bin / "driftglass", "check", "--db", "migrations:", "--python", bin / "python"]
    at = {"cwd": project, "env": quick()}
    said = run(*words, "--fix", status=1, **at)
    assert "1 × migration missing" in said.stdout and "wrote migrations/versions/" in said.stderr
    assert "✓ in sync" in run(*words, **at).stdout


def test_without_migrations_it_says_what_to_do(bin, tmp_path):
    ran = run(bin / "driftglass", "snapshot", "migrations:", cwd=tmp_path, status=2)
    assert "set `migrations` in driftglass.toml" in ran.stderr
