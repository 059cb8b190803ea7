"""FT401: tests that ask for the newest API version, whichever that is."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from typing import Any

from fixtests.model import Applicability, Finding, Judged
from fixtests.rules.api import Context, Editor, Mutant, Rule, Standing
from fixtests.rules.latest_microversion import versions
from fixtests.rules.latest_microversion.indirect import indirect
from fixtests.rules.latest_microversion.intent import Place, is_tested, obstacle
from fixtests.rules.latest_microversion.microversions import Form, Request, request
from fixtests.tree.project import Project

LITERAL = re.compile(r"(?:([a-z-]+) )?latest")
WORDS = re.compile(r"[a-z]+")


@dataclasses.dataclass(frozen=True)
class Options:
    """The version to pin to, by service; the tree's highest where none is given."""

    compute: str | None = None
    placement: str | None = None
    volume: str | None = None
    shared_file_system: str | None = None
    baremetal: str | None = None

    def __post_init__(self) -> None:
        for name, value in dataclasses.asdict(self).items():
            if value is not None and not (isinstance(value, str) and versions.number(value)):
                name = name.replace("_", "-")
                option = f"; --microversion {name}=minimum --verify finds the lowest that passes"
                hint = option if value == "minimum" else ""
                raise ValueError(f'{name} must be a version such as "2.100", not {value!r}{hint}')

    def of(self, service: str) -> str | None:
        """Return the version given for a service."""
        found: str | None = getattr(self, service.replace("-", "_"), None)
        return found


class LatestMicroversion(Rule):
    """API microversions are asked for as 'latest'.

    ## What it does
    Finds tests that set a client, a test class or a version header to
    `'latest'`, and writes the highest version that this tree serves instead.

    ## Why is this bad?
    The server takes `'latest'` for its highest version, so the same test asks
    for something else after each release: it breaks, or quietly tests another
    behaviour, with a change that has nothing to do with it. A pinned test
    moves to a newer version by hand, in a change that says so.

    This answers a review; it is no convention of OpenStack. In nova's functional
    tests people added 'latest' 104 times since 2015, and pinned it once.

    ## Fix safety
    Today the highest version and `'latest'` are the same request. The fix is
    not offered where a comment or a docstring asks for the latest, where the
    assignment ends a temporary cap, where nothing reads the attribute, where
    a base class serves mostly the tests of other modules, and where something
    tells `'latest'` from a number. It is unsafe where the configured version
    is not known to be the tree's highest.

    ## Options
    `compute`, `placement`, `volume`, `shared-file-system`, `baremetal`: the
    version to pin that service to, such as `"2.100"`. Without it, the highest
    version in the tree. `--microversion compute=minimum --verify` pins each class
    to the lowest version with which the project's own tests of it pass.
    """

    code = "FT401"
    subject = "Pin API microversions"
    absent = "no microversion is asked for as 'latest'"
    # Begins with a set of bytes, which is searched for at once.
    sought = re.compile(rb"[mMaA](?i:(?:(?<=m)icro_?|(?<=a)pi[_-])version[^\r\n]*latest)")
    needles = (re.compile(rb"latest"), re.compile(rb"(?i)micro_?version|api-version"))
    visits = (ast.Constant,)
    options = Options

    def unknown(self, project: Project, options: Any) -> str:
        """Say that no version is known."""
        given = any(dataclasses.asdict(options).values())
        if given or any(versions.highest(project, item) for item in project.profile.versions):
            return ""
        return "no API version was found in this tree; say where as extend-profile.versions"

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield a finding at a literal that asks for 'latest'."""
        asked = _asked(node, context)
        if asked is None or not context.project.is_test(context.source.path):
            return
        place = Place(
            asked, context.class_at(node), context.module, context.project, context.parents
        )
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

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Yield the literals that pin a version."""
        from fixtests.rules.latest_microversion import judging

        return judging.of_literal(node, context)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Write the version into the literal."""
        edit.replace(finding.data["text"])

    def versions(self, option: str, options: Any, project: Project) -> tuple[str, ...]:
        """Return the versions of a service up to that which is pinned."""
        return versions.up_to(options.of(option), option, project)

    def mutants(self, standing: Standing) -> list[Mutant]:
        """Return the mutant with the version below."""
        from fixtests.rules.latest_microversion import mutants

        return mutants.of_version(standing)


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
