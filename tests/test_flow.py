"""Reaching bindings against what generated functions see when they are run."""

import ast
import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtests.reasoning.flow import Order, Reaching
from fixtests.rules.unverified_outcome.course import Course
from generated import TIMES

NAMES = ("x", "y")
STRAIGHT = (
    "{n} = t(@)",
    "{n} = t(@); use(@, {n})",
    "use(@, {n})",
    "use(@, {m})",
    "({n} := t(@))",
    "[use(@, {n}) for {n} in ts(@)]",
    "c() and ({n} := t(@))",
    "({n} := t(@)) if c() else use(@, {n})",
    "{n}, _ = t(@), 0",
    "{n} = {m} = t(@)",
)
CROOKED = (
    "{n} += t(@)",
    "del {n}",
    "boom()",
    "run()",
    "{n} = boom() or t(@)",
    "keep(lambda: use(@, {n}))",
    "keep(lambda: [use(@, {n}) for _ in (1,)])",
    "keep_generator(use(@, {n}) for _ in (1,))",
    "[(use(@, {n}), ({n} := t(@))) for _ in ts(@)]",
    "[use(@, {n}) for _ in ts(@) if ({n} := t(@))]",
    "[keep(lambda: use(@, {n})) for {n} in ts(@)]",
    "sorted(use(@, {n}) for _ in ts(@) if c())",
    "(({n} := t(@)), boom())",
    "use(@, g)",
)
LEAVING = ("return", "raise E")
OF_LOOPS = ("break", "continue")
# Heads of blocks; a second part is another block beside the first.
BRANCHES = (
    ("if c():", "else:"),
    ("if c():", "elif c():", "else:"),
    ("if c():",),
)
BLOCKS = (
    *BRANCHES,
    ("for {n} in ts(@):",),
    ("for {n} in ts(@):", "else:"),
    ("for {n} in [t(@), t(@)]:",),
    ("for _ in range(2):",),
    ("while c():",),
    ("while True:",),
    ("while ({n} := t(@)) and c():", "else:"),
    ("try:", "except E:"),
    ("try:", "except E:", "else:", "finally:"),
    ("try:", "finally:"),
    ("with context(t(@)) as {n}:",),
    ("with suppress():",),
    ("with suppress(), context(t(@)) as {n}:",),
    ("match t(@ + 1):\n    case {n} if c():", "    case _:"),
    ("match t(@ + 1):\n    case {n}:",),
    ("class C@:",),
    ("def f@():",),
    ("def f@({n}=t(@)):",),
    ("def f@():\n    nonlocal {n}",),
    ("def f@():\n    global g",),
)


@st.composite
def lines(draw, straight, depth=3, loop=False, top=True):
    """Draw the lines of a block."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        name = draw(st.permutations(NAMES))
        named = {"n": name[0], "m": name[1]}
        if depth and draw(st.integers(0, 2)) == 0:
            heads = draw(st.sampled_from(BRANCHES if straight else BLOCKS))
            found += draw(blocks(heads, named, straight, depth, loop))
        elif straight or draw(st.booleans()):
            found.append(draw(st.sampled_from(STRAIGHT)).format(**named))
        else:
            found.append(draw(st.sampled_from(CROOKED)).format(**named))
    if not straight and not top and draw(st.integers(0, 4)) == 0:
        found.append(draw(st.sampled_from((*LEAVING, *(OF_LOOPS if loop else ())))))
    return found


@st.composite
def blocks(draw, heads, named, straight, depth, loop):
    """Draw a statement with blocks."""
    found = []
    inside = heads[0].startswith(("for", "while"))
    scope = heads[0].startswith(("def", "class"))
    for number, head in enumerate(heads):
        found += head.format(**named).split("\n")
        indent = "        " if "case" in head else "    "
        if "global" in head:
            found.append("    g = t(@)")
        runs = (loop and not scope) or (inside and not number)
        body = draw(lines(straight, depth - 1, runs, top=heads[0].startswith("class")))
        if heads[0] == "while True:":
            body.append("if c(): break")
        found += [f"{indent}{line}" for line in body]
    if heads[0].startswith("def"):
        found.append("keep(f!)")
    return found


def program(body):
    """Return the text of a function; each line that binds gives its own number as the value."""
    listed = ["def outer():", "    global g", *(f"    {name} = t(@)" for name in NAMES)]
    listed += [f"    {line}" for line in body]
    listed += [f"    use(@, {name})" for name in NAMES]
    numbered, function = [], []
    for number, line in enumerate(listed, 1):
        text = line.replace("@", str(number))
        if text.lstrip().startswith("def f"):
            function.append((text.index("def"), text.split("(")[0].split()[1]))
        if "keep(f!)" in text:
            indent = text.index("keep")
            text = text.replace("f!", next(n for i, n in reversed(function) if i == indent))
        numbered.append(text)
    return "\n".join(numbered) + "\n"


class Token:
    """A value that knows the line of its binding."""

    def __init__(self, line):
        self.line = line

    def __add__(self, other):
        return other


class EscapedError(Exception):
    """What a generated function raises and catches."""


class Context:
    def __init__(self, token=None, swallows=False):
        self.token, self.swallows = token, swallows

    def __enter__(self):
        return self.token

    def __exit__(self, kind, *_):
        return self.swallows and kind is EscapedError


class Run:
    """One path of a function: which use saw the binding of which line, and what ran last then."""

    def __init__(self, text, decisions):
        self.bound, self.last = set(), set()
        self.kept, self.line = [], 0
        self._left = iter(decisions)
        self._steps = self._depth = 0
        space = {"E": EscapedError, "g": Token(0), "use": self.use, "t": self.token}
        space |= {"c": self.decide, "boom": self.boom, "run": self.run, "keep": self.keep}
        space |= {"ts": lambda line: [Token(line) for _ in range(2) if self.decide()]}
        space |= {"keep_generator": lambda given: self.keep(lambda: list(given))}
        space |= {"context": Context, "suppress": lambda: Context(swallows=True)}
        exec(compile(text, "generated", "exec"), space)
        for function in (space["outer"], *(lambda at=at: self.kept[at]() for at in range(3))):
            try:
                function()
            except (EscapedError, NameError, IndexError, RecursionError, TypeError, RuntimeError):
                continue

    def step(self):
        """End a loop that would never end."""
        self._steps += 1
        if self._steps > 500:
            raise RecursionError

    def decide(self):
        self.step()
        return next(self._left, False)

    def keep(self, function):
        self.step()
        self.kept.append(function)

    def token(self, line):
        self.step()
        self.line = line
        return Token(line)

    def use(self, line, value):
        self.step()
        if isinstance(value, Token):
            self.bound.add((line, value.line))
            self.last.add((line, self.line))
        return line

    def boom(self):
        if self.decide():
            raise EscapedError

    def run(self):
        for function in self.kept[-3:]:
            if self._depth < 3 and self.decide():
                self._depth += 1
                try:
                    function()
                finally:
                    self._depth -= 1


def suppresses(block):
    return any("suppress" in ast.unparse(item.context_expr) for item in block.items)


def reaching(text):
    """Return which use is reached by the binding of which line."""
    function = ast.parse(text).body[0]
    known = Reaching(function, suppresses)
    return {
        (call.lineno, held.binding.node.lineno)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "use"
        for held in known.held(call.args[1])
    }


def compiles(text):
    """Tell whether Python takes a generated text: not each mixture of scopes is allowed."""
    try:
        compile(text, "generated", "exec")
    except SyntaxError:
        return False
    return True


PATHS = st.lists(st.lists(st.booleans(), max_size=40), min_size=4, max_size=8)
SLOW = settings(max_examples=50 * TIMES, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(lines(straight=False), PATHS)
def test_binding_that_a_use_sees_reaches_it(body, paths):
    """So where only one binding reaches a use, no other one is seen there."""
    text = program(body)
    if not compiles(text):
        return
    reached = reaching(text)
    for path in paths:
        assert {pair for pair in Run(text, path).bound if pair[1]} <= reached, text


@SLOW
@given(lines(straight=True))
def test_binding_that_reaches_a_use_over_branches_is_seen_by_it(body):
    text = program(body)
    runs = all_runs(text)
    assert not runs or set().union(*(run.bound for run in runs)) == reaching(text), text


@SLOW
@given(lines(straight=True))
def test_call_that_may_have_run_last_before_a_use_over_branches_has(body):
    text = program(body)
    function = ast.parse(text).body[0]
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    told = [call for call in calls if ast.unparse(call.func) == "t"]
    order = Order(function.body, told, suppresses)
    uses = [call for call in calls if ast.unparse(call.func) == "use"]
    found = {(use.lineno, last.lineno) for use in uses for last in order.last(use) if last}
    runs = all_runs(text)
    assert not runs or set().union(*(run.last for run in runs)) == found, text


@SLOW
@given(lines(straight=False))
def test_what_runs_after_a_call_is_the_same_found_out_statement_by_statement(body):
    text = program(body)
    if not compiles(text):
        return
    function = ast.parse(text).body[0]
    course = Course(function, suppresses)
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        at, near, goes_on = course.after(call)
        later = {node for node, place in course.reached.items() if goes_on and place > at}
        assert near | later == {*Order(function.body, [call], suppresses).after(call)}, text


def all_runs(text):
    """Return all paths of a function, none where those are too many."""
    decisions = text.count("c()") + 2 * text.count("ts(")
    if decisions > 9:
        return []
    return [Run(text, path) for path in itertools.product((False, True), repeat=decisions)]
