"""The filter of tasks, and blocking calls that read all that match and act on many."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

from desktop.client.errors import ClientError
from desktop.contract.rules.mailbox import parse_mailbox
from desktop.contract.tasks import BULK_LIMIT, PAGE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from desktop.client.api import Api
    from desktop.client.http import Http
    from desktop.contract.tasks import BulkAction, BulkAnswer, PendingRow, TaskPage, TaskRow


_AS_THEY_ARE: Final = (
    *("text", "task", "called", "item_id", "batch_id", "known_at", "queue", "cause"),
    *("to", "error"),
)
_BARE: Final = frozenset({*_AS_THEY_ARE, "standing", "seen"})


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """The filter and order of the table; the default is all tasks, newest first.

    ``known_at`` excludes tasks that were accepted or ended at that time (RFC 3339) or later.
    ``ids`` are ascending.
    """

    states: tuple[str, ...] = ()
    text: str = ""
    task: str | None = None
    called: str = ""
    item_id: int | None = None
    batch_id: int | None = None
    reasons: tuple[str, ...] = ()
    standing: bool | None = None
    seen: bool | None = None
    known_at: str | None = None
    queue: str | None = None
    cause: str | None = None
    to: str = ""
    error: str = ""
    ids: tuple[int, ...] = ()
    sort: str = "-id"

    def filter(self) -> dict[str, str | int | bool]:
        """Return the filter as parameters of ``GET /tasks`` or as the filter of a bulk call."""
        chosen = {name: getattr(self, name) for name in _AS_THEY_ARE}
        chosen |= {"state": ",".join(self.states), "reason": ",".join(self.reasons)}
        chosen["id"] = ",".join(map(str, self.ids))
        given = {name: value for name, value in chosen.items() if value}
        asked = {"standing": self.standing, "seen": self.seen}
        return given | {name: value for name, value in asked.items() if value is not None}

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> TaskQuery:
        """Return the query with this :meth:`filter`, as an action tells it."""
        known: dict[str, Any] = {name: value for name, value in given.items() if name in _BARE}
        for name, key in (("states", "state"), ("reasons", "reason"), ("ids", "id")):
            if given.get(key):
                known[name] = tuple(given[key].split(","))
        known["ids"] = tuple(map(int, known.get("ids", ())))
        return cls(**known)


ACT_WITHIN: Final = 60.0
"""Seconds until an action counts as unanswered; a repeated call with its key waits on."""


class ManyCalls:
    """``/tasks/bulk`` and ``/pending``: every method raises ``client.errors.ClientError``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def act(
        self,
        action: BulkAction,
        ids: Sequence[int] | None = None,
        query: TaskQuery | None = None,
        *,
        key: str,
        delay: float = 0,
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> BulkAnswer:
        """Act on many tasks: those of ``ids``, or all that match the query.

        With ``delay`` (s) the action is pending so long, and can be undone. A repeated call with
        the same ``key`` continues the first one. ``more`` has other fields of the body.
        """
        body = {**_body(action, ids, query), "delay": delay, **more}
        call = self._http.call("POST", "/tasks/bulk", json=body, key=key, within=ACT_WITHIN)
        return cast("BulkAnswer", call.data)

    def preview(
        self,
        action: BulkAction,
        ids: Sequence[int] | None = None,
        query: TaskQuery | None = None,
    ) -> BulkAnswer:
        """Return what an action would do."""
        body = {**_body(action, ids, query), "preview": True}
        return cast("BulkAnswer", self._http.call("POST", "/tasks/bulk", json=body).data)

    def pending(self) -> list[PendingRow]:
        """Return the actions that can still be undone or are being carried out."""
        return cast("list[PendingRow]", self._http.call("GET", "/pending").data["pending"])

    def pending_one(self, number: int) -> PendingRow:
        """Return an action that waits or was carried out; ``Refused`` (404) once it was undone."""
        return cast("PendingRow", self._http.call("GET", f"/pending/{number}").data)

    def undo(self, number: int) -> None:
        """Undo a pending action; ``Refused`` (409) once it was carried out or begun, else 404."""
        self._http.call("DELETE", f"/pending/{number}")


def _body(action: BulkAction, ids: Sequence[int] | None, query: TaskQuery | None) -> dict[str, Any]:
    body: dict[str, Any] = {"action": action}
    if ids is not None:
        body["ids"] = list(ids)
    if query is not None:
        body["filter"] = query.filter()
    return body


_KEEPS_PLACE: Final = ("id", "item_id", "task")
"""Sort keys that never change, so no task is missed between two pages."""


def oldest(api: Api, *queries: TaskQuery) -> list[int]:
    """Read the numbers of the tasks that match queries, oldest first, one page of each."""
    return sorted(row["id"] for query in queries for row in _oldest(api, query))


def oldest_stuck(api: Api, query: TaskQuery) -> list[int]:
    """Read the numbers of matching tasks that still wait for their template to be corrected."""
    return [row["id"] for row in _oldest(api, query) if not row["reason_data"].get("fixed")]


def _oldest(api: Api, query: TaskQuery) -> list[TaskRow]:
    return api.page(replace(query, sort="id"), limit=PAGE_LIMIT)["tasks"]


def all_numbers(api: Api, query: TaskQuery) -> list[int] | None:
    """Read the numbers of all matching tasks; ``None`` if there are more than one call takes."""
    rows = all_rows(api, query)
    return None if rows is None else [row["id"] for row in rows]


def all_rows(api: Api, query: TaskQuery) -> list[TaskRow] | None:
    """Read all matching tasks; ``None`` if there are more than one call takes."""
    found: list[TaskRow] = []
    after: str | None = None
    while len(found) <= BULK_LIMIT:
        page = api.page(query, after=after, limit=PAGE_LIMIT)
        found += page["tasks"]
        after = page["next"]
        if after is None:
            return found if len(found) <= BULK_LIMIT else None
    return None


def walk(api: Api, query: TaskQuery) -> Iterator[TaskPage]:
    """Read all matching tasks page by page, in an order in which changes cannot hide a task."""
    keeps = query.sort.removeprefix("-") in _KEEPS_PLACE
    walked = query if keeps else replace(query, sort="-id")
    after: str | None = None
    while True:
        page = api.page(walked, after=after, limit=PAGE_LIMIT)
        yield page
        after = page["next"]
        if after is None:
            return


def next_addresses(api: Api, tasks: Sequence[int]) -> list[str]:
    """Read the next addresses of these tasks; empty if that fails."""
    with suppress(ClientError):  # the addresses are not essential
        rows = [api.task(task) for task in tasks]
        return [_address(to) for row in rows if (to := row["next_to"] or row["to"])]
    return []


def _address(to: str) -> str:
    try:
        return parse_mailbox(to).address
    except ValueError:  # written by another version
        return to
