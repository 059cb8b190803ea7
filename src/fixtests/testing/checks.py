"""What is checked of each sample, whatever its rule.

A check takes a sample and an empty folder, and raises AssertionError.
"""

from __future__ import annotations

import atexit
import difflib
import functools
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from fixtests.engine import run_rules
from fixtests.model import Applicability, FileResult, digest
from fixtests.plugins import loading
from fixtests.rules import registry
from fixtests.testing import samples
from fixtests.testing.roots import KINDS, Root
from fixtests.testing.samples import Sample
from fixtests.text import edits
from fixtests.text.source import Source

ENOUGH = 10  # cases of a rule
Texts = Mapping[str, bytes]


@dataclass(frozen=True)
class Once:
    """What becomes of a sample as it stands, in a tree that no check changes."""

    root: Root
    results: list[FileResult]
    texts: Texts


def once(sample: Sample, *, unsafe_fixes: bool = False) -> Once:
    """Return the results of a sample, which several checks ask about."""
    return _once(sample, unsafe_fixes)


@functools.cache
def _once(sample: Sample, unsafe_fixes: bool) -> Once:
    # A folder of its own, also where the same was tried before and the rule raised.
    root = sample.root(Path(tempfile.mkdtemp(dir=_scratch())) / "root")
    asked = samples.request(root, sample.rule, unsafe_fixes=unsafe_fixes)
    results = samples.run(asked)
    return Once(root, results, samples.texts(root, results))


@functools.cache
def _scratch() -> Path:
    """Return a folder that is there as long as this process."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def result_is_exact(sample: Sample, folder: Path) -> None:
    """Compare what the safe fixes give with `.after`, or with the sample itself."""
    found = once(sample)
    kind = "after" if sample.kind == "before" else ""
    _same(found.texts, _expected(sample, kind, folder, found.root), _left(found))


def unsafe_result_is_exact(sample: Sample, folder: Path) -> None:
    """Compare what all fixes give with `.unsafe`, where there is one."""
    found = once(sample, unsafe_fixes=True)
    kind = "after" if sample.kind == "before" else ""
    kind = "unsafe" if sample.result("unsafe").exists() else kind
    _same(found.texts, _expected(sample, kind, folder, found.root), _left(found))


def expected_places_are_found_and_no_others(sample: Sample, folder: Path) -> None:
    """Compare the findings with the lines that end in `# expect: CODE`."""
    found = once(sample)
    marked, places = found.root.expected, samples.places(found.root, found.results)
    lacking = [f"not found: {place}" for place in sorted(marked - places)]
    _none([*lacking, *(f"not expected: {place}" for place in sorted(places - marked))])
    if bool(marked) == (sample.kind == "unchanged"):
        raise AssertionError(f"a sample of kind {sample.kind} with {len(marked)} marks")


def result_is_a_fixed_point_that_parses(sample: Sample, folder: Path) -> None:
    """Run the safe fixes again over what they gave."""
    _is_fixed_point(sample, folder, unsafe_fixes=False)


def unsafe_result_is_a_fixed_point_that_parses(sample: Sample, folder: Path) -> None:
    """Run all fixes again over what they gave."""
    _is_fixed_point(sample, folder, unsafe_fixes=True)


def needles_change_no_finding(sample: Sample, folder: Path) -> None:
    """Run the rule whether its needles stand in a file or not."""
    found = once(sample)
    with mock.patch.object(run_rules, "wanted", lambda rules, *_: list(rules)):
        again = samples.run(samples.request(found.root, sample.rule))
    if again != found.results:
        raise AssertionError("a file has other findings where the needles do not count")


def comment_silences_each_place(sample: Sample, folder: Path) -> None:
    """Put `# noqa: CODE` behind every other line that is found, then behind those between."""
    comment = f"  # noqa: {registry.find(sample.rule).code}\n"
    root = sample.root(folder / "root")
    before, expected = root.texts(), sorted(root.expected)
    loud: list[str] = []
    for some in filter(None, (expected[::2], expected[1::2])):
        lines = {name: text.decode().splitlines(keepends=True) for name, text in before.items()}
        for name, row, _ in some:
            lines[name][row - 1] = lines[name][row - 1].rstrip("\r\n") + comment
        for name, text in lines.items():
            (root.folder / name).write_bytes("".join(text).encode())
        found = samples.places(root, samples.run(samples.request(root, sample.rule)), silenced=True)
        left = sorted({*some} - found)
        loud += [f"{name}:{row}: a comment does not silence it" for name, row, _ in left]
    _none(loud)


def crlf_copy_gives_the_crlf_result(sample: Sample, folder: Path) -> None:
    """Fix the sample with the ends of lines of another system."""
    fixed = once(sample, unsafe_fixes=True).texts
    root = sample.root(folder / "root")
    for path in root.files:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    crlf = samples.fixed(root, sample.rule, unsafe_fixes=True)
    _same(crlf, {name: text.replace(b"\n", b"\r\n") for name, text in fixed.items()})


def edits_of_the_findings_rebuild_the_result(sample: Sample, folder: Path) -> None:
    """Put the edits of the single findings together."""
    found = once(sample)
    results = [item for item in found.results if item.result]
    if not results:
        raise AssertionError("\n".join(("nothing is fixed", *_left(found))))
    for result in results:
        source = Source.decode(result.path, Path(result.path).read_bytes())
        taken, changes = edits.compatible(result.fixed)
        content = source.encode(edits.apply(source.utf8, changes))
        if len(taken) != len(result.fixed) or digest(content) != result.result:
            raise AssertionError(f"{result.path}: the fixes cannot be put together")


# Each check with the kinds of samples for which it has something to say.
CHECKS = (
    (result_is_exact, KINDS),
    (unsafe_result_is_exact, KINDS),
    (expected_places_are_found_and_no_others, KINDS),
    (result_is_a_fixed_point_that_parses, KINDS),
    (unsafe_result_is_a_fixed_point_that_parses, KINDS),
    (needles_change_no_finding, KINDS),
    (comment_silences_each_place, ("before", "reported")),
    (crlf_copy_gives_the_crlf_result, KINDS),
    (edits_of_the_findings_rebuild_the_result, ("before",)),
)


def rules_are_whole(prefix: str, cases: int = ENOUGH) -> None:
    """Look whether there are rules of a prefix, each with an example and enough cases.

    Raises AssertionError, also for a plug-in that cannot be used.
    """
    rules = [rule for rule in registry.every() if rule.code.startswith(prefix)]
    problems = list(loading.faults())
    if not rules:
        problems.append(f"there is no rule whose code begins with {prefix}; is it installed?")
    every = samples.every(prefix)
    for rule in rules:
        known = {item.case: item.kind for item in every if item.rule == rule.name}
        safe = rule.fixable and rule.applicability is not Applicability.UNSAFE
        kind = "before" if safe else "reported"
        if known.get("example") != kind:
            problems.append(f"{rule.title}: there is no sample example.{kind}")
        if len(known) < cases:
            problems.append(f"{rule.title}: {len(known)} cases, of at least {cases}")
    _none(problems)


def _expected(sample: Sample, kind: str, folder: Path, root: Root) -> Texts:
    """Return what a tree is to hold: what stands in another file of the case, or what it held."""
    if not kind:
        return root.texts()
    return Root(sample.result(kind), folder / kind, sample.profile).texts()


def _is_fixed_point(sample: Sample, folder: Path, *, unsafe_fixes: bool) -> None:
    found = once(sample, unsafe_fixes=unsafe_fixes)
    root = sample.root(folder / "root")
    for name, content in found.texts.items():
        path = root.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        Source.decode(str(path), content).parse()
    if found.texts != found.root.texts():  # else it is the same run again
        _same(samples.fixed(root, sample.rule, unsafe_fixes=unsafe_fixes), root.texts())


def _left(found: Once) -> list[str]:
    """Return what is found and not fixed, each in one line that says why."""
    lines = []
    for result in found.results:
        source = Source.decode(result.path, Path(result.path).read_bytes())
        name = Path(result.path).relative_to(found.root.folder).as_posix()
        fixed = {(item.code, item.span) for item in result.fixed}
        for item in result.findings:
            if (item.code, item.span) not in fixed:
                tier = f" ({item.applicability})" if item.fix else ""
                row = source.location(item.span.start)[0]
                lines.append(f"not fixed: {name}:{row}: {item.code}{tier} {item.message}")
    return lines


def _same(found: Texts, expected: Texts, left: Sequence[str] = ()) -> None:
    """Compare the files of two trees.

    Raises AssertionError with their diff, and what is said of findings that are not fixed.
    """
    if found == expected:
        return
    lines: list[str] = []
    for name in sorted({*found, *expected}):
        old, new = (
            texts.get(name, b"").decode(errors="replace").splitlines(keepends=True)
            for texts in (expected, found)
        )
        lines += difflib.unified_diff(old, new, f"expected {name}", f"found {name}")
    raise AssertionError("\n" + "".join([*lines, *(f"{line}\n" for line in left)]))


def _none(problems: list[str]) -> None:
    if problems:
        raise AssertionError("\n".join(problems))
