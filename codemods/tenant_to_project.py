"""Say project where tests say tenant, as far as nothing else is sent.

What: variables, parameters, attributes of test cases and constants that are called after a tenant
are called after a project: `tenant_id` becomes `project_id`, `TENANTS` `PROJECTS`, each in all of
the places that mean it, in one finding. Names of tests, methods and classes, and made-up values
such as 'fake_tenant' change with --unsafe-fixes. Other words: `tenant_to_project OLD=NEW ...`.

Why: Keystone's v3 API calls it a project since 2013, and so do the other services. Test code that
says both has readers ask whether it means two things.

What it leaves, and says so: whatever goes to an API or comes from one, which nobody can tell from
a test: keys of dictionaries and keywords of calls, attributes of other objects, URLs, options,
policies, names that a base outside of the tree may ask for, parameters that somebody else may name.
`--key tenant_id`, `--keyword tenant_id` and `--attribute tenant_id` change those of just that name,
with --unsafe-fixes: for a service that has taken both for long, over the paths of its own tests
alone, since the replies of another service (Nova's servers) have the old key only. They stay where
a function speaks of both names, and keywords that a function of the tree takes by the old one.
Phrases that are the services' own stay without a word: all_tenants, tenant_usage, tenant_network,
multi-tenant. `--keep` names more of them. `--comments` changes comments and docstrings, too.

When to delete: when no test of a supported branch says tenant but for the API's own words.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from fixtests.migrate import Codemod, argument
from fixtests.model import Applicability, Finding, Span
from fixtests.reasoning.renaming import prose
from fixtests.reasoning.renaming.attributes import Attributes
from fixtests.reasoning.renaming.naming import Naming
from fixtests.reasoning.renaming.sent import Sent
from fixtests.reasoning.renaming.values import Values
from fixtests.reasoning.renaming.variables import Variables
from fixtests.rules.api import Context, Editor
from fixtests.text.word_forms import WordForms

# Phrases that are the services' own, or that mean something else than one project.
KEPT = (
    *("all_tenant", "multi_tenant", "tenant_isolation", "tenant_usage", "tenant_network"),
    *("tenants_client", "tenant_access", "tenant_sock", "tenant_vif", "tenant_call"),
)


@dataclass(frozen=True)
class Options:
    """What becomes what."""

    words: dict[str, str] = argument(
        "The words, in all their forms; tenant=project unless given.",
        default={"tenant": "project"},
        leading=True,
    )
    key: tuple[str, ...] = argument(
        "A key that an API takes and gives by its new name.", default=()
    )
    keyword: tuple[str, ...] = argument(
        "A keyword that clients take by its new name, too.", default=()
    )
    attribute: tuple[str, ...] = argument(
        "An attribute that clients have by its new name, too.", default=()
    )
    keep: tuple[str, ...] = argument(
        "A phrase: names with it stay, beside those that always do.", default=()
    )
    comments: bool = argument("Change comments and docstrings, too.", default=False)


class TenantToProject(Codemod):
    """One finding for each name in its scope, and one for what stays of a name in a function."""

    visits = (ast.Module,)
    options = Options

    def needles_for(self, options: Options) -> tuple[re.Pattern[bytes], ...]:
        """Return what stands in each file that may change."""
        return (WordForms(options.words).needle,)

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield what can be renamed in a file of the tests, and what stays."""
        module, project, options = context.module, context.project, context.options
        if not project.is_test(module.path):
            return
        words = WordForms(options.words, (*KEPT, *options.keep))
        told: set[ast.AST] = set()
        values = [*Values(module, project, words).all()]
        changing = {item for naming in values if naming.places for item in naming.nodes}
        variables = Variables(module, project, words, changing)
        found = chain(values, variables.all(), Attributes(variables, project).all())
        for naming in found:
            told.update(naming.nodes)
            yield _found(naming, words, context)
        sent = {
            ast.Constant: options.key,
            ast.keyword: options.keyword,
            ast.Attribute: options.attribute,
        }
        for naming in Sent(module, project, words, told).all(sent):
            yield _found(naming, words, context)
        if options.comments:
            for span in prose.words_of(module, words):
                yield _reworded(span, words, context)

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Write the new name wherever the old one stands."""
        edit.reword({Span(*place): text for place, text in finding.data["words"]})


def _found(naming: Naming, words: WordForms, context: Context) -> Finding:
    """Return the finding about a name, at the first place where it stands."""
    new = words.renamed(naming.name)
    if naming.kind is Applicability.DISPLAY:
        count = f", {len(naming.nodes)} times" if len(naming.nodes) > 1 else ""
        said = f"`{naming.name}` stays{count}: {naming.reason}"
    else:
        said = f"`{naming.name}` is `{new}` today"
        said += f"; {naming.reason}" if naming.reason else ""
    first = naming.first
    return context.finding(
        first,
        said,
        naming.kind,
        anchor=context.parents.statement(first),
        span=min(naming.places, default=None),
        words=tuple(((place.start, place.end), new) for place in naming.places),
    )


def _reworded(span: Span, words: WordForms, context: Context) -> Finding:
    """Return the finding about a word of a comment or docstring."""
    old = context.source.slice(span)
    return context.finding(
        context.module.tree.body[0],
        f"`{old}` is `{words.reworded(old)}` today",
        Applicability.SAFE,
        span=span,
        words=(((span.start, span.end), words.reworded(old)),),
    )
