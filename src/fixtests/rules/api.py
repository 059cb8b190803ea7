"""What a rule is, and what it is given to decide with."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Protocol
from typing import Literal as OneOf

from fixtests.model import Applicability, Finding, Judged, Judgement, Span
from fixtests.rules.mutant import Expected, Mutant, Standing, of_value
from fixtests.settings.layout import Layout
from fixtests.syntax.queries import Function
from fixtests.text.docstrings import docstring
from fixtests.text.source import Source
from fixtests.tree.files import within
from fixtests.tree.module import Class, Method, Module
from fixtests.tree.project import Project

__all__ = [
    "API",
    "Context",
    "Editor",
    "Expected",
    "Mutant",
    "NoOptions",
    "Rule",
    "Standing",
    "of_value",
]

API = (1, 0)  # what plug-ins are written for, as docs/api.md counts it
WHY = "## Why is this bad?"
HEAD = re.compile(rb"(?:async\s+)?def\s+\w+")


class Editor(Protocol):
    """The verbs a fix is said in; all take source text."""

    def replace(self, text: str, span: Span | None = None) -> None:
        """Put an expression in the place of the finding's span, or of another one."""

    def rewrite(self, texts: Mapping[Span, str]) -> None:
        """Put texts in the place of names or expressions, and lay out their lines anew.

        What is aligned with a bracket follows it, and a line that gets too long is broken.
        """

    def reword(self, words: Mapping[Span, str]) -> None:
        """Put other words in the place of names or parts of texts, none of which spans two lines.

        What is aligned with them moves along, and lines that get too long are divided.
        """

    def replace_imports(self, changes: Sequence[tuple[Span, Sequence[str], Sequence[str]]]) -> None:
        """Take some names out of import statements, and put others in their sorted places.

        Of each statement, which stand in one block of lines: its span, names that it binds, and
        the statements that come instead, if any; in a function, `try` or `if`, in its place.
        """

    def exchange(self, first: Span, second: Span) -> None:
        """Let the first two arguments of the call that is the finding's span change places."""

    def recast(self, method: str, arguments: Sequence[Span]) -> None:
        """Call another method where the finding's span calls one, with parts of it as arguments.

        They are given in the order in which they are listed here.
        """

    def insert_before(self, text: str, *, below_comment: bool = False) -> None:
        """Put a statement before the finding's anchor, in the same block, and its comment.

        With `below_comment`, the comment is left above it.
        """

    def insert_after(self, text: str) -> None:
        """Put a statement after the finding's anchor, in the same block."""

    def remove(self, span: Span, *, alone: bool = False) -> None:
        """Take away the lines of a statement, a comment above and a blank line, but not `alone`."""

    def promote(self, first: int, last: int, text: str) -> None:
        """Put a statement in the place of the whole lines of comments on some rows."""

    def extract(self, first: int, last: int, head: str, result: str, call: str) -> None:
        """Move the whole lines of some rows into a method before theirs; `call` takes their place.

        `head` and `result` are the method's first and last line, the last one may be empty.
        """

    def require_import(self, text: str) -> None:
        """Add an import statement in its sorted place, if it is not there."""

    def declare_constant(self, name: str, value: str, module: str | None = None) -> None:
        """Bind a name at module level, here or in the file at a path from the root."""

    def declare_class_constant(self, owner: str, name: str, value: str) -> None:
        """Bind a name in the body of a class of this module."""


@dataclass(frozen=True)
class NoOptions:
    """The options of a rule that has none."""


class Rule:
    """One thing that is wrong in tests, and how it is put right.

    A rule is stateless: one instance serves every file. The first line of the
    class's docstring is its summary; the rest is its page, with the sections
    that `fixtests explain` shows. `needles` must all stand in any file with a finding.
    """

    code: ClassVar[str]
    applicability: ClassVar[Applicability] = Applicability.SAFE
    default: ClassVar[bool] = True
    needles: ClassVar[tuple[re.Pattern[bytes], ...]] = ()
    visits: ClassVar[tuple[type[ast.AST], ...]] = ()
    options: ClassVar[type] = NoOptions
    cwe: ClassVar[tuple[int, ...]] = ()
    severity: ClassVar[OneOf["warning", "recommendation"]] = "warning"
    # The first line of a commit that holds the rule's fixes; empty where it fixes nothing.
    subject: ClassVar[str] = ""
    origin: str = ""  # the distribution that a rule of a plug-in comes from
    # What can be said to a review where the rule finds nothing.
    absent: ClassVar[str] = "nothing of the kind is there"
    # What a test may hold that the rule can judge only where the project's profile knows it.
    sought: ClassVar[re.Pattern[bytes] | None] = None

    @property
    def name(self) -> str:
        """The rule's name: its folder's, with dashes."""
        return type(self).__module__.split(".")[-2].replace("_", "-")

    @property
    def title(self) -> str:
        """What its fixes are called."""
        return f"{self.code} {self.name}"

    def is_called(self, word: str) -> bool:
        """Tell whether a word is the rule's code, in any case, or its name."""
        return word.upper() == self.code or word == self.name

    @property
    def words(self) -> Path:
        """The file that says how reviews speak of it, beside its module."""
        return Path(inspect.getfile(type(self))).with_name("words.toml")

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return self.page.partition("\n")[0]

    @property
    def page(self) -> str:
        """The docstring, dedented."""
        return docstring(type(self))

    @property
    def reason(self) -> str:
        """The first paragraph of what the page says of why this is bad, in one line."""
        section = self.page.partition(f"{WHY}\n")[2]
        return " ".join(section.strip().partition("\n\n")[0].split())

    @property
    def fixable(self) -> bool:
        """Whether the rule can place a fix at all."""
        return type(self).fix is not Rule.fix

    def needles_in(self, project: Project) -> tuple[re.Pattern[bytes], ...]:
        """Return what must all stand in a file of a project that can have a finding, in full.

        The first one stands in each visited node that has one: others are not visited.
        """
        return self.needles

    def unknown(self, project: Project, options: Any) -> str:
        """Return what a profile would have to say for the rule, in words; empty for nothing."""
        return ""

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield what is wrong at one visited node."""
        raise NotImplementedError

    def judge(self, node: ast.AST, context: Context) -> Iterator[Judged]:
        """Yield why places in a visited node are not flagged, for those who speak against them.

        What it says of a place that `check` flags is not looked at, but where it is half right.
        """
        return iter(())

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Say the fix that `check` decided on, from `finding.data` alone."""
        raise NotImplementedError

    def versions(self, option: str, options: Any, project: Project) -> tuple[str, ...]:
        """Return the versions that an option may name for a project, lowest first.

        The last one is that which `fix` writes; nothing where none is known.
        """
        return ()

    def mutants(self, standing: Standing) -> list[Mutant]:
        """Return what shows that a fix matters; nothing where nothing of the kind can be made.

        A fix may come from a plan, which has no `finding.data`: what stands in the file tells.
        """
        return []


class Context:
    """One file under one rule: its text, its tree, how it is laid out, and its project."""

    def __init__(
        self, rule: Rule, options: Any, module: Module, project: Project, layout: Layout
    ) -> None:
        self.rule = rule
        self.options = options
        self.module = module
        self.project = project
        self.layout = layout
        self.line_length = layout.line_length
        self.parents = module.parents

    @property
    def source(self) -> Source:
        """The file's text."""
        return self.module.source

    @cached_property
    def relative(self) -> str:
        """The file's path from the root, with `/`."""
        return self.project.relative(self.source.path)

    @property
    def works_with_clients(self) -> bool:
        """Whether the file holds tests that work with real clients."""
        profile = self.project.profile
        skipped = (*profile.data, *profile.cleanups.units)
        return self.project.is_test(self.source.path) and not within(self.relative, skipped)

    def finding(
        self,
        node: ast.AST,
        message: str,
        applicability: Applicability,
        *,
        anchor: ast.AST | None = None,
        span: Span | None = None,
        **data: Any,
    ) -> Finding:
        """Make a finding at a node; the anchor is its statement unless given.

        What stands inside an f-string is flagged as the whole string, since
        Python before 3.12 does not say where in it.
        """
        anchor = anchor or self.parents.statement(node)
        strings = [item for item in self.parents.above(node) if isinstance(item, ast.JoinedStr)]
        return Finding(
            code=self.rule.code,
            name=self.rule.name,
            path=self.source.path,
            span=span or self.source.span(strings[-1] if strings else node),
            anchor=self.source.span(anchor),
            message=message,
            applicability=applicability,
            data=data,
        )

    def judged(
        self,
        node: ast.AST,
        judgement: Judgement,
        message: str,
        *,
        span: Span | None = None,
        measured: int = 0,
    ) -> Judged:
        """Say why a place is not flagged."""
        return Judged(self.rule.code, span or self.source.span(node), judgement, message, measured)

    def head(self, function: Function) -> Span:
        """Return the place of a function's `def` and name."""
        span = self.source.span(function)
        match = HEAD.match(self.source.utf8, span.start, span.end)
        return Span(span.start, match.end()) if match else span

    def class_at(self, node: ast.AST) -> Class | None:
        """Return what the project knows of the class around a node."""
        return self.module.class_at(node)

    def method_at(self, node: ast.AST) -> Method | None:
        """Return the outermost function around a node, or the node itself where it is one."""
        return self.module.method_at(node)
