"""Which literals ask for 'latest', and the version that each can be pinned to."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator

from fixtests.model import Applicability, Finding
from fixtests.rules.api import Context
from fixtests.rules.latest_microversion import versions
from fixtests.rules.latest_microversion.indirect import indirect
from fixtests.rules.latest_microversion.intent import Place, is_tested, obstacle
from fixtests.rules.latest_microversion.microversions import Form, Request, request

LITERAL = re.compile(r"(?:([a-z-]+) )?latest")
WORDS = re.compile(r"[a-z]+")


def of_literal(node: ast.AST, context: Context) -> Iterator[Finding]:
    """Yield a finding at a literal that asks for 'latest'."""
    asked = _asked(node, context)
    if asked is None or not context.project.is_test(context.source.path):
        return
    place = Place(asked, context.class_at(node), context.module, context.project, context.parents)
    if is_tested(place):
        return
    text = context.source.slice(context.source.span(node))
    told = f"`{asked.target}` asks for 'latest', which moves with every release; "
    reason = obstacle(place)
    if reason is not None:
        yield context.finding(node, told + reason, Applicability.DISPLAY)
        return
    service = _service(asked, text, context)
    version, level, reason = _pin(asked, service, context)
    pinned = text.replace("latest", version) if version else ""
    yield context.finding(node, told + reason, level, text=pinned)


def _asked(node: ast.AST, context: Context) -> Request | None:
    """Return what a literal asks for, if it is 'latest' in one piece."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return None
    match = LITERAL.fullmatch(node.value)
    found = request(node, context.module, context.project) if match else None
    if match and not match[1] and found is None:
        found = indirect(node, context.module, context.project)
    # Only a header names its service: 'placement latest'.
    if match is None or found is None or (match[1] and found.form is not Form.HEADER):
        return None
    return found if "latest" in context.source.slice(context.source.span(node)) else None


def _service(asked: Request, text: str, context: Context) -> str | None:
    """Return the service asked: the one named, else the profile's own or the one configured."""
    profile = context.project.profile
    known = {
        name.replace("_", "-"): value for name, value in dataclasses.asdict(context.options).items()
    }
    services = {
        **{name: name for name in (*known, *profile.versions)},
        **profile.microversions.services,
    }
    for word in WORDS.findall(f"{text} {asked.target}".lower()):
        if word in services:
            return services[word]
    given = [name for name, value in known.items() if value]
    return next(iter(profile.versions), given[0] if len(given) == 1 else None)


def _pin(
    asked: Request, service: str | None, context: Context
) -> tuple[str | None, Applicability, str]:
    """Return the version to write, how far it can be trusted, and why in words."""
    key = f"[tool.fixtests.{context.rule.name}]"
    if service is None:
        reason = f"nothing tells which service this is; set its version in {key}"
        return None, Applicability.DISPLAY, reason
    highest = versions.highest(context.project, service)
    wanted = context.options.of(service)
    if wanted is None and highest is None:
        reason = f"no {service} API version was found in this tree; set `{service}` in {key}"
        return None, Applicability.DISPLAY, reason
    if wanted is None or wanted == highest:
        if asked.form is Form.ARGUMENT:
            reason = f"what is made here may not take a number; look, then write {highest!r}"
            return highest, Applicability.UNSAFE, reason
        return highest, Applicability.SAFE, f"the highest in this tree is {highest} ({service})"
    if highest is None:
        reason = f"{wanted} is configured, but no {service} API version in this tree confirms it"
        return wanted, Applicability.UNSAFE, f"{reason}; run the test with it"
    if (versions.number(wanted) or ()) > (versions.number(highest) or ()):
        reason = f"{wanted} is configured, but this tree's highest {service} version is {highest}"
        return None, Applicability.DISPLAY, f"{reason}; lower it in {key}"
    reason = f"the configured {wanted} is lower than this tree's highest, {highest}"
    return wanted, Applicability.UNSAFE, f"{reason}, and may mean another behaviour; run the test"
