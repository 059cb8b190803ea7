"""The tutorial on a team's own rule, typed word by word, and the examples of the API's page."""

import os
import re
import runpy
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from conftest import module

TOP = Path(__file__).resolve().parents[1]
TUTORIAL = (TOP / "docs" / "your-teams-rule.md").read_text()
PAGE = (TOP / "docs" / "api.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", TUTORIAL, re.MULTILINE | re.DOTALL)
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What each block of the page prints, in an environment that has what this one has."""
    folder = tmp_path_factory.mktemp("tutorial")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    (packages,) = folder.glob("venv/lib/python*/site-packages")
    around = {str(TOP / "src"), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "around.pth").write_text("\n".join(around))
    scripts = folder / "venv" / "bin"
    pip = f'{sys.executable} -m pip --python {scripts / "python"} "$1" --no-deps --no-index'
    for name, line in (
        ("fixtests", f'exec {scripts / "python"} -m fixtests "$@"'),
        ("pip", f'command="$1" && shift && exec {pip.replace("$1", "$command")}'
         ' --no-build-isolation --disable-pip-version-check "$@"'),
    ):  # fmt: skip
        (scripts / name).write_text(f"#!/bin/sh\n{line}\n")
        (scripts / name).chmod(0o755)
    here = folder / "shop"
    here.mkdir()
    state = {f"FIXTESTS_{kind}_DIR": str(folder / kind) for kind in ("CACHE", "STATE")}
    env = {name: it for name, it in os.environ.items() if name != "PYTHONPATH"}
    path = f"{scripts}{os.pathsep}{env['PATH']}"
    found = []
    for block in BLOCKS:
        done = subprocess.run(
            ["/bin/sh", "-ec", block],
            cwd=here,
            env={**env, **state, "PATH": path},
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        found.append(done)
    return found


def test_each_command_of_the_tutorial_does_what_it_says(said):
    _, begun, _, _, _, tested, used, joined = said
    assert 'TM = "tm_rules"' in begun.stdout
    assert re.search(r"\d\d passed", tested.stdout)
    page, found = used.stdout, used.stdout.partition("# TM101 flavor-size")[2]
    assert "It comes with tm-rules 0.1.0." in page
    assert "-        flavor = self.flavor('small', 1)" in page
    assert "TM101 [*] the size is a number" in found
    assert "make it a text where it is bound" in found
    assert found.count("+        flavor = self.flavor('small', '1')") == 3
    assert "1 finding: 1 fixed." in used.stderr
    assert "Took back run" in used.stderr
    assert "1 fix: 1 proved." in used.stderr, used.stdout + used.stderr
    assert "tm-rules/tm_rules/flavor_name/rule.py" in joined.stdout


@pytest.fixture
def here(tmp_path, monkeypatch):
    tree = tmp_path / "tree"
    (tree / "tests").mkdir(parents=True)
    (tree / "fixtests.toml").write_text('root = true\nprofile = "unittest"\n')
    (tree / "wrong.toml").write_text("sellect = []\n")
    (tree / "tests" / "test_one.py").write_bytes(module())
    monkeypatch.setenv("FIXTESTS_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, r"test_one\.py:7:\d*: FT101 .*\ndiff --git [\s\S]*\n1 \{\}\n$|test_one\.py:7: FT101 "),
        (1, r"wrong\.toml:1\n$"),
    ],
)
def test_examples_of_programs_do_what_the_page_says(number, said, here, capsys):
    (here / "example.py").write_text(EXAMPLES[number])
    runpy.run_path(str(here / "example.py"))
    assert re.search(said, capsys.readouterr().out)


def test_other_examples_are_those_that_new_packages_have():
    rule, tests, stand_ins = EXAMPLES[2:]
    compile(rule, "rule.py", "exec")
    compile(stand_ins, "stand_ins.py", "exec")
    from fixtests.testing import skeleton

    written = skeleton.files("no-print", "TM101")["tm-rules/tests/test_rules.py"]
    assert written.partition("import pytest")[2] == tests.partition("import pytest")[2]
