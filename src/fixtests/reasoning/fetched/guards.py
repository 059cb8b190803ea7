"""How a class of tests says that a list is long enough, and under which name it has it."""

from __future__ import annotations

import ast
import re

from fixtests.reasoning import reflection, words
from fixtests.reasoning.module_names import may_bind
from fixtests.syntax.queries import (
    Function,
    bound_by,
    called_name,
    constant_string,
    last_name,
    walk,
)
from fixtests.tree.module import Class, Module
from fixtests.tree.profile import Vocabulary
from fixtests.tree.project import Project

INDENT = 4
TWO = 2  # lines, the second of which was short of room
HIDDEN = "`{}` is something else here; write the guard in another way"
USED = ("self", "len")  # in guards
OWN = USED[:1]  # which methods and what is in them have as arguments
NAMES = re.compile(rf"\b(?:{'|'.join(USED)})\b")
ASSERTION = re.compile(r"self\.(\w+)\(")
UNNAMED = "found"  # what is fetched, where nothing says what it is


def guard(listed: str, index: int, owner: Class | None, project: Project) -> str:
    """Return the assertion that a list has an element at an index."""
    said = vocabulary(owner, project) if owner is not None else Vocabulary(base="")
    template = said.longer if index else said.nonempty
    return template.format(list=listed, index=index)


def hidden(
    text: str, function: Function, owner: Class | None, module: Module, project: Project
) -> str:
    """Return which word of a guard means something else in a function, in words."""
    bound = project.memory.ask((hidden, function), _bound_again, function, module, project)
    found = {*NAMES.findall(text)} & bound
    for assertion in ASSERTION.findall(text)[:1]:
        own = project.method(owner, assertion) if owner else None
        if (
            (own and own.module is module)
            or may_bind(module, assertion)
            or (owner and _is_bound_by_class(owner, assertion, project))
        ):
            found.add(assertion)
    if reflection.reaches_names(module):
        found.update(NAMES.findall(text))
    return HIDDEN.format(min(found)) if found else ""


def _is_bound_by_class(owner: Class, assertion: str, project: Project) -> bool:
    """Tell whether a class binds an assertion to something, or an heir has one of its own."""

    def own(item: Class) -> frozenset[Class]:
        binds = assertion in item.methods or assertion in item.attributes
        return frozenset([item] if binds else [])

    if project.attribute(owner, assertion) is not None:
        return True
    return bool(project.below(owner, ("binds", assertion), own) - {owner})


def _bound_again(function: Function, module: Module, project: Project) -> set[str]:
    """Return which words of guards are bound in a function or its module."""
    nodes = (it for it in walk(function) if not isinstance(it, ast.arg) or it.arg not in OWN)
    here = {name for node in nodes for name in bound_by(node)}
    return {name for name in USED if name in here or project.lookup(module, name) is not None}


def vocabulary(owner: Class, project: Project) -> Vocabulary:
    """Return how a class asserts; a class above tests does what all the tests below it can."""
    return project.memory.ask((vocabulary, owner.node), _vocabulary, owner, project)


def _vocabulary(owner: Class, project: Project) -> Vocabulary:
    known, users = project.profile.vocabulary, [owner]
    if known and not project.is_test_case(owner):
        below = [heir for heir in project.subclasses(owner) if project.is_test_case(heir)]
        users = below or users
    for item in known:
        if all(project.derives(user, item.base, within=True) for user in users):
            return item
    return Vocabulary(base="")


# `Event.get_all_by_stack` fetches events.
OF_OWNER = re.compile(r"(?:by|for|from|in|of)_")


def noun(fetched: ast.expr) -> str:
    """Return a name for what a call or a key fetches: `flavors` for `get_flavors()`."""
    match fetched:
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return words.snake_case(key)
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=manager), attr="list")):
            return words.snake_case(manager)
        case ast.Call(args=[first, *_]) if called_name(fetched) == "get":
            return words.snake_case(constant_string(first) or "") or UNNAMED
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=holder), attr=name)) if (
            holder.endswith("List")
        ):
            return (
                words.pluralized(words.snake_case(holder.removesuffix("List"))) if name else UNNAMED
            )
        case ast.Call(args=[first, *_]) if called_name(fetched) in {"list", "sorted", "tuple"}:
            return noun(first)
        case ast.Call() if called_name(fetched) == "fetchall":
            return "rows"
        case ast.Call():
            name = called_name(fetched)
            found = words.FETCHES_NOUN.fullmatch(name)
            word = found[2] if found else name.partition("_get")[0]
            word = words.QUALIFIED.sub(
                "", word if OF_OWNER.match(word) is None else _owner(fetched)
            )
            return (
                words.pluralized(words.snake_case(word))
                if word not in ("all", "list", "")
                else UNNAMED
            )
    return UNNAMED


def _owner(call: ast.Call) -> str:
    """Return the class whose method a call is, which is what is fetched; empty for none."""
    name = last_name(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    return name if name[:1].isupper() else ""


def naming(
    fetched: ast.expr,
    statement: ast.stmt,
    written: str,
    taken: set[str],
    line_length: int,
    usual: str = "",
    line: bytes = b"",
) -> tuple[str, str]:
    """Return a free name for what is fetched in a statement, and the statement that binds it.

    `written` is the source of what is fetched, `line` the one that it begins on; the name is taken
    from then on. It is the `usual` one where that is free and there is room for it.
    """
    used = statement.col_offset + len(f" = {written.splitlines()[0]}")
    told = usual if usual not in taken and used + len(usual) <= line_length else ""
    name = _free(told or noun(fetched), taken, line_length - used)
    room = line_length - statement.col_offset - len(f"{name} = ")
    before = line_length - fetched.col_offset
    whole = _on_one_line(written)
    if whole and len(whole) <= room and (len(whole) >= before or len(written.splitlines()) == TWO):
        return name, f"{name} = {whole}"
    indent = len(line) - len(line.lstrip(b" ")) if line else statement.col_offset
    return name, _assignment(name, written, fetched.col_offset, indent, statement.col_offset)


def _on_one_line(written: str) -> str:
    """Return an expression of several lines on one, empty where its lines hold more than blanks."""
    if len(written.splitlines()) < TWO:
        return ""
    whole = re.sub(r"(?<=[(\[{])\s*[\r\n]\s*", "", written)
    whole = re.sub(r"\s*[\r\n]\s*(?=[)\]}.])", "", whole)
    whole = re.sub(r"\s*[\r\n]\s*", " ", whole)
    try:
        same = ast.dump(ast.parse(whole)) == ast.dump(ast.parse(f"({written})"))
    except SyntaxError:
        return ""
    return whole if same and "#" not in written else ""


def _assignment(name: str, written: str, column: int, indent: int, base: int) -> str:
    """Return the statement that names an expression; in brackets where its lines need them.

    `column` is where it begins, `indent` how deep its line is, and `base` how deep the statement.
    Lines that are aligned with its brackets move along, those that hang stay as deep.
    """
    plain = _moved(written, base + len(f"{name} = ") - column, base - indent)
    try:
        ast.parse(f"{name} = {plain}")
    except SyntaxError:
        if column == indent > base:  # it has lines of its own
            own = " " * (base + INDENT)
            inner = _moved(written, base + INDENT - indent, base + INDENT - indent)
            return f"{name} = (\n{own}{inner}\n{' ' * base})"
        return f"{name} = ({_moved(written, base + len(f'{name} = (') - column, base - indent)})"
    return f"{name} = {plain}"


def _moved(written: str, columns: int, hanging: int) -> str:
    """Move the lines of an expression after its first, `hanging` if an open bracket ends that."""
    first, *rest = written.splitlines(keepends=True)
    if not rest or '"""' in written or "'''" in written:
        return written
    columns = hanging if first.rstrip().endswith(("(", "[", "{", "\\")) else columns
    if min(len(line) - len(line.lstrip(" ")) for line in rest if line.strip()) < -columns:
        return written
    moved = [" " * columns + line if columns > 0 else line[-columns:] for line in rest]
    return "".join([first, *moved])


def names(function: Function) -> set[str]:
    """Return the names that a function uses or binds."""
    found = {item.id for item in walk(function) if isinstance(item, ast.Name)}
    return found | {item.arg for item in walk(function) if isinstance(item, ast.arg)}


def _free(name: str, taken: set[str], room: int) -> str:
    """Return a name that is not taken, numbered from 2 where it must be, and take it.

    Where it has more letters than there is room for, its last word must do.
    """
    name = name if name.isidentifier() else UNNAMED
    candidate = numbered(name, taken)
    if len(candidate) > room:
        candidate = numbered(name.rpartition("_")[2], taken)
    taken.add(candidate)
    return candidate


def numbered(name: str, taken: set[str]) -> str:
    """Return a name that is not taken, numbered from 2 where it must be."""
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name}{number}", number + 1
    return candidate
