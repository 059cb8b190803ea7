"""Of fixes and the tests that run them: which are kept, and why others are not."""

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from fixtests.model import Verdict
from fixtests.verify import isolate
from generated import TIMES
from tried import Tree


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
    everything = sorted({test for tests in near.values() for test in tests})
    guilty = []
    for test in everything:
        reaching = sorted(fix for fix in reach if test in reach[fix])
        if reaching:
            sets = st.sets(st.sampled_from(reaching), min_size=1, max_size=3)
            guilty += [(test, frozenset(it)) for it in draw(st.lists(sets, max_size=2))]
    some = st.sets(st.sampled_from(everything), max_size=2) if everything else st.just(set())
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


def harmless(tree):
    """Return the fixes that are in no set with which a test fails that tells anything."""
    within = {fix for test, fixes in tree.guilty if test not in told(tree) for fix in fixes}
    return tree.near.keys() - within - tree.unloadable


MANY = settings(max_examples=300 * TIMES, deadline=None, suppress_health_check=list(HealthCheck))


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
    over = 6 * (len(tree.near) + len({test for own in tree.near.values() for test in own}) + 1)
    assert judged.rounds == tree.rounds <= limit + over
    assert judged.executions == tree.executions
    assert set(judged.unfinished) <= judged.taken.keys()
