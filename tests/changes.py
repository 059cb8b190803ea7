"""Random changes of a tree, of the kinds that can change what is found in files that stay."""

import ast
import random
from pathlib import Path

NAME = "created_meanwhile.py"


def change(root, files, rng):
    """Change something in some files below a root, and return what."""
    kinds = [drop_statement, drop_statement, rename, comment, remove, add_module, unmake_package]
    while True:
        path = rng.choice([item for item in files if item.exists()])
        what = rng.choice(kinds)(path, rng)
        if what:
            return f"{what} {path.relative_to(root)}"


def drop_statement(path, rng):
    """Put `pass` in the place of some statement."""
    text = path.read_text()
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)]
    if not nodes:
        return None
    node = rng.choice(nodes)
    lines = text.splitlines(keepends=True)
    first = min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", ()))])
    head = lines[first - 1][: node.col_offset]
    if head.strip():
        return None
    lines[first - 1 : node.end_lineno] = [f"{head}pass\n"]
    try:
        ast.parse("".join(lines))
    except SyntaxError:
        return None
    path.write_text("".join(lines))
    return f"line {first} dropped in"


def rename(path, rng):
    """Give a definition another name, here only."""
    text = path.read_text()
    kinds = ast.ClassDef | ast.FunctionDef
    names = [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]
    if not names:
        return None
    name = rng.choice(names)
    path.write_text(text.replace(name, f"{name}_2"))
    return f"{name} renamed in"


def comment(path, rng):
    with path.open("a") as stream:
        stream.write(f"# {rng.random()}\n")
    return "a comment added to"


def remove(path, rng):
    path.unlink()
    return "removed:"


def add_module(path, rng):
    """Add a copy of a file, and with it heirs and values that others speak of as well."""
    path.with_name(NAME).write_text(path.read_text())
    return f"{NAME} added beside"


def unmake_package(path, rng):
    marker = path.with_name("__init__.py")
    if not marker.exists():
        marker.write_text("")
        return "a package made around"
    if marker.read_text().strip():
        return None
    marker.unlink()
    return "no package any more around"


def python_files(root):
    return sorted(Path(root).rglob("*.py"))


def numbers(seed):
    return random.Random(seed)
