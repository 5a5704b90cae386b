"""Code quality, field by field as GitLab's documentation asks for it."""

import json

FIELDS = {"description", "check_name", "fingerprint", "severity", "location"}


def test_fields(told):
    issues = json.loads(told.forms["gitlab"])
    assert isinstance(issues, list)
    for issue in issues:
        assert set(issue) == FIELDS
        assert all(isinstance(issue[name], str) and issue[name] for name in FIELDS - {"location"})
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        path, lines = issue["location"]["path"], issue["location"]["lines"]
        assert path and not path.startswith(("/", "./"))
        assert isinstance(lines["begin"], int) and lines["begin"] >= 1
        assert "\n" not in issue["description"] and "\u202e" not in issue["description"]
    # Of two with the same fingerprint the second is not shown.
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert any(issue["severity"] in ("critical", "major") for issue in issues) == (told.status == 1)
