"""The report as a comment on a pull or merge request: one comment, found again and brought up to date."""

import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Optional

# Both services refuse what is much longer; GitHub counts 65,536 characters.
LONGEST = 60_000
MARK = re.compile(r"<!-- driftglass(: [^>]*)? -->")
SECONDS = 30


class Trouble(Exception):
    """Why there is no comment."""


class Service(NamedTuple):
    """Where the comments of one pull or merge request are, and how this service likes to be asked."""

    comments: str
    """The list of them; new ones are posted there."""
    one: str
    """One of them, before its id."""
    update: str
    """The method that changes one."""
    header: str
    """The header of the token."""
    token: str


def named(text: str, name: str) -> str:
    """The report with the mark of this check's comment on its first line."""
    # Nothing may end the mark before its end.
    name = re.sub(r"-{2,}", "-", re.sub(r"[^\w .,/+-]", "", name)).strip(" -")
    mark = f"<!-- driftglass: {name} -->" if name else "<!-- driftglass -->"
    first, _, rest = text.partition("\n")
    rest = rest if MARK.fullmatch(first.strip()) else text
    return shortened(f"{mark}\n{rest}")


def shortened(text: str) -> str:
    """As much of the text as a comment may hold, in whole lines."""
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rpartition("\n")[0] + "\n\n*The rest is in the report of the job.*\n"


def publish(text: str, agrees: bool, environment: Mapping[str, str]) -> str:
    """Creates the comment or brings it up to date; says what was done.

    A pipeline does not fail for want of a comment: where it cannot be written, that is said and no more. Where both sides
    agree there is nothing to say, unless it has to be said that an earlier comment no longer holds.
    """
    try:
        service = _service(environment)
        mark = text.partition("\n")[0]
        there = next((one for one in _all(service) if str(one.get("body") or "").startswith(mark)), None)
        if there is None and agrees:
            return "no comment: there is nothing to say"
        if there is None:
            _ask(service, service.comments, "POST", {"body": text})
            return "wrote a comment"
        if str(there["body"]).replace("\r\n", "\n").strip() == text.strip():
            return "the comment is up to date"
        _ask(service, f"{service.one}/{there['id']}", service.update, {"body": text})
        return "brought the comment up to date"
    except Trouble as trouble:
        sign = "::warning title=driftglass::" if environment.get("GITHUB_ACTIONS") == "true" else "warning: "
        return f"{sign}no comment: {trouble}"


def _service(environment: Mapping[str, str]) -> Service:
    if environment.get("GITHUB_ACTIONS") == "true":
        return _github(environment)
    if environment.get("GITLAB_CI") == "true":
        return _gitlab(environment)
    raise Trouble("this is neither GitHub Actions nor GitLab CI")


def _github(environment: Mapping[str, str]) -> Service:
    number = _pull_request(environment)
    if number is None:
        raise Trouble("this run is not one of a pull request")
    token = environment.get("GITHUB_TOKEN")
    if not token:
        raise Trouble("the token is empty; give `token: ${{ github.token }}`")
    api = environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/")
    issues = f"{api}/repos/{environment.get('GITHUB_REPOSITORY', '')}/issues"
    return Service(f"{issues}/{number}/comments", f"{issues}/comments", "PATCH", "Authorization", f"Bearer {token}")


def _pull_request(environment: Mapping[str, str]) -> Optional[int]:
    path = environment.get("GITHUB_EVENT_PATH", "")
    if not os.path.isfile(path):
        return None
    with open(path, encoding="utf-8") as file:
        event = json.load(file)
    number = (event.get("pull_request") or {}).get("number")
    return number if isinstance(number, int) else None


def _gitlab(environment: Mapping[str, str]) -> Service:
    number = environment.get("CI_MERGE_REQUEST_IID")
    if not number:
        raise Trouble("this job is not one of a merge request")
    token = environment.get("DRIFTGLASS_GITLAB_TOKEN")
    if not token:
        raise Trouble("DRIFTGLASS_GITLAB_TOKEN is not set; a job's own token may not write comments")
    api = environment.get("CI_API_V4_URL", "https://gitlab.com/api/v4").rstrip("/")
    notes = f"{api}/projects/{environment.get('CI_PROJECT_ID', '')}/merge_requests/{number}/notes"
    return Service(notes, notes, "PUT", "PRIVATE-TOKEN", token)


def _all(service: Service) -> Iterator[dict[str, Any]]:
    address: Optional[str] = f"{service.comments}?per_page=100"
    while address:
        found, address = _ask(service, address)
        yield from found


def _ask(service: Service, address: str, method: str = "GET", body: Optional[object] = None) -> tuple[Any, Optional[str]]:
    """What the service answers, and where the next page of it is."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"}, method=method)
    request.add_header("User-Agent", "driftglass")
    # Whoever we are sent on to is not told the token.
    request.add_unredirected_header(service.header, service.token)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            following = re.search(r'<([^>]+)>;\s*rel="next"', answer.headers.get("Link") or "")
            return json.load(answer), following.group(1) if following else None
    except urllib.error.HTTPError as error:
        raise Trouble(_said(error)) from error
    except (OSError, ValueError) as error:
        raise Trouble(f"{address.partition('?')[0]}: {error}") from error


def _said(error: urllib.error.HTTPError) -> str:
    hints = {
        401: "the token is not valid",
        403: "the token may not write here; runs of forks may not, others need `pull-requests: write`",
        404: "the token does not see it",
    }
    hint = hints.get(error.code)
    return f"the server said {error.code} {error.reason}" + (f": {hint}" if hint else "")
