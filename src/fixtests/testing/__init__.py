"""What tests of rules are written with: samples, their checks, and a world in which they run.

A plug-in's tests are those of `cases` and `rules_are_whole`; docs/api.md says what stays.
"""

from fixtests.testing.cases import Case, cases
from fixtests.testing.checks import rules_are_whole
from fixtests.testing.samples import Sample

__all__ = ["Case", "Sample", "cases", "rules_are_whole"]
