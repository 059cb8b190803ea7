"""What is asked of a file: by which rules, and how far to go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fixtests.engine.run_rules import Selected
from fixtests.engine.trust import Trust
from fixtests.model import Applicability, digest
from fixtests.settings.config import SuppressionComment
from fixtests.settings.layout import Layout
from fixtests.tree.project import Project


@dataclass(frozen=True, eq=False)
class Job:
    """What to look for in one root, and how far to go.

    What fixes write is laid out as `layout` says. `tiers` are the fixes that are applied,
    `silence` says whether suppression comments count, `silencing` which form those have that are
    placed instead of fixes, None for fixes, and `apart` that they have lines of their own.
    `accepted` are the fingerprints of findings that a baseline silences, `trust` says how far fixes
    go. With `whole`, code that no rule looks at has to be Python, too.
    """

    project: Project
    rules: Sequence[Selected]
    layout: Layout
    tiers: frozenset[Applicability] = frozenset()
    silence: bool = True
    silencing: SuppressionComment | None = None
    apart: bool = False
    accepted: frozenset[str] = frozenset()
    whole: bool = False
    trust: Trust = field(default_factory=Trust)

    @property
    def asked(self) -> str:
        """A digest of all that a result depends on beside the tree and its profile."""
        rules = [(rule.code, options) for rule, options in self.rules]
        how = (self.layout, sorted(self.tiers), self.silence)
        trust = [sorted(codes) for codes in self.trust]
        rest = (sorted(self.accepted), self.whole, trust, self.silencing)
        return digest(repr((rules, how, rest)).encode("utf-8", "surrogatepass"))
