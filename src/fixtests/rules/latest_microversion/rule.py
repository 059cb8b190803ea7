"""FT401: tests that ask for the newest API version, whichever that is."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from typing import Any

from fixtests.model import Finding, Judged
from fixtests.rules.api import Context, Editor, Mutant, Rule, Standing
from fixtests.rules.latest_microversion import versions
from fixtests.tree.project import Project


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
        from fixtests.rules.latest_microversion import deciding

        return deciding.of_literal(node, context)

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
