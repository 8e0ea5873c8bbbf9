"""The title of a task that a program adds: its function's, and what tells it from its like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

ROOM: Final = 40
"""Characters of the arguments."""
_SHOWN: Final = (str, int, float, Decimal, UUID, date, time, timedelta)


def title_with(title: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str | None:
    """Return ``Send invoice: 7, a@example.com``; ``None`` without arguments to show.

    Values of one line are shown, and the rest left out: it may be long, and is not made for it.
    """
    told = [*map(_brief, args), *(_named(name, value) for name, value in kwargs.items())]
    about = ", ".join(filter(None, told))
    if not about:
        return None
    return f"{title}: {about if len(about) <= ROOM else f'{about[: ROOM - 1]}…'}"


def _named(name: str, value: Any) -> str:
    text = _brief(value)
    return f"{name} {text}" if text else ""


def _brief(value: Any) -> str:
    if isinstance(value, Enum):
        return value.name
    if not isinstance(value, _SHOWN):
        return ""
    text = str(value[:ROOM] if isinstance(value, str) else value).strip()
    return text if text.isprintable() else ""
