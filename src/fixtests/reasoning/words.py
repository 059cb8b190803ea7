"""What names say: which verb they begin with, of how many things they speak, in which words.

Names of functions, of variables and of keys alike; a project's own words are in its profile.
"""

from __future__ import annotations

import re
from functools import cache

# Fetching.
FETCHES = re.compile(r"_?(get|list|search|find)_")
FETCHES_NOUN = re.compile(rf"{FETCHES.pattern}(?:all_)?(.+)")
FETCHES_ALL = re.compile(r"(.*_)?get_all(_.*)?|.*_list(_by_.*)?|list(_.*)?")
OF_TABLE = re.compile(r"^\w+?_(?=(get|list|search|find)_)")
LISTS_OBJECTS = ("get", "list")
LISTS_ALL = ("list_", "search_", "get_all")
GIVES_ONE = re.compile(r"(show|get|create|update)_(?!\w*s$)")
LOOKS_UP = ("get", "list", "show", "find", "detail", "search", "query", "_get", "_list")
QUALIFIED = re.compile(r"_(by|for|from|in|on|with|of|to|at)_.*")
VERB = re.compile(
    r"^_*(get|show|search|find|load|create|make|build|post|put|patch|update"
    r"|delete|add|remove|attach|detach)_"
)
# A short word before what is done, which says where: `ex_get_volume`, `db_list_hosts`.
PREFIXED = re.compile(r"[a-z][a-z0-9]{0,2}_(?:create|delete|find|get|list|show|update)_[a-z]")
# Making a thing that is called after it.
FACTORY = re.compile(r"^_*(?:(?:create|make|build|new|fake|get|mock|gen|generate)_)+")

# Made up for a test in place of an id.
MADE_UP = re.compile(r"(?:fake|dummy)[_-].*id")
# What an order begins with: one that looks, and one that does something.
CHECKING = frozenset({"assert", "check", "confirm", "ensure", "test", "validate", "verify"})
DOING = frozenset(
    {"add", "allocate", "append", "apply", "assign", "associate", "attach", "boot", "build"}
    | {"call", "change", "clean", "clear", "close", "collect", "compare", "configure"}
    | {"connect", "copy", "create", "define", "delete", "deploy", "detach", "disable"}
    | {"discover", "enable", "evacuate", "execute", "fail", "fetch", "fill", "find", "force"}
    | {"generate", "get", "grant", "import", "initialize", "insert", "install", "invoke"}
    | {"launch", "list", "load", "lock", "make", "merge", "migrate", "mock", "modify", "move"}
    | {"open", "paint", "patch", "populate", "post", "prepare", "put", "read", "rebalance"}
    | {"reboot", "rebuild", "register", "release", "remove", "rename", "reset", "resize"}
    | {"resolve", "restart", "restore", "resume", "retrieve", "revert", "revoke", "run", "save"}
    | {"schedule", "send", "set", "setup", "shelve", "show", "shut", "simulate", "start"}
    | {"stop", "store", "stub", "submit", "suspend", "swap", "switch", "trigger", "unlock"}
    | {"unshelve", "update", "upload", "wait", "write"}
)
ORDERS = CHECKING | DOING
LOSES_E = re.compile(r"(?<=[a-z])(?<![eoy])e$")
DOUBLES = frozenset({"get", "put", "set", "run", "stop", "swap", "submit", "stub", "shut", "unset"})


def acts(word: str) -> bool:
    """Tell whether a word is an order, or begins like one: `dissociate`."""
    return word in ORDERS or (word.endswith(("ate", "ify", "ize")) and len(word) > len("rotate"))


def done_to(name: str) -> str:
    """Return what a called function does something to: `server` for `restart_server`."""
    order, _, thing = name.lstrip("_").partition("_")
    return thing if thing and acts(order) else name


def gerund(verb: str) -> str:
    """Return what doing something is called: `creating`, `putting`, `verifying`."""
    stem = f"{verb}{verb[-1]}" if verb in DOUBLES else LOSES_E.sub("", verb)
    return f"{stem}ing"


@cache
def widened(general: re.Pattern[str], template: str, names: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern that finds what it found, and a template filled with one of some names."""
    listed = "|".join(map(re.escape, names)) or "(?!)"
    return re.compile(f"{general.pattern}|{template.format(listed)}", general.flags & re.IGNORECASE)


def plural(word: str) -> bool:
    """Tell whether a key or a noun stands for several things."""
    return word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2


def plural_key(key: str) -> bool:
    """Tell whether a key stands for several things: `ports`, `os-volumes:volumes_attached`."""
    return plural(re.sub(r"_\w+ed$", "", key))


def pluralized(word: str) -> str:
    """Return a noun for several things."""
    if word.endswith("s"):
        return word
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("ch", "sh", "x")) else f"{word}s"


def lists_several(name: str) -> bool:
    """Tell whether a name says that several things are fetched: `get_flavors`, not `get_flavor`."""
    found = FETCHES.match(name)
    return found is not None and plural(QUALIFIED.sub("", name[found.end() :]))


def snake_case(word: str) -> str:
    """Return a key or a noun as a name of a variable, without OpenStack's `os-`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word)
    return re.sub(r"\W", "_", spaced).strip("_").lower().removeprefix("os_")


def is_exception(name: str) -> bool:
    """Tell whether the last word of a name can be that of an exception's class, and no constant's.

    Attributes of classes are among them: `skipException`.
    """
    is_class = name[:1].isupper() and not name.isupper()
    return is_class or name.endswith(("Exception", "Error"))
