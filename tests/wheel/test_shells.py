"""Completions in the shells themselves, and the manual as its readers judge it."""

import shutil

import pytest
from conftest import clean, run

BASH = """
source <({driftglass} completions bash)
COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
_driftglass driftglass "${{COMP_WORDS[$COMP_CWORD]}}" "${{COMP_WORDS[$COMP_CWORD-1]}}"
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("driftglass ch", {"check"}),
        ("driftglass check --mod", {"--models"}),
        ("driftglass check --format s", {"sql", "sarif"}),
        ("driftglass completions ''", {"bash", "elvish", "fish", "powershell", "zsh"}),
    ],
)
def test_bash_completes(bin, words, expected):
    script = BASH.format(driftglass=bin / "driftglass", words=words)
    assert set(run("bash", "--norc", "-c", script).stdout.split()) >= expected


def test_fish_completes(bin, tmp_path):
    fish = shutil.which("fish") or pytest.skip("there is no fish")
    script = f"{bin}/driftglass completions fish | source; complete -C 'driftglass ch'"
    said = run(fish, "--no-config", "-c", script, env=clean(HOME=str(tmp_path))).stdout
    assert said.startswith("check\tCompare the database with the models")


def test_zsh_takes_the_script(bin, tmp_path):
    zsh = shutil.which("zsh") or pytest.skip("there is no zsh")
    script = f"autoload -U compinit; compinit -D; source <({bin}/driftglass completions zsh); print $_comps[driftglass]"
    assert run(zsh, "-f", "-c", script, env=clean(HOME=str(tmp_path))).stdout == "_driftglass\n"


def test_the_manual_is_clean(bin, tmp_path):
    run(bin / "driftglass", "man", tmp_path)
    pages = sorted(tmp_path.iterdir())
    assert {"driftglass.1", "driftglass-check.1"} <= {page.name for page in pages}
    man = shutil.which("man") or pytest.skip("there is no man")
    for page in pages:
        ran = run(man, "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page, env=clean(MANWIDTH="100", PAGER="cat"))
        assert ran.stderr == "", page
    text = run(bin / "driftglass", "man").stdout
    assert text.startswith(".ie") and "driftglass" in text


def test_it_works_in_a_broken_project(bin, tmp_path):
    (tmp_path / "driftglass.toml").write_text("modles = 3\n")
    run(bin / "driftglass", "completions", "bash", cwd=tmp_path)
    run(bin / "driftglass", "snapshot", "empty:", cwd=tmp_path, status=2)
