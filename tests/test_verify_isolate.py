"""Of fixes and the tests that run them: which are kept, and why others are not."""

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from fixtests.model import Verdict
from fixtests.verify import isolate, searching
from generated import TIMES
from tried import SKIPPED, Tree


def prove(tree, fixes=None, **options):
    return isolate.prove(fixes or sorted(tree.near), tree.reach, tree.near, tree.run, **options)


@st.composite
def trees(draw, flaky=False):
    """Draw files with tests and fixes; some of the fixes break tests, alone or together."""
    files = draw(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 6)), min_size=1, max_size=4))
    reach, near = {}, {}
    for at, (tests, fixes) in enumerate(files):
        own = [f"t{at}{number}" for number in range(tests)]
        for number in range(fixes):
            near[f"f{at}{number}"] = frozenset(own)
            reach[f"f{at}{number}"] = frozenset(draw(st.sets(st.sampled_from(own))))
    every = sorted({test for tests in near.values() for test in tests})
    guilty = []
    for test in every:
        reaching = sorted(fix for fix in reach if test in reach[fix])
        if reaching:
            sets = st.sets(st.sampled_from(reaching), min_size=1, max_size=3)
            guilty += [(test, frozenset(it)) for it in draw(st.lists(sets, max_size=2))]
    some = st.sets(st.sampled_from(every), max_size=2) if every else st.just(set())
    shaky = {test: draw(st.floats(0.05, 0.9)) for test in (draw(some) if flaky else ())}
    return Tree(
        reach,
        near,
        guilty,
        frozenset(draw(st.sets(st.sampled_from(sorted(near)), max_size=1)) if near else ()),
        frozenset(draw(some)),
        shaky,
        draw(st.integers(0, 2**32)),
    )


def told(tree):
    """Return the tests that fail without any fix or now and then."""
    return tree.failing | tree.flaky.keys()


def everything(tree):
    return {test for tests in tree.near.values() for test in tests}


def harmless(tree):
    """Return the fixes that are in no set with which a test fails that tells anything."""
    within = {fix for test, fixes in tree.guilty if test not in told(tree) for fix in fixes}
    return tree.near.keys() - within - tree.unloadable


MANY = settings(max_examples=50 * TIMES, deadline=None, suppress_health_check=list(HealthCheck))


@MANY
@given(tree=trees(), width=st.integers(1, 6))
def test_what_is_kept_passes_and_nothing_harmless_is_taken_back(tree, width):
    judged = prove(tree, width=width)
    kept = frozenset(judged.kept)
    assert not kept & {fix for fix in tree.unloadable if tree.near[fix] - tree.failing}
    for test in {test for tests in tree.reach.values() for test in tests} - tree.failing:
        assert not tree.is_broken(test, kept)
    assert judged.taken.keys() <= tree.near.keys() - harmless(tree)
    for fix, taken in judged.taken.items():
        event("together" if taken.together else "alone")
        own = frozenset((fix, *taken.together))
        assert fix in tree.unloadable or tree.is_broken(taken.test, own)
        for left in own if taken.together else ():
            assert not tree.is_broken(taken.test, own - {left})
        # as few as needed: none of them could have been kept
        more, steady = kept | {fix}, everything(tree) - tree.failing
        assert fix in tree.unloadable or any(tree.is_broken(test, more) for test in steady)


@MANY
@given(tree=trees(), width=st.integers(1, 6))
def test_proved_is_what_passes_with_and_without_the_fixes_that_are_kept(tree, width):
    judged = prove(tree, width=width)
    assert set(judged.failing) <= tree.failing
    assert not judged.flaky
    for fix, proof in judged.proofs.items():
        event(proof.verdict)
        match proof.verdict:
            case Verdict.PROVED:
                assert proof.tests == tuple(sorted(tree.reach[fix] - tree.failing))
                assert fix in judged.kept
            case Verdict.NOT_COVERED:
                assert not tree.reach[fix]
            case Verdict.NOT_JUDGED:
                assert tree.reach[fix]
                assert tree.reach[fix] <= tree.failing
            case Verdict.TAKEN_BACK:
                assert fix not in judged.kept


@MANY
@given(tree=trees(flaky=True), width=st.integers(1, 6))
def test_flaky_tests_save_nothing_guilty_and_prove_nothing_when_seen(tree, width):
    judged = prove(tree, width=width)
    kept = frozenset(judged.kept)
    assert set(judged.flaky) <= told(tree) - (tree.failing - tree.flaky.keys())
    steady = {test for tests in tree.reach.values() for test in tests} - told(tree)
    for test in steady:
        assert not tree.is_broken(test, kept)
    shaken = {fix for fix in tree.near if tree.near[fix] & tree.flaky.keys()}
    assert judged.taken.keys() & harmless(tree) <= shaken
    for proof in judged.proofs.values():
        assert not set(proof.tests) & (set(judged.flaky) | set(judged.failing))


@MANY
@given(tree=trees(flaky=True), limit=st.integers(1, 12))
def test_rounds_are_bounded_and_what_is_kept_passes_nevertheless(tree, limit):
    judged = prove(tree, rounds=limit)
    steady = {test for tests in tree.reach.values() for test in tests} - told(tree)
    assert not any(tree.is_broken(test, frozenset(judged.kept)) for test in steady)
    over = 6 * (len(tree.near) + len(everything(tree)) + 1)
    assert judged.rounds == tree.rounds <= limit + over
    assert judged.executions == tree.executions
    assert set(judged.unfinished) <= judged.taken.keys()


def one_file(fixes, tests=("t",), **told):
    """Return a tree of one file, all of whose fixes are reached by all of its tests."""
    own = frozenset(tests)
    return Tree(dict.fromkeys(fixes, own), dict.fromkeys(fixes, own), **told)


def broken(*fixes, test="t"):
    return test, frozenset(fixes)


def test_guilty_fix_is_taken_back_with_its_test_and_how_it_fails():
    judged = prove(one_file("abcde", ("t", "u"), guilty=[broken("c")]))
    assert judged.kept == ("a", "b", "d", "e")
    assert str(judged.proofs["c"]) == "taken back: t: AssertionError: 1 != 2"
    assert judged.proofs["a"].tests == ("t", "u")


@pytest.mark.parametrize("fixes", ["abc", "abcdefghijklmnop"])
@pytest.mark.parametrize("order", [sorted, lambda fixes: sorted(fixes, reverse=True)])
def test_of_what_breaks_only_together_the_last_is_taken_back(fixes, order):
    tree = one_file(fixes, guilty=[broken("a", "b", "c")])
    judged = prove(tree, order(fixes))
    last = max("abc", key=order(fixes).index)
    assert set(fixes) - set(judged.kept) == {last}
    assert judged.taken[last].together == tuple(sorted(set("abc") - {last}))
    assert judged.proofs[last].reason.endswith("(only together with 2 others)")


def test_what_broke_only_with_a_fix_that_is_gone_is_kept_after_all():
    # `b` is taken back because of `a`, which turns out to break another test by itself.
    tree = Tree(
        {"a": frozenset("tu"), "b": frozenset("t"), "c": frozenset("u")},
        dict.fromkeys("abc", frozenset("tu")),
        guilty=[broken("a", "b"), broken("a", test="u")],
    )
    assert prove(tree).kept == ("b", "c")


def test_fix_that_keeps_a_file_from_being_loaded_is_found_among_all_of_its_file():
    reach = {"a": frozenset("t"), "b": frozenset("u"), "c": frozenset(), "d": frozenset("v")}
    tree = Tree(reach, dict.fromkeys("abcd", frozenset("tuv")), unloadable=frozenset("c"))
    judged = prove(tree)
    assert judged.kept == ("a", "b", "d")
    assert "ImportError: no such name" in judged.proofs["c"].reason
    # before, with all, again; the fixes one by one, the found one again; the others, confirmed
    assert judged.rounds == 7


def test_fix_that_no_test_runs_is_not_covered_but_its_file_has_to_load():
    near = {"a": frozenset("tu"), "b": frozenset("vw"), "c": frozenset()}
    tree = Tree(dict.fromkeys("abc", frozenset()), near, unloadable=frozenset("b"))
    judged = prove(tree)
    assert [proof.verdict for proof in judged.proofs.values()] == [
        Verdict.NOT_COVERED,
        Verdict.TAKEN_BACK,
        Verdict.NOT_COVERED,
    ]


def test_file_has_to_load_though_its_first_test_fails_anyway():
    tree = Tree({"a": frozenset()}, {"a": frozenset("tu")}, [], frozenset("a"), frozenset("t"))
    assert prove(tree).taken["a"].test == "u"


@pytest.mark.parametrize("near", [True, False])
def test_guilty_fix_is_found_where_its_reach_is_not_known(near):
    # `x` breaks `t`, which is not known to run it, as it does not run `a`, either.
    reach = {"a": frozenset("t"), "b": frozenset("u"), "x": frozenset("v")}
    own = {"a": frozenset("t"), "b": frozenset("u"), "x": frozenset("tv" if near else "v")}
    judged = prove(Tree(reach, own, guilty=[broken("x")]))
    assert judged.kept == ("a", "b")
    assert judged.taken["x"].test == "t"


def test_fix_is_not_blamed_for_what_another_one_does_to_a_test_of_the_same_run():
    # Both searches look at one fix each; `x` breaks both tests.
    reach = {"a": frozenset("t"), "x": frozenset("u")}
    tree = Tree(reach, reach, guilty=[broken("x"), broken("x", test="u")])
    judged = prove(tree)
    assert judged.proofs["a"].verdict is Verdict.PROVED
    assert judged.taken.keys() == {"x"}
    assert not judged.flaky


def test_of_two_guilty_fixes_side_by_side_both_are_found():
    tree = one_file("abcdefghijklmnop", guilty=[broken("g"), broken("h")])
    judged = prove(tree, width=2)
    assert judged.taken.keys() == {"g", "h"}
    assert judged.rounds == 14


def test_tests_that_fail_or_shake_before_any_fix_prove_nothing():
    fails = iter([True, False])
    tree = Tree(
        {"a": frozenset("t"), "b": frozenset("u"), "c": frozenset("v"), "d": frozenset("tv")},
        dict.fromkeys("abcd", frozenset("tuv")),
        failing=frozenset("t"),
    )
    is_broken = tree.is_broken
    tree.is_broken = lambda test, on: next(fails, False) if test == "u" else is_broken(test, on)
    judged = prove(tree)
    assert {fix: str(proof) for fix, proof in judged.proofs.items()} == {
        "a": "not judged: t fails without any fix",
        "b": "not judged: u is flaky",
        "c": "proved (1 test)",
        "d": "proved (1 test)",
    }
    assert judged.failing == ("t",)
    assert {test: str(tally) for test, tally in judged.flaky.items()} == {
        "u": "failed 1 of 2 times"
    }


@pytest.mark.parametrize(
    ("answers", "rounds"),
    [
        ("gbg", 4),  # with all fixes it fails, then not
        ("gbbb", 4),  # and then it fails without any
        ("gbbgbg", 9),  # with the fix alone it fails, then not
    ],
)
def test_flaky_test_that_fails_by_chance_takes_nothing_back(answers, rounds):
    tree = one_file("ab")
    told = iter(answers)
    tree.is_broken = lambda test, on: next(told, "g") == "b"
    judged = prove(tree)
    assert judged.kept == ("a", "b")
    assert set(judged.flaky) == {"t"}
    assert judged.rounds == rounds


@pytest.mark.parametrize("times", range(1, 8))
def test_search_for_what_does_not_fail_any_more_ends_soon(times):
    fixes = [f"f{number:03}" for number in range(600)]
    left = times

    def answer(asked):
        nonlocal left
        fails = [left > 0 and len(its) > 100 for its in asked]
        left -= any(fails)
        return fails

    assert ended(searching.search(fixes, 4), answer, rounds=40) is None


def test_of_many_that_break_only_together_the_last_is_blamed_after_few_rounds():
    fixes = [f"f{number:03}" for number in range(600)]
    guilty = set(fixes[::20])
    answer = lambda asked: [guilty <= its for its in asked]  # noqa: E731
    (blame,) = ended(searching.search(fixes, 4), answer, rounds=40)
    assert blame.fix == max(guilty)
    assert set(blame.together) < guilty
    assert len(blame.together) == searching.COMPANIONS


def ended(asking, answer, rounds):
    """Return what a search finds, which has to end after some rounds."""
    asked = next(asking)
    for _ in range(rounds):
        try:
            asked = asking.send(answer(asked))
        except StopIteration as end:
            return end.value
    pytest.fail("the search goes on")


def test_test_that_is_skipped_with_a_fix_fails_and_one_that_always_is_proves_nothing():
    tree = one_file("ab", ("t", "u"))
    outcomes = tree.outcomes

    def skipping(fixes, tests):
        found = outcomes(fixes, tests)
        skipped = {test for test in tests if test == "u" or "b" in fixes}
        return {test: SKIPPED if test in skipped else found[test] for test in tests}

    tree.outcomes = skipping
    judged = prove(tree)
    assert judged.kept == ("a",)
    assert judged.proofs["a"].tests == ("t",)
    tree.reach["a"] = frozenset("u")
    assert prove(tree, ["a"]).proofs["a"].reason == "u is skipped"


def test_test_that_is_not_told_of_is_missing():
    tree = one_file("a")
    judged = isolate.prove(["a"], tree.reach, tree.near, lambda asked: [{} for _ in asked])
    assert judged.failing == ("t",)


def test_files_are_searched_in_the_same_rounds():
    def rounds(number):
        names = [f"{at:03}" for at in range(number)]
        own = {f"{name}{fix}": frozenset([name]) for name in names for fix in "abcdefgh"}
        guilty = [broken(f"{name}{'abcdefgh'[at % 8]}", test=name) for at, name in enumerate(names)]
        judged = prove(Tree(own, own, guilty))
        assert len(judged.taken) == number
        return judged.rounds

    assert rounds(200) == rounds(16)


def test_one_failing_test_shows_the_fix_that_breaks_many():
    tests = [f"t{at:03}" for at in range(500)]
    fixes = [f"f{at:02}" for at in range(40)]
    tree = one_file(fixes, tests, guilty=[broken("f17", test=test) for test in tests])
    judged = prove(tree)
    assert judged.taken.keys() == {"f17"}
    # before, with all, twice again with all, without any, without the guilty one, confirmed
    assert judged.executions <= 7 * len(tests) + 25
    assert (judged.one_by_one, judged.one_by_one_executions) == (40, 40 * 500)


def test_same_question_is_told_from_the_one_before():
    tree = one_file("a", failing=frozenset("t"))
    prove(tree)
    assert [question.again for question in tree.asked] == [0, 1]
    asked = prove_and_ask(one_file("abcdef", ("t", "u"), guilty=[broken("f"), broken("a")]))
    assert len(asked) == len(set(asked))


def prove_and_ask(tree):
    prove(tree)
    return tree.asked


def test_after_the_last_round_all_suspects_are_taken_back_and_it_is_said():
    fixes = [f"f{at:02}" for at in range(40)]
    tree = one_file([*fixes, "other"], guilty=[broken("f17")])
    tree.reach["other"] = frozenset("u")
    judged = prove(tree, rounds=3)
    assert judged.kept == ("other",)
    assert judged.unfinished == tuple(fixes)
    assert "the limit of rounds was reached" in judged.proofs["f00"].reason


def test_nothing_is_run_for_nothing():
    tree = Tree({}, {})
    judged = prove(tree, [])
    assert (judged.rounds, judged.runs, judged.executions, tree.rounds) == (0, 0, 0, 0)


def test_what_is_done_is_said():
    said = []
    prove(one_file("ab", guilty=[broken("b")]), say=said.append)
    assert said == [
        "Running 1 tests without any fix",
        "Running 1 tests with 2 fixes",
        "Narrowing down why 1 tests fail; 0 fixes taken back",
        "Running 1 tests with 1 fixes, 1 taken back",
    ]


@MANY
@given(tree=trees(), width=st.integers(2, 6))
def test_a_test_is_run_few_times_for_each_fix_to_blame(tree, width):
    judged = prove(tree, width=width)
    tests = everything(tree)
    rounds_of_all = 2 + len(judged.taken)  # confirmations: each but the last takes something back
    searching = (len(judged.taken) + 2) * (width + 2) * (3 * len(tree.near).bit_length() + 4)
    assert judged.executions <= len(tests) * (4 * rounds_of_all + searching)
