"""One file's bytes to its FileResult: check, place fixes, prove them. No disk, no printing."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from fixtests.engine import blame, run_rules
from fixtests.engine.blame import RuleFaultError, blamed
from fixtests.engine.job import Job
from fixtests.engine.run_rules import Selected
from fixtests.model import Applicability, Edit, FileResult, Finding, Judged, Problem, Status, digest
from fixtests.plugins import loading
from fixtests.rules import registry
from fixtests.rules.api import Rule
from fixtests.syntax import lazy_parse, proof
from fixtests.syntax.proof import ProofError
from fixtests.text import edits
from fixtests.text.source import Source, SourceError
from fixtests.tree import fitting
from fixtests.tree.module import Module

ROUNDS = 10
LARGE = 1_000_000  # bytes; the whole tree of more takes too much memory


class IdleCommentError(ProofError):
    """A comment that was to silence a finding and would silence nothing."""


def run(path: str, content: bytes, job: Job) -> FileResult:
    """Check one file, place its fixes, and prove those that the job's tiers allow.

    A rule of a plug-in that raises is left out, as if it had not been asked for, and named.
    """
    faults: list[str] = []
    while True:
        try:
            result = _run(path, content, job)
        except RuleFaultError as fault:
            faults.append(str(fault))
            job = _without(job, fault)
        else:
            return dataclasses.replace(result, faults=tuple(faults)) if faults else result


def _without(job: Job, fault: RuleFaultError) -> Job:
    rules = [(rule, options) for rule, options in job.rules if rule.code != fault.code]
    return dataclasses.replace(job, rules=rules)


def _run(path: str, content: bytes, job: Job) -> FileResult:
    try:
        module, rules = _read(path, content, job)
    except SourceError as error:
        return FileResult(path, "", Status.FAILED, detail=str(error))
    source = module.source
    found = _found(module, rules, job) if rules else []
    for fault in lazy_parse.faults(module.tree):
        detail = f"{fault}; make it valid for this Python, or exclude the file"
        return FileResult(path, "", Status.FAILED, detail=detail)
    found, problems = _silenced(found, source, job)
    found = _placed(found, module, job)
    result = FileResult(
        path,
        source.digest,
        Status.FOUND if found else Status.CLEAN,
        str(job.project.root),
        tuple(found),
        problems=problems,
        sought=run_rules.sought(job.rules, source, job.project),
    )
    fixable = [item for item in found if _chosen(item, job)]
    if not fixable:
        return result
    try:
        changes, later = _converge(module, fixable, job, len(problems))
        after = source.encode(edits.apply(source.utf8, changes))
    except (ProofError, SourceError) as error:
        if isinstance(error, IdleCommentError) and not job.apart:  # it hid what is flagged
            return _run(path, content, dataclasses.replace(job, apart=True))
        for rule, _ in job.rules:
            if rule.origin and any(item.code == rule.code for item in fixable):
                raise RuleFaultError(rule.code, blame.said(rule, f"a fix: {error}")) from None
        codes = ",".join(sorted({item.code for item in fixable}))
        how = ["--dry-run", "--no-cache", *(["--add-ignore"] if job.silencing else [])]
        how += ["--unsafe-fixes"] if Applicability.UNSAFE in job.tiers and not job.silencing else []
        import shlex

        again = shlex.join(["fixtests", *how, "--select", codes, path])
        detail = f"{error}; the file was left as it was; please report this with it: {again}"
        return dataclasses.replace(result, status=Status.FAILED, detail=detail)
    return dataclasses.replace(
        result,
        status=Status.CHANGED,
        edits=changes,
        result=digest(after),
        fixed=tuple(fixable),
        later=later,
    )


def judged(path: str, content: bytes, job: Job) -> list[Judged]:
    """Return the places of a file that the rules look at and do not flag.

    Raises SourceError where it is not Python.
    """
    while True:
        try:
            module, _ = _read(path, content, dataclasses.replace(job, whole=True))
            whole = job.project.adopt(module.source, module.source.parse())
            return run_rules.judged(whole, job.project, job.rules, job.layout)
        except RuleFaultError as fault:
            loading.note(f"{path}: {fault}")
            job = _without(job, fault)


def _read(path: str, content: bytes, job: Job) -> tuple[Module, list[Selected]]:
    """Parse a file, look at its tree with the profile that fits, and choose the rules for it.

    Raises SourceError.
    """
    project = job.project
    module = project.parsed(Path(path), content)
    source = module.source if module else Source.decode(path, content)
    if job.whole:
        source.parse()
    if not run_rules.may_say(job.rules, content):  # whichever profile fits
        return module or project.adopt(source, lazy_parse.parse(source)), []
    fit = project.home_name
    if fitting.may_differ(content, project):
        module = module or project.adopt(source, lazy_parse.parse(source))
        fit = fitting.of_module(module, project)
    project.fit(fit)
    rules = run_rules.wanted(job.rules, content, project)
    if module is None:
        rows = run_rules.rows(rules, source, project)
        module = project.adopt(source, lazy_parse.parse(source, rows))
    return module, rules


def _found(module: Module, rules: Sequence[Selected], job: Job) -> list[Finding]:
    found = run_rules.findings(module, job.project, rules, job.layout)
    return [job.trust.applied(item) for item in found]


def _chosen(finding: Finding, job: Job) -> bool:
    return (
        finding.fix is not None
        and not finding.suppressed
        and finding.fix.applicability in job.tiers
    )


def _silenced(
    found: list[Finding], source: Source, job: Job
) -> tuple[list[Finding], tuple[Problem, ...]]:
    """Mark what a comment or the baseline silences; collect the comments that silence nothing."""
    if job.accepted:
        found = [
            dataclasses.replace(item, suppressed=item.fingerprint in job.accepted) for item in found
        ]
    if not job.silence or not (found or _own_comment().search(source.utf8)):
        return found, ()
    from fixtests.syntax.suppressions import Suppressions

    comments = Suppressions.read(source)
    found = [
        dataclasses.replace(item, suppressed=comments.silence(item) or item.suppressed)
        for item in found
    ]
    active = _names(rule for rule, _ in job.rules)
    return found, tuple(comments.idle(active, known=_names(registry.every())))


@cache
def _own_comment() -> re.Pattern[bytes]:
    """Return what finds comments that may be about our rules, or those of plug-ins."""
    prefixes = sorted({rule.code.rstrip("0123456789") for rule in registry.every()})
    codes = "|".join(prefixes)
    return re.compile(
        rf"#\s*(?:fixtests\s*:|(?:flake8[:=]\s*)?noqa[^\r\n#]*\b(?:{codes})\d)".encode(),
        re.IGNORECASE,
    )


def _names(rules: Iterable[Rule]) -> frozenset[str]:
    return frozenset(name for rule in rules for name in (rule.code, rule.name))


def _placeable(finding: Finding) -> bool:
    return finding.applicability is not Applicability.DISPLAY and not finding.suppressed


def _placed(found: list[Finding], module: Module, job: Job) -> list[Finding]:
    """Place the fix of each finding; where the source has no place for it, say so."""
    if not found:  # which is so of most files, and of them nothing is to be loaded
        return found
    from fixtests.fixing import editor, silencing

    if job.silencing is not None:
        places = silencing.Places(
            module.source, job.silencing, job.layout.line_length, apart=job.apart
        )
        return silencing.placed(found, places)
    rewriter = editor.Rewriter(module, job.project, job.layout, filter(_placeable, found))
    rules = {rule.code: rule for rule, _ in job.rules}
    placed = []
    for finding in found:
        if _placeable(finding):
            try:
                with blamed(rules[finding.code], (editor.CannotPlaceError,)):
                    fix = rewriter.place(rules[finding.code], finding)
                finding = dataclasses.replace(finding, fix=fix)
            except editor.CannotPlaceError as error:
                message = f"{finding.message}; not fixed: {error}"
                finding = dataclasses.replace(
                    finding, applicability=Applicability.DISPLAY, message=message
                )
        placed.append(finding)
    return rewriter.settled(placed)


def _converge(
    module: Module, fixable: list[Finding], job: Job, problems: int
) -> tuple[tuple[Edit, ...], tuple[tuple[Finding, ...], ...]]:
    """Apply fixes round by round until none is left, and prove each round.

    Returns edits of the original text, and the findings fixed in each round
    after the first. Raises ProofError, and IdleCommentError where comments that
    were to silence findings leave more than so many `problems` with comments.
    """
    rounds: list[tuple[Edit, ...]] = []
    fixed: list[tuple[Finding, ...]] = []
    with contextlib.ExitStack() as results:
        current = module
        while fixable:
            if len(rounds) == ROUNDS:
                row, _ = current.source.location(fixable[0].span.start)
                raise ProofError(
                    f"line {row}: {fixable[0].code} is still there after {ROUNDS} rounds"
                )
            taken, changes = edits.compatible(fixable)
            current = _next(current, changes, job)
            results.callback(current.close)
            rounds.append(changes)
            fixed.append(tuple(taken))
            fixable, idle = _left(current, job)
        if job.silencing is not None and len(idle) > problems:
            raise IdleCommentError(f"a comment would silence nothing ({idle[-1].message})")
    return edits.compose(len(module.source.utf8), rounds), tuple(fixed[1:])


def _left(module: Module, job: Job) -> tuple[list[Finding], tuple[Problem, ...]]:
    """Return what a second run would fix in a result, and what is wrong with its comments."""
    with job.project.overlay(module):
        silences = job.silencing is not None
        fixing = [(rule, options) for rule, options in job.rules if silences or rule.fixable]
        rules = run_rules.wanted(fixing, module.source.content, job.project)
        found = _found(module, rules, job)
        found = [item for item in found if silences or item.applicability in job.tiers]
        found, problems = _silenced(found, module.source, job)
        return [item for item in _placed(found, module, job) if _chosen(item, job)], problems


def _next(module: Module, changes: tuple[Edit, ...], job: Job) -> Module:
    before = module.source
    after = Source.decode(before.path, before.encode(edits.apply(before.utf8, changes)))
    try:
        tree = _result_tree(after, job)
    except SourceError as error:
        before.parse()  # where the file itself was no Python, that is what is wrong
        said = str(error)
        if error.row:
            line = after.line(min(error.row, len(after.starts))).decode("utf-8", "replace").strip()
            said = f"line {error.row}: {error.reason}: `{line}`"
        raise ProofError(f"the result would not parse ({said})") from None
    proof.same_outside(before, module.tree, after, tree, changes)
    return Module(module.name, after, tree, package=module.package)


def _result_tree(after: Source, job: Job) -> ast.Module:
    """Return the tree of a result; of a large one only what the rules look at, to save memory.

    Raises SourceError where it is not Python.
    """
    if len(after.utf8) < LARGE:
        return after.parse()
    rules = run_rules.wanted(job.rules, after.content, job.project)
    tree = lazy_parse.parse(after, run_rules.rows(rules, after, job.project))
    for fault in lazy_parse.unread_faults(tree):
        raise SourceError(fault)
    return tree
