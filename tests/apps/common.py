"""What the three applications share: one command line, create_all statement by statement, and Alembic's comparison.

    python app_X.py migrate URL       build the schema by the application's own migrations
    python app_X.py create_all URL    build it from the models; print what PostgreSQL refused
    python app_X.py compare URL       print how Alembic says that the models differ from the database

Each runs inside the application's own virtual environment. Results are JSON on standard output.
"""

import json
import os
import sys

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url
from sqlalchemy.engine.mock import MockConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import AddConstraint, CreateTable
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeEngine


def main(migrate, metadata, **options):
    """`metadata` is a function, because importing the models takes settings that `migrate` may have to make first."""
    command, url = sys.argv[1:3]
    # The applications log and print as they please; standard output belongs to the JSON.
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    if command == "migrate":
        migrate(url)
        return
    work = {"create_all": create_all, "compare": compare}[command]
    rows = work(url, metadata(), options)
    json.dump(rows, output, indent=1)
    output.write("\n")
    output.flush()


def with_driver(url, driver):
    """The same database by another driver; SQLAlchemy 2.1 and 2.0 do not have the same default."""
    return make_url(url).set(drivername=f"postgresql+{driver}").render_as_string(hide_password=False)


def create_all(url, metadata, options):
    refused = []
    with create_engine(with_driver(url, "psycopg2")).begin() as connection:

        def refusal(statement):
            try:
                with connection.begin_nested():
                    connection.execute(statement)
            except DBAPIError as error:
                sql = str(statement.compile(dialect=connection.dialect))
                return {"sql": " ".join(sql.split()), "error": str(error.orig).splitlines()[0]}

        def execute(statement, *_args, **_kwargs):
            error = refusal(statement)
            if error and isinstance(statement, CreateTable):
                # One foreign key that cannot be must not take its table along.
                table = statement.element
                parts = [CreateTable(table, include_foreign_key_constraints=[])]
                keys = sorted(table.foreign_key_constraints, key=lambda key: key._creation_order)
                parts += map(AddConstraint, keys)
                refused.extend(filter(None, map(refusal, parts)))
            elif error:
                refused.append(error)

        metadata.create_all(MockConnection(connection.dialect, execute), checkfirst=False)
    return refused


def compare(url, metadata, options):
    with create_engine(with_driver(url, "psycopg2")).connect() as connection:
        context = MigrationContext.configure(connection, opts={
            "target_metadata": metadata,
            "compare_type": True,
            "compare_server_default": True,
            **options,
        })
        forgive_defaults(context)
        return [row(change) for change in flatten(compare_metadata(context, metadata))]


def forgive_defaults(context):
    """Alembic compares defaults by running them; one that cannot be run is not a difference, and not the end."""
    compare_server_default = context.impl.compare_server_default

    def guarded(inspected_column, column, *defaults):
        try:
            with context.connection.begin_nested():
                return compare_server_default(inspected_column, column, *defaults)
        except DBAPIError as error:
            print(f"default of {column.table.name}.{column.name} not compared: {error.orig}", file=sys.stderr)
            return False

    context.impl.compare_server_default = guarded


def flatten(changes):
    """The changes of one column come in a list of their own."""
    for change in changes:
        if isinstance(change, list):
            yield from flatten(change)
        else:
            yield change


def row(change):
    op = change[0]
    if op.startswith("modify_"):
        _, schema, table, column, _, old, new = change
        return make(op, "column", schema, f"{table}.{column}", f"{text(old)} -> {text(new)}")
    if op in ("add_column", "remove_column"):
        _, schema, table, column = change
        return make(op, "column", schema, f"{table}.{column.name}", text(column.type))
    thing = change[1]
    if op.endswith("_table_comment"):
        return make("modify_comment", "table", thing.schema, thing.name, text(thing.comment))
    if op in ("add_table", "remove_table"):
        return make(op, "table", thing.schema, thing.name, ", ".join(column.name for column in thing.columns))
    table = thing.table
    kind = {"index": "index", "fk": "foreign_key", "constraint": "unique"}[op.split("_", 1)[1]]
    return make(op, kind, table.schema, f"{table.name}.{thing.name or '?'}", detail(thing, kind))


def make(op, kind, schema, name, detail):
    return {"op": op, "object": f"{kind}:{schema or 'public'}.{name}", "detail": detail}


def detail(thing, kind):
    if kind == "index":
        unique = "unique " if thing.unique else ""
        return f"{unique}({', '.join(text(expression) for expression in thing.expressions)})"
    columns = ", ".join(column.name for column in thing.columns)
    if kind == "foreign_key":
        targets = ", ".join(element.target_fullname for element in thing.elements)
        return f"({columns}) -> {targets} on delete {thing.ondelete or 'no action'}"
    return f"({columns})"


def text(value):
    """A type, a column, a default or a comment in a word or two."""
    value = getattr(value, "arg", value)
    if isinstance(value, Column):
        return value.name
    if isinstance(value, (ClauseElement, TypeEngine)):
        return str(value.compile(dialect=postgresql.dialect()))
    return str(value)
