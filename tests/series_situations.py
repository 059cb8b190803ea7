"""What a repository may be like when a series is made in it, and what is refused there by name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from series_faults import SETTINGS, Project, module

Setting = Callable[[Project], object]
CRLF = module().replace(b"\n", b"\r\n")
MIXED = module().replace(b"\n", b"\r\n", 4)
ONE, OTHER = "api/test_1.py", "db/test_1.py"
FILTER = "sed -e s/show/SHOW/"
BACK = "sed -e s/SHOW/show/"
LATIN = "# -*- coding: latin-1 -*-\n# caf\u00e9\n" + module().decode()
ANOTHER = "0b5a1f8e-2d7c-4e0a-8f43-6a9d1c2b3e4f"
CHANGED = "has changes that are not committed; commit them first"
THERE = "this branch is there already"


def configured(*settings: str) -> Setting:
    """Return what sets configuration of git's, `name=value`."""

    def set_all(project: Project) -> None:
        for item in settings:
            name, _, value = item.partition("=")
            project.git("config", name, value)

    return set_all


def holding(*settings: str, **files: str | bytes) -> Setting:
    """Return what commits files, by name without `.py`, under a configuration of git's.

    They are checked out again, as git does it there; `attributes` is `.gitattributes`.
    """

    def write(project: Project) -> None:
        configured(*settings)(project)
        named = {
            ".gitattributes" if name == "attributes" else f"{name.replace('__', '/')}.py": it
            for name, it in files.items()
        }
        project.write(named)
        project.git("add", "-A")
        project.git("add", "--renormalize", ".")
        project.commit()
        again(project)

    return write


def again(project: Project) -> None:
    """Check all out anew."""
    for path in project.root.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    project.git("reset", "-q", "--hard")


def raw(attributes: str, content: bytes, *settings: str) -> Setting:
    """Return what commits a file as it is, whatever attributes say that are added to it later."""

    def write(project: Project) -> None:
        project.write({ONE: content})
        project.commit()
        configured(*settings)(project)
        project.write({".gitattributes": attributes})
        project.git("add", ".gitattributes")
        project.git("commit", "-qm", "attributes")
        again(project)

    return write


def hooked(name: str, text: str = "exit 1") -> Setting:
    return lambda project: project.hook(name, text)


def named(name: bytes) -> Setting:
    def write(project: Project) -> None:
        project.write({os.fsdecode(name): module()})
        project.commit()

    return write


def worktree(project: Project) -> None:
    project.watched.append(project.root)
    other = project.folder / "other"
    project.git("worktree", "add", "-q", "-b", "topic", other)
    project.root = other
    project.write({ONE: module(more="        self.done()\n")})
    project.git("commit", "-qam", "on the topic")


def submodule(project: Project) -> None:
    parent = project.folder / "parent"
    parent.mkdir()
    project.git("init", "-q", at=parent)
    project.git("submodule", "--quiet", "add", str(project.root), "sub", at=parent)
    project.watched.append(parent)
    project.root = parent / "sub"
    known(project)


def known(project: Project) -> None:
    configured("user.name=A Tester", "user.email=tester@example.org")(project)


def cloned(*options: str, then: Setting = known) -> Setting:
    """Return what goes on in a clone."""

    def clone(project: Project) -> None:
        project.write({"notes.txt": "1\n", "api/more.txt": "1\n"})
        project.commit()
        configured("uploadpack.allowFilter=true", "uploadpack.allowAnySHA1InWant=true")(project)
        there = project.folder / "clone"
        address = str(project.root) if "--shared" in options else f"file://{project.root}"
        project.git("clone", "-q", *options, address, str(there), at=project.folder)
        project.root = there
        known(project)
        then(project)

    return clone


def partial(project: Project) -> None:
    sparse("--no-cone", f"/{ONE}", "/fixtests.toml")(project)
    project.git("checkout", "-q", "master")
    (project.folder / "project").rename(project.folder / "gone")


def sparse(*options: str) -> Setting:
    return lambda project: project.git("sparse-checkout", "set", *options)


def sparse_attributes(project: Project) -> None:
    project.write({".gitattributes": "*.py text eol=crlf\n"})
    project.commit()
    again(project)
    sparse("--no-cone", "/api/", "/fixtests.toml")(project)


def changes_elsewhere(project: Project) -> None:
    project.write({"notes.txt": "1\n", "more.txt": "2\n"})
    project.commit()
    project.write({"notes.txt": "mine\n", "more.txt": "staged\n", "new.txt": "new\n"})
    project.git("add", "more.txt")
    project.write({"more.txt": "and more\n"})
    project.git("stash", "push", "-q")
    project.git("stash", "apply", "-q", "--index")


def staged_deletion(project: Project) -> None:
    project.git("rm", "-q", "--cached", OTHER)


def intended(project: Project) -> None:
    project.write({"net/test_1.py": module()})
    project.git("add", "-N", "net/test_1.py")


def hidden_change(flag: str) -> Setting:
    def change(project: Project) -> None:
        project.write({ONE: module(more="        self.mine()\n")})
        project.git("update-index", flag, ONE)

    return change


def in_progress(*command: str) -> Setting:
    """Return what begins a merge or a rebase that conflicts in a file without findings."""

    def begin(project: Project) -> None:
        project.write({"notes.txt": "1\n"})
        project.commit()
        project.git("checkout", "-qb", "topic")
        for branch, text in (("topic", "2\n"), ("master", "3\n")):
            project.git("checkout", "-q", branch)
            project.write({"notes.txt": text})
            project.commit()
        project.git("-c", 'alias.try=!git "$@" || true; :', "try", *command)

    return begin


def renamed_root(name: bytes) -> Setting:
    def rename(project: Project) -> None:
        other = project.folder / os.fsdecode(name)
        project.root.rename(other)
        project.root = other

    return rename


def executable(project: Project) -> None:
    (project.root / ONE).chmod(0o755)
    project.commit()


def linked(project: Project) -> None:
    (project.root / "db/test_link.py").symlink_to("../api/test_1.py")
    (project.root / "link").symlink_to("api")
    project.commit()


def through_a_link(project: Project) -> None:
    other = project.folder / "link"
    other.symlink_to(project.root)
    project.arguments, project.asks_for_all = (other,), True


def replaced(project: Project) -> None:
    project.write({ONE: module(more="        self.done()\n")})
    project.commit()
    project.git("replace", "HEAD", project.git("commit-tree", "-m", "other", "HEAD^{tree}"))


def in_a_hook(project: Project) -> None:
    """Set what git sets for its hooks, for another index, too."""
    git_dir = project.git("rev-parse", "--absolute-git-dir")
    shutil.copy(f"{git_dir}/index", f"{git_dir}/next-index-1.lock")
    project.env |= {
        "GIT_DIR": git_dir,
        "GIT_INDEX_FILE": f"{git_dir}/next-index-1.lock",
        "GIT_WORK_TREE": str(project.root),
        "GIT_PREFIX": "api/",
    }


def elsewhere(project: Project) -> None:
    """Set the variables of another repository."""
    other = project.folder / "other"
    other.mkdir()
    project.git("init", "-q", at=other)
    project.watched.append(other)
    project.env |= {"GIT_DIR": str(other / ".git"), "GIT_WORK_TREE": str(other)}
    project.env |= {"GIT_INDEX_FILE": str(other / ".git/index")}


def ascii_only(project: Project) -> None:
    """Let Python know no encoding but ASCII."""
    project.env |= {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    named(b"caf\xc3\xa9/test_caf\xc3\xa9.py")(project)
    project.git("checkout", "-qb", b"caf\xc3\xa9")
    configured("branch.caf\u00e9.remote=.", "branch.caf\u00e9.merge=refs/heads/master")(project)


def signing(text: str) -> Setting:
    def sign(project: Project) -> None:
        program = project.folder / "bin" / "gpg"
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
        configured("commit.gpgSign=true", f"gpg.program={program}")(project)

    return sign


SIGNS = (
    "cat > /dev/null; echo '[GNUPG:] SIG_CREATED ' >&2;"
    "printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'"
)


def sha256(project: Project) -> None:
    shutil.rmtree(project.root / ".git")
    project.git("init", "-q", "-b", "master", "--object-format=sha256")
    known(project)
    project.commit()


def unborn(project: Project) -> None:
    project.git("checkout", "-q", "--orphan", "new")


def unborn_elsewhere(project: Project) -> None:
    worktree(project)
    project.git("checkout", "-q", "--orphan", "fixtests")
    project.watched.append(project.root)
    project.root = project.watched[0]


def pointing(project: Project) -> None:
    """Have the branch of a series be another name of the branch that is checked out."""
    project.run("commit", "--select", "FT101")
    project.git("branch", "other", "fixtests")
    project.git("symbolic-ref", "refs/heads/fixtests", "refs/heads/other")
    project.git("checkout", "-q", "other")
    project.arguments = ("--select", "FT603")


def held(name: str) -> Setting:
    def hold(project: Project) -> None:
        path = Path(project.git("rev-parse", "--absolute-git-dir")) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    return hold


def unknown(*settings: str) -> Setting:
    def forget(project: Project) -> None:
        project.git("config", "--remove-section", "user")
        configured(*settings)(project)

    return forget


def unwritable(project: Project) -> None:
    """Let no object be written, by root neither: a file is where each folder is to be."""
    project.git("gc", "-q")
    for number in range(256):
        path = project.root / ".git/objects" / f"{number:02x}"
        if not path.exists():
            path.touch()


def together(*settings: Setting) -> Setting:
    def set_all(project: Project) -> None:
        for setting in settings:
            setting(project)

    return set_all


def left_over(project: Project) -> None:
    """Leave findings, which are listed at the end of messages."""
    project.write({ONE: module(more=f"        self.use('{ANOTHER}')\n")})
    project.commit()


def constants(project: Project) -> None:
    table = '[literal-uuid]\nconstants-module = "constants.py"\n'
    project.write({"fixtests.toml": SETTINGS + table})
    project.commit()


def given(*arguments: str, where: str = "") -> Setting:
    def give(project: Project) -> None:
        project.arguments, project.where = arguments, where

    return give


def scripted(script: str) -> Setting:
    """Return what a user does beforehand, as a script of a shell."""
    return lambda project: project.git("-c", f"alias.try=!{script}", "try")


# What is before a series is made, and what refuses it there, by its words.
SITUATIONS: dict[str, tuple[Setting, str]] = {
    "nothing": (lambda project: None, ""),
    "index locked": (held("index.lock"), ""),
    "HEAD locked": (held("HEAD.lock"), ""),
    "branch locked": (held("refs/heads/fixtests.lock"), "fixtests.lock"),
    "packed refs locked": (held("packed-refs.lock"), ""),
    "pre-commit refuses": (hooked("pre-commit"), ""),
    "commit-msg refuses": (hooked("commit-msg"), ""),
    "prepare-commit-msg writes": (hooked("prepare-commit-msg", 'echo more >> "$1"'), ""),
    "post-commit writes": (hooked("post-commit", "touch written"), ""),
    "post-index-change writes": (hooked("post-index-change", "touch written"), ""),
    "post-checkout writes": (hooked("post-checkout", "touch written"), ""),
    "reference-transaction refuses": (hooked("reference-transaction"), "hook"),
    "no identity": (unknown("user.useConfigOnly=true"), "git does not know who you are"),
    "no address": (
        unknown("user.name=A", "user.useConfigOnly=true"),
        "git does not know who you are",
    ),
    "worktree": (worktree, ""),
    "submodule": (submodule, ""),
    "shallow": (cloned("--depth=1"), ""),
    "alternates": (cloned("--shared"), ""),
    "partial": (cloned("--filter=blob:none", "--no-checkout", then=partial), ""),
    "sparse": (sparse("--cone", "api"), ""),
    "sparse index": (sparse("--cone", "--sparse-index", "api"), ""),
    "sparse without attributes": (
        sparse_attributes,
        f"{ONE}: .gitattributes is in the commit, and missing here; restore it",
    ),
    "detached": (scripted("git checkout -q --detach"), ""),
    "unborn": (unborn, "has no commit yet"),
    "branch unborn elsewhere": (unborn_elsewhere, "fixtests: is checked out in "),
    "branch below": (
        scripted("git branch fixtests/mine"),
        "fixtests: git can have no such branch beside fixtests/mine; rename that",
    ),
    "branch above": (
        together(scripted("git branch mine"), given("--branch", "mine/more")),
        "mine/more: git can have no such branch beside mine; rename that",
    ),
    "branch of somebody": (scripted("git branch fixtests"), THERE),
    "branch points to another": (pointing, ""),
    "autocrlf": (holding("core.autocrlf=true"), ""),
    "autocrlf, blob has CRLF": (raw("", CRLF, "core.autocrlf=true"), ""),
    "autocrlf, safecrlf": (
        raw("", module(), "core.autocrlf=true", "core.safecrlf=true"),
        "",
    ),
    "autocrlf=input": (holding("core.autocrlf=input"), ""),
    "CRLF": (holding(api__test_1=CRLF), ""),
    "mixed line ends": (holding(api__test_1=MIXED), ""),
    "autocrlf, mixed line ends": (raw("", MIXED, "core.autocrlf=true"), ""),
    "text=auto, blob has CRLF": (raw("* text=auto\n", CRLF), ""),
    "text=auto, blob is mixed": (raw("* text=auto\n", MIXED), ""),
    "eol=crlf": (holding(attributes="*.py text eol=crlf\n"), ""),
    "eol=lf": (holding(attributes="*.py text eol=lf\n"), ""),
    "ident": (
        holding(attributes="*.py ident\n", api__test_1=b"# $Id$\n" + module()),
        "",
    ),
    "encoding": (
        holding(
            attributes="api/*.py text working-tree-encoding=latin-1\n",
            api__test_1=LATIN.encode("latin-1"),
        ),
        "",
    ),
    "filter": (
        holding(
            f"filter.x.clean={FILTER}", f"filter.x.smudge={BACK}", attributes="*.py filter=x\n"
        ),
        "",
    ),
    "filter is not there": (
        together(
            holding(attributes="*.py filter=x\n"),
            configured("filter.x.clean=/no/program", "filter.x.required=true"),
        ),
        "/no/program",
    ),
    "name with spaces": (named(b"net/test a b.py"), ""),
    "name with quotes": (named(b'net/"test"/test_\'".py'), ""),
    "name with a backslash": (named(b"net\\/test_\\1.py"), ""),
    "name with a newline": (named(b"n\net/test_\n1.py"), ""),
    "name with a tab": (named(b"n\tet/test_\t1.py"), ""),
    "name is not UTF-8": (named(b"n\xff/test_\xff.py"), ""),
    "name is magic": (named(b":(top)/test_1.py"), ""),
    "name begins with a dash": (named(b"-n/test_1.py"), ""),
    "ASCII only": (ascii_only, ""),
    "folder with a newline": (renamed_root(b"pro\nject \" '"), ""),
    "folder is not UTF-8": (renamed_root(b"pro\xffject"), ""),
    "quotePath, noprefix": (
        together(
            configured("core.quotePath=true", "diff.noprefix=true", "diff.external=false"),
            named(b"n\xc3\xa9t/test_1.py"),
        ),
        "",
    ),
    "executable": (executable, ""),
    "executable, no file modes": (together(executable, configured("core.fileMode=false")), ""),
    "linked files": (linked, ""),
    "through a link": (through_a_link, ""),
    "assume-unchanged": (hidden_change("--assume-unchanged"), f"{ONE}: {CHANGED}"),
    "skip-worktree": (hidden_change("--skip-worktree"), f"{ONE}: {CHANGED}"),
    "intent to add": (intended, "net/test_1.py: is not in the commit; commit it first"),
    "changes elsewhere": (changes_elsewhere, ""),
    "deletion is staged": (staged_deletion, ""),
    "merge": (in_progress("merge", "-q", "topic"), ""),
    "rebase": (in_progress("rebase", "-q", "topic"), ""),
    "replaced commit": (replaced, ""),
    "environment of a hook": (in_a_hook, ""),
    "environment of another repository": (elsewhere, ""),
    "subfolder": (given(where="api"), ""),
    "commitEncoding": (
        together(configured("i18n.commitEncoding=latin-1"), named(b"caf\xc3\xa9/test_1.py")),
        "",
    ),
    "commentChar": (together(left_over, configured("core.commentChar=-")), ""),
    "commentChar of ids": (configured("core.commentChar=C"), ""),
    "trailer commands": (
        configured("trailer.see.key=See: ", "trailer.see.command=echo 7"),
        "",
    ),
    "trailer command fails": (
        configured("trailer.see.key=See: ", "trailer.see.command=exit 3"),
        "",
    ),
    "trailers are not wanted": (
        configured("trailer.ifMissing=doNothing", "trailer.where=start"),
        "",
    ),
    "trailer separators": (configured("trailer.separators=#"), ""),
    "sign-off": (configured("format.signOff=true", "trailer.ifExists=replace"), ""),
    "commit.template": (configured("commit.template=/no/file", "commit.verbose=true"), ""),
    "signed": (signing(SIGNS), ""),
    "cannot be signed": (signing("exit 2"), "gpg failed to sign"),
    "sha256": (sha256, ""),
    "split index": (configured("core.splitIndex=true"), ""),
    "monitor of files": (configured("core.fsmonitor=/no/monitor"), ""),
    "untracked cache": (configured("core.untrackedCache=true"), ""),
    "hooks elsewhere": (
        together(
            lambda project: project.hook("reference-transaction", "exit 1", project.folder),
            lambda project: configured(f"core.hooksPath={project.folder / 'hooks'}")(project),
        ),
        "hook",
    ),
    "packed": (scripted("git gc -q && git pack-refs --all"), ""),
    "constants": (constants, ""),
    "objects cannot be written": (unwritable, "unable to create temporary file"),
    "somebody else's": (
        lambda project: project.env.update(GIT_TEST_ASSUME_DIFFERENT_OWNER="1"),
        "dubious ownership",
    ),
}
