"""The GitHub Action and GitLab's template: their steps run as a runner runs them, on a project, with the real wheel."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, quick
from runner import Runner
from service import Service

ACTION = ROOT / "action.yml"


@pytest.fixture
def service():
    with Service() as running:
        yield running


@pytest.fixture(scope="module")
def temporary(tmp_path_factory) -> Path:
    """The runner's: several steps of one job may use the action."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture
def act(tmp_path, bin, wheel, service, temporary):
    """Runs the action in a job in which the project's own Python is on PATH, as after actions/setup-python."""
    (tmp_path / "event.json").write_text(json.dumps({"pull_request": {"number": 7}}))

    def call(folder, token="write", **inputs):
        inputs = {name.replace("_", "-"): value for name, value in inputs.items()}
        return Runner(ACTION, inputs, {"github.token": token}).run(
            folder,
            temporary,
            PATH=f"{bin}{os.pathsep}{os.environ['PATH']}",
            PIP_FIND_LINKS=str(wheel.parent),
            DRIFTGLASS_SHADOW=os.environ["DRIFTGLASS_TEST_URL"],
            GITHUB_ACTIONS="true",
            GITHUB_API_URL=service.url,
            GITHUB_REPOSITORY="shop/shop",
            GITHUB_EVENT_PATH=str(tmp_path / "event.json"),
            GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"),
        )

    return call


def test_a_pull_request_that_forgets_a_migration(act, project, service, tmp_path):
    ran = act(project, db="migrations:", name="models", sarif="true")
    assert ran.status == 1 and ran.outputs["status"] == "1", ran.log
    # In the code, in the log, in the summary of the run and in the comment.
    assert "::error file=models.py,line=12," in ran.log
    assert "+ public.customers.nickname  text" in ran.log
    assert "nickname" in (tmp_path / "summary.md").read_text()
    (comment,) = service.comments.values()
    assert comment.startswith("<!-- driftglass: models -->\n") and "nickname" in comment
    (artifact, kept), (upload, sarif) = ran.used
    assert artifact.startswith("actions/upload-artifact@") and kept["name"] == "driftglass-models"
    reports = {path.name for path in Path(kept["path"]).iterdir()}
    assert {"driftglass.html", "driftglass.md", "driftglass.json", "driftglass.sarif"} <= reports
    assert upload.startswith("github/codeql-action/upload-sarif@")
    assert json.loads(Path(sarif["sarif_file"]).read_text())["version"] == "2.1.0"


def test_the_same_once_it_is_written(act, agreeing, service):
    service.add("<!-- driftglass -->\nthree differences")
    ran = act(agreeing.parent, db="migrations:", working_directory="project", html="false")
    assert (ran.status, ran.outputs["status"], ran.used) == (0, "0", []), ran.log
    assert "brought the comment up to date" in ran.log and "three" not in service.comments[1]


def test_a_fork_may_not_comment_and_gates_decide(act, project, service):
    ran = act(project, token="read", db="migrations:", fail_on="data-loss", args="--table customers")
    assert ran.status == 0, ran.log
    assert "::warning title=driftglass::no comment: the server said 403" in ran.log
    assert "nickname" in ran.log and not service.comments


def test_what_cannot_be_told_fails(act, project, service):
    ran = act(project, db="migrations:", models="gone", comment="false", sarif="true")
    assert ran.status == 2 and "gone" in ran.log
    assert [used for used, _ in ran.used] == ["actions/upload-artifact@v4"]


def test_inputs_are_no_code(act, project, tmp_path):
    """Nothing that is typed into a workflow, a branch's name for one, is run by a shell."""
    sly = f"x'; touch {tmp_path}/sly; $(touch {tmp_path}/sly) `touch {tmp_path}/sly` \""
    act(project, db=sly, models=sly, name=sly, args="--verbose", comment="false")
    assert not (tmp_path / "sly").exists()
    for step in yaml.safe_load(ACTION.read_text())["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_the_template_of_gitlab(bin, project, service, wheel, tmp_path):
    about, job = yaml.safe_load_all((ROOT / "templates/driftglass.yml").read_text())
    inputs = {name: one["default"] for name, one in about["spec"]["inputs"].items()}
    inputs |= {"args": "--db migrations:", "install": "true", "name": "models"}
    text = json.dumps(job)
    for name, value in inputs.items():
        text = text.replace(f"$[[ inputs.{name} ]]", value)
    assert "$[[" not in text
    (job,) = json.loads(text).values()
    own = quick(
        PATH=f"{bin}{os.pathsep}{os.environ['PATH']}",
        PIP_FIND_LINKS=str(wheel.parent),
        GITLAB_CI="true",
        CI_API_V4_URL=f"{service.url}/api/v4",
        CI_PROJECT_ID="5",
        CI_MERGE_REQUEST_IID="3",
        DRIFTGLASS_GITLAB_TOKEN="write",
        **job["variables"],
    )
    script = "set -e\n" + "\n".join(job["script"])
    ran = subprocess.run(["bash", "-c", script], cwd=project, env=own, capture_output=True, text=True)
    assert ran.returncode == 1, ran.stderr
    assert "nickname" in ran.stdout and "wrote a comment" in ran.stdout
    assert service.comments[1].startswith("<!-- driftglass: models -->\n")
    reports = job["artifacts"]["reports"]
    (quality,) = json.loads((project / reports["codequality"]).read_text())
    assert quality["location"]["path"] == "models.py"
    assert "<testcase" in (project / reports["junit"]).read_text()


def test_the_templates_name_this_version():
    version = (ROOT / "Cargo.toml").read_text().split('version = "', 1)[1].split('"', 1)[0]
    inputs = yaml.safe_load(ACTION.read_text())["inputs"]
    about, _ = yaml.safe_load_all((ROOT / "templates/driftglass.yml").read_text())
    assert inputs["version"]["default"] == about["spec"]["inputs"]["version"]["default"] == version
    assert f"ARG VERSION={version}\n" in (ROOT / "Dockerfile").read_text()
    for example in (ROOT / "docs/examples/ci").iterdir():
        text = example.read_text()
        assert f"v{version}" in text or f"driftglass=={version}" in text, example


def test_every_input_is_used():
    action = yaml.safe_load(ACTION.read_text())
    steps = json.dumps(action["runs"])
    for name in action["inputs"]:
        assert f"inputs.{name} " in steps, name
