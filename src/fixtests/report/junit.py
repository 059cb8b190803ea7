"""Findings as JUnit's XML, which build servers read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.etree import ElementTree

from fixtests.report.contents import Report
from fixtests.report.location import shown

FORBIDDEN = {  # in XML 1.0, however it is written
    number: "\ufffd"
    for part in (range(9), (11, 12), range(14, 32), range(0xD800, 0xE000), (0xFFFE, 0xFFFF))
    for number in part
}


def lines(report: Report) -> Iterator[str]:
    """Yield the lines of one XML document: a suite for each file, a failure for each finding.

    A file that failed is a suite with an error.
    """
    top = ElementTree.Element("testsuites", name="fixtests")
    for item in report.failures:
        name, message = _clean(shown(item.path)), _clean(item.message)
        suite = _suite(top, name, errors=1)
        case = ElementTree.SubElement(
            suite, "testcase", name="invalid-file", classname=name, line=str(item.row)
        )
        ElementTree.SubElement(case, "error", message=message, type="invalid-file").text = message
    for path, group in groupby(report.findings, key=lambda finding: finding.path):
        found = list(group)
        suite = _suite(top, _clean(shown(path)), failures=len(found))
        for finding in found:
            place = report.texts.place(finding)
            name = f"{finding.code} {finding.name}"
            case = ElementTree.SubElement(
                *(suite, "testcase"), name=name, classname=_clean(shown(path)), line=str(place.row)
            )
            message = _clean(finding.message)
            failure = ElementTree.SubElement(case, "failure", message=message, type=finding.code)
            failure.text = f"line {place.row}, column {place.column}: {message}"
    if not len(top):
        ElementTree.SubElement(_suite(top, "fixtests"), "testcase", name="no findings")
    ElementTree.indent(top)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield from ElementTree.tostring(top, encoding="unicode").split("\n")


def _clean(text: str) -> str:
    """Return a text without what no XML document may hold."""
    return text.translate(FORBIDDEN)


def _suite(
    top: ElementTree.Element, name: str, *, failures: int = 0, errors: int = 0
) -> ElementTree.Element:
    tests = str(max(failures + errors, 1))
    count = {"tests": tests, "failures": str(failures), "errors": str(errors)}
    return ElementTree.SubElement(top, "testsuite", {"name": name, **count})
