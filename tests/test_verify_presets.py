"""How a project's tests are run is found from its configuration; copies, and shared work."""

import os
import stat
import sys
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtests.settings.config import Verification
from fixtests.verify import interpreters, junit, module_names, presets, shards, streams, trial
from fixtests.verify.copies import Copy
from fixtests.verify.heard import Heard
from fixtests.verify.interpreters import Interpreter, NoInterpreterError
from fixtests.verify.presets import NoPresetError
from fixtests.verify.shards import Known
from fixtests.verify.store import Result, Store
from fixtests.verify.trial import Outcome, Status


def written(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def interpreter(folder, environment):
    """Make what looks like an environment with an interpreter, which runs as ours does."""
    path = folder / environment / "bin/python"
    path.parent.mkdir(parents=True)
    path.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def plain(monkeypatch):
    """Let no environment be active."""
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


def found(folder, files, **settings):
    written(folder, files)
    return presets.find(folder, Verification(python=sys.executable, **settings))


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({".stestr.conf": "[DEFAULT]\ntest_path=./t\n", "pytest.ini": ""}, "stestr"),
        ({"pyproject.toml": "[tool.stestr]\ntest_path = 't'\n"}, "stestr"),
        ({"tox.ini": "[stestr]\ntest_path = t\n"}, "stestr"),
        ({"pyproject.toml": "[tool.pytest.ini_options]\naddopts = ''\n"}, "pytest"),
        ({"setup.cfg": "[tool:pytest]\n"}, "pytest"),
        ({"tox.ini": "[pytest]\n"}, "pytest"),
        ({"tox.ini": "[testenv]\ncommands =\n    pytest {posargs}\n"}, "pytest"),
        ({"tox.ini": "[testenv]\ncommands = python -m unittest discover\n"}, "unittest"),
        ({"tests/conftest.py": ""}, "pytest"),
        ({"setup.cfg": "[metadata]\nname = demo\n", "pyproject.toml": "= broken"}, "unittest"),
        ({}, "unittest"),
    ],
)
def test_a_runner_is_found_from_the_configuration(tmp_path, files, name):
    assert found(tmp_path, files).name == name


def test_a_runner_that_the_interpreter_has_not_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(Interpreter, "has", lambda self, name: name == "pytest")
    files = {".stestr.conf": "[DEFAULT]\n", "setup.cfg": "[tool:pytest]\n"}
    assert found(tmp_path, files).name == "pytest"
    with pytest.raises(NoPresetError, match=r"has no stestr; set python in \[tool.fixtests.verify"):
        found(tmp_path, files, command="stestr")


def test_stestr_says_where_names_start(tmp_path):
    conf = {".stestr.conf": "[DEFAULT]\ntest_path=./src/demo/tests\ntop_dir=./src/\n"}
    assert found(tmp_path, conf).tops == ("src",)


def test_stestr_without_configuration_is_refused(tmp_path):
    with pytest.raises(NoPresetError, match=r"no configuration of stestr, such as \.stestr\.conf"):
        found(tmp_path, {}, command="stestr")


def test_a_command_is_divided_into_words_and_has_to_name_tests(tmp_path):
    preset = found(tmp_path, {}, command="env -s tests -- '{list-file}' --report '{junit}'")
    assert (preset.name, preset.is_of_pytest) == ("command", False)
    assert preset.command == ("env", "-s", "tests", "--", "{list-file}", "--report", "{junit}")
    assert found(tmp_path, {}, command="python3 -m pytest {files}").is_of_pytest
    with pytest.raises(NoPresetError, match=r"env check: does not say where tests are named"):
        found(tmp_path, {}, command="env check")
    with pytest.raises(NoPresetError, match="cannot be divided into words"):
        found(tmp_path, {}, command="env '{ids}")


@pytest.mark.usefixtures("plain")
def test_tox_means_the_newest_environment_that_is_there(tmp_path):
    written(
        tmp_path,
        {
            "tox.ini": "[testenv]\nsetenv =\n    OS_SIZE = 3\n    HERE={toxinidir}\n"
            "commands =\n    stestr run {posargs}\n",
            ".stestr.conf": "[DEFAULT]\n",
        },
    )
    with pytest.raises(NoPresetError, match="no environment for tests is there; build one"):
        presets.find(tmp_path, Verification(command="tox"))
    interpreter(tmp_path, ".tox/py39")
    newest = interpreter(tmp_path, ".tox/py312")
    interpreter(tmp_path, ".tox/pep8")
    preset = presets.find(tmp_path, Verification(command="tox"))
    assert (preset.name, preset.interpreter.path) == ("stestr", newest)
    assert preset.environment == {"OS_SIZE": "3"}


@pytest.mark.usefixtures("plain")
def test_the_interpreter_is_the_nearest_one(tmp_path, monkeypatch):
    root = tmp_path / "root"
    root.mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "none/bin"))
    with pytest.raises(NoInterpreterError, match="no interpreter was found; set python in"):
        interpreters.find(root, None)
    for name in ("root/.tox/py3", "active", "root/venv", "root/.venv"):
        path = interpreter(tmp_path, name)
        if name == "active":
            monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / name))
        assert interpreters.find(root, None, other="py3") == path
    chosen = interpreter(root, "own")
    assert interpreters.find(root, "own/bin/python") == chosen
    with pytest.raises(NoInterpreterError, match="gone/python: is no interpreter"):
        interpreters.find(root, "gone/python")


def test_an_interpreter_that_does_not_run_is_named(tmp_path):
    path = interpreter(tmp_path, "broken")
    Path(path).write_text("#!/bin/sh\necho no libpython >&2\nexit 1\n")
    with pytest.raises(NoInterpreterError, match="does not run: no libpython; set python in"):
        interpreters.probe(path, tmp_path)


def test_variables_of_our_own_process_are_not_passed_on(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTEST_CURRENT_TEST", "ours (call)")
    monkeypatch.setenv("PYTHONHOME", "/ours")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("OS_SIZE", "3")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "ours"))
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "ours/bin"), "/bin"]))
    path = interpreter(tmp_path, "theirs")
    (tmp_path / "theirs/pyvenv.cfg").write_text("")
    kept = interpreters.inherited(path)
    assert kept["OS_SIZE"] == "3"
    assert kept["PATH"] == os.pathsep.join([str(tmp_path / "theirs/bin"), "/bin"])
    gone = {"PYTEST_CURRENT_TEST", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV"}
    assert not gone & kept.keys()


def test_paths_into_the_tree_lead_into_the_copy(tmp_path):
    copy, root = written(tmp_path, {"copy/src/a": "", "root/src/a": ""}) / "copy", tmp_path / "root"
    given_paths = os.pathsep.join(["lib", str(root / "more"), "/elsewhere", ""])
    path = interpreters.search_path(copy, root, ("python",), given_paths, Path("/support"))
    names = ("", "src", "python", "lib", "more")
    inside = [str(copy / name) if name else str(copy) for name in names]
    assert path.split(os.pathsep) == [*inside, "/elsewhere", "/support"]


@pytest.mark.parametrize(
    ("files", "path", "tops", "folders", "first"),
    [
        (["a/__init__.py", "a/b/__init__.py"], "a/b/test_c.py", (), (), ("a.b.test_c", ".")),
        ([], "tests/test_c.py", (), (), ("test_c", "tests")),
        ([], "tests/test_c.py", (".",), (), ("tests.test_c", ".")),
        (["src/a/__init__.py"], "src/a/test_c.py", (), (), ("a.test_c", "src")),
        ([], "src/space/a/test_c.py", (), (), ("space.a.test_c", "src")),
        ([], "lib/space/a/test_c.py", (), ("lib",), ("space.a.test_c", "lib")),
        (["a/__init__.py"], "a/__init__.py", (), (), ("a", ".")),
    ],
)
def test_modules_have_the_names_that_their_project_gives_them(
    tmp_path, files, path, tops, folders, first
):
    written(tmp_path, dict.fromkeys([*files, path], ""))
    name, folder = module_names.candidates(tmp_path, path, tops, folders)[0]
    assert (name, Path(folder)) == (first[0], tmp_path / first[1])


def test_copies_hold_what_the_tree_holds_but_environments_and_caches(tmp_path):
    root = written(
        tmp_path / "root",
        {
            "a.py": "1",
            "a/b.py": "",
            "bin/run": "3",
            "build/b.py": "2",
            "demo.egg-info/x": "4",
            **dict.fromkeys((".git/x", ".tox/py3/x", "own/pyvenv.cfg", "own/lib/x.py"), ""),
            **dict.fromkeys(("a/__pycache__/b.pyc", ".stestr/0"), ""),
        },
    )
    (root / "bin/run").chmod(0o755)
    (root / "near").symlink_to("a.py")
    (root / "far").symlink_to(root / "a.py")
    (root / "gone").symlink_to("nothing")
    os.mkfifo(root / "pipe")
    copy = Copy(root, tmp_path / "copies")
    names = {str(path.relative_to(copy.root)) for path in copy.root.rglob("*")}
    assert names == {
        *("a.py", "build", "build/b.py", "bin", "bin/run", "demo.egg-info", "demo.egg-info/x"),
        *("a", "a/b.py", "near", "far", "gone"),
    }
    assert (copy.root / "bin/run").stat().st_mode & stat.S_IXUSR
    assert (copy.root / "near").readlink() == Path("a.py")
    assert (copy.root / "far").readlink() == copy.root / "a.py"
    copy.change({"far": b"changed"})
    assert (root / "a.py").read_text() == "1"
    copy.restore()
    assert (copy.root / "far").readlink() == copy.root / "a.py"


def test_a_changed_file_keeps_its_mode_and_leads_nowhere_else(tmp_path):
    root = written(tmp_path / "root", {"run": "1", "a": "2"})
    (root / "run").chmod(0o755)
    (root / "out").symlink_to(tmp_path)
    copy = Copy(root, tmp_path / "copies")
    copy.change({"run": b"2", "new/folder/x": b"3"})
    assert (copy.root / "run").stat().st_mode & stat.S_IXUSR
    assert (copy.root / "new/folder/x").read_bytes() == b"3"
    for name in ("../x", "out/x"):
        with pytest.raises(ValueError, match="leads out of the tree"):
            copy.change({name: b""})
    copy.restore()
    assert not (copy.root / "new").exists()
    assert (copy.root / "run").read_text() == "1"


def test_times_of_change_are_never_the_same_again(tmp_path):
    copy = Copy(written(tmp_path / "root", {"a.py": "1"}), tmp_path / "copies")
    before = (copy.root / "a.py").stat().st_mtime
    seen = [int(before)]
    for text in (b"2", b"3", b"2"):
        copy.change({"a.py": text})
        seen.append(int((copy.root / "a.py").stat().st_mtime))
        copy.restore()
    assert len(set(seen)) == len(seen)
    assert (copy.root / "a.py").stat().st_mtime == before


def test_a_digest_tells_contents_names_modes_and_links(tmp_path):
    root = written(tmp_path / "root", {"a": "1", "b": "2", ".git/x": "3"})
    digests = [Copy(root, tmp_path / "0").digest()]

    def differs(number):
        digests.append(Copy(root, tmp_path / str(number)).digest())
        return digests[-1] not in digests[:-1]

    os.utime(root / "a", (1, 1))
    (root / ".git/x").write_text("4")
    assert not differs(1)
    (root / "a").write_text("3")
    assert differs(2)
    (root / "a").chmod(0o755)
    assert differs(3)
    (root / "a").rename(root / "c")
    assert differs(4)
    (root / "link").symlink_to("b")
    assert differs(5)
    (root / "empty").mkdir()
    assert differs(6)


def known(number, owner, file):
    return Known(trial.Test(f"{file}.{owner}.{number}", file, owner, str(number)), file)


TESTS = st.lists(
    st.builds(known, st.integers(0, 9), st.sampled_from("ABC"), st.sampled_from("xyz")),
    unique_by=lambda item: item.test.id,
)


@given(TESTS, st.integers(1, 4), st.lists(st.floats(0, 100), min_size=100, max_size=100))
def test_work_is_divided_between_classes_and_nothing_is_lost(tests, least, seconds):
    took = {item.test.id: value for item, value in zip(tests, seconds, strict=False)}
    pieces = list(shards.divide(tests, took, least))
    assert sorted(it.test.id for _, piece in pieces for it in piece) == sorted(
        it.test.id for it in tests
    )
    owners = [group for _, piece in pieces for group in {it.group for it in piece}]
    assert len(owners) == len(set(owners))
    assert len(pieces) >= min(least, len(set(owners)))
    assert all(piece for _, piece in pieces)


@given(TESTS)
def test_halves_end_in_single_classes_and_single_tests(tests):
    for is_fine in (False, True):
        left, ends = [tests] if tests else [], []
        while left:
            parts = shards.halves(now := left.pop(), is_fine)
            left += parts
            ends += [] if parts else [now]
        assert sorted(it.test.id for end in ends for it in end) == sorted(
            it.test.id for it in tests
        )
        assert len(ends) == (len(tests) if is_fine else len({it.group for it in tests}))


def test_long_work_is_divided_further_than_there_are_slots():
    tests = [known(number, f"Owner{number}", "x") for number in range(10)]
    pieces = list(shards.divide(tests, {item.test.id: 60.0 for item in tests}, 2))
    assert len(pieces) == 7  # 600 seconds, in pieces of 90
    assert max(weight for weight, _ in pieces) == 120


class Packets:
    """Writes a stream of subunit, as a runner does."""

    def __init__(self):
        import subunit

        self.bytes = BytesIO()
        self.stream = subunit.StreamResultToBytes(self.bytes)

    def heard(self, tmp_path, *ids):
        heard = Heard(tmp_path / "events", lambda name, outcome: None, ids)
        streams.read(BytesIO(self.bytes.getvalue()), heard)
        return heard


def test_what_a_stream_only_says_to_exist_has_no_outcome(tmp_path):
    packets = Packets()
    packets.stream.status(test_id="m.A.test_a", test_status="exists")
    packets.stream.status(test_id="m.A.test_b", test_status="exists")
    packets.stream.status(test_id="m.A.test_a", test_status="inprogress")
    packets.stream.status(test_id="m.A.test_a", test_status="success")
    heard = packets.heard(tmp_path, "m.A.test_a", "m.A.test_b")
    assert {name: it.status for name, it in heard.outcomes.items()} == {"m.A.test_a": "passed"}


def test_a_stream_that_is_cut_leaves_its_test_running(tmp_path):
    packets = Packets()
    packets.stream.status(test_id="m.A.test_a", test_status="inprogress")
    heard = packets.heard(tmp_path, "m.A.test_a")
    assert not heard.outcomes
    assert list(heard.running) == ["m.A.test_a"]


def test_parts_and_fixtures_in_a_stream_count_for_their_tests(tmp_path):
    packets = Packets()
    names = ("m.A.test_a", "m.B.test_b", "m.C.test_c", "m.D.test_d")
    for name in (names[0], names[3]):
        packets.stream.status(test_id=name, test_status="success")
    packets.stream.status(test_id="m.A.test_a [2]", test_status="fail")
    packets.stream.status(test_id="setUpClass (m.B)", test_status="fail")
    packets.stream.status(test_id="setUpClass (m.C)", test_status="skip")
    packets.stream.status(test_id="m.D.test_d (x=1)", test_status="skip")
    heard = packets.heard(tmp_path, *names)
    assert [heard.outcomes[name].status.value for name in names] == [
        *("failed", "failed", "skipped", "skipped"),
    ]


def test_failures_in_a_stream_end_in_their_traceback(tmp_path):
    packets = Packets()
    attach = {"test_id": "m.A.test_a", "mime_type": "text/plain"}
    packets.stream.status(file_name="traceback", file_bytes=b"one\ntwo\n", **attach)
    packets.stream.status(file_name="pythonlogging", file_bytes=b"noise\n" * 500, **attach)
    packets.stream.status(test_id="m.A.test_a", test_status="fail")
    heard = packets.heard(tmp_path, "m.A.test_a")
    assert heard.outcomes["m.A.test_a"].tail == "one\ntwo"


def test_reports_are_read_with_the_names_of_any_runner(tmp_path):
    (tmp_path / "report").write_text(
        """<testsuites><testsuite>
        <testcase classname="tests.test_a.ATest" name="test_one" time="0.5"/>
        <testcase classname="tests.test_a" name="test_two[a.b/c]" time="x">
          <failure message="short">long
        why</failure></testcase>
        <testcase classname="tests.test_a" name="test_three"><skipped message="later"/></testcase>
        <testcase classname="tests.test_a" name="test_four"><error message="no"/></testcase>
        <testcase classname="tests.test_b" name="test_unknown"/>
        </testsuite></testsuites>"""
    )
    nodes = ["::ATest::test_one", "::test_two[a.b/c]", "::test_three", "::test_four"]
    ids = [f"tests/test_a.py{node}" for node in nodes]
    heard = Heard(tmp_path / "events", lambda name, outcome: None, ids)
    for name, outcome in junit.read(tmp_path / "report"):
        heard.stop(name, outcome)
    assert heard.outcomes == {
        ids[0]: Outcome(Status.PASSED, 0.5),
        ids[1]: Outcome(Status.FAILED, 0.0, "long\n        why"),
        ids[2]: Outcome(Status.SKIPPED, 0.0, "later"),
        ids[3]: Outcome(Status.FAILED, 0.0, "no"),
    }
    (tmp_path / "report").write_text("<testsuites><testcase")
    assert not list(junit.read(tmp_path / "report"))
    assert not list(junit.read(tmp_path / "none"))


def test_a_store_gives_back_what_it_was_given_and_survives_damage(tmp_path):
    path = tmp_path / "state/results.sqlite"
    result = Result(Outcome(Status.FAILED, 2.5, "why\x00\ud800"), {3: 1}, {4: 2}, ("a.py",))
    skipped = Result(Outcome(Status.SKIPPED, 0.5))
    store = Store(path)
    store.keep("root", "key", {"one": result, "two": skipped})
    assert store.find("key", ["one", "two", "three"]) == {"one": result, "two": skipped}
    assert store.find("other", ["one"]) == {}
    assert store.durations("root") == {"one": 2.5}
    store.forget(["key"])
    assert store.find("key", ["one"]) == {}
    assert store.durations("root") == {"one": 2.5}
    store.close()
    path.write_bytes(b"no database" * 100)
    again = Store(path)
    assert again.durations("root") == {}
    again.close()
