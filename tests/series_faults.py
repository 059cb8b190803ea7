"""A repository in which series of commits are made, what its user has there, and what was lost.

Whoever makes a commit does so at the same moment, so that the same series has the same ids:
after a fault all branches are as they were, or as they are without the fault. A loss is a line
of text.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path

from conftest import A_UUID, Answer, fixtests

GIT = shutil.which("git") or "git"
TRACER = shutil.which("strace")
MOMENT = "2020-02-02T02:02:02+00:00"
SETTINGS = 'root = true\nselect = ["FT101", "FT603"]\n'
OURS = tuple(
    f"{kind}/fixtests"
    for kind in ("refs/heads", "logs/refs/heads", "refs/remotes/origin", "logs/refs/remotes/origin")
)
FILES = ("api/test_1.py", "db/test_1.py")
FULL = "No space left on device"
# A `git` that meets a fault at its `AT`-th call, at each from then on, or where `WHEN` is asked.
WRAPPER = f"""#!/bin/sh
read done < "$FAULTS/calls"; now=$((done + 1)); echo $now > "$FAULTS/calls"
struck=
[ $now -eq "$AT" ] && struck=1
[ -n "$LASTING" ] && [ "$AT" -gt 0 ] && [ $now -gt "$AT" ] && struck=1
case " $* " in *" $WHEN "*) [ -n "$WHEN" ] && struck=1 ;; esac
if [ $struck ]; then
  PARENT=$PPID; export PARENT
  case $WAY in
    killed) kill -KILL $PPID; exit 1 ;;
    killed-meanwhile) kill -KILL $PPID ;;
    killed-after) '{GIT}' "$@"; kill -KILL $PPID ;;
    git-killed) kill -KILL $$ ;;
    git-killed-after) '{GIT}' "$@" > /dev/null; kill -KILL $$ ;;
    cut-*) exec '{TRACER}' -qq -e trace=/rename \\
      -e inject=/rename:signal=KILL:when=${{WAY#cut-}} '{GIT}' "$@" ;;
    full) echo "fatal: unable to write: {FULL}" >&2; exit 128 ;;
    *) WHEN= AT=0 PATH=$OUTSIDE /bin/sh -c "$WAY" < /dev/null > /dev/null 2>&1 ;;
  esac
fi
exec '{GIT}' "$@"
"""


def module(uuid: str = A_UUID, more: str = "") -> bytes:
    """Return a test module with two findings of FT101 and one of FT603."""
    return (
        "import testtools\n\n\n"
        "class OneTest(testtools.TestCase):\n"
        "    def test_one(self):\n"
        f"        volume = self.show(volume_id='{uuid}')\n"
        f"        self.assertEqual(volume['id'], '{uuid}')\n"
        f"        self.assertEqual(volume['size'], 3)\n{more}"
    ).encode()


class Project:
    """A repository with test modules, in a world of its own: home, state, folder for others' files.

    `root` is the checkout in which series are made; a case may move it.
    """

    def __init__(self, folder: Path, *, settings: str = SETTINGS) -> None:
        self.folder = folder
        self.root = folder / "project"
        self.watched: list[Path] = []  # checkouts beside it
        self.where = ""
        self.arguments: tuple[str | Path, ...] = ()
        self.asks_for_all = False  # by arguments that hold for this place only
        self.env: dict[str, str] = {}
        self._kept = folder / "kept"
        self._counts = folder / "faults"
        for name in ("home", "bin", "faults", "tmp"):
            (folder / name).mkdir(parents=True)
        wrapper = folder / "bin" / "git"
        wrapper.write_text(WRAPPER)
        wrapper.chmod(0o755)
        self.write({"fixtests.toml": settings, **dict.fromkeys(FILES, module())})
        self.git("init", "-q", "-b", "master")
        self.git("config", "user.name", "A Tester")
        self.git("config", "user.email", "tester@example.org")
        self.commit()

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files by name."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def hook(self, name: str, text: str, root: Path | None = None) -> None:
        """Set a hook, a script of a shell."""
        path = (root or self.root / ".git") / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def environment(self) -> dict[str, str]:
        """Return the environment of everything that is run here."""
        kept = {name: it for name, it in os.environ.items() if not name.startswith("GIT_")}
        return {
            **kept,
            "HOME": str(self.folder / "home"),
            "XDG_CONFIG_HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "FIXTESTS_STATE_DIR": str(self.folder / "state"),
            "FIXTESTS_CACHE_DIR": str(self.folder / "cache"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": MOMENT,
            "GIT_COMMITTER_DATE": MOMENT,
        }

    def git(
        self,
        *arguments: str | bytes | Path,
        at: Path | None = None,
        stdin: bytes | None = None,
        env: Mapping[str, str] | None = None,
    ) -> str:
        """Return what git answers."""
        done = subprocess.run(
            [GIT, "-c", "protocol.file.allow=always", *arguments],
            cwd=at or self.root,
            env={**self.environment(), **(env or {})},
            input=stdin,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr!r}"
        return os.fsdecode(done.stdout).rstrip("\n")

    def commit(self) -> None:
        """Commit all that there is."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "one")

    def keep(self) -> None:
        """Note how everything stands, for `reset`."""
        if self._kept.exists():
            shutil.rmtree(self._kept)
        self._kept.mkdir()
        for path in self._all():
            shutil.copytree(path, self._kept / path.name, symlinks=True)

    def reset(self) -> None:
        """Put everything back to where it was noted."""
        for path in self._all():
            shutil.rmtree(path)
        for path in self._kept.iterdir():
            shutil.copytree(path, self.folder / path.name, symlinks=True)

    def _all(self) -> list[Path]:
        aside = ("bin", "cache", self._counts.name, self._kept.name)
        return [path for path in self.folder.iterdir() if path.is_dir() and path.name not in aside]

    def run(
        self,
        *arguments: str | Path,
        at: int = 0,
        way: str = "",
        lasting: bool = False,
        when: str = "",
    ) -> Answer:
        """Run the command line; a fault strikes at a call of git."""
        (self._counts / "calls").write_text("0\n")
        env = {
            **self.environment(),
            "FAULTS": str(self._counts),
            "OUTSIDE": os.environ["PATH"],
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "AT": str(at),
            "WAY": way,
            "WHEN": when,
            "LASTING": "1" if lasting else "",
            **self.env,
        }
        return fixtests(*arguments, *self.arguments, folder=self.root / self.where, env=env)

    @property
    def calls(self) -> int:
        """How often the last run called git."""
        return int((self._counts / "calls").read_text())

    def git_dirs(self) -> set[Path]:
        """Return the folders in which git keeps what it has of this checkout."""
        told = self.git("rev-parse", "--absolute-git-dir", "--git-common-dir").split("\n")
        return {(self.root / item).resolve() for item in told}

    def seen(self) -> dict[Path, object]:
        """Return all that a user could miss: files, index, HEAD, other branches, stash, hooks."""
        found: dict[Path, object] = {}
        places = {self.root, *self.watched, *self.git_dirs()}
        for place in places:
            for path in place.rglob("*"):
                if not path.is_dir() or path.is_symlink():
                    with contextlib.suppress(FileNotFoundError):  # of a git that was left alone
                        found[path] = _state(path)
        return found

    def branches(self, root: Path | None = None) -> dict[str, str]:
        """Return the branches of series, by name, and what else a server has."""
        form = "--format=%(refname) %(objectname)"
        told = self.git("for-each-ref", form, at=root).split("\n")
        refs = dict(line.split(" ") for line in told if line)
        return {name: it for name, it in refs.items() if root or name.startswith(OURS[0])}

    def missed(self, before: Mapping[Path, object]) -> list[str]:
        """Name what is not as it was, bit by bit."""
        after = self.seen()
        gone = [path for path in before if path not in after or before[path] != after[path]]
        come = [path for path in after.keys() - before.keys() if not self._may_come(path)]
        return [f"{path}: not as it was" for path in (*gone, *come) if not self._is_ours(path)]

    def _is_ours(self, path: Path) -> bool:
        return any(
            str(path).startswith(str(place / name)) for place in self.git_dirs() for name in OURS
        )

    def _may_come(self, path: Path) -> bool:
        return any(path.is_relative_to(place / "objects") for place in self.git_dirs())

    def left(self) -> list[str]:
        """Name temporary files."""
        return [f"{path}: left over" for path in (self.folder / "tmp").iterdir()]

    def wanted(self) -> str:
        """Return the tree that `fixtests fix` and `git add` come to, in a copy."""
        copy, index = self.folder / "copy", self.folder / "copied-index"
        shutil.copytree(self.root, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        before = _contents(copy)
        env = {**self.environment(), "FIXTESTS_STATE_DIR": str(self.folder / "copied-state")}
        env |= {name: it for name, it in self.env.items() if not name.startswith("GIT_")}
        given = () if self.asks_for_all else self.arguments
        done = fixtests("fix", *given, folder=copy / self.where, env=env)
        assert done.code in (0, 1), done.err
        after = _contents(copy)
        changed = [path for path, content in after.items() if before.get(path) != content]
        own = {"GIT_INDEX_FILE": str(index)}
        git_dir = self.git("rev-parse", "--absolute-git-dir")
        place = ("-c", "core.splitIndex=false", "--git-dir", git_dir, "--work-tree", copy)
        self.git(*place, "read-tree", "HEAD", at=copy, env=own)
        self.git(*place, "--literal-pathspecs", "add", "--sparse", "--", *changed, at=copy, env=own)
        tree = self.git(*place, "write-tree", "--missing-ok", at=copy, env=own)
        shutil.rmtree(copy)
        index.unlink()
        return tree

    def tree(self, revision: str = "refs/heads/fixtests") -> str:
        """Return the tree of a commit."""
        return self.git("rev-parse", f"{revision}^{{tree}}")


def _state(path: Path) -> tuple[int, int, object]:
    status = path.lstat()
    content = path.readlink() if stat.S_ISLNK(status.st_mode) else path.read_bytes()
    freshened = "objects" in path.parts  # git notes there that something is needed again
    return status.st_mode, 0 if freshened else status.st_mtime_ns, content


def _contents(folder: Path) -> dict[Path, bytes]:
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def answered(done: Answer, codes: Collection[int] = (0, 2)) -> list[str]:
    """Return what is wrong with how a run ended, and with what it said."""
    losses = [] if done.code in codes else [f"exit code {done.code}: {done.err}"]
    if "Traceback" in done.err or (done.code == 2 and "rror: " not in done.err):
        losses.append(f"not an answer: {done.err}")
    return losses
