"""What other packages build on; docs/api.md says what stays as it is.

A rule imports the words that it is said in, a program the functions that do what commands do.
"""

from fixtests.api.project import Project
from fixtests.api.work import (
    Applied,
    answer_review,
    apply_plan,
    check,
    make_plan,
    place_of,
    plugin_faults,
    verify_plan,
)
from fixtests.model import (
    Applicability,
    Edit,
    FileResult,
    Finding,
    Fix,
    Judged,
    Judgement,
    Proof,
    RunError,
    Span,
    Status,
    Verdict,
)
from fixtests.rules.api import API, Context, Editor, Rule

__all__ = [
    "API",
    "Applicability",
    "Applied",
    "Context",
    "Edit",
    "Editor",
    "FileResult",
    "Finding",
    "Fix",
    "Judged",
    "Judgement",
    "Project",
    "Proof",
    "Rule",
    "RunError",
    "Span",
    "Status",
    "Verdict",
    "answer_review",
    "apply_plan",
    "check",
    "make_plan",
    "place_of",
    "plugin_faults",
    "verify_plan",
]
