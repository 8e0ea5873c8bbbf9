"""Blocking calls about batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from desktop.client.calls import segment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop.client.http import Http
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
    from desktop.contract.tasks import TaskRow

ROWS_A_CALL: Final = 1_000
"""Rows sent in one call: few enough for an answer in well under a second, to show progress."""
ROWS_PAGE: Final = 256
"""Rows of one page of a batch."""
UPLOAD_WITHIN: Final = 60.0
"""Limit of each wait of an upload, in seconds: for a piece of a file, or for the check of rows."""


class BatchCalls:
    """The routes of ``/batches``; every method raises ``client.errors.ClientError``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def create(self, wanted: NewBatch, key: str) -> int:
        """Create a draft and return its number; the same ``key`` creates no second one."""
        return int(self._http.call("POST", "/batches", json=wanted, key=key).data["batch_id"])

    def change(self, batch_id: int, wanted: NewBatch) -> Batch:
        """Replace the settings of a draft; its rows are checked again in the background."""
        return self._batch("PUT", batch_id, json=wanted)

    def page(self, *, after: str | None = None, limit: int = 100) -> BatchPage:
        """Read batches, the newest first: the first page, or the one after cursor ``after``."""
        params: dict[str, str | int] = {"limit": limit}
        if after is not None:
            params["after"] = after
        return cast("BatchPage", self._http.call("GET", "/batches", params=params).data)

    def one(self, batch_id: int) -> Batch:
        """Read a batch: its settings, state, counts and causes."""
        return self._batch("GET", batch_id)

    def delete(self, batch_id: int, *, delay: float = 0) -> None:
        """Delete a draft, or turn a started batch back into a draft (*Undo*).

        ``Refused`` (409) once a message of the batch has left. With ``delay`` (s), a draft's
        deletion is pending so long.
        """
        params = {"delay": str(delay)} if delay else None
        self._http.call("DELETE", _place(batch_id), params=params)

    def add_rows(self, batch_id: int, rows: Sequence[NewRow] | bytes) -> BatchCounts:
        """Add up to ``ROWS_A_CALL`` rows to a draft; existing rows are replaced.

        Bytes are the JSON of the whole body, as the spreadsheet reader writes it; earlier
        corrections of these rows are applied again. Returns the counts of the draft.
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
        after: str | None = None,
        limit: int = ROWS_PAGE,
    ) -> RowPage:
        """Read a page of rows in the order of the spreadsheet.

        ``check`` has values of ``RowCheck``, ``outcome`` of ``RowOutcome``; a row has to match each
        given filter. ``after`` is the ``next`` of the page before.
        """
        params: dict[str, str | int] = {"limit": limit}
        for name, values in (("check", check), ("outcome", outcome)):
            if values:
                params[name] = ",".join(values)
        if after is not None:
            params["after"] = after
        return cast("RowPage", self._call("GET", batch_id, "/rows", params=params))

    def correct_row(
        self, batch_id: int, row: int, item: BatchItem, typed: Sequence[str] = ()
    ) -> BatchRow:
        """Replace the item of a draft's row; returns the checked row.

        ``typed`` names the paths of values to send even if they equal the spreadsheet's values.
        """
        body: dict[str, Any] = {"item": item, **({"typed": [*typed]} if typed else {})}
        return cast("BatchRow", self._call("PUT", batch_id, f"/rows/{row}", json=body))

    def send_row_to_me(self, batch_id: int, row: int, key: str) -> TaskRow:
        """Send a row's message to the sender's address; returns the task's row."""
        return cast("TaskRow", self._call("POST", batch_id, f"/rows/{row}/to_me", key=key))

    def keep_sheet(self, batch_id: int, path: Path) -> Batch:
        """Store the spreadsheet with its draft; ``OSError`` if it cannot be read."""
        params = {"name": path.name}
        with path.open("rb") as file:
            answer = self._call(
                "PUT", batch_id, "/source", content=file, params=params, within=UPLOAD_WITHIN
            )
        return cast("Batch", answer)

    def sheet(self, batch_id: int, place: Path) -> None:
        """Write the stored spreadsheet to ``place``; ``OSError`` if that cannot be written.

        ``Refused`` (404) if none is stored. ``Batch.sheet`` is its original name.
        """
        with place.open("wb") as file:
            self._http.download(f"{_place(batch_id)}/source", file, within=UPLOAD_WITHIN)

    def attach(self, batch_id: int, path: Path) -> None:
        """Add a file to a draft, in place of one of the same name.

        Rows that name it are checked again in the background. ``OSError`` if it cannot be read.
        """
        place = f"/attachments/{segment(path.name)}"
        with path.open("rb") as file:
            self._call("PUT", batch_id, place, content=file, within=UPLOAD_WITHIN)

    def start(
        self,
        batch_id: int,
        key: str,
        *,
        send_same: bool = False,
        delay: float = 0,
    ) -> Batch:
        """Send the rows that are ready; nothing leaves for ``delay`` seconds, so *Undo* works.

        ``Refused`` (409) while rows are being checked, and for a batch that was started before.
        Repeated calls with the same ``key`` start it once.
        """
        body = {"send_same": send_same, "delay": delay}
        return self._verb("start", batch_id, body, key=key)

    def pause(self, batch_id: int) -> Batch:
        """Send no more rows of a batch; messages on their way arrive."""
        return self._verb("pause", batch_id)

    def resume(self, batch_id: int) -> Batch:
        """Resume a paused batch."""
        return self._verb("resume", batch_id)

    def limit(self, batch_id: int, rate: str | None) -> Batch:
        """Set how many may be sent in which time, as ``500/day``; ``None``: any number."""
        return cast("Batch", self._call("PUT", batch_id, "/rate", json={"rate": rate}))

    def cancel(self, batch_id: int, *, delay: float = 0) -> Batch:
        """Cancel every open row, after ``delay`` seconds; ``Refused`` (409) if no row is open."""
        return self._verb("cancel", batch_id, {"delay": delay} if delay else None)

    def retry(self, batch_id: int, key: str, *, delay: float = 0) -> BatchAnswer:
        """Retry the failed rows, but no uncertain ones, after ``delay`` seconds."""
        return self._verb("retry", batch_id, {"delay": delay}, key=key)

    def _verb(
        self, verb: str, batch_id: int, body: object = None, *, key: str | None = None
    ) -> BatchAnswer:
        answer = self._call("POST", batch_id, f"/{verb}", json=body, key=key, repeatable=True)
        return cast("BatchAnswer", answer)

    def _batch(self, method: str, batch_id: int, **options: Any) -> Batch:
        return cast("Batch", self._call(method, batch_id, "", **options))

    def _call(self, method: str, batch_id: int, path: str, **options: Any) -> Any:
        return self._http.call(method, _place(batch_id) + path, **options).data


def _place(batch_id: int) -> str:
    return f"/batches/{batch_id}"
