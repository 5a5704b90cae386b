"""The hooks, by pre-commit itself, in a repository of their own."""

import json
import shutil

import pytest
import yaml
from conftest import ROOT, TOOLS, quick, run

EXAMPLES = ROOT / "docs/examples/ci"


@pytest.fixture
def git(tmp_path):
    """Runs git, as somebody, without what this machine's user has set."""
    who = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    who |= {f"GIT_{role}_{part}": "a@b.c" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    own = quick(**who, PRE_COMMIT_HOME=str(tmp_path / "cache"))

    def call(folder, *words, status=0, programs=TOOLS):
        # pre-commit's own, and nothing of the project's unless it is said.
        environment = {**own, "PATH": f"{programs}:{TOOLS}:{own['PATH']}"}
        return run(*words, cwd=folder, status=status, env=environment)

    return call


def repository(git, folder, **files):
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    git(folder, "git", "init", "-q", "-b", "main")
    git(folder, "git", "add", "--all")
    git(folder, "git", "commit", "-q", "-m", "as it is")


def settings(name, python, change):
    """An example, with this machine's Python for the models, changed to what is at hand here."""
    example = yaml.safe_load((EXAMPLES / name).read_text())
    change(example["repos"][0])
    return {"__pre-commit-config__yaml": json.dumps(example)}


def test_the_hook_of_this_repository(git, bin, project, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", source)
    repository(git, source)
    git(source, "git", "tag", "v0.1.0")
    repository(git, project, **settings("pre-commit-hook.yaml", bin, lambda repo: repo.update(repo=str(source))))
    ran = git(project, TOOLS / "pre-commit", "run", "--all-files", status=1, programs=bin)
    assert "models and migrations agree" in ran.stdout and "public.customers.nickname" in ran.stdout
    # Nothing that it looks at has changed.
    (project / "README.md").write_text("# Shop\n")
    git(project, "git", "add", "README.md")
    assert "(no files to check)Skipped" in git(project, TOOLS / "pre-commit", "run", programs=bin).stdout


def test_pre_commit_installs_it(git, bin, agreeing, wheel):
    """In an environment of pre-commit's own; the models are imported by the project's."""
    (agreeing / "driftglass.toml").write_text(f'models = "models"\npython = "{bin}/python"\n')
    change = lambda repo: repo["hooks"][0].update(additional_dependencies=[str(wheel)])  # noqa: E731
    repository(git, agreeing, **settings("pre-commit-config.yaml", bin, change))
    words = [TOOLS / "pre-commit", "run", "--all-files", "--hook-stage", "pre-push"]
    assert "Passed" in git(agreeing, *words).stdout
    (agreeing / "migrations/versions/d4b1_nicknames.py").unlink()
    git(agreeing, "git", "add", "--all")
    assert "public.customers.nickname" in git(agreeing, *words, status=1).stdout


def test_the_files_are_what_pre_commit_expects():
    run(TOOLS / "pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml")
    run(TOOLS / "pre-commit", "validate-config", *EXAMPLES.glob("pre-commit-*.yaml"))
