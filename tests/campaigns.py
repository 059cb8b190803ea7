"""Clones to work on, and what a campaign over them did."""

import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from conftest import fixtests, git, module

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


def make_clones(folder):
    """Make two clones, a folder that is none, and a campaign over all three."""
    make_clone(folder / "one")
    make_clone(folder / "two")
    (folder / "three/tests").mkdir(parents=True)
    (folder / "three/tests/test_one.py").write_bytes(module())
    (folder / "campaign.toml").write_text(RECIPE)


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


def start(folder, *options, recipe=RECIPE, tool=("-m", "fixtests")):
    """Start a campaign in a folder and return it when it waits in the clone `two`."""
    (folder / "waiting.py").write_text(WAITING)
    (folder / "campaign.toml").write_text(
        recipe.replace('select = ["FT101"]', 'script = "waiting.py"')
    )
    (folder / "hold").touch()
    started = subprocess.Popen(
        [sys.executable, *tool, "campaign", "campaign.toml", *options],
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
