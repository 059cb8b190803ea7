"""What came of tests, kept so that a run that was killed goes on where it stood.

A result is that of one test in a tree with some changed files: whichever way the tests of a trial
were divided, what is known of it is found again.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fixtests.verify.trial import Outcome, Status

KEPT = 7 * 24 * 3600.0  # seconds after which a result says nothing any more
REMEMBERED = 90 * 24 * 3600.0  # seconds that it is known how long a test took
SIZE = 200_000_000  # bytes of all that is known; the oldest half goes where it is more
WASTE = 10_000_000  # bytes of the file without use, above which it is made anew
WAIT = 30.0  # seconds for another process to finish writing
TABLES = """
create table if not exists results (
    key text, test text, result text, at real, primary key (key, test)
) without rowid;
create table if not exists took (
    root text, test text, seconds real, at real, primary key (root, test)
) without rowid;
drop table if exists durations;
"""
OLDER_HALF = """
delete from results where at <= (
    select at from results order by at limit 1 offset (select count(*) / 2 from results)
)
"""


@dataclass(frozen=True)
class Result:
    """What came of one test.

    `hits` are how often it ran which mark, `shared` how often a mark ran for no test, as when
    modules are loaded, `loaded` the changed files that were loaded from the copy.
    """

    outcome: Outcome
    hits: Mapping[int, int] = field(default_factory=dict)
    shared: Mapping[int, int] = field(default_factory=dict)
    loaded: tuple[str, ...] = ()


class Store:
    """A database in the state folder, which several threads and processes use."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        try:
            self._database = _opened(path)
        except sqlite3.DatabaseError:  # what it held can be found out again
            path.unlink(missing_ok=True)
            self._database = _opened(path)

    def find(self, key: str, tests: Iterable[str]) -> dict[str, Result]:
        """Return what is known of some tests."""
        with self._lock:
            rows = self._database.execute(
                "select test, result from results where key = ?", (key,)
            ).fetchall()
        wanted = set(tests)
        return {test: _read(text) for test, text in rows if test in wanted}

    def keep(self, root: str, key: str, results: Mapping[str, Result]) -> None:
        """Keep results, by test, and how long the tests took that ran to their end."""
        now = time.time()
        rows = [(key, test, _written(it), now) for test, it in results.items()]
        took = [
            (root, test, it.outcome.seconds, now)
            for test, it in results.items()
            if it.outcome.status in (Status.PASSED, Status.FAILED)
        ]
        with self._lock, self._database:
            self._database.executemany("insert or replace into results values (?,?,?,?)", rows)
            self._database.executemany("insert or replace into took values (?,?,?,?)", took)

    def durations(self, root: str) -> dict[str, float]:
        """Return how many seconds tests of a tree took when they ran last."""
        with self._lock:
            found = self._database.execute(
                "select test, seconds from took where root = ?", (root,)
            ).fetchall()
        return dict(found)

    def forget(self, keys: Iterable[str]) -> None:
        """Forget results: what they were needed for has come to its end."""
        with self._lock, self._database:
            rows = [(key,) for key in keys]
            self._database.executemany("delete from results where key = ?", rows)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=WAIT, check_same_thread=False)
    try:
        database.execute("pragma journal_mode = wal")
        database.executescript(TABLES)
        _bound(database)
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _bound(database: sqlite3.Connection) -> None:
    """Let go of what is too old or too much."""
    now = time.time()
    with database:
        database.execute("delete from results where at < ?", (now - KEPT,))
        database.execute("delete from took where at < ?", (now - REMEMBERED,))
        while _used(database) > SIZE and database.execute(OLDER_HALF).rowcount > 0:
            pass
    if _sized(database, "freelist_count") > WASTE:
        with contextlib.suppress(sqlite3.OperationalError):  # another process reads it
            database.execute("vacuum")


def _used(database: sqlite3.Connection) -> int:
    return _sized(database, "page_count") - _sized(database, "freelist_count")


def _sized(database: sqlite3.Connection, pages: str) -> int:
    """Return how many bytes some pages of a database take."""
    ((count,),) = database.execute(f"pragma {pages}")
    ((size,),) = database.execute("pragma page_size")
    return int(count) * int(size)


def held(path: Path) -> tuple[int, int]:
    """Return how many results a store holds, and how many bytes its files have more than without.

    Raises OSError, and sqlite3.DatabaseError where it is none.
    """
    if not path.exists():
        return 0, 0
    size = sum(item.stat().st_size for item in path.parent.glob(f"{path.name}*"))
    with contextlib.closing(sqlite3.connect(path, timeout=WAIT)) as database:
        tables = database.execute("select name from sqlite_master where type = 'table'").fetchall()
        counts = [database.execute(f"select count(*) from {it}").fetchone() for (it,) in tables]
        known = sum(count for (count,) in counts)
    with contextlib.closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(TABLES)
        return known, size - _sized(empty, "page_count") if known else 0


def clear(path: Path) -> None:
    """Forget all that a store holds. Raises sqlite3.DatabaseError."""
    with contextlib.closing(_opened(path)) as database:
        with database:
            database.execute("delete from results")
            database.execute("delete from took")
        database.execute("vacuum")
        database.execute("pragma wal_checkpoint(truncate)")


def _written(result: Result) -> str:
    outcome = result.outcome
    said = (outcome.status, outcome.seconds, outcome.tail)
    return json.dumps([*said, dict(result.hits), dict(result.shared), result.loaded])


def _read(text: str) -> Result:
    status, seconds, tail, hits, shared, loaded = json.loads(text)
    outcome = Outcome(Status(status), seconds, tail)
    return Result(outcome, _numbered(hits), _numbered(shared), tuple(loaded))


def _numbered(hits: Mapping[str, int]) -> dict[int, int]:
    return {int(mark): times for mark, times in hits.items()}
