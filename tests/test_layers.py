"""The order of imports, and who alone may import, write and print what."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import fixtests

PACKAGE = Path(fixtests.__file__).parent
ROWS = (
    {"__main__"},
    {"cli"},
    {"options", "from_files"},
    {"answer"},
    {"migrate", "history", "undo", "interactive", "review"},
    {"apply", "recovery"},
    {"staging", "shared"},
    {"journal", "saved"},
    {"record"},
    {"plan"},
    {"pool"},
    {"runner"},
    {"session"},
    {"engine", "discover", "cache", "baseline", "kept"},
    {"repo", "rewrite", "registry", "detect", "proof"},
    {"imports"},
    {"rules"},
    {"rule"},
    {"analysis"},
    {"project"},
    {"config", "suppress", "outline"},
    {"syntax", "tables", "edits", "diff", "layout", "report"},
    {"source", "toml_lines"},
    {"model", "places"},
)
BESIDE = {  # imports within a row, or of the printers, which see only the model, sources and diffs
    ("diff", "edits"),
    ("cli", "report"),
    ("registry", "rule"),
    ("detect", "registry"),
    ("suppress", "outline"),
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def row_of(name):
    return next(number for number, names in enumerate(ROWS) if name in names)


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(PACKAGE)) for path in MODULES])
def test_module_imports_only_from_rows_below(path):
    own = name_of(path)
    if own in ("__init__", "profiles"):
        return
    for target, _ in imported(ast.parse(path.read_text())):
        if target.startswith("fixtests."):
            other = target.split(".")[1]
            if other in (own, "__version__") or (own, other) in BESIDE:
                continue
            assert row_of(other) > row_of(own), f"{own} imports {other}"


def test_rules_do_not_import_each_other():
    for path in (PACKAGE / "rules").glob("*.py"):
        for target, _ in imported(ast.parse(path.read_text())):
            assert not target.startswith("fixtests.rules"), path.name


def test_libcst_is_imported_lazily_and_only_where_fixes_are_placed():
    for path in MODULES:
        tree = ast.parse(path.read_text())
        for target, node in imported(tree):
            if target.partition(".")[0] in ("libcst", "bowler", "fissix", "rich"):
                allowed = {"libcst": ("rewrite", "migrate"), "rich": ("report",)}
                assert name_of(path) in allowed.get(target.partition(".")[0], ("migrate",))
                lazy = name_of(path) == "migrate"  # its adapters are imported when a script is run
                assert lazy or node not in tree.body, f"{path.name} imports {target}"


def test_checking_loads_nothing_that_only_fixing_needs():
    code = (
        "import sys, fixtests.cli, fixtests.engine, fixtests.registry\n"
        "fixtests.registry.every()\n"
        "late = ('libcst', 'bowler', 'fissix', 'rich', 'multiprocessing')\n"
        "print([name for name in late if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_only_apply_opens_files_for_writing():
    writers = {"write_bytes", "write_text", "replace", "rename", "unlink"}
    for path in MODULES:
        if name_of(path) in (
            "apply",
            "migrate",
            "cache",
            "journal",
            "undo",
        ):  # files of their own
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                on_os = isinstance(owner, ast.Name) and owner.id in ("os", "shutil")
                if node.func.attr in ("write_bytes", "write_text"):
                    pytest.fail(f"{path.name}:{node.lineno} writes")
                assert not (on_os and node.func.attr in writers), f"{path.name}:{node.lineno}"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "open", f"{path.name}:{node.lineno}"


def test_only_the_command_line_and_the_printers_print():
    for path in MODULES:
        if name_of(path) in ("cli", "report"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "print", f"{path.name}:{node.lineno}"


def test_modules_open_with_a_docstring():
    for path in MODULES:
        assert ast.get_docstring(ast.parse(path.read_text())), path


def test_what_is_decided_asks_the_project_alone_about_files():
    """Whatever a decision looks at has to be noted, or a kept result would outlive it."""
    reads = {"open", "read", "read_text", "read_bytes", "exists", "is_file", "is_dir", "iterdir"}
    reads |= {"glob", "rglob", "scandir", "listdir", "walk_files", "stat", "isfile"}
    decided = [path for name in ("analysis", "rules") for path in (PACKAGE / name).rglob("*.py")]
    for path in [*decided, PACKAGE / "rule.py", PACKAGE / "detect.py", PACKAGE / "engine.py"]:
        if path.name == "occurrences.py":  # whose results are never kept
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
                name = node.func.id if isinstance(node.func, ast.Name) else name
                noted = name == "read" and ast.unparse(node.func) == "Suppressions.read"
                assert name not in reads or noted, f"{path.name}: {ast.unparse(node)}"
