"""Whether proved fixes matter: each gets a mutant, which its tests are run with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from fixtests.model import Proof, Verdict
from fixtests.rules.mutant import Expected
from fixtests.verify import mutants, units
from fixtests.verify.trial import Ran, Trial
from fixtests.verify.units import Contents


class Mattering:
    """The proved fixes of one root; `run` carries trials out, `say` is told what is being done.

    `near` are the tests that pass of those that a fix's file can make fail as a whole.
    """

    def __init__(
        self,
        root: Path,
        near: Mapping[str, frozenset[str]],
        run: Callable[[Sequence[Trial]], list[Ran]],
        say: Callable[[str], None],
    ) -> None:
        self._root = root
        self._near = near
        self._run = run
        self._say = say
        self._proved: dict[str, frozenset[str]] = {}

    def tell(self, contents: Contents, kept: Collection[str], proofs: dict[str, Proof]) -> None:
        """Make the mutants of the fixes that are kept, and note what came of them at their proofs.

        Those whose lowest version was looked for need none.
        """
        self._proved = {
            name: frozenset(proof.tests)
            for name, proof in proofs.items()
            if proof.verdict is Verdict.PROVED and not proof.mutant
        }
        held = contents.of(kept)
        made: list[mutants.Planned] = []
        for result in contents.results(kept):
            path = self._relative(result.path)
            if path in held:
                made += mutants.planned(result, held[path], len(made))
        groups = mutants.grouped(filter(self._names, made), self._reach)
        if groups:
            self._say(f"Running {len(groups):,} x, to see whether fixes matter")
        ran = self._run([self._trial(group, held) for group in groups])
        for group, its in zip(groups, ran, strict=True):
            for item in group:
                for name in self._names(item):
                    said = item.verdict(its, self._proved[name])
                    proofs[name] = replace(proofs[name], mutant=said)

    def _trial(self, group: Sequence[mutants.Planned], held: Mapping[str, bytes]) -> Trial:
        files = {self._relative(path): it for path, it in mutants.contents(group).items()}
        names = [name for item in group for name in self._names(item)]
        tests = {test for name in names for test in self._proved[name]}
        return Trial({**held, **files}, tuple(sorted(tests)))

    def _names(self, item: mutants.Planned) -> list[str]:
        """Return the proved fixes that a mutant is of."""
        found = (units.named(item.source.path, fix) for fix in item.fixes)
        return [name for name in found if name in self._proved]

    def _reach(self, item: mutants.Planned) -> frozenset[str]:
        """Return the tests that may come to what a mutant changes."""
        is_value = item.mutant.expects is Expected.PASS  # another value, which others may use
        tests = self._near if is_value else self._proved
        return frozenset().union(*(tests[name] for name in self._names(item)))

    def _relative(self, path: str) -> str:
        return Path(path).relative_to(self._root).as_posix()
