"""Every sample of every rule, checked nine ways; test_executed_samples.py runs their tests."""

import dataclasses
from itertools import groupby

import pytest

from fixtests.rules import registry
from fixtests.testing import checks, samples
from fixtests.testing.cases import cases

OF_CHECKS = {check for check, _ in checks.CHECKS}
CASES = [case for case in cases("FT") if case.check in OF_CHECKS]
CHECKED = {  # thousands of tests would take as long as what they check
    name: [*of_sample] for name, of_sample in groupby(CASES, key=lambda case: case.sample.name)
}


@pytest.mark.parametrize("name", CHECKED)
def test_sample(name, tmp_path):
    wrong = []
    for number, case in enumerate(CHECKED[name]):
        folder = tmp_path / str(number)
        folder.mkdir()
        try:
            case.run(folder)
        except Exception as error:  # the other checks have something to say, too
            error.add_note(str(case))
            wrong.append(error)
    if wrong:
        raise ExceptionGroup(f"{len(wrong)} of {len(CHECKED[name])} checks of {name}", wrong)


def test_every_rule_has_an_example_and_enough_samples():
    assert {case.sample.rule for case in CASES} == {rule.name for rule in registry.every()} != set()
    checks.rules_are_whole("FT")


SAMPLE = next(it for it in samples.every() if it.name == "literal-uuid/example")


def spoilt(tmp_path, name, old, new):
    """A copy of a sample in which one of its files says something else."""
    case = f"spoilt-{tmp_path.name}"
    for path in SAMPLE.start.parent.glob("example.*"):
        text = path.read_text()
        assert path.name != name or old in text
        (tmp_path / path.name.replace("example", case)).write_text(
            text.replace(old, new) if path.name == name else text
        )
    return dataclasses.replace(SAMPLE, case=case, start=tmp_path / f"{case}.before.py")


@pytest.mark.parametrize(
    ("check", "name", "old", "new", "said"),
    [
        (checks.result_is_exact, "example.after.py", "import ", "import  ", "-.*import  "),
        (
            checks.expected_places_are_found_and_no_others,
            "example.before.py",
            "  # expect: FT101",
            "",
            "not expected: ",
        ),
        (checks.edits_of_the_findings_rebuild_the_result, "example.before.py", "-", "", "nothing"),
    ],
    ids=["after", "marks", "edits"],
)
def test_sample_that_is_wrong_fails(tmp_path, check, name, old, new, said):
    wrong = spoilt(tmp_path, name, old, new)
    with pytest.raises(AssertionError, match=said):
        check(wrong, tmp_path / "run")


@pytest.mark.parametrize(
    "check", [checks.result_is_exact, checks.edits_of_the_findings_rebuild_the_result]
)
def test_reason_of_what_is_not_fixed_is_told(tmp_path, check):
    reported = next(it for it in samples.every() if it.name == "swallowed-failure/only-logged")
    (tmp_path / "only-logged.after.py").write_text("")
    start = tmp_path / "only-logged.before.py"
    start.write_bytes(reported.start.read_bytes())
    wrong = dataclasses.replace(reported, kind="before", start=start)
    found = [item for result in checks.once(wrong).results for item in result.findings]
    with pytest.raises(AssertionError, match=r"not fixed: tests/test_sample\.py:\d+: FT") as caught:
        check(wrong, tmp_path / "run")
    assert [item.message for item in found if item.message not in str(caught.value)] == []


def test_each_check_says_what_a_rule_raised(tmp_path, monkeypatch):
    def raising(root, results):
        raise AssertionError("odd")

    monkeypatch.setattr(samples, "texts", raising)
    sample = dataclasses.replace(SAMPLE, case=f"raises in {tmp_path.name}")
    for check in (checks.result_is_exact, checks.needles_change_no_finding):
        with pytest.raises(AssertionError, match="odd"):
            check(sample, tmp_path)


def test_tree_without_rules_is_not_whole():
    with pytest.raises(AssertionError, match="there is no rule whose code begins with ZZ"):
        checks.rules_are_whole("ZZ")
