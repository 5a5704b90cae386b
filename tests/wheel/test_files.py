"""What no service runs here is held against its schema; and what the documents show is what the files say."""

import os
import re
import subprocess

import pytest
import yaml
from conftest import ROOT, TOOLS, run

WORKFLOWS = [".github/workflows/release.yml", "docs/examples/ci/github.yml"]
DOCUMENTS = ["docs/install.md", "docs/ci.md"]


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.github-actions", ["action.yml"]),
    ],
)
def test_files_keep_to_their_schemas(schema, files):
    run(TOOLS / "check-jsonschema", "--builtin-schema", schema, *[ROOT / file for file in files])


def test_gitlab_would_take_the_template(tmp_path):
    about, job = yaml.safe_load_all((ROOT / "templates/driftglass.yml").read_text())
    filled = re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda name: str(about["spec"]["inputs"][name[1]]["default"] or "x"), yaml.safe_dump(job))
    (tmp_path / "job.yml").write_text(filled)
    example = ROOT / "docs/examples/ci/gitlab-ci.yml"
    words = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    run(TOOLS / "check-jsonschema", *words, tmp_path / "job.yml", example)
    (included,) = yaml.safe_load(example.read_text())["include"]
    assert set(included["inputs"]) <= set(about["spec"]["inputs"])


def test_examples_use_inputs_that_there_are():
    known = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    jobs = yaml.safe_load((ROOT / WORKFLOWS[1]).read_text())["jobs"].values()
    steps = [step for job in jobs for step in job["steps"] if step.get("uses", "").startswith("driftglass/")]
    assert steps and all(set(step["with"]) <= set(known) for step in steps)


def scripts():
    for file in ["action.yml", *WORKFLOWS]:
        text = yaml.safe_load((ROOT / file).read_text())
        jobs = [text["runs"]] if "runs" in text else text["jobs"].values()
        for job in jobs:
            for step in job["steps"]:
                if "run" in step:
                    yield pytest.param(step["run"], id=f"{file} {step.get('name', step['run'].splitlines()[0])}")


@pytest.mark.parametrize("script", list(scripts()))
def test_shell_scripts_are_sound(script):
    # Expressions are replaced before a shell sees them.
    script = re.sub(r"\$\{\{.+?\}\}", "expression", script)
    words = [TOOLS / "shellcheck", "--shell=bash", "--exclude=SC2154", "-"]
    ran = subprocess.run(words, input=script, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout


# A line that names a file, and the block behind it.
SHOWN = re.compile(r"(?<=\n)`([\w./-]+)`:\n\n```(\w*)\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documents_show_the_files_as_they_are(document):
    """`DRIFTGLASS_SAMPLES=write` writes what they show anew."""
    text = (ROOT / document).read_text()

    def as_it_is(found):
        return f"`{found[1]}`:\n\n```{found[2]}\n{(ROOT / found[1]).read_text()}```"

    expected = SHOWN.sub(as_it_is, text)
    if os.environ.get("DRIFTGLASS_SAMPLES") == "write":
        (ROOT / document).write_text(expected)
        return
    assert SHOWN.search(text) and text.count("\n```") == 2 * len(SHOWN.findall(text))
    assert text == expected


def test_documents_name_files_that_there_are():
    for document in DOCUMENTS:
        folder = (ROOT / document).parent
        links = re.findall(r"\]\(((?!https?:)[^)#]+)", (ROOT / document).read_text())
        assert links and all((folder / link).exists() for link in links), document
