"""Compare what is found with what developers of OpenStack changed by hand.

Usage: by_hand.py LIST --git NAME=DIRECTORY... [--rules FT101,...] [--trees FOLDER] [--report FILE]

LIST (benchmarks/read/by-hand.jsonl) holds a JSON object a line: `repository`,
`commit`, `path`, `function`, `line` (the last three in the commit's parent), `rule`,
`did` (the name, the assertion, the registered deletion), `kind` (`no` where the
change is of another kind, `weak` where one may argue: what is found there is counted,
and no fault), `why`, and `verdicts`, what a person said of a fix (`fine`, `ugly`,
`wrong`) by the fix's text. For each commit the parent's Python files and configuration
are unpacked in a folder, and kept there where --trees names one. NAME is a repository,
DIRECTORY its git directory. --report saves each place as JSON.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from trees import fixtests

KEPT = (".py", ".cfg", ".toml", ".ini")  # what the tool reads of a tree
NEAR = {"FT201": 3, "FT301": 1, "FT501": 4, "FT503": 3}  # lines that a statement may be off
NOISE = {"fake", "id", "ids", "ref", "uuid", "uuids", "test", "constants", "the", "db"}
OUTCOMES = ("same", "fine", "ugly", "wrong", "different", "reported", "missed")


class Answer(NamedTuple):
    """What became of one place, and the text of the fix."""

    outcome: str
    ours: str
    applicability: str
    message: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("list", type=Path)
    parser.add_argument("--git", nargs="+", required=True, metavar="NAME=DIRECTORY")
    parser.add_argument("--rules", help="codes to look at; all by default")
    parser.add_argument("--trees", type=Path, help="where unpacked trees are kept")
    parser.add_argument("--report", type=Path, help="where each place is saved as JSON lines")
    options = parser.parse_args()
    gits = dict(item.split("=", 1) for item in options.git)
    places = [json.loads(line) for line in options.list.read_text().splitlines()]
    codes = options.rules.split(",") if options.rules else sorted({p["rule"] for p in places})
    places = [place for place in places if place["rule"] in codes and place["repository"] in gits]
    with tempfile.TemporaryDirectory() as scratch:
        trees = options.trees or Path(scratch)
        answered = list(answer_all(places, gits, trees, keep=options.trees is not None))
    if options.report:
        lines = (json.dumps({**place, **answer._asdict()}) for place, answer in answered)
        options.report.write_text("".join(f"{line}\n" for line in lines))
    print_table(answered, codes)
    print_names(answered)


def answer_all(
    places: list[dict[str, Any]], gits: dict[str, str], trees: Path, *, keep: bool
) -> Iterator[tuple[dict[str, Any], Answer]]:
    """Answer all places, commit by commit, so that each tree is unpacked once."""

    def commit(place: dict[str, Any]) -> tuple[str, str]:
        return place["repository"], place["commit"]

    for (name, sha), group in groupby(sorted(places, key=commit), key=commit):
        folder = trees / f"{name.replace('/', '+')}-{sha[:12]}"
        if not folder.is_dir():
            unpack(gits[name], f"{sha}^", folder)
        mine = list(group)
        print(f"{name} {sha[:10]}: {len(mine)} places", file=sys.stderr)
        for path in sorted({place["path"] for place in mine}):
            here = [place for place in mine if place["path"] == path]
            found = findings(folder, path, sorted({place["rule"] for place in here}))
            later = show(gits[name], sha, path) if here[0]["rule"] == "FT601" else ""
            for place in here:
                yield place, answer_one(place, found, later)
        if not keep:
            subprocess.run(["rm", "-rf", str(folder)], check=True)


def unpack(git: str, revision: str, folder: Path) -> None:
    """Write the Python files and the configuration of a revision to a folder."""
    listed = run(["git", "-C", git, "ls-tree", "-r", "--name-only", revision]).decode()
    suffixes = {Path(name).suffix for name in listed.splitlines()} & set(KEPT)
    patterns = [f"*{suffix}" for suffix in sorted(suffixes)]
    archive = run(["git", "-C", git, "archive", revision, "--", *patterns])
    folder.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")


def show(git: str, revision: str, path: str) -> str:
    """Return a file of a revision, empty where it is not there under this path."""
    done = subprocess.run(
        ["git", "-C", git, "show", f"{revision}:{path}"], capture_output=True, check=False
    )
    return done.stdout.decode(errors="replace")


def run(command: list[str], folder: Path | None = None) -> bytes:
    return subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout


def findings(folder: Path, path: str, codes: list[str]) -> list[dict[str, Any]]:
    """Return what is found in a file, each finding with the diff of its rule's fixes.

    A fix that the diff does not hold is none: it met another one, or failed its proof.
    """
    alone = ["--no-cache", "--select"]
    done = fixtests(folder, "check", "--output-format", "json", *alone, ",".join(codes), path)
    if not done.stdout.startswith("["):
        raise SystemExit(f"error: {folder.name}/{path}: {done.stderr.strip()}")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    diffs = {
        code: fixtests(folder, "--dry-run", "--unsafe-fixes", *alone, code, path).stdout
        for code in {finding["code"] for finding in found if finding["fix"]}
    }
    for finding in found:
        finding["diff"] = diffs.get(finding["code"], "")
    return found


def answer_one(place: dict[str, Any], found: list[dict[str, Any]], later: str) -> Answer:
    """Tell what becomes of one place."""
    at = [finding for finding in found if is_there(place, finding)]
    if not at:
        return Answer("missed", "", "", "")
    finding = min(at, key=lambda item: abs(item["location"]["row"] - place["line"]))
    message = "; ".join(finding[key] for key in ("message", "reason", "hint") if finding[key])
    if not finding["fix"]:
        return Answer("reported", "", finding["applicability"], message)
    ours = text_of(place["rule"], finding)
    added = [line[1:] for line in finding["diff"].splitlines() if line.startswith("+")]
    if squeeze(ours) not in squeeze("".join(added)):
        return Answer("reported", "", finding["applicability"], message)
    theirs = docstring(later, place["function"]) if place["rule"] == "FT601" else place["did"]
    if is_same(place["rule"], ours, theirs):
        outcome = "same"
    else:
        outcome = place["verdicts"].get(key_of(place["rule"], ours), "different")
        if place["rule"] == "FT101" and role(theirs) and not role(ours):
            outcome = "ugly"
        if place["rule"] == "FT601":
            outcome = "fine" if outcome == "different" and shared(ours, theirs) else outcome
    return Answer(outcome, ours, finding["applicability"], message)


def is_there(place: dict[str, Any], finding: dict[str, Any]) -> bool:
    if finding["code"] != place["rule"]:
        return False
    near = NEAR.get(place["rule"], 0)
    first, last = finding["location"]["row"], finding["end_location"]["row"]
    return bool(first - near <= place["line"] <= last + near)


def text_of(rule: str, finding: dict[str, Any]) -> str:
    """Return what a fix writes: the new name, the statement that it adds."""
    edits = finding["fix"]["edits"]
    row = finding["location"]["row"]
    if rule in ("FT101", "FT102", "FT401"):
        edits = [edit for edit in edits if edit["location"]["row"] == row] or edits
        return " ".join(edits[0]["content"].split())
    if rule == "FT602":
        named = re.search(r"def (\w+)", "".join(edit["content"] for edit in edits))
        return named[1] if named else ""
    return " ".join(" ".join(edit["content"] for edit in edits).split())


def key_of(rule: str, ours: str) -> str:
    """Return what verdicts are kept by: the text, of prose its digest."""
    return hashlib.sha256(ours.encode()).hexdigest()[:12] if rule == "FT601" else ours


def is_same(rule: str, ours: str, theirs: str) -> bool:
    if rule == "FT601":
        return words(ours) == words(theirs.partition("\n")[0])
    if rule in ("FT101", "FT102"):
        return is_role(ours, theirs)
    mine, other = squeeze(ours), squeeze(theirs)
    return other in (mine, mine.strip("'")) or (mine.endswith(")") and other.startswith(mine[:-1]))


def is_role(ours: str, theirs: str) -> bool:
    """Tell whether two names speak of one role: `CONSISTENCYGROUP_ID`, `consistency_group_id`."""
    mine, other = telling(ours), telling(theirs)
    return bool(mine) and (set(mine) == set(other) or "".join(mine) == "".join(other))


def squeeze(text: str) -> str:
    return re.sub(r"\s|,(?=\s*[)\]])", "", text).replace('"', "'")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def shared(ours: str, theirs: str) -> bool:
    """Tell whether a docstring holds most words of another."""
    mine = set(words(ours))
    return len(mine & set(words(theirs))) >= 0.6 * len(mine)


def docstring(source: str, function: str) -> str:
    """Return the docstring of a function, named with its classes, empty where there is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            node: ast.AST | None = ast.parse(source)
        except (SyntaxError, ValueError):
            return ""
    for part in function.split("."):
        kinds = (ast.ClassDef, ast.FunctionDef)
        below = (item for item in getattr(node, "body", ()) if isinstance(item, kinds))
        node = next((item for item in below if item.name == part), None)
    return (ast.get_docstring(node) or "") if isinstance(node, ast.FunctionDef) else ""


def role(name: str) -> set[str]:
    """Return the words of a name that say what a value is."""
    return set(telling(name))


def telling(name: str) -> list[str]:
    """Return the words of a name that say what a value is, in order."""
    last = re.sub(r"\[['\"](id|uuid)['\"]\]$", "", name).split(".")[-1]
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", last.replace("_", " "))
    found = [part.lower().rstrip("s") for part in parts]
    return [part for part in found if part not in NOISE]


def print_table(answered: list[tuple[dict[str, Any], Answer]], codes: list[str]) -> None:
    print("| rule | places | found | " + " | ".join(OUTCOMES) + " | no or weak, found |")
    print("|---|" + "---:|" * (len(OUTCOMES) + 3))
    for code in codes:
        mine = [(place, answer) for place, answer in answered if place["rule"] == code]
        counts = Counter(answer.outcome for place, answer in mine if place["kind"] == "yes")
        others = [answer for place, answer in mine if place["kind"] != "yes"]
        total = sum(counts.values())
        loud = sum(answer.outcome != "missed" for answer in others)
        cells = [code, total, total - counts["missed"], *(counts[name] for name in OUTCOMES)]
        print("| " + " | ".join(map(str, [*cells, f"{loud} of {len(others)}"])) + " |")


def print_names(answered: list[tuple[dict[str, Any], Answer]]) -> None:
    """Print how many fixes of FT101 have the role that the developer gave."""
    names = [
        (place["did"], answer.ours, answer)
        for place, answer in answered
        if place["rule"] == "FT101" and place["kind"] == "yes" and answer.ours
    ]
    if not names:
        return
    said = [(theirs, ours) for theirs, ours, _ in names if role(theirs)]
    equal = sum(is_role(ours, theirs) for theirs, ours in said)
    some = sum(
        bool(role(ours) & role(theirs)) for theirs, ours in said if not is_role(ours, theirs)
    )
    safe = [answer for *_, answer in names if answer.applicability == "safe"]
    fake = sum(answer.ours.split(".")[-1].startswith("FAKE_UUID") for answer in safe)
    print(
        f"\nFT101: {len(names)} fixes; of {len(said)} where the developer's name has a role, ",
        end="",
    )
    print(f"the same role in {equal}, a part of it in {some}.")
    print(f"{len(safe)} fixes are safe, {fake} of them named FAKE_UUID*.")


if __name__ == "__main__":
    main()
