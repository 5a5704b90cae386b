"""The wheel's bill of materials names what Cargo.lock has for the command and for the page inside it."""

import json
import re
import tomllib
import zipfile

import pytest
from conftest import ROOT

# Crates leave the paths of their sources in what is compiled of them: where a program would panic.
SOURCE = re.compile(rb"/registry/src/[^/\0]+/([A-Za-z0-9_-]+?)-(\d+\.\d+\.\d+[^/\0]*)/")


@pytest.fixture(scope="module")
def parts(wheel) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as opened:
        return {name.split(".dist-info/")[-1].split("/scripts/")[-1]: opened.read(name) for name in opened.namelist()}


@pytest.fixture(scope="module")
def bill(parts) -> dict:
    assert [name for name in parts if name.startswith("sboms/")] == ["sboms/driftglass.cyclonedx.json"]
    return json.loads(parts["sboms/driftglass.cyclonedx.json"])


def named(bill: dict) -> set[tuple[str, str]]:
    return {(part["name"], part["version"]) for part in [*bill["components"], bill["metadata"]["component"]]}


def test_what_is_compiled_in_is_named(parts, bill):
    compiled = {(name.decode(), version.decode()) for name, version in SOURCE.findall(parts["driftglass"])}
    assert len(compiled) > 40, "the program says where its sources stood"
    assert compiled <= named(bill), compiled - named(bill)


def test_what_is_named_is_locked(bill):
    locked = {(it["name"], it["version"]): it.get("checksum") for it in tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]}
    assert named(bill) <= set(locked)
    for part in bill["components"]:
        sums = [it["content"] for it in part.get("hashes", [])]
        wanted = locked[part["name"], part["version"]]
        assert sums == ([wanted] if wanted else []), part["name"]
        assert part["licenses"][0]["expression"], part["name"]


def test_what_is_asked_for_is_named(bill):
    """Each dependency that a manifest of the command's or the page's own crates names, but for those of features."""
    names = {name for name, _ in named(bill)}
    for folder in ["crates/driftglass", "crates/snapshot", "crates/store", "crates/diff-core", "crates/viewer", "web"]:
        asked = tomllib.loads((ROOT / folder / "Cargo.toml").read_text())["dependencies"]
        optional = {name for name, how in asked.items() if isinstance(how, dict) and how.get("optional")}
        assert set(asked) - optional <= names, folder


def test_it_is_connected_and_names_no_machine(bill):
    known = {part["bom-ref"] for part in [*bill["components"], bill["metadata"]["component"]]}
    assert {it["ref"] for it in bill["dependencies"]} == known
    assert {needed for it in bill["dependencies"] for needed in it["dependsOn"]} <= known
    # Without a time, a number of its own and paths the same sources give the same bytes.
    assert "timestamp" not in bill["metadata"] and "serialNumber" not in bill
    assert str(ROOT) not in json.dumps(bill)
