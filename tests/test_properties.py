"""What holds for every module, whatever its shape and wherever the patterns of the rules stand."""

import ast

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from conftest import git
from fixtests.model import Status
from fixtests.plan.plan import Plan
from fixtests.run import one_file
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.text.source import Source
from fixtests.write import history, writer
from fixtests.write.undo import Undo
from generated import TIMES, contents, is_python

WORDS = {
    "fixtests.toml": 'root = true\nprofile = "nova"\n',
    "nova/api/openstack/api_version_request.py": (
        "_MIN_API_VERSION = '2.1'\n_MAX_API_VERSION = '2.96'\n"
    ),
}
NAME = "tests/test_generated.py"
ENCODINGS = ("does not give the same bytes back", "cannot hold", "encoding")
COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def laid_out(folder, content):
    """Return a test file in a root of nova's, made if it is not there yet."""
    for name, text in WORDS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    path = folder / NAME
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def run(path, *, unsafe=False, silencing=False):
    """Return the result of a file, and the plan of its fixes, or of comments in their place."""
    asked = {"unsafe_fixes": unsafe, "silencing": silencing}
    request = Request(paths=(path,), select=("ALL",), **asked)
    session = Session(request)
    (result,) = one_file.run(session, session.files(), lambda: None)
    return result, Plan.build([result])


def untouched(source, edits):
    """Return the lines that no edit touches, in order."""
    touched = set()
    for edit in edits:
        first = source.row(edit.start)
        between = edit.start == edit.end == source.starts[first - 1]
        if not between:
            touched.update(range(first, source.row(edit.end) + 1))
    rows = range(1, len(source.starts) + 1)
    return [source.line(row) for row in rows if row not in touched]


def lines(source):
    return [source.line(row) for row in range(1, len(source.starts) + 1)]


@settings(max_examples=60 * TIMES, **COMMON)
@given(content=contents(), unsafe=st.booleans())
def test_any_module_is_fixed_once_and_given_back_by_undo(tmp_path, content, unsafe):
    path = laid_out(tmp_path, content)
    result, plan = run(path, unsafe=unsafe)
    if result.status is Status.FAILED:
        assert not is_python(content) or any(word in result.detail for word in ENCODINGS)
        assert "report" not in result.detail
    if not result.result:
        assert plan.writes == []
        return
    outcomes, number = writer.apply(plan, {"command": []})
    assert [item.problem for item in outcomes] == [""]
    after = path.read_bytes()
    before, now = Source.decode(str(path), content), Source.decode(str(path), after)
    assert (now.encoding, now.mark) == (before.encoding, before.mark)
    left = iter(lines(now))
    assert [line for line in untouched(before, result.edits) if line not in left] == []
    again, _ = run(path, unsafe=unsafe)
    assert (again.status is not Status.FAILED, again.result) == (True, "")
    undo = Undo(history.chosen(number, tmp_path), files=(), rules=(), merge=False)
    assert [item.problem for item in undo.carry_out(())] == [""]
    assert path.read_bytes() == content


@settings(max_examples=30 * TIMES, **COMMON)
@given(content=contents())
def test_any_module_is_silenced_once_and_stays_the_same_program(tmp_path, content):
    path = laid_out(tmp_path, content)
    result, plan = run(path, silencing=True)
    if result.status is Status.FAILED:
        assert not is_python(content) or any(word in result.detail for word in ENCODINGS)
        return
    for write in plan.writes:
        path.write_bytes(write.content())
    before, after = Source.decode(str(path), content), Source.decode(str(path), path.read_bytes())
    assert ast.dump(after.parse()) == ast.dump(before.parse())
    again, _ = run(path, silencing=True)
    assert again.result == ""
    for finding in again.findings:
        assert finding.suppressed or "not silenced" in finding.message
    assert len(again.problems) <= len(result.problems)
    old = lines(before)
    assert [line for line in lines(after) if len(line) > 81 and line not in old] == []


@settings(max_examples=20 * TIMES, **COMMON)
@given(content=contents(), unsafe=st.booleans())
def test_diff_applies_with_git_to_what_is_planned(tmp_path, content, unsafe):
    path = laid_out(tmp_path, content)
    _, plan = run(path, unsafe=unsafe)
    diff, moved = plan.diff()
    assert moved == {}
    wanted = {write.path: write.content() for write in plan.writes}
    if diff:
        git(tmp_path, "apply", "--whitespace=nowarn", stdin=diff)
    assert path.read_bytes() == wanted.get(path, content)


@settings(max_examples=20 * TIMES, **COMMON)
@given(content=contents())
def test_suppressed_in_the_whole_file_nothing_is_left_to_fix(tmp_path, content):
    assume(is_python(content))
    content += b"\n# fixtests: ignore-file\n"
    path = laid_out(tmp_path, content)
    result, plan = run(path, unsafe=True)
    assert plan.writes == []
    assert [item for item in result.findings if not item.suppressed] == []
