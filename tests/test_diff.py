"""Diffs as other programs take them: git and patch give exactly the result, and the original back.

Many files go into one diff, so that few processes are started.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import git
from fixtests.model import Edit
from fixtests.text import diff, edits
from fixtests.text.source import Source
from generated import TIMES

MARK = b"\xef\xbb\xbf"
COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck)}
LINES = st.sampled_from(["a", "b", "", "é", "\t", "\f", "\r", "a\rb", "\fa", "\\ No", "-- a", "@@"])
ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])
NEW = st.sampled_from(["", "x", "\n", "x\n", "\nx", "y\r\n", "\r\nz", "\r", "\f\n", "x\ny\n", "é"])


@dataclass(frozen=True)
class Case:
    """A file before and after some edits; `created` where there was none before."""

    source: Source
    edits: tuple[Edit, ...]
    created: bool = False

    @property
    def old(self) -> bytes:
        return self.source.content

    @property
    def new(self) -> bytes:
        return self.source.encode(edits.apply(self.source.utf8, self.edits))

    def diff(self, name: str) -> bytes:
        return diff.unified(self.source, self.edits, name, created=self.created)


def case(old, *changes, encoding="utf-8", mark=b"", created=False):
    """Return a case of edits that are given as start, end and new text."""
    found = edits.ordered(Edit("f.py", *change) for change in changes)
    source = Source("f.py", mark + old.encode(encoding), encoding, mark, old.encode())
    return Case(source, found, created)


@st.composite
def texts(draw):
    """A text of a few lines with any line ends, the last one with or without its own."""
    count = draw(st.one_of(st.integers(0, 5), st.integers(0, 20)))
    end = draw(st.one_of(st.just("\n"), st.none()))
    text = "".join(draw(LINES) + (end or draw(ENDS)) for _ in range(count))
    return text + draw(st.sampled_from(["", "", "last", "\f", "last\r"]))


@st.composite
def cases(draw):
    """Edits of a generated text: anywhere, many of them at its end and at line starts."""
    text = draw(texts())
    if draw(st.integers(0, 9)) == 0:
        return case("", (0, 0, text), created=bool(text))
    ends = [len(text[:at].encode()) for at in range(len(text) + 1)]
    starts = [at for at in ends if at == 0 or text.encode()[at - 1 : at] == b"\n"]
    offsets = st.one_of(st.sampled_from(ends), st.sampled_from(starts), st.just(ends[-1]))
    points = sorted(draw(st.lists(offsets, max_size=8)))
    changes = [
        (start, end, draw(NEW)) for start, end in zip(points[::2], points[1::2], strict=False)
    ]
    encoding, mark = draw(st.sampled_from([*[("utf-8", b"")] * 3, ("utf-8", MARK), ("utf-7", b"")]))
    return case(text, *changes, encoding=encoding, mark=mark)


def laid_out(folder, contents):
    """Put files into a folder that holds nothing else; None is no file."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in contents.items():
        if content is not None:
            (folder / name).write_bytes(content)


def held(folder, names):
    """Return what files hold, None where there is none."""
    return {
        name: (folder / name).read_bytes() if (folder / name).exists() else None for name in names
    }


def patch(folder, *arguments, stdin):
    """Run patch without questions and without leftovers."""
    command = ["patch", "-p1", "--batch", "--no-backup-if-mismatch", "--fuzz=0", *arguments]
    done = subprocess.run(command, cwd=folder, input=stdin, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()


def by_git(folder, *arguments, stdin):
    git(folder, "apply", "--whitespace=nowarn", *arguments, stdin=stdin)


def there_and_back(folder, found, apply):
    """Apply the diff of some cases and take it back, comparing every byte."""
    named = {f"{number}.py": item for number, item in enumerate(found) if item.old != item.new}
    old = {name: None if item.created else item.old for name, item in named.items()}
    new = {name: item.new for name, item in named.items()}
    text = b"".join(item.diff(name) for name, item in named.items())
    if not text:
        assert not named
        return
    laid_out(folder, old)
    apply(folder, stdin=text)
    assert held(folder, named) == new
    apply(folder, "-R", stdin=text)
    assert held(folder, named) == old


HARD = [
    case("a\nlast", (6, 6, "\nappended\n")),
    case("a\nlast", (6, 6, "\nappended")),
    case("a\nlast\n", (7, 7, "appended")),
    case("a\nlast\n", (7, 7, "app"), (7, 7, "ended")),
    case("a\nlast", (6, 6, "ing"), (6, 6, "\n")),
    case("a\nlast\n", (6, 7, ""), (7, 7, "ing")),
    case("a\r\nlast", (7, 7, "\r\nappended\r\n")),
    case("", (0, 0, "a"), (0, 0, "b\n")),
    case("a", (0, 1, "")),
    case("a\nb\n", (0, 0, "x"), (0, 2, "")),
    case("", (0, 0, "a"), mark=MARK),
    case("", (0, 0, "a\nb"), created=True),
]


@pytest.fixture(params=[by_git, patch], ids=["git", "patch"])
def apply(request):
    """A program that applies diffs."""
    if request.param is patch and shutil.which("patch") is None:
        pytest.skip("patch is not installed; git alone says what it makes of the diffs")
    return request.param


def test_what_meets_at_the_end_of_a_line_or_of_the_file_goes_there_and_back(apply, tmp_path):
    there_and_back(tmp_path / "files", HARD, apply)


@settings(max_examples=40 * TIMES, **COMMON)
@given(found=st.lists(cases(), min_size=1, max_size=40))
def test_diffs_give_the_result_and_the_original_back(apply, found, tmp_path):
    there_and_back(tmp_path / "files", found, apply)


def hunks_of_git(folder, found):
    """Return the hunks that git shows between the files of each case, in order."""
    names = [f"{number:03}.py" for number in range(len(found))]
    laid_out(folder / "old", {name: item.old for name, item in zip(names, found, strict=True)})
    laid_out(folder / "new", {name: item.new for name, item in zip(names, found, strict=True)})
    done = subprocess.run(
        ["git", "diff", "--no-index", "--no-color", "--text", "old", "new"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    shown = dict.fromkeys(names, b"")
    for part in re.split(rb"^(?=diff --git )", done.stdout, flags=re.MULTILINE)[1:]:
        name = part.partition(b"\n")[0].rpartition(b"/")[2].decode()
        shown[name] = hunks(part)
    return [shown[name] for name in names]


def hunks(text):
    """Return a diff of one file from its first hunk on, without what git puts behind ranges."""
    body = re.split(rb"^(?=@@ )", text, maxsplit=1, flags=re.MULTILINE)[1:]
    return re.sub(rb"^(@@ [-+0-9, ]+ @@).*", rb"\1", b"".join(body), flags=re.MULTILINE)


@st.composite
def unmistakable(draw):
    """A case with one smallest diff: no line stands twice, and edits replace whole lines."""
    count = draw(st.integers(0, 30))
    old = [f"line {number}\n" for number in range(count)]
    if old and draw(st.booleans()):
        old[-1] = old[-1].rstrip()
    rows = sorted(draw(st.sets(st.integers(0, count), max_size=6)))
    offsets = [sum(map(len, old[:row])) for row in range(count + 1)]
    changes = []
    for row in rows:
        text = "".join(f"new {row} {at}\n" for at in range(draw(st.integers(0, 2))))
        cut = draw(st.integers(0, 1)) if row < count else 0
        last = row + cut == count
        if last and not cut and old and not old[-1].endswith("\n") and text:
            text = "\n" + text
        if last and draw(st.booleans()):
            text = text.rstrip("\n")
        changes.append((offsets[row], offsets[row + cut], text))
    return case("".join(old), *changes)


@settings(max_examples=20 * TIMES, **COMMON)
@given(found=st.lists(unmistakable(), min_size=1, max_size=40))
def test_hunks_are_those_that_git_shows(found, tmp_path):
    assert [hunks(item.diff("f.py")) for item in found] == hunks_of_git(tmp_path, found)


def test_last_line_without_its_end_is_taken_away_and_put_back():
    assert case("a\nlast", (6, 6, "\nappended\n")).diff("f.py").splitlines()[3:] == [
        b"@@ -1,2 +1,3 @@",
        b" a",
        b"-last",
        b"\\ No newline at end of file",
        b"+last",
        b"+appended",
    ]
