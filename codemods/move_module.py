"""Follow a module, or a name in one, to where it is now: imports, uses, and strings of mocks.

What: `fixtests migrate move_module a.b.c=a.d.e` leads all imports of `a.b.c` to `a.d.e`, renames
what files call it where its last word changes, and changes the strings that lead to it or below
it, as of `mock.patch('a.b.c.function')`. With `a.b=a.x`, all below the package moves; with
`a.b.c.function=a.d.function` a name that a module holds. Several pairs are followed in one run.

- An import stays where it is sorted to, else it goes there; in a function, `try` or `if` it is
  replaced where it is. A name that `as` gives stays; `as` goes where it says nothing new.
- Without `as`, what a file calls a module follows it, in other files, too: `test.utils.x` and
  `'test.utils.x'` are changed with the import in `test`. Where the new name means something else
  in the file, or something else binds the old one, the old name stays, by `as`. `--call a.d.e=x`
  gives another name, and to all: `from a.d import e as x`.
- Strings count as safe where they say what is replaced (`mock.patch`, `fixtures.MockPatch` and
  `MonkeyPatch`, methods that hand them on) or imported (`importutils`, `importlib`); others that
  begin with the moved name count as unsafe.

Why: a string that a move forgets fails only when its test runs, or patches what nothing calls.

When to delete: never; modules go on moving. Run it over the whole tree in the change that moves
the file (`git mv` is yours), before or after that; a part of the tree is half of the move.

What it leaves: documentation, comments and docstrings, strings that are put together from several.
It says so where there is a star import, a relative import in what moves, a name that a file binds
twice, or a package that a file uses for what stays as well; where the module that a name moves
out of uses it itself; and where `setup.cfg` or `pyproject.toml` names what moves.
"""

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixtests.migrate import Codemod, argument
from fixtests.model import Applicability, Finding, Span
from fixtests.reasoning.imported import Imports
from fixtests.reasoning.moved_names import Renaming
from fixtests.reasoning.moves import Change, Moves
from fixtests.reasoning.told import Told
from fixtests.rules.api import Context, Editor
from fixtests.syntax.literals import beginning, renamed
from fixtests.syntax.queries import bound_names, constant_string, dotted, is_function, walk

NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
LEADING = re.compile(rf"({NAME.pattern})\.?(?:[.%{{]\S*)?")  # a dotted name, or one to be completed
SETTINGS = ("setup.cfg", "pyproject.toml")


@dataclass(frozen=True)
class Options:
    """What moves where."""

    moves: dict[str, str] = argument(
        "A module, package or name in a module, and what it is from now on.",
        default={},
        metavar="OLD=NEW",
        leading=True,
    )
    call: dict[str, str] = argument(
        "What files are to call a moved module, instead of its last word or what they say by `as`.",
        default={},
        metavar="NEW=NAME",
    )

    def __post_init__(self) -> None:
        if not self.moves:
            raise ValueError("nothing says what moves; give OLD=NEW before the paths")
        for old, new in self.moves.items():
            if not (NAME.fullmatch(old) and NAME.fullmatch(new)) or old == new:
                raise ValueError(f"{old}={new} are no two dotted names of modules")


class MovedModule(Codemod):
    """Leads imports, uses and texts to where what moves is now."""

    visits = (ast.Module,)
    options = Options

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield what leads to what moves."""
        names = context.options.moves
        text = context.source.utf8
        words = [old.rpartition(".")[2].encode() for old in names]
        told = any(word in text for word in (*words, b"import *"))
        here = context.module.name
        if told or here in names.values() or Moves(names, context.project).match(here):
            yield from File(context).findings()

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Change imports and what hangs on them, or a text."""
        data = finding.data
        edit.replace_imports(data.get("imports", ()))
        edit.reword(dict(data["changes"]))


class File:
    """One file, and what in it leads to what moves."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.module = context.module
        self.project = context.project
        options = context.options
        self.moves = Moves(options.moves, context.project, options.call)
        self.renaming = Renaming.of(self.module, self.moves)
        self.imports = Imports.of(self.module)
        self.told = Told(self.module, self.project)
        self.last = {old.rpartition(".")[2] for old in options.moves}

    def findings(self) -> Iterator[Finding]:
        """Yield what is to be changed in the file, and what is left."""
        yield from self._of_imports()
        for node in walk(self.module.tree):
            match node:
                case ast.Attribute(attr=name) if name in self.last:
                    yield from self._of_attribute(node)
                case ast.ImportFrom(names=[ast.alias(name="*")]):
                    yield from self._of_star(node)
                case ast.Constant(value=str()) | ast.JoinedStr(values=[ast.Constant(), *_]):
                    yield from self._of_text(node)
        here = self.moves.match(self.module.name)
        for node in walk(self.module.tree) if here else ():
            if isinstance(node, ast.ImportFrom) and node.level:
                yield self._left(node, "a relative import leads elsewhere from where the file goes")

        yield from self._of_settings()
        yield from self._of_home()

    def _of_home(self) -> Iterator[Finding]:
        """Yield where the file that a name moves out of uses it besides."""
        mine = {
            old.rpartition(".")[2]: new
            for old, new in self.moves.names.items()
            if old.rpartition(".")[0] == self.module.name != new.rpartition(".")[0]
        }
        uses: dict[str, list[ast.Name]] = {}
        for node in walk(self.module.tree) if mine else ():
            if isinstance(node, ast.Name) and node.id in mine and isinstance(node.ctx, ast.Load):
                above = [*self.module.parents.above(node)]
                own = any(getattr(item, "name", "") in mine for item in above[-2:])
                functions = (item for item in above if is_function(item))
                if not own and not any(node.id in bound_names(item) for item in functions):
                    uses.setdefault(node.id, []).append(node)
        for name, found in uses.items():
            said = f"`{name}` is used here where it moves from, in {len(found)} places"
            first = min(found, key=lambda node: (node.lineno, node.col_offset))
            yield self._left(first, f"{said}, and is `{mine[name]}` from now on")

    def _of_settings(self) -> Iterator[Finding]:
        """Yield where a file that is no Python names what the file holds or is, and moves."""
        start = ast.Pass(lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)
        for old, new in self.moves.names.items():
            places = (old, new, old.rpartition(".")[0])
            home = next(filter(self.project.path_of, places), "")
            named = re.compile(rf"(?<![\w.]){re.escape(old)}(?!\w)".replace(r"\.", "[.:]"))
            for name in SETTINGS if self.module.name == home else ():
                lines = self.project.text(self.project.root / name).split("\n")
                rows = [str(row) for row, line in enumerate(lines, 1) if named.search(line)]
                if rows:
                    said = f"{name} names `{old}`, which is now `{new}`, in line {', '.join(rows)}"
                    yield self._left(start, said)

    def _of_imports(self) -> Iterator[Finding]:
        """Yield what becomes of imports; those that stand line by line change together."""
        blocks: list[list[Change]] = []
        for change in self.renaming.changes:
            if change.obstacle:
                yield self._left(change.statement, change.obstacle)
            elif blocks and self._stands_below(change.statement, blocks[-1][-1].statement):
                blocks[-1].append(change)
            else:
                blocks.append([change])
        for block in blocks:
            moved = dict(pair for change in block for pair in change.moved)
            yield self.context.finding(
                block[0].statement,
                ", ".join(f"`{old}` is now `{new}`" for old, new in moved.items()),
                Applicability.SAFE,
                imports=[self._import(change) for change in block if change.names or change.added],
                changes=[
                    (self.context.source.span(use.node), use.text)
                    for change in block
                    for use in change.uses
                ],
            )

    def _stands_below(self, node: ast.stmt, other: ast.stmt) -> bool:
        """Tell whether nothing but imports stands between two of the module's own statements."""
        body = self.module.tree.body
        if node not in body or other not in body:
            return False
        between = body[body.index(other) : body.index(node) + 1]
        return all(
            isinstance(below, ast.Import | ast.ImportFrom) and below.lineno - 1 == above.end_lineno
            for above, below in itertools.pairwise(between)
        )

    def _import(self, change: Change) -> tuple[Span, tuple[str, ...], tuple[str, ...]]:
        span = self.context.source.span(change.statement)
        return span, tuple(change.names), tuple(change.texts)

    def _left(self, node: ast.AST, reason: str) -> Finding:
        return self.context.finding(node, f"{reason}; change it by hand", Applicability.DISPLAY)

    def _of_star(self, node: ast.ImportFrom) -> Iterator[Finding]:
        star = self.module.stars
        origins = star if len(star) == 1 else (node.module or "",)
        for origin in origins:
            if self.moves.match(origin) or origin in {
                old.rpartition(".")[0] for old in self.moves.names
            }:
                yield self._left(node, f"it imports all that `{origin}` holds, of which some moves")

    def _of_attribute(self, node: ast.Attribute) -> Iterator[Finding]:
        """Yield what to do where another module of the tree calls what moves by another name."""
        origin = self._meaning(node.value)
        behind = self.renaming.behind(origin, node.attr) if origin else None
        if behind and not self.moves.match(origin or ""):
            end = self.context.source.span(node).end
            place = Span(end - len(node.attr.encode()), end)
            yield self._changed(node, node.attr, behind.rpartition(".")[2], [place], safe=True)
        elif isinstance(node.value, ast.Attribute):
            yield from self._of_name_behind(node, node.value)

    def _of_name_behind(self, node: ast.Attribute, holder: ast.Attribute) -> Iterator[Finding]:
        """Yield what to do where a moved name stands behind what another module imports."""
        module = self.project.module(self._meaning(holder.value) or "")
        item = Imports.of(module).named(holder.attr, (module.tree,)) if module else None
        old = f"{item.meaning}.{node.attr}" if item else ""
        if not module or not item or old not in self.moves.names or self.moves.match(item.meaning):
            return
        new = self.moves.names[old]
        name = Renaming.of(module, self.moves).led_by(item, new)
        if name is None:
            yield self._left(node, f"it leads to `{old}`, which is now `{new}`")
            return
        span = self.context.source.span
        place = Span(span(holder).end - len(holder.attr.encode()), span(node).end)
        text = f"{name}.{new.rpartition('.')[2]}"
        if text != f"{holder.attr}.{node.attr}":
            yield self._changed(node, f"{holder.attr}.{node.attr}", text, [place], safe=True)

    def _meaning(self, node: ast.expr) -> str | None:
        """Return what a dotted name in the file leads to, as far as imports say so."""
        first = node
        while isinstance(first, ast.Attribute):
            first = first.value
        if not isinstance(first, ast.Name):
            return None
        item = self.imports.named(first.id, self.imports.chain_of(first))
        return item.meaning + (dotted(node) or "")[len(first.id) :] if item else None

    def _of_text(self, node: ast.Constant | ast.JoinedStr) -> Iterator[Finding]:
        above = self.module.parents.of(node)
        if isinstance(above, ast.Expr | ast.JoinedStr | ast.FormattedValue):
            return
        first = node if isinstance(node, ast.Constant) else node.values[0]
        text = constant_string(first) or ""
        name = LEADING.fullmatch(text)
        if name is None:
            return
        call = self.told.call(node)
        if text in self.last and call is not None:
            yield from self._of_named_attribute(node, call)
        found = self._leads(name[1])
        if found is None or ("." not in found[0] and call is None):
            return
        old, new = found
        start = self.context.source.span(node).start
        places = beginning(self.context.source.utf8, start, len(old))
        if places is None:
            yield self._left(node, f"a text leads to `{old}`, which is now `{new}`")
            return
        yield self._changed(node, old, new, places, safe=call is not None)

    def _leads(self, name: str) -> tuple[str, str] | None:
        """Return what moves of a dotted name in a text, by itself or by who imports it, and where.

        A name behind another module's import is followed to where the module itself has it.
        """
        found = self.moves.match(name)
        parts = name.split(".")
        if found or self.last.isdisjoint(parts):
            return found
        for length in range(len(parts) - 1, 0, -1):
            origin = ".".join(parts[:length])
            if self.project.path_of(origin) is not None:
                behind = self.renaming.behind(origin, parts[length])
                if behind:
                    return f"{origin}.{parts[length]}", behind
                return self._behind_import(origin, parts[length:])
        return None

    def _behind_import(self, origin: str, rest: list[str]) -> tuple[str, str] | None:
        """Return what moves behind what a module imports, as it says it, and where it goes."""
        module = self.project.module(origin)
        item = Imports.of(module).named(rest[0], (module.tree,)) if module else None
        found = item and self.moves.match(".".join([item.meaning, *rest[1:]]))
        if not item or not found or len(found[0]) <= len(item.meaning):
            return None
        return f"{origin}.{rest[0]}{found[0][len(item.meaning) :]}", found[1]

    def _of_named_attribute(self, node: ast.AST, call: ast.Call) -> Iterator[Finding]:
        """Yield what to do where a call is told an object and the name of what moves in it."""
        if len(call.args) < 2 or call.args[1] is not node or not isinstance(node, ast.Constant):
            return
        origin, name = self._meaning(call.args[0]), constant_string(node)
        behind = self.renaming.behind(origin, name) if origin and name else None
        if not behind or not name:
            return
        start = self.context.source.span(node).start
        places = beginning(self.context.source.utf8, start, len(name))
        if places:
            yield self._changed(node, name, behind.rpartition(".")[2], places, safe=True)

    def _changed(
        self, node: ast.expr, old: str, new: str, places: list[Span], *, safe: bool
    ) -> Finding:
        whole = "." not in old or isinstance(node, ast.Attribute)
        changes = [(places[0], new)] if whole else renamed(old, new, places)
        kind = Applicability.SAFE if safe else Applicability.UNSAFE
        said = f"`{old}` is now `{new}`"
        return self.context.finding(node, said, kind, changes=changes)
