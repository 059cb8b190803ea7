"""Parameters of which the tests take a few, and all of them where slow tests are asked for."""

import pytest


def sparse(values, step, reason):
    """Each value as a parameter; all but every so-manieth is marked as slow, for a reason."""
    slow = pytest.mark.slow(reason)
    return [
        pytest.param(*(it if isinstance(it, tuple) else (it,)), marks=[slow] if at % step else [])
        for at, it in enumerate(values)
    ]
