"""What files hold with some of the fixes is found out once, however often it is asked."""

from collections import Counter
from pathlib import Path

import pytest

import planted
from fixtests.plan import plan
from fixtests.text.source import read
from fixtests.verify import units
from fixtests.verify.units import Contents


@pytest.fixture
def fixes(tmp_path):
    """The planted fixes of a tree, and its root."""
    planted.plant(tmp_path)
    return units.divided(planted.results(tmp_path)), tmp_path


@pytest.fixture
def reads(monkeypatch):
    """How often each file was read."""
    counted = Counter()

    def counting(path):
        counted[Path(path)] += 1
        return read(path)

    monkeypatch.setattr(plan, "read", counting)
    return counted


def questions(fixes):
    """Return sets of fixes: all of them, and all but each one."""
    names = [unit.name for unit in fixes]
    return [set(names), *({*names} - {name} for name in names)]


def test_no_file_is_read_again_for_a_set_of_its_fixes_that_was_asked_for(fixes, reads):
    todo, root = fixes
    contents = Contents(todo, root)
    first = [contents.of(on) for on in questions(todo)]
    before = reads.copy()
    assert [contents.of(on) for on in questions(todo) * 3] == first * 3
    assert reads == before
    own = Counter(Path(unit.result.path) for unit in todo)
    # Twice for each set of its own fixes, to find and to make the edits, and once for all of them.
    assert all(reads[path] <= 2 * own[path] + 1 for path in own)


def test_what_is_kept_is_bounded_and_what_is_not_kept_is_made_again(fixes, reads):
    todo, root = fixes
    wanted = [Contents(todo, root).of(on) for on in questions(todo)]
    longest = max(len(content) for held in wanted for content in held.values())
    contents = Contents(todo, root, most=longest)
    reads.clear()
    assert [contents.of(on) for on in questions(todo)] == wanted
    before = reads.total()
    assert [contents.of(on) for on in questions(todo)] == wanted
    assert reads.total() > before
