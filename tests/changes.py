"""Random changes of a tree, of the kinds that can change what is found in files that stay."""

import ast
import random
import re
import textwrap
from pathlib import Path

NAME = "created_meanwhile.py"
WORD = re.compile(r"[^\W\d]\w+")


def change(root, files, rng):
    """Change something in some files below a root, and return what."""
    kinds = [drop_statement, drop_statement, rename, comment, remove, add_module, unmake_package]
    kinds += [comment_above, comment_beside, blank_line, add_helper, change_body]
    return one_of(kinds, root, files, rng)


def slight_change(root, files, rng):
    """Change something that no code says, or a helper that none calls, and return what."""
    return one_of(
        [comment, comment_above, comment_beside, blank_line, add_helper], root, files, rng
    )


def bodily_change(root, files, rng):
    """Change something in the body of some function, and return what."""
    return one_of([change_body], root, files, rng)


def one_of(kinds, root, files, rng):
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


def change_body(path, rng):
    """Let some function say something else, in words of its file."""
    text = path.read_text()
    changed = with_another_body(text, rng)
    if changed is None:
        return None
    path.write_text(changed)
    return "a body changed in"


def with_another_body(text, rng):
    """Return a text with a statement of another function, or another word, in a function."""
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, functions)]
    inside = [item for node in nodes for part in node.body for item in ast.walk(part)]
    inside = [item for item in inside if isinstance(item, ast.stmt)]
    lines = text.splitlines(keepends=True)
    for _ in range(20 if inside else 0):
        node, other = rng.choice(inside), rng.choice(inside)
        rows, others = (slice(item.lineno - 1, item.end_lineno) for item in (node, other))
        said, more = "".join(lines[rows]), "".join(lines[others])
        word, another = (rng.choice(WORD.findall(item) or [""]) for item in (said, text))
        more = textwrap.indent(textwrap.dedent(more), indent(said))
        new = rng.choice([more, more + said, re.sub(rf"\b{word}\b", another, said)])
        changed = "".join([*lines[: rows.start], new, *lines[rows.stop :]])
        try:
            ast.parse(changed)
        except SyntaxError:
            continue
        if changed != text:
            return changed
    return None


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


def comment_above(path, rng):
    """Put a comment with some words of the file above some statement."""
    return at_some_row(path, rng, lambda line, said: f"{indent(line)}# {said}\n{line}", "comment")


def comment_beside(path, rng):
    """Put a comment with some words of the file behind some statement."""
    return at_some_row(path, rng, lambda line, said: f"{line.rstrip()}  # {said}\n", "words beside")


def blank_line(path, rng):
    return at_some_row(path, rng, lambda line, said: f"\n{line}", "blank line")


def at_some_row(path, rng, put, what):
    """Change the first line of some statement, as far as the code stays what it is."""
    text = path.read_text()
    tree = ast.parse(text)
    rows = sorted({node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)})
    words = WORD.findall(text)
    if not rows or not words:
        return None
    row = rng.choice(rows)
    lines = text.splitlines(keepends=True)
    lines[row - 1] = put(lines[row - 1], " ".join(rng.choices(words, k=3)))
    try:
        same = ast.dump(ast.parse("".join(lines))) == ast.dump(tree)
    except SyntaxError:
        return None
    if not same:
        return None
    path.write_text("".join(lines))
    return f"{what} at line {row} in"


def indent(line):
    return line[: len(line) - len(line.lstrip())]


def commented(text, rng):
    """Return a text with a comment, of words of its own, and a blank line above each statement."""
    words = WORD.findall(text)
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)]
    lines = text.splitlines(keepends=True)
    for row in sorted({node.lineno for node in nodes}, reverse=True):
        said = " ".join(rng.choices(words, k=3))
        lines[row - 1] = f"\n{indent(lines[row - 1])}# {said}\n{lines[row - 1]}"
    return "".join(lines)


def add_helper(path, rng):
    """Add a function to the module or to some class, by a name that nobody has."""
    text = path.read_text()
    owners = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    owner = rng.choice([None, *owners])
    lines = text.splitlines(keepends=True)
    row, before = (len(lines), "") if owner is None else (owner.end_lineno, "    ")
    name = f"helper_{rng.randrange(10**6)}"
    lines.insert(row, f"\n{before}def {name}(self):\n{before}    return self.{name}_1\n")
    try:
        ast.parse("".join(lines))
    except SyntaxError:
        return None
    path.write_text("".join(lines))
    return f"{name} added to"


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
