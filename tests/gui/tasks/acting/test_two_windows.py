"""Two windows on one backend: what one has started, the other tells of and can undo."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from desktop.gui.assembly import ShownWindow
from desktop.gui.one_window import OneWindow
from desktop.gui.program import Program
from desktop.gui.tasks.table.columns import PROGRESS
from desktop.settings.backend_file import read_backend
from desktop.settings.paths import DataFolder
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.play import Play
from tests.gui.test_rooms import later

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from tests.gui.play import Scene

LONG = 600.0
SEEN_S = 1.0
"""Seconds within which a window shows what was done in another one."""


@asynccontextmanager
async def beside(app: QApplication, first: DataFolder, root: Path) -> AsyncIterator[Play]:
    """Open a window of its own on the backend of the first."""
    server, data = read_backend(first.backend_file), DataFolder(root)
    data.create()
    lock = OneWindow(data.window_lock)
    assert lock.take()
    program = Program(ShownWindow(app, data, server), data, lock, None, server)
    play, main = Play(program), asyncio.create_task(program.main())
    try:
        await play.ready()
        yield play
    finally:
        play.window.quit_requested.emit()
        await main
        program.close()


def said(play: Play) -> list[str]:
    rows = [play.model.row_at(place) for place in range(play.model.rowCount())]
    return [play.model.cells(row)[PROGRESS] for row in rows if row is not None]


def test_undo_in_one_window_is_seen_in_the_other_within_a_second(
    perform: Callable[[Scene], None], qapp: QApplication, data: DataFolder, tmp_path: Path
) -> None:
    async def scene(one: Play) -> None:
        await later(one, 2)
        async with beside(qapp, data, tmp_path / "other") as other:
            await other.until(lambda: other.has(2))
            before = said(other)
            verbs = one.program.rooms.tasks.verbs
            verbs.grace.seconds = LONG
            verbs.act("cancel", [1, 2])
            await one.toast("2 tasks will be cancelled in ")
            begun = time.monotonic()
            await other.toast("2 tasks will be cancelled in ")
            assert said(other) == said(one) == ["Will be cancelled"] * 2
            other.window.toasts.act_newest()
            assert other.toasts() == []
            await one.until(lambda: not verbs.announced)
            assert time.monotonic() - begun < 2 * SEEN_S
            assert one.toasts() == []
            assert said(one) == said(other) == before
            assert one.states() == ["scheduled"] * 2

    perform(scene)


def test_the_cancel_of_a_batch_is_undone_in_the_other_window(
    perform: Callable[[Scene], None], qapp: QApplication, data: DataFolder, tmp_path: Path
) -> None:
    async def scene(one: Play) -> None:
        one.api.pause("mail")
        number = bring(one, tmp_path / "members.csv", 3)
        await asyncio.to_thread(one.api.batches.start, number, "start")
        one.window.switch.choose("batches")
        async with beside(qapp, data, tmp_path / "other") as other:
            other.window.switch.choose("batches")
            for play in (one, other):
                buttons = play.window.batches.card.row.buttons
                await play.until(lambda buttons=buttons: "cancel" in buttons)  # type: ignore[misc]
            one.program.rooms.tasks.verbs.grace.seconds = LONG
            one.window.batches.card.row.buttons["cancel"].click()
            await other.toast("The rest of “members.csv” is cancelled in ")
            other.window.batches.card.row.buttons["undo"].click()
            await one.until(lambda: "undo" not in one.window.batches.card.row.buttons)
            assert one.toasts() == other.toasts() == []
            assert one.api.batches.one(number)["counts"]["open"] == 3

    perform(scene)
