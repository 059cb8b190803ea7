"""Values as text that is the same in every run, and the paths by which unknown things are known."""

from __future__ import annotations

from fake_api.world import now


class Named:
    """Something that has nothing but a path: how the test came by it."""

    __slots__ = ("__path",)

    def __init__(self, path: str) -> None:
        object.__setattr__(self, "_Named__path", path)


def path_of(thing: Named) -> str:
    """Return the name under which the world knows a thing."""
    path: str = object.__getattribute__(thing, "_Named__path")
    return path


def shown(value: object, depth: int = 5) -> str:
    """Return a value as text that is the same in every run."""
    if isinstance(value, Named):
        return f"<{path_of(value)}>"
    if isinstance(value, str):
        return now().synonyms.get(value) or repr(value)
    if value is None or isinstance(value, (bytes, int, float)):
        return repr(value)
    if depth and isinstance(value, dict):
        pairs = (f"{shown(k, depth - 1)}: {shown(v, depth - 1)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if depth and isinstance(value, (list, tuple)):
        return f"{type(value).__name__}({', '.join(shown(item, depth - 1) for item in value)})"
    if depth and isinstance(value, (set, frozenset)):
        return f"set({', '.join(sorted(shown(item, depth - 1) for item in value))})"
    return f"<{getattr(value, '__qualname__', type(value).__qualname__)}>"
