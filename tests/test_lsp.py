"""The language server, by a real client: what it shows and offers, and when."""

import hashlib
import os
import shutil

import pytest
from lsprotocol import types

from changes import numbers
from conftest import A_UUID, FIXTURES, fixtests, module
from editor import Editor, checked, edited_text, plain, play
from fixtests.lsp.positions import Positions
from fixtests.model import Span
from fixtests.text.source import Source

TEST = "nova/tests/functional/test_delete_server.py"
BASE = "nova/tests/functional/integrated_helpers.py"
HEAD = types.Range(types.Position(0, 0), types.Position(0, 0))
FIX_ALL = "source.fixAll.fixtests"
ENCODINGS = {"utf-8": "utf-8", "utf-16": "utf-16-le"}
pytestmark = pytest.mark.xdist_group("lsp")  # so that one process has the servers


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """Two servers for all tests: of a usual editor, and of one that counts in bytes.

    The other one does not watch files.
    """
    found = [
        Editor(tmp_path_factory.mktemp("editor")),
        Editor(tmp_path_factory.mktemp("other"), encodings=("utf-8", "utf-16"), watches=False),
    ]
    yield found
    assert found[1].watchers == []
    assert [(it.errors, it.end(), it.said) for it in found] == [([], 0, "")] * 2


@pytest.fixture
def editor(servers):
    yield servers[0]
    servers[0].close_all()


@pytest.fixture
def other(servers):
    yield servers[1]
    servers[1].close_all()


@pytest.fixture
def demo(tmp_path):
    root = tmp_path / "demo"
    shutil.copytree(FIXTURES / "demo", root)
    return root


@pytest.fixture
def one(tree):
    """A file of a small tree with one finding."""
    return tree / "tests/test_one.py"


def digests(root):
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return [(path, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]


def titled(actions, title):
    (action,) = [item for item in actions if item.title.startswith(title)]
    return action


def taken(action, text, encoding="utf-16"):
    """Return a text after the edits of an action for the first of its documents."""
    (change,) = action.edit.document_changes
    return edited_text(text, change.edits, ENCODINGS[encoding])


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_what_is_shown_is_what_check_finds(editor, demo, tmp_path, end):
    shutil.copytree(demo, tmp_path / "saved/demo")
    before = digests(demo)
    path, saved = demo / TEST, tmp_path / "saved/demo" / TEST
    editor.open(path, "# \U0001d54f\n".join(["", path.read_text()]).replace("\n", end))
    for number, (what, right) in enumerate(play(editor, path, saved, numbers(len(end)), 12)):
        assert right, f"{number}: {what.replace(str(saved), str(path))}"
    assert digests(demo) == before


def test_a_text_that_is_no_python_says_so_and_keeps_nothing_from_before(editor, one):
    editor.open(one, module().decode())
    assert [item.code for item in editor.shown(one)] == ["FT101"]
    editor.change(one, "def broken(:\n")
    (item,) = editor.shown(one)
    assert (item.code, item.severity) == ("invalid-file", types.DiagnosticSeverity.Error)
    assert item.message.startswith("line 1: invalid syntax")
    assert editor.actions(one, HEAD) == []
    editor.change(one, "# coding: latin-1\nA = '\u20ac'\n")
    (item,) = editor.shown(one)
    assert item.message == "line 1: latin-1 cannot hold '\u20ac'; save the file as UTF-8"


def test_all_safe_fixes_are_those_that_a_run_writes(editor, demo):
    path = demo / TEST
    text = path.read_text()
    editor.open(path, text)
    for only in ([FIX_ALL], ["source.fixAll"], ["source"], None):
        actions = editor.actions(path, HEAD, only)
        (change,) = titled(actions, "Make all safe fixes").edit.document_changes
        assert (change.text_document.uri, change.text_document.version) == (path.as_uri(), 1)
    fixtests("--exit-zero", str(path), folder=demo)
    assert edited_text(text, change.edits) == path.read_text() != text
    automatic = types.CodeActionTriggerKind.Automatic
    assert editor.actions(path, HEAD, None, automatic) == []
    assert editor.actions(path, HEAD, ["source.organizeImports"]) == []


def test_each_finding_has_its_fix_and_a_comment(editor, demo):
    path = demo / TEST
    text = path.read_text()
    editor.open(path, text)
    shown = editor.shown(path)
    assert [item.code for item in shown] == [
        *("FT401", "FT301", "FT101", "FT301", "FT301", "FT401", "FT201"),
    ]
    titles = [[it.title for it in editor.actions(path, at.range, ["quickfix"])] for at in shown]
    assert titles == [
        ["Fix FT401 latest-microversion", "Silence FT401 on this line"],
        ["Fix FT301 missing-cleanup", "Silence FT301 on this line"],
        ["Fix FT101 literal-uuid", "Silence FT101 on this line"],
        [
            "Fix FT301 missing-cleanup (unsafe: `mock.patch` decorators are undone before"
            " cleanups run)",
            "Silence FT301 on this line",
        ],
        ["Silence FT301 on this line"],
        ["Silence FT401 on this line"],
        [
            "Fix FT201 unguarded-index (unsafe: naming it as `servers` runs the call before the"
            " rest of its statement)",
            "Silence FT201 on this line",
        ],
    ]
    for item in shown:
        for action in editor.actions(path, item.range, ["quickfix"]):
            assert action.diagnostics == (item,)
            result = checked(path, taken(action, text).encode())
            assert len(result) == len(shown) - 1
            assert (item.code, item.message) not in [found[2:] for found in result]
    preferred = [editor.actions(path, shown[at].range)[0].is_preferred for at in (0, 3)]
    assert preferred == [True, False]


@pytest.mark.parametrize(
    ("line", "silenced"),
    [
        ("x = [A_UUID,  # why\n     1]", "x = [A_UUID,  # why  # noqa: FT101\n     1]"),
        ("x = A_UUID  # noqa: E501", "x = A_UUID  # noqa: E501,FT101"),
        ("x = A_UUID; y = '# noqa: E1'", "x = A_UUID; y = '# noqa: E1'  # noqa: FT101"),
        ("x = A_UUID, \\\n    2", "x = A_UUID, \\\n    2  # noqa: FT101"),
        ('x = A_UUID + """\n"""', 'x = A_UUID + """\n"""  # noqa: FT101'),
        ('x = A_UUID, """\n""", \\\n    2\n', None),
    ],
)
def test_a_comment_goes_where_one_can_be(editor, one, line, silenced):
    text = module().decode().replace(f"self.attach(volume_id='{A_UUID}')", "{}")

    def whole(code):
        return text.format(code.replace("A_UUID", f"'{A_UUID}'").replace("x", "volume_id", 1))

    editor.open(one, whole(line))
    (item,) = editor.shown(one)
    found = editor.actions(one, item.range, ["quickfix"])
    comments = [item for item in found if item.title.startswith("Silence")]
    if silenced is None:
        silenced = line[:-1] + "  # noqa: FT101\n"
    assert [taken(action, whole(line)) for action in comments] == [whole(silenced)]


def test_the_page_of_a_rule_is_shown_over_its_finding(editor, one):
    editor.open(one, module().decode())
    (item,) = editor.shown(one)
    shown = editor.hover(one, item.range.start)
    assert shown.range == item.range
    assert shown.contents.kind == types.MarkupKind.Markdown
    assert shown.contents.value.startswith("# FT101 literal-uuid\n")
    assert "## Why is this bad?" in shown.contents.value
    assert editor.hover(one, types.Position(0, 0)) is None


@pytest.mark.parametrize(("name", "encoding"), [("editor", "utf-16"), ("other", "utf-8")])
def test_columns_are_counted_as_the_editor_does(request, one, name, encoding):
    editor = request.getfixturevalue(name)
    text = module().decode().replace("self.attach(", "self.attach('\U0001d54f\xe9', ")
    text = f"\ufeff'\U0001d54f'; {text}"
    editor.open(one, text)
    (item,) = editor.shown(one)
    assert editor.server.position_encoding == encoding
    line = text.splitlines()[item.range.start.line].encode(ENCODINGS[encoding])
    unit = {"utf-8": 1, "utf-16": 2}[encoding]
    flagged = line[item.range.start.character * unit : item.range.end.character * unit]
    assert flagged.decode(ENCODINGS[encoding]) == f"'{A_UUID}'"
    result = taken(titled(editor.actions(one, item.range), "Fix"), text, encoding)
    assert A_UUID not in result.partition("class")[2]
    compile(result.removeprefix("\ufeff"), "result", "exec")


def test_configuration_is_read_anew_when_it_changes(editor, one):
    editor.open(one, module().decode())
    assert [item.code for item in editor.shown(one)] == ["FT101"]
    table = one.parents[1] / "fixtests.toml"
    assert {"**/fixtests.toml", "**/pyproject.toml", "**/*.py"} <= set(editor.watchers)
    for text, codes in (
        ('root = true\nignore = ["FT101"]\n', []),
        ("root = true\nselekt = []\n", ["invalid-file"]),
        ("root = true\n", ["FT101"]),
        ('root = true\nextend-exclude = ["tests"]\n', []),
    ):
        table.write_text(text)
        after = len(editor.published)
        editor.watched(table)
        found = editor.news(one, after).diagnostics
        assert [item.code for item in found] == codes
        if codes == ["invalid-file"]:
            assert found[0].message == (f"{table}:2: unknown key 'selekt'; did you mean 'select'?")


def test_an_editor_that_watches_nothing_says_so_by_saving(other, one):
    other.open(one, module().decode())
    assert other.shown(one)
    (one.parents[1] / "fixtests.toml").write_text('root = true\nignore = ["FT101"]\n')
    after = len(other.published)
    other.save(one)
    assert other.news(one, after).diagnostics == ()


@pytest.mark.parametrize(
    ("encoding", "marked", "columns"),
    [("utf-8", False, (0, 5)), ("utf-16", True, (1, 4)), ("utf-32", False, (0, 2))],
)
def test_a_mark_that_an_editor_sends_along_is_a_column(encoding, marked, columns):
    source = Source.decode("", "\U0001d54f1\né = 1\n".encode())
    places = Positions(source, encoding, marked)
    found = places.range(Span(0, 5))
    assert (found.start.character, found.end.character) == columns
    assert places.at(6) == types.Position(1, 0)


def test_while_letters_come_fast_nothing_older_follows_what_is_newer(editor, demo):
    path = demo / TEST
    text = path.read_text()
    after = len(editor.published)
    editor.open(path, text)
    texts = {1: text}
    for number in range(12):
        new = f"{'#' * number}\n{text}".replace("latest", "latest"[: number % 7])
        texts[editor.change(path, new)] = new
    editor.shown(path)
    news = [item for item in editor.published[after:] if item.uri == path.as_uri()]
    found = [(item.version, item.diagnostics) for item in news]
    versions = [version for version, _ in found]
    assert versions == sorted(set(versions))
    for version, shown in found:
        assert plain(shown) == checked(path, texts[version].encode())


def test_what_other_texts_hold_unsaved_counts_and_they_follow(editor, demo):
    path, base = demo / TEST, demo / BASE
    editor.open(base, base.read_text())
    editor.open(path, path.read_text())
    before = plain(editor.shown(path))
    after = len(editor.published)
    text = "import unittest\n\n\nclass _IntegratedTestBase(unittest.TestCase):\n    pass\n"
    editor.change(base, text)
    found = plain(editor.news(path, after).diagnostics)
    base.write_text(text)
    assert found == checked(path, path.read_bytes()) != before
    after = len(editor.published)
    editor.close(base)
    assert editor.news(base, after).diagnostics == ()


def test_fixes_reach_shared_modules_that_are_saved(editor, one):
    root = one.parents[1]
    shared = root / "tests/uuids.py"
    (root / "fixtests.toml").write_text(
        'root = true\n[literal-uuid]\nconstants-module = "tests/uuids.py"\n'
    )
    (root / "tests/__init__.py").touch()
    editor.open(one, module().decode())
    (item,) = editor.shown(one)
    for only, title in ((["quickfix"], "Fix FT101"), ([FIX_ALL], "Make all")):
        changes = titled(editor.actions(one, item.range, only), title).edit.document_changes
        assert {type(change) for change in changes} == {types.CreateFile, types.TextDocumentEdit}
        written = {it.text_document.uri: it for it in changes if hasattr(it, "edits")}
        assert [(it.text_document.version) for it in written.values()] == [1, None]
    (edit,) = written[shared.as_uri()].edits
    assert A_UUID in edit.new_text
    shared.write_text("A = 1\n")
    editor.watched(shared, types.FileChangeType.Created)
    editor.open(shared, "A = 1\n")
    action = titled(editor.actions(one, item.range), "Fix FT101")
    (change,) = [it for it in action.edit.document_changes if it.text_document.uri != one.as_uri()]
    assert (change.text_document.uri, change.text_document.version) == (shared.as_uri(), 1)
    assert A_UUID in edited_text("A = 1\n", change.edits)
    editor.change(shared, "A = 2\n")
    action = titled(editor.actions(one, item.range), "Fix FT101")
    assert action.edit is None
    assert action.disabled.reason == (
        f"{shared}: holds something else than what is saved; save it first"
    )


def test_unused_comments_are_said_and_silenced_findings_not(editor, one):
    editor.open(
        one, module().decode().replace("')", "')  # noqa: FT101") + "A = 1  # noqa: FT201\n"
    )
    (item,) = editor.shown(one)
    assert (item.range.start.line, item.code) == (7, None)
    assert item.message == "unused suppression of FT201; remove it"


def test_texts_without_a_file_are_left_alone(editor, one):
    class Untitled:
        def as_uri(self):
            return "untitled:Untitled-1"

    editor.open(Untitled(), module().decode())
    editor.open(one, module().decode())
    assert editor.shown(one)
    sent = [item for item in editor.published if item.uri == Untitled().as_uri()]
    assert sent == []


def test_the_command_says_what_it_lacks(tmp_path):
    (tmp_path / "pygls.py").write_text("raise ModuleNotFoundError(name='pygls')\n")
    done = fixtests("lsp", folder=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert done.code == 2
    assert done.err == ("error: lsp needs pygls, which is not there; pip install 'fixtests[lsp]'\n")
