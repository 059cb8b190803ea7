"""Commands of the documentation, typed: what they print, and that each ends as its line expects."""

import re
import shlex
import subprocess

from conftest import fixtests

# A line that runs the tool, which is faster without a shell; or all lines up to the next one.
PART = re.compile(r"^fixtests\b.*\n|(?:^(?!fixtests\b).*\n)+", re.MULTILINE)
RUN = re.compile(r"fixtests(?P<words>[^|>&]*)(?:> (?P<file>\S+) ?)?(?P<one>\|\| test \$\? = 1)?\n")


def printed(block, folder):
    """Return what the commands of a block print; each has to end as the block expects."""
    return "".join(_run(part, folder) for part in PART.findall(block))


def _run(part, folder):
    if not re.match(r"fixtests\b", part):
        shell = ["/bin/sh", "-ec", part]
        done = subprocess.run(shell, cwd=folder, check=False, capture_output=True, text=True)
        assert done.returncode == 0, f"{part}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr
    run = RUN.fullmatch(part)
    assert run, f"no plain run of the tool: {part}"
    done = fixtests(*shlex.split(run["words"]), folder=folder)
    assert done.code == bool(run["one"]), f"{part}\n{done.text}{done.err}"
    if run["file"]:
        (folder / run["file"]).write_bytes(done.out)
        return done.err
    return done.text + done.err
