"""``sendoff batches``: the spreadsheets that were sent, from a shell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from desktop.contract.batches import BatchState
from desktop.contract.tasks import PAGE_LIMIT
from desktop.shell.session import with_backend
from desktop.shell.terminal import local, say_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, BatchRow
    from desktop.shell.place import BackendPlace


def show(place: BackendPlace, *, as_json: bool) -> int:
    """Print all batches, the newest first."""

    def command(api: Api) -> int:
        if as_json:
            print(json.dumps(list(_walk(api)), indent=1))
            return 0
        for batch in _walk(api):
            say_row(line(batch))
        return 0

    return with_backend(place, command)


def line(batch: Batch) -> str:
    """Put one batch in one line: number, state, counts, its last message's time, its name."""
    counts = batch["counts"]
    if batch["state"] == BatchState.DRAFT:
        numbers = {
            "ready": counts["ready"] + counts["changed"],
            "with a problem": counts["problems"],
        }
    else:
        numbers = {
            "sent": counts["sent"] + counts["kept"],
            "failed": counts["failed"],
            "uncertain": counts["uncertain"],
            "open": counts["open"],
        }
    told = ", ".join(
        f"{n:,} {name}" for name, n in numbers.items() if n or name in {"sent", "ready"}
    )
    until = f", until {local(at)}" if (at := batch["last_leaves_at"]) and counts["open"] else ""
    return f"{batch['batch_id']:>6}  {batch['state']:<7}  {told}{until}  {batch['name']}"


def rows_of(api: Api, batch_id: int, *checks: str) -> Iterator[BatchRow]:
    """Read the rows of a batch in their order: all, or those that were checked so."""
    after: str | None = None
    while True:
        page = api.batches.rows(batch_id, check=checks, after=after, limit=PAGE_LIMIT)
        yield from page["rows"]
        after = page["next"]
        if after is None:
            return


def _walk(api: Api) -> Iterator[Batch]:
    after: str | None = None
    while True:
        page = api.batches.page(after=after)
        yield from page["batches"]
        after = page["next"]
        if after is None:
            return
