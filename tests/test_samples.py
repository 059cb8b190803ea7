"""Every sample of every rule, checked nine ways."""

from pathlib import Path

import pytest

import samples
from fixtests.engine import run_rules
from fixtests.model import Applicability, digest
from fixtests.rules import registry
from fixtests.text import edits
from fixtests.text.source import Source
from samples import Root, Sample

SAMPLES = samples.every()


def of_kinds(*kinds):
    """Let a test run on the samples of some kinds alone, for which it has something to say."""
    chosen = [item for item in SAMPLES if item.kind in kinds]
    return pytest.mark.parametrize("sample", chosen, ids=[item.name for item in chosen])


@pytest.fixture(params=SAMPLES, ids=[item.name for item in SAMPLES])
def sample(request):
    return request.param


@pytest.fixture
def root(sample, tmp_path):
    return Root(sample.start, tmp_path / "root")


def after(sample: Sample, tmp_path, kind: str) -> dict[str, bytes]:
    return Root(sample.result(kind), tmp_path / kind).texts()


def test_result_is_exact(sample, root, tmp_path):
    fixed = samples.fixed(root, sample.rule)
    if sample.kind == "before":
        assert fixed == after(sample, tmp_path, "after")
    else:
        assert fixed == root.texts()


def test_unsafe_result_is_exact(sample, root, tmp_path):
    fixed = samples.fixed(root, sample.rule, unsafe_fixes=True)
    if sample.result("unsafe").exists():
        assert fixed == after(sample, tmp_path, "unsafe")
    elif sample.kind == "before":
        assert fixed == after(sample, tmp_path, "after")
    else:
        assert fixed == root.texts()


def test_expected_places_are_found_and_no_others(sample, root):
    results = samples.run(samples.request(root, sample.rule))
    assert samples.places(root, results) == root.expected
    assert bool(root.expected) == (sample.kind != "unchanged")


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_result_is_a_fixed_point_that_parses(sample, root, unsafe):
    for name, content in samples.fixed(root, sample.rule, unsafe_fixes=unsafe).items():
        path = root.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        Source.decode(str(path), content).parse()
    again = samples.fixed(root, sample.rule, unsafe_fixes=unsafe)
    assert again == root.texts()


def test_needles_change_no_finding(sample, root, monkeypatch):
    results = samples.run(samples.request(root, sample.rule))
    monkeypatch.setattr(run_rules, "wanted", lambda rules, *_: list(rules))
    assert samples.run(samples.request(root, sample.rule)) == results


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


def test_crlf_copy_gives_the_crlf_result(sample, root):
    fixed = samples.fixed(root, sample.rule, unsafe_fixes=True)
    for path in root.files:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    crlf = samples.fixed(root, sample.rule, unsafe_fixes=True)
    assert crlf == {name: text.replace(b"\n", b"\r\n") for name, text in fixed.items()}


@of_kinds("before")
def test_edits_of_the_findings_rebuild_the_result(sample, root):
    results = [item for item in samples.run(samples.request(root, sample.rule)) if item.result]
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
