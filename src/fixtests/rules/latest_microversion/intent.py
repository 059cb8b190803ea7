"""Why a test asks for the latest API version, as far as its words and its neighbours tell."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import partial

from fixtests.reasoning import reflection, roles
from fixtests.reasoning.traits import VERSION
from fixtests.rules.latest_microversion import comments, reads, unseen
from fixtests.rules.latest_microversion.microversions import Form, Request, lifted_cap, request
from fixtests.syntax.parents import Parents
from fixtests.syntax.queries import Function, is_function, spanning
from fixtests.tree.files import within
from fixtests.tree.module import Class, External, Module
from fixtests.tree.patterns import pattern
from fixtests.tree.project import Project

URL = re.compile(r"(?<!\S)\S+?://\S+")
LATEST = re.compile(r"\blatest\b|\bnewest\b|\bnew(?:er)? (?:micro|api )versions?\b", re.IGNORECASE)
OF_VERSIONS = re.compile(r"version|\b\d\.latest", re.IGNORECASE)
STATED = re.compile(
    r"\b(?:latest|newest)\W+(?:\w+\W+){0,2}?(?:micro|api )versions?\b"
    r"|\b\d\.latest\b"
    r"|(?:micro|api )versions?\W+(?:\w+\W+){0,3}?(?:latest|newest)\b",
    re.IGNORECASE,
)
TESTS_LATEST = re.compile(
    r"Latest(?:Test|Tests|TestCase|Sample)?$|(?:^|_)latest$|latest_?(?:micro|api)?_?version",
    re.IGNORECASE,
)
TESTS_VERSIONS = re.compile(r"(?:micro|api)_?versions?|header", re.IGNORECASE)
NUMBERED = re.compile(r"[vV]_?\d[._]?\d{1,3}$")


@dataclass(frozen=True)
class Place:
    """A request for 'latest', with what is known around it."""

    request: Request
    owner: Class | None
    module: Module
    project: Project
    parents: Parents

    @property
    def relative(self) -> str:
        """The file's path from the root."""
        return self.project.relative(self.module.path)

    @property
    def around(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
        """The functions and classes around the request, innermost first."""
        return [
            item
            for item in self.parents.above(self.request.statement)
            if is_function(item) or isinstance(item, ast.ClassDef)
        ]


def is_tested(place: Place) -> bool:
    """Tell whether 'latest' itself is what the test is about, or no server reads it."""
    folders = place.relative.split("/")
    names = [item.name for item in place.around]
    if "unit" in folders or any(map(TESTS_LATEST.search, names)) or _is_double(place):
        return True
    if place.request.form is not Form.HEADER:
        return False
    expected = isinstance(place.request.statement, ast.Expr) and roles.ASSERTING_TEXT.search(
        ast.unparse(place.request.statement)
    )
    return bool(expected) or any(map(TESTS_VERSIONS.search, [*names, folders[-1]]))


def _is_double(place: Place) -> bool:
    """Tell whether an attribute is that of a fake, not of a test or of what tests inherit."""
    if place.request.form not in (Form.ATTRIBUTE, Form.INDIRECT) or place.owner is None:
        return False
    project = place.project

    def is_of_tests(owner: Class) -> bool:
        return project.first(owner, "of tests", _names_tests) is not None

    return not (
        is_of_tests(place.owner) or project.somewhere_below(place.owner, "of tests", is_of_tests)
    )


def _names_tests(item: Class | External) -> bool | None:
    return "Test" in item.name or reads.may_read(item) or None


def obstacle(place: Place) -> str | None:
    """Return why 'latest' may be meant, in words; None where nothing says so."""
    found = place.request
    if found.form is Form.BLOCK:
        return "this block raises the version on purpose; name the version that it needs"
    if found.form is Form.CAP:
        return "it is the ceiling that subclasses lower; pin it only together with them"
    if found.form is Form.INDIRECT:
        return f"it gets to `{found.target}` by way of something else; write the number there"
    row = _documented(place)
    if row is not None:
        return f"line {row} says that this is meant; change that text to have it pinned"
    row = lifted_cap(found, place.module, place.owner, place.project)
    if row is not None:
        block = place.project.profile.microversions.block
        alone = f"that block alone, as `{block}` does," if block else "that block alone"
        return f"it ends the cap that line {row} began; cap {alone} and pin the version around it"
    if kept := _kept_beside(found):
        return f"`{kept}` is set to it, too; see that it may be a number there"
    numbered = next((item.name for item in place.around if NUMBERED.search(item.name)), None)
    if numbered:
        return f"the name `{numbered}` states another version; pin that one"
    return _unread(place) or _shared(place) or _consulted(place)


def _kept_beside(found: Request) -> str:
    """Return what one assignment sets beside a version, where it sets several things."""
    targets = found.statement.targets if isinstance(found.statement, ast.Assign) else []
    others = [item for item in targets if not VERSION.search(ast.unparse(item))]
    return ast.unparse(others[0]) if others and len(targets) > 1 else ""


def _documented(place: Place) -> int | None:
    """Return the row of a comment or docstring that asks for the latest version.

    Requests of one function are treated alike, and so are those that hold
    for a whole class, so that two clients of one test never part.
    """
    ask = place.project.memory.ask
    for item in place.around:
        if ask(("states latest", item), _states, item, place.project):
            return item.body[0].lineno
    told = _told(place)
    row = told.row(place.request.statement)
    if row is not None:
        return row
    tree = place.owner.node if place.owner else place.module.tree
    rows = ask(("told of latest", tree), _companions, tree, place)
    function = place.parents.function(place.request.statement)
    near = [rows[key] for key in {None, function} if key in rows]
    return min(near)[1] if near else None


def _states(item: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, project: Project) -> bool:
    """Tell whether a docstring asks for the latest version."""
    text = URL.sub("", ast.get_docstring(item) or "")
    meant = pattern(project.profile.microversions.meant)
    return STATED.search(text) is not None or meant.search(text) is not None


def _told(place: Place) -> comments.Told:
    """Return which statements of the module have comments that ask for the latest version."""
    meant = pattern(place.project.profile.microversions.meant)

    def says(comment: comments.Comment) -> bool:
        text = URL.sub("", comment.text)
        near = _asks(comment.statement, place)
        asked = LATEST.search(text) and (near or OF_VERSIONS.search(text))
        return bool(asked or meant.search(text))

    key = "comments on latest", place.module
    return place.project.memory.ask(key, comments.Told, place.module, says)


def _companions(tree: ast.AST, place: Place) -> dict[Function | None, tuple[int, int]]:
    """Return the first comment that asks for the latest version near what sets one in a tree.

    By function, and for None where it holds for all of them: the number of the statement and
    the row of the comment.
    """
    found: dict[Function | None, tuple[int, int]] = {}
    told = _told(place)
    for number, node in enumerate(spanning(tree, place.module.source.rows(reads.LATEST))):
        if isinstance(node, ast.Assign) and _asks(node, place):
            function = place.parents.function(node)
            if function and roles.prepares(function.name, place.project):
                function = None
            row = None if function in found else told.row(node)
            if row is not None:
                found[function] = number, row
    return found


def _asks(statement: ast.stmt, place: Place) -> bool:
    """Tell whether a statement assigns 'latest' as a version."""
    value = getattr(statement, "value", None)
    return (
        isinstance(value, ast.Constant)
        and value.value == "latest"
        and request(value, place.module, place.project) is not None
    )


def _unread(place: Place) -> str | None:
    """Say that an attribute has no effect, or one beyond a client's version."""
    found, owner, project = place.request, place.owner, place.project
    if found.form is not Form.ATTRIBUTE or owner is None:
        return None
    attribute = found.target

    def is_read(item: Class) -> bool:
        return reads.reads(project, item, attribute) is not False

    def bumps(item: Class) -> bool:
        return reads.other_use(project, item, attribute) is not None

    if not project.somewhere_below(owner, ("read", attribute), is_read):
        return f"nothing reads `{attribute}` in this class or its bases; remove it"
    if not project.somewhere_below(owner, ("other use", attribute), bumps):
        return None
    for item in (owner, *project.subclasses(owner)):
        use = reads.other_use(project, item, attribute)
        if use is not None:
            reader, node = use
            return (
                f"`{reader.name}` puts it to another use at line {reader.module.row(node)} of "
                f"{project.relative(reader.module.path)}; check that first"
            )
    return None


def _shared(place: Place) -> str | None:
    """Say that most of the classes that a pin would move stand in other modules."""
    owner, project = place.owner, place.project
    if within(place.relative, project.profile.data):
        return "this fixture serves many tests; pin the version in those that need one"
    if owner is None:
        return None
    attribute = place.request.target if place.request.form is Form.ATTRIBUTE else None
    key = "shared", owner, attribute
    return project.memory.ask(key, _shared_by, owner, attribute, project)


def _shared_by(owner: Class, attribute: str | None, project: Project) -> str | None:
    def is_away(item: Class) -> bool:
        return item.module is not owner.module

    if not project.somewhere_below(owner, ("away", owner.module), is_away):
        return None
    heirs = [
        heir
        for heir in project.subclasses(owner)
        if attribute is None or _binder(project, heir, attribute) in (owner, None)
    ]
    away = [heir for heir in heirs if heir.module is not owner.module]
    if len(away) * 2 <= len(heirs):
        return None
    inherit = (
        "class of another module inherits" if len(away) == 1 else "classes of other modules inherit"
    )
    return f"{len(away)} {inherit} it from `{owner.name}`; pin it in those that need a version"


def _binder(project: Project, owner: Class, attribute: str) -> Class | None:
    """Return the class whose body binds an attribute for another one."""

    def binds(item: Class | External) -> Class | None:
        return item if isinstance(item, Class) and attribute in item.attributes else None

    binder: Class | None = project.first(owner, ("binder", attribute), binds)
    return binder


def _consulted(place: Place) -> str | None:
    """Say that the tests tell 'latest' from a number, or handle the highest version themselves."""
    ask, module = place.project.memory.ask, place.module
    row = ask(("compares latest", module), reads.compares_latest, module, module.tree)
    if row is not None:
        return f"line {row} compares the version with 'latest'; pin both together"
    compares = partial(_compares, place.project)
    if place.owner and (name := place.project.first(place.owner, "compares latest", compares)):
        return f"`{name}` compares the version with 'latest'; pin both together"
    if place.request.form in (Form.ATTRIBUTE, Form.CLIENT):
        name = place.request.target.rpartition(".")[2]
        row = ask(("read back", module, name), reads.read_back, module, name)
        if row is not None:
            return f"line {row} reads the version back; see that it may be a number there"
        if found := ask(("unseen", module, name), unseen.reads_attribute, module, name):
            return found
        if place.owner and reflection.is_made_otherwise(place.owner, place.project):
            return "who makes this class may read the version; see that it may be a number there"
    if place.request.form is Form.HEADER and (
        found := ask(("headers", module), unseen.reads_header, module)
    ):
        return found
    if found := ask(("requests", module), unseen.sees_requests, module):
        return found
    highest = pattern(place.project.profile.microversions.highest)
    if ask(("highest", module), lambda: highest.search(module.source.text) is not None):
        return "this file is about the highest version; pin it by hand where that is not the point"
    return None


def _compares(project: Project, item: Class | External) -> str | None:
    """Return the name of a class that holds something against 'latest'."""
    return item.name if isinstance(item, Class) and reads.facts(item, project).compares else None
