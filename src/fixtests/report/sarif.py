"""Findings as SARIF 2.1.0, with fixes, rule help, CWE taxa and fingerprints."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fixtests import __version__
from fixtests.files import git
from fixtests.model import Edit, Finding, Span
from fixtests.report import addresses, rule_pages
from fixtests.report.contents import Failure, Report
from fixtests.report.location import Place, Texts
from fixtests.report.message import parts
from fixtests.report.rule_pages import Described

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
BASE = "SRCROOT"
TAGS = {"warning": ("testing", "reliability"), "recommendation": ("testing", "maintainability")}


def lines(report: Report) -> Iterator[str]:
    """Yield the lines of one SARIF log with one run."""
    index = {rule.code: at for at, rule in enumerate(report.rules)}
    paths = [item.path for item in report.failures] + [item.path for item in report.findings]
    base = _base(paths)
    weaknesses = sorted({number for rule in report.rules for number in rule.cwe})
    run = {
        "tool": {
            "driver": {
                "name": "fixtests",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in report.rules],
                "supportedTaxonomies": [{"name": "CWE"}],
            }
        },
        "taxonomies": [
            {
                "name": "CWE",
                "organization": "MITRE",
                "taxa": [{"id": str(number)} for number in weaknesses],
            }
        ],
        "originalUriBaseIds": {BASE: {"uri": base.as_uri() + "/"}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, base)],
        "results": [_result(finding, report.texts, index, base) for finding in report.findings],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield from json.dumps(log, indent=2).split("\n")


def _base(paths: Iterable[str]) -> Path:
    """Return the folder that names begin at: git's top level of all files, else of this folder."""
    tops = {git.top(Path(path).absolute().parent) for path in paths}
    top = tops.pop() if len(tops) == 1 else None
    here = Path.cwd()
    return top or git.top(here) or here


def _invocation(report: Report, base: Path) -> dict[str, Any]:
    """Return whether the run could do all of its work, and what it could not."""
    return {
        "executionSuccessful": not report.failures,
        "toolExecutionNotifications": [_notification(item, base) for item in report.failures],
    }


def _notification(failure: Failure, base: Path) -> dict[str, Any]:
    place = {
        "artifactLocation": _artifact(failure.path, base),
        "region": {"startLine": failure.row},
    }
    return {
        "level": "error",
        "message": {"text": failure.message},
        "locations": [{"physicalLocation": place}],
    }


def _rule(rule: Described) -> dict[str, Any]:
    address = addresses.of_rule(rule.name)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": f"{rule.summary} {rule.reason}".replace("`", "")},
        "help": {"text": rule_pages.plain(rule), "markdown": "\n".join(rule_pages.page(rule))},
        **({"helpUri": address} if address else {}),
        "defaultConfiguration": {"enabled": rule.default, "level": "warning"},
        "properties": {
            # The findings of what runs by default were read, the rest is a matter of taste.
            "precision": "high" if rule.default else "medium",
            "problem.severity": rule.severity,
            "tags": [*TAGS[rule.severity], *(f"external/cwe/cwe-{it:03}" for it in rule.cwe)],
        },
        "relationships": [
            {
                "target": {"id": str(number), "toolComponent": {"name": "CWE"}},
                "kinds": ["relevant"],
            }
            for number in rule.cwe
        ],
    }


def _result(finding: Finding, texts: Texts, index: dict[str, int], base: Path) -> dict[str, Any]:
    what, reason, hint = parts(finding.message)
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": "warning",
        "message": {"text": what},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(finding.path, base),
                    "region": _region(texts.place(finding)),
                }
            }
        ],
        "partialFingerprints": {
            "fixtests/v1": finding.fingerprint,
            "primaryLocationLineHash": texts.line_hash(finding),  # the only one that GitHub reads
        },
        "properties": {
            "applicability": finding.applicability.value,
            "reason": reason,
            "hint": hint,
        },
    }
    if finding.proof is not None:
        result["properties"]["proof"] = dataclasses.asdict(finding.proof)
    if finding.code in index:
        result["ruleIndex"] = index[finding.code]
    if finding.suppressed:
        result["suppressions"] = [{"kind": "inSource"}]
    if finding.fix is not None and not finding.fix.declarations:
        result["fixes"] = [
            {
                "description": {"text": finding.fix.title},
                "artifactChanges": [
                    {
                        "artifactLocation": _artifact(finding.path, base),
                        "replacements": [_replacement(edit, texts) for edit in finding.fix.edits],
                    }
                ],
            }
        ]
    return result


def _replacement(edit: Edit, texts: Texts) -> dict[str, Any]:
    found: dict[str, Any] = {
        "deletedRegion": _region(texts.of(edit.path, Span(edit.start, edit.end)))
    }
    if edit.content:
        found["insertedContent"] = {"text": edit.content}
    return found


def _artifact(path: str, base: Path) -> dict[str, Any]:
    place = Path(path)
    if place.is_relative_to(base):
        place = place.relative_to(base)
    if place.is_absolute():
        return {"uri": place.as_uri()}
    return {"uri": quote(os.fsencode(place.as_posix())), "uriBaseId": BASE}


def _region(place: Place) -> dict[str, Any]:
    return {
        "startLine": place.row,
        "startColumn": place.column,
        "endLine": place.end_row,
        "endColumn": place.end_column,
    }
