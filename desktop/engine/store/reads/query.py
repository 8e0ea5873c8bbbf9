"""Which tasks a reader or a bulk call means."""

from __future__ import annotations

from dataclasses import dataclass, field

from desktop.engine.errors import EngineError


@dataclass(frozen=True, slots=True)
class Filter:
    """Tasks for which everything that is set here holds.

    ``states`` any of these; ``reasons`` any of these that are written in the row; ``standing``
    false leaves out queued tasks that a pause or a hold stops, true all other queued ones;
    ``task`` the registered name; ``text`` every word begins a word of the task's title, the
    recipient's name or address or the item's title (plain digits also mean the item's number),
    and text without a letter or digit is in none; ``since`` ≤ created at < ``until``, both epoch
    s.
    """

    states: tuple[str, ...] = ()
    task: str | None = None
    text: str = ""
    item_id: int | None = None
    since: float | None = None
    until: float | None = None
    reasons: tuple[str, ...] = ()
    standing: bool | None = None


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


class BadQuery(EngineError):
    """A query that cannot be answered; ``field`` names the parameter."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason
