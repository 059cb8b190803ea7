"""What shows whether the name of a host matters: another one in its constant."""

from __future__ import annotations

import ast

from fixtests.rules.api import Mutant, Standing, of_value


def of_constant(standing: Standing) -> list[Mutant]:
    """Return the mutant that gives the constant of a host another name."""
    value = ast.literal_eval(f"({standing.flagged})")
    literals = list(standing.literals(value))
    edits = standing.other_value(literals, f"other-{value}")
    return [of_value(edits)] if edits else []
