"""Needles, then one walk over the syntax tree: which rules find what in one file."""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import pickle
import re
from collections.abc import Iterable, Sequence
from typing import Any

from fixtests.engine.blame import blamed
from fixtests.model import Finding, Judged, Judgement
from fixtests.rules.api import Context, Rule
from fixtests.settings.layout import Layout
from fixtests.syntax.queries import walk
from fixtests.text.source import Source
from fixtests.tree.module import Module
from fixtests.tree.project import Project

Selected = tuple[Rule, Any]  # a rule with its options


def may_say(rules: Iterable[Selected], content: bytes) -> bool:
    """Tell whether a rule may find or seek something in a file, in whatever project it stands."""
    return any(_may_say(rule, content) for rule, _ in rules)


def _may_say(rule: Rule, content: bytes) -> bool:
    with blamed(rule):
        found = all(needle.search(content) for needle in rule.needles)
        return found or (rule.sought is not None and rule.sought.search(content) is not None)


def wanted(rules: Iterable[Selected], content: bytes, project: Project) -> list[Selected]:
    """Return the rules whose needles all stand somewhere in a file."""
    return [
        (rule, options)
        for rule, options in rules
        if all(needle.search(content) for needle in _needles(rule, project))
    ]


def _needles(rule: Rule, project: Project) -> tuple[re.Pattern[bytes], ...]:
    with blamed(rule):
        return rule.needles_in(project)


def sought(
    rules: Iterable[Selected], source: Source, project: Project
) -> tuple[tuple[str, str], ...]:
    """Return the rules for which a test file may hold something, each with what is unknown."""
    found = []
    for rule, options in rules:
        with blamed(rule):
            seems_so = rule.sought is not None and rule.sought.search(source.content)
            if seems_so and project.is_test(source.path):
                found.append((rule.code, rule.unknown(project, options)))
    return tuple(found)


def rows(rules: Iterable[Selected], source: Source, project: Project) -> list[int]:
    """Return the rows that some rules look at, sorted; all of them where a rule has no needle."""
    found: set[int] = set()
    for rule, _ in rules:
        needles = _needles(rule, project)
        found.update(source.rows(needles[0]) if needles else range(1, len(source.starts) + 1))
    return sorted(found)


def findings(
    module: Module, project: Project, rules: Sequence[Selected], layout: Layout
) -> list[Finding]:
    """Return what some rules find in a file, in source order, with fingerprints."""
    found: list[Finding] = []
    for rule, options in rules:
        context = Context(rule, options, module, project, layout)
        needles = _needles(rule, project)
        nodes = module.near(needles[0]) if needles else walk(module.tree)
        with blamed(rule):
            for node in nodes:
                if isinstance(node, rule.visits):
                    found += _checked(rule, node, context)
    found.sort(key=lambda finding: (finding.span, finding.code))
    return _fingerprinted(found, module, project)


def _checked(rule: Rule, node: ast.AST, context: Context) -> Iterable[Finding]:
    """Return what a rule finds at a node; a plug-in's has to be what ours is.

    Raises TypeError and pickle.PicklingError otherwise.
    """
    if not rule.origin:
        return rule.check(node, context)
    found = list(rule.check(node, context))
    for item in found:
        if not isinstance(item, Finding):
            raise TypeError(f"check() yields {item!r}, not what context.finding() returns")
        pickle.dumps(item)  # it goes from process to process
    return found


def judged(
    module: Module, project: Project, rules: Sequence[Selected], layout: Layout
) -> list[Judged]:
    """Return the places of a file that some rules look at, in source order.

    Those that they flag only where something is said for them, too.
    """
    found: list[Judged] = []
    for rule, options in rules:
        context = Context(rule, options, module, project, layout)
        nodes = [node for node in walk(module.tree) if isinstance(node, rule.visits)]
        with blamed(rule):
            flagged = {finding.span for node in nodes for finding in rule.check(node, context)}
            for node in nodes:
                found += (
                    item
                    for item in rule.judge(node, context)
                    if item.judgement is Judgement.HALF or item.span not in flagged
                )
    return sorted(found, key=lambda item: (item.span, item.code))


def _fingerprinted(found: list[Finding], module: Module, project: Project) -> list[Finding]:
    """Name each finding by rule, file and flagged text, so that the name survives line shifts."""
    seen: dict[str, int] = {}
    named = []
    for finding in found:
        text = module.source.slice(finding.span)
        key = "\0".join((finding.code, project.relative(finding.path), text))
        seen[key] = seen.get(key, 0) + 1
        name = hashlib.sha256(f"{key}\0{seen[key]}".encode("utf-8", "surrogatepass"))
        named.append(dataclasses.replace(finding, fingerprint=name.hexdigest()[:16]))
    return named
