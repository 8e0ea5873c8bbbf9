"""The real window while a workbook is imported: ``… import_probe DATA_DIR FILE``.

It runs what ``sendoff`` runs, on a data folder whose backend is up, scrolls its table without and
with an import on a thread of the window's, prints one JSON line, and quits.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from desktop import app
from desktop.cli import SENDOFF
from desktop.client.api import Api
from desktop.gui import program
from desktop.settings.office_folder import OfficeFolder
from desktop.sheets.calls import describe, read_rows
from sendoff_tasks.folder.backend_addresses import read_backend
from sendoff_tasks.model.program import PROGRAM
from tests.benchmarks.window.gui_thread import Gaps, Hand
from tests.benchmarks.window.resident import forget_most, most_resident, resident
from tests.benchmarks.window.window_probe import Probe

if TYPE_CHECKING:
    from desktop.contract.batches import BatchCounts, NewBatch

TURN = 0.25
"""Seconds of one turn of the wheel; between two the import is looked at."""


class Importing(Probe):
    """The window's program, and an import."""

    data_dir: Path
    file: Path

    async def measure(self) -> dict[str, Any]:
        await self.until(lambda: self.model.rowCount() > 0)
        hand = Hand(self.window.page.table)
        quiet, busy = Gaps(), Gaps()
        quiet.start()
        await hand.turn_wheel(self.seconds)
        forget_most()
        before, began = resident(), time.monotonic()
        found = {"quiet": quiet.stop()}
        busy.start()
        importing = asyncio.ensure_future(asyncio.to_thread(self._import))
        while not importing.done():
            await hand.turn_wheel(TURN)
        return found | {
            "busy": busy.stop(),
            "rows": importing.result()["rows"],
            "seconds": time.monotonic() - began,
            "above": most_resident() - before,
        }

    def _import(self) -> BatchCounts:
        backend = read_backend(OfficeFolder(self.data_dir).backend_file)
        assert backend is not None
        described = describe(self.file)
        with contextlib.closing(Api(backend)) as api:
            wanted: NewBatch = {"name": "Members", "columns": described.mapping}
            batch_id = api.batches.create(wanted, str(uuid4()))
            for chunk in read_rows(described, described.mapping):
                counts = api.batches.add_rows(batch_id, chunk.body)
        return counts


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.window.import_probe")
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", type=float, default=4.0)
    options = parser.parse_args()
    Importing.seconds, Importing.data_dir = options.seconds, options.data_dir
    Importing.file = options.file
    program.Program = Importing  # type: ignore[misc]
    PROGRAM.runs_as(SENDOFF)
    app.run(str(options.data_dir))
    os._exit(0)  # as window_probe does


if __name__ == "__main__":
    main()
