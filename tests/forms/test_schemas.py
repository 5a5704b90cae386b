"""What the command writes is what docs/schemas says, and a key that nobody knows is refused."""

import copy
import json
import os
from pathlib import Path

import pytest
from conftest import EXAMPLE, ROOT, run
from jsonschema import Draft202012Validator

SCHEMAS = ROOT / "docs/schemas"
SNAPSHOTS = sorted((ROOT / "snapshots").glob("*.json"))
APPS = sorted(Path(os.environ.get("DRIFTGLASS_APP_SNAPSHOTS", "/none")).glob("*.json"))


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{name}-1.json").read_text())
    Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith(f"/docs/schemas/{name}-1.json")
    return Draft202012Validator(schema)


def check(name: str, value):
    errors = [f"{error.json_path}: {error.message[:300]}" for error in validator(name).iter_errors(value)]
    assert not errors, errors[:5]


def out(*words) -> object:
    ran = run(words)
    assert ran.returncode < 2, ran.stderr
    return json.loads(ran.stdout)


def test_reports(told):
    check("report", told.report)
    if told.case == "causes":
        assert told.report["causes"]["pending"], "there is a migration to come"
        assert any(entry.get("causes") for entry in told.report["entries"])


@pytest.mark.parametrize("path", [*SNAPSHOTS, *APPS], ids=lambda path: path.name)
def test_snapshots(path):
    check("snapshot", json.loads(path.read_text()))


@pytest.mark.parametrize("models", [path for path in APPS if path.name.endswith("-models.json")], ids=lambda it: it.name)
def test_reports_of_applications(models):
    database = models.with_name(models.name.replace("-models", "-database"))
    check("report", out("diff", database, models, "--format", "json"))


def test_other_outputs(tmp_path):
    check("plan", out("plan", *EXAMPLE, "--format", "json"))
    check("plan", out("plan", *EXAMPLE, "--online", "--format", "json"))
    check("compare", out("compare", *SNAPSHOTS, "--format", "json"))
    check("compare", out("compare", *SNAPSHOTS, "--baseline", "models", "--format", "json"))
    check("lint", out("lint", EXAMPLE[0], "--all", "--format", "json"))
    baseline = tmp_path / "drift.json"
    run(["diff", *EXAMPLE, "--baseline", baseline, "--accept"])
    accepted = json.loads(baseline.read_text())
    accepted["accepted"][0] |= {"reason": "known", "owner": "us", "until": "2030-01-01"}
    check("baseline", accepted)


def test_renames_are_suggested(tmp_path):
    from snapshots import column, id_of, pair, table

    users, mail = id_of("table", "public", "users"), column("text", True)
    old = {users: table(), id_of("column", "public", "users", "email"): mail}
    new = {users: table(), id_of("column", "public", "users", "mail"): mail}
    report = out("diff", *pair(tmp_path, old, new), "--format", "json")
    assert report["suggestions"]
    check("report", report)


def places(value, path=()):
    """Every object within a value, by the keys that lead there."""
    if isinstance(value, dict):
        yield path
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*path, 0))


# What is of the type of a map has the keys it has.
MAPS = {"objects", "sizes", "grants", "options", "printed", "columns", "not_modelled"}


@pytest.mark.parametrize("name", ["report", "snapshot"])
def test_unknown_keys_are_refused(name):
    whole = out("diff", *EXAMPLE, "--format", "json") if name == "report" else json.loads(Path(EXAMPLE[1]).read_text())
    if name == "snapshot":
        whole["objects"] = dict(list(whole["objects"].items())[:6])
    is_valid = validator(name).is_valid
    for path in places(whole):
        if path and path[-1] in MAPS:
            continue
        changed = copy.deepcopy(whole)
        here = changed
        for key in path:
            here = here[key]
        here["no_such_key"] = 1
        assert not is_valid(changed), path


@pytest.mark.parametrize("what", ["snapshot", "report", "plan", "compare", "lint", "baseline"])
def test_the_command_prints_them(what):
    assert run(["schema", what]).stdout == (SCHEMAS / f"{what}-1.json").read_text()
