"""What a task is called whose function alone does not tell it from others: by its arguments too."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOM: Final = 40
"""Characters of the arguments."""
LONGEST: Final = 1000
"""Characters of arguments that are looked at, as JSON."""


@lru_cache(maxsize=1024)  # the same rows are read again and again
def with_arguments(title: str, arguments: str | None) -> str:
    """Return ``Send invoice: 7, a@example.com``, or the title alone.

    Values of one line are shown, and the rest left out. Only text is cut: half a number or *Fals…*
    tells nothing.
    """
    if not arguments or len(arguments) > LONGEST:
        return title
    args, kwargs = json.loads(arguments)
    told = [(_brief(value), value) for value in args]
    told += [(_named(name, value), value) for name, value in kwargs.items()]
    about = ", ".join(words for words, _ in told if words)
    if not about:
        return title
    return f"{title}: {about if len(about) <= ROOM else f'{about[: _end(told)]}…'}"


def _end(told: Sequence[tuple[str, Any]]) -> int:
    """Return where arguments are cut that are too long: before a value that is no text."""
    start, end = 0, ROOM - 1
    for words, value in told:
        if 0 < start < end < start + len(words) and not isinstance(value, str):
            return start
        start += len(words) + 2 if words else 0
    return end


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
