"""Makes a release and hands nothing out: version, changelog, archives that were tried, commit, tag.

`python .ci/release.py VERSION`, in a clean checkout and an environment with the extras `dev` and
`release`. What fails is said; put it right and call it again, which goes on.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
MODULE, CHANGELOG = TOP / "src/fixtests/__init__.py", TOP / "CHANGELOG.md"
STATED = ("CHANGELOG.md", "src/fixtests/__init__.py")
VERSION = re.compile(r'^__version__ = "(.+)"$', re.MULTILINE)
NUMBERS = re.compile(r"\d+\.\d+\.\d+")
UNRELEASED = "## [Unreleased]\n"
PREVIEW = ("--dry-run", "--exit-zero", "fixtures/demo")


class ReleaseError(Exception):
    """Why there can be no release, and what to do."""


def main(version: str) -> None:
    """Make a release."""
    refuse(version)
    MODULE.write_text(VERSION.sub(f'__version__ = "{version}"', MODULE.read_text()))
    CHANGELOG.write_text(released(CHANGELOG.read_text(), version, datetime.date.today()))
    run(TOP / ".ci/run")
    with tempfile.TemporaryDirectory() as name:
        try_out(built(Path(name)), Path(name))
    run("git", "add", *STATED)
    run("git", "commit", "--message", f"Release {version}")
    run("git", "tag", "--annotate", f"v{version}", "--message", f"fixtests {version}")
    print("Next: git push --follow-tags && twine upload dist/*")


def refuse(version: str) -> None:
    """Raise ReleaseError where a version is none, is there already, or other work is under way."""
    if not NUMBERS.fullmatch(version):
        raise ReleaseError(f"{version!r} is no version; say it as in 1.2.0")
    if output("git", "tag", "--list", f"v{version}"):
        raise ReleaseError(f"there is a tag v{version}; choose another version")
    changed = output("git", "status", "--porcelain").splitlines()
    other = [line[3:] for line in changed if line[3:] not in STATED]
    if other:
        raise ReleaseError(f"commit or stash first: {', '.join(other)}")


def released(text: str, version: str, day: datetime.date) -> str:
    """Return a changelog whose entries of [Unreleased] are those of a version.

    Raises ReleaseError where there are none. A version that has its heading stays as it is.
    """
    heading = f"## [{version}] - "
    if heading in text:
        return text
    _, found, rest = text.partition(UNRELEASED)
    if not found or not rest.partition("\n## ")[0].strip():
        raise ReleaseError("CHANGELOG.md has no entries below [Unreleased]")
    return text.replace(UNRELEASED, f"{UNRELEASED}\n{heading}{day}\n", 1)


def built(folder: Path) -> tuple[Path, Path]:
    """Build wheel and sdist into dist/ and return them.

    Raises ReleaseError where a second build does not give the same bytes.
    """
    epoch = output("git", "log", "-1", "--format=%ct").strip()
    for place in (TOP / "dist", folder / "again"):
        for old in place.glob("*"):
            old.unlink()
        run(sys.executable, "-m", "build", "--outdir", place, SOURCE_DATE_EPOCH=epoch)
    (wheel,), (sdist,) = ((TOP / "dist").glob(end) for end in ("*.whl", "*.tar.gz"))
    for archive in (wheel, sdist):
        digests = {digest(path) for path in (archive, folder / "again" / archive.name)}
        if len(digests) > 1:
            raise ReleaseError(f"{archive.name}: two builds are not the same")
        print(f"{digest(archive)}  {archive.name}, with SOURCE_DATE_EPOCH={epoch}")
    run(sys.executable, "-m", "twine", "check", "--strict", wheel, sdist)
    return wheel, sdist


def try_out(archives: tuple[Path, Path], folder: Path) -> None:
    """Run every command of README from the wheel alone, and its first one in the sdist."""
    wheel, sdist = archives
    of_demo = ("fixtures", "testtools")  # what its own tests import
    fresh = environment(folder / "fresh", wheel, *of_demo)
    tests = ("-m", "pytest", "-n", "auto", "tests/test_readme.py")
    run(sys.executable, *tests, FIXTESTS_INSTALLED=str(fresh))
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    tree = folder / sdist.name.removesuffix(".tar.gz")
    other = environment(folder / "other", tree)
    run(other / "bin/fixtests", *PREVIEW, folder=tree)


def environment(folder: Path, *given: str | Path) -> Path:
    """Return a new environment that holds what is given, and what that needs."""
    venv.create(folder, with_pip=True)
    run(folder / "bin/python", "-m", "pip", "install", "--quiet", *given)
    return folder


def digest(path: Path) -> str:
    """Return what a file holds, in short."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(*words: str | Path, folder: Path = TOP, **variables: str) -> None:
    """Run a command. Raises ReleaseError where it fails."""
    around = {**os.environ, **variables}
    if subprocess.run(words, cwd=folder, env=around, check=False).returncode:
        raise ReleaseError(f"failed: {' '.join(map(str, words))}")


def output(*words: str) -> str:
    """Return what a command prints. Raises ReleaseError where it fails."""
    done = subprocess.run(words, cwd=TOP, check=False, capture_output=True, text=True)
    if done.returncode:
        raise ReleaseError(done.stderr.strip())
    return done.stdout


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python .ci/release.py VERSION")
    try:
        main(sys.argv[1])
    except ReleaseError as error:
        sys.exit(f"error: {error}")
