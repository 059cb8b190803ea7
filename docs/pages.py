"""Pages that Sphinx finds beside the written ones: made from the program, or from files above.

A rule's page is what `fixtests explain` shows, the commands are those of click, the keys of a
configuration are the fields of its dataclasses. README and its like are taken as they are, with
their links led to the pages.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import click
import configuration_page

from fixtests.cli.main import main
from fixtests.report import rule_pages
from fixtests.rules import registry

TOP = Path(__file__).resolve().parents[1]
TAKEN = {  # files outside of docs/, and the pages that they become
    "README.md": "docs/project/readme.md",
    "CHANGELOG.md": "docs/project/changelog.md",
    "CONTRIBUTING.md": "docs/project/contributing.md",
    "SECURITY.md": "docs/project/security.md",
    "codemods/README.md": "docs/reference/codemods.md",
}
LINK = re.compile(r"(?<=\]\()(?P<target>[^)\s#:]+)(?=(?:#[^)\s]*)?\))")


def write(docs: Path) -> None:
    """Write all pages that are made, those that are as they were not again."""
    pages = {
        f"docs/rules/{rule.name}.md": "\n".join(rule_pages.page(rule)) for rule in registry.every()
    }
    pages["docs/rules/index.md"] = rules_page()
    pages["docs/reference/commands.md"] = "\n".join(command_lines())
    pages["docs/reference/configuration.md"] = "\n".join(configuration_page.lines())
    for source, page in TAKEN.items():
        pages[page] = relinked((TOP / source).read_text(encoding="utf-8"), source, page)
    made = {docs.parent / name: text for name, text in pages.items()}
    for path, text in made.items():
        path.parent.mkdir(exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for folder in {path.parent for path in made}:  # a rule that is gone has no page
        for path in set(folder.glob("*.md")) - made.keys():
            path.unlink()


def relinked(text: str, source: str, page: str) -> str:
    """Return a text of one file for another one, with its links to files led from there."""

    def led(found: re.Match[str]) -> str:
        target = os.path.normpath(PurePosixPath(source).parent / found["target"])
        if not (TOP / target).exists():
            return found[0]
        place = TAKEN.get(target, target)
        no_page = place.endswith(".md") and not place.startswith("docs/")
        return ("path:" if no_page else "") + os.path.relpath(place, PurePosixPath(page).parent)

    return LINK.sub(led, text)


def rules_page() -> str:
    """Return the table of all rules."""
    rows = [
        f"| [{rule.code}]({rule.name}.md) | `{rule.name}` | {'on' if rule.default else 'off'} "
        f"| {rule.summary} |"
        for rule in registry.every()
    ]
    head = ["# Rules", "", "| code | name | by default | finds |", "|---|---|---|---|"]
    return "\n".join([*head, *rows, "", "```{toctree}", ":glob:", ":hidden:", "", "*", "```", ""])


def command_lines() -> Iterator[str]:
    """Yield the page of all commands with their options."""
    yield from ("# Commands", "", *_help(main, click.Context(main, info_name="fixtests")))
    for name, command, context in commands():
        yield from ("", f"## {name}", "", *_help(command, context))


def commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Yield the name of each command, the command, and a context to ask it about itself."""
    group = click.Context(main, info_name="fixtests")
    for name in main.list_commands(group):
        if command := main.get_command(group, name):
            yield name, command, click.Context(command, group, info_name=name)


def _help(command: click.Command, context: click.Context) -> Iterator[str]:
    usage = command.get_usage(context).removeprefix("Usage: ")
    yield from ("```", " ".join(usage.split()), "```", "", command.help or "", "")
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record and record[1]:
            yield f"- `{record[0]}`: {record[1]}"


def setup(app: Any) -> dict[str, bool]:
    """Have Sphinx call what is needed before it looks for pages, and when it reads one."""

    def relink(app: Any, name: str, content: list[str]) -> None:
        page = f"docs/{name}.md"
        content[0] = relinked(content[0], page, page)

    app.connect("builder-inited", lambda app: write(Path(app.srcdir)))
    app.connect("source-read", relink)
    return {"parallel_read_safe": True}
