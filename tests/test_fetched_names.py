"""Names for fetched lists come from what is fetched, not from what it is looked up by."""

import ast

import pytest

from fixtests.reasoning.fetched import guards


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("event_object.Event.get_all_by_room(self.context, 1)", "events"),
        ("objects.Lamp.get_by_host('one')", "lamps"),
        ("self.api.get_lamps_by_room('hall')", "lamps"),
        ("db.get_all_by_room(1)", "found"),
    ],
)
def test_a_list_is_called_after_what_is_fetched(call, name):
    statement = ast.parse(f"self.use({call}[0])").body[0]
    fetched = ast.parse(call, mode="eval").body
    assert guards.naming(fetched, statement, call, set(), 79)[0] == name
