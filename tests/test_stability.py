"""Whoever uses the public API is not broken without a word in the changelog."""

from pathlib import Path

import pytest

pytest.importorskip("griffe", reason="griffe describes the API; pip install -e '.[dev]'")

import described

CHANGELOG = (described.TOP / "CHANGELOG.md").read_text()
SAID = "# Changelog\n\n## [Unreleased]\n\n### {}\n\n- {}\n\n## [0.1.0] - 2000-01-01\n"


@pytest.fixture(scope="module")
def today():
    return described.today()


def test_nothing_breaks_that_the_changelog_does_not_name(today):
    changes = list(described.breaking(described.KEPT.read_text(), today))
    assert described.unsaid(changes, CHANGELOG) == []


def test_kept_description_is_read_and_names_everything(today):
    kept = described.griffe.Module.from_json(described.KEPT.read_text())
    for name in described.PUBLIC:
        module = name.partition(".")[2]
        assert kept[module].members.keys() <= today[module].members.keys() != set()


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("(project: Project,", "(tree: Project,", "fixtests.api.check"),
        ("def check(", "def check_all(", "fixtests.api.check"),
        ("command: str | None = None", "command: str", "fixtests.api.verify_plan"),
        ("    written: ", "    wrote: ", "fixtests.api.Applied.written"),
    ],
)
def test_break_is_seen_until_the_changelog_names_it(today, tmp_path, old, new, change):
    source = tmp_path / "src"
    package = Path(described.TOP / "src" / "fixtests")
    for path in package.rglob("*.py"):
        if path.relative_to(package).parts[0] in ("api", "rules", "model.py", "__init__.py", "run"):
            place = source / "fixtests" / path.relative_to(package)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(path.read_text())
    for name in ("migrate", "testing"):
        (source / "fixtests" / name).mkdir()
        (source / "fixtests" / name / "__init__.py").write_text('"""Nothing."""\n__all__ = []\n')
    work = source / "fixtests" / "api" / "work.py"
    assert old in work.read_text()
    work.write_text(work.read_text().replace(old, new))
    facade = source / "fixtests" / "api" / "__init__.py"
    if "check_all" in new:
        facade.write_text(facade.read_text().replace("    check,\n", "").replace('"check",', ""))
    other = described.today(source)
    kept = described.text(today)
    changes = [it for it in described.breaking(kept, other) if it.startswith("fixtests.api.")]
    assert any(it.startswith(f"{change}: ") for it in changes), changes
    name = ".".join(change.split(".")[:3])
    mine = [it for it in changes if it.startswith(change)]
    assert described.unsaid(mine, SAID.format("Fixed", f"`{name}`")) == mine
    assert described.unsaid(mine, SAID.format("Changed", f"`{name}`")) == []
