"""What the window and the shell ask of the backend about batches: calls that block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop.client.http import Http
    from desktop.contract.batch_rows import BatchItem, BatchRow, NewRow, RowPage
    from desktop.contract.batches import Batch, BatchCounts, BatchFile, BatchPage, NewBatch
    from desktop.contract.tasks import TaskRow

ROWS_A_CALL: Final = 1_000
"""Rows to bring in one call: it answers in well under a second, and shows progress."""
ROWS_PAGE: Final = 256
"""Rows of one page of a batch."""
UPLOAD_WITHIN: Final = 60.0
"""Seconds a piece of a file, or the checking of rows, may take."""


class BatchCalls:
    """The routes of ``/batches``; every method raises ``client.errors.ClientError``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def create(self, wanted: NewBatch, key: str) -> int:
        """Make a draft and answer its number; the same ``key`` makes no second one."""
        return int(self._http.call("POST", "/batches", json=wanted, key=key).data["batch_id"])

    def change(self, batch_id: int, wanted: NewBatch) -> Batch:
        """Set a draft up otherwise; its rows are checked again in the background."""
        return self._batch("PUT", batch_id, json=wanted)

    def page(self, *, after: str | None = None, limit: int = 100) -> BatchPage:
        """Read batches, the newest first: the first page, or the one behind cursor ``after``."""
        params: dict[str, str | int] = {"limit": limit}
        if after is not None:
            params["after"] = after
        return cast("BatchPage", self._http.call("GET", "/batches", params=params).data)

    def one(self, batch_id: int) -> Batch:
        """Read a batch: its settings, state, counts and causes."""
        return self._batch("GET", batch_id)

    def delete(self, batch_id: int) -> None:
        """Delete a draft; a started batch of which nothing has left is a draft again (*Undo*).

        ``Refused`` (409) once something has left.
        """
        self._http.call("DELETE", _place(batch_id))

    def add_rows(self, batch_id: int, rows: Sequence[NewRow] | bytes) -> BatchCounts:
        """Put up to ``ROWS_A_CALL`` rows into a draft, each in place of the one there was.

        Bytes are the JSON of the whole body, as the reader of spreadsheets makes it: what was
        corrected in these rows before is corrected again. Answers the counts of the draft, with
        these rows checked.
        """
        content = rows if isinstance(rows, bytes) else None
        body = None if content is not None else {"rows": rows}
        params = None if content is None else {"keep_corrections": "true"}
        answer = self._call(
            "POST",
            batch_id,
            "/rows",
            json=body,
            content=content,
            params=params,
            repeatable=True,
            within=UPLOAD_WITHIN,
        )
        return cast("BatchCounts", answer)

    def rows(
        self,
        batch_id: int,
        *,
        check: Sequence[str] = (),
        outcome: Sequence[str] = (),
        state: Sequence[str] = (),
        after: str | None = None,
        limit: int = ROWS_PAGE,
    ) -> RowPage:
        """Read a page of rows in the order of the spreadsheet.

        ``check`` are values of ``RowCheck``, ``outcome`` of ``RowOutcome``, ``state`` of ``State``;
        a row must have one of each that is given. ``after`` is the ``next`` of the page before.
        """
        params: dict[str, str | int] = {"limit": limit}
        for name, values in (("check", check), ("outcome", outcome), ("state", state)):
            if values:
                params[name] = ",".join(values)
        if after is not None:
            params["after"] = after
        return cast("RowPage", self._call("GET", batch_id, "/rows", params=params))

    def correct_row(
        self, batch_id: int, row: int, item: BatchItem, typed: Sequence[str] = ()
    ) -> BatchRow:
        """Replace the item of a draft's row; answers the row, checked.

        ``typed`` are the paths of values that are sent also where they are what was read.
        """
        body: dict[str, Any] = {"item": item, **({"typed": [*typed]} if typed else {})}
        return cast("BatchRow", self._call("PUT", batch_id, f"/rows/{row}", json=body))

    def send_row_to_me(self, batch_id: int, row: int, key: str) -> TaskRow:
        """Send a row's message to the address of the sender; answers the row of its task."""
        return cast("TaskRow", self._call("POST", batch_id, f"/rows/{row}/to_me", key=key))

    def keep_sheet(self, batch_id: int, path: Path) -> Batch:
        """Keep the spreadsheet itself with its draft; ``OSError`` where it cannot be read."""
        params = {"name": path.name}
        with path.open("rb") as file:
            answer = self._call(
                "PUT", batch_id, "/source", content=file, params=params, within=UPLOAD_WITHIN
            )
        return cast("Batch", answer)

    def sheet(self, batch_id: int, place: Path) -> None:
        """Write the kept spreadsheet to ``place``; ``OSError`` where that cannot be written.

        ``Refused`` (404) where none is kept. ``Batch.sheet`` is the name it came under.
        """
        with place.open("wb") as file:
            self._http.download(f"{_place(batch_id)}/source", file, within=UPLOAD_WITHIN)

    def attachments(self, batch_id: int) -> list[BatchFile]:
        """Read which files were added for the rows that name them."""
        answer = self._call("GET", batch_id, "/attachments")
        return cast("list[BatchFile]", answer["attachments"])

    def attach(self, batch_id: int, path: Path) -> list[BatchFile]:
        """Add a file to a draft, in place of one of the same name; answers all of them.

        Rows that name it are checked again in the background. ``OSError`` where it cannot be read.
        """
        place = f"/attachments/{quote(path.name, safe='')}"
        with path.open("rb") as file:
            self._call("PUT", batch_id, place, content=file, within=UPLOAD_WITHIN)
        return self.attachments(batch_id)

    def detach(self, batch_id: int, file: str) -> list[BatchFile]:
        """Take a file away from a draft; answers those that are left."""
        self._call("DELETE", batch_id, f"/attachments/{quote(file, safe='')}")
        return self.attachments(batch_id)

    def start(
        self,
        batch_id: int,
        key: str,
        *,
        leave_changed: bool = False,
        send_same: bool = False,
        delay: float = 0,
    ) -> Batch:
        """Send the rows that are ready; nothing leaves for ``delay`` s, so *Undo* works.

        ``Refused`` (409) while rows are being checked, and for a batch that was started before;
        the same ``key`` starts it once.
        """
        body = {"leave_changed": leave_changed, "send_same": send_same, "delay": delay}
        return self._verb("start", batch_id, body, key=key)

    def pause(self, batch_id: int) -> Batch:
        """Let nothing more of a batch leave; what is on its way arrives."""
        return self._verb("pause", batch_id)

    def resume(self, batch_id: int) -> Batch:
        """Let a paused batch go on."""
        return self._verb("resume", batch_id)

    def cancel(self, batch_id: int) -> Batch:
        """Cancel every open row; ``Refused`` (409) when none is."""
        return self._verb("cancel", batch_id)

    def retry(self, batch_id: int, key: str, *, delay: float = 0) -> Batch:
        """Run the rows again whose newest task failed, after ``delay`` s; never uncertain ones."""
        return self._verb("retry", batch_id, {"delay": delay}, key=key)

    def _verb(
        self, verb: str, batch_id: int, body: object = None, *, key: str | None = None
    ) -> Batch:
        answer = self._call("POST", batch_id, f"/{verb}", json=body, key=key, repeatable=True)
        return cast("Batch", answer)

    def _batch(self, method: str, batch_id: int, **options: Any) -> Batch:
        return cast("Batch", self._call(method, batch_id, "", **options))

    def _call(self, method: str, batch_id: int, path: str, **options: Any) -> Any:
        return self._http.call(method, _place(batch_id) + path, **options).data


def _place(batch_id: int) -> str:
    return f"/batches/{batch_id}"
