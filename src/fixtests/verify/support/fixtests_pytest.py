"""Lists the tests of files, or runs some of them with pytest and says how each ended.

Files are collected and their tests are picked by their node ids: an id that is no more there, or
a file that cannot be imported, would keep pytest from running any other.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import fixtests_marks
import pytest
from fixtests_events import send, tail

ENDED = (0, 1, 5)  # all passed, some failed, none were collected
# What options of pytest-xdist are without it: a project may ask for more processes.
ALONE: dict[str, object] = {
    "numprocesses": None,
    "maxprocesses": None,
    "dist": "no",
    "distload": False,
    "tx": [],
}


class Plugin:
    """Sends what pytest says of tests."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.root = request["root"]
        self.is_list = request["list"]
        self.wanted = {name for module in request["modules"] for name in module["ids"]}
        self.reports: list[pytest.TestReport] = []
        self.items: list[pytest.Item] = []

    @pytest.hookimpl(hookwrapper=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> Iterator[None]:
        """Let all tests run in this process, before other plugins look at options."""
        for name, value in ALONE.items():
            if hasattr(config.option, name):
                setattr(config.option, name, value)
        yield

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        """Send which file is loaded."""
        if isinstance(collector, pytest.Module):
            path = getattr(collector, "path", None) or collector.fspath
            send("load", path=os.path.realpath(str(path)))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """Send that all files are loaded."""
        send("load", path="")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Send which file cannot be collected, or is skipped as a whole."""
        path = self.root + os.sep + report.nodeid.partition("::")[0]
        if report.failed:
            send("broken", path=path, status="missing", tail=tail(report.longreprtext))
        elif report.skipped:
            send("broken", path=path, status="skipped", tail=tail(report.longreprtext))

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what is asked for, or send what there is and keep nothing."""
        if self.is_list:
            for item in items:
                self._show(item)
            items[:] = []
        items[:] = self.items = [item for item in items if item.nodeid in self.wanted]

    def _show(self, item: pytest.Item) -> None:
        path = os.path.realpath(str(getattr(item, "path", None) or item.fspath))
        owner = getattr(item, "cls", None)
        send(
            "test",
            id=item.nodeid,
            via=path,
            path=path,
            owner=owner.__qualname__ if owner else "",
            name=getattr(item, "originalname", None) or item.name.partition("[")[0],
        )

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note that a test runs."""
        self.reports = []
        fixtests_marks.belongs = (nodeid,)
        send("start", id=nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how a phase of a test ended; one that is repeated says so as an outcome."""
        if str(report.outcome) == "rerun":
            self.reports = []
        else:
            self.reports.append(report)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Send how a test ended."""
        fixtests_marks.belongs = ("",)
        fixtests_marks.flush()
        status, text = judged(self.reports)
        seconds = sum(report.duration for report in self.reports)
        send("stop", id=nodeid, status=status, seconds=seconds, tail=tail(text))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        """Say whose a fixture is that runs once for several tests."""
        before = fixtests_marks.belongs
        if fixturedef.scope != "function":
            users = tuple(item.nodeid for item in self.items if uses(item, fixturedef))
            fixtests_marks.belongs = users or before
        yield
        fixtests_marks.belongs = before


def uses(item: pytest.Item, fixturedef: object) -> bool:
    """Tell whether a test asks for a fixture, by itself or by another."""
    information = getattr(item, "_fixtureinfo", None)
    known = getattr(information, "name2fixturedefs", {})
    return any(fixturedef in found for found in known.values())


def judged(reports: list[pytest.TestReport]) -> tuple[str, str]:
    """Return how a test ended, by its phases, and why."""
    for report in reports:
        if report.failed:
            return "failed", report.longreprtext
    for report in reports:
        if report.skipped:
            return "skipped", report.longreprtext
    called = any(report.when == "call" and report.passed for report in reports)
    return ("passed", "") if called else ("missing", "")


def main() -> None:
    """Do what the request says."""
    with open(os.environ["FIXTESTS_REQUEST"], encoding="utf-8") as stream:
        request = json.load(stream)
    options = ["--rootdir=" + request["root"], "-o", "cache_dir=" + request["cache"]]
    options += ["--maxfail=0", "--continue-on-collection-errors"]
    files = [module["path"] for module in request["modules"]]
    fixtests_marks.belongs = ("",)
    code = pytest.main([*options, *files], plugins=[Plugin(request)])
    fixtests_marks.flush()
    send("done" if code in ENDED else "refused")


if __name__ == "__main__":
    main()
