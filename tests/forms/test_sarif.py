"""SARIF by its official schema, by a reader of types, and by what GitHub asks for beyond it."""

import functools
import json
import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

from conftest import ROOT
from jsonschema import Draft7Validator
from sarif_pydantic import Sarif


@functools.cache
def official() -> Draft7Validator:
    """The schema, as a crate carries it that is in Cargo.lock for nothing else and never compiled."""
    words = ["cargo", "metadata", "--locked", "--format-version", "1", "--all-features"]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    packages = json.loads(ran.stdout)["packages"]
    manifest = next(it["manifest_path"] for it in packages if it["name"] == "serde-sarif")
    return Draft7Validator(json.loads((Path(manifest).parent / "src/schema.json").read_text()))


def test_the_schema(told):
    errors = official().iter_errors(json.loads(told.forms["sarif"]))
    errors = [f"{error.json_path}: {error.message[:300]}" for error in errors]
    assert not errors, errors[:5]


def test_a_reader(told):
    run = Sarif.model_validate_json(told.forms["sarif"]).runs[0]
    assert run.tool.driver.name == "driftglass"
    findings = {json.dumps(finding) for finding in told.report["findings"]}
    assert len(run.results) == len(told.report["entries"]) + len(findings)


def test_what_github_asks_for(told):
    run = json.loads(told.forms["sarif"])["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    fingerprints = set()
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        # One result without a file, and the whole upload is refused.
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9/%._~-]+", uri) and not uri.startswith("/"), uri
        assert "\n" not in uri and unquote(uri), uri
        assert location["physicalLocation"]["region"]["startLine"] >= 1
        assert result["message"]["text"]
        # Neither links nor placeholders.
        assert "](" not in result["message"]["text"]
        assert "id" not in result["message"] and "arguments" not in result["message"]
        fingerprints.add(result["partialFingerprints"]["driftglass/v1"])
    assert len(fingerprints) == len(run["results"])


def test_levels_follow_the_gates(told):
    results = json.loads(told.forms["sarif"])["runs"][0]["results"]
    levels = [result["level"] for result in results]
    assert ("error" in levels) == (told.status == 1)
    assert levels == sorted(levels, key=["error", "warning", "note"].index)
    if told.case == "gated":
        assert levels.count("error") == 1 and "table-extra" in {result["ruleId"] for result in results}
