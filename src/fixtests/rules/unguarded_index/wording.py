"""How a class of tests says that a list is long enough, and whether it can."""

from __future__ import annotations

import ast

from fixtests.reasoning import roles, words
from fixtests.reasoning.calls import Run
from fixtests.rules.api import Context
from fixtests.rules.unguarded_index.uses import Reached
from fixtests.syntax.queries import Function, called_name, constant_string, walk
from fixtests.tree.module import Class
from fixtests.tree.profile import Vocabulary
from fixtests.tree.project import Project

CLASS_LEVEL = frozenset({"classmethod", "staticmethod"})


OBSTACLES = {
    Reached.ALWAYS: "",
    Reached.SOMETIMES: "the index is not reached whenever its statement runs; look whether the "
    "list may be empty there",
    Reached.LATER: "the index is in code that runs later or not at all; look whether the list "
    "may be empty there",
    Reached.RAISING: "a guard would stand inside the block that expects an exception; fetch the "
    "list before it",
    Reached.EXPECTED: "the block around it expects an exception; look whether it is this index's",
}


ASSERTED = "its length is asserted below; move that assertion up"
POLLED = (
    "the method is handed to code that waits for it; look whether it should tell that the list is "
    "not there yet"
)


def polled(function: Function, context: Context) -> bool:
    """Tell whether a method is what its module waits for: `wait_until_true(self._is_up)`."""
    return any(
        isinstance(call, ast.Call) and _hands_over(call, function.name) and _repeats(call, context)
        for call in context.module.near_word(function.name)
    )


def _hands_over(call: ast.Call, name: str) -> bool:
    """Tell whether a method of `self` stands among what a call is given."""
    return any(
        isinstance(item, ast.Attribute)
        and item.attr == name
        and isinstance(item.value, ast.Name)
        and item.value.id == "self"
        for given in (*call.args, *(part.value for part in call.keywords))
        for item in walk(given)
    )


def _repeats(call: ast.Call, context: Context) -> bool:
    method = context.method_at(call)
    if method is None:
        return roles.waits(call)
    return roles.repeats(call, Run(method, context.class_at(call)), context.project)


def unable(function: Function, owner: Class | None, project: Project) -> str:
    """Say why nothing can be asserted in a function, nothing where `self` is a test's."""
    first = [item.arg for item in (*function.args.posonlyargs, *function.args.args)][:1]
    if first == ["cls"]:
        return "a class method has no assertions; raise `cls.skipException(...)` where it is empty"
    if _asserts(function, owner, project) and first == ["self"]:
        return ""
    return "no test's `self` is here to assert with; raise an exception where it is too short"


def _asserts(function: Function, owner: Class | None, project: Project) -> bool:
    """Tell whether a function is a method of something with unittest's assertions."""
    if owner is None or function not in owner.node.body:
        return False
    if any(
        isinstance(item, ast.Name) and item.id in CLASS_LEVEL for item in function.decorator_list
    ):
        return False
    if project.is_test_case(owner):
        return True
    return any(
        isinstance(item, Class) and _uses_assertions(item.node) for item in project.mro(owner)
    )


def guard(listed: str, index: int, owner: Class | None, project: Project) -> str:
    """Return the assertion that a list has an element at an index."""
    vocabulary = next(
        (
            item
            for item in project.profile.vocabulary
            if owner is not None and project.derives(owner, item.base)
        ),
        Vocabulary(base=""),
    )
    template = vocabulary.longer if index else vocabulary.nonempty
    return template.format(list=listed, index=index)


def noun(fetched: ast.expr) -> str:
    """Return a name for what a call or a key fetches: `flavors` for `get_flavors()`."""
    match fetched:
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return words.snake_case(key)
        case ast.Call(args=[first, *_]) if called_name(fetched) == "get":
            return words.snake_case(constant_string(first) or "") or "found"
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=holder), attr=name)) if (
            holder.endswith("List")
        ):
            return (
                words.pluralized(words.snake_case(holder.removesuffix("List"))) if name else "found"
            )
        case ast.Call(args=[first, *_]) if called_name(fetched) in {"list", "sorted", "tuple"}:
            return noun(first)
        case ast.Call():
            name = called_name(fetched)
            found = words.FETCHES_NOUN.fullmatch(name)
            word = found[2] if found else name.partition("_get")[0]
            word = words.QUALIFIED.sub("", word)
            return (
                words.pluralized(words.snake_case(word))
                if word not in ("all", "list", "")
                else "found"
            )
    return "found"


def assignment(name: str, written: str, moved: int) -> str:
    """Return the statement that names an expression; in brackets where its lines need them.

    `moved` is how many columns an expression without a name stands further
    right than the statement; lines aligned with its brackets move along.
    """
    written = _realigned(written, len(f"{name} = ") - moved)
    try:
        ast.parse(f"{name} = {written}")
    except SyntaxError:
        return f"{name} = ({written})"
    return f"{name} = {written}"


def _realigned(written: str, columns: int) -> str:
    """Move the lines of an expression after its first, where they hang from an open bracket."""
    first, *rest = written.splitlines(keepends=True)
    if not rest or first.rstrip().endswith(("(", "[", "{", "\\")) or '"""' in written:
        return written
    if "'''" in written or min(len(line) - len(line.lstrip(" ")) for line in rest) < -columns:
        return written
    moved = [" " * columns + line if columns > 0 else line[-columns:] for line in rest]
    return "".join([first, *moved])


def names(function: Function) -> set[str]:
    """Return the names that a function uses or binds."""
    found = {item.id for item in walk(function) if isinstance(item, ast.Name)}
    return found | {item.arg for item in walk(function) if isinstance(item, ast.arg)}


def free(name: str, taken: set[str], room: int) -> str:
    """Return a name that is not taken, numbered from 2 where it must be, and take it.

    Where it has more letters than there is room for, its last word must do.
    """
    name = name if name.isidentifier() else "found"
    candidate = _numbered(name, taken)
    if len(candidate) > room:
        candidate = _numbered(name.rpartition("_")[2], taken)
    taken.add(candidate)
    return candidate


def _numbered(name: str, taken: set[str]) -> str:
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name}{number}", number + 1
    return candidate


def _uses_assertions(node: ast.ClassDef) -> bool:
    return any(
        isinstance(item, ast.Attribute)
        and item.attr.startswith(roles.ASSERTION)
        and isinstance(item.value, ast.Name)
        and item.value.id == "self"
        for item in walk(node)
    )
