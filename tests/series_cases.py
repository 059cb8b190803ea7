"""The cases of the fault suite of series: each kind yields, case by case, what was lost.

`every` says which cases are tried: 1 for each, 10 for each tenth.
"""

from __future__ import annotations

import re
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from conftest import Answer
from fault_cases import PAGE, disk
from series_faults import FULL, TRACER, Project, answered, module
from series_situations import SITUATIONS

Cases = Iterator[list[str]]
Kind = Callable[[Path, int], Cases]
ID = r"^Change-Id: I[0-9a-f]{40}$"
KILLS = ("killed", "killed-meanwhile", "killed-after", "git-killed", "git-killed-after")
CODES = {signal.SIGINT: (130,), signal.SIGTERM: (-signal.SIGTERM,)}
CHANGES = """while read old new ref; do
  case $ref in refs/for/*) git update-ref refs/changes/$new $new; git update-ref -d $ref ;; esac
done"""


def _nothing(project: Project) -> None:
    """Leave a project as it is."""


def _server(project: Project) -> None:
    """Give a project a server that keeps changes as Gerrit does."""
    there = project.folder / "server"
    project.git("clone", "-q", "--bare", str(project.root), str(there))
    project.git("remote", "add", "origin", str(there))
    project.hook("post-receive", CHANGES, there)


def _moved(*options: str) -> Callable[[Project], None]:
    """Return what makes a series, and commits another content of a file since."""

    def move(project: Project) -> None:
        if "--push" in options:
            _server(project)
        assert project.run("commit", *options).code == 0
        project.write({"db/test_1.py": module(more="        self.done()\n")})
        project.commit()

    return move


@dataclass(frozen=True)
class Command:
    """A command, what is there before it, and the one that comes after a fault."""

    arguments: tuple[str, ...]
    prepare: Callable[[Project], None] = _nothing


COMMANDS = (
    Command(("commit",)),
    Command(("commit", "--branches")),
    Command(("commit", "--refresh"), _moved()),
    Command(("commit", "--refresh"), _moved("--branches")),
    Command(("commit", "--push"), _server),
    Command(("commit", "--refresh", "--push"), _moved("--push")),
    Command(("commit", "--refresh", "--push"), _moved("--branches", "--push")),
)


class Run:
    """A command on a project, and what stands before it and after it where no fault strikes."""

    def __init__(self, folder: Path, command: Command) -> None:
        self.project = Project(folder)
        command.prepare(self.project)
        self.project.keep()
        self.arguments = command.arguments
        self.before, self.served = self.project.branches(), self._server()
        done = self.project.run(*self.arguments)
        assert done.code == 0, done.err
        self.after, self.serves = self.project.branches(), self._server()
        self.calls = range(1, self.project.calls + 1)
        self.project.reset()

    def struck(self, **fault: object) -> tuple[Answer, list[str]]:
        """Run it with a fault; return what is not as it was, or neither before nor after."""
        self.project.reset()
        seen = self.project.seen()
        done = self.project.run(*self.arguments, **fault)
        return done, [*self.project.missed(seen), *self._partly()]

    def _partly(self) -> list[str]:
        now = self.project.branches()
        losses = [] if now in (self.before, self.after) else [f"a part of the series: {now}"]
        for name, commit in self._server().items():
            if commit not in (self.served.get(name), self.serves.get(name)):
                losses.append(f"the server has {name} at {commit}")
        return losses

    def is_whole(self) -> bool:
        """Tell whether the series stands, and the server has it."""
        return self.project.branches() == self.after and self._server() == self.serves

    def settled(self) -> list[str]:
        """Run the command again; return what does not come to the right result."""
        for path in self.project.git_dirs():
            for lock in path.rglob("*.lock"):  # git tells its user to remove those of a killed git
                lock.unlink()
        seen = self.project.seen()
        done = self.project.run(*self.arguments)
        losses = [*answered(done, (0,)), *self.project.missed(seen)]
        if not self.is_whole():
            losses.append(f"the next command makes another series: {self.project.branches()}")
        return losses

    def _server(self) -> dict[str, str]:
        there = self.project.folder / "server"
        return self.project.branches(there) if there.exists() else {}


def _runs(folder: Path, every: int, quick: int) -> Iterator[Run]:
    """Yield all commands, only one of them for a quick selection."""
    for number in range(len(COMMANDS)) if every == 1 else [quick]:
        yield Run(folder / str(number), COMMANDS[number])


def _faults(run: Run, every: int, *ways: object) -> list[tuple[object, int]]:
    """Return which faults strike at which calls of git."""
    return list(product(ways, run.calls))[every // 2 :: every]


def killed(folder: Path, every: int) -> Cases:
    """SIGKILL to the run or to git, at each call of git."""
    for run in _runs(folder, every, 6):
        for way, at in _faults(run, every, *KILLS):
            done, losses = run.struck(at=at, way=way)
            mine = not way.startswith("git")
            losses += answered(done, (-signal.SIGKILL,) if mine else (0, 2))
            losses += _silent(run, done)
            if done.code == 2 and "signal 9" not in done.err:
                losses.append(f"no reason: {done.err}")
            yield _told(losses + run.settled(), run, way, at)


def _silent(run: Run, done: Answer) -> list[str]:
    if done.code == 0 and not run.is_whole():
        return [f"exit code 0, though not all was done: {done.err}"]
    return []


def _told(losses: list[str], run: Run, way: str, at: int) -> list[str]:
    where = f"{run.project.folder.name}: {' '.join(run.arguments)}, {way} at {at}"
    return [f"{where}: {loss}" for loss in losses]


def interrupted(folder: Path, every: int) -> Cases:
    """Ctrl-C and SIGTERM at each call of git; nothing is left, either, after the first."""
    for run in _runs(folder, every, 3):
        for number, at in _faults(run, every, *CODES):
            way = f"kill -{int(number)} $PARENT"
            done, losses = run.struck(at=at, way=way)
            told = done.code in (*CODES[number], 0)
            losses += [] if told else [f"exit code {done.code}: {done.err}"]
            losses += _silent(run, done)
            losses += run.project.left() if number == signal.SIGINT else []
            yield _told(losses + run.settled(), run, way, at)


def failed(folder: Path, every: int) -> Cases:
    """The disk is full for git at one call, or from then on."""
    for run in _runs(folder, every, 0):
        for lasting, at in _faults(run, every, False, True):
            done, losses = run.struck(at=at, way="full", lasting=lasting)
            losses += [*answered(done), *_silent(run, done), *run.project.left()]
            if done.code == 2 and FULL not in done.err:
                losses.append(f"no reason: {done.err}")
            yield _told(losses + run.settled(), run, f"full, lasting {lasting}", at)


def killed_by_hooks(folder: Path, every: int) -> Cases:
    """Git is killed while it sets the branches, with their locks held, or right after that."""
    for run in _runs(folder, every, 1):
        for state in ("prepared", "committed")[::every]:
            kept = run.project.root / ".git/hooks/reference-transaction"
            run.project.reset()
            run.project.hook("reference-transaction", f'[ "$1" != {state} ] || kill -KILL $PPID')
            seen = run.project.seen()
            done = run.project.run(*run.arguments)
            losses = [*answered(done, (2,)), *run.project.missed(seen)]
            kept.unlink()
            yield _told(losses + run.settled(), run, "hook", 0)


def killed_amid_branches(folder: Path, every: int) -> Cases:
    """Git is killed before each rename of several branches; none where nothing can trace it.

    What says that the series is there, the branch of all of it, comes last.
    """
    if TRACER is None:
        return
    whole = "refs/heads/fixtests/all"
    for number in (1, 3):
        run = Run(folder / str(number), COMMANDS[number])
        for at in range(1, 2 * len(run.after) + 1, every):
            run.project.reset()
            seen = run.project.seen()
            done = run.project.run(*run.arguments, when="update-ref", way=f"cut-{at}")
            now = run.project.branches()
            losses = [*answered(done), *run.project.missed(seen)]
            if now.get(whole) == run.after[whole] and now != run.after:
                losses.append(f"a part of the series: {now}")
            yield _told(losses + run.settled(), run, f"rename {at}", 0)


def moved_meanwhile(folder: Path, every: int) -> Cases:
    """Somebody else works in the repository while a series is made: theirs is kept."""
    run = Run(folder, COMMANDS[0])
    project = run.project
    edit = "printf '# mine\\n' >> api/test_1.py"
    for when in ("ls-tree", "hash-object", "read-tree", "update-ref")[::every]:
        project.reset()
        done = project.run("commit", way=edit, when=when)
        losses = answered(done)
        body = (project.root / "api/test_1.py").read_bytes()
        losses += [] if body.count(b"# mine\n") else ["the edit is lost"]
        losses += [] if project.branches() in ({}, run.after) else ["a part, or an edit, is made"]
        yield losses
    for back in ("hash-object --stdin-paths", "hash-object")[::every]:
        project.reset()
        project.write({"api/test_1.py": module(more="        self.mine()\n")})
        done = project.run("commit", way="git checkout -q api/test_1.py", when=back)
        yield answered(done, (2,)) + [f"made: {it}" for it in project.branches()]
    for other in ("git branch fixtests", "git branch fixtests/mine")[::every]:
        project.reset()
        done = project.run("commit", way=other, when="update-ref")
        here = set(project.branches())
        losses = [] if here == {f"refs/heads/{other.split()[-1]}"} else [f"{here}"]
        yield losses + answered(done, (2,))
    project.reset()
    again = f"cd '{project.root}' && '{sys.executable}' -m fixtests commit"
    done = project.run("commit", way=again, when="update-ref")
    losses = answered(done)
    losses += [] if project.branches() == run.after else ["two runs at once made another series"]
    yield losses + run.settled()


def pushed_and_forgotten(folder: Path, every: int) -> Cases:
    """A run is killed right after it pushed, twice; the files move, and all is pushed then."""
    ways = (("--branches", "--push"), ("--push",))
    for number, options in enumerate(ways[: 2 if every == 1 else 1]):
        run = Run(
            folder / str(number), Command(("commit", "--refresh", "--push"), _moved(*options))
        )
        project = run.project
        for times in (2, 3):
            project.run(*run.arguments, when="push", way="killed-after")
            project.write({"db/test_1.py": module(more="        self.done()\n" * times)})
            project.commit()
        done = project.run(*run.arguments)
        made = project.git("rev-list", "--no-merges", "--branches=fixtests*", "--not", "master")
        served = project.branches(project.folder / "server").values()
        losses = [f"{commit}: not pushed" for commit in made.split() if commit not in served]
        yield [*answered(done, (0,)), *losses, *([] if made else ["no series"])]


def full_disk(folder: Path, every: int) -> Cases:
    """The disk of the repository, or the state's, has some pages left; none where none can be."""
    for name in ("project", "state"):
        for pages in range(1, 61, every):
            with disk(folder / f"{name}-{pages}" / name) as resize:
                if resize is None:
                    return
                project = Project(folder / f"{name}-{pages}")
                (project.folder / "state").mkdir(exist_ok=True)
                seen = project.seen()
                resize(pages * PAGE)
                done = project.run("commit")
                losses = [*answered(done), *project.missed(seen), *project.left()]
                if (done.code == 0) != bool(project.branches()):
                    losses.append(f"exit code {done.code}, with {project.branches()}: {done.err}")
                resize(2**24)
                again = project.run("commit")
                losses += [*answered(again, (0,)), *project.missed(seen)]
                losses += [] if project.tree() == project.wanted() else ["another result"]
                yield [f"{name}, {pages} pages: {loss}" for loss in losses]


def file_size_limit(folder: Path, every: int) -> Cases:
    """RLIMIT_FSIZE: no file may grow beyond a size; git is killed by that."""
    project = Project(folder)
    project.keep()
    for size in (0, *(2**power for power in range(0, 14, every))):
        project.reset()
        seen = project.seen()
        limits = (size, size)
        ended = subprocess.run(
            [sys.executable, "-m", "fixtests", "commit", "--no-cache"],
            cwd=project.root,
            env=project.environment(),
            capture_output=True,
            check=False,
            preexec_fn=lambda limits=limits: resource.setrlimit(resource.RLIMIT_FSIZE, limits),
        )
        done = Answer(ended.returncode, ended.stdout, ended.stderr.decode())
        losses = [*answered(done), *project.missed(seen), *project.left()]
        if (done.code == 0) != bool(project.branches()):
            losses.append(f"exit code {done.code}, with {project.branches()}: {done.err}")
        losses += answered(project.run("commit"), (0,))
        losses += [] if project.tree() == project.wanted() else ["another result"]
        yield [f"{size} bytes: {loss}" for loss in losses]


def situations(folder: Path, every: int) -> Cases:
    """What repositories may be like, and what is refused by name."""
    for number, (name, (prepare, said)) in enumerate(SITUATIONS.items()):
        if number % every:
            continue
        project = Project(folder / str(number))
        prepare(project)
        losses = _refused(project, said) if said else _made(project)
        yield [f"{name}: {loss}" for loss in losses]


def _refused(project: Project, said: str) -> list[str]:
    seen, before = project.seen(), project.branches()
    done = project.run("commit")
    losses = [*answered(done, (2,)), *project.missed(seen), *project.left()]
    losses += [] if said in done.err else [f"not {said!r}, but: {done.err}"]
    return losses + ([] if project.branches() == before else ["a branch was set"])


def _made(project: Project) -> list[str]:
    refresh = ("--refresh",) if project.branches() else ()
    seen = project.seen()
    done = project.run("commit", *refresh)
    losses = [*answered(done, (0,)), *project.missed(seen), *project.left()]
    before = project.branches()
    if not before:
        return [*losses, "no series"]
    wanted = project.wanted()
    if project.tree() != wanted:
        losses.append(f"another result: {project.git('diff', wanted, project.tree())}")
    if wanted == project.tree("HEAD"):
        losses.append("there was nothing to do")
    losses += _wrong_messages(project)
    again = project.run("commit")
    losses += [*answered(again, (0,)), *project.missed(seen)]
    if project.branches() != before or "all as before" not in again.err:
        losses.append(f"another series the second time: {again.err}")
    return losses


def _wrong_messages(project: Project) -> Iterator[str]:
    """Yield messages in whose last paragraph is no id of a change, or more than one."""
    names = project.git("rev-list", "--no-merges", "HEAD..refs/heads/fixtests").split()
    for commit in names:
        body = project.git("cat-file", "commit", commit).partition("\n\n")[2]
        ids = re.findall(ID, body.strip().split("\n\n")[-1], re.MULTILINE)
        if len(ids) != 1:
            yield f"{commit}: {len(ids)} ids in the last paragraph of {body!r}"
        if "\ufffd" in body or any("\udc80" <= letter <= "\udcff" for letter in body):
            yield f"{commit}: not text: {body!r}"


# Each kind, with the stride of the quick selection; 0 for what that leaves out.
KINDS: dict[Kind, int] = {
    killed: 500,
    interrupted: 0,
    failed: 200,
    killed_by_hooks: 2,
    killed_amid_branches: 0,
    moved_meanwhile: 11,
    pushed_and_forgotten: 5,
    full_disk: 0,
    file_size_limit: 0,
    situations: 61,
}
