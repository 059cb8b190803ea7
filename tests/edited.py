"""Random edits as they are typed into an editor: of lines, words and letters, some of them bad."""

import re

WORD = re.compile(r"[A-Za-z_]\w{3,}")
TYPED = ("(", ":", '"""', "\t", "\f", "é", "\U0001d54f", "  # noqa", "  # fixtests: ignore[FT101]")


def edit(text, rng):
    """Return a text after one edit, and what that was."""
    lines = text.splitlines(keepends=True) or ["\n"]
    at = rng.randrange(len(lines))
    kind = rng.choice([drop, drop, again, swap, rename, rename, type_, delete, comment])
    return kind(lines, at, rng), f"{kind.__name__} line {at + 1}"


def drop(lines, at, rng):
    return "".join(lines[:at] + lines[at + 1 + rng.randrange(3) :])


def again(lines, at, rng):
    return "".join([*lines[:at], rng.choice(lines), *lines[at:]])


def swap(lines, at, rng):
    other = rng.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]
    return "".join(lines)


def rename(lines, at, rng):
    """Give a word of a line another name, there or everywhere."""
    words = WORD.findall(lines[at]) or ["self"]
    word = rng.choice(words)
    if rng.randrange(2):
        return "".join(lines).replace(word, f"{word}_2")
    return "".join([*lines[:at], lines[at].replace(word, f"{word}_2"), *lines[at + 1 :]])


def type_(lines, at, rng):
    column = rng.randrange(len(lines[at]))
    lines[at] = lines[at][:column] + rng.choice(TYPED) + lines[at][column:]
    return "".join(lines)


def delete(lines, at, rng):
    column = rng.randrange(len(lines[at]))
    lines[at] = lines[at][:column] + lines[at][column + 1 + rng.randrange(3) :]
    return "".join(lines)


def comment(lines, at, rng):
    return "".join([*lines[:at], f"# {rng.random()}\n", *lines[at:]])


def saved(text):
    """Return the bytes that an editor saves a text as."""
    return text.encode("utf-8", "surrogatepass")
