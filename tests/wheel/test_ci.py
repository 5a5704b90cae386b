"""`python -m driftglass.ci`: the comment, brought up to date in place, and what else a pipeline is told."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from conftest import ROOT, clean, run
from service import Service

REPORT = "<!-- driftglass -->\n## 2 differences\n"
MARK = "<!-- driftglass -->\n"


@pytest.fixture
def service():
    with Service() as running:
        yield running


@pytest.fixture
def ci(tmp_path, service):
    """Runs it as the job of a pull or merge request does; gives what it said."""
    programs = tmp_path / "bin"
    programs.mkdir()
    shutil.copy(Path(__file__).with_name("standin.py"), programs / "driftglass")
    (programs / "driftglass").chmod(0o755)
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 7}}))
    services = {
        "github": {
            "GITHUB_ACTIONS": "true",
            "GITHUB_TOKEN": "write",
            "GITHUB_API_URL": service.url,
            "GITHUB_REPOSITORY": "shop/shop",
            "GITHUB_EVENT_PATH": str(event),
        },
        "gitlab": {
            "GITLAB_CI": "true",
            "DRIFTGLASS_GITLAB_TOKEN": "write",
            "CI_API_V4_URL": f"{service.url}/api/v4",
            "CI_PROJECT_ID": "5",
            "CI_MERGE_REQUEST_IID": "3",
        },
        "": {},
    }

    def call(on, *words, differs=True, report=REPORT, status=None, expected=None, **more):
        status = (1 if differs else 0) if status is None else status
        own = clean(
            PATH=f"{programs}{os.pathsep}{os.environ['PATH']}",
            PYTHONPATH=str(ROOT / "crates/driftglass/python"),
            STANDIN_STATUS=str(status),
            STANDIN_REPORT=report,
            **{**services[on], **more},
        )
        command = [sys.executable, "-m", "driftglass.ci", *words]
        return run(*command, env=own, cwd=tmp_path, status=status if expected is None else expected).stdout

    return call


@pytest.mark.parametrize("on", ["github", "gitlab"])
def test_one_comment_is_written_and_kept_up_to_date(ci, service, on):
    service.add("Looks good to me")
    assert "wrote a comment" in ci(on)
    assert "the comment is up to date" in ci(on)
    assert len(service.requests) == 3
    assert "brought the comment up to date" in ci(on, report=MARK + "in sync\n", differs=False)
    assert list(service.comments.values()) == ["Looks good to me", MARK + "in sync\n"]


@pytest.mark.parametrize("on", ["github", "gitlab"])
def test_it_is_found_on_a_later_page(ci, service, on):
    for number in range(250):
        service.add(f"comment {number}, which quotes:\n> {REPORT}")
    service.add(MARK + "of another day")
    assert "brought the comment up to date" in ci(on)
    assert service.comments[251] == REPORT and len(service.comments) == 251


def test_each_check_has_its_own(ci, service):
    assert "wrote" in ci("github", "--name=production")
    assert "wrote" in ci("github", "--name=staging -->")
    assert "wrote" in ci("github")
    assert "is up to date" in ci("github", "--name=production")
    assert [body.partition("\n")[0] for body in service.comments.values()] == [
        "<!-- driftglass: production -->",
        "<!-- driftglass: staging -->",
        "<!-- driftglass -->",
    ]


def test_where_all_is_well_there_is_nothing_to_say(ci, service):
    assert "there is nothing to say" in ci("github", differs=False)
    assert not service.comments
    # What a gate lets pass is told.
    assert "wrote a comment" in ci("github", differs=False, STANDIN_DIFFERENCES="3")


@pytest.mark.parametrize(
    ("on", "changed", "expected"),
    [
        ("github", {"GITHUB_TOKEN": "read"}, "::warning title=driftglass::no comment: the server said 403 Forbidden: the token may"),
        ("github", {"GITHUB_TOKEN": "gone"}, "401"),
        ("github", {"GITHUB_TOKEN": ""}, "the token is empty"),
        ("github", {"GITHUB_REPOSITORY": "shop/other"}, "404 Not Found: the token does not see it"),
        ("github", {"GITHUB_EVENT_PATH": ""}, "not one of a pull request"),
        ("github", {"GITHUB_API_URL": "http://127.0.0.1:9"}, "Connection refused"),
        ("gitlab", {"DRIFTGLASS_GITLAB_TOKEN": ""}, "warning: no comment: DRIFTGLASS_GITLAB_TOKEN is not set"),
        ("gitlab", {"DRIFTGLASS_GITLAB_TOKEN": "read"}, "403"),
        ("gitlab", {"CI_MERGE_REQUEST_IID": ""}, "not one of a merge request"),
        ("", {}, "neither GitHub Actions nor GitLab CI"),
    ],
)
def test_no_pipeline_fails_for_want_of_a_comment(ci, service, on, changed, expected):
    said = ci(on, **changed)
    assert "no comment" in said and expected in said
    assert not service.comments
    assert "write\n" not in said


def test_a_long_report_is_cut_at_a_line(ci, service):
    ci("github", report=MARK + "| a line of a table |\n" * 4_000)
    body = service.comments[1]
    assert body.startswith(MARK) and body.endswith("|\n\n*The rest is in the report of the job.*\n")


def test_what_cannot_be_told_leaves_the_comment_as_it_is(ci, service):
    ci("github")
    before = dict(service.comments)
    ci("github", status=2, report="")
    assert service.comments == before
    ci("github", "--comment=false")
    assert len(service.requests) == 2


def test_what_the_check_is_asked_and_what_it_leaves_behind(ci, tmp_path):
    outputs = tmp_path / "outputs"
    said = ci(
        "github",
        *("--later", "--models=shop.models", "--db=", "--fail-on=outage", "--args=--table 'a b' --verbose"),
        *("--reports", "out", "--", "--lint"),
        expected=0,
        GITHUB_OUTPUT=str(outputs),
    )
    assert "words: check --format github --lint --table a b --verbose --models=shop.models --fail-on=outage --output" in said
    # The log holds the report as text too.
    assert "\ntext report\n" in said
    assert outputs.read_text() == "status=1\nreports=out\n"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        *("driftglass.html", "driftglass.json", "driftglass.md", "driftglass.sarif", "driftglass.txt", "driftglass.xml"),
        "gl-code-quality-report.json",
    ]
    # A run that tells nothing leaves no report of the run before.
    ci("gitlab", "--reports", "out", status=2)
    assert not list((tmp_path / "out").iterdir())
