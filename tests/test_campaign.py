"""One recipe over several clones: each has its series, and what is done is not done again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from conftest import A_UUID, fixtests, git, module

ANOTHER = "0b5a1f8e-2d7c-4e0a-8f43-6a9d1c2b3e4f"
RECIPE = '[campaign]\nrepositories = ["one", "two", "three"]\nselect = ["FT101"]\n'
LONGEST = 60  # seconds until something is seen that has to come
# A script of ours: in the clone `two`, it says that it is there and waits to be let go on.
WAITING = '''"""Name literal UUIDs, and wait where a test says so."""

import time
from pathlib import Path

from fixtests.migrate.selection import Rules

RULES = Rules(select=("FT101",))
if Path.cwd().name == "two" and Path("../hold").exists():
    Path("../reached").touch()
    while Path("../hold").exists():
        time.sleep(0.02)
'''


def make_clone(folder, files=("tests/test_one.py",)):
    """Make a repository with one finding in each of some files."""
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(module())
    git(folder, "init", "-q", "-b", "master")
    git(folder, "config", "user.name", "A Tester")
    git(folder, "config", "user.email", "tester@example.org")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")


@pytest.fixture
def clones(tmp_path):
    """A folder with two clones, a folder that is none, and a campaign over all three."""
    make_clone(tmp_path / "one")
    make_clone(tmp_path / "two")
    (tmp_path / "three/tests").mkdir(parents=True)
    (tmp_path / "three/tests/test_one.py").write_bytes(module())
    (tmp_path / "campaign.toml").write_text(RECIPE)
    return tmp_path


@pytest.fixture
def clone(tmp_path):
    """A clone by itself, with a campaign over it."""
    make_clone(tmp_path / "one", ("api/test_one.py", "db/test_two.py"))
    (tmp_path / "campaign.toml").write_text(RECIPE.replace(', "two", "three"', ""))
    return tmp_path / "one"


def campaign(folder, *options, env=None):
    """Run the campaign of a folder; return its answer, with its table as data."""
    answer = fixtests(
        "campaign", "campaign.toml", "--output-format", "json", *options, folder=folder, env=env
    )
    rows = json.loads(answer.out) if answer.out else []
    return answer, {row["repository"]: row for row in rows}


def outcomes(rows):
    return {name: row["outcome"] for name, row in rows.items()}


def begun(answer):
    """Return the clones that something was done in."""
    lines = answer.err.splitlines()
    return [line.split()[1].rstrip(":") for line in lines if line.endswith(": begun")]


def subjects(clone, branch="fixtests"):
    answer = git(clone, "log", "--no-merges", "--format=%s", f"master..{branch}")
    return sorted(answer.decode().splitlines())


def tip(clone, branch="fixtests"):
    return git(clone, "rev-parse", branch).decode().strip()


def branches(clone):
    return git(clone, "for-each-ref", "--format=%(refname:short)", "refs/heads").decode().split()


def await_that(holds):
    end = time.monotonic() + LONGEST
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def start(folder, recipe=RECIPE):
    """Start a campaign in a folder and return it when it waits in the clone `two`."""
    (folder / "waiting.py").write_text(WAITING)
    (folder / "campaign.toml").write_text(
        recipe.replace('select = ["FT101"]', 'script = "waiting.py"')
    )
    (folder / "hold").touch()
    started = subprocess.Popen(
        [sys.executable, "-m", "fixtests", "campaign", "campaign.toml"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    await_that(lambda: (folder / "reached").exists() or started.poll() is not None)
    assert started.poll() is None, started.communicate()
    return started


def processes(folder):
    """Return the command lines of processes that are at work in the clones of a folder."""
    found = []
    for item in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = item.read_bytes().split(b"\0")
            here = item.with_name("cwd").readlink()
            if b"fixtests" in words and here.is_relative_to(folder) and here != folder:
                found.append(words)
    return found


def test_killed_campaign_goes_on_and_only_what_failed_is_done_again(clones):
    started = start(clones)
    assert processes(clones)
    second = fixtests("campaign", "campaign.toml", folder=clones)
    assert second.code == 2
    assert "this campaign is running already" in second.err
    started.kill()
    started.communicate()
    await_that(lambda: not processes(clones))
    assert branches(clones / "one") == ["fixtests-waiting", "master"]
    assert branches(clones / "two") == ["master"]
    stood = tip(clones / "one", "fixtests-waiting")
    (clones / "hold").unlink()

    answer, rows = campaign(clones)
    assert answer.code == 1, answer.err
    assert outcomes(rows) == {"one": "as before", "two": "done", "three": "failed"}
    assert begun(answer) == ["two"]
    assert f"error: three: {clones}/three: is no clone of git; clone it there" in answer.err
    assert tip(clones / "one", "fixtests-waiting") == stood
    assert subjects(clones / "two", "fixtests-waiting") == ["Name literal UUIDs in tests"]

    make_clone(clones / "three")
    answer, rows = campaign(clones)
    assert answer.code == 0, answer.err
    assert outcomes(rows) == {"one": "as before", "two": "as before", "three": "done"}
    assert begun(answer) == ["three"]


def test_interrupted_campaign_leaves_no_process(clones):
    started = start(clones, RECIPE.replace('"one", ', ""))
    started.send_signal(signal.SIGINT)
    _, said = started.communicate()
    assert started.returncode == 130, said
    assert not processes(clones)
    assert branches(clones / "two") == ["master"]


def test_table_says_what_came_of_each_clone(clone):
    (clone.parent / "campaign.toml").write_text(RECIPE.replace('"two", ', ""))
    answer = fixtests("campaign", "campaign.toml", folder=clone.parent)
    assert answer.code == 1, answer.err
    heading, one, three = (line.split() for line in answer.text.splitlines())
    numbers = ["new", "commits", "files", "fixes", "left"]
    assert heading == ["repository", "outcome", *numbers, "seconds", "branch"]
    assert one[:7] == ["one", "done", "2", "2", "2", "2", "0"]
    assert one[8:] == ["fixtests"]
    assert three == ["three", "failed", *"-------"]


def test_clone_whose_head_moved_is_done_anew_with_the_same_ids(clone, state_dir):
    _, rows = campaign(clone.parent)
    assert (rows["one"]["tip"], rows["one"]["new"]) == (tip(clone), 2)
    said = ("log", "--no-merges", "-1", "--format=%B", "--grep", "in api", "fixtests")
    before = git(clone, *said)
    (clone / "api/test_three.py").write_bytes(module(ANOTHER))
    git(clone, "add", ".")
    git(clone, "commit", "-qm", "more")
    shutil.rmtree(state_dir / "campaigns")  # as if it had been killed before it took note
    answer, rows = campaign(clone.parent)
    assert answer.code == 0, answer.err
    row = rows["one"]
    assert (row["outcome"], row["new"], row["commits"]) == ("done", 1, 2)
    after = git(clone, *said)
    assert b"Change-Id: " in after
    assert (before != after, before.split()[-1]) == (True, after.split()[-1])
    report = json.loads(Path(row["report"]).read_text())
    assert sorted(item["subject"] for item in report["commits"]) == subjects(clone)
    assert "Name literal UUIDs in db [as before]" in Path(row["log"]).read_text()


def test_clone_is_done_again_where_anything_that_it_depends_on_has_changed(clone):
    folder, file = clone.parent, clone.parent / "campaign.toml"
    assert outcomes(campaign(folder)[1]) == {"one": "done"}
    (clone / "notes.txt").write_text("mine")
    (clone / "fixtests.toml").write_text('[commit]\nsplit = ["rule"]\n')
    rows = campaign(folder)[1]
    assert (outcomes(rows), rows["one"]["commits"]) == ({"one": "done"}, 1)
    (clone / "notes.txt").write_text("mine, too")
    assert outcomes(campaign(folder)[1]) == {"one": "as before"}
    git(clone, "branch", "-D", "fixtests")
    assert outcomes(campaign(folder)[1]) == {"one": "done"}
    file.write_text(f'{file.read_text()}split = ["rule", "directory"]\n')
    rows = campaign(folder)[1]
    assert (outcomes(rows), rows["one"]["commits"]) == ({"one": "done"}, 2)


def test_series_that_was_made_otherwise_is_left(clone):
    fixtests("commit", "--select", "FT101", "api", folder=clone)
    stood = tip(clone)
    answer, rows = campaign(clone.parent)
    assert (answer.code, outcomes(rows)) == (1, {"one": "failed"})
    assert "one: the branch fixtests was not made by this campaign; rename it" in answer.err
    assert begun(answer) == []
    assert tip(clone) == stood


def test_file_that_does_not_parse_fails_and_its_clone_does_not(clone):
    (clone / "db/test_bad.py").write_text(f"def test_one(self:\n    x('{A_UUID}')\n")
    git(clone, "add", ".")
    git(clone, "commit", "-qm", "bad")
    answer, rows = campaign(clone.parent)
    assert (answer.code, outcomes(rows)) == (1, {"one": "done"})
    assert (rows["one"]["commits"], rows["one"]["failed"]) == (2, 1)
    report = Path(rows["one"]["report"])
    assert f"error: one: 1 file failed, which {report} names" in answer.err
    assert list(json.loads(report.read_text())["failed"]) == [str(clone / "db/test_bad.py")]
    answer, rows = campaign(clone.parent)
    assert (answer.code, outcomes(rows), begun(answer)) == (1, {"one": "as before"}, [])


def test_configuration_that_cannot_be_used_fails_its_clone(clone):
    (clone / "fixtests.toml").write_text("selct = []\n")
    answer, rows = campaign(clone.parent)
    assert (answer.code, outcomes(rows)) == (1, {"one": "failed"})
    assert "fixtests.toml:1: unknown key 'selct'" in rows["one"]["why"]
    assert rows["one"]["log"] in rows["one"]["why"]
    assert begun(campaign(clone.parent)[0]) == ["one"]


def test_modules_of_a_clone_are_not_loaded_and_the_tool_is_found_from_anywhere(clone):
    for name in ("click", "json"):
        (clone / f"{name}.py").write_text("raise SystemExit('loaded')\n")
    source = Path(sys.modules["fixtests"].__file__).parents[1]
    env = {**os.environ, "PYTHONPATH": os.path.relpath(source, clone.parent)}
    answer, rows = campaign(clone.parent, env=env)
    assert (answer.code, outcomes(rows)) == (0, {"one": "done"}), answer.err


def test_jobs_are_done_at_the_same_time_and_clones_may_have_one_name_and_own_paths(tmp_path):
    for place in ("a", "b"):
        make_clone(tmp_path / place / "lib", ("api/test_one.py", "db/test_two.py"))
    (tmp_path / "meeting.py").write_text(
        WAITING.partition("if Path")[0]
        + "(Path.cwd().parent / 'came').touch()\n"
        + f"end = time.monotonic() + {LONGEST}\n"
        + "while not all(Path(f'../../{it}/came').exists() for it in 'ab'):\n"
        + "    assert time.monotonic() < end\n"
        + "    time.sleep(0.02)\n"
    )
    (tmp_path / "campaign.toml").write_text(
        '[campaign]\nrepositories = ["a/lib"]\nscript = "meeting.py"\nreports = "reports"\n'
        'branch = "uuids"\n\n[[repository]]\npath = "b/lib"\npaths = ["db"]\n'
    )
    answer, rows = campaign(tmp_path, "--jobs", "2")
    assert answer.code == 0, answer.err
    assert subjects(tmp_path / "a/lib", "uuids") == [
        "Name literal UUIDs in api",
        "Name literal UUIDs in db",
    ]
    assert subjects(tmp_path / "b/lib", "uuids") == ["Name literal UUIDs in db"]
    places = {row[name] for row in rows.values() for name in ("report", "log")}
    assert {Path(item).parent for item in places} == {tmp_path / "reports"}
    assert len(list((tmp_path / "reports").iterdir())) == len(places) == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[campain]\n", "campaign.toml:1: unknown key 'campain'; did you mean 'campaign'?"),
        ("[campaign]\n", "campaign.toml:1: there are no clones; name them in repositories, or"),
        (RECIPE + 'selct = ["FT101"]\n', "campaign.toml:4: unknown key 'campaign.selct'"),
        (RECIPE.replace("FT101", "FT999"), "campaign.toml:3: campaign.select holds an unknown"),
        (RECIPE.replace('"three"', '"./one"'), "campaign.toml:2: ./one and one are the same"),
        (RECIPE + 'script = "s"\n', "campaign.toml:3: script says what is fixed; leave select"),
        (RECIPE + "max-files = 0\n", "campaign.toml:4: campaign.max-files must be above 0"),
        (RECIPE + 'split = ["line"]\n', "campaign.toml:4: campaign.split[0] is 'line'; valid"),
        (RECIPE + 'paths = ["../two"]\n', "campaign.toml:4: campaign.paths must name files and"),
        (RECIPE + 'verify-command = "tox"\n', "campaign.toml:4: verify-command says how tests"),
        (RECIPE + 'config = "c.toml"\n', "c.toml is no file; correct its path"),
        (RECIPE + "[[repository]]\n", "campaign.toml:4: repository[0] lacks the key 'path'"),
        ("[campaign\n", "campaign.toml:1: is not valid TOML"),
    ],
)
def test_recipe_that_cannot_be_used_is_refused_with_its_line(text, said, tmp_path):
    (tmp_path / "campaign.toml").write_text(text)
    answer, _ = campaign(tmp_path)
    assert (answer.code, answer.out) == (2, b"")
    assert said in answer.err


def test_path_that_leads_out_of_a_clone_by_a_link_fails_it(clone):
    make_clone(clone.parent / "two")
    (clone / "elsewhere").symlink_to("../two/tests")
    file = clone.parent / "campaign.toml"
    file.write_text(f'{file.read_text()}paths = ["elsewhere"]\n')
    _, rows = campaign(clone.parent)
    assert "one/elsewhere: leads out of the clone" in rows["one"]["why"]
    assert branches(clone.parent / "two") == ["master"]
