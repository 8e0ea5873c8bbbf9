"""Titles that include a task's arguments, where the function alone does not tell tasks apart."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOM: Final = 40
"""Characters of arguments in a title."""
LONGEST: Final = 1000
"""Longest arguments that are looked at, in characters of JSON."""


@lru_cache(maxsize=1024)  # the same rows are read again and again
def with_arguments(title: str, arguments: str | None) -> str:
    """Return ``Send invoice: 7, a@example.com``, or the title alone.

    Only values that fit on one line are shown. Only text is cut, because half a number or *Fals…*
    would mislead.
    """
    if not arguments or len(arguments) > LONGEST:
        return title
    args, kwargs = json.loads(arguments)
    told = [(_one_line(value), value) for value in args]
    told += [(_named(name, value), value) for name, value in kwargs.items()]
    about = ", ".join(words for words, _ in told if words)
    if not about:
        return title
    return f"{title}: {about if len(about) <= ROOM else f'{about[: _cut_at(told)]}…'}"


def _cut_at(told: Sequence[tuple[str, Any]]) -> int:
    """Return where to cut too-long arguments: before a value that is not text."""
    start, end = 0, ROOM - 1
    for words, value in told:
        if 0 < start < end < start + len(words) and not isinstance(value, str):
            return start
        start += len(words) + 2 if words else 0
    return end


def _named(name: str, value: Any) -> str:
    text = _one_line(value)
    return f"{name} {text}" if text else ""


def _one_line(value: Any) -> str:
    """Return a value as one line of text, or nothing; a tagged value, such as a date, works too."""
    if isinstance(value, dict):
        value = value.get("value") if "$type" in value else None
    if value is None or not isinstance(value, str | int | float):
        return ""
    text = str(value)[:ROOM].strip()
    return text if text.isprintable() else ""
