"""Findings for the machines of others: GitHub's annotations and JUnit's XML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from xml.etree import ElementTree

from fixtests.model import Finding
from fixtests.report.location import Texts, shown
from fixtests.report.pages import Described

FORBIDDEN = {number: "�" for number in range(32) if number not in (9, 10, 13)}  # in XML


def github(findings: Iterable[Finding], texts: Texts, rules: Sequence[Described]) -> Iterator[str]:
    """Yield a workflow command for each finding, which GitHub shows beside its line."""
    for finding in findings:
        place = texts.place(finding)
        words = {
            "title": f"{finding.code} {finding.name}",
            "file": shown(finding.path),
            "line": place.row,
            "col": place.column,
            "endLine": place.end_row,
            "endColumn": place.end_column,
        }
        told = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in words.items())
        yield f"::warning {told}::{_escaped(finding.message)}"


def _escaped(text: str, others: str = "") -> str:
    for char in "%\r\n" + others:
        text = text.replace(char, f"%{ord(char):02X}")
    return text


def junit(findings: Iterable[Finding], texts: Texts, rules: Sequence[Described]) -> Iterator[str]:
    """Yield the lines of one XML document: a suite for each file, a failure for each finding."""
    top = ElementTree.Element("testsuites", name="fixtests")
    for path, group in groupby(findings, key=lambda finding: finding.path):
        found = list(group)
        suite = _suite(top, shown(path), len(found))
        for finding in found:
            place = texts.place(finding)
            name = f"{finding.code} {finding.name}"
            case = ElementTree.SubElement(
                *(suite, "testcase"), name=name, classname=shown(path), line=str(place.row)
            )
            message = finding.message.translate(FORBIDDEN)
            failure = ElementTree.SubElement(case, "failure", message=message, type=finding.code)
            failure.text = f"line {place.row}, column {place.column}: {message}"
    if not len(top):
        ElementTree.SubElement(_suite(top, "fixtests", 0), "testcase", name="no findings")
    ElementTree.indent(top)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield from ElementTree.tostring(top, encoding="unicode").split("\n")


def _suite(top: ElementTree.Element, name: str, failures: int) -> ElementTree.Element:
    count = {"tests": str(max(failures, 1)), "failures": str(failures), "errors": "0"}
    return ElementTree.SubElement(top, "testsuite", {"name": name.translate(FORBIDDEN), **count})
