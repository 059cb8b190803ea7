"""The documentation as a site: it is built without warnings, and holds every rule and option."""

import dataclasses
import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from conftest import git
from fixtests.cli.main import main
from fixtests.rules import registry
from fixtests.settings.config import Config
from fixtests.tree.known_profiles import CHOOSING
from fixtests.tree.profile import Profile
from typed import printed

TOP = Path(__file__).resolve().parents[1]
MADE = ("_build", "project", "reference", "rules")  # what a build makes in docs/
WRITTEN = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "docs/tutorials/*.md", "codemods/*.md", ".github/**/*.md")
    for path in TOP.glob(pattern)
)
pytestmark = pytest.mark.xdist_group("documentation")


class Page(HTMLParser):
    """The links of a page, and the places that lead into it."""

    def __init__(self, path):
        super().__init__()
        self.links, self.places = [], {""}
        self.feed(path.read_text())

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.places.add(values.get("id"))
        self.links += [values[name] for name in ("href", "src") if values.get(name)]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A checkout of its own, since a build writes beside the pages that it finds."""
    top = tmp_path_factory.mktemp("documentation") / "checkout"
    top.mkdir()
    for path in TOP.iterdir():
        if path.name not in (".git", "docs"):
            (top / path.name).symlink_to(path)
    shutil.copytree(TOP / "docs", top / "docs", ignore=shutil.ignore_patterns(*MADE))
    git(top, "init", "-q")  # the theme asks git for the commit
    git(top, "commit", "-q", "--allow-empty", "-m", "Documentation")
    return top


@pytest.fixture(scope="module")
def site(checkout):
    """The built site, by the command that CONTRIBUTING names."""
    build = ("-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *build],
        cwd=checkout,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return checkout / "docs/_build"


def test_every_page_is_built_and_every_link_inside_leads_somewhere(site):
    pages = {path.resolve(): Page(path) for path in site.rglob("*.html")}
    dead = []
    for path, page in pages.items():
        for link in page.links:
            if re.match(r"[a-z]+:|//|#$", link):
                continue
            name, _, place = unquote(link).partition("#")
            target = (path.parent / name.partition("?")[0]).resolve() if name else path
            if not target.is_file() or (target in pages and place not in pages[target].places):
                dead.append(f"{path.relative_to(site.resolve())}: {link}")
    assert dead == []
    rules = {path.stem for path in site.glob("rules/*.html")} - {"index"}
    assert rules == {rule.name for rule in registry.every()}
    docs = TOP / "docs"
    written = {
        path.relative_to(docs).with_suffix("") for path in WRITTEN if path.is_relative_to(docs)
    }
    assert {path for path in written if not (site / f"{path}.html").is_file()} == set()


def test_nothing_of_the_site_is_loaded_from_elsewhere(site):
    loaded = re.compile(r"<(?:script|img|link)[^>]*(?:src|href)=\"(?:https?:)?//[^\"]*")
    assert {
        found for path in site.rglob("*.html") for found in loaded.findall(path.read_text())
    } == set()


def sections(path):
    """Return the sections of a page by their titles."""
    parts = path.read_text().split("\n## ")[1:]
    return {part.partition("\n")[0]: part for part in parts}


def test_every_command_is_there_with_every_option(site):
    found = sections(site.parent / "reference/commands.md")
    group = click.Context(main)
    assert [*found] == main.list_commands(group)
    for name, text in found.items():
        options = [
            option
            for parameter in main.get_command(group, name).params
            if isinstance(parameter, click.Option) and not parameter.hidden
            for option in parameter.opts
        ]
        assert [option for option in options if not re.search(rf"`[^`]*{option}\b", text)] == []


def test_every_key_of_a_configuration_is_there_and_described(site):
    found = sections(site.parent / "reference/configuration.md")
    keys = {
        "tool.fixtests": {*_names(Config), "root"} - {"options"},
        "tool.fixtests.extend-profile": _names(Profile) - CHOOSING,
        **{f"tool.fixtests.{name}": _names(it) for name, it in registry.option_types().items()},
    }
    for name, expected in keys.items():
        listed = re.findall(r"^- `([a-z-]+)` \(.*?\)(: .+)?$", found.get(name, ""), re.MULTILINE)
        assert {key for key, _ in listed} == expected
        if name in ("tool.fixtests", "tool.fixtests.extend-profile"):
            assert [key for key, text in listed if not text] == []


def _names(kind):
    return {field.name.replace("_", "-") for field in dataclasses.fields(kind)}


FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(fixtests\s[^`]*)`")
OPERATORS = re.compile(r"\s*(?:&&|\|\|?|;|>)\s*")


def lines_of_fences(text):
    """Return the lines of commands that a page shows, without the prompt and remarks."""
    texts = [body for language, body in FENCE.findall(text) if language in ("", "sh", "console")]
    lines = "\n".join(texts).replace("\\\n", " ").splitlines()
    return [re.sub(r"\s+# .*$", "", line.removeprefix("$ ")) for line in lines]


def runs_of_the_tool(text):
    """Yield the arguments of each run of the tool that a page names, in fences and in its text."""
    lines = [" ".join(found.split()) for found in INLINE.findall(FENCE.sub("", text))]
    for line in [*lines_of_fences(text), *lines]:
        for command in OPERATORS.split(line):
            if re.match(r"fixtests(?: |$)", command):
                yield shlex.split(command)[1:]


RUNS = [
    (path.relative_to(TOP).as_posix(), arguments)
    for path in WRITTEN
    if path.name != "CHANGELOG.md"  # what once was
    for arguments in runs_of_the_tool(path.read_text())
]


def test_every_command_of_the_documentation_has_these_options():
    group = click.Context(main)
    names = main.list_commands(group)
    refused = []
    for page, arguments in RUNS:
        name, *rest = arguments if arguments[:1] and arguments[0] in names else ["fix", *arguments]
        if {"--help", "--version"}.isdisjoint(rest):
            try:
                main.get_command(group, name).make_context(name, rest, parent=group)
            except click.MissingParameter:
                continue  # a text that only names the command
            except click.UsageError as error:
                refused.append(f"{page}: {shlex.join(arguments)}: {error.format_message()}")
    assert refused == []
    assert len(RUNS) > 100


PREPARED = """\
git init -q -b master .
git config user.name Tester && git config user.email tester@example.org
git add . && git commit -q -m Tests
printf '[campaign]\\nrepositories = ["."]\\n' > campaign.toml
"""
# What comes before a line of the pages on series and campaigns, and what the line prints.
TYPED = {
    "fixtests commit nova/tests/functional --max-files 10": ("", "of them new"),
    "git log --oneline master..fixtests": ("fixtests commit\n", "Check fetched lists"),
    "fixtests fix --commit nova/tests/functional": ("", "of them new"),
    "fixtests migrate assert_length_idiom --commit nova/tests": ("", "Apply assert_length_idiom"),
    "fixtests commit --plan plan.json": ("fixtests plan -o plan.json\n", "of them new"),
    "fixtests series": ("fixtests commit\n", "fixtests, for master: "),
    "fixtests campaign campaign.toml": ("", "done"),
    "fixtests campaign --jobs 4 --output-format json campaign.toml": ("", '"done"'),
}
# What a tutorial types, README's tests, and test_campaign_workers.py with workers.
ELSEWHERE = re.compile(r"fixtests .*(?:--push|--verify|--scheduler )")


def test_every_line_of_the_pages_on_series_and_campaigns_is_typed():
    pages = [(TOP / f"docs/{name}.md").read_text() for name in ("series", "campaigns")]
    lines = {
        line
        for text in pages
        for line in lines_of_fences(text)
        if line.startswith(("fixtests ", "git "))
    }
    assert {line for line in lines if not ELSEWHERE.match(line)} == TYPED.keys()


@pytest.mark.parametrize("line", TYPED)
def test_line_of_a_page_does_what_it_says(line, suite):
    before, said = TYPED[line]
    printed(PREPARED + before, suite)
    assert said in printed(f"{line}\n", suite)


def test_picture_in_readme_is_what_the_demo_prints():
    spec = importlib.util.spec_from_file_location("picture", TOP / "docs/picture.py")
    picture = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(picture)
    texts = [
        "".join("".join(re.findall(r">([^<]*)</text>", svg)).replace("&#160;", " ").split())
        for svg in (picture.PICTURE.read_text(), picture.drawn())
    ]
    assert texts[1] == texts[0], "run `python docs/picture.py`"
    assert "Wouldfix2findings" in texts[0]
