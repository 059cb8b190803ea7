"""Files that are judged while they change: as if all was saved, whatever was known before."""

import shutil
from pathlib import Path

import pytest

import edited
from changes import numbers
from conftest import A_UUID
from fixtests.model import Status
from fixtests.run import one_file
from fixtests.run.live import Live
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.tree.profile import Profile
from fixtests.tree.project import Project
from sparse import sparse

DEMO = Path(__file__).parents[1] / "fixtures/demo"
TEST = "nova/tests/functional/test_delete_server.py"
BASE = "nova/tests/functional/integrated_helpers.py"


@pytest.fixture
def demo(tmp_path):
    """Two copies of a tree: one that stays as it is on disk, one that is written."""
    for name in ("edited", "saved"):
        shutil.copytree(DEMO, tmp_path / name)
    return tmp_path


def plain(result, root):
    """Return what is said of a file, without the place of its tree."""
    return (
        result.status,
        result.detail.replace(str(root), ""),
        [item.message for item in result.problems],
        [
            (it.code, it.span, it.message, it.applicability, it.suppressed, it.fingerprint)
            for it in result.findings
        ],
        [
            [(edit.start, edit.end, edit.content) for edit in it.fix.edits]
            for it in result.findings
            if it.fix
        ],
    )


def saved(root, name):
    """Return what a run of its own says of a file as it is on disk."""
    session = Session(Request((root / name,), fix=False, accepts=True))
    return plain(one_file.one(session, root / name), root)


@pytest.mark.parametrize("seed", sparse(range(3), 3, "other changes"))
def test_results_are_those_of_a_run_of_its_own(demo, seed):
    rng = numbers(seed)
    live = Live()
    names = sorted(path.relative_to(DEMO).as_posix() for path in DEMO.rglob("test_*.py"))
    names += [BASE, BASE]
    texts = {name: (DEMO / name).read_text() for name in names}
    for name, text in texts.items():
        live.hold(demo / "edited" / name, text.encode())
    seen = {}
    for number in range(8):
        name = rng.choice(names)
        texts[name], what = edited.edit(texts[name], rng)
        content = texts[name].encode()
        live.hold(demo / "edited" / name, content)
        (demo / "saved" / name).write_bytes(content)
        for asked in {name, rng.choice(names), *filter(seen.__contains__, names)}:
            path = demo / "edited" / asked
            changed = f"{number}: {what} in {name} changes {asked}"
            if asked != name and not live.may_differ(path):
                assert seen[asked] == saved(demo / "saved", asked), changed
                continue
            seen[asked] = plain(live.judge(path), demo / "edited")
            assert seen[asked] == saved(demo / "saved", asked), changed
        if "test_" in name and rng.randrange(3) == 0:
            texts[name] = (DEMO / name).read_text()


def test_what_another_file_holds_counts(demo):
    live = Live()
    root = demo / "edited"
    live.hold(root / TEST, (root / TEST).read_bytes())
    before = live.judge(root / TEST)
    live.hold(
        root / BASE, b"import unittest\n\n\nclass _IntegratedTestBase(unittest.TestCase):\n pass\n"
    )
    assert live.is_behind(root / TEST)
    after = live.judge(root / TEST)
    assert [it.message for it in after.findings] != [it.message for it in before.findings]
    live.renew()
    assert live.judge(root / TEST) == after
    assert not live.is_behind(root / TEST)
    live.let_go(root / BASE)
    assert live.judge(root / TEST) == before


def test_a_file_that_is_not_on_disk_is_judged(demo):
    live = Live()
    path = demo / "edited" / "nova/tests/functional/test_new.py"
    for content in (
        (demo / "edited" / TEST).read_bytes(),
        b"",
        (demo / "edited" / TEST).read_bytes(),
    ):
        live.hold(path, content)
        assert bool(live.judge(path).findings) is bool(content)
    path.write_bytes(content)
    assert plain(live.judge(path), demo) == saved(demo, path.relative_to(demo))


def test_an_excluded_file_has_no_result(demo):
    (demo / "edited" / "fixtests.toml").write_text('root = true\nextend-exclude = ["functional"]\n')
    live = Live()
    live.hold(demo / "edited" / TEST, b"")
    assert live.judge(demo / "edited" / TEST) is None


def test_configuration_is_read_anew_when_that_is_asked_for(demo):
    root = demo / "edited"
    live = Live()
    live.hold(root / TEST, (root / TEST).read_bytes())
    codes = {item.code for item in live.judge(root / TEST).findings}
    (root / "fixtests.toml").write_text('root = true\nignore = ["FT"]\n')
    live.renew()
    assert codes
    assert live.judge(root / TEST).findings == ()


def test_safe_fixes_are_those_of_a_run(demo):
    root = demo / "edited"
    live = Live()
    text = (root / TEST).read_bytes()
    live.hold(root / TEST, text)
    live.judge(root / TEST)
    live.hold(root / TEST, b"# later\n" + text)
    assert live.judge(root / TEST).status is Status.FOUND
    fixed = live.fixed(root / TEST)
    (root / TEST).write_bytes(b"# later\n" + text)
    (one,) = [one_file.one(Session(Request((root / TEST,))), root / TEST)]
    assert fixed.edits == one.edits != ()


def test_contents_stand_in_the_place_of_those_on_disk(tmp_path):
    (tmp_path / "tests").mkdir()
    path = tmp_path / "tests/test_one.py"
    path.write_text("class One(Base): pass\n")
    project = Project(tmp_path, Profile(), contents={path: b"import os\nclass Two(Other): pass\n"})
    assert [*project.at(path).classes] == ["Two"]
    assert project.texts.heirs("Base") == []
    assert project.texts.heirs("Other") == [(path, "Two")]
    assert project.mentions("Two") == [path]
    assert project.texts.imports("os")
    assert project.read(path) == project.text(path).encode()


def test_while_a_file_holds_something_else_only_what_follows_from_it_is_learnt_anew(tmp_path):
    (tmp_path / "tests").mkdir()
    paths = [tmp_path / f"tests/test_{name}.py" for name in ("one", "two")]
    for path in paths:
        path.write_text(f"class Of{path.stem}(Base): UUID = '{A_UUID}'\n")
    project = Project(tmp_path, Profile())
    asked = []

    def learn(question, *given):
        asked.append(given)
        return question(*given)

    def answers():
        asked.clear()
        memory = project.memory
        return [
            memory.ask(("heirs", base), learn, project.texts.heirs, base) for base in ("Base", "B")
        ] + [memory.ask(("word", word), learn, project.mentions, word) for word in ("UUID", "one")]

    before = answers()
    assert len(asked) == len(before)
    with project.holding({paths[0]: b"class Of1(B): pass\n"}):
        heirs, others, words, none = answers()
        assert heirs == [(paths[1], "Oftest_two")]
        assert others == [(paths[0], "Of1")]
        assert (words, none) == ([paths[1]], [])
        assert [given for (given,) in asked] == ["Base", "B", "UUID"]
    assert answers() == before
    assert asked == []
