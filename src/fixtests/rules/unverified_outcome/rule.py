"""FT501: asynchronous actions whose end only the server's status or host tells."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from fixtests.model import Finding, Judged
from fixtests.rules.api import Context, Editor, Rule
from fixtests.tree.project import Project

if TYPE_CHECKING:
    from fixtests.tree.profile_words import Outcomes


class UnverifiedOutcome(Rule):
    """Only the server's status or host is compared after an asynchronous action.

    ## What it does
    Finds calls that start a live migration, an evacuation, a cold migration, a
    resize, a rebuild or an unshelve and after which nothing but the server's
    status or host is compared: no migration record, action event, fault or
    notification, in the test or in the helpers that it calls. A helper that
    returns the host counts, and so does an action that a test ends with. Where
    a function counts notifications, the last one of each action has to be
    waited for: it may come after the status. After a live
    migration that the test expects to succeed, the fix waits for its record
    before the first comparison of the host. Helpers that wait for the record
    themselves are left alone.

    ## Why is this bad?
    The API accepts these actions and does them later. A server that is live
    migrated or evacuated is ACTIVE before and after, and a host says where it
    is, not that everything else has come to its end. What the test does next
    then races with the action, and a failure shows as something else.

    ## Fix safety
    The fix is safe where the wait is a method of the test, its client may list
    migrations, and the host that is compared is the one that the server was
    sent to, or one that it was not on. Otherwise it is unsafe: where a stub
    may keep the migration from its end, or where the comparison or the action
    runs only sometimes. Other actions are only reported, since whether they
    are to succeed is known from the scenario alone.
    """

    code = "FT501"
    subject = "Wait for the outcome of actions"
    cwe = (252, 691, 754)
    absent = "no asynchronous action is left without a look at how it ended"
    default = False
    sought = re.compile(rb"[._](?:migrate|resize|evacuate|rebuild|unshelve)\w*\(")
    needles = (re.compile(rb"\bdef\b"),)
    visits = (ast.Call,)

    def unknown(self, project: Project, options: Any) -> str:
        """Say that no action is known."""
        if project.profile.outcomes.actions:
            return ""
        return "no asynchronous action is known; name those of tests as extend-profile.outcomes"

    def needles_in(self, project: Project) -> tuple[re.Pattern[bytes], ...]:
        """Look for what sends an action, and for its name."""
        return (*_named(project.profile.outcomes), *self.needles)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield the call of an action whose end is not verified."""
        from fixtests.rules.unverified_outcome import deciding

        return deciding.of_call(node, context)

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Yield the action whose end is looked at, or of whose end nothing tells."""
        from fixtests.rules.unverified_outcome import judging

        return judging.of_call(node, context)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Wait for the migration record before the host is compared."""
        edit.insert_before(finding.data["statement"])


@cache
def _named(outcomes: Outcomes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    methods = {item.method for item in outcomes.actions if item.method}
    asked = {item.request for item in outcomes.actions if item.request}
    return _any({*outcomes.requests, *methods}), _any({*asked, *methods})


def _any(words: set[str]) -> re.Pattern[bytes]:
    listed = "|".join(sorted(map(re.escape, words))) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{listed})\b".encode())
