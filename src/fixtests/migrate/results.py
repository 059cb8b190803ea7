"""Files as migrations see them, and texts as results: edits, encodings, and what must hold.

LibCST and Bowler give back a whole text; the edits that lead to it are found
by comparing lines.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fixtests.files import discover
from fixtests.migrate import lines
from fixtests.model import Edit, FileResult, Status, digest
from fixtests.run.session import Session
from fixtests.syntax import lazy_parse
from fixtests.text import edits as arithmetic
from fixtests.text.source import Source, SourceError

LINE = re.compile(rb"[^\n]*\n|[^\n]+")
REMEDY = "make the script leave its own results alone, or accept this one with --once"


class Failure(Exception):  # noqa: N818 - it is an answer, not a fault
    """Why a migration cannot be carried out on a file."""


class Skip(Exception):  # noqa: N818 - it is an answer, not a fault
    """Why a script leaves a file out."""


@dataclass(frozen=True)
class Target:
    """One file that a migration is to work on."""

    source: Source
    root: Path

    @property
    def path(self) -> Path:
        """The file's absolute path."""
        return Path(self.source.path)

    @property
    def relative(self) -> Path:
        """The path from the root."""
        return self.path.relative_to(self.root)

    def of(self, text: str) -> Source:
        """Return the file's text as it would be. Raises Failure where that cannot be written."""
        try:
            return Source.decode(
                self.source.path, self.source.encode(text.encode("utf-8", "surrogatepass"))
            )
        except SourceError as error:
            raise Failure(f"the result would not do: {error}; correct the script") from None

    def unchanged(self, status: Status = Status.CLEAN, detail: str = "") -> FileResult:
        """Return the result of a file that stays as it is."""
        path = self.source.path
        return FileResult(path, self.source.digest, status, str(self.root), detail=detail)

    def changed(self, text: str) -> FileResult:
        """Return the result of a file that is to hold a text, CLEAN where it does.

        Raises Failure where the text does not parse or cannot be encoded.
        """
        source = self.source
        if text == source.text:
            return self.unchanged()
        utf8 = text.encode("utf-8", "surrogatepass")
        try:
            after = source.encode(utf8)
            again = Source.decode(source.path, after)
            again.parse()
        except SourceError as error:
            raise Failure(f"the result would not do: {error}; correct the script") from None
        if again.utf8 != utf8:
            raise Failure("the result has another encoding cookie; correct the script")
        changes = tuple(_edits(source, utf8))
        if arithmetic.apply(source.utf8, changes) != utf8:
            raise Failure("the edits do not give the result; please report this")
        return FileResult(
            source.path,
            source.digest,
            Status.CHANGED,
            str(self.root),
            edits=changes,
            result=digest(after),
        )


def unstable(text: str, again: str) -> str:
    """Return why a result is not taken that a second run would change, with the first place."""
    old, new = text.splitlines(), again.splitlines()
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))
    at = sum(1 for _ in same)
    line = old[at].strip() if at < len(old) else ""
    to = new[at].strip() if at < len(new) else ""
    return f"line {at + 1}: a second run would change `{line}` to `{to}`; {REMEDY}"


def read(
    session: Session, item: Path | discover.Missing, needles: Sequence[str] = ()
) -> Target | FileResult:
    """Read a file, or return its result where it failed, or lacks one of some texts.

    Raises UsageError.
    """
    if isinstance(item, discover.Missing):
        return FileResult(str(item.path), "", Status.FAILED, detail=item.reason)
    contents = session.request.contents
    try:
        content = contents[item] if item in contents else item.read_bytes()
        root = session.configuration.root(item.parent)
        source = Source.decode(str(item), content)
        if not all(needle.encode() in source.utf8 for needle in needles):
            for fault in lazy_parse.faults(lazy_parse.parse(source, ())):
                raise SourceError(fault)
            return FileResult(str(item), source.digest, Status.CLEAN, str(root))
        source.parse()
    except OSError as error:
        reason = f"cannot be read: {error.strerror}; check its permissions"
        return FileResult(str(item), "", Status.FAILED, detail=reason)
    except SourceError as error:
        return FileResult(str(item), "", Status.FAILED, detail=str(error))
    return Target(source, root)


def _edits(source: Source, utf8: bytes) -> Iterator[Edit]:
    """Yield the edits of whole lines that lead from a source to another text."""
    old, new = LINE.findall(source.utf8), LINE.findall(utf8)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    for equal, first, last, begin, end in lines.ranges(old, new):
        if not equal:
            content = b"".join(new[begin:end]).decode("utf-8", "surrogatepass")
            yield Edit(source.path, starts[first], starts[last], content)
