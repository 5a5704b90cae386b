"""`assert_in_sync` and `compare`, in pytest itself."""

import shutil

import pytest
from conftest import ROOT, TOOLS, clean, quick, run

EXAMPLES = ROOT / "docs/examples/pytest"
DRIFT = "the models and the migrations differ"


def python(bin, folder, code, status=0):
    return run(bin / "python", "-c", code, cwd=folder, status=status, env=quick())


def pytest_in(bin, folder, status, env=None):
    return run(bin / "python", "-m", "pytest", "-p", "no:cacheprovider", cwd=folder, status=status, env=env or quick())


def test_one_line_fails_with_the_report(bin, project):
    shutil.copy(EXAMPLES / "test_schema.py", project)
    # With the server that came with the wheel.
    said = pytest_in(bin, project, status=1, env=clean()).stdout
    assert f"AssertionError: {DRIFT}" in said
    assert "public.customers.nickname" in said and "write this migration: `driftglass check --fix`" in said
    # What is to be read is the report, not this package.
    assert "_check.py" not in said and "subprocess" not in said


def test_one_line_passes(bin, agreeing):
    shutil.copy(EXAMPLES / "test_schema.py", agreeing)
    assert "1 passed" in pytest_in(bin, agreeing, status=0).stdout


def test_everything_by_hand(bin, agreeing, database):
    (agreeing / "driftglass.toml").unlink()
    shutil.copy(EXAMPLES / "test_schema_by_hand.py", agreeing)
    assert "2 passed, 1 skipped" in pytest_in(bin, agreeing, status=0).stdout
    # Nothing in an empty database can be lost: that alone is asked for.
    assert "3 passed" in pytest_in(bin, agreeing, status=0, env=quick(STAGING_URL=database)).stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", DRIFT),
        ("fail_on='data-loss'", None),
        ("ignore='column:*.nickname'", None),
        ("ignore=['#comment', 'column:*.nickname']", None),
        ("tables='orders'", None),
        ("tables=['customers', 'orders']", DRIFT),
        ("models='models:metadata', migrations='migrations'", DRIFT),
        ("models=__import__('models').metadata", DRIFT),
        ("models=__import__('models').orders", DRIFT),
    ],
)
def test_what_can_be_given(bin, project, arguments, expected):
    code = f"import driftglass; driftglass.assert_in_sync({arguments})"
    said = python(bin, project, code, status=1 if expected else 0).stderr
    assert expected is None or f"AssertionError: {expected}" in said


def test_what_cannot_be_told_is_no_difference(bin, project):
    code = "import driftglass; driftglass.assert_in_sync({})"
    said = python(bin, project, code.format("models='gone'"), status=1).stderr
    assert "driftglass._check.Failed: " in said and "gone" in said
    said = python(bin, project, code.format("models=3"), status=1).stderr
    assert "ValueError: models: 3 is neither text" in said
    local = "import sqlalchemy; models = [sqlalchemy.MetaData()]; " + code.format("models=models[0]")
    assert "under a name of its own" in python(bin, project, local, status=1).stderr


def test_a_base_means_all_of_its_models(bin, tmp_path):
    """The module of the base knows none of the tables; those that do are imported as well, from where pytest found them."""
    app = tmp_path / "src/app"
    app.mkdir(parents=True)
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = src\n")
    (app / "__init__.py").touch()
    (app / "base.py").write_text("from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n")
    (app / "users.py").write_text(
        "from sqlalchemy.orm import Mapped, mapped_column\nfrom .base import Base\n\n\nclass User(Base):\n"
        "    __tablename__ = 'users'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql/001_users.sql").write_text("CREATE TABLE users (id serial PRIMARY KEY);\n")
    (tmp_path / "test_app.py").write_text(
        "import app.users\nfrom app.base import Base\nfrom driftglass import assert_in_sync\n\n\n"
        "def test_users():\n    assert_in_sync(models=Base, migrations='sql')\n"
    )
    assert "1 passed" in pytest_in(bin, tmp_path, status=0).stdout
    (tmp_path / "sql/001_users.sql").write_text("CREATE TABLE others (id int);\n")
    said = pytest_in(bin, tmp_path, status=1).stdout
    # Plain SQL keeps no books: nothing is said of what a database has had.
    assert "public.users" in said and "The database" not in said


def test_a_comparison_as_data(bin, project):
    code = "from driftglass import compare; r = compare('migrations:', 'models:models'); print([e['id'] for e in r['entries']])"
    assert python(bin, project, code).stdout == "['column:public.customers.nickname']\n"


def test_the_package_is_typed(bin, project):
    (project / "typed.py").write_text(
        "from driftglass import assert_in_sync, compare\n\nassert_in_sync(ignore=['#comment'])\n"
        "reveal_type(compare('a', 'b'))\nassert_in_sync(ignore=3)\n"
    )
    words = ["--strict", "--python-executable", bin / "python", "--cache-dir", "/dev/null", "typed.py"]
    said = run(TOOLS / "mypy", *words, cwd=project, status=1).stdout
    assert 'Revealed type is "dict[str, Any]"' in said.replace("builtins.", "")
    assert said.strip().endswith("Found 1 error in 1 file (checked 1 source file)"), said
    run(TOOLS / "mypy", "--strict", "--cache-dir", "/dev/null", "-p", "driftglass", cwd=ROOT / "crates/driftglass/python")


def test_nothing_of_the_project_is_imported(bin, project):
    code = "import sys, driftglass, driftglass.ci; print('sqlalchemy' in sys.modules, 'models' in sys.modules)"
    assert python(bin, project, code).stdout == "False False\n"
