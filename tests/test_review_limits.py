"""Reviews that are odd or hostile: read in a time that grows with them alone, up to a limit."""

import gc
import json
import os
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import fixtests, topics
from fixtests.cli import main as cli
from fixtests.review import claims, reading
from fixtests.review.reading import ReviewError
from fixtests.review.rows import Rows
from fixtests.text.source import Source

NINES = "9" * 5_000  # more digits than Python makes a number of


def verdicts(answer):
    lines = answer.text.partition("\ndiff --git")[0].splitlines()
    return [line.strip() for line in lines if line[:2] == "  " and line[2:3] != " "]


def review(tree, text, name="review.md"):
    (tree.parent / name).write_text(text)
    return fixtests("review", tree.parent / name, "tests", folder=tree)


def poured(tree, content, *arguments, name="/dev/stdin"):
    """Review what comes through a pipe, as in `tool | fixtests review /dev/stdin tests`."""
    command = [sys.executable, "-m", "fixtests", "review", name, *arguments]
    return subprocess.run(
        command, cwd=tree, input=content, capture_output=True, check=False, timeout=120
    )


def sarif(*results, rules=()):
    return json.dumps({"runs": [{"tool": {"driver": {"rules": rules}}, "results": results}]})


SIZE = 50_000  # bytes of a line
LONG = "each takes a second; one of them is with the other tests"


@pytest.mark.parametrize(
    "unit",
    [
        "1-",
        *(
            pytest.param(unit, marks=pytest.mark.slow(LONG))
            for unit in ("_", "a", ".", "é", "0", "/", "-", "a.", "a/", "6f0c3a2e-")
        ),
    ],
)
def test_line_without_end_is_read_through(tree, unit):
    line = unit * (SIZE // len(unit))
    said = review(tree, f"1. literal UUID: {line}\n2. Hard-coded UUID\n")
    assert verdicts(said) == ["fixed", "fixed"]


def test_what_a_tool_says_of_a_rule_is_read_once_and_not_for_each_result(tree):
    rule = {"id": "S1", "fullDescription": {"text": "a hard-coded UUID; " * 10_000}}
    said = review(tree, sarif(*[{"ruleIndex": 0}] * 10_000, rules=[rule]), "scan.sarif")
    assert verdicts(said) == ["fixed"] * 10_000


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"- literal UUID in line {NINES}, {NINES}-{NINES} and test_one.py:{NINES}", "review.md"),
        (f'[{{"message": "literal UUID", "location": {{"row": {NINES}}}}}]', "own.json"),
        (sarif({"message": {"text": "literal UUID"}, "taxa": [{"id": NINES}]}), "taxa.sarif"),
        ('[{"message": "literal UUID", "location": {"row": 1}, "end_location": '
         '{"row": 900000000}}]', "rows.json"),
        (sarif({"message": {"text": "literal UUID"}, "ruleId": [1], "rule": {"id": {}}},
               rules=[{"id": [2]}]), "names.sarif"),
        (sarif({"message": {"text": "literal UUID"}, "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": "http://["}}}]}), "uri.sarif"),
    ],
    ids=["digits", "digits-json", "digits-sarif", "rows", "names", "uri"],
)  # fmt: skip
def test_odd_values_are_answered_like_others(tree, text, name):
    said = review(tree, text, name)
    assert "Traceback" not in said.err
    assert verdicts(said) == ["fixed"]


@pytest.mark.parametrize(
    ("name", "size", "limit"),
    [("review.md", 100_000_000, "2,000,000"), ("scan.sarif", 30_000_001, "30,000,000")],
)
def test_review_that_is_too_large_is_refused_with_its_size(tree, name, size, limit):
    (tree / name).touch()
    os.truncate(tree / name, size)
    said = fixtests("review", name, "tests", folder=tree)
    assert (said.code, said.out) == (2, b"")
    assert f"{name}: reviews are read up to {limit} bytes, and this one has {size:,}" in said.err
    assert "divide it" in said.err


def test_nothing_of_a_file_that_is_too_large_is_read_but_its_beginning(tmp_path, monkeypatch):
    path = tmp_path / "scan.json"
    path.write_bytes(b"[")
    os.truncate(path, 100_000_000)
    taken = []
    usual = os.read

    def noted(handle, size):
        taken.append(size)
        return usual(handle, size)

    monkeypatch.setattr(os, "read", noted)
    with pytest.raises(ReviewError, match="100,000,000 bytes"):
        claims.load(path, topics())
    assert taken == [reading.CHUNK]


def test_scans_may_be_larger_than_prose(tmp_path):
    path = tmp_path / "scan.txt"
    path.write_text('[{"message": "literal UUID"}' + " " * reading.PROSE + "]")
    (claim,) = claims.load(path, topics()).claims
    assert claim.title == "literal UUID"


def test_review_with_too_many_findings_is_refused(tmp_path, monkeypatch):
    assert claims.MOST == 100_000
    monkeypatch.setattr(claims, "MOST", 1_000)
    path = tmp_path / "review.md"
    path.write_text("- a\n" * 1_000)
    assert len(claims.load(path, topics()).claims) == 1_000
    path.write_text("- a\n" * 1_001)
    with pytest.raises(ReviewError, match=r"review\.md: holds more than 1,000 findings; divide"):
        claims.load(path, topics())


@pytest.mark.parametrize("content", [b"1. literal UUID", b'[{"message": "literal UUID"}]'])
def test_review_comes_through_a_pipe(tree, content):
    said = poured(tree, content, "tests")
    assert (said.returncode, said.stderr) == (1, b"1 finding: 1 fixed.\n")
    assert b"\n  fixed\n" in said.stdout
    assert b"+VOLUME_ID = " in said.stdout


def test_review_is_what_standard_input_was_redirected_from(tree):
    (tree / "found").write_bytes(b"1. literal UUID")
    said = fixtests("review", "/dev/stdin", "tests", folder=tree, stdin=tree / "found")
    assert said.code == 1
    assert "\n  fixed\n" in said.text


VERIFIED = ("tests", "--write", "--verify", "--verify-command", "true {ids}")


def test_dash_is_the_standard_input_and_read_once(tree):
    (tree / "found").write_bytes(b"1. literal UUID")
    said = fixtests("review", "-", *VERIFIED, folder=tree, stdin=tree / "found")
    assert "1 finding: " in said.err, said.err
    assert "-:1: literal UUID" in said.text


def test_dash_is_a_pipe_and_read_once(tree):
    said = poured(tree, b"1. literal UUID", *VERIFIED, name="-")
    assert b"1 finding: " in said.stderr, said.stderr
    assert b"-:1: literal UUID" in said.stdout


def test_pipe_that_somebody_writes_to_is_read_to_its_end(tmp_path):
    path = tmp_path / "review.md"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=("- one\n- two\n",))
    writer.start()
    assert [item.title for item in claims.load(path, topics()).claims] == ["one", "two"]
    writer.join()


def test_pipe_without_end_is_read_up_to_the_limit(tree):
    said = poured(tree, b"- uuid\n" * 1_000_000, "tests")
    assert (said.returncode, said.stdout) == (2, b"")
    assert b"/dev/stdin: reviews are read up to 2,000,000 bytes, and this one has more" in (
        said.stderr
    )


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_device_is_no_review(tree, device):
    said = fixtests("review", device, "tests", folder=tree)
    assert said.code == 2
    assert f"error: {device}: " in said.err


def test_pipe_that_says_nothing_is_not_waited_for_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "SILENCE", 0.1)
    path = tmp_path / "review.md"
    os.mkfifo(path)
    handle = os.open(path, os.O_RDWR)
    try:
        with pytest.raises(ReviewError, match=r"nothing came for 0\.1 seconds; save"):
            claims.load(path, topics())
    finally:
        os.close(handle)


def test_lines_of_a_file_are_looked_at_once_and_not_for_each_finding(tree, monkeypatch, capsys):
    def looks(count):
        seen = []
        usual = Source.line
        with monkeypatch.context() as patched:
            patched.setattr(Source, "line", lambda self, row: seen.append(row) or usual(self, row))
            patched.setattr(sys, "argv", ["fixtests", "review", "review.md", "tests"])
            patched.setattr(gc, "disable", gc.enable)  # a run does, for it ends soon
            patched.chdir(tree)
            Path("review.md").write_text("- `test_attach()`, line 7: literal UUID\n" * count)
            assert cli.outcome() == 1
        return len(seen)

    assert looks(30) == looks(3)
    assert capsys.readouterr().out.count("\n  fixed\n") == 33


RANGES = st.lists(st.builds(lambda a, b: range(a, a + b), st.integers(-3, 60), st.integers(0, 9)))


@given(ranges=RANGES, first=st.integers(1, 70), more=st.integers(0, 5))
def test_rows_know_how_far_others_are_away(ranges, first, more):
    rows = {row for item in ranges for row in item if row > 0}
    found = Rows.of(ranges)
    assert {row for item in found.ranges for row in item} == rows
    assert all(one.stop < two.start for one, two in pairwise(found.ranges))
    last = first + more
    away = min((max(first - row, row - last, 0) for row in rows), default=None)
    assert found.away(first, last) == away
