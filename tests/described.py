"""The public modules as griffe describes them, and what breaks whoever uses them."""

import json
from collections.abc import Iterator
from pathlib import Path

import griffe

TOP = Path(__file__).resolve().parents[1]
KEPT = TOP / "docs" / "api.json"  # as the last release had them
PUBLIC = ("fixtests.api", "fixtests.migrate", "fixtests.testing")
MOVING = {"docstring", "filepath", "runtime", "analysis", "git_info"}
ROWS = ("lineno", "endlineno")  # move as well, and have to be there


def today(source: Path = TOP / "src") -> griffe.Module:
    """Return one module that holds what the public ones offer, by their names."""
    loader = griffe.GriffeLoader(search_paths=[source])
    package = loader.load("fixtests")
    loader.resolve_aliases(implicit=True, external=False)
    found = griffe.Module("fixtests")
    for name in PUBLIC:
        offered = package[name.partition(".")[2]]
        module = griffe.Module(name.partition(".")[2])
        found.set_member(module.name, module)
        for member in map(str, offered.exports or ()):
            item = offered[member]
            module.set_member(member, item.final_target if item.is_alias else item)
    return found


def text(module: griffe.Module) -> str:
    """Return a description as it is kept: what says nothing of how to use it is left out."""

    def bare(value):
        if isinstance(value, list):
            return [bare(it) for it in value]
        if not isinstance(value, dict):
            return value
        kept = {key: bare(it) for key, it in value.items() if key not in MOVING}
        return {**kept, **dict.fromkeys(kept.keys() & set(ROWS), 0)}

    described = bare(json.loads(module.as_json(full=False)))
    return json.dumps(described, separators=(",", ":"), sort_keys=True) + "\n"


def breaking(before: str, after: griffe.Module) -> Iterator[str]:
    """Yield what is another one than it was and breaks whoever uses it, each by its dotted name."""
    for change in griffe.find_breaking_changes(griffe.Module.from_json(before), after):
        told = json.loads(json.dumps(change.as_dict(), default=str))
        yield f"{told['object_path']}: {change.kind.value}"


def unsaid(changes: list[str], changelog: str) -> list[str]:
    """Return the changes of which the unreleased part of a changelog says nothing.

    It has to name the function or class, such as `fixtests.api.check`, under Changed or Removed.
    """
    part = changelog.partition("## [Unreleased]\n")[2].partition("\n## [")[0]
    said = [
        section
        for section in part.split("\n### ")
        if section.startswith(("Changed\n", "Removed\n"))
    ]
    return [change for change in changes if not any(f"`{_name(change)}`" in it for it in said)]


def _name(change: str) -> str:
    """Return the public name that a change is about: of a parameter, that of the function."""
    path = change.partition(": ")[0]
    return ".".join(path.split(".")[:3])
