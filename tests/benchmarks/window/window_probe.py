"""The real window, measured from inside: ``… window.window_probe DATA_DIR``.

It runs what ``sendoff`` runs, on a data folder whose backend is up, watches, scrolls and drags the
table for some seconds each, scrolls the batches, prints one JSON line, and quits.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QTimer

from desktop import app
from desktop.cli import SENDOFF
from desktop.gui import program
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.model.program import PROGRAM
from tests.benchmarks.figures import quantile
from tests.benchmarks.window.gui_thread import Eye, Gaps, Hand
from tests.benchmarks.window.resident import resident

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from desktop.gui.tasks.table.task_model import TaskModel
    from desktop.gui.tasks.table.task_table import TaskTable
    from sendoff_tasks.model.events import TasksEvent

SETTLED = 0.5
"""Seconds after which nothing of the start is under way any more."""


class Probe(program.Program):
    """The window's program, measured for stretches of ``seconds``."""

    seconds: float

    async def main(self) -> None:
        measuring = asyncio.ensure_future(self.measure())
        measuring.add_done_callback(lambda _: self.window.quit_requested.emit())
        await super().main()
        print(json.dumps(measuring.result()), flush=True)

    async def measure(self) -> dict[str, Any]:
        """Do something to the window; returns what is printed."""
        raise NotImplementedError

    @property
    def settled(self) -> float:
        """Seconds to wait until the window does nothing by itself; no more than a stretch."""
        return min(SETTLED, self.seconds)

    @property
    def model(self) -> TaskModel:
        """The rows of the window's table."""
        return cast("TaskModel", self.window.page.table.model())

    async def until(self, ready: Callable[[], bool]) -> None:
        """Wait until something holds, and a little longer, so everything has settled."""
        holds = asyncio.Event()
        look = QTimer(interval=20)
        look.timeout.connect(lambda: holds.set() if ready() else None)
        look.start()
        await holds.wait()
        look.stop()
        await asyncio.sleep(self.settled)


class Measured(Probe):
    """Watches, scrolls and drags a table of so many ``rows``; then scrolls the batches.

    The draft ``batch`` is sent meanwhile, if there is one.
    """

    rows: int
    batch: int

    async def measure(self) -> dict[str, Any]:
        table, model = self.window.page.table, self.model
        await self.until(lambda: model.is_loaded and model.rowCount() >= self.rows)
        hand = Hand(table)
        return {
            "watch": await self._watch(table, model),
            "scroll": await self._gaps(hand.turn_wheel),
            "drag": await self._gaps(hand.drag_thumb),
            "resident": resident(),
            "batches": await self._batches(),
        }

    async def _watch(self, table: TaskTable, model: TaskModel) -> dict[str, float]:
        """Look at the newest tasks as they come: changes/s heard, and their way to the screen."""
        heard = 0

        def hear(event: TasksEvent) -> None:
            nonlocal heard
            heard += len(event["rows"])

        self.rooms.services.live.tasks_changed.connect(hear)
        await asyncio.sleep(self.settled)
        eye = Eye(table, model)
        heard = 0
        await asyncio.sleep(self.seconds)
        self.rooms.services.live.tasks_changed.disconnect(hear)
        found = {"changes": heard / self.seconds}
        if eye.delays:
            found["p50"] = quantile(eye.delays, 0.5)
            found["p99"] = quantile(eye.delays, 0.99)
        return found

    async def _batches(self) -> dict[str, float]:
        self.window.batches.open()
        batches = self.window.batches
        await self.until(lambda: batches.model.is_loaded)
        api = self.source.api
        if self.batch and api is not None:
            await asyncio.to_thread(api.batches.start, self.batch, new_key())
        return await self._gaps(Hand(batches.table).turn_wheel)

    async def _gaps(self, move: Callable[[float], Awaitable[None]]) -> dict[str, float]:
        gaps = Gaps()
        gaps.start()
        await move(self.seconds)
        return gaps.stop()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.window.window_probe")
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rows", type=int, default=0, help="how many there must be")
    parser.add_argument("--batch", type=int, default=0, help="a draft to be sent")
    options = parser.parse_args()
    Measured.seconds, Measured.rows = options.seconds, options.rows
    Measured.batch = options.batch
    program.Program = Measured  # type: ignore[misc]
    PROGRAM.runs_as(SENDOFF)
    app.run(str(options.data_dir))
    # Measuring has tied knots that hold widgets, and those must not outlive the application.
    os._exit(0)


if __name__ == "__main__":
    main()
