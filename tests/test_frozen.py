"""Frozen findings: the same tool freezes the same bytes, and what another one says shows."""

import importlib.util
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from laid_out import FIXTURES
from observed import Tool
from sparse import sparse

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
SCRIPT = BENCHMARKS / "frozen.py"

# A tool that flags every function, and differs from that as its first argument says.
FAKE = """\
import ast, json, pathlib, sys
kind, command, words = sys.argv[1], sys.argv[2], sys.argv[3:]
if kind == 'broken':
    sys.exit('out of order')
entries, files = [], []
for path in sorted(pathlib.Path('.').rglob('*.py')):
    text = path.read_text()
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    planned = []
    for node in nodes[1:] if kind == 'missing' and path.name == 'test_a.py' else nodes:
        start = len(''.join(text.splitlines(True)[: node.lineno - 1]).encode()) + node.col_offset
        shift = 1 if kind == 'moved' else 0
        own = {
            'code': 'X1', 'name': 'any', 'fingerprint': f'{path}:{node.name}:{node.lineno}',
            'message': 'reworded' if kind == 'reworded' else 'said',
            'applicability': 'unsafe' if kind == 'lowered' else 'safe',
        }
        end = {'row': node.lineno, 'column': node.col_offset + 4}
        entries.append({
            **own, 'filename': str(path.resolve()), 'url': None, 'suppressed': False, 'fix': None,
            'location': {'row': node.lineno, 'column': node.col_offset + 1}, 'end_location': end,
        })
        content = 'other' if kind == 'edited' else 'new'
        planned.append({
            **own, 'span': [start, start + 3], 'anchor': [start + shift, start + 3],
            'selected': kind != 'unplanned', 'fix': {'edits': [{'content': content}]},
        })
    files.append({'path': str(path), 'digest': 'd', 'findings': planned, 'edits': []})
if kind == 'unordered':
    entries, files = entries[::-1], files[::-1]
if kind == 'unread':
    entries.append({'code': None, 'filename': str(path.resolve()), 'message': 'is odd'})
    print('error: nova/__init__.py: line 1: is odd', file=sys.stderr)
print(f'{len(entries)} findings in {pathlib.Path.cwd()}/.', file=sys.stderr)
plan = {'tool': kind, 'revision': kind, 'configuration': kind, 'files': files}
print(json.dumps(entries if command == 'check' else plan))
"""


@pytest.fixture
def script(monkeypatch):
    """The script as a module, whose samples are one small tree."""
    specification = importlib.util.spec_from_file_location("frozen", SCRIPT)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)

    def lay_out(folder):
        (folder / "rule").mkdir(parents=True)
        (folder / "rule/test_b.py").write_text("def three(): pass\ndef four(): pass\n")

    monkeypatch.setattr(module, "lay_out", lay_out)
    return module


@pytest.fixture
def frozen(script, tmp_path, capsys):
    """What freezes a tree with a tool that differs as it is told, and returns the file."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "test_a.py").write_text(
        "class C:\n    def one(self):\n        '''é'''\n\n    def two(self):\n        pass\n"
    )
    (tmp_path / "fake.py").write_text(FAKE)

    def freeze(kind, tree=tree):
        file = tmp_path / f"{kind}.jsonl.gz"
        tool = Tool((sys.executable, str(tmp_path / "fake.py"), kind))
        assert script.written(file, [tree], tool) == 0
        capsys.readouterr()
        return file

    return freeze


def test_same_tool_freezes_the_same_bytes_wherever_the_tree_is(frozen, script, tmp_path, capsys):
    first = frozen("plain")
    content = first.read_bytes()
    elsewhere = tmp_path / "elsewhere/tree"
    shutil.copytree(tmp_path / "tree", elsewhere)
    assert frozen("plain", elsewhere).read_bytes() == content
    for places in (False, True):
        assert script.compared(first, first, places=places) == 0
        assert capsys.readouterr().out == "no difference\n"


GONE = 'tree, finding X1: 1 went, 0 came, 0 changed\n  test_a.py\n    went: C.one "def": safe: said'
LOWER = 'changed: C.one "def": applicability "safe" -> "unsafe"'
ODD = "error: nova/__init__.py: line 1: is odd"


@pytest.mark.parametrize(
    ("kind", "exact", "places"),
    sparse(
        [
            ("missing", GONE, GONE.removesuffix(": said")),
            ("lowered", LOWER, LOWER),
            ("reworded", 'changed: C.two "def": message "said" -> "reworded"', ""),
            ("moved", 'changed: C.two "def": anchor [', ""),
            (
                "edited",
                'fix {"edits": [{"content": "new"}]} -> {"edits": [{"content": "other"}]}',
                "",
            ),
            (
                "unplanned",
                "tree, plan of default X1: 0 went, 0 came, 2 changed",
                "default X1: 2 went",
            ),
            ("unordered", "tree, check, whole: 0 went, 0 came, 1 changed\n  (all files)", ""),
            ("unread", f'came: "{ODD}"', "tree, not read: 0 went, 1 came, 0 changed"),
            (
                "unread",
                "tree, finding: 0 went, 1 came, 0 changed\n  test_a.py\n    came: is odd",
                "nova/__init__.py",
            ),
        ],
        3,
        "other ways to differ",
    ),
    ids=lambda value: value if value.isalpha() else "",
)
def test_what_another_tool_says_shows(frozen, script, capsys, kind, exact, places):
    before, after = frozen("plain"), frozen(kind)
    assert script.compared(before, after, places=False) == 1
    assert exact in capsys.readouterr().out
    assert script.compared(before, after, places=True) == int(bool(places))
    assert (places or "no difference\n") in capsys.readouterr().out


def test_tool_that_does_not_answer_freezes_nothing(frozen, tmp_path):
    with pytest.raises(SystemExit, match="out of order"):
        frozen("broken")
    assert not (tmp_path / "broken.jsonl.gz").exists()


def test_tree_without_any_finding_is_named(frozen, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(SystemExit, match="empty: nothing is found"):
        frozen("plain", tmp_path / "empty")
    assert not (tmp_path / "plain.jsonl.gz").exists()


def test_files_are_compared_from_the_command_line(frozen, tmp_path):
    files = [frozen(kind) for kind in ("plain", "lowered")]
    done = subprocess.run([sys.executable, SCRIPT, "compare", *files], capture_output=True)
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.count(b": 0 went, 0 came, 2 changed\n") == 6


def test_everything_that_is_said_of_the_demo_is_told(script, tmp_path):
    root = tmp_path / "demo"
    shutil.copytree(FIXTURES / "demo", root)
    records = list(script.told(root.resolve(), Tool()))
    kinds = Counter(item["kind"] for item in records)
    assert kinds["finding"] == kinds["plan of all"] > 10
    assert kinds["plan of default, file"] > 1
    for kind in ("finding", "plan of all", "plan of default"):
        places = [item for item in records if item["kind"] == kind]
        assert {"FT101", "FT301"} <= {item["code"] for item in places}
        assert all(item["text"] and item["path"].startswith("nova/") for item in places)
        assert {"DeleteServerTest", "ListServersTest"} <= {
            item["function"].partition(".")[0] for item in places
        }
    assert str(tmp_path) not in str(records)


def test_scripts_that_compare_versions_import_none(tmp_path):
    code = (
        "import sys\n"
        f"sys.path[:0] = [{str(BENCHMARKS)!r}]\n"
        "import frozen, rearrangements\n"
        "print([name for name in sys.modules if name.partition('.')[0] == 'fixtests'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
