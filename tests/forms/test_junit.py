"""JUnit's XML, by a reader of it and as XML."""

import xml.etree.ElementTree as ElementTree

from junitparser import Error, Failure, JUnitXml


def test_a_reader(told):
    suites = JUnitXml.fromstring(told.forms["junit"].encode())
    (suite,) = suites
    cases = list(suite)
    failures = [case for case in cases if any(isinstance(it, Failure) for it in case.result)]
    errors = [case for case in cases if any(isinstance(it, Error) for it in case.result)]
    assert (suite.tests, suite.failures, suite.errors) == (len(cases), len(failures), len(errors))
    assert (suites.tests, suites.failures, suites.errors) == (suite.tests, suite.failures, suite.errors)
    assert bool(failures or errors) == (told.status == 1)
    tables = [case for case in cases if case.classname == "driftglass.tables"]
    totals = told.report["totals"]
    assert len(tables) == totals["in_sync"] + totals["differing"] + totals["only_old"] + totals["only_new"]
    assert sum(not case.result for case in tables) >= totals["in_sync"]
    names = [(case.classname, case.name) for case in cases]
    assert len(set(names)) == len(names)


def test_the_same_cases_whatever_differs(told):
    """So that a trend of counts says something."""
    if told.case in ("example", "gated", "accepted"):
        count = JUnitXml.fromstring(told.forms["junit"].encode()).tests
        assert count == 30 + 1 + 4, "a case a table, one for the sources, one a kind"


def test_the_order_of_elements(told):
    root = ElementTree.fromstring(told.forms["junit"])
    assert root.tag == "testsuites"
    assert [child.tag for child in root] == ["testsuite"]
    tags = [child.tag for child in root[0]]
    assert tags[0] == "properties" and set(tags[1:]) == {"testcase"}
    for case in root[0].iter("testcase"):
        tags = [child.tag for child in case]
        assert tags in ([], ["failure"], ["error"], ["system-out"], ["failure", "system-out"], ["error", "system-out"])
        for result in case.iter("failure"):
            assert result.get("message") and result.text.strip()
    verdict = root[0].find("properties/property[@name='verdict']").get("value")
    assert told.forms["text"].splitlines()[-1].endswith(verdict)
