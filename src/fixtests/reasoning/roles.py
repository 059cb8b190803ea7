"""What a call does in a test: assert, expect an exception, replace, prepare, wait, clean up.

Each pattern is one over the last part of a called name unless it says otherwise.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Container

from fixtests.syntax.queries import Function, called_name, calls, last_name, values_given
from fixtests.tree.module import Class, External, Method, Module
from fixtests.tree.project import Project

# Asserting.
COMPARES = r"(?:eq|ge|gt|in|is|is_not|le|lt|ne|not_in|ok)_"  # assertions as nose called them
ASSERTS = re.compile(  # how the names of assertions begin, those of a tree's own among them
    rf"_*(assert|verify|check|validate|ensure|expect|compare|inspect|fail)|{COMPARES}$",
    re.IGNORECASE,
)
MAY_CHECK = re.compile(
    r"(?i)assert|check|verif|validat|ensure|expect|fail|raise|wait_for|must|test"
)
RUNS_A_CHECK = re.compile(r"_*(assert|expect|check|verify|validate|ensure|test|do|run)\w*")
ASSERTS_NOTHING = re.compile(r"assert(False|IsNone|Empty|IsNot)|assert_?[nN]ot_?\w+")
DENIES = re.compile(r"(assert|fail)(Not(Equals?|In|Is)|IsNot|IfEqual)")  # that two are the same
ASSERTS_FAILURE = re.compile(r"_*(assert|expect|wait_for)_\w*(fail|error|raises|exception)\w*")
ASSERTING_TEXT = re.compile(r"\bassert\w*\(")  # over the text of a statement
ASSERTION = "assert"  # how such names begin
ASSERTS_OR_EXPECTS = (ASSERTION, "expect")
FAILS = "fail"
SKIPS = ("skipTest", "skip")
ENDS_A_TEST = frozenset({FAILS, *SKIPS})
SKIPS_ALWAYS = re.compile(r"skip(?:Test|_because)?")  # decorators that are told only why
FAILING_ON = {"assertTrue": False, "assertFalse": True}
# How the names of methods begin that every test case has.
OF_ANY_TEST = (
    *(ASSERTION, FAILS, "addCleanup", "useFixture", "flags", "skipTest", "stub_out", "addDetail"),
)

# In testtools, these take the expected value first, or their report shows which one was first.
EXPECTED_FIRST = frozenset(
    (
        *("assertEqual", "assertEquals", "assertIs", "assertDictEqual", "assertListEqual"),
        *("assertTupleEqual", "assertSetEqual", "assertCountEqual", "assertItemsEqual"),
    )
)
NAMES_EXPECTED = re.compile(r"_*(exp(ect|_|$)|want)", re.IGNORECASE)  # over the name of a value

# Expecting an exception.
EXPECTS_IN_UNITTEST = frozenset({"assertRaises", "assertRaisesRegex", "assertRaisesRegexp"})
EXPECTS_IN_UNITTEST |= {"failUnlessRaises"}
DROPS = frozenset({"suppress"})
STACKS = frozenset({"ExitStack", "AsyncExitStack"})  # of context managers
ENTERS = frozenset({"enter_context", "enter_async_context"})  # one of them
PUSHES = frozenset({"push", "push_async_exit"})  # what is told how a block ended
EXPECTED_FAILURE = "expectedFailure"
EXPECTS = re.compile(r"assert_?[rR]aises\w*|raises\w*|ExpectedException|suppress")

TOLD_FAILURE = re.compile(r"(?i)expect\w*|raises?|exc(?:eption)?\w*")  # over a keyword
MAY_FAIL = "fail_ok"  # a keyword of command lines in tests
IS_GONE = re.compile(r"(?i)not_?found|no_?such|does_?not_?exist|gone\b|404")  # over an exception

# Setting something up for what follows.
ARRANGES = re.compile(r"flags|config|set_?\w*|(?:start_)?mock\w*|useFixture")

# Clients of an API: patterns over what holds a called method.
CLIENT = re.compile(r"(.*_)?(api|client|clients|app)|.*client")
REPLYING = re.compile(r".*client")
NAMES_CLIENT = re.compile(r"(?:^|_)(?:api|client)s?\d*(?:_|$)", re.IGNORECASE)
NAMES_NO_CLIENT = re.compile(r"fixture|request|response|version", re.IGNORECASE)
MAKES_CLIENT = re.compile(r"(?:Client|Api|API|ApiFixture|APIFixture)(?:V\d+)?(?:JSON|XML)?$")
FORM = re.compile(r"(?:JSON|XML)$")  # what a client speaks, at the end of its name
GIVES_CLIENT = re.compile(r"(?i)(client|cloud|connection|connect)$")  # over a function's name
VERSION = re.compile(r"_v\d+(?=_)")  # in the name of a client
API = "api"  # how the names of clients end
# What carries requests and replies.
TRANSPORT = re.compile(r"(?i)client|session|request|respon|(?<![a-z])app(?![a-z])")

# What tests are written with; a class of theirs has no constants and knows of no project.
FRAMEWORKS = frozenset({"ddt", "fixtures", "object", "oslotest", "testresources", "testscenarios"})
FRAMEWORKS |= {"testtools", "unittest2", *sys.stdlib_module_names}

# Preparing tests, and clearing up after them: the methods that unittest and pytest run.
PREPARES_EACH = frozenset({"setUp", "asyncSetUp"})  # with a test's `self`
PREPARES = PREPARES_EACH | {"setUpClass", "setup_method", "setup_class"}
CLEARS_UP = frozenset(
    {"tearDown", "asyncTearDown", "tearDownClass", "teardown_method", "teardown_class"}
)

# Telling somebody: over the dotted name of what is called.
TELLS = re.compile(r"(?:\w+\.)*(?:_*LOG(?:GER)?|logging|warnings)\.\w+|print", re.IGNORECASE)

# Waiting.
WAITS = re.compile(r"(?:.*_)?(?:wait|poll|retry)\w*|\w*until_\w*", re.IGNORECASE)
WAITS_FOR_ONE = re.compile(r"_*wait_\w+")  # surely, for something that is named
# Functions that wait until what they are given comes out true; the first one that a tree uses.
WAITS_FOR_ANYTHING = (
    *("wait_until_true", "call_until_true", "wait_until", "wait_for_condition", "poll_until"),
    *("wait_for_true", "retry_until_true", "async_wait_until", "iterate_timeout"),
)
TAKES_TIME = re.compile(  # what services do later, after they have answered
    r"_*(?:\w+_)?(?:attach|clone|confirm|delete|deploy|detach|evacuate|extend|fail_?back|fail_?over"
    r"|inspect|migrate|pause|promote|reboot|rebuild|rescue|reset|resize|restart|restore|resume|retype"
    r"|revert|shelve|snapshot|suspend|swap|unshelve)(?:_\w+)?"
)
CHANGES = re.compile(  # what a service does at once, and tells of when it is asked again
    r"_*(?:\w+_)?(?:update|(?:un)?set|reset|(?:en|dis)able|(?:un)?lock|freeze|thaw|rename|remove|accept"
    r"|approve|force|start|stop|destroy|unregister)(?:_\w+)?"
)
# What hands over by name what is to be asked for, and the names that change something.
HANDS_OVER = re.compile(r"_*(?:\w+_)?(?:request|response|call|send|do|run|invoke)s?(?:_\w+)?")
ASKED = re.compile(rf"POST|PUT|PATCH|DELETE|(?=\w*_){CHANGES.pattern}|(?=\w*_){TAKES_TIME.pattern}")
PAUSES = frozenset({"sleep"})
HANDS_ON = "partial"  # what makes a function of a function, to be called by others

# Creating, and clearing away.
CREATES = re.compile(r"_?(create|add|set|update|delete|destroy|make|build|save)_")
CREATES_ONE = re.compile(r"_*(?:create|post|build|make)_\w*?([a-z]+?)s?", re.IGNORECASE)
ACTING = "attach|boot|build|create|delete|detach|make|reboot|restart|set_?up|start|stop"
ACTS = re.compile(rf"_*({ACTING})_\w*")
CHECKS_NOTHING = re.compile(  # but goes somewhere, or fetches something
    rf"_*({ACTING}|get|show|list|wait)_(?!.*(assert|check|verif|fail|error))\w*"
)
ACTS_IN_NAME = re.compile(  # over the name of a test
    r"test_(\w+_)?(add|attach|boot|build|create|delete|detach|get|list|migrate|reboot|rebuild|remove"
    r"|resize|restart|show|shelve|start|stop|unshelve|update)_"
)
CALLED_WITH = re.compile(r"assert_(?:any_call|called_with|called_once_with)")  # of a mock
ASKS_A_MOCK = re.compile(r"assert_(?:any_call|has_calls|(?:not_)?called\w*)")
CALLS_OF_MOCKS = frozenset({"call_args", "call_args_list", "mock_calls", "method_calls"})
# Deleting whatever there is.
CLEARS_ALL = re.compile(r"\w*(?:project|tenant|all)_(?:cleanup|clean_up|purge)|purge_\w+")
CLEARS_ITS_OWN = frozenset({"cleanup", "clean_up"})  # a client that knows what it has made
REQUESTS = re.compile(r"(?:^|_)(?:get|post|put|patch|request)$")  # by a path
SENDS = re.compile(r"(?:\w+_)?(?:post|put|patch)(?:_\w+)?")  # a request that changes something
CLEANING = (
    r"tear_?down|clean_?up|clear|delete|remove|destroy|purge|close|kill|terminate|disconnect"
    r"|release|shut_?down|unlink|rmtree"
)
CLEANS_UP = re.compile(
    rf"_*({CLEANING})(_\w*|[A-Z]\w*|s)?|stop|_*wait_for_\w*(delet|terminat|removal)\w*",
    re.IGNORECASE,
)
ACTS_ON = re.compile(r"_?post_\w+_action")  # what is there already
MAKES = re.compile(r"_?(?:create|post|boot|build|add|make|start|new)(?:_\w+)?")
DELETES = re.compile(r"delet|remov|destroy|clean|clear|releas|stop|kill", re.IGNORECASE)
REGISTERS_CLEANUP = re.compile(r"_*add_?\w*cleanup", re.IGNORECASE)


def decides(name: str) -> bool:
    """Tell whether a call of a name decides about a test: it asserts, fails or skips."""
    return ASSERTS.match(name) is not None or name.startswith("skip")


def only_asserts(name: str) -> bool:
    """Tell whether a name says that something is asserted, and seldom what it is."""
    return name.lstrip("_").lower().startswith((*ASSERTS_OR_EXPECTS, FAILS))


def is_of_framework(base: Class | External) -> bool:
    """Tell whether a class belongs to what tests are written with."""
    return isinstance(base, External) and base.name.partition(".")[0] in FRAMEWORKS


def preparing(project: Project) -> frozenset[str]:
    """Return the names of the methods that are run before tests, by whatever runs them."""
    return PREPARES.union(project.profile.setup.prepare)


def clearing(project: Project) -> frozenset[str]:
    """Return the names of the methods that are run after tests, by whatever runs them."""
    return CLEARS_UP.union(project.profile.setup.clear)


def prepares(name: str, project: Project) -> bool:
    """Tell whether a method of a name is run before tests."""
    return name in preparing(project)


def preparations(owner: Class, project: Project) -> list[Method]:
    """Return the methods of a class itself that are run before its tests."""
    own = [owner.methods[name] for name in preparing(project) & owner.methods.keys()]
    return sorted(own, key=lambda found: found.node.lineno)


def creates_one(name: str, things: Container[str]) -> bool:
    """Tell whether a name says that one of some things is created, which are in capitals."""
    found = CREATES_ONE.fullmatch(name)
    return found is not None and found[1].upper() in things


def waits(call: ast.Call) -> bool:
    """Tell whether a call waits for something, by its name."""
    return WAITS.fullmatch(called_name(call)) is not None


def sleeps(loop: ast.AST) -> bool:
    """Tell whether something sleeps, as loops do that wait between attempts."""
    return any(called_name(call) in PAUSES for call in calls(loop))


def ends_a_test(node: ast.stmt) -> bool:
    """Tell whether a statement is a call that never returns: `self.fail`, `self.skipTest`.

    So is an assertion that always fails: `self.assertTrue(False)`, `self.assertFalse('none')`.
    """
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name), args=args)):
            match args:
                case [ast.Constant(value=given), *_]:
                    failing = FAILING_ON.get(name)
                    return name in ENDS_A_TEST or failing is bool(given)
            return name in ENDS_A_TEST
    return False


def is_skipped(function: Function, above: ast.AST | None) -> bool:
    """Tell whether a test never runs, since it, its class or its first statement skips it.

    Whoever is told a condition may run it.
    """
    decorators = [*function.decorator_list, *getattr(above, "decorator_list", ())]
    if any(map(_skips_always, decorators)):
        return True
    documented = ast.get_docstring(function, clean=False) is not None
    match function.body[documented:]:
        case [ast.Expr(value=ast.Call() as call), *_]:
            return called_name(call) in SKIPS
        case [ast.Raise(exc=ast.Call() as call), *_]:
            return called_name(call).lower().startswith("skip")
    return False


def _skips_always(decorator: ast.expr) -> bool:
    """Tell whether a decorator skips what it decorates, whatever is so when it is read."""
    told: list[ast.expr] = []
    if isinstance(decorator, ast.Call):
        told = values_given(decorator)
        decorator = decorator.func
    texts = all(isinstance(item, ast.Constant | ast.JoinedStr) for item in told)
    return texts and SKIPS_ALWAYS.fullmatch(last_name(decorator)) is not None


def is_looked_at(call: ast.Call, module: Module) -> bool:
    """Tell whether an assertion is to fail, with an exception that is looked at."""
    return any(
        isinstance(item.context_expr, ast.Call)
        and called_name(item.context_expr) in EXPECTS_IN_UNITTEST
        for above in module.parents.above(call)
        if isinstance(above, ast.With | ast.AsyncWith)
        for item in above.items
    )
