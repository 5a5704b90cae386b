"""Prints the DDL of SQLAlchemy models, with the source line of each object, as one line of JSON; or, with other parts
behind this one, runs the migrations of a project.

It runs inside the application's own Python, over standard input, so that nothing has to be installed there:

    python - '{"targets": ["app.models"]}' < extract.py

The application is imported, `create_all` runs on a connection that only records, and the reply goes to the original
standard output after a byte 0x1E; whatever the application prints goes to standard error. No database is contacted by
this script, and a failure is a reply as well. Needs SQLAlchemy 1.4 or later and Python 3.8 or later, nothing else.
"""
import sys

# `python -` searches the working directory first, where a folder named like a standard module (`types/`) would hide
# that module. Everything this script needs is therefore imported before the directory is put back.
if sys.path and sys.path[0] == "":
    del sys.path[0]

import ast  # noqa: E402
import contextlib  # noqa: E402
import functools  # noqa: E402
import importlib  # noqa: E402
import importlib.util  # noqa: E402
import inspect  # noqa: E402
import io  # noqa: E402
import itertools  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
import socket  # noqa: E402
import traceback  # noqa: E402

sys.dont_write_bytecode = True  # The application's folder may be read-only, and is not ours to fill.
HERE = __file__ if "__file__" in globals() else "<stdin>"
STDLIB = os.path.dirname(os.path.realpath(os.__file__)) + os.sep
LIBRARIES = re.compile(r"[/\\](site|dist)-packages[/\\]")
# A module is imported on its own account only if its text looks like models: an application has many more modules, and
# each import may have effects. Folders that hold other versions of the same tables are never entered.
MODELS = re.compile(
    r"\bmapped_column\(|\bMapped\[|__tablename__|__table__|\bSQLModel\b|\bDeclarativeBase|declarative_base\(")
TABLES = re.compile(r"\b(Column|Table|MetaData|relationship|registry)\(")
SQLALCHEMY = re.compile(r"\b(sqlalchemy|sqlmodel)\b|\bdb\.", re.IGNORECASE)
SKIPPED_FOLDERS = {"tests", "test", "testing", "migrations", "alembic", "versions", "node_modules", "__pycache__"}


class Failure(Exception):
    """What becomes the `error` of the reply."""

    def __init__(self, kind, message, hint="", cause=None):
        super().__init__(message)
        trace = user_traceback(cause) if cause else ""
        self.reply = {"kind": kind, "message": message, "traceback": trace, "hint": hint}


def main():
    output = keep_output()
    reply = {"protocol": 1, "python": ".".join(map(str, sys.version_info[:3]))}
    try:
        options = json.loads(sys.argv[1])
        sys.argv[1:] = []  # Applications that parse their arguments at import must not meet ours.
        reply.update(extract(options))
    except Failure as failure:
        reply["error"] = failure.reply
    except BaseException as error:  # SystemExit as well: the reader must get an answer.
        failure = Failure("create", UNREADABLE + ": " + summary(error), hint_for(error), error)
        failure.reply["traceback"] = failure.reply["traceback"] or traceback.format_exc(limit=-6)
        reply["error"] = failure.reply
    line = json.dumps(reply, ensure_ascii=False).encode("utf-8", "replace")
    data, status = b"\x1e" + line + b"\n", 1
    try:
        while data:
            data = data[os.write(output, data):]
        status = 0
    finally:
        os._exit(status)  # Threads and exit handlers of the application are not waited for.


def keep_output():
    """Keeps the original standard output for the reply, also from code that closes every descriptor it finds."""
    output = os.dup(1)
    os.dup2(2, 1)
    close, close_range = os.close, os.closerange
    os.close = lambda fd: None if fd == output else close(fd)

    def closerange(low, high):
        close_range(low, min(high, output))
        close_range(max(low, output + 1), high)

    os.closerange = closerange
    return output


def prepare(options):
    """Sets variables and the import path, and imports SQLAlchemy: what comes before any code of the application."""
    os.environ.update({str(key): str(value) for key, value in (options.get("environment") or {}).items()})
    project = Project(options.get("path") or ["."])
    if importlib.util.find_spec("sqlalchemy"):  # Else the project may hold a copy.
        load_sqlalchemy()
    sys.path[:] = project.path + [entry for entry in sys.path if entry not in project.path]
    load_sqlalchemy()
    return project


def run_init(options):
    if options.get("init"):
        try:
            exec(compile(options["init"], "<init>", "exec"), {"__name__": "__init__"})
        except BaseException as error:
            raise Failure("import", "the init code failed: " + summary(error), hint_for(error), error)


def load_sqlalchemy():
    """Imports SQLAlchemy into this module's names: all of it, before the application can shadow or replace parts."""
    global sqlalchemy, orm, ddl, postgresql, Mapper
    try:
        import sqlalchemy
        import sqlalchemy.orm as orm
        import sqlalchemy.sql.ddl as ddl
        from sqlalchemy.dialects import postgresql
        from sqlalchemy.orm.mapper import Mapper
    except ImportError as error:
        if error.name == "sqlalchemy":
            raise Failure("no_sqlalchemy", "SQLAlchemy is not installed for %s" % sys.executable,
                          PYTHON, error)
        raise Failure("no_sqlalchemy", "SQLAlchemy cannot be imported: " + summary(error), hint_for(error), error)
    if tuple(map(int, sqlalchemy.__version__.split(".")[:2])) < (1, 4):
        raise Failure("no_sqlalchemy", "SQLAlchemy %s is too old, 1.4 is needed" % sqlalchemy.__version__)


