"""The UUID literals of one module: what each stands for, and what speaks against touching it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from fixtests.reasoning import roles
from fixtests.rules.literal_uuid import conversions, evidence, fallbacks, spelling, uses
from fixtests.rules.literal_uuid.absence import ABSENT, ABSENT_ID, Absence
from fixtests.rules.literal_uuid.literal import Literal, Verdict
from fixtests.rules.literal_uuid.recorded import Recorded
from fixtests.rules.literal_uuid.spelling import EXACT
from fixtests.syntax.queries import Function, called_name, dotted, is_function, walk
from fixtests.tree.module import Module
from fixtests.tree.patterns import pattern
from fixtests.tree.project import Project

DECLARE = "a constant of this value would be used here"
LIMITS = {"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"}
VALIDATION = re.compile(r"validat|uuid_?like|is_uuid|invalid_\w*id(_|$)", re.I)
PARSERS = re.compile(r"(is_)?(valid_)?uuid(_like)?", re.I)
VALIDATORS = re.compile(rf"{PARSERS.pattern}|validate\w*|is_valid\w*|is_\w+_like", re.I)
MARKUP = re.compile(r"<\w|[{\[]\s*\\?\"|\"\s*:")
OFTEN = 3
TELLING = 3


class Literals:
    """Every exact UUID literal of a module, judged."""

    def __init__(self, module: Module, project: Project) -> None:
        self.module = module
        self._project = project
        self._digits = pattern(project.profile.words.digits, re.IGNORECASE)
        self.parents = module.parents
        self.absence = Absence(module)
        # String literals that hold a UUID anywhere, in source order, with their values. They are
        # looked for at once, so that whoever is given these literals has looked at the file.
        self._strings: list[tuple[ast.Constant, str]] = spelling.strings(module)

    @cached_property
    def found(self) -> tuple[Literal, ...]:
        """The literals in source order."""
        exact = (item for item in self._strings if EXACT.fullmatch(item[1]))
        return tuple(self._judged(node, value) for node, value in exact)

    @cached_property
    def by_value(self) -> dict[str, list[Literal]]:
        """The literals of each value, in source order."""
        grouped: dict[str, list[Literal]] = {}
        for literal in self.found:
            grouped.setdefault(literal.value, []).append(literal)
        return grouped

    def opening(self, value: str) -> ast.Constant:
        """Return the first literal of a value that a name may take the place of."""
        return next(item.node for item in self.by_value[value] if item.open)

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(value for _, value in self._strings if EXACT.fullmatch(value))

    @cached_property
    def _recorded(self) -> Recorded:
        return Recorded(self._strings, self._counts, self.parents)

    @cached_property
    def _longer(self) -> dict[str, list[tuple[Function | None, bool]]]:
        """The values inside longer strings: each function, and whether that is markup."""
        found: dict[str, list[tuple[Function | None, bool]]] = {}
        for node, value in self._strings:
            if EXACT.fullmatch(value) or self._is_docstring(node):
                continue
            place = self._outermost(node), MARKUP.search(value) is not None
            for match in dict.fromkeys(EXACT.findall(value)):
                found.setdefault(match, []).append(place)
        return found

    @cached_property
    def _parsed(self) -> set[str]:
        """Values that the module has parsed somewhere: their digits are the matter."""
        return {
            value
            for node, value in self._strings
            for above in self.parents.above(node)
            if isinstance(above, ast.Call) and PARSERS.fullmatch(called_name(above))
        }

    @cached_property
    def _converted(self) -> set[str]:
        return conversions.values(self._strings, self._locals, self.parents)

    @cached_property
    def _keys(self) -> set[tuple[str, Function | None]]:
        """Values that are keys of dicts or subscripts, with the outermost function around."""
        found = set()
        for node, value in self._strings:
            above = self.parents.of(node)
            in_dict = isinstance(above, ast.Dict) and node in above.keys
            in_brackets = isinstance(above, ast.Subscript) and node is above.slice
            if (in_dict or in_brackets) and EXACT.fullmatch(value):
                found.add((value, self._outermost(node)))
        return found

    @cached_property
    def _locals(self) -> dict[tuple[str, Function | None], ast.Name]:
        """The first local that holds a value and tells what it is, by value and function."""
        found: dict[tuple[str, Function | None], ast.Name] = {}
        for node, value in self._strings:
            parent = self.parents.of(node)
            if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
                name = parent.targets[0]
                if len(name.id) >= TELLING:
                    found.setdefault((value, self.parents.function(node)), name)
        return found

    def _outermost(self, node: ast.AST) -> Function | None:
        """Return the outermost `def` whose body holds a node: a test, not a stub inside it."""
        found = self.parents.function(node)
        while found is not None and (outer := self.parents.function(found)) is not None:
            found = outer
        return found

    def _meet(self, one: Function | None, other: Function | None) -> bool:
        """Tell whether the values of two places meet.

        They do in one function, at the module's or the class's level, and
        between methods of a class where one prepares the tests or names the other.
        """
        if other is None or one is other:
            return True
        owner = self.parents.of(other)
        if one is None or not isinstance(owner, ast.ClassDef) or self.parents.of(one) is not owner:
            return False
        prepares = any(roles.prepares(item.name, self._project) for item in (one, other))
        return prepares or _names(one, other) or _names(other, one)

    def _is_docstring(self, node: ast.Constant) -> bool:
        return isinstance(self.parents.of(node), ast.Expr)

    def _judged(self, node: ast.Constant, value: str) -> Literal:
        function = self.parents.function(node)
        words = tuple(hint.identifier for hint in evidence.hints(node, self.parents))
        verdict, reason = self._verdict(node, value, function)
        names = [item.name for item in self.parents.above(node) if is_function(item)]
        absent = any(ABSENT.search(word) for word in (*words[:1], *names, *self._raised(node)))
        absent = absent or any(ABSENT_ID.fullmatch(word) for word in words[:1])
        absent = absent or (verdict is not Verdict.HELD and self.absence.is_said(node))
        named = verdict is Verdict.HELD and evidence.is_named(node, self.parents)
        beside = tuple(filter(EXACT.fullmatch, evidence.beside(node, self.parents)))
        return Literal(node, value, verdict, reason, words, function, absent, named, beside)

    def _verdict(
        self, node: ast.Constant, value: str, function: Function | None
    ) -> tuple[Verdict, str]:
        if value.lower() in LIMITS or self._left_alone(node):
            return Verdict.LEAVE, ""
        if self._is_default(node):
            return (
                Verdict.ADVISE,
                "it is a default argument, which callers rely on; change them together by hand",
            )
        if function is None:
            return Verdict.LEAVE, ""
        outermost = self._outermost(node)
        longer = self._longer.get(value, [])
        here = [markup for holder, markup in longer if self._meet(outermost, holder)]
        if any(here):
            return Verdict.LEAVE, ""
        if here:
            return (
                Verdict.ADVISE,
                "the value also stands inside a longer string; change both by hand",
            )
        if {(value, outermost), (value, None)} & self._keys:
            return Verdict.ADVISE, "the value is also a key, which must change with it by hand"
        verdict, reason = self._by_use(node, value, function)
        if verdict is Verdict.FIX and longer:
            return Verdict.NAMED, (
                f"the value also stands inside a longer string of this file; {DECLARE}"
            )
        return verdict, reason

    def _left_alone(self, node: ast.Constant) -> bool:
        """Tell whether a literal is no id of a test's own: documentation, identity, validation."""
        if self._is_docstring(node) or node.value in self._parsed | self._converted:
            return True
        if spelling.is_spelled_otherwise(str(node.value), self.module):
            return True
        inner: ast.AST = node
        for above in self.parents.above(node):
            if isinstance(above, ast.JoinedStr) or spelling.is_identity(above):
                return True
            if isinstance(above, ast.Call) and VALIDATORS.fullmatch(called_name(above)):
                return True
            if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                decorates = inner in above.decorator_list
                if decorates or self._validates(above.name):
                    return True
            inner = above
        return self._validates(self.module.name.rpartition(".")[2])

    def _validates(self, name: str) -> bool:
        """Tell whether something of a name is about the digits of ids."""
        return VALIDATION.search(name) is not None or self._digits.search(name) is not None

    def _raised(self, node: ast.AST) -> Iterator[str]:
        """Yield the exceptions that a test expects from the calls which a literal is passed to."""
        for above in self.parents.above(node):
            if isinstance(above, ast.Assign) and above.value is node:
                for _, argument in uses.takers(above.targets[0], self.parents):
                    yield from self._raised(argument)
            calls = (
                [item.context_expr for item in above.items]
                if isinstance(above, ast.With)
                else [above]
            )
            for call in calls:
                if isinstance(call, ast.Call) and roles.EXPECTS.fullmatch(called_name(call)):
                    yield from filter(None, map(dotted, call.args[:1]))

    def _is_default(self, node: ast.Constant) -> bool:
        above = self.parents.of(node)
        return isinstance(above, ast.arguments)

    def _by_use(self, node: ast.Constant, value: str, function: Function) -> tuple[Verdict, str]:
        often = self._counts[value] >= OFTEN
        if self._recorded.holds(node):
            return Verdict.NAMED, "it is one of many in a recorded sample; its key says what it is"
        use, above = self._use(node)
        if fallbacks.is_one(node, use, self.parents):
            return Verdict.NAMED, f"it is a fallback value; {DECLARE}"
        match above:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if use is node and (len(name) >= TELLING or not often):
                    count = self._counts[value]
                    todo = f", in one of {count} places; share" if count > 1 else "; bind"
                    return Verdict.HELD, f"`{name}` holds it{todo} a constant"
                if use is not node and not often:
                    return (
                        Verdict.NAMED,
                        f"`{name}` holds it among others; {DECLARE}",
                    )
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name)]):
                if use is node:
                    reason = f"the attribute `{name}` holds it already; {DECLARE}"
                    return Verdict.NAMED, reason
            case ast.Call() | ast.keyword() | ast.Dict() | ast.Assign(targets=[ast.Subscript()]):
                return self._unless_local(node, value, function)
        if often:
            return self._unless_local(node, value, function)
        return (
            Verdict.NAMED,
            f"it stands where nothing names it; {DECLARE}",
        )

    def _unless_local(
        self, node: ast.Constant, value: str, function: Function
    ) -> tuple[Verdict, str]:
        local = self._locals.get((value, function))
        if local is not None and local.lineno < node.lineno:
            return Verdict.HELD, f"the local `{local.id}` of the same function holds it; use that"
        return Verdict.FIX, ""

    def _use(self, node: ast.AST) -> tuple[ast.AST, ast.AST | None]:
        """Climb from a literal through lists, `or` and conditions to what uses it."""
        above = self.parents.of(node)
        while isinstance(above, ast.List | ast.Tuple | ast.Set | ast.BoolOp | ast.IfExp):
            node, above = above, self.parents.of(above)
        return node, above


def _names(one: Function, other: Function) -> bool:
    """Tell whether a method names another one."""
    return any(isinstance(n, ast.Attribute) and n.attr == other.name for n in walk(one))


def literals(module: Module, project: Project) -> Literals:
    """Return the judged literals of a module, judged once."""
    return module.noted(Literals, Literals, module, project)
