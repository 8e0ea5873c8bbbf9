"""Which tasks or items a reader or a bulk call means, and where a page or journal had come to."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from desktop.engine.errors import EngineError
from desktop.engine.store.reads.vocabulary import error_words, words


@dataclass(frozen=True, slots=True)
class Filter:
    """Tasks for which everything that is set here holds.

    ``states`` any of these; ``reasons`` any of these that are written in the row; ``standing``
    false leaves out queued tasks that a pause or a hold stops, true all other queued ones;
    ``task`` the registered name, or the title; ``called`` the same in any spelling, and where no
    task is called so, words that begin words of either; ``text`` every word begins a word of the
    task's title, the recipient's name or address (also those its item was corrected to), the item's
    title or fields, the arguments or an error (plain digits also mean the item's number), and text
    without a letter or digit is in none;
    ``since`` ≤ created at < ``until``, both epoch s; ``seen`` whether a person has put it aside,
    which only failed and uncertain tasks can be; ``queue`` its queue; ``cause`` what stops it with
    its queue or batch, else what it has met; ``to`` and ``error`` hold words that are in its
    recipient, or in the errors that it has met; ``known_at`` (epoch s) leaves out what was
    accepted, or ended, at that time or later; ``ids`` any of these numbers.
    """

    states: tuple[str, ...] = ()
    task: str | None = None
    called: str = ""
    text: str = ""
    item_id: int | None = None
    since: float | None = None
    until: float | None = None
    reasons: tuple[str, ...] = ()
    standing: bool | None = None
    seen: bool | None = None
    batch_id: int | None = None
    queue: str | None = None
    cause: str | None = None
    to: str = ""
    error: str = ""
    known_at: float | None = None
    ids: tuple[int, ...] = ()

    @property
    def asks_for_words(self) -> bool:
        """Whether there is something for the word index, be it none."""
        return any(part.strip() for part in (self.text, self.to, self.error))

    @property
    def words(self) -> list[str]:
        """All that the word index is asked for."""
        return [*words(self.text, self.to).split(), *error_words(self.error).split()]


@dataclass(frozen=True, slots=True)
class Query:
    """One page: ``filter`` in the order of ``sort``, at most ``limit`` rows.

    ``sort`` is one of ``contract.tasks.SortKey`` with a leading ``-`` for descending; equal keys go
    by id in the same direction. ``after`` is the ``next`` of the page before (opaque); ``offset``
    jumps instead. Both together are a :class:`BadQuery`.
    """

    filter: Filter = field(default_factory=Filter)
    sort: str = "-id"
    after: str | None = None
    offset: int | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class ItemSearch:
    """A page of items by number, beginning beyond ``after``.

    ``text`` is searched in their tasks, as in :class:`Filter`; ``informed`` is any of these. With
    ``deeds``, each has what persons did about its tasks.
    """

    text: str = ""
    batch_id: int | None = None
    informed: tuple[str, ...] = ()
    after: int | None = None
    descending: bool = True
    limit: int = 100
    deeds: bool = False


class BadQuery(EngineError):
    """A query that cannot be answered; ``field`` names the parameter."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


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
