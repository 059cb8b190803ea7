"""How a plan is divided: nothing is lost or done twice, and what is there stays where it is."""

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fixtests.model import Applicability, Edit, FileResult, Finding, Fix, Span, Status, digest
from fixtests.plan.plan import Plan
from fixtests.series.splitting import By, Splitting, split

RULES = (("FT101", "literal-uuid"), ("FT201", "unguarded-index"), ("FT603", "swapped-assertion"))
TIERS = (Applicability.SAFE, Applicability.UNSAFE)
LINE = len(b"x = 0\n")
FIXES = st.lists(st.tuples(st.sampled_from(RULES), st.sampled_from(TIERS)), min_size=1, max_size=4)
FILES = st.dictionaries(
    st.tuples(st.sampled_from(("a", "a/b", "c", ".")), st.integers(0, 5)),
    FIXES,
    min_size=1,
    max_size=8,
)
BOUNDS = st.none() | st.integers(1, 3)
WAYS = st.builds(Splitting, st.frozensets(st.sampled_from(By)), BOUNDS, BOUNDS)


def plan_of(top, files):
    """Write files of one statement a line, and return the plan that gives each line a new value."""
    results = []
    for (folder, number), fixes in files.items():
        path = top / folder / f"test_{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        before = b"x = 0\n" * len(fixes)
        path.write_bytes(before)
        found = []
        for at, ((code, name), tier) in enumerate(fixes):
            span = Span(at * LINE + 4, at * LINE + 5)
            edit = Edit(str(path), span.start, span.end, "1")
            fix = Fix("another value", tier, (edit,))
            found.append(
                Finding(
                    code, name, str(path), span, span, "wrong", tier, {}, f"{path}{at}", fix=fix
                )
            )
        after = b"x = 1\n" * len(fixes)
        edits = tuple(edit for item in found for edit in item.fix.edits)
        results.append(
            FileResult(
                str(path), digest(before), Status.CHANGED, str(top), tuple(found), tuple(found),
                edits=edits, result=digest(after),
            )
        )  # fmt: skip
    return Plan.build(results)


def blocks(shards, top):
    """Return the number of each file's block."""
    return {
        step.path.relative_to(top).as_posix(): shard.block.number
        for shard in shards
        for step in shard.steps
    }


@settings(deadline=None)
@given(files=FILES, how=WAYS)
def test_each_fix_is_made_once_and_each_commit_goes_on_where_the_one_before_ended(files, how):
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder).resolve()
        plan = plan_of(top, files)
        shards = split(plan, top, how, {})
        held = {write.path: write.held() for write in plan.writes}
        for shard in shards:
            for step in shard.steps:
                assert step.before == held[step.path]
                held[step.path] = step.content
        assert held == {write.path: write.content() for write in plan.writes}
        made = Counter(item.fingerprint for shard in shards for item in shard.findings)
        wanted = Counter(item.fingerprint for result in plan.results for item in result.fixed)
        assert made == wanted
        assert all(how.kind(item) == it.kind for it in shards for item in it.findings)


@settings(deadline=None)
@given(files=FILES, how=WAYS)
def test_commits_stand_on_those_for_the_same_files_and_keep_the_bounds(files, how):
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder).resolve()
        shards = split(plan_of(top, files), top, how, {})
        assert len({shard.key for shard in shards}) == len(shards)
        touched = {}
        for shard in shards:
            for step in shard.steps:
                assert touched.setdefault(step.path, shard.block) == shard.block
            before = [it for it in shards[: shards.index(shard)] if it.block == shard.block]
            assert shard.needs is (before[-1] if before else None)
            if how.max_files is not None:
                assert len(shard.steps) <= how.max_files
            if how.max_lines is not None and len(shard.steps) > 1:
                assert sum(step.lines for step in shard.steps) <= how.max_lines
            if By.DIRECTORY in how.by:
                folders = {step.path.parent.relative_to(top).as_posix() for step in shard.steps}
                assert folders == {shard.block.folder}


@settings(deadline=None)
@given(files=FILES, how=WAYS, data=st.data())
def test_files_stay_in_their_blocks_whatever_comes_and_goes(files, how, data):
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder).resolve()
        known = blocks(split(plan_of(top, files), top, how, {}), top)
        others = data.draw(FILES)
        gone = data.draw(st.sets(st.sampled_from(sorted(files))))
        left = {**others, **{name: it for name, it in files.items() if name not in gone}}
        after = blocks(split(plan_of(top, left), top, how, known), top)
        assert {name: number for name, number in after.items() if name in known} == {
            name: number for name, number in known.items() if name in after
        }
