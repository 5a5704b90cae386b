"""`python -m driftglass.ci`: one check in a pipeline, its report in every form, and a comment that is kept up to date.

    python -m driftglass.ci --name shop --reports driftglass-reports -- --models shop.models --db production

What stands behind `--` is for `driftglass check`. On GitHub Actions and GitLab CI the comment goes to the pull or merge
request that the job runs for; elsewhere, and where the job may not write there, nothing but a line in the log is made of it.
The exit status is that of the check. Nothing but the standard library is used.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Optional

from driftglass import _comments
from driftglass._command import find

FAILED = 2

# The forms of the report, by the file's name, and what a pipeline does with it.
REPORTS = {
    "driftglass.txt": "text",
    "driftglass.md": "markdown",
    "driftglass.html": "html",
    "driftglass.json": "json",
    "driftglass.sarif": "sarif",
    "driftglass.xml": "junit",
    "gl-code-quality-report.json": "gitlab",
}


def main(words: Optional[Sequence[str]] = None, environment: Mapping[str, str] = os.environ) -> int:
    """Checks, comments, tells; gives the exit status."""
    options = _parser().parse_args(words)
    status = check(options, environment)
    report = options.reports / "driftglass.md"
    # Without a report there is nothing that is not in the log already.
    if options.comment == "true" and status != FAILED and report.is_file():
        text = _comments.named(report.read_text("utf-8"), options.name)
        print(_comments.publish(text, _agrees(options.reports), environment), flush=True)
    outputs = environment.get("GITHUB_OUTPUT")
    if outputs:
        with open(outputs, "a", encoding="utf-8") as file:
            file.write(f"status={status}\nreports={options.reports}\n")
    return 0 if options.later else status


def check(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Runs the check once, and writes every form of its report."""
    options.reports.mkdir(parents=True, exist_ok=True)
    own = [word for word in options.words if word != "--"] + shlex.split(options.args)
    named = {"--models": options.models, "--db": options.db, "--fail-on": options.fail_on, "--baseline": options.baseline}
    own += [f"{option}={value}" for option, value in named.items() if value]
    outputs = [f"--output={form}={options.reports / name}" for name, form in REPORTS.items()]
    for name in REPORTS:
        # A report of an earlier run would pass for one of this.
        (options.reports / name).unlink(missing_ok=True)
    is_github = environment.get("GITHUB_ACTIONS") == "true"
    command = [find(), "check", "--format", "github" if is_github else "text", *own, *outputs]
    status = subprocess.run(command, env=dict(environment), check=False).returncode
    told = options.reports / "driftglass.txt"
    if is_github and told.is_file():
        # Of the report the workflow commands above show only what has a place in a file.
        print(told.read_text("utf-8"), flush=True)
    return status if status in (0, 1) else FAILED


def _agrees(reports: Path) -> bool:
    """Whether nothing at all differs: a gate may let differences pass that are to be read all the same."""
    report = json.loads((reports / "driftglass.json").read_text("utf-8"))
    return bool(report["totals"]["differences"] == 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m driftglass.ci", description="Runs `driftglass check` in a pipeline.")
    parser.add_argument("--name", default="", help="tells this check's comment from those of others")
    parser.add_argument("--reports", type=Path, default=Path("driftglass-reports"), help="the folder of the reports")
    parser.add_argument("--comment", choices=["true", "false"], default="true", help="whether to keep a comment up to date")
    parser.add_argument("--later", action="store_true", help="exit with 0, and leave the status to a later step")
    for option in ("--models", "--db", "--fail-on", "--baseline"):
        parser.add_argument(option, default="", help="as of `driftglass check`; nothing where it is empty")
    parser.add_argument("--args", default="", help="more options of `driftglass check`, in one text")
    parser.add_argument("words", nargs="*", metavar="-- OPTION", help="the same, one by one")
    return parser


if __name__ == "__main__":
    sys.exit(main())
