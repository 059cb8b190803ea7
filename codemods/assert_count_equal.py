"""Call assertCountEqual by its Python 3 name.

What: `self.assertItemsEqual(a, b)` becomes `self.assertCountEqual(a, b)`; a
project's own method of the old name, and calls on anything but `self`, stay.
Why: unittest dropped the old name with Python 2, testtools dropped its copy
later, so such a test stops with an AttributeError where nothing else supplies it.
When to delete: once `git grep assertItemsEqual` finds nothing on any branch
that still takes backports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bowler import Query

if TYPE_CHECKING:
    from collections.abc import Sequence

OLD = "assertItemsEqual"


def query(paths: Sequence[str]) -> Query:
    """Return the rename of every such call on `self`."""
    return Query(paths).select_method(OLD).is_call().filter(on_self).rename("assertCountEqual")


def on_self(node: Any, capture: object, filename: str) -> bool:
    """Tell whether the method is called on `self` itself."""
    receiver, method = node.children[:2]
    return [leaf.value for leaf in (*receiver.leaves(), *method.leaves())] == ["self", ".", OLD]
