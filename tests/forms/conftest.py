"""Reports in every form, made by the command, for those who read them.

    DRIFTGLASS                the command `driftglass`
    DRIFTGLASS_VENVS          the Python environments; `shop` has what the example's models need
    DRIFTGLASS_TEST_URL       a server for shadow databases
    DRIFTGLASS_APP_SNAPSHOTS  optional: a folder of pairs, NAME-database.json and NAME-models.json
"""

import functools
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/page"))

import hostile  # noqa: E402

EXAMPLE = [str(ROOT / "snapshots/production.json"), str(ROOT / "snapshots/models.json")]
FILES = {
    "text": "report.txt",
    "json": "report.json",
    "sql": "report.sql",
    "markdown": "report.md",
    "sarif": "report.sarif",
    "junit": "junit.xml",
    "github": "github=github.txt",
    "gitlab": "gl-code-quality-report.json",
}
CASES = ["example", "gated", "accepted", "same", "hostile", "lost", "causes", "many"]


@dataclass
class Told:
    """One comparison in every form."""

    case: str
    status: int
    forms: dict[str, str]
    report: dict = field(init=False)

    def __post_init__(self):
        self.report = json.loads(self.forms["json"])


def run(words: list, folder: Path = ROOT, **environment) -> subprocess.CompletedProcess:
    cleared = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "CI_"))}
    command = [os.environ["DRIFTGLASS"], *map(str, words)]
    return subprocess.run(command, cwd=folder, env={**cleared, **environment}, capture_output=True, text=True)


def tell(case: str, words: list, folder: Path, here: Path = ROOT) -> Told:
    named = [file.split("=") for file in FILES.values()]
    paths = ["=".join([*form, str(folder / name)]) for *form, name in named]
    outputs = [word for path in paths for word in ("-o", path)]
    ran = run([*words, *outputs], here)
    assert ran.returncode < 2, ran.stderr
    # Line feeds and carriage returns as they are.
    read = {form: (folder / name).read_bytes().decode() for form, (*_, name) in zip(FILES, named)}
    return Told(case, ran.returncode, read)


def causes(folder: Path) -> list:
    """The example's models, whose migrations have not come as far as they have."""
    head = json.loads((ROOT / "snapshots/staging.json").read_text())
    at = json.loads(Path(EXAMPLE[0]).read_text())["source"]["ledgers"][0]["revisions"][0]
    head["source"] |= {"kind": "migrations", "ledgers": []}
    head["source"]["history"] = [
        {"id": at, "file": "versions/first.py"},
        {"id": "c0ffee", "follows": [at], "file": "versions/@second.py"},
    ]
    migrations = folder / "migrations.json"
    migrations.write_text(json.dumps(head))
    python = Path(os.environ["DRIFTGLASS_VENVS"]) / "shop/bin/python"
    words = ["check", "--db", EXAMPLE[0], "--models", "shop.models", "--path", ROOT / "tests/shop"]
    return [*words, "--python", python, "--shadow", os.environ["DRIFTGLASS_TEST_URL"], "--migrations", migrations]


@functools.cache
def made(case: str, folder: Path) -> Told:
    diff = ["diff", *EXAMPLE]
    match case:
        case "gated":
            diff += ["--fail-on", "data-loss", "--allow", "table-extra"]
        case "accepted":
            baseline = folder / "drift.json"
            assert run([*diff, "--table", "public.*", "--baseline", baseline, "--accept"]).returncode == 0
            diff += ["--baseline", baseline]
        case "same":
            diff = ["diff", EXAMPLE[1], EXAMPLE[1]]
        case "hostile" | "lost" | "many":
            diff = ["diff", *getattr(hostile, case)(folder)]
        case "causes":
            diff = causes(folder)
    return tell(case, diff, folder)


@pytest.fixture(scope="session", params=CASES)
def told(request, tmp_path_factory) -> Told:
    folders = request.config.stash.setdefault(FOLDERS, {})
    folder = folders.setdefault(request.param, None) or tmp_path_factory.mktemp(request.param)
    folders[request.param] = folder
    return made(request.param, folder)


FOLDERS = pytest.StashKey[dict]()
