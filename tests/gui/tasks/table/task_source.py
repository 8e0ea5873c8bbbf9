"""A list of tasks that answers like the API: the plain truth the model is held against."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from desktop.contract.office import OfficeRow
from desktop.gui.kit.words.task_row import row_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desktop.contract.do_not_send import ListedAddress, RefusedAddress
    from desktop.contract.office import OfficeStats, OfficeTask
    from sendoff_tasks.client.calls import SortedFilter
    from sendoff_tasks.model.events import TasksEvent
    from sendoff_tasks.model.tasks import IdsPart, TaskPage


def stamp(moment: float) -> str:
    """Return an epoch second as the API writes it."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")


def stats(rate: float = 0.0, **counts: int) -> OfficeStats:
    """Return counts by state as the API sends them; tasks of one queue end at this rate."""
    active = counts.get("queued", 0) + counts.get("running", 0)
    return {
        "counts": counts,
        "standing": 0,
        "seen": {},
        "batch_rows": 0,
        "paused_rows": 0,
        "pending": 0,
        "rates": {"started": rate, "finished": rate},
        "done_in": active / rate if rate else None,
        "next_at": None,
        "practice": False,
        "lanes": {},
    }


def task_row(task_id: int, state: str = "succeeded", **changes: Any) -> OfficeRow:
    """Return a row as the API sends it."""
    created = 1_790_000_000.0 + task_id
    row: dict[str, Any] = {
        "id": task_id,
        "rev": 1,
        "item_id": 1000 + task_id,
        "task": "send_confirmation_email",
        "title": "Confirmation e-mail",
        "to": f"Person {task_id} <person{task_id}@example.org>",
        "next_to": None,
        "state": state,
        "reason": None,
        "reason_data": {},
        "attempt": 1,
        "max_attempts": 8,
        "progress": None,
        "lane": "io",
        "queue": "mail",
        "priority": 0,
        "created_at": stamp(created),
        "run_at": None,
        "started_at": stamp(created + 1),
        "finished_at": stamp(created + 1.4) if state == "succeeded" else None,
        "error": None,
        "resend_of": None,
        "copy": False,
        "seen": False,
        "batch_id": None,
        "cause": None,
    }
    return row | changes  # type: ignore[return-value]


def _sorted_by(key: str, row: OfficeRow) -> Any:
    """Return what a row is sorted by; its number breaks ties."""
    match key:
        case "id":
            return row["id"]
        case "took":
            return row_of(row).took or -1.0
        case "task":
            return row["title"].casefold()
        case "item_id":
            return row["item_id"] or 0
        case _:
            return str(row[key] or "")  # type: ignore[literal-required]


def _conditions(query: SortedFilter) -> Iterator[Callable[[OfficeRow], bool]]:
    """Give those that a query makes: a list of 30,000 is gone through for each."""
    if query.ids:
        yield lambda row: row["id"] in query.ids
    if query.states:
        yield lambda row: row["state"] in query.states
    if text := query.text.lower():
        yield lambda row: text in f"{row['title']} {row['to']} {row['item_id']}".lower()
    if query.to:
        yield lambda row: query.to.lower() in (row["to"] or "").lower()
    if query.error:
        yield lambda row: query.error.lower() in (row["error"] or "").lower()
    if query.task is not None:
        yield lambda row: query.task in {row["task"], row["title"].partition(":")[0]}
    if query.queue is not None:
        yield lambda row: row["queue"] == query.queue
    if query.item_id is not None:
        yield lambda row: row["item_id"] == query.item_id
    if query.cause is not None:
        yield lambda row: row["cause"] == query.cause
    if query.seen is not None:
        yield lambda row: row["seen"] == query.seen


class EmptyList:
    """The list *Do not send*, on which no address is."""

    def check(self, addresses: list[str]) -> list[ListedAddress]:
        return [{"address": each, "entry": None} for each in addresses]

    def refused(self) -> list[RefusedAddress]:
        return []


class TaskSource:
    """Tasks by number; pages, details and changes of them. Counts who asks from which thread."""

    def __init__(self, rows: list[OfficeRow] | None = None) -> None:
        self.rows = {row["id"]: row for row in rows or []}
        self.newest = max(self.rows, default=0)  # a number is never given twice
        self.details: dict[int, dict[str, Any]] = {}
        self.item_of_task: dict[int, Any] = {}
        self.threads: set[int] = set()
        self.pages_read = 0
        self.looks_at: int | None = None
        """Tasks that a search looks at before it tells what it has found."""
        self.part = 50_000
        """Numbers told at once."""
        self.lists_read = 0
        self.error: Exception | None = None
        self.do_not_send = EmptyList()

    def matching(self, query: SortedFilter) -> list[OfficeRow]:
        """Return what a query gives, in its order."""
        rows = list(self.rows.values())
        for is_met in _conditions(query):
            rows = [row for row in rows if is_met(row)]
        rows.sort(key=itemgetter("id"))
        key = query.sort.removeprefix("-")
        if key != "id":
            rows.sort(key=lambda row: _sorted_by(key, row))
        return rows[::-1] if query.sort.startswith("-") else rows

    def ids(self, query: SortedFilter) -> Iterator[IdsPart]:
        self._called()
        self.lists_read += 1
        found = [row["id"] for row in self.matching(query)]
        if query.text and self.looks_at is not None:
            yield from self._searched(query, found, self.looks_at)
            return
        for start in range(0, len(found) or 1, self.part):
            yield {"ids": found[start : start + self.part], "as_of": "0"}

    def _searched(self, query: SortedFilter, found: list[int], looks_at: int) -> Iterator[IdsPart]:
        everything = [row["id"] for row in self.matching(replace(query, text=""))]
        for start in range(0, len(everything), looks_at):
            looked = everything[start : start + looks_at]
            ids = [number for number in looked if number in found]
            yield {"ids": ids, "as_of": "0"}

    def page(self, query: SortedFilter, *, offset: int | None = None, limit: int = 256) -> TaskPage:
        self._called()
        self.pages_read += 1
        rows = self.matching(query)
        start = offset or 0
        shown = rows[start : start + limit]
        return {
            "tasks": [row.copy() for row in shown],
            "next": str(shown[-1]["id"]) if start + limit < len(rows) else None,
            "as_of": "0",
            "total": len(rows),
            "total_is_exact": True,
        }

    def task_with_item(self, task_id: int) -> tuple[OfficeTask, Any]:
        """Return a task, and its item where the test has one."""
        return self.task(task_id), self.item_of_task.get(task_id)

    def task(self, task_id: int) -> OfficeTask:
        self._called()
        behind: dict[str, object] = {
            "history": [],
            "log": [],
            "args": [],
            "parameters": [],
            "kwargs": {},
            "result": None,
            "reference": f"<{task_id}.confirm@box-office.example>",
            "handed_over": None,
            "addressee": None,
            "lacks": [],
            "template": None,
            "is_older": False,
            "repeated_by": None,
        }
        return self.rows[task_id] | behind | self.details.get(task_id, {})  # type: ignore[return-value]

    def message(self, task_id: int, *, again: bool = False) -> dict[str, Any]:
        self._called()
        return {
            "message_id": f"{task_id}@example.org",
            "at": stamp(0),
            "from": "Sendoff <sendoff@localhost>",
            "to": self.rows[task_id]["to"],
            "subject": f"Your booking {task_id}",
            "text": "Dear guest,\nwe have you down.",
            "html": "<p>Dear guest,</p><p>we have <b>you</b> down.</p>",
            "source": "Subject: Your booking\n\nDear guest",
        }

    def change(self, task_id: int, state: str, **changes: Any) -> TasksEvent:
        """Change a task, or make it; return what the stream says of it."""
        old = self.rows.get(task_id)
        rev = 1 if old is None else old["rev"] + 1
        self.newest = max(self.newest, task_id)
        self.rows[task_id] = task_row(task_id, state, rev=rev, **changes)
        return {"rows": [self.rows[task_id].copy()], "gone": []}

    def remove(self, task_id: int) -> TasksEvent:
        """Take a task out; return what the stream says of it."""
        self.rows.pop(task_id, None)
        return {"rows": [], "gone": [task_id]}

    def _called(self) -> None:
        self.threads.add(threading.get_ident())
        if self.error is not None:
            raise self.error
