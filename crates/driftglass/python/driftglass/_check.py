"""The comparison as a function: for tests, and as data."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Optional, Union

from driftglass import _models
from driftglass._command import find

Several = Union[str, Sequence[str]]

DIFFERS = 1


class Failed(RuntimeError):
    """It could not be told whether the two sides agree."""


def assert_in_sync(
    *,
    models: Any = None,
    migrations: Optional[str] = None,
    db: Optional[str] = None,
    ignore: Several = (),
    tables: Several = (),
    fail_on: Several = (),
    python: Optional[str] = None,
) -> None:
    """Fails where the models and what the migrations build differ, with the report as the message.

    What is not given is taken from `driftglass.toml`. The migrations are run in a throwaway PostgreSQL.

    models: `"package.module:Base"`, or a declarative base or a MetaData.
    migrations: `alembic.ini`, or a folder of Alembic's or of SQL files.
    db: a database to compare the models with, instead of the migrations.
    ignore, tables, fail_on: as `--ignore`, `--table` and `--fail-on`.
    python: the command that imports the models and runs the migrations; this very Python by default.

    Raises AssertionError where they differ, `Failed` where it could not be told.
    """
    __tracebackhide__ = True  # The report is what matters, not these lines.
    words = ["check", "--db", db or _built(migrations)]
    if models is not None:
        # With the scheme: a module may be called `models` itself.
        words += ["--models", f"models:{_models.reference(models)}"]
    words += _repeated("--fail-on", fail_on)
    status, output = _run(words, ignore, tables, python)
    if status == DIFFERS:
        raise AssertionError(f"the models and {'the database' if db else 'the migrations'} differ\n\n{output.rstrip()}")


def compare(
    old: str,
    new: str,
    *,
    ignore: Several = (),
    tables: Several = (),
    python: Optional[str] = None,
) -> dict[str, Any]:
    """Compares any two sources, and gives the report as `driftglass diff --format json` writes it.

    old, new: references, such as `"postgresql://…"`, `"models:shop.models"`, `"migrations:"` or `"prod.json"`.

    Raises `Failed` where it could not be told.
    """
    _, output = _run(["diff", old, new, "--format", "json"], ignore, tables, python)
    report: dict[str, Any] = json.loads(output)
    return report


def _built(migrations: Optional[str]) -> str:
    return f"migrations:{migrations or ''}"


def _repeated(option: str, values: Several) -> list[str]:
    values = [values] if isinstance(values, str) else values
    # One word each: a value may begin with a dash.
    return [f"{option}={value}" for value in values]


def _run(words: list[str], ignore: Several, tables: Several, python: Optional[str]) -> tuple[int, str]:
    __tracebackhide__ = True
    environment = dict(os.environ)
    words = [find(), *_hidden(words, environment), *_repeated("--ignore", ignore), *_repeated("--table", tables)]
    words += ["--python", python or shlex.quote(sys.executable), "--color", "never"]
    if python is None:
        environment["PYTHONPATH"] = _import_path()
    ran = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, check=False)
    output = ran.stdout.decode("utf-8", "replace")
    if ran.returncode not in (0, DIFFERS):
        said = ran.stderr.decode("utf-8", "replace").strip()
        raise Failed(said[len("error: ") :] if said.startswith("error: ") else said or f"exit status {ran.returncode}")
    return ran.returncode, output


def _hidden(words: list[str], environment: dict[str, str]) -> list[str]:
    """URLs as names of variables: everybody on the machine sees the arguments of a command, and a URL may hold a password."""
    shown = []
    for number, word in enumerate(words):
        if "://" in word and "@" in word:
            name = f"DRIFTGLASS_URL_{number}"
            environment[name] = word
            word = f"db:${name}"
        shown.append(word)
    return shown


def _import_path() -> str:
    """Where this process finds the project's modules: test runners add to the path what another process lacks."""
    here = os.path.join(os.getcwd(), "")
    installed = tuple(os.path.join(prefix, "") for prefix in (sys.prefix, sys.base_prefix))
    folders = [os.path.join(os.path.abspath(entry), "") for entry in sys.path]
    own = [folder for folder in folders if folder.startswith(here) and not folder.startswith(installed)]
    return os.pathsep.join([*dict.fromkeys(own), *filter(None, [os.environ.get("PYTHONPATH")])])
