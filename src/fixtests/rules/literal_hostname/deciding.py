"""Which names of hosts a constant is to stand for."""

from __future__ import annotations

from collections.abc import Iterator

from fixtests.model import Applicability, Finding
from fixtests.rules.api import Context
from fixtests.rules.literal_hostname.families import Hosts
from fixtests.rules.literal_hostname.replacements import Place, Replacement, replacements


def of_module(context: Context) -> Iterator[Finding]:
    """Yield every host name that a constant is to stand for."""
    project, path = context.project, context.source.path
    if not project.is_test(path) or project.is_data(path) or project.is_sample(path):
        return
    hosts = Hosts(context.module, project)
    places = []
    for family, constant, reason in hosts.named():
        places += [Place(use, family, constant, reason) for use in family.uses]
    for item in replacements(places, context.module, context.line_length):
        for place in item.places:
            yield _finding(place, item, context)


def _finding(place: Place, item: Replacement, context: Context) -> Finding:
    value = place.family.value
    doubts = [other.constant.doubt for other in item.places if other.constant.doubt]
    stays = [other.reason for other in item.places if other.reason]
    message = f"host name `{value}` is repeated: use `{place.expression}`"
    applicability = Applicability.UNSAFE if doubts else Applicability.SAFE
    if stays:
        applicability, doubts = Applicability.DISPLAY, stays
    elif not item.fits:
        applicability, doubts = Applicability.DISPLAY, ["break its line first"]
    return context.finding(
        place.use.node,
        f"{message}; {doubts[0]}" if doubts else message,
        applicability,
        text=item.text,
        replaced=item.span,
        constants=[
            (other.family.owner.name, other.constant.name, repr(other.family.value))
            for other in item.places
            if not other.constant.declared
        ],
    )
