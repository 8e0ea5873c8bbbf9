"""Queries: pages of the tasks of a filter, and opaque positions in them."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sendoff_tasks.errors import EngineError
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.store.reads.vocabulary import error_words, words

_KEPT_OUT: Final = re.compile(r"(?<!\S)-(?=\S*[^\W_])(\S+)")
"""A word after a minus."""


def asks_for_words(wanted: TaskFilter) -> bool:
    """Tell whether the word index has to be asked, even if the text has no word."""
    return any(part.strip() for part in (_wanted_text(wanted), wanted.to, wanted.error))


def words_of(wanted: TaskFilter) -> list[str]:
    """Return the words to look up in the word index."""
    text = words(_wanted_text(wanted), wanted.to)
    return [*text.split(), *error_words(wanted.error).split()]


def kept_out(wanted: TaskFilter) -> list[list[str]]:
    """Return the words of which no task may have all, for each text after a minus."""
    return [words(found).split() for found in _KEPT_OUT.findall(wanted.text)]


def _wanted_text(wanted: TaskFilter) -> str:
    return _KEPT_OUT.sub("", wanted.text)


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """One page: the tasks of ``filter`` in the order ``sort``, at most ``limit`` rows.

    ``sort`` is one of ``tasks.SortKey``, with a leading ``-`` for descending. Equal keys
    are sorted by id in the same direction. ``after`` is the ``next`` of the previous page (opaque);
    ``offset`` skips rows instead. Both together raise :class:`BadQuery`.
    """

    filter: TaskFilter = field(default_factory=TaskFilter)
    sort: str = "-id"
    after: str | None = None
    offset: int | None = None
    limit: int = 100


class BadQuery(EngineError):
    """A query that cannot be answered; ``field`` names the parameter."""

    def __init__(self, field: str, refusal: str, **data: object) -> None:
        super().__init__(f"value.{refusal}", **data)
        self.field = field


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
        raise BadQuery("after", "cursor") from error
    match read:
        case [written, int() | str() as key, int() as number] if abs(number) < 2**63:
            if written != sort:
                raise BadQuery("after", "other_order")
            if isinstance(key, str) or abs(key) < 2**63:
                return KeysetPlace(key, number)
    raise BadQuery("after", "cursor")


def write_event_id(store: str, number: int) -> str:
    """Return the public id of an event, which includes its store."""
    return f"{store[:12]}-{number}"


def read_event_id(store: str, text: str) -> int | None:
    """Return the number in an event's id; ``None`` if it is not of this store."""
    name, _, number = text.partition("-")
    own = name == store[:12] and number.isascii() and number.isdigit() and len(number) < 19
    return int(number) if own else None
