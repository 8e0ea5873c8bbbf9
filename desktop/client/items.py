"""Blocking calls of the backend's API about batches and items."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from desktop.contract.office import office_task
from desktop.contract.rules.mailbox import written_address
from sendoff_tasks.client import calls
from sendoff_tasks.client.errors import ClientError
from sendoff_tasks.model.tasks import PAGE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from desktop.contract.batches import (
        Batch,
        BatchAnswer,
        BatchCounts,
        BatchItem,
        BatchPage,
        BatchRow,
        NewBatch,
        NewRow,
        RowPage,
    )
    from desktop.contract.items import (
        CorrectedItem,
        ForgottenPerson,
        Item,
        ItemDetail,
        ItemFile,
        Items,
        NewItem,
    )
    from sendoff_tasks.model.tasks import (
        PendingRow,
        TaskRow,
    )


SUBMIT_WITHIN: Final = 5.0
"""Seconds until a submission counts as unanswered; it is then kept and sent again."""
WHOLE: Final = 600.0
"""Seconds for a call that reads the whole store."""
ITEMS_PAGE: Final = 100
"""Items of one page."""
ROWS_PAGE: Final = 256
"""Rows of one page of a batch."""
OF_THE_DRAFT: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT})
"""Refusals of a file that are about its draft, not about the file."""


UPLOAD_WITHIN: Final = 60.0
"""Limit of each wait of an upload, in seconds: for a piece of a file, or for the check of rows."""


class BatchCalls(calls.Calls):
    """The routes of ``/batches``."""

    def create(self, wanted: NewBatch, key: str) -> int:
        """Create a draft and return its number; the same ``key`` creates no second one."""
        return self._call("POST", "/batches", "batch_id", json=wanted, key=key)

    def change(self, batch_id: int, wanted: NewBatch) -> Batch:
        """Replace the settings of a draft; its rows are checked again in the background."""
        return self._call("PUT", _batch_path(batch_id), json=wanted)

    def page(self, *, after: str | None = None, limit: int = 100) -> BatchPage:
        """Read batches, the newest first: the first page, or the one after cursor ``after``."""
        return self._call("GET", "/batches", params={"limit": limit, "after": after})

    def one(self, batch_id: int) -> Batch:
        """Read a batch: its settings, state, counts and causes."""
        return self._call("GET", _batch_path(batch_id))

    def delete(
        self, batch_id: int, *, delay: float = 0, key: str | None = None
    ) -> PendingRow | None:
        """Delete a draft, or turn a started batch back into a draft (*Undo*).

        ``Refused`` (409) once a message of the batch has left. With ``delay`` (s), a draft's
        deletion is pending so long, and is returned.
        """
        params = {"delay": delay or None}
        return self._call("DELETE", _batch_path(batch_id), params=params, key=key)

    def add_rows(self, batch_id: int, rows: Sequence[NewRow] | bytes) -> BatchCounts:
        """Add rows to a draft, a thousand at most to show progress; existing rows are replaced.

        Bytes are the JSON of the whole body, as the spreadsheet reader writes it; earlier
        corrections of these rows are applied again. Returns the counts of the draft.
        """
        given: calls.CallOptions = {"repeatable": True, "within": UPLOAD_WITHIN}
        if isinstance(rows, bytes):
            given |= {"content": rows, "params": {"keep_corrections": "true"}}
        else:
            given["json"] = {"rows": rows}
        return self._call("POST", _batch_path(batch_id, "/rows"), **given)

    def rows(
        self,
        batch_id: int,
        *,
        check: Sequence[str] = (),
        outcome: Sequence[str] = (),
        after: str | None = None,
        limit: int = ROWS_PAGE,
    ) -> RowPage:
        """Read a page of rows in the order of the spreadsheet.

        ``check`` has values of ``RowCheck``, ``outcome`` of ``RowOutcome``; a row has to match each
        given filter. ``after`` is the ``next`` of the page before.
        """
        wanted = {"check": ",".join(check), "outcome": ",".join(outcome), "after": after}
        path = _batch_path(batch_id, "/rows")
        return self._call("GET", path, params={"limit": limit, **wanted})

    def correct_row(
        self, batch_id: int, row: int, item: BatchItem, typed: Sequence[str] = ()
    ) -> BatchRow:
        """Replace the item of a draft's row; returns the checked row.

        ``typed`` names the paths of values to send even if they equal the spreadsheet's values.
        """
        body: dict[str, Any] = {"item": item, **({"typed": [*typed]} if typed else {})}
        return self._call("PUT", _batch_path(batch_id, f"/rows/{row}"), json=body)

    def send_row_to_me(self, batch_id: int, row: int, key: str) -> TaskRow:
        """Send a row's message to the sender's address; returns the task's row."""
        return self._call("POST", _batch_path(batch_id, f"/rows/{row}/to_me"), key=key)

    def keep_sheet(self, batch_id: int, path: Path) -> Batch:
        """Store the spreadsheet with its draft; ``OSError`` if it cannot be read."""
        place, params = _batch_path(batch_id, "/source"), {"name": path.name}
        with path.open("rb") as file:
            return self._call("PUT", place, content=file, params=params, within=UPLOAD_WITHIN)

    def sheet(self, batch_id: int, place: Path) -> None:
        """Write the stored spreadsheet to ``place``; ``OSError`` if that cannot be written.

        ``Refused`` (404) if none is stored. ``Batch.sheet`` is its original name.
        """
        with place.open("wb") as file:
            self._http.download(_batch_path(batch_id, "/source"), file, within=UPLOAD_WITHIN)

    def attach(self, batch_id: int, path: Path, *, more: bool = False) -> None:
        """Add a file to a draft, in place of one of the same name.

        The rows are checked again in the background, unless ``more`` files follow. ``OSError`` if
        it cannot be read.
        """
        place = _batch_path(batch_id, f"/attachments/{calls.segment(path.name)}")
        params = {"more": "true" if more else None}
        with path.open("rb") as file:
            self._http.call("PUT", place, content=file, params=params, within=UPLOAD_WITHIN)

    def take_files(self, batch_id: int, of: int, files: Collection[str] | None = None) -> None:
        """Add the files of another batch to a draft, or only those named in ``files``."""
        body: dict[str, Any] = {"batch_id": of}
        if files is not None:
            body["files"] = [*files]
        self._call("POST", _batch_path(batch_id, "/attachments"), json=body, repeatable=True)

    def start(
        self,
        batch_id: int,
        key: str,
        *,
        also: Collection[str] = (),
        undo_for: float = 0,
    ) -> BatchAnswer:
        """Send the rows that are ready, ``also`` those with these checks.

        For ``undo_for`` seconds it can be undone, and nothing leaves. ``Refused`` (409) while rows
        are being checked, and for a batch that was started before. Repeated calls with the same
        ``key`` start it once.
        """
        chosen = {"send_same": "same" in also, "changed": "changed" in also}
        chosen |= {"send_anyway": "do_not_send" in also, "send_opted_out": "opted_out" in also}
        return self._verb("start", batch_id, chosen, key=key, params=calls.undoable(undo_for))

    def pause(self, batch_id: int) -> Batch:
        """Send no more rows of a batch; messages on their way arrive."""
        return self._verb("pause", batch_id)

    def resume(self, batch_id: int) -> Batch:
        """Resume a paused batch."""
        return self._verb("resume", batch_id)

    def limit(self, batch_id: int, rate: str | None) -> Batch:
        """Set how many may be sent in which time, as ``500/day``; ``None``: any number."""
        return self._call("PUT", _batch_path(batch_id, "/rate"), json={"rate": rate})

    def put_off(self, batch_id: int, run_at: str | None) -> Batch:
        """Set another time for a planned batch; ``Refused`` (409) once its time has come."""
        return self._call("PUT", _batch_path(batch_id, "/time"), json={"run_at": run_at})

    def cancel(self, batch_id: int, key: str, *, delay: float = 0) -> BatchAnswer:
        """Cancel every open row, after ``delay`` seconds; ``Refused`` (409) if no row is open."""
        return self._verb("cancel", batch_id, {"delay": delay}, key=key)

    def retry(self, batch_id: int, key: str, *, delay: float = 0) -> BatchAnswer:
        """Retry the failed rows, but no uncertain ones, after ``delay`` seconds."""
        return self._verb("retry", batch_id, {"delay": delay}, key=key)

    def _verb(
        self,
        verb: str,
        batch_id: int,
        body: object = None,
        *,
        key: str | None = None,
        params: dict[str, str] | None = None,
    ) -> BatchAnswer:
        path = _batch_path(batch_id, f"/{verb}")
        return self._call("POST", path, json=body, key=key, params=params, repeatable=True)


def _batch_path(batch_id: int, rest: str = "") -> str:
    return f"/batches/{batch_id}{rest}"


def row_pages(
    batches: BatchCalls, batch_id: int, check: Sequence[str] = (), outcome: Sequence[str] = ()
) -> Iterator[list[BatchRow]]:
    """Read all rows of a batch, or those with these checks or outcomes, in the largest pages."""
    read = partial(batches.rows, batch_id, check=check, outcome=outcome, limit=PAGE_LIMIT)
    return (page["rows"] for page in calls.pages(lambda after: read(after=after)))


@dataclass(frozen=True, slots=True)
class SubmittedItem:
    """An accepted item with its tasks, and the action by which it can be taken back."""

    item_id: int
    task_ids: list[int]
    pending: PendingRow | None = None


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """A filter of items; the default is all items, the highest number first.

    ``informed`` has values of ``contract.items.Informed``. ``without_task`` leaves out items that
    have a task: what is left is from before.
    """

    text: str = ""
    batch_id: int | None = None
    informed: tuple[str, ...] = ()
    without_task: bool = False


class ItemCalls(calls.Calls):
    """The routes of ``/items``."""

    def submit(
        self, number: int | None, body: NewItem, key: str, *, undo_for: float = 0
    ) -> SubmittedItem:
        """Register an item; without a number the backend picks one.

        For ``undo_for`` seconds it can be taken back, and its tasks do not start. A repeated call
        with the same ``key`` has the first answer and no second effect.
        """
        path = "/items" if number is None else _item_path(number)
        params = calls.undoable(undo_for)
        answer = self._http.call(
            "POST", path, json=body, key=key, params=params, within=SUBMIT_WITHIN
        )
        tasks = answer.headers.get("X-Task-Ids", "")
        return SubmittedItem(
            item_id=int(answer.data["item_id"]),
            task_ids=[int(each) for each in tasks.split(",") if each.strip()],
            pending=answer.data.get("pending"),
        )

    def attach(self, path: Path) -> ItemFile:
        """Store a file, whose id the ``attachments`` of an item can name.

        A repeated call has the same answer. ``OSError`` if it cannot be read.
        """
        place = f"/attachments/{calls.segment(path.name)}"
        with path.open("rb") as file:
            return self._call("PUT", place, content=file, within=UPLOAD_WITHIN)

    def check_forgettable(self, item_id: int) -> None:
        """Raise ``Refused`` as :meth:`forget` would."""
        params = {"forget": "true", "check": "true"}
        self._call("DELETE", _item_path(item_id), params=params, within=WHOLE)

    def forget(self, item_id: int, *, do_not_send: bool = False) -> ForgottenPerson:
        """Forget the person of an item; ``Refused`` (409) while a message is on its way.

        With ``do_not_send`` a fingerprint of the address stays on that list.
        """
        params = {"forget": "true", "do_not_send": str(do_not_send).lower()}
        return self._call("DELETE", _item_path(item_id), params=params, within=WHOLE)

    def correct(
        self, item_id: int, body: NewItem, key: str, *, send: bool = False, undo_for: float = 0
    ) -> CorrectedItem:
        """Replace an item's body; with ``send``, add its ended tasks again.

        For ``undo_for`` seconds these can be undone, and do not start. ``Refused`` (409) with a
        ``conflict`` while one of its tasks runs. A repeated call with the same ``key`` has the
        first answer and no second effect.
        """
        correction, params = {"item": body, "send": send}, calls.undoable(undo_for)
        return self._call("PUT", _item_path(item_id), json=correction, key=key, params=params)

    def one(self, item_id: int) -> ItemDetail:
        """Read an item with its task rows and its earlier versions."""
        return self._call("GET", _item_path(item_id))

    def next_number(self) -> int:
        """Return the number that the backend would pick now."""
        return self._call("GET", "/items/next", "item_id")

    def page(
        self,
        query: ItemQuery,
        *,
        after: str | None = None,
        limit: int = ITEMS_PAGE,
        deeds: bool = False,
    ) -> Items:
        """Read the first page, or the one after cursor ``after``; with what people did."""
        params: dict[str, str | int | None] = {
            "sort": "-item_id",
            "limit": limit,
            "text": query.text,
            "batch_id": query.batch_id,
            "informed": ",".join(query.informed),
            "after": after,
            "deeds": "true" if deeds else None,
            "tasks": "none" if query.without_task else None,
        }
        return self._call("GET", "/items", params=params)

    def recent(self, limit: int) -> list[Item]:
        """Read the newest items."""
        return self.page(ItemQuery(), limit=limit)["items"]


def _item_path(item_id: int) -> str:
    return f"/items/{item_id}"


def oldest(api: calls.TaskCalls, *queries: calls.SortedFilter) -> list[int]:
    """Read the numbers of the tasks that match queries, oldest first, one page of each."""
    return sorted(row["id"] for query in queries for row in _oldest(api, query))


def oldest_stuck(api: calls.TaskCalls, query: calls.SortedFilter) -> list[int]:
    """Read the numbers of matching tasks that still wait for their template to be corrected."""
    return [row["id"] for row in _oldest(api, query) if not row["reason_data"].get("fixed")]


def _oldest(api: calls.TaskCalls, query: calls.SortedFilter) -> list[TaskRow]:
    return api.page(replace(query, sort="id"), limit=PAGE_LIMIT)["tasks"]


def next_addresses(api: calls.TaskCalls, tasks: Sequence[int]) -> list[str]:
    """Read the next addresses of these tasks; empty if that fails."""
    with suppress(ClientError):  # the addresses are not essential
        rows = [office_task(api.task(task)) for task in tasks]
        return [written_address(to) for row in rows if (to := row["next_to"] or row["to"])]
    return []
