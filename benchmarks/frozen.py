"""Freeze all that fixtests says of real trees and of the samples, and compare two such files.

    python benchmarks/frozen.py write FILE TREE... [--tool COMMAND]
    python benchmarks/frozen.py compare OLD NEW [--places]

`write` runs `check` with all rules, `plan` with all rules and unsafe fixes, and
`plan` as it is by default, over unpacked source distributions and over every
sample, and puts a sorted line of JSON for each finding, file and error into FILE,
compressed where that ends in `.gz`. The same tool writes the same bytes. `compare` prints
what came, went and changed, and exits 1 where anything did: byte for byte, or
with `--places` only which code flags which text in which function, how far the
fix can be trusted, and what is fixed by default. It asks only the command line,
so that the modules behind it may move; the numbers that follow the version of
the tool (`tool`, `revision` and `configuration` of a plan) are left out.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import shlex
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from laid_out import lay_out
from observed import CHECK, COMMAND, Text, Tool, described

ALL_FILES = ("--no-respect-gitignore", ".")  # a tree may lie where git ignores it
PLANS = {"all": ("--select", "ALL", "--unsafe-fixes"), "default": ()}
OF_THE_VERSION = ("tool", "revision", "configuration")
# What two records have in common that are the same one, which may have changed.
IDENTITY = ("tree", "kind", "code", "path", "function", "text")
COMPACT = (",", ":")
SHOWN = 160  # characters of a value

Record = dict[str, Any]
Changes = dict[str, list[str]]


def main() -> int:
    """Write or compare, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(required=True, dest="command")
    write = commands.add_parser("write", help="freeze what is said of trees and samples")
    write.add_argument("file", type=Path)
    write.add_argument("trees", type=Path, nargs="*", metavar="TREE")
    write.add_argument("--tool", default=shlex.join(COMMAND), help="what to run (%(default)s)")
    compare = commands.add_parser("compare", help="print how two files differ")
    compare.add_argument("old", type=Path)
    compare.add_argument("new", type=Path)
    compare.add_argument("--places", action="store_true", help="ignore spans, words and edits")
    options = parser.parse_args()
    if options.command == "write":
        return written(options.file, options.trees, Tool(tuple(shlex.split(options.tool))))
    return compared(options.old, options.new, places=options.places)


def written(file: Path, trees: Iterable[Path], tool: Tool) -> int:
    """Write what the tool says of trees and samples, and print how much it is."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        samples = Path(scratch, "samples")
        lay_out(samples)
        for tree in (*trees, samples):
            start = time.monotonic()
            records = [{"tree": tree.resolve().name, **item} for item in told(tree.resolve(), tool)]
            kinds = Counter(item["kind"] for item in records)
            if not kinds["finding"]:
                raise SystemExit(f"error: {tree}: nothing is found; name an unpacked tree of tests")
            lines += [json.dumps(item, separators=COMPACT) for item in records]
            print(
                f"{tree.name}: {kinds['finding']} findings, {kinds['plan of all, file']} files"
                f" with any, {time.monotonic() - start:.0f} s",
                flush=True,
            )
    content = "".join(f"{line}\n" for line in sorted(lines)).encode()
    packed = gzip.compress(content, mtime=0) if file.suffix == ".gz" else content
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(packed)
    print(f"{file}: {len(lines)} lines, {len(content)} bytes, {len(packed)} in the file")
    return 0


def told(tree: Path, tool: Tool) -> Iterator[Record]:
    """Yield what the tool says of a tree."""
    done = tool.run(tree, *CHECK, *ALL_FILES)
    entries = described(tree, json.loads(done.stdout))
    for entry in entries:
        yield {"kind": "finding", **entry}
    yield from said(tree, "check", entries, done.stderr)
    texts: dict[str, Text] = {}
    for name, words in PLANS.items():
        done = tool.run(tree, "plan", *words, "--no-cache", *ALL_FILES)
        plan = json.loads(done.stdout)
        for key in OF_THE_VERSION:
            plan.pop(key, None)
        yield from said(tree, f"plan of {name}", plan, done.stderr)
        for file in plan["files"]:
            yield from planned(tree, f"plan of {name}", file, texts)


def planned(tree: Path, kind: str, file: Record, texts: dict[str, Text]) -> Iterator[Record]:
    """Yield what a plan says of a file: what becomes of it, and each finding."""
    path = file["path"]
    if path not in texts:
        if not (tree / path).exists():
            raise SystemExit(f"error: {tree}: is a part of a git work tree; unpack it elsewhere")
        texts[path] = Text((tree / path).read_bytes())
    for finding in file.pop("findings"):
        function, text = texts[path].at_offsets(*finding["span"])
        yield {"kind": kind, "path": path, **finding, "function": function, "text": text}
    yield {"kind": f"{kind}, file", **file}


def said(tree: Path, kind: str, answer: Any, stderr: bytes) -> Iterator[Record]:
    """Yield a digest of an answer, in which the order counts, and each line beside it."""
    digest = hashlib.sha256(json.dumps(answer).encode()).hexdigest()
    yield {"kind": f"{kind}, whole", "digest": digest}
    for line in stderr.decode(errors="replace").splitlines():
        text = line.replace(f"{tree}/", "").replace(str(tree), ".")
        yield {"kind": f"{kind}, stderr", "text": text}


def compared(old: Path, new: Path, *, places: bool) -> int:
    """Print how two frozen files differ, and return whether they do."""
    before, after = (grouped(path, places=places) for path in (old, new))
    changes = {}
    for key in sorted(before.keys() | after.keys()):
        found = differing(before.get(key, Counter()), after.get(key, Counter()))
        if any(found.values()):
            changes[key] = found
    for (tree, kind, code), keys in groupby(changes, key=lambda key: key[:3]):
        print_group(f"{tree}, {kind} {code}".strip(), {key: changes[key] for key in keys})
    total = sum(counted(changes.values()).values())
    print(f"{total} differences" if total else "no difference")
    return 1 if total else 0


def grouped(file: Path, *, places: bool) -> dict[tuple[str, ...], Counter[str]]:
    """Return what a frozen file says of each identity, as often as it does."""
    found: dict[tuple[str, ...], Counter[str]] = {}
    with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as lines:
        for line in lines:
            record: Record | None = json.loads(line)
            if places:
                record = bare(record)
            if record:
                key = tuple(record.pop(name, None) or "" for name in IDENTITY)
                found.setdefault(key, Counter())[json.dumps(record)] += 1
    return found


def bare(record: Record) -> Record | None:
    """Return a record without rows, words and edits; None where nothing is left of it."""
    kind = record["kind"]
    if kind == "check, stderr" and record["text"].startswith("error: "):
        name = record["text"].removeprefix("error: ").partition(": ")[0]
        return {"tree": record["tree"], "kind": "not read", "path": name}
    if kind == "finding" or (kind == "plan of default" and record["selected"]):
        names = (*IDENTITY, *(["applicability", "suppressed"] if kind == "finding" else []))
        return {name: record.get(name) for name in names}
    return None


def differing(before: Counter[str], after: Counter[str]) -> Changes:
    """Return what went, came and changed of one identity."""
    gone, new = (sorted(items.elements()) for items in (before - after, after - before))
    both = min(len(gone), len(new))
    return {
        "went": [told_of(json.loads(item)) for item in gone[both:]],
        "came": [told_of(json.loads(item)) for item in new[both:]],
        "changed": [
            changed(json.loads(old), json.loads(new))
            for old, new in zip(gone[:both], new[:both], strict=True)
        ],
    }


def told_of(record: Record) -> str:
    """Return what a reader has to know of a record that came or went."""
    words = (str(record[name]) for name in ("applicability", "message") if name in record)
    return ": ".join(words)


def changed(old: Record, new: Record) -> str:
    """Return which fields of a record have changed, and how."""
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return "; ".join(f"{name} {short(old.get(name))} -> {short(new.get(name))}" for name in names)


def short(value: Any) -> str:
    """Return a value as text that fits into a line."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def counted(changes: Iterable[Changes]) -> Counter[str]:
    """Return how many differences there are of each kind."""
    total: Counter[str] = Counter()
    for found in changes:
        total.update({word: len(values) for word, values in found.items()})
    return total


def print_group(title: str, changes: Mapping[tuple[str, ...], Changes]) -> None:
    """Print the differences of one rule in one tree, file by file."""
    counts = counted(changes.values())
    print(f"{title}: {', '.join(f'{counts[word]} {word}' for word in counts)}")
    for path, keys in groupby(changes, key=lambda key: key[3]):
        print(f"  {path or '(all files)'}")
        for key in keys:
            text = json.dumps(key[5], ensure_ascii=False) if key[5] else ""
            where = " ".join(filter(None, (key[4], text)))
            for word, values in changes[key].items():
                for value in values:
                    print("   ", ": ".join(filter(None, (word, where, value))))


if __name__ == "__main__":
    raise SystemExit(main())
