"""The user's tree itself instead of copies of it, for tests that run nowhere else.

Only what a trial changes is put back; what tests leave behind is there as if the user had run them.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from fixtests.model import digest
from fixtests.verify.copies import Files
from fixtests.write import loans
from fixtests.write.record import Change


class InPlace:
    """A tree in which files hold something else while tests run; see `write/loans.py`.

    Whoever makes it is the only one that writes (`writer.alone`) until it is not needed any more.
    """

    def __init__(self, root: Path) -> None:
        self.source = self.root = root
        files = Files(root)
        self.digest: Callable[[], str] = files.digest
        self._before = {
            name: digest((root / name).read_bytes()) for name in files.looks if files.is_file(name)
        }
        self._stamps = itertools.count(files.newest + 1)

    @contextlib.contextmanager
    def changed(self, files: Mapping[str, bytes]) -> Iterator[None]:
        """Have some files hold something else as long as the block runs.

        Raises loans.LoanError where one is not what it was when this was made, or is changed by
        somebody else meanwhile, and JournalError.
        """
        changes = [
            Change(
                self.root / name,
                self.root,
                self._before.get(name),
                digest(content),
                partial(bytes, content),
            )
            for name, content in files.items()
        ]
        with loans.lent(changes, next(self._stamps)):
            yield
