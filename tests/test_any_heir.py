"""What a function may do as any class that inherits it is at least what it does as each of them."""

import random

import pytest

from fixtests.reasoning.any_heir import AnyHeir
from fixtests.reasoning.calls import Run
from fixtests.rules.missing_cleanup.origins import UNKNOWN
from fixtests.rules.missing_cleanup.ownership import Ownership
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.tree.module import Class

NAMES = ("setUp", "tearDown", "_one", "_two", "_three", "test_it")
STATEMENTS = (
    "self._one(thing)",
    "self._two(thing)",
    "self._three(self.kept)",
    "self.addCleanup(self._two, thing)",
    "super().{name}(thing)",
    "{base}._one(self, thing)",
    "self.api.delete_server(thing)",
    "self.addCleanup(self.api.delete_server, self.kept)",
    "thing = self.api.post_server({{}})",
    "_module(thing)",
    "self.other.stop(thing)",
    "self.kept = thing",
    "pass",
)


def classes(chosen, count):
    """Source of classes of which each inherits from one or two before it, or from none."""
    lines = ["import unittest", "", "", "def _module(thing):", "    thing.delete_server()", "", ""]
    for number in range(count):
        size = chosen.choice((0, 1, 1, 1, 2)) if number else 0
        bases = [f"C{at}" for at in chosen.sample(range(number), min(size, number))]
        lines.append(f"class C{number}({', '.join(bases or ['unittest.TestCase'])}):")
        for name in chosen.sample(NAMES, chosen.randrange(1, 4)):
            lines.append(f"    def {name}(self, thing=None):")
            for statement in chosen.sample(STATEMENTS, chosen.randrange(1, 4)):
                text = statement.format(name=name, base=(bases or ["C0"])[0])
                lines.append(f"        {text}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_left_out_that_one_class_does(seed, tmp_path):
    files = [tmp_path / "tests/test_sample.py", tmp_path / "tests/base.py"]
    files[0].parent.mkdir()
    (tmp_path / "fixtests.toml").write_text('root = true\nprofile = "nova"\n')
    chosen = random.Random(seed)
    for path in files:
        path.write_text(classes(chosen, 8))
    project = Session(Request((tmp_path,))).jobs.of(files[0]).project
    ownership = Ownership.of(project)
    resource = next(it for it in project.profile.resources if it.name == "server")
    for name in ("tests.test_sample", "tests.base"):
        for owner in project.locate(name).classes.values():
            heirs = [owner, *project.subclasses(owner)]
            for method in project.methods(owner).values():
                anyhow = AnyHeir.of(project).run(method, owner)
                found = ownership.any_targets(anyhow, resource)
                for heir in heirs:
                    exact = ownership.targets(Run(method, heir), resource)
                    assert any(UNKNOWN in item for item in found) or all(
                        any(it <= other for other in found) for it in exact
                    )
            around = [
                method
                for heir in heirs
                for item in project.mro(heir)
                if isinstance(item, Class)
                for method in ownership.around(item)
                if ownership.targets(Run(method, heir), resource)
            ]
            assert not around or ownership._reaching.may_clear_up(owner, resource)
