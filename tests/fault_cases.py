"""The cases of the fault suite: each kind yields, case by case, what was lost.

`every` says at which operations faults strike: 1 for each, 10 for each tenth.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterator
from itertools import product
from pathlib import Path
from random import Random

from faults import (
    NEXT,
    UNDO,
    WRITE,
    Ended,
    Fault,
    Tree,
    answered,
    exit_code,
    failing,
    is_whole,
    judged,
    kill,
    sent,
    settled,
    taken_back,
    written,
)
from fixtests.write import journal, staging

Cases = Iterator[list[str]]
Kind = Callable[[Path, int], Cases]
ATOMIC = (*WRITE, "--atomic")
EDITED = b"# edited by somebody else\n"
DAMAGES = (b"", b"{", b"[]", b'{"form": 1}', b'{"form": 9}', b'{"form": 1, "files": [1]}')
PAGE = 4096
CODES = {signal.SIGINT: 130}  # minus the signal for the others


def _numbers(tree: Tree, arguments: tuple[str, ...], every: int) -> range:
    """Return at which operations of a command faults strike, in the middle of each stride."""
    return range((every + 1) // 2, len(tree.run(*arguments).operations) + 1, every)


def _numbers_and_renames(
    tree: Tree, arguments: tuple[str, ...], every: int, turn: int
) -> list[int]:
    """Return at which operations saves strike: also where files are put in place.

    That is at each such operation where all are struck, else at every eighteenth one, from
    another one on in each turn.
    """
    done = [*enumerate(tree.run(*arguments).operations, 1)]
    names = tuple(f"{name} {tree.top}" for name in ("exchange", "replace", "link"))
    renames = [at for at, item in done if item.startswith(names)]
    some = renames if every == 1 else renames[4 * turn % 18 :: 18]
    return sorted({*some, *(at for at, _ in done if at % every == 1 % every)})


def _as_one(tree: Tree) -> list[str]:
    landed = tree.landed()
    return [] if landed in (0, len(tree.after)) else [f"--atomic, and {landed} files landed"]


def killed(folder: Path, every: int) -> Cases:
    """SIGKILL right before an operation."""
    tree = Tree(folder)
    for at in _numbers(tree, WRITE, every):
        tree.reset()
        ended = tree.run(*WRITE, fault=Fault(at, kill))
        yield judged(tree, ended, [-signal.SIGKILL], killed=True)


def killed_atomic(folder: Path, every: int) -> Cases:
    """SIGKILL right before an operation of a run that lands whole or not at all."""
    tree = Tree(folder)
    for at in _numbers(tree, ATOMIC, every):
        tree.reset()
        tree.run(*ATOMIC, fault=Fault(at, kill))
        losses = [*tree.torn(), *settled(tree), *_as_one(tree)]
        yield [*losses, *taken_back(tree)]


def signalled(folder: Path, every: int) -> Cases:
    """Ctrl-C, SIGTERM and SIGHUP right before an operation."""
    tree = Tree(folder)
    numbers = _numbers(tree, WRITE, every)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for at in numbers:
            tree.reset()
            ended = tree.run(*WRITE, fault=Fault(at, sent(number)))
            yield [*tree.unsettled(), *judged(tree, ended, [CODES.get(number, -number)])]


def ignored_hangup(folder: Path, every: int) -> Cases:
    """SIGHUP to a run that was started under `nohup`: it goes on."""
    tree = Tree(folder)
    for at in _numbers(tree, WRITE, every):
        tree.reset()
        fault = Fault(at, sent(signal.SIGHUP))
        ended = tree.run(*WRITE, fault=fault, prepare=_without_hangup)
        yield [*judged_whole(tree, ended), *taken_back(tree)]


def _without_hangup() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def judged_whole(tree: Tree, ended: Ended) -> list[str]:
    """Return what is wrong with a run that has to write everything."""
    losses = [] if ended.code == 0 and is_whole(tree) else [f"not all was written: {ended}"]
    return [*losses, *tree.unsettled()]


def failed(folder: Path, every: int) -> Cases:
    """One operation, or each from then on, fails as on a full or a broken disk."""
    tree = Tree(folder)
    numbers = _numbers(tree, WRITE, every)
    for lasting in (False, True):
        for number in (errno.ENOSPC, errno.EIO):
            for at in numbers:
                tree.reset()
                ended = tree.run(*WRITE, fault=Fault(at, failing(number), lasting))
                losses = exit_code(tree, ended, whole=is_whole(tree))
                yield [*losses, *judged(tree, ended, (0, 2))]


def failed_atomic(folder: Path, every: int) -> Cases:
    """One operation of a run that lands whole or not at all fails, or each from then on."""
    tree = Tree(folder)
    numbers = _numbers(tree, ATOMIC, every)
    for lasting in (False, True):
        for at in numbers:
            tree.reset()
            ended = tree.run(*ATOMIC, fault=Fault(at, failing(errno.ENOSPC), lasting))
            losses = [*exit_code(tree, ended, whole=is_whole(tree)), *tree.torn()]
            losses += [] if "the next command does that" in ended.text else _as_one(tree)
            losses += [*settled(tree), *_as_one(tree)]
            yield [*losses, *taken_back(tree)]


def undo_struck(folder: Path, every: int) -> Cases:
    """SIGKILL, Ctrl-C or a failing operation in the middle of taking a run back."""
    tree = Tree(folder)
    written(tree)
    numbers = _numbers(tree, UNDO, every)
    for action in (kill, sent(signal.SIGINT), failing(errno.ENOSPC)):
        for at in numbers:
            written(tree)
            ended = tree.run(*UNDO, fault=Fault(at, action))
            losses = tree.torn() if action is kill else answered(tree, ended)
            losses += [*settled(tree), *taken_back(tree)]
            again = tree.run(*UNDO)
            if again.code != 2 or "left to take back" not in again.text:
                losses.append(f"what was taken back is not noted: {again.text}")
            yield [*losses, *tree.changed()]


def _half(tree: Tree, *, staged: bool = True, before: int = 6) -> None:
    """Leave a tree as a run does that is killed before a rename; the 6th is amid those of a fix."""
    tree.put(f"half-{before}", lambda: _halve(tree, before))
    if not staged:
        for path in tree.top.rglob(".fixtests-*"):
            path.unlink()


def _halve(tree: Tree, before: int) -> None:
    tree.reset()
    landings = [
        at
        for at, item in enumerate(tree.run(*WRITE).operations, 1)
        if item.startswith((f"exchange {tree.top}", f"link {tree.top}")) and item.endswith(".tmp")
    ]
    tree.reset()
    tree.run(*WRITE, fault=Fault(landings[before], kill))


def recovery_struck(folder: Path, every: int) -> Cases:
    """SIGKILL, Ctrl-C or a failing operation while a killed run is finished or taken back."""
    tree = Tree(folder)
    for staged in (True, False):
        _half(tree, staged=staged)
        assert tree.halves()
        numbers = _numbers(tree, NEXT, every)
        for action in (kill, sent(signal.SIGINT), failing(errno.ENOSPC)):
            for at in numbers:
                _half(tree, staged=staged)
                ended = tree.run(*NEXT, fault=Fault(at, action))
                losses = [f"not an answer: {ended.text}"] if "Traceback" in ended.text else []
                yield [*losses, *tree.torn(), *settled(tree), *taken_back(tree)]


def edited_meanwhile(folder: Path, every: int) -> Cases:
    """A file is saved during the run, in place or by a rename; what was saved must survive it."""
    tree = Tree(folder)
    ways = ((_any, _save_into), (_any, _save_over), (_unable_to_exchange, _save_into))
    targets = (tree.groups[0][0], tree.groups[-1][2])
    for turn, ((system, save), target) in enumerate(product(ways, targets)):
        tree.reset()
        for at in _numbers_and_renames(tree, WRITE, every, turn):
            tree.reset()
            ended = tree.run(*WRITE, fault=Fault(at, save(target)), prepare=system)
            if len(ended.operations) < at:
                continue
            losses = [] if ended.code in (0, 2) else [f"exit code {ended.code}: {ended.text}"]
            losses += [*tree.unsettled(target), *settled(tree, target)]
            tree.run(*UNDO)
            yield [*losses, *tree.unsettled(target), *_kept(target)]


def edited_during_undo(folder: Path, every: int) -> Cases:
    """A file is saved while a run is taken back, also one that is to go."""
    tree = Tree(folder)
    targets = (tree.groups[0][0], tree.groups[-1][0])
    for turn, (save, target) in enumerate(product((_save_into, _save_over), targets)):
        written(tree)
        for at in _numbers_and_renames(tree, UNDO, every, turn):
            written(tree)
            ended = tree.run(*UNDO, fault=Fault(at, save(target)))
            losses = [] if ended.code in (0, 2) else [f"exit code {ended.code}: {ended.text}"]
            losses += [*tree.unsettled(target), *settled(tree, target)]
            yield [*losses, *_kept(target)]


def _any() -> None:
    """Leave the system as it is."""


def _unable_to_exchange() -> None:
    staging.exchange = lambda one, other: False


def _unable_to_link() -> None:
    _unable_to_exchange()
    os.link = failing(errno.EPERM)


def killed_elsewhere(folder: Path, every: int) -> Cases:
    """SIGKILL where the system knows no exchange of names, or no links."""
    tree = Tree(folder)
    for system in (_unable_to_exchange, _unable_to_link):
        tree.reset()
        for at in range(1, len(tree.run(*WRITE, prepare=system).operations) + 1, every):
            tree.reset()
            ended = tree.run(*WRITE, fault=Fault(at, kill), prepare=system)
            yield judged(tree, ended, [-signal.SIGKILL], killed=True)


def _save_into(target: Path) -> Callable[[], None]:
    return lambda: target.write_bytes(EDITED) and None


def _save_over(target: Path) -> Callable[[], None]:
    def save() -> None:
        new = target.with_name("new.txt")
        new.write_bytes(EDITED)
        new.replace(target)

    return save


def _kept(target: Path) -> list[str]:
    kept = target.exists() and target.read_bytes() == EDITED
    return [] if kept else [f"{target}: the edit is lost"]


def edited_after_kill(folder: Path, every: int) -> Cases:
    """A file of a half landed fix is edited before the next command: it is left, and said."""
    tree = Tree(folder)
    for staged in (True, False):
        for target in tree.groups[-1][::every]:
            _half(tree, staged=staged)
            target.write_bytes(EDITED)
            ended = tree.run(*NEXT)
            losses = [*tree.unsettled(target), *_kept(target)]
            name = target.relative_to(tree.top)
            if f"{name}: changed since then; left as it is" not in ended.text:
                losses.append(f"{target}: its edit is not told of: {ended.text}")
            yield losses
    tree.reset()
    staged = [item.partition(" ")[0] for item in tree.run(*WRITE).operations].index("chown")
    tree.reset()
    tree.run(*WRITE, fault=Fault(staged, kill))
    target = tree.groups[0][0]
    target.write_bytes(EDITED)
    losses = [*settled(tree, target), *_kept(target)]
    yield losses + [f"{path}: wrote nothing" for path in (tree.state / "runs").iterdir()]
    for target in tree.groups[-1][::every]:
        _half(tree, before=8)
        target.write_bytes(EDITED)
        tree.run(*NEXT)
        others = [path for path in tree.groups[-1] if path != target]
        losses = [f"{path}: taken back" for path in others if tree.now()[path] != tree.after[path]]
        yield [*losses, *tree.unsettled(target), *_kept(target)]


def killed_meanwhile(folder: Path, every: int) -> Cases:
    """A run was killed while this one waited to write: this one writes nothing over it."""
    tree = Tree(folder)
    for before in range(0, len(tree.after), every):
        _half(tree, before=before)
        half, aside = tree.now(), folder / "aside"
        for name in ("tree", "state"):
            shutil.copytree(folder / name, aside / name)
        tree.reset()
        ended = tree.run(*WRITE, fault=Fault(1, _copy(aside, folder)))
        shutil.rmtree(aside)
        losses = [] if ended.code == 2 else [f"exit code {ended.code}: {ended.text}"]
        losses += [] if "killed meanwhile" in ended.text else [f"no reason: {ended.text}"]
        losses += [] if tree.now() == half else ["a run wrote over what another had left"]
        yield [*losses, *settled(tree), *taken_back(tree)]


def _copy(source: Path, target: Path) -> Callable[[], None]:
    return lambda: shutil.copytree(source, target, dirs_exist_ok=True) and None


def killed_forgetting(folder: Path, every: int) -> Cases:
    """SIGKILL while the oldest runs are forgotten, which leaves the newest whole."""
    tree = Tree(folder)
    tree.run(*WRITE, "one")
    numbers = len(tree.run(*WRITE, prepare=_keep_one_run).operations)
    for at in range(numbers - 20, numbers, every):
        tree.reset()
        tree.run(*WRITE, "one")
        ended = tree.run(*WRITE, fault=Fault(at, kill), prepare=_keep_one_run)
        losses = [*tree.torn(), *settled(tree)]
        losses += [] if ended.code == -signal.SIGKILL else [f"exit code {ended.code}"]
        undone = tree.run(*UNDO)
        if undone.code or tree.landed() != len(tree.groups[-1]):
            losses.append(f"undo of the newest run: {undone.text}")
        yield [*losses, *tree.unsettled()]


def _keep_one_run() -> None:
    journal.KEPT = 1


def vanished_folder(folder: Path, every: int) -> Cases:
    """A folder of the tree, or the journal's, is taken away during the run."""
    tree = Tree(folder)
    for gone in (tree.top / "two", tree.state):
        tree.reset()
        for at in _numbers(tree, WRITE, every):
            tree.reset()
            fault = Fault(at, lambda gone=gone: shutil.rmtree(gone, ignore_errors=True))
            ended = tree.run(*WRITE, fault=fault)
            losses = [] if ended.code in (0, 2) else [f"exit code {ended.code}: {ended.text}"]
            if "Traceback" in ended.text or "cannot write the output" in ended.text:
                losses.append(f"not an answer: {ended.text}")
            tree.run(*NEXT)
            found = [*tree.torn(), *tree.halves(), *tree.leftovers()]
            yield losses + [loss for loss in found if not loss.startswith(str(gone))]


def file_size_limit(folder: Path, every: int) -> Cases:
    """RLIMIT_FSIZE: no file may grow beyond a size."""
    tree = Tree(folder, large=40_000)
    for size in (0, *(2**power for power in range(0, 20, every))):
        tree.reset()
        limits = (size, size)
        ended = tree.run(
            *WRITE, prepare=lambda limits=limits: resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        )
        yield [*exit_code(tree, ended, whole=is_whole(tree)), *judged(tree, ended, (0, 2))]


@contextlib.contextmanager
def disk(folder: Path) -> Iterator[Callable[[int], None] | None]:
    """Mount a disk on a folder; give what sets its free space, None where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    options = ["-t", "tmpfs", "-o", "size=64m", "tmpfs"]
    if shutil.which("mount") is None or os.geteuid() or _mount(*options, str(folder)):
        yield None
        return

    def resize(free: int) -> None:
        status = os.statvfs(folder)
        used = (status.f_blocks - status.f_bfree) * status.f_frsize
        assert not _mount("-o", f"remount,size={used + free}", str(folder))

    try:
        yield resize
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _mount(*arguments: str) -> int:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode


def full_disk(folder: Path, every: int) -> Cases:
    """The disk of the tree, or the journal's, has some pages left; none where none can be had."""
    for name in ("tree", "state"):
        with disk(folder / name) as resize:
            if resize is None:
                return
            tree = Tree(folder)
            for pages in range(1, 24, every):
                resize(2**26)
                tree.reset()
                resize(pages * PAGE)
                ended = tree.run(*WRITE)
                losses = exit_code(tree, ended, whole=is_whole(tree)) + answered(tree, ended)
                resize(2**26)
                yield [*losses, *judged(tree, ended, (0, 2))]


def read_only(folder: Path, every: int) -> Cases:
    """A file, a folder or the place of the journal cannot be written."""
    tree = Tree(folder)
    for path in list(tree.before)[::every]:
        tree.reset()
        if path.exists():
            path.chmod(0o444)
            ended = tree.run(*WRITE)
            path.chmod(0o644)
            losses = [] if ended.code == 2 else [f"exit code {ended.code}: {ended.text}"]
            losses += [] if path.read_bytes() == tree.before[path] else [f"{path}: written"]
            yield losses + judged_without(tree, path)
    tree.reset()
    closed = tree.top / "one" / "tests"
    closed.chmod(0o555)
    ended = tree.run(*WRITE)
    closed.chmod(0o755)
    yield [*exit_code(tree, ended, whole=is_whole(tree)), *judged(tree, ended, (0, 2))]
    tree.reset()
    shutil.rmtree(tree.state)
    tree.state.write_text("no folder")
    ended = tree.run(*WRITE)
    tree.state.unlink()
    losses = [] if "FIXTESTS_STATE_DIR" in ended.text else [f"no remedy: {ended.text}"]
    yield [*losses, *tree.changed(), *judged(tree, ended, [2])]


def judged_without(tree: Tree, path: Path) -> list[str]:
    """Judge a run that had to leave one file out, and takes the others of its root along."""
    return [*tree.torn(), *tree.leftovers(), *tree.halves(path), *taken_back(tree)]


def append_only(folder: Path, every: int) -> Cases:
    """A folder lets nothing be renamed or removed any more, from some operation on."""
    tree = Tree(folder)
    closed = tree.top / "one" / "tests"
    for at in _numbers(tree, WRITE, every):
        tree.reset()
        begun: list[bool] = []
        fault = Fault(at, lambda begun=begun: begun.append(True))
        ended = tree.run(*WRITE, fault=fault, prepare=_closing(closed, begun))
        told = ended.text
        losses = exit_code(tree, ended, whole=is_whole(tree) and not tree.leftovers())
        losses += [*tree.torn(), *([] if tree.marks() else tree.halves())]
        for _ in range(2):
            ended = tree.run(*NEXT, prepare=_closing(closed, [True]))
            told += ended.text
            if ended.code and "cannot be ended" not in ended.text:
                losses.append(f"the next command ended with {ended.code}: {ended.text}")
        if not ended.code and ended.text:
            losses.append(f"told again: {ended.text}")
        ended = tree.run(*NEXT)
        left = [path for path in tree.top.rglob(".fixtests-*") if path.name not in told]
        losses += [f"{path}: left over, and not named" for path in left]
        yield [*losses, *tree.torn(), *tree.halves(), *tree.marks()]


def _closing(folder: Path, begun: Collection[bool]) -> Callable[[], None]:
    """Return what makes a folder append-only once something has begun."""

    def refusing(real: Callable[..., object]) -> Callable[..., object]:
        def operate(*given: Path, **named: object) -> object:
            if begun and folder in [Path(item).parent for item in given]:
                raise OSError(errno.EPERM, os.strerror(errno.EPERM))
            return real(*given, **named)

        return operate

    def close() -> None:
        for name in ("unlink", "rename", "replace"):
            setattr(os, name, refusing(getattr(os, name)))
        exchange = refusing(staging.exchange)
        staging.exchange = lambda *given: _tried(exchange, *given)

    return close


def _tried(exchange: Callable[..., object], *given: Path) -> bool:
    try:
        return bool(exchange(*given))
    except OSError:
        return False


def damaged_journal(folder: Path, every: int) -> Cases:
    """A record of a killed run is damaged: an error names it, and nothing is touched."""
    tree = Tree(folder)
    for name in ("run.json", "ready.json", "before"):
        for damage in DAMAGES[::every]:
            _half(tree, staged=False)
            path = tree.state / "runs" / "1" / name
            good = path.read_bytes()
            path.write_bytes(damage)
            before = tree.now()
            ended = tree.run(*NEXT)
            losses = [] if ended.code == 2 else [f"exit code {ended.code}: {ended.text}"]
            losses += [] if str(path) in ended.text else [f"{path}: not named: {ended.text}"]
            losses += [] if tree.now() == before else [f"{path}: damaged, and files were touched"]
            path.write_bytes(good)
            yield [*losses, *settled(tree), *taken_back(tree)]


def clock_backwards(folder: Path, every: int) -> Cases:
    """Each run sees an earlier time than the one before; the last run is still the last."""
    tree = Tree(folder)
    clock = iter(range(2_000_000_000, 0, -86_400))

    def earlier() -> None:
        first = next(clock)
        ticks = iter(range(first, 0, -1))
        time.time = lambda: float(next(ticks))

    for at in (0, *_numbers(tree, WRITE, every)):
        tree.reset()
        next(clock)
        first = tree.run(*WRITE, "one", prepare=earlier)
        next(clock)
        ended = tree.run(*WRITE, fault=Fault(at, kill), prepare=earlier)
        losses = [] if first.code == 0 else [f"exit code {first.code}: {first.text}"]
        losses += [*tree.torn(), *settled(tree)]
        while tree.changed():
            left = len(tree.changed())
            ended = tree.run(*UNDO, prepare=earlier)
            if ended.code or len(tree.changed()) >= left:
                losses.append(f"undo: {ended.text}")
                break
        yield [*losses, *tree.changed(), *tree.unsettled()]


def concurrent(folder: Path, times: int) -> Cases:
    """Two runs at once on one tree, and a run that has to wait for the lock."""
    tree = Tree(folder)
    for _ in range(times):
        tree.reset()
        processes = [tree.start(*WRITE) for _ in range(2)]
        told = [process.communicate()[1].decode() for process in processes]
        losses = [
            f"exit code {process.returncode}: {text}"
            for process, text in zip(processes, told, strict=True)
            if process.returncode not in (0, 1, 2) or "Traceback" in text
        ]
        losses += [] if is_whole(tree) else [f"two runs did not write all: {told}"]
        yield [*losses, *settled(tree), *taken_back(tree)]
    tree.reset()
    with (tree.state / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = tree.start(*WRITE)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=1)
        losses = tree.changed() if process.poll() is None else ["it did not wait for the lock"]
    _, text = process.communicate()
    losses += judged_whole(tree, Ended(process.returncode, text.decode()))
    yield [*losses, *taken_back(tree)]


# Each kind, with the stride over operations, or the number of cases, of the quick selection.
KINDS: dict[Kind, int] = {
    killed: 113,
    killed_atomic: 61,
    killed_meanwhile: 11,
    killed_forgetting: 9,
    signalled: 151,
    ignored_hangup: 97,
    failed: 151,
    failed_atomic: 101,
    undo_struck: 113,
    recovery_struck: 61,
    edited_meanwhile: 1201,
    edited_during_undo: 601,
    killed_elsewhere: 83,
    edited_after_kill: 4,
    vanished_folder: 83,
    file_size_limit: 9,
    full_disk: 11,
    read_only: 5,
    append_only: 61,
    damaged_journal: 4,
    clock_backwards: 101,
    concurrent: 1,
}


class RandomSignals:
    """Signals from outside, at random moments; `between` counts those amid the renames."""

    def __init__(self, folder: Path, random: Random, number: int = signal.SIGKILL) -> None:
        self.tree = Tree(folder, singles=30)
        self.between = 0
        self._number = number
        self._random = random

    def cases(self, times: int) -> Cases:
        """Strike `times` runs, a quarter of them at any moment, the others once renames began.

        There are more where less than half of that number fell between the
        first and the last rename.
        """
        begin, renames = min(self._durations() for _ in range(3))
        number = 0
        while number < times or (self.between < times / 2 and number < 3 * times):
            number += 1
            self.tree.reset()
            process = self.tree.start(*WRITE)
            if number % 4 or self._number == signal.SIGINT:  # Python itself may not be up yet
                self._wait(process)
                time.sleep(self._random.uniform(0, renames))
            else:
                time.sleep(self._random.uniform(0, begin + renames))
            process.send_signal(self._number)
            _, text = process.communicate()
            self.between += 0 < self.tree.landed() < len(self.tree.after)
            ended = Ended(process.returncode, text.decode())
            killed = self._number == signal.SIGKILL
            codes = (0, CODES.get(self._number, -self._number))
            yield judged(self.tree, ended, codes, killed=killed)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        """Return as soon as the first file is renamed."""
        first = next(path for path, content in self.tree.before.items() if content is None)
        while process.poll() is None and not first.exists():
            time.sleep(0.0002)  # the run needs the processor

    def _durations(self) -> tuple[float, float]:
        """Return how long a run takes to its first rename, and from then to its last."""
        self.tree.reset()
        start = time.monotonic()
        process = self.tree.start(*WRITE)
        self._wait(process)
        begin = time.monotonic() - start
        process.communicate()
        replaced = [path for path, content in self.tree.before.items() if content is not None]
        times = [path.stat().st_ctime for path in replaced]  # a rename sets it
        return begin, max(times) - min(times)
