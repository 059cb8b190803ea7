"""Where codemods come from: a project's own folder, entry points, and those that are shipped.

What they are is read with `ast`; none is run to be listed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fixtests.files import discover
from fixtests.model import RunError
from fixtests.plugins import installed, loading
from fixtests.plugins.installed import Offer
from fixtests.plugins.loading import PluginError
from fixtests.settings import nearest
from fixtests.text.source import Source, SourceError

FOLDER = "codemods"
COMMANDS = ("CodemodCommand", "VisitorBasedCodemodCommand", "MagicArgsCodemodCommand")


class ScriptError(RunError):
    """A script that cannot be run; the message names file, place and remedy."""


@dataclass(frozen=True)
class Entry:
    """One codemod as it is listed: its name, form, arguments, first line, and what it came with."""

    name: str
    form: str
    arguments: tuple[str, ...]
    summary: str
    origin: str


def file_of(name: str, root: Path | None) -> Path | None:
    """Return the script of a path or a bare name, None for a name that no script has.

    Raises ScriptError for a path that leads to no script.
    """
    given = Path(name)
    if len(given.parts) > 1 or given.suffix == ".py":
        if given.suffix != ".py":
            raise ScriptError(
                f"{name}: is no .py file; name one, or a script of {FOLDER}/ by its name"
            )
        places = [given.absolute()]
    else:
        places = []
    if len(given.parts) == 1:
        file = given.name if given.suffix == ".py" else f"{given.name}.py"
        places += [folder / file for folder in folders(root)]
    for place in places:
        if place.is_file():
            return place.resolve()
    if given.suffix == ".py":
        raise ScriptError(f"{name}: not found, looked for {_listed(places)}; check the name")
    return None


def unknown(name: str, root: Path | None) -> ScriptError:
    """Return what is wrong with a name that nothing has."""
    places = [folder / f"{name}.py" for folder in folders(root)]
    known = [item.name for item in every(root)]
    meant = nearest.meant(name, known, "; see `fixtests migrate --list`")
    looked = f"looked for {_listed(places)}, and among entry points"
    return ScriptError(f"{name}: not found, {looked}{meant}")


def _listed(places: list[Path]) -> str:
    return ", ".join(dict.fromkeys(map(str, places)))


def folders(root: Path | None) -> list[Path]:
    """Return the folders that hold scripts: the project's, as seen from here, then ours."""
    here = Path.cwd()
    tops = (*([root.absolute()] if root else []), here, discover.root_of(here))
    return list(dict.fromkeys([*(top / FOLDER for top in tops), shipped()]))


def shipped() -> Path:
    """Return the folder of the scripts that come with the tool, installed or in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / FOLDER
    return installed if installed.is_dir() else package.parents[1] / FOLDER


def entry_point(name: str) -> Offer | None:
    """Return the entry point of a name. Raises ScriptError where two distributions have it."""
    found = [item for item in installed.offers(installed.CODEMODS) if item.name == name]
    if len(found) > 1:
        named = " and ".join(item.distribution for item in found)
        raise ScriptError(f"{name}: {named} both have a codemod of that name; uninstall one")
    return found[0] if found else None


def every(root: Path | None) -> list[Entry]:
    """Return all codemods that a bare name leads to, by name."""
    found: dict[str, Entry] = {}
    for folder in folders(root):
        origin = "fixtests" if folder == shipped() else str(folder)
        for path in sorted(folder.glob("*.py")):
            found.setdefault(path.stem, _entry(path.stem, path, origin))
        if folder == shipped():
            break
    for item in installed.offers(installed.CODEMODS):
        found.setdefault(item.name, _entry(item.name, _file_of(item), item.distribution))
    return [found[name] for name in sorted(found)]


def _file_of(offer: Offer) -> Path:
    """Return the file of the module that an entry point leads to, which is not imported."""
    try:
        return loading.file_of(offer.module)
    except (PluginError, ImportError, ValueError):
        return Path(f"{offer.module.replace('.', '/')}.py")


def _entry(name: str, path: Path, origin: str) -> Entry:
    try:
        tree = Source.decode(str(path), path.read_bytes()).parse()
    except (OSError, SourceError) as error:
        return Entry(name, "unreadable", (), str(error), origin)
    form, arguments = next(_forms(tree), ("unknown", ()))
    summary = (ast.get_docstring(tree) or "").strip().partition("\n")[0]
    return Entry(name, form, arguments, summary, origin)


def _forms(tree: ast.Module) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the form that each definition shows, with the arguments of a codemod."""
    classes = {item.name: item for item in tree.body if isinstance(item, ast.ClassDef)}
    for item in tree.body:
        match item:
            case ast.Assign(targets=[ast.Name(id="RULES")]):
                yield "rules", ()
            case ast.Assign(targets=[ast.Name(id="STEPS")]):
                yield "steps", ()
            case ast.FunctionDef(name="query"):
                yield "Bowler", ()
            case ast.ClassDef() if any(_last(base) == "Codemod" for base in item.bases):
                yield "codemod", tuple(_arguments(item, classes))
            case ast.ClassDef() if any(_last(base) in COMMANDS for base in item.bases):
                yield "LibCST", ()


def _last(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def _arguments(codemod: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> Iterator[str]:
    """Yield the options of a codemod as they are typed."""
    for item in codemod.body:
        match item:
            case ast.Assign(targets=[ast.Name(id="options")], value=ast.Name(id=name)) if (
                name in classes
            ):
                for field in classes[name].body:
                    if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                        yield f"--{field.target.id.replace('_', '-')}"


def runs_queries(tree: ast.Module) -> bool:
    """Tell whether a script works with Bowler and runs its queries itself."""
    imported = any(
        isinstance(item, ast.Import | ast.ImportFrom)
        and "bowler" in (getattr(item, "module", None) or item.names[0].name).split(".")
        for item in tree.body
    )
    handed = any(isinstance(item, ast.FunctionDef) and item.name == "query" for item in tree.body)
    return imported and not handed
