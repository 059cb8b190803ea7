"""Where the page of a rule stands on the project's site, as the installed package names that."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

LABEL = "documentation"  # of the site in `[project.urls]`


def of_rule(name: str) -> str | None:
    """Return the address of a rule's page, None where there is no site."""
    address = _site()
    return f"{address}/rules/{name}.html" if address else None


@cache
def _site() -> str | None:
    from importlib import metadata  # takes longer to load than most formats to print

    try:
        named: Iterable[str] = metadata.metadata("fixtests").get_all("Project-URL") or ()
    except metadata.PackageNotFoundError:
        return None
    for label, _, address in (item.partition(",") for item in named):
        if label.strip().lower() == LABEL:
            return address.strip().rstrip("/")
    return None
