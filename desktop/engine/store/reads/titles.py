"""What a task is called whose function alone does not tell it from others: by its arguments too."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final

ROOM: Final = 40
"""Characters of the arguments."""
LONGEST: Final = 1000
"""Characters of arguments that are looked at, as JSON."""


@lru_cache(maxsize=1024)  # the same rows are read again and again
def with_arguments(title: str, arguments: str | None) -> str:
    """Return ``Send invoice: 7, a@example.com``, or the title alone.

    Values of one line are shown, and the rest left out.
    """
    if not arguments or len(arguments) > LONGEST:
        return title
    args, kwargs = json.loads(arguments)
    told = [*map(_brief, args), *(_named(name, value) for name, value in kwargs.items())]
    about = ", ".join(filter(None, told))
    if not about:
        return title
    return f"{title}: {about if len(about) <= ROOM else f'{about[: ROOM - 1]}…'}"


def _named(name: str, value: Any) -> str:
    text = _brief(value)
    return f"{name} {text}" if text else ""


def _brief(value: Any) -> str:
    """Write what is one line of text: a tagged value, such as a date, has it as its value."""
    if isinstance(value, dict):
        value = value.get("value") if "$type" in value else None
    if value is None or not isinstance(value, str | int | float):
        return ""
    text = str(value)[:ROOM].strip()
    return text if text.isprintable() else ""
