"""Edits: order, clashes and composition, over generated texts."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from fixtests.model import Applicability, Edit, Finding, Fix, Span
from fixtests.text import diff, edits
from fixtests.text.source import Source

TEXT = st.text(alphabet="ab\n\r\té ", max_size=60).map(str.encode)


@st.composite
def changes(draw, length):
    """Draw edits that do not clash, in order."""
    points = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
    pairs = zip(points[::2], points[1::2], strict=False)
    found = [
        Edit("f.py", start, end, draw(st.text(alphabet="xy\n", max_size=5))) for start, end in pairs
    ]
    return edits.ordered(found)


@st.composite
def rounds(draw):
    text = draw(TEXT.filter(lambda item: item.isascii()))
    first = draw(changes(len(text)))
    second = draw(changes(len(edits.apply(text, first))))
    return text, first, second


@given(rounds())
def test_composition_does_what_the_rounds_do(drawn):
    text, first, second = drawn
    expected = edits.apply(edits.apply(text, first), second)
    assert edits.apply(text, edits.compose(len(text), [first, second])) == expected


@given(rounds())
def test_composed_edits_are_ordered_and_do_not_clash(drawn):
    text, first, second = drawn
    composed = edits.compose(len(text), [first, second])
    assert list(composed) == sorted(composed, key=lambda edit: edit.start)
    assert not any(edits.clash(one, other) for one, other in itertools.pairwise(composed))


@given(rounds())
def test_new_texts_are_found_in_the_result_of_all_rounds(drawn):
    text, first, second = drawn
    between = edits.apply(text, first)
    (alone,) = edits.landed([first])
    assert [between[alone[it].start : alone[it].end] for it in first] == [
        it.content.encode() for it in first
    ]
    result = edits.apply(between, second)
    early, late = edits.landed([first, second])
    assert [result[late[it].start : late[it].end] for it in second] == [
        it.content.encode() for it in second
    ]
    for edit in first:
        inside = Edit("f.py", alone[edit].start, alone[edit].end, "")
        around = [it for it in second if edits.clash(it, inside)]
        kept = result[early[edit].start : early[edit].end]
        assert all(it.content.encode() in kept for it in around)
        if not around:
            assert kept == edit.content.encode()


def finding(*changes):
    fix = Fix("", Applicability.SAFE, changes)
    span = Span(changes[0].start, changes[0].end)
    return Finding("FT1", "x", "f.py", span, span, "", Applicability.SAFE, fix=fix)


def test_equal_edits_stand_once_and_clashing_fixes_wait():
    shared = Edit("f.py", 0, 0, "import a\n")
    one = finding(Edit("f.py", 5, 9, "x"), shared)
    two = finding(Edit("f.py", 12, 14, "y"), shared)
    clashing = finding(Edit("f.py", 8, 13, "z"))
    taken, found = edits.compatible([one, two, clashing])
    assert taken == [one, two]
    assert [edit.start for edit in found] == [0, 5, 12]


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4)), min_size=1, max_size=8))
def test_compatible_takes_as_many_as_a_plain_search(places):
    found = [finding(Edit("f.py", at, at + size, str(n))) for n, (at, size) in enumerate(places)]
    expected = []
    for item in found:
        (edit,) = item.fix.edits
        if not any(edits.clash(edit, other.fix.edits[0]) for other in expected):
            expected.append(item)
    assert edits.compatible(found)[0] == expected


def test_insertions_at_one_place_follow_their_order():
    late, early = Edit("f.py", 3, 3, "b", order=5), Edit("f.py", 3, 3, "a", order=2)
    assert edits.apply(b"xyz.", edits.ordered([late, early])) == b"xyzab."


def patched(text: bytes, hunks) -> bytes:
    """Apply hunks as `patch` does, checking every line of context."""
    old = diff._split(text)
    new, at = [], 0
    for hunk in hunks:
        start = hunk.old_start - 1 if hunk.old_count else hunk.old_start
        new += old[at:start]
        at = start
        assert hunk.new_start == (len(new) + 1 if hunk.new_count else len(new))
        for sign, line in hunk.lines:
            if sign != b"+":
                assert old[at] == line
                at += 1
            if sign != b"-":
                new.append(line)
    return b"".join([*new, *old[at:]])


@given(TEXT, st.data(), st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_hunks_rebuild_the_result(text, data, mark):
    starts = [
        at for at in range(len(text) + 1) if text[:at].decode(errors="ignore").encode() == text[:at]
    ]
    points = sorted(data.draw(st.lists(st.sampled_from(starts), max_size=6)))
    drawn = [
        Edit("f.py", start, end, data.draw(st.text(alphabet="xy\n", max_size=6)))
        for start, end in zip(points[::2], points[1::2], strict=False)
    ]
    found = edits.ordered(drawn)
    source = Source("f.py", mark + text, "utf-8", mark, text)
    hunks = diff.hunks(source, found)
    after = edits.apply(text, found)
    assert patched(mark + text, hunks) == (mark + after if after != text else mark + text)
