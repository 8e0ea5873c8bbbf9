"""Opaque positions in lists: the cursors of pages, and the ids of events."""

from __future__ import annotations

import base64
import json
from typing import Any, Final, NamedTuple

from desktop.engine.store.reads.query import BadQuery

NO_PLACE: Final = "This is not where a page ended."


class KeysetPlace(NamedTuple):
    """The position after a row: the value it is sorted by, and its id."""

    key: Any
    id: int


def write_cursor(sort: str, place: KeysetPlace) -> str:
    """Encode a position in the order ``sort`` as an opaque cursor."""
    text = json.dumps([sort, *place], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(sort: str, cursor: str) -> KeysetPlace:
    """Reverse :func:`write_cursor`; raise ``BadQuery`` for another order or other text."""
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
    """Return the public id of an event, which includes its store."""
    return f"{store[:12]}-{number}"


def read_event_id(store: str, text: str) -> int | None:
    """Return the number in an event's id; ``None`` if it is not of this store."""
    name, _, number = text.partition("-")
    own = name == store[:12] and number.isascii() and number.isdigit() and len(number) < 19
    return int(number) if own else None
