"""Annotations, read as GitHub's runner reads a step's log."""

import re

from conftest import EXAMPLE, ROOT, run


def unescape(text: str, *more: tuple[str, str]) -> str:
    for code, character in [("%0D", "\r"), ("%0A", "\n"), *more, ("%25", "%")]:
        text = text.replace(code, character)
    return text


def command(line: str):
    """The command on a line: `::name key=value,key=value::data`, or in the runner's older way `##[name]data`."""
    if "##[" in line and not line.lstrip().startswith("::"):
        raise AssertionError(f"the older way: {line}")
    line = line.lstrip()
    if not line.startswith("::"):
        return None
    head, found, data = line[2:].partition("::")
    assert found, line
    name, _, rest = head.partition(" ")
    pairs = [pair.split("=", 1) for pair in rest.strip().split(",") if "=" in pair]
    more = [("%3A", ":"), ("%2C", ",")]
    return name, {key: unescape(value, *more) for key, value in pairs}, unescape(data)


def lines(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text)


def test_annotations(told):
    commands = [found for line in lines(told.forms["github"]) if (found := command(line))]
    by_name = {name: [it for it in commands if it[0] == name] for name in ("error", "warning", "notice")}
    assert sum(map(len, by_name.values())) == len(commands)
    # A step shows no more of each.
    assert max(map(len, by_name.values())) <= 10
    assert bool(by_name["error"]) == (told.status == 1)
    for _, properties, data in commands:
        assert set(properties) <= {"file", "line", "title"}, properties
        assert properties["title"].startswith("driftglass") and data
        assert ("file" in properties) == ("line" in properties)
        assert not properties.get("file", "").startswith(("/", "./"))
    findings = {str(finding) for finding in told.report["findings"]}
    problems = len(told.report["entries"]) + len(findings)
    rest = re.match(r"(\d+) more problem", commands[-1][2]) if commands else None
    assert len(commands) - bool(rest) + (int(rest[1]) if rest else 0) == problems
    plain = [line for line in lines(told.forms["github"]) if line and not command(line)]
    assert plain[0] in told.forms["text"] and len(plain) <= 2


def test_nothing_forges_a_command_in_the_log(told):
    """Not on the console either, which the runner reads too."""
    for line in lines(told.forms["text"]):
        assert command(line) is None, line
        # Azure's, and TeamCity's.
        assert not re.search(r"##[a-z]*\[", line), line
        assert "\x1b" not in line and "\u202e" not in line


def test_files_are_named_from_the_repository(tmp_path):
    """Wherever in it the command runs."""
    diff = ["diff", *EXAMPLE, "--format", "github"]
    assert "::error file=tests/shop/shop/models/" in run(diff).stdout
    below = run(diff, ROOT / "tests", GITHUB_WORKSPACE=str(ROOT)).stdout
    assert "::error file=tests/tests/shop/shop/models/" in below
    assert "::error file=tests/shop/shop/models/" in run(diff, tmp_path, GITHUB_WORKSPACE=str(ROOT)).stdout
    code = run(["diff", *EXAMPLE, "--format", "gitlab"], ROOT / "tests", CI_PROJECT_DIR=str(ROOT)).stdout
    assert '"path": "tests/driftglass.toml"' in code
