"""Every sample of every rule, checked nine ways."""

import functools
from dataclasses import dataclass
from pathlib import Path

import pytest

import samples
from fixtests.engine import run_rules
from fixtests.model import Applicability, FileResult, digest
from fixtests.rules import registry
from fixtests.text import edits
from fixtests.text.source import Source
from samples import Root, Sample

SAMPLES = samples.every()


def of_kinds(*kinds):
    """Let a test run on the samples of some kinds alone, for which it has something to say."""
    chosen = [item for item in SAMPLES if item.kind in kinds]
    return pytest.mark.parametrize("sample", [together(item) for item in chosen])


def together(sample):
    """Have one process run all tests of a sample, so that it is fixed once for all of them."""
    return pytest.param(sample, id=sample.name, marks=pytest.mark.xdist_group(sample.name))


@pytest.fixture(params=[together(item) for item in SAMPLES])
def sample(request):
    return request.param


@pytest.fixture
def root(sample, tmp_path):
    return Root(sample.start, tmp_path / "root")


@dataclass(frozen=True)
class Once:
    """What becomes of a sample as it stands, in a tree that no test changes."""

    root: Root
    results: list[FileResult]
    texts: dict[str, bytes]


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """What gives the results of a sample, which several tests ask about."""
    folder = tmp_path_factory.mktemp("samples")

    @functools.cache
    def found(sample, unsafe_fixes):
        root = Root(sample.start, folder / f"{sample.rule}-{sample.case}-{unsafe_fixes}")
        asked = samples.request(root, sample.rule, unsafe_fixes=unsafe_fixes)
        results = samples.run(asked)
        return Once(root, results, samples.texts(root, results))

    return lambda sample, *, unsafe_fixes=False: found(sample, unsafe_fixes)


def after(sample: Sample, tmp_path, kind: str) -> dict[str, bytes]:
    return Root(sample.result(kind), tmp_path / kind).texts()


def test_result_is_exact(sample, once, tmp_path):
    found = once(sample)
    if sample.kind == "before":
        assert found.texts == after(sample, tmp_path, "after")
    else:
        assert found.texts == found.root.texts()


def test_unsafe_result_is_exact(sample, once, tmp_path):
    found = once(sample, unsafe_fixes=True)
    if sample.result("unsafe").exists():
        assert found.texts == after(sample, tmp_path, "unsafe")
    elif sample.kind == "before":
        assert found.texts == after(sample, tmp_path, "after")
    else:
        assert found.texts == found.root.texts()


def test_expected_places_are_found_and_no_others(sample, once):
    found = once(sample)
    expected = found.root.expected
    assert samples.places(found.root, found.results) == expected
    assert bool(expected) == (sample.kind != "unchanged")


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_result_is_a_fixed_point_that_parses(sample, once, root, unsafe):
    found = once(sample, unsafe_fixes=unsafe)
    for name, content in found.texts.items():
        path = root.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        Source.decode(str(path), content).parse()
    if found.texts != found.root.texts():  # else it is the same run again
        again = samples.fixed(root, sample.rule, unsafe_fixes=unsafe)
        assert again == root.texts()


def test_needles_change_no_finding(sample, once, monkeypatch):
    found = once(sample)
    monkeypatch.setattr(run_rules, "wanted", lambda rules, *_: list(rules))
    assert samples.run(samples.request(found.root, sample.rule)) == found.results


@of_kinds("before", "reported")
def test_comment_silences_each_place(sample, root):
    code = registry.find(sample.rule).code
    assert root.expected
    for name, row, _ in root.expected:
        path = root.folder / name
        lines = path.read_bytes().decode().splitlines(keepends=True)
        line = lines[row - 1].rstrip("\r\n")
        text = "".join([*lines[: row - 1], f"{line}  # noqa: {code}\n", *lines[row:]])
        before = path.read_bytes()
        path.write_bytes(text.encode())
        results = samples.run(samples.request(root, sample.rule))
        assert (name, row, code) in samples.places(root, results, silenced=True)
        path.write_bytes(before)


def test_crlf_copy_gives_the_crlf_result(sample, once, root):
    fixed = once(sample, unsafe_fixes=True).texts
    for path in root.files:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    crlf = samples.fixed(root, sample.rule, unsafe_fixes=True)
    assert crlf == {name: text.replace(b"\n", b"\r\n") for name, text in fixed.items()}


@of_kinds("before")
def test_edits_of_the_findings_rebuild_the_result(sample, once):
    results = [item for item in once(sample).results if item.result]
    assert results
    for result in results:
        source = Source.decode(result.path, Path(result.path).read_bytes())
        taken, changes = edits.compatible(result.fixed)
        assert len(taken) == len(result.fixed)
        assert digest(source.encode(edits.apply(source.utf8, changes))) == result.result


def test_every_rule_has_an_example_and_enough_samples():
    rules = registry.every()
    assert {item.rule for item in SAMPLES} == {rule.name for rule in rules} != set()
    for rule in rules:
        cases = {item.case: item.kind for item in SAMPLES if item.rule == rule.name}
        kinds = ("before",) if rule.fixable else ("reported",)
        if rule.applicability is Applicability.UNSAFE:
            kinds = ("reported",)
        assert cases.get("example") in kinds, rule.name
        assert len(cases) >= 10, rule.name
