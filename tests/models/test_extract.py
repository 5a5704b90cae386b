"""Tests of the model extractor, by the interpreter that runs them.

Each folder here with a `case.json` is a small application. Its `targets` are extracted as driftglass does it, over
standard input, and loaded statement by statement; the outcome must be the schema that SQLAlchemy's own `create_all`
makes of the same models, which `reference` imports. Cases whose `requires` or `sqlalchemy` this environment does not
meet are not collected.

DRIFTGLASS_TEST_URL names a PostgreSQL server on which databases may be created, DRIFTGLASS_TEST_PG_BIN the folder of a
pg_dump of its version.
"""
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import uuid

import psycopg2
import psycopg2.extensions
import pytest
import sqlalchemy
from sqlalchemy.dialects.postgresql.base import PGDialect

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # What the script leaves behind is tested.
HERE = pathlib.Path(__file__).resolve().parent
PARTS = ["main", "models", "project", "sources", "statements", "failures"]  # As the command joins them.
FOLDER = HERE.parents[1] / "crates" / "snapshot" / "src" / "models" / "extract"
SCRIPT = b"".join((FOLDER / f"{part}.py").read_bytes() for part in PARTS)
VERSION = tuple(int(part) for part in sqlalchemy.__version__.split(".")[:2])


def runnable(case):
    wanted = tuple(int(part) for part in case["sqlalchemy"].split("."))
    return VERSION >= wanted and all(importlib.util.find_spec(package) for package in case["requires"])


CASES = {
    file.parent.relative_to(HERE).as_posix(): case
    for file in sorted(HERE.rglob("case.json"))
    for case in [json.loads(file.read_text())]
    if runnable(case)
}


def only(name):
    """A test of one case, which is not collected where the case is not."""
    return lambda test: test if name in CASES else None


LOADABLE = [name for name, case in CASES.items() if "reference" in case]


def run(folder, *targets, python=(sys.executable,), **options):
    """What the process printed, as driftglass would start it."""
    options["targets"] = list(targets)
    command = [*python, "-", json.dumps(options)]
    done = subprocess.run(command, input=SCRIPT, cwd=str(folder), capture_output=True, env=dict(os.environ))
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def extract(folder, *targets, **options):
    output = run(folder, *targets, **options)
    assert output[:1] == b"\x1e" and output.count(b"\n") == 1 and output.endswith(b"\n")
    reply = json.loads(output[1:].decode("utf-8"))
    assert reply["protocol"] == 1
    return reply


def extracted(folder, *targets, **options):
    reply = extract(folder, *targets, **options)
    assert "error" not in reply, reply["error"]
    return reply


def refused(folder, *targets, **options):
    error = extract(folder, *targets, **options)["error"]
    for hidden in ("<stdin>", "<frozen", "importlib/__init__"):
        assert hidden not in error["traceback"]
    assert len(error["traceback"].splitlines()) <= 17
    assert "\n" not in error["message"]
    return error


def write(folder, **modules):
    for name, text in modules.items():
        (folder / (name + ".py")).write_text(text)
    return folder


def line(file, text):
    """The number of the only line that holds a text."""
    found = [number for number, one in enumerate((HERE / file).read_text().splitlines(), 1) if text in one]
    assert len(found) == 1, "%r is on %d lines of %s" % (text, len(found), file)
    return found[0]


def sql(reply, kind=None):
    return [one["sql"] for one in reply["statements"] if kind in (None, one["kind"])]


def statement(reply, text):
    (found,) = [one for one in reply["statements"] if text in one["sql"]]
    return found


# --- The schema ---


@pytest.fixture
def database():
    """Makes databases with names of their own, and drops them."""
    url, made = os.environ["DRIFTGLASS_TEST_URL"], []
    server = psycopg2.connect(url)
    server.autocommit = True

    def make():
        name = "models_" + uuid.uuid4().hex
        server.cursor().execute("CREATE DATABASE " + name + " TEMPLATE template0")
        made.append(name)
        return psycopg2.extensions.make_dsn(url, dbname=name)

    make.version = server.server_version
    yield make
    for name in made:
        server.cursor().execute("DROP DATABASE " + name)
    server.close()


def load(dsn, statements):
    """Runs each statement for itself, and returns those that the server refuses."""
    connection, failed = psycopg2.connect(dsn), []
    cursor = connection.cursor()
    for one in statements:
        cursor.execute("SAVEPOINT one")
        try:
            cursor.execute(one["sql"])
        except psycopg2.Error:
            cursor.execute("ROLLBACK TO one")
            failed.append(one)
    connection.commit()
    connection.close()
    return failed


REFERENCE = """
import sys, sqlalchemy
sys.path.insert(0, "")
from sqlalchemy.schema import CreateSchema
options = {}
exec(sys.argv[2])
connect = lambda: __import__("psycopg2").connect(sys.argv[1])
engine = sqlalchemy.create_engine("postgresql+psycopg2://", creator=connect, **options)
refused = sys.argv[3:]
sqlalchemy.orm.configure_mappers()
for one in metadata:
    for table in one.tables.values():
        table.indexes -= {index for index in table.indexes if index.name in refused}
        table.constraints -= {key for key in table.constraints if key.name in refused}
    with engine.begin() as connection:
        names = {item.schema for item in [*one.tables.values(), *one._sequences.values()] if item.schema}
        for name in names:
            connection.exec_driver_sql('CREATE SCHEMA IF NOT EXISTS "%s"' % name)
    one.create_all(engine)
"""


def create_all(dsn, folder, case):
    command = [sys.executable, "-", dsn, case["reference"], *case.get("refused", [])]
    done = subprocess.run(command, input=REFERENCE.encode(), cwd=str(folder), capture_output=True,
                          env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"))
    assert done.returncode == 0, done.stderr.decode()


def dump(dsn):
    program = os.path.join(os.environ["DRIFTGLASS_TEST_PG_BIN"], "pg_dump")
    text = subprocess.run([program, "--schema-only", "--dbname", dsn], check=True, capture_output=True).stdout.decode()
    return [one for one in text.splitlines() if not one.startswith(("\\restrict", "\\unrestrict"))]


@pytest.mark.parametrize("name", LOADABLE)
def test_same_schema_as_create_all(name, database):
    case, folder = CASES[name], HERE / name
    models, reference = database(), database()
    reply = extracted(folder, *case["targets"], server_version=database.version)
    failed = load(models, reply["statements"])
    create_all(reference, folder, case)
    expected = dump(reference)
    assert any(one.startswith("CREATE TABLE") for one in expected)
    assert dump(models) == expected
    assert len(failed) == len(case.get("refused", []))
    for one, refusal in zip(failed, case.get("refused", [])):
        assert refusal in one["sql"] and one["file"] == "models.py" and one["line"]


@pytest.mark.parametrize("name", LOADABLE)
def test_same_reply_every_time(name):
    first, second = [run(HERE / name, *CASES[name]["targets"]) for _ in range(2)]
    assert first == second


@pytest.mark.parametrize("name", LOADABLE)
def test_every_statement_is_one_and_has_a_place(name):
    reply = extracted(HERE / name, *CASES[name]["targets"])
    kinds = {"schema", "type", "sequence", "table", "index", "foreign_key", "comment", "ddl", "extension"}
    for one in reply["statements"]:
        assert one["kind"] in kinds
        assert not one["sql"].endswith(";") and one["sql"] == one["sql"].strip()
        if one["kind"] not in ("schema", "sequence"):
            assert one["line"] and (HERE / name / one["file"]).is_file(), one
    for table in reply["origins"]:
        assert table["line"] and all(place["line"] for place in table["columns"].values())


# --- Source lines ---

SHOP = "declarative20/shop/models.py"
SHOP_BASE = "declarative20/shop/base.py"


@only("declarative20")
def test_lines_of_declarative_models():
    reply = extracted(HERE / "declarative20", "shop")
    tables = {table["table"]: table for table in reply["origins"]}
    customer, product, order = tables["customer"], tables["product"], tables["order"]
    assert customer["file"] == "shop/models.py"
    assert customer["line"] == line(SHOP, "class Customer(")
    assert customer["columns"]["nick"]["line"] == line(SHOP, "nick: Mapped")
    assert customer["columns"]["created_at"] == {"file": "shop/base.py", "line": line(SHOP_BASE, "created_at:")}
    assert order["columns"]["owner_id"] == {"file": "shop/base.py", "line": line(SHOP_BASE, "def owner_id")}
    assert product["columns"]["sku"]["line"] == line(SHOP, "sku_: Mapped")
    assert product["columns"]["search"]["line"] == line(SHOP, "search = deferred")
    assert tables["tagging"]["line"] == line(SHOP, "tagging = Table(")
    assert tables["tagging"]["columns"]["tag_id"]["line"] == line(SHOP, 'Column("tag_id"')
    assert tables["special_order"]["columns"]["wish"]["line"] == line(SHOP, "wish: Mapped")
    assert product["indexes"]["ix_product_lower"]["line"] == line(SHOP, "func.lower(name),") - 2
    assert product["indexes"]["ix_product_sku"]["line"] == line(SHOP, "sku_: Mapped")
    assert customer["constraints"]["uq_customer_country_email"]["line"] == line(SHOP, 'UniqueConstraint("country"')
    assert customer["constraints"]["fk_customer_manager_id_customer"]["line"] == line(SHOP, "manager_id: Mapped")
    assert statement(reply, "CREATE TYPE colour")["line"] == line(SHOP, "class Colour(")
    assert statement(reply, "CREATE TYPE grade")["line"] == line(SHOP, "grade: Mapped")
    assert statement(reply, 'ADD CONSTRAINT fk_order_owner')["line"] == line(SHOP_BASE, "def owner_id")
    assert statement(reply, "ON COLUMN customer.email")["line"] == line(SHOP, "email: Mapped")


def test_lines_of_classic_models():
    reply = extracted(HERE / "declarative14", "models.py")
    file, tables = "declarative14/models.py", {table["table"]: table for table in reply["origins"]}
    assert tables["team"]["columns"]["name"]["line"] == line(file, "name = sa.Column(")
    assert tables["player"]["columns"]["gloves"]["line"] == line(file, "gloves = sa.Column(")
    assert tables["match"]["columns"]["played"]["line"] == line(file, 'sa.Column("played"')
    assert tables["player"]["indexes"]["ix_player_data"]["line"] == line(file, 'sa.Index("ix_player_data"')


def test_lines_of_core_tables():
    reply = extracted(HERE / "core_tables", "tables")
    file, tables = "core_tables/tables.py", {table["table"]: table for table in reply["origins"]}
    assert tables["Street"]["schema"] == "Odd Name"
    assert tables["Street"]["line"] == line(file, "street = sa.Table(")
    assert tables["Street"]["columns"]["main house"]["line"] == line(file, 'sa.Column("main house"')
    assert tables["person"]["columns"]["id"]["line"] == line(file, "person = sa.Table(") + 3
    assert statement(reply, "house_owner")["line"] == line(file, "people.person.id")
    assert statement(reply, "CREATE TYPE people.hand")["line"] == line(file, '"hand", postgresql.ENUM')


def test_mixins_of_libraries_yield_to_the_project(tmp_path):
    library = tmp_path / "site-packages"
    library.mkdir()
    write(library, stamps="import sqlalchemy as sa\nclass Stamped:\n    at = sa.Column(sa.DateTime)\n")
    write(tmp_path, app="import stamps\nimport sqlalchemy as sa\nfrom sqlalchemy.orm import declarative_base\n"
                        "Base = declarative_base()\n\n\nclass A(stamps.Stamped, Base):\n    __tablename__ = 'a'\n"
                        "    id = sa.Column(sa.Integer, primary_key=True)\n")
    (table,) = extracted(tmp_path, "app", init="import sys; sys.path.append('site-packages')")["origins"]
    assert table["columns"]["at"] == {"file": "app.py", "line": 7}
    assert table["columns"]["id"] == {"file": "app.py", "line": 9}


# --- Targets ---


def test_everything_in_a_module_is_found_once():
    reply = extracted(HERE / "several_metadata", "bases")
    assert {one["label"]: (one["tables"], one["used"]) for one in reply["metadata"]} == {
        "bases:Runs": (2, True), "bases:Events": (2, True), "bases:loose": (1, True), "bases:empty": (0, False)}
    assert len([one for one in sql(reply) if "CREATE TABLE migration" in one]) == 1
    assert len([one for one in sql(reply) if "CREATE TYPE state" in one]) == 1
    assert len(sql(reply, "index")) == 1


@pytest.mark.parametrize("target, tables", [
    ("bases:Runs", {"run", "migration"}),
    ("bases:Runs.metadata", {"run", "migration"}),
    ("bases:Runs.registry", {"run", "migration"}),
    ("bases.py:loose", {"plain"}),
    ("bases:both", {"run", "event", "migration"}),
    ("bases:chosen", {"event", "migration"}),
])
def test_part_of_a_module(target, tables):
    reply = extracted(HERE / "several_metadata", target)
    assert {one["object"][1] for one in reply["statements"] if one["kind"] == "table"} == tables
    assert "bases:empty" in {one["label"] for one in reply["metadata"] if not one["used"]}


def test_package_with_a_broken_part():
    reply = extracted(HERE / "package", "library")
    assert {table["table"] for table in reply["origins"]} == {"book", "shelf"}
    (failed,) = reply["failed_imports"]
    assert failed == {
        "module": "library.plugins.optional", "file": "library/plugins/optional.py", "line": 4,
        "error": "ModuleNotFoundError: No module named 'a_package_that_does_not_exist'"}
    assert reply["metadata"] == [{"label": "library.base:Base", "tables": 2, "used": True}]


def test_file_of_a_package_is_imported_by_its_name():
    reply = extracted(HERE / "package", "library/catalogue/shelves.py")
    assert {table["table"] for table in reply["origins"]} == {"shelf"}


def test_another_folder_on_the_path():
    reply = extracted(HERE, "library:base.Base", path=["package"])
    assert {table["file"] for table in reply["origins"]} == {
        "package/library/catalogue/books.py", "package/library/catalogue/shelves.py"}


@only("flask_app")
@pytest.mark.parametrize("target", ["site_app:db", "site_app:create_app", "site_app.models"])
def test_flask_binds_are_listed_only(target):
    reply = extracted(HERE / "flask_app", target)
    assert {table["table"] for table in reply["origins"]} == {"user", "user_group", "membership"}
    if len(reply["metadata"]) > 1:
        assert [(one["tables"], one["used"]) for one in reply["metadata"]] == [(3, True), (1, False)]
    else:  # Before Flask-SQLAlchemy 3 all binds share one MetaData.
        assert reply["warnings"] == ["table visit is left out: it belongs to the bind statistics"]


@only("sqlmodel_app")
def test_sqlmodel_lines():
    reply = extracted(HERE / "sqlmodel_app", "heroes")
    file, tables = "sqlmodel_app/heroes.py", {table["table"]: table for table in reply["origins"]}
    assert tables["hero"]["line"] == line(file, "class Hero(")
    assert tables["hero"]["columns"]["name"]["line"] == line(file, "max_length=100")
    assert tables["hero"]["columns"]["age"]["line"] == line(file, "age: Optional")
    assert statement(reply, "CREATE TYPE rank")["line"] == line(file, "class Rank(")
    assert reply["metadata"] == [{"label": "sqlmodel.main:SQLModel", "tables": 3, "used": True}]


# --- The statements ---


def test_views_and_listeners():
    reply = extracted(HERE / "listeners", "listening:Base")
    assert reply["warnings"] == ["table report is left out: it maps a view"]
    assert sql(reply)[0] == "CREATE EXTENSION IF NOT EXISTS plpgsql"
    assert reply["statements"][0]["kind"] == "extension"
    assert not [one for one in sql(reply) if "never" in one or "nor_this" in one or "INSERT" in one or "report" in one]
    trigger = statement(reply, "CREATE TRIGGER")
    assert trigger["file"] == "listening.py" and trigger["kind"] == "ddl"
    assert statement(reply, "log_2023")["line"] == line("listeners/listening.py", "text(\"CREATE TABLE log_%d") - 1


def test_listener_that_needs_a_database(tmp_path):
    write(tmp_path, app="import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
                        "a = sa.Table('a', metadata, sa.Column('id', sa.Integer))\n"
                        "@sa.event.listens_for(metadata, 'before_create')\n"
                        "def broken(target, connection, **kw):\n"
                        "    connection.execute(sa.text('SELECT 1')).scalar().bit_length()\n"
                        "@sa.event.listens_for(metadata, 'after_create')\n"
                        "def good(target, connection, **kw):\n"
                        "    connection.execute(sa.text('CREATE TABLE b ()'))\n")
    reply = extracted(tmp_path, "app")
    assert [one["kind"] for one in reply["statements"]] == ["table", "ddl"]
    (warning,) = reply["warnings"]
    assert "AttributeError" in warning and "app.py:6" in warning


@pytest.mark.parametrize("version, expected", [(130000, "->"), (150004, "[")]
                         if hasattr(PGDialect, "_supports_jsonb_subscripting") else [(150004, "->")])
def test_the_target_version_decides(tmp_path, version, expected):
    write(tmp_path, app="import sqlalchemy as sa\nfrom sqlalchemy.dialects.postgresql import JSONB\n"
                        "a = sa.Table('a', sa.MetaData(), sa.Column('js', JSONB))\nsa.Index('ix', a.c.js['k'])\n")
    (index,) = sql(extracted(tmp_path, "app", server_version=version), "index")
    assert expected in index


def test_tables_that_relationships_define(tmp_path):
    write(tmp_path, app="import sqlalchemy as sa\nfrom sqlalchemy.orm import declarative_base, relationship\n"
                        "Base = declarative_base()\nclass A(Base):\n    __tablename__ = 'a'\n"
                        "    id = sa.Column(sa.Integer, primary_key=True)\n"
                        "    others = relationship('B', secondary=lambda: sa.Table('ab', Base.metadata,\n"
                        "        sa.Column('a', sa.ForeignKey('a.id')), sa.Column('b', sa.ForeignKey('b.id'))))\n"
                        "class B(Base):\n    __tablename__ = 'b'\n    id = sa.Column(sa.Integer, primary_key=True)\n")
    assert {table["table"] for table in extracted(tmp_path, "app")["origins"]} == {"a", "ab", "b"}


def test_what_listeners_create_once_more(tmp_path):
    write(tmp_path, app="import sqlalchemy as sa\nfrom sqlalchemy.dialects.postgresql import ENUM\n"
                        "metadata = sa.MetaData()\nkind = ENUM('x', name='kind')\n"
                        "a = sa.Table('a', metadata, sa.Column('kind', kind, index=True))\n"
                        "@sa.event.listens_for(metadata, 'before_create')\n"
                        "def early(target, connection, **kw):\n    kind.create(connection, checkfirst=True)\n"
                        "@sa.event.listens_for(metadata, 'after_create')\n"
                        "def late(target, connection, **kw):\n    a.create(connection, checkfirst=True)\n")
    assert [one["kind"] for one in extracted(tmp_path, "app")["statements"]] == ["type", "table", "index"]


if VERSION >= (2, 0):

    def test_foreign_keys_of_other_databases(tmp_path):
        write(tmp_path, app="import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
                            "a = sa.Table('a', metadata, sa.Column('id', sa.Integer, primary_key=True))\n"
                            "key = sa.ForeignKeyConstraint(['id'], ['a.id']).ddl_if(dialect='sqlite')\n"
                            "sa.Table('b', metadata, sa.Column('id', sa.Integer), key)\n")
        assert sql(extracted(tmp_path, "app"), "foreign_key") == []


def test_schemas_that_the_application_makes_itself(tmp_path):
    write(tmp_path, app="import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
                        "sa.Table('a', metadata, sa.Column('id', sa.Integer), schema='One')\n"
                        "sa.Table('b', metadata, sa.Column('id', sa.Integer), schema='two')\n"
                        "sa.event.listen(metadata, 'before_create', sa.DDL('CREATE SCHEMA \"One\"'))\n")
    assert sql(extracted(tmp_path, "app"), "schema") == ['CREATE SCHEMA IF NOT EXISTS "two"', 'CREATE SCHEMA "One"']


def test_server_order_of_unnamed_foreign_keys(tmp_path):
    write(tmp_path, app="import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
                        "sa.Table('a', metadata, sa.Column('id', sa.Integer, primary_key=True), sa.Column('z', sa.Integer),\n"
                        "  sa.ForeignKeyConstraint(['z'], ['a.id'], ondelete='CASCADE'),\n"
                        "  sa.ForeignKeyConstraint(['z'], ['a.id']))\n")
    assert ["CASCADE" in one for one in sql(extracted(tmp_path, "app"), "foreign_key")] == [True, False]


def test_types_that_two_bases_define_differently(tmp_path):
    write(tmp_path, app="import sqlalchemy as sa\none, two = sa.MetaData(), sa.MetaData()\n"
                        "sa.Table('a', one, sa.Column('k', sa.Enum('x', name='kind')))\n"
                        "sa.Table('b', two, sa.Column('k', sa.Enum('y', name='kind')))\n")
    reply = extracted(tmp_path, "app")
    assert sql(reply, "type") == ["CREATE TYPE kind AS ENUM ('x')"]
    assert reply["warnings"] == ["type public.kind is defined by app:one, and differently by app:two"]


def test_one_statement_at_a_time(tmp_path):
    parts = ["CREATE TABLE \"a;b\" (t text DEFAULT 'it''s; $$')", "SELECT E'\\';', 'x'", "DO $$ BEGIN; END; $$",
             "DO $a$ 1; $$ ; $a$ -- ;\n", "/* ; */ CREATE VIEW v AS SELECT 1 AS a$1"]
    text = " ;\n".join(parts) + ";\n-- the end;\n"
    write(tmp_path, app="import sqlalchemy as sa\na = sa.Table('a', sa.MetaData(), sa.Column('id', sa.Integer))\n"
                        "sa.event.listen(a, 'after_create', sa.DDL(%r))\n" % text)
    reply = extracted(tmp_path, "app")
    assert sql(reply, "ddl") == [part.strip() for part in parts]
    assert {one["line"] for one in reply["statements"]} == {2, 3}


@pytest.mark.parametrize("target", ["src/shop/models.py", "src/shop/models.py:Base"])
def test_file_below_a_source_folder(tmp_path, target):
    (tmp_path / "src" / "shop").mkdir(parents=True)
    write(tmp_path / "src" / "shop", __init__="", base="from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n",
          models="import sqlalchemy as sa\nfrom shop.base import Base\n\nclass A(Base):\n    __tablename__ = 'a'\n"
                 "    id = sa.Column(sa.Integer, primary_key=True)\n")
    reply = extracted(tmp_path, target)
    assert reply["statements"][0]["file"] == "src/shop/models.py" and reply["statements"][0]["line"] == 4
    assert [one["label"] for one in reply["metadata"]] == ["shop.base:Base"]


if VERSION >= (2, 1):

    def test_views_of_sqlalchemy(tmp_path):
        write(tmp_path, app="import sqlalchemy as sa\nfrom sqlalchemy.schema import CreateView\nmetadata = sa.MetaData()\n"
                            "a = sa.Table('a', metadata, sa.Column('id', sa.Integer))\n"
                            "CreateView(sa.select(a.c.id).where(a.c.id == 5), 'a_view', metadata=metadata)\n")
        view = statement(extracted(tmp_path, "app"), "CREATE VIEW a_view")
        assert view["kind"] == "ddl" and view["line"] == 5 and "a.id = 5" in view["sql"]


# --- The protocol ---


def test_noise_and_closed_descriptors(tmp_path):
    write(tmp_path, app="import os, sys, threading, time\nprint('noise')\nos.write(1, b'more noise')\nsys.stdout.flush()\n"
                        "sys.stdout.close()\nos.close(1)\nos.closerange(3, 256)\n"
                        "for number in range(3, 64):\n    try:\n        os.close(number)\n    except OSError:\n        pass\n"
                        "threading.Thread(target=time.sleep, args=[60]).start()\n"
                        "import atexit\natexit.register(lambda: os.write(2, b'never'))\n"
                        "import sqlalchemy as sa\na = sa.Table('\\u00e4\\u2028', sa.MetaData(), sa.Column('id', sa.Integer))\n")
    assert extracted(tmp_path, "app")["origins"][0]["table"] == "\u00e4\u2028"


def test_folder_that_hides_the_standard_library(tmp_path):
    for name in ("types", "json", "enum", "ast", "inspect", "traceback", "decimal", "platform"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise ImportError('the wrong module')")
    write(tmp_path, app="import sqlalchemy as sa\na = sa.Table('a', sa.MetaData(), sa.Column('id', sa.Integer))\n")
    assert len(extracted(tmp_path, "app")["statements"]) == 1


def test_nothing_is_left_behind(tmp_path):
    write(tmp_path, app="import json, os, sys\nimport sqlalchemy as sa\n"
                        "seen = json.dumps([sorted(os.environ), sys.argv[1:], os.environ['GIVEN'], sys.path[0]])\n"
                        "a = sa.Table('a', sa.MetaData(), sa.Column('id', sa.Integer), comment=seen)\n")
    (comment,) = sql(extracted(tmp_path, "app", environment={"GIVEN": "7"}), "comment")
    names, arguments, given, path = json.loads(comment.split(" IS ")[1].strip("'"))
    assert set(names) - {"LC_CTYPE"} == set(os.environ) - {"LC_CTYPE"} | {"GIVEN"}
    assert (arguments, given, path) == ([], "7", str(tmp_path))
    assert [file.name for file in tmp_path.iterdir()] == ["app.py"]


def test_init_runs_before_the_import(tmp_path):
    write(tmp_path, app="import sqlalchemy as sa, os\na = sa.Table(os.environ['NAME'], sa.MetaData(), sa.Column('id', sa.Integer))\n")
    reply = extracted(tmp_path, "app", init="import os; os.environ['NAME'] = 'set'")
    assert reply["origins"][0]["table"] == "set"
    error = refused(tmp_path, "app", init="1 / 0")
    assert error["kind"] == "import" and "ZeroDivisionError" in error["message"]


# --- Failures ---


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "error" in case])
def test_kind_of_error(name):
    assert refused(HERE / name, *CASES[name]["targets"])["kind"] == CASES[name]["error"]


def test_missing_package():
    error = refused(HERE / "broken/import_error", "models")
    assert error["message"] == ("cannot import models: ModuleNotFoundError: No module named 'some_missing_package' "
                                "(helpers.py:2)")
    assert sys.executable in error["hint"] and "--python" in error["hint"] and "some_missing_package" in error["hint"]
    assert "models.py" in error["traceback"] and "helpers.py" in error["traceback"]


def test_missing_target(tmp_path):
    error = refused(tmp_path, "nowhere.models")
    assert error["kind"] == "import" and str(tmp_path) in error["hint"] and "--path" in error["hint"]
    (tmp_path / "src" / "nowhere").mkdir(parents=True)
    assert "--path src" in refused(tmp_path, "nowhere.models")["hint"]
    assert refused(tmp_path, "nowhere.py")["kind"] == "target"


def test_missing_setting():
    folder = HERE / "broken/settings"
    error = refused(folder, "models")
    assert "(models.py:5)" in error["message"]
    assert "--setenv SHOP_SCHEMA=" in error["hint"]
    reply = extracted(folder, "models", environment={"SHOP_SCHEMA": "sales"})
    assert sql(reply)[0] == 'CREATE SCHEMA IF NOT EXISTS "sales"'


def test_ambiguous_tables_name_both_sides():
    folder = HERE / "broken/ambiguous"
    error = refused(folder, "models")
    assert "public.account" in error["message"]
    assert "models:Base" in error["message"] and "models:OldBase" in error["message"]
    assert len(extracted(folder, "models:OldBase")["statements"]) == 1


def test_missing_name_lists_candidates():
    error = refused(HERE / "several_metadata", "bases:Base")
    assert error["kind"] == "target"
    assert all(name in error["hint"] for name in ("bases:Runs", "bases:Events", "bases:loose"))


def test_name_without_metadata(tmp_path):
    write(tmp_path, app="import sqlalchemy\nname = 'x'\ndef fails():\n    return 1 / 0\n")
    assert refused(tmp_path, "app:name")["kind"] == "target"
    assert "ZeroDivisionError" in refused(tmp_path, "app:fails")["message"]


def test_no_tables():
    error = refused(HERE / "package", "library.base:Base")
    assert error["kind"] == "no_tables" and "library.base:Base" in error["message"]


@pytest.mark.parametrize("text, hint", [
    ("raise SystemExit(3)", "ended the program"),
    ("raise RuntimeError('Working outside of application context.')", "--init"),
    ("from . import nothing", "--path"),
    ("class ValidationError(Exception):\n    def errors(self):\n        return [{'loc': ('database_url',)}]\n"
     "raise ValidationError('1 validation error')", "--setenv DATABASE_URL=value"),
])
def test_hints(tmp_path, text, hint):
    error = refused(write(tmp_path, app=text + "\n"), "app")
    assert error["kind"] == "import" and hint in error["hint"]


def test_syntax_error_has_its_line(tmp_path):
    error = refused(write(tmp_path, app="x = 1\ny = = 2\n"), "app")
    assert "(app.py:2)" in error["message"]


def test_foreign_key_to_a_table_that_was_not_imported(tmp_path):
    write(tmp_path, app="import sqlalchemy as sa\n"
                        "a = sa.Table('a', sa.MetaData(), sa.Column('id', sa.Integer, sa.ForeignKey('gone.id')))\n")
    error = refused(tmp_path, "app")
    assert error["kind"] == "create" and "gone" in error["message"] and "targets" in error["hint"]


def test_type_that_has_no_ddl(tmp_path):
    write(tmp_path, app="import sqlalchemy as sa\na = sa.Table('a', sa.MetaData(),\n  sa.Column('odd'))\n")
    error = refused(tmp_path, "app")
    assert error["kind"] == "create" and "a (app.py:2)" in error["message"] and "odd" in error["message"]


def test_interpreter_without_sqlalchemy(tmp_path):
    error = refused(tmp_path, "app", python=(sys.executable, "-S"))
    assert error["kind"] == "no_sqlalchemy" and "--python" in error["hint"]
