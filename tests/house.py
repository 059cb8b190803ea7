"""What the house forbids, looked for in the text of its modules.

Rooms are the folders right below `src/fixtests`, and single modules beside them;
`ORDER` says which may import which. A module is given by its name below the package and its syntax
tree, so that a test can plant an offence.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import fixtests
from fixtests.tree import known_profiles

PACKAGE = Path(fixtests.__file__).parent
# A room imports only from rooms that stand below its own.
ORDER = (
    "__main__",
    "cli",
    "testing",
    "flake8_plugin",
    "lsp",
    "api",
    "campaign",
    "migrate",
    "review",
    "verify",
    "series",
    "write",
    "plan",
    "run",
    "engine",
    "fixing",
    "cache",
    "rules",
    "reasoning",
    "tree",
    "report",
    "syntax",
    "text",
    "settings",
    "plugins",
    "files",
    "git",
    "model",
)
# Libraries that cost a start much, and the rooms that may load them.
LIBRARIES = {
    "libcst": {"fixing", "migrate"},
    "bowler": {"migrate"},
    "distributed": {"verify"},
    "fissix": {"migrate"},
    "flake8": {"flake8_plugin"},
    "jinja2": {"report"},
    "lsprotocol": {"lsp"},
    "markdown_it": {"report", "review"},
    "pygls": {"lsp"},
    "pygments": {"report"},
    "rich": {"report"},
}
LATE = ("lsp/", "migrate/", "report/page/")  # modules that are imported for one of their own only
# Rooms, of which `verify` and `testing` change copies, `git` has files of its own, and
# the modules that make copies for Bowler:
WRITERS = {"write", "cache", "verify", "git", "testing"}
COPIES = {"migrate/run", "migrate/queries"}
PRINTERS = {"__main__", "cli", "report"}
NEAREST = "settings/nearest"  # says what a mistyped name may be meant for
PIPES = "run/workers"  # writes to other processes of a run, by the system's own call
# What `--version`, help, completion and an error of the command line load: no room that works.
START = frozenset(
    (
        *("__main__", "cli/main", "cli/commands", "cli/plan_commands", "cli/series_commands"),
        *("cli/options", "cli/completion", "cli/combinations", "report/formats"),
        *("text/docstrings", "files/user_folders", "files/git", "git/variables"),
    )
)

CHANGES = frozenset(
    (
        *("chmod", "chown", "hardlink_to", "lchmod", "lchown", "makedirs", "mkdir", "mkdtemp"),
        *("mkfifo", "mknod", "mkstemp", "removedirs", "rename", "renames", "rmdir", "rmtree"),
        *("symlink", "symlink_to", "touch", "truncate", "unlink", "write_bytes", "write_text"),
    )
)
# Words that lists and dictionaries have, too: only those of modules change files.
OF_MODULES = frozenset(("copy", "copy2", "copyfile", "copytree", "link", "move", "remove"))
TEMPORARY = frozenset(("NamedTemporaryFile", "TemporaryFile", "TemporaryDirectory"))
# What calls do and what names say is known in one place, `reasoning/`.
OF_ROLES = re.compile(
    r"assert|expect|raises|swallow|suppress|mock|patch|stub|fake|dummy|wait|poll|sleep|setup|teardown"
    r"|cleanup|delete|remove|destroy|create|client|listget|getlist|skiptest",
    re.IGNORECASE,
)
# Patterns of rules in which such words stand, and what they are over instead of names of calls.
PROSE = "the words of a comment or a docstring"
OVER_SOMETHING_ELSE = {
    "rules/missing_docstring/meaning.TEST": PROSE,
    "rules/missing_docstring/meaning.EXPLAINS": PROSE,
    "rules/missing_docstring/meaning.VERIFY": PROSE,
    "rules/missing_docstring/meaning.OUTCOME": PROSE,
    "rules/missing_docstring/asides.DEEDS": PROSE,
    "rules/missing_docstring/meaning.OUTCOMES": PROSE,
    "rules/missing_docstring/asides.STEPS": PROSE,
    "rules/missing_docstring/overview.DEED": PROSE,
    "rules/missing_docstring/overview.CHECK": PROSE,
    "rules/missing_docstring/meaning.FIRST": PROSE,
    "rules/missing_docstring/meaning.SET_UP": PROSE,
    "rules/missing_docstring/meaning.POINTS": PROSE,
    "rules/missing_docstring/meaning.WORK": PROSE,
    "rules/missing_docstring/asides.ORDERS": PROSE,
    "rules/missing_docstring/names.SETS_UP": PROSE,
    "rules/unasserted_failure/claims.TOLD": PROSE,
    "rules/unasserted_failure/claims.NAMED": "the name of a test, by which it claims a failure",
    "rules/unasserted_failure/claims.UNCLAIMED": "the name of a test, which claims none",
    "rules/unasserted_failure/failures.EXPECTED": "names of arguments and variables, for a value",
    "rules/missing_cleanup/partly.IS_TESTED": "the name of a test, for which a deletion matters",
    "rules/missing_cleanup/hazards.": "the rule's own facts, such as `mock TARGET`",
}
# What a project calls things stands in its profile. These keys of profiles are for people, or
# lead to files and modules, or are expressions to write.
UNREAD = frozenset(
    (
        *("name", "extends", "note", "reason", "file", "pattern", "import", "imports", "module"),
        *("base", "call", "class-call", "attribute", "nonempty", "longer"),
    )
)
# Names of several parts, and phrases: single words mean what they mean anywhere.
NAME = re.compile(r"[A-Za-z]+(?:_[A-Za-z]+)+|(?:[A-Z][a-z]+){2,}|[a-z]+(?: [a-z]+)+")
ESCAPE = re.compile(r"\\[bdswBDSW]")
OF_ALL = {
    "wait_for": "how waits are called anywhere",
    "wait_until": "how waits are called anywhere",
    "openstack": "the first word of a header that all its services share",
}
# What leads from the name of a call to a function, and why some modules of rules ask it.
LEADS = frozenset(("callee", "lookup", "method", "methods"))
FOLLOWERS = ("calls", "objects")  # what leads there, as rules call what they ask
NO_CALLS = {
    "rules/hand_written_wait/waits": "whether a wait that a finding names exists",
    "rules/literal_uuid/bindings": "constants of other modules are looked up",
    "rules/missing_cleanup/cleanups": "whether a class registers its cleanups as a fix writes it",
    "rules/missing_cleanup/clients": "whether a deletion that a fix writes exists",
    "rules/missing_cleanup/derived": "whether a deletion that a fix writes exists",
    "rules/missing_cleanup/creations": "whether a deletion that a fix writes exists",
    "rules/swapped_assertion/neighbours": "constants of other modules are looked up",
    "rules/unverified_outcome/waits": "whether a wait that a fix writes exists",
}
STEPS = frozenset(("callee", "callee_in_tests", "called", "steps"))
LONGEST = 300  # lines of a module
Modules = Mapping[str, ast.Module]


@cache
def modules() -> Modules:
    """Return the modules of the package by name, such as `report/text`; nobody changes them."""
    return {
        path.relative_to(PACKAGE).with_suffix("").as_posix(): ast.parse(path.read_text())
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def room(name: str) -> str:
    """Return the room that a module is in."""
    return name.partition("/")[0]


def imported(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Yield what a module imports, dotted, with the statement."""
    for node in _imports(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield f"{'.' * node.level}{node.module or ''}.{alias.name}", node


@cache
def _imports(tree: ast.Module) -> tuple[ast.Import | ast.ImportFrom, ...]:
    """Return the imports of a module, which several laws and many plantings ask for."""
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))


def named(dotted: str, house: Modules) -> str:
    """Return the module that an import of ours leads to, empty for anything else."""
    parts = dotted.split(".")
    if parts[0] != "fixtests":
        return ""
    for end in range(len(parts), 1, -1):
        for name in ("/".join(parts[1:end]), "/".join([*parts[1:end], "__init__"])):
            if name in house:
                return name
    return "__init__"


def strays(house: Modules) -> Iterator[str]:
    """Yield rooms that have no place in the order, and places without a room."""
    known = set(ORDER)
    found = {room(name) for name in house} - {"__init__"}
    yield from (f"{name}: has no place" for name in sorted(found - known))
    yield from (f"{name}: is no room" for name in sorted(known - found))


def misplaced(house: Modules) -> Iterator[str]:
    """Yield imports from a room that is not below, and relative ones."""
    rows = {name: number for number, name in enumerate(ORDER)}
    for name, tree in house.items():
        for dotted, _ in imported(tree):
            other = room(named(dotted, house))
            if dotted.startswith("."):
                yield f"{name}: imports {dotted}"
            elif other in ("", "__init__", room(name)):
                continue
            elif rows.get(other, -1) <= rows.get(room(name), -1):
                yield f"{name}: imports {dotted}"


def circles(house: Modules) -> Iterator[str]:
    """Yield modules that are imported, in the end, by what they import; late imports count too."""
    below = {
        name: {named(dotted, house) for dotted, _ in imported(tree)} - {"", name, "__init__"}
        for name, tree in house.items()
    }
    for name in below:
        seen: set[str] = set()
        left = [*below[name]]
        while left:
            other = left.pop()
            if other not in seen:
                seen.add(other)
                left += below.get(other, ())
        if name in seen:
            yield f"{name}: imports itself in the end"


def libraries(house: Modules) -> Iterator[str]:
    """Yield imports of costly libraries where they are not expected, or when a module is loaded."""
    for name, tree in house.items():
        for dotted, node in imported(tree):
            allowed = LIBRARIES.get(dotted.partition(".")[0])
            if allowed is None:
                continue
            lazily = name.startswith(LATE) or node not in tree.body
            if room(name) not in allowed or not lazily:
                yield f"{name}:{node.lineno}: imports {dotted}"


def starts(house: Modules) -> Iterator[str]:
    """Yield what a start loads at once and should load where it is needed."""
    for name in sorted(START & house.keys()):
        for dotted, node in imported(house[name]):
            other = named(dotted, house)
            at_once = node in house[name].body
            if at_once and other and other not in START and not other.endswith("__init__"):
                yield f"{name}:{node.lineno}: imports {dotted}"
    yield from (f"{name}: is no module" for name in sorted(START - house.keys()))


def decides(house: Modules) -> Iterator[str]:
    """Yield what a rule loads with what is told of it, and should load when a file may be wrong."""
    for name in sorted(item for item in house if room(item) == "rules" and item.endswith("/rule")):
        waiting, seen = [name], {name}
        for item in waiting:
            at_once = {dotted for dotted, node in imported(house[item]) if node in house[item].body}
            others = {named(dotted, house) for dotted in at_once} - {"", *seen}
            seen |= others
            waiting += sorted(others & house.keys())
            for other in sorted(others):
                if room(other) == "reasoning" or other == "tree/profile":
                    yield f"{name}: loads {other}, by way of {item}"


def writes(house: Modules) -> Iterator[str]:
    """Yield calls that change files outside of the rooms that may."""
    for name, tree in house.items():
        for node in ast.walk(tree):
            if room(name) in WRITERS or name in COPIES or not isinstance(node, ast.Call):
                continue
            if _changes_files(node):
                yield f"{name}:{node.lineno}: {ast.unparse(node.func)} changes files"


def _changes_files(call: ast.Call) -> bool:
    function = call.func
    owner = function.value if isinstance(function, ast.Attribute) else None
    word = function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)
    on_os = isinstance(owner, ast.Name) and owner.id in ("os", "shutil", "tempfile")
    if word in TEMPORARY:
        return True
    if word == "open":
        if on_os:
            return not _reads_only(call)
        return _writes(call, 0 if owner is not None and not _is_module(owner) else 1)
    if word == "fdopen":
        return _writes(call, 1)
    if word == "replace":  # of a path: texts and dataclasses take more than one argument
        of_editor = isinstance(owner, ast.Name) and owner.id == "edit"  # its verb for an expression
        one = owner is not None and len(call.args) == 1 and not call.keywords
        return on_os or (one and not of_editor)
    return (word in CHANGES and owner is not None) or (word in OF_MODULES and on_os)


def _is_module(owner: ast.expr) -> bool:
    return isinstance(owner, ast.Name) and owner.id in ("io", "codecs", "gzip", "tarfile")


def _reads_only(call: ast.Call) -> bool:
    flags = ast.unparse(call.args[1]) if len(call.args) > 1 else ""
    if ast.unparse(call.args[0]) == "os.devnull":
        return True
    return "O_RDONLY" in flags and not any(word in flags for word in ("O_CREAT", "O_TRUNC"))


def _writes(call: ast.Call, place: int) -> bool:
    """Tell whether a call opens a file for more than reading; a mode that is computed may."""
    modes = [item.value for item in call.keywords if item.arg == "mode"]
    modes += call.args[place : place + 1]
    if not modes:
        return False
    mode = modes[0]
    return not isinstance(mode, ast.Constant) or not set("wax+").isdisjoint(str(mode.value))


def prints(house: Modules) -> Iterator[str]:
    """Yield calls that print outside of the rooms that may."""
    for name, tree in house.items():
        for node in ast.walk(tree):
            if room(name) in PRINTERS or not isinstance(node, ast.Call):
                continue
            if _prints(node, name):
                yield f"{name}:{node.lineno}: {ast.unparse(node.func)} prints"


def _prints(call: ast.Call, name: str) -> bool:
    text = ast.unparse(call.func)
    if text in ("os.write", "os.writev"):
        return room(name) not in WRITERS and name != PIPES
    streams = ("sys.stdout.", "sys.stderr.", "sys.__stdout__.", "sys.__stderr__.")
    return text in ("print", "click.echo", "click.secho", "pprint.pprint") or (
        text.startswith(streams) and text.rpartition(".")[2] in ("write", "writelines")
    )


def guesses(house: Modules) -> Iterator[str]:
    """Yield where a mistyped name is looked up by other means, and answered in other words."""
    for name, tree in house.items():
        for node in ast.walk(tree):
            if name != NEAREST and getattr(node, "attr", "") == "get_close_matches":
                yield f"{name}:{node.lineno}: looks for the nearest name"


def roles(house: Modules) -> Iterator[str]:
    """Yield patterns of rules over what calls do: `reasoning` knows it, once for all rules.

    Patterns of bytes search the text of a file, not a name.
    """
    for name, tree in house.items():
        if room(name) != "rules":
            continue
        for constant, node in _matching(tree):
            words = "".join(
                item.value
                for item in ast.walk(node)
                if isinstance(item, ast.Constant) and isinstance(item.value, str)
            )
            found = OF_ROLES.search(re.sub("[^A-Za-z]", "", words))
            if found and f"{name}.{constant}" not in OVER_SOMETHING_ELSE:
                yield f"{name}:{node.lineno}: {constant} knows of {found.group()!r}"


def of_projects(house: Modules) -> Iterator[str]:
    """Yield texts of rules that hold what a profile calls things in its project."""
    own = "|".join(sorted(_own_words(), key=len, reverse=True))
    known = re.compile(rf"(?<![A-Za-z])(?:{own})(?![A-Za-z])")
    for name, tree in house.items():
        if room(name) in ("rules", "reasoning"):
            for node in _texts(tree):
                text = node.value if isinstance(node.value, str) else node.value.decode()
                found = known.search(ESCAPE.sub(" ", text))
                if found:
                    yield f"{name}:{node.lineno}: knows of {found.group()!r}"


@cache
def _own_words() -> frozenset[str]:
    """Return the packages, names and phrases that the profiles hold."""
    found: set[str] = set()
    for name in known_profiles.names():
        table = known_profiles.find(name).table
        found |= {item for item in table.get("packages", ()) if item.isidentifier()}
        for text in _values(table):
            found |= set(NAME.findall(ESCAPE.sub(" ", text)))
    return frozenset(found - OF_ALL.keys())


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _values(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _values(item) if key not in UNREAD else ()


def _texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yield the texts of a module but those for people who read its code."""
    left = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        text = isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
        if text and node not in left:
            yield node


def follows(house: Modules) -> Iterator[str]:
    """Yield where rules look for what a call runs, or go from function to function themselves.

    `reasoning/calls` and `reasoning/objects` know where a call leads, `Calls.reached` all that
    is reached; answers which depend on one another are `reasoning/summaries`.
    """
    for name, tree in house.items():
        if room(name) != "rules":
            continue
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(value=holder, attr=word)) if word in LEADS:
                    known = ast.unparse(holder).lower().endswith(FOLLOWERS)
                    if not known and name not in NO_CALLS:
                        yield f"{name}:{node.lineno}: {ast.unparse(node)} leads to functions"
                case ast.While():
                    words = {
                        item.attr for item in ast.walk(node) if isinstance(item, ast.Attribute)
                    }
                    for step in sorted(STEPS & words):
                        yield f"{name}:{node.lineno}: goes on by .{step}"


def lengths(house: Modules) -> Iterator[str]:
    """Yield modules that are too long.

    A module is divided by what its parts know, not where the limit falls.
    """
    for name, tree in house.items():
        if _last_line(tree) > LONGEST:
            yield f"{name}: is too long"


def _last_line(tree: ast.Module) -> int:
    return max((node.end_lineno or 0 for node in tree.body), default=0)


def packages(house: Modules) -> Iterator[str]:
    """Yield folders that do not say what belongs there, and packages that do more than that."""
    folders = {name.rpartition("/")[0] for name in house if "/" in name}
    for folder in sorted(folders | {""}):
        name = f"{folder}/__init__" if folder else "__init__"
        tree = house.get(name)
        if tree is None or not ast.get_docstring(tree):
            yield f"{name}: does not say what belongs there"
        for node in tree.body[1:] if tree else ():
            constant = isinstance(node, ast.Assign) and not any(
                isinstance(item, ast.Call) for item in ast.walk(node.value)
            )
            if not constant and not isinstance(node, ast.ImportFrom):
                yield f"{name}:{node.lineno}: {type(node).__name__} belongs into a module"


def _matching(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield what a text is matched with, and the constant that it is bound to, if it is."""
    bound = {
        node.value: ast.unparse(node.targets[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            of_module = ast.unparse(node.func.value) == "re" and node.func.attr != "escape"
            if of_module or node.func.attr in ("startswith", "endswith"):
                yield bound.get(node, ""), node.args[0]
