"""Opaque places: where a page ended, and how far the journal had come."""

from __future__ import annotations

import base64
import json
from typing import Any, Final, NamedTuple

from desktop.engine.store.reads.query import BadQuery

NO_PLACE: Final = "This is not where a page ended."


class KeysetPlace(NamedTuple):
    """The last row of a page: the value it is sorted by, and its id."""

    key: Any
    id: int


def write_cursor(sort: str, place: KeysetPlace) -> str:
    """Write a place in the order ``sort`` for a caller to bring back."""
    text = json.dumps([sort, *place], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(sort: str, cursor: str) -> KeysetPlace:
    """Read it again; raises ``BadQuery`` for anything else, or another order's."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        read = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, RecursionError) as error:
        raise BadQuery("after", NO_PLACE) from error
    match read:
        case [written, int() | str() as key, int() as number] if abs(number) < 2**63:
            if written != sort:
                raise BadQuery("after", "This is where a page in another order ended.")
            if isinstance(key, str) or abs(key) < 2**63:
                return KeysetPlace(key, number)
    raise BadQuery("after", NO_PLACE)


def write_event_id(store: str, number: int) -> str:
    """Name an event for the outside: it belongs to one store."""
    return f"{store[:12]}-{number}"


def read_event_id(store: str, text: str) -> int | None:
    """Return the event's number, or ``None`` when it is not of this store."""
    name, _, number = text.partition("-")
    own = name == store[:12] and number.isascii() and number.isdigit() and len(number) < 19
    return int(number) if own else None
