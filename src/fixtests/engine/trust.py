"""What a project says of the fixes of its rules: which are made, and how far they are trusted."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from fixtests.model import Applicability, Finding
from fixtests.report.message import divided


class Trust(NamedTuple):
    """Codes of rules that are not fixed, and of those whose fixes are taken for safe or unsafe."""

    unfixable: frozenset[str] = frozenset()
    safe: frozenset[str] = frozenset()
    unsafe: frozenset[str] = frozenset()

    def applied(self, finding: Finding) -> Finding:
        """Return a finding that has a fix as far as the project wants it, and says why.

        One without a mechanical fix stays as it is.
        """
        code, tier = finding.code, finding.applicability
        if tier is Applicability.DISPLAY:
            return finding
        if code in self.unfixable:
            why = f"{code} is not fixed here: `fixable` and `unfixable` say which rules are"
            return _with(finding, Applicability.DISPLAY, why)
        if code in self.unsafe and tier is Applicability.SAFE:
            why = f"taken for unsafe here: `extend-unsafe-fixes` names {code}"
            return _with(finding, Applicability.UNSAFE, why)
        if code in self.safe and tier is Applicability.UNSAFE:
            why = f"taken for safe here: `extend-safe-fixes` names {code}"
            return _with(finding, Applicability.SAFE, why)
        return finding


def _with(finding: Finding, tier: Applicability, why: str) -> Finding:
    what, rest = divided(finding.message, "; ")
    return replace(finding, applicability=tier, message="; ".join(filter(None, (what, why, rest))))
