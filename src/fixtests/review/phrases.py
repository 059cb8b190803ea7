"""The phrases of reviews, which are data: `phrases.toml` holds them as regular expressions."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("phrases.toml")
DEED = "<deed>"  # stands for what somebody does who mends something


def pattern(name: str, template: str = "{}") -> re.Pattern[str]:
    """Return the phrases of a name as one expression, in the place of `{}` in another one."""
    return re.compile(template.replace("{}", either(name)), re.IGNORECASE)


def either(*names: str) -> str:
    """Return the phrases of some names as the alternatives of an expression."""
    listed = [phrase for name in names for phrase in _phrases()[name]]
    deeds = "|".join(_phrases()["deed"])
    return f"(?:{'|'.join(listed)})".replace(DEED, rf"(?:{deeds})\b")


@cache
def _phrases() -> dict[str, list[str]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
