"""What a call does in a test: assert, expect an exception, replace, prepare, wait, clean up.

Each pattern is one over the last part of a called name unless it says otherwise.
"""

from __future__ import annotations

import ast
import re

from fixtests.reasoning.calls import Calls, Run
from fixtests.syntax.queries import called_name, calls, walk
from fixtests.tree.project import Project

# Asserting.
ASSERTS = re.compile(  # how the names of assertions begin, those of a tree's own among them
    r"_*(assert|verify|check|validate|ensure|expect|compare|inspect|fail)", re.IGNORECASE
)
MAY_CHECK = re.compile(
    r"(?i)assert|check|verif|validat|ensure|expect|fail|raise|wait_for|must|test"
)
RUNS_A_CHECK = re.compile(r"_*(assert|expect|check|verify|validate|ensure|test|do|run)\w*")
ASSERTS_NOTHING = re.compile(r"assert(False|IsNone|Empty|IsNot)|assert_?[nN]ot_?\w+")
ASSERTS_FAILURE = re.compile(r"_*(assert|expect|wait_for)_\w*(fail|error|raises|exception)\w*")
ASSERTING_TEXT = re.compile(r"\bassert\w*\(")  # over the text of a statement
ASSERTION = "assert"  # how such names begin
ASSERTS_OR_EXPECTS = (ASSERTION, "expect")
FAILS = "fail"
SKIPS = ("skipTest", "skip")
ENDS_A_TEST = frozenset({FAILS, *SKIPS})
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
EXPECTS_IN_UNITTEST = frozenset(
    {"assertRaises", "assertRaisesRegex", "assertRaisesRegexp", "failUnlessRaises"}
)
DROPS = frozenset({"suppress"})
EXPECTS = re.compile(r"assert_?[rR]aises\w*|raises\w*|ExpectedException|suppress")

# Replacing something by a stand-in.
PATCHES = re.compile(r"(stub_out|MonkeyPatch|MockPatch\w*|patch|object|dict|multiple|_stub\w*)")
INTERCEPTS = re.compile(r"(stub_out|MonkeyPatch|MockPatch\w*|patch|object|_stub\w*|_?intercept\w*)")
MAY_PATCH = re.compile(r"(?i).*(patch|stub|mock).*")
PATCHES_TEXT = re.compile(r"\w*patch\w*")
OF_STAND_INS = re.compile("(?i)mock|patch|stub|fake")  # over the text of what is called
STAND_IN = re.compile(r"_*(fake|stub|mock|dummy)\w*|\w+(Fake|Stub|Mock|Dummy)", re.IGNORECASE)
ARRANGES = re.compile(r"flags|config|set_?\w*|stub\w*|(?:start_)?mock\w*|patch\w*|useFixture")
HOLDS_STAND_IN = ("mock", "fake")  # how the names of objects begin
HANDS_STAND_IN = re.compile(r"mock|fake")  # over the name of a parameter

# Clients of an API: patterns over what holds a called method.
CLIENT = re.compile(r"(.*_)?(api|client|clients|placement|app)|.*client")
REPLYING = re.compile(r".*client")
NAMES_CLIENT = re.compile(r"(?:^|_)(?:api|client)s?\d*(?:_|$)", re.IGNORECASE)
NAMES_NO_CLIENT = re.compile(r"fixture|request|response|mock|fake|version", re.IGNORECASE)
MAKES_CLIENT = re.compile(r"(?:Client|Api|API|ApiFixture|APIFixture)$")
API = "api"  # how the names of clients end
# What carries requests and replies.
TRANSPORT = re.compile(r"(?i)client|session|request|respon|(?<![a-z])app(?![a-z])")

# Preparing a test, and clearing up after it: names of methods.
SET_UP = "setUp"
PREPARES_ITSELF = frozenset({SET_UP})
PREPARES_TESTS = (SET_UP, "setup_clients", "resource_setup")
PREPARES_OR_CLEARS = {SET_UP, "tearDown", "resource_setup", "resource_cleanup", "setUpClass"}
PREPARES_FAILURE = re.compile(
    r"__init__|_*(set_?up|start|restart|create|build|boot|make|get|show|list|delete|attach|detach"
    r"|wait)_(?!.*(assert|check|verif|fail|error))\w*|setUp|tearDown"
)

# Telling somebody: over the dotted name of what is called.
TELLS = re.compile(r"(?:\w+\.)*(?:_*LOG(?:GER)?|logging|warnings)\.\w+|print", re.IGNORECASE)

# Waiting.
WAITS = re.compile(r"(?:.*_)?(?:wait|poll|retry)\w*|\w*until_\w*", re.IGNORECASE)
WAITS_FOR_STATUS = re.compile(
    r"_*wait_(for|un?till?)_(\w*_)?(stat(e|us)|parameter|active)\w*|_*wait_till?_\w+"
)
PAUSES = frozenset({"sleep"})
HANDS_ON = "partial"  # what makes a function of a function, to be called by others

# Creating, and clearing away.
CREATES = re.compile(r"_?(create|add|set|update|delete|destroy|make|build|save)_")
CREATES_NAMED = re.compile(
    r"_*(create|post|build|make)_\w*(aggregate|flavor|image|group|key(pair)?|volume|network|server"
    r"|instance|trait|zone)s?",
    re.IGNORECASE,
)
ACTS = re.compile(r"_*(delete|create|boot|build|attach|detach|reboot|start|stop|restart)_\w*")
ACTS_IN_NAME = re.compile(  # over the name of a test
    r"test_(\w+_)?(add|attach|boot|build|create|delete|detach|get|list|migrate|reboot|rebuild|remove"
    r"|resize|restart|show|shelve|start|stop|unshelve|update)_"
)
CLEANING = (
    r"tear_?down|clean_?up|clear|delete|remove|destroy|purge|close|kill|terminate|disconnect"
    r"|release|shut_?down|unlink|rmtree"
)
CLEANS_UP = re.compile(
    rf"_*({CLEANING})(_\w*|[A-Z]\w*|s)?|stop|_*wait_for_\w*(delet|terminat|removal)\w*",
    re.IGNORECASE,
)
REGISTERS_CLEANUP = re.compile(r"_*add_?\w*cleanup", re.IGNORECASE)
STANDS_ASIDE = re.compile(  # over the name of a function
    rf"_*({CLEANING}|reset|stop|detach|restore|undo|log|dump|collect|wait|retry|poll)(_\w*|s)?"
    r"|\w+_(tear_?down|clean_?up|deletion|termination)",
    re.IGNORECASE,
)
DELETES_BY_ADDRESS = "api_delete"
REQUESTS_DELETION = (DELETES_BY_ADDRESS, "delete", "_do_delete")


def decides(name: str) -> bool:
    """Tell whether a call of a name decides about a test: it asserts, fails or skips."""
    return ASSERTS.match(name) is not None or name.startswith("skip")


def only_asserts(name: str) -> bool:
    """Tell whether a name says that something is asserted, and seldom what it is."""
    return name.lstrip("_").lower().startswith((*ASSERTS_OR_EXPECTS, FAILS))


def waits(call: ast.Call) -> bool:
    """Tell whether a call waits for something, by its name."""
    return WAITS.fullmatch(called_name(call)) is not None


def sleeps(loop: ast.AST) -> bool:
    """Tell whether something sleeps, as loops do that wait between attempts."""
    return any(called_name(call) in PAUSES for call in calls(loop))


def repeats(call: ast.Call, run: Run, project: Project) -> bool:
    """Tell whether a call may run what it is given again and again until it comes out well.

    What the tree defines does where a loop of its body calls a parameter.
    """
    callee = Calls.of(project).callee(call.func, run)
    if callee is None:
        return waits(call) or called_name(call) == HANDS_ON
    function = callee.method.node
    return waits(call) or project.memory.ask(("repeats", function), _calls_again, function)


def _calls_again(function: ast.AST) -> bool:
    given = {item.arg for item in walk(function) if isinstance(item, ast.arg)} - {"self", "cls"}
    return any(
        isinstance(call.func, ast.Name) and call.func.id in given
        for loop in walk(function)
        if isinstance(loop, ast.While) or (isinstance(loop, ast.For) and sleeps(loop))
        for call in calls(loop)
    )


def ends_a_test(node: ast.stmt) -> bool:
    """Tell whether a statement is a call that never returns: `self.fail`, `self.skipTest`."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and called_name(node.value) in ENDS_A_TEST
        and isinstance(node.value.func, ast.Attribute)
    )
