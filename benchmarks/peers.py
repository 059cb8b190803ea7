"""Measure fixtests beside other tools, in turn, and write the tables of docs/benchmarks.md.

Usage: peers.py [--scaling] [--profile] [--only PART] [--tree PATH] [--repeat N]

Needs `pip install -e '.[bench]'`. The tree, nova's source distribution, is
downloaded once and never written to; `peers/` holds the other tools' rules.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import os
import platform
import re
import shlex
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

import measure
from comparisons import CHECK, DRY_RUN, FOUND, PARTS, SCRIPTS, TESTS, Part, scaling, verdict
from measure import Command

RELEASE = "nova==34.0.0"
REPOSITORY = Path(__file__).resolve().parent.parent
DOCUMENT = REPOSITORY / "docs" / "benchmarks.md"
COPIES = (1, 2, 4, 8, 16)
PEAK = 250  # MiB, of any process
AGE = 2.5  # seconds after which what has changed is taken for known by its time of change
PACKAGES = ("fixtests", "ast-grep-cli", "ruff", "libcst", "fixit", "bowler", "click")


def main() -> int:
    options = arguments()
    tree = (
        options.tree.resolve() if options.tree else downloaded(options.release, options.cache_dir)
    )
    chosen = options.only or list(PARTS)
    if options.scaling or options.profile:
        chosen = ["scaling"] * options.scaling
    machine = described(tree)
    before = digest(tree)  # reads every file, so that no command is the first to
    for name in chosen:
        with tempfile.TemporaryDirectory() as folder:
            scratch = Path(folder)
            part = (
                scaling(tree, scratch, options.copies)
                if name == "scaling"
                else PARTS[name](tree, scratch)
            )
            lines = measured_lines(part, options.repeat, scratch)
        publish(name, [f"{machine} Medians of {options.repeat}.", "", *lines], options.output)
    if options.profile:
        publish("profile", [machine, "", *profiles(tree)], options.output)
    if digest(tree) != before:
        print("error: a command changed the tree", file=sys.stderr)
        return 1
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    parser.add_argument("--tree", type=Path, help="an unpacked tree, instead of a download")
    parser.add_argument("--release", default=RELEASE, help="what to download (%(default)s)")
    parser.add_argument("--cache-dir", type=Path, default=cache / "fixtests-benchmarks")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", choices=PARTS, action="append", help="measure only this part")
    parser.add_argument("--scaling", action="store_true", help="measure copies of the tree instead")
    parser.add_argument("--copies", type=int, nargs="+", default=COPIES, metavar="N")
    parser.add_argument("--profile", action="store_true", help="show where the time goes instead")
    parser.add_argument("--output", type=Path, default=DOCUMENT, help="a file with the markers")
    return parser.parse_args()


def downloaded(release: str, cache: Path) -> Path:
    """Return the unpacked source distribution of a release, which pip finds and keeps."""
    tree = cache / release.replace("==", "-")
    if tree.is_dir():
        return tree
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        name = release.partition("==")[0]
        # pip asks the sdist for its metadata, in an environment of its own.
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--no-binary", name, "--dest", folder, release], check=True)
        (archive,) = Path(folder).glob("*.tar.gz")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        (Path(folder) / archive.name.removesuffix(".tar.gz")).rename(tree)
    return tree


def measured_lines(part: Part, repeat: int, scratch: Path) -> list[str]:
    """Measure a part and return its tables and command lines."""
    for command in part.first:
        measure.run_once(command)
        time.sleep(AGE)
    measured = measure.alternate(part.commands, repeat)
    mine = [item for item in measured.values() if item.command.findings == FOUND]
    peaks = [item.peak for item in mine if not item.problem]
    rows = [target.row(measured) for target in part.targets]
    if peaks:
        rows.append(
            f"| peak of any fixtests process, MiB | {max(peaks):.0f} | | <= {PEAK} |"
            f" {verdict(max(peaks) <= PEAK)} |"
        )
    return [
        *measure.table(measured.values()),
        "",
        "| ratio of medians | wall | CPU | target for wall | |",
        "|---|---:|---:|---:|---|",
        *rows,
        "",
        "```",
        *(shown(command, scratch) for command in part.commands),
        "```",
    ]


def shown(command: Command, scratch: Path) -> str:
    """Return a command line without the folders of this machine."""
    line = shlex.join(command.arguments).replace(sys.executable, "python")
    places = {f"{SCRIPTS}/": "", f"{REPOSITORY}/": "", f"{scratch}": "TEMPORARY"}
    for path, name in places.items():
        line = line.replace(path, name)
    return re.sub(r"0/(\S+)( \d+/\S+)+", r"*/\1", line)


def described(tree: Path, packages: Sequence[str] = PACKAGES) -> str:
    """Say what is measured, with and on what, and how busy the machine is with other work."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in packages)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.datetime.now(datetime.UTC).date()}, {tree.name};"
        f" {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB, load {os.getloadavg()[0]:.1f}"
        f" at the start; Python {platform.python_version()}, {versions}."
    )


def profiles(tree: Path) -> Iterator[str]:
    """Yield tables of where the time goes, each from a process of its own."""
    cold = ("--no-cache", "--jobs", "1", TESTS)
    for words in ([*CHECK, *cold], [*DRY_RUN, *cold]):
        stages = [sys.executable, str(Path(__file__).with_name("stages.py")), *words]
        result = subprocess.run(stages, cwd=tree, check=True, stdout=subprocess.PIPE, text=True)
        yield from [f"`fixtests {shlex.join(words)}`:", "", *result.stdout.splitlines(), ""]


def publish(name: str, lines: list[str], document: Path) -> None:
    """Print the lines of a part and put them between its markers in the document."""
    text = "\n".join(lines).strip()
    print(f"{text}\n", flush=True)
    head, start, rest = document.read_text().partition(f"<!-- measured: {name} -->\n")
    _, end, tail = rest.partition("<!-- end -->\n")
    if not (start and end):
        raise SystemExit(f"error: {document.name} has no markers for {name}")
    document.write_text(f"{head}{start}\n{text}\n\n{end}{tail}")


def digest(tree: Path) -> str:
    """Return a hash of all files of the tree."""
    found = hashlib.sha256()
    for path in sorted(path for path in tree.rglob("*") if path.is_file()):
        found.update(f"{path}\0".encode() + path.read_bytes())
    return found.hexdigest()


if __name__ == "__main__":
    raise SystemExit(main())
