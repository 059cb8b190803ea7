"""The page as text, from its template, its style sheet and its script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from importlib import resources

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from fixtests import __version__
from fixtests.report.contents import Report
from fixtests.report.location import from_top, named, visible
from fixtests.report.page import view
from fixtests.report.summary import count


def lines(report: Report) -> Iterator[str]:
    """Yield the lines of the page, which loads nothing: style and script stand in it."""
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    template = environment.from_string(_text("page.html.jinja"))
    style, script = _text("page.css"), _text("page.js")
    found = view.files(report)
    page = template.render(
        count=count,
        nobody=view.NOBODY,
        failures=[(visible(from_top(item.path)), item) for item in report.failures],
        files=found,
        number=len(report.findings),
        pages=[*view.pages(report.rules, found)],
        planned=sum(item.state == "planned" for file in found for item in file.items),
        plan=visible(str(report.plan)) if report.plan else "",
        command=view.command(report),
        baseline=named(str(report.baseline)) if report.baseline else "",
        most=max((number for _, number in report.trend), default=0),
        trend=report.trend,
        tables=[*view.tables(found)],
        tiers=view.TIERS,
        version=__version__,
        visible=visible,
        style=Markup(style),  # a file of ours, as the script is
        script=Markup(script),
        style_digest=_digest(style),
        script_digest=_digest(script),
    )
    yield from page.split("\n")


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _digest(text: str) -> str:
    """Return what a policy of HTML knows a script or a style sheet by."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
