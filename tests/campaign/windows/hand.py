"""``… windows.hand FOLDER SPREADSHEET ROWS``: the real window, and a hand on it.

The hand opens the draft that is there, or brings the spreadsheet in. Once it reads a line on stdin
and all rows are read and checked, it says *pressing*, presses *Send*, and says *started*. The
window stays open until it is killed.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from desktop.cli import SENDOFF
from desktop.client.child import spawn
from desktop.contract.batches import BatchState
from desktop.gui.assembly import ShownWindow
from desktop.gui.importing.import_place import ImportPlace
from desktop.gui.kit.words import plurals
from desktop.gui.link.outbox import Outbox, Wish
from desktop.gui.one_window import OneWindow
from desktop.gui.program import Program
from desktop.qtpool import QtExecutor
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.errors import BackendBusy, BackendGone, TooSlow
from sendoff_tasks.model.program import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from desktop.client.api import Api
    from desktop.contract.batches import Batch

LOOK_AGAIN = 0.02
"""Seconds between two looks at what the window shows."""


def main() -> None:
    """Open the window and send the spreadsheet."""
    folder, path, rows = sys.argv[1:]
    live(Path(folder), lambda program: _live(program, Path(path), int(rows)))


def live(folder: Path, act: Callable[[Program], Coroutine[Any, Any, None]]) -> None:
    """Open the window on a data folder, and act in it."""
    PROGRAM.runs_as(SENDOFF)
    app = QApplication([])
    plurals.install(app)
    data = OfficeFolder(folder)
    data.create()
    lock = OneWindow(data.window_lock)
    while not lock.take():  # the one before has just been killed
        pass
    _answer_poorly(Random(time.time_ns()))
    with QEventLoop(app) as loop:
        program = Program(ShownWindow(app, data, None), data, lock, spawn(data), None, data)
        loop.set_default_executor(QtExecutor(program.pool))
        loop.run_until_complete(act(program))


def _answer_poorly(chance: Random) -> None:
    """Find the backend busy at one wish of the window in ten, and lose the answer to another."""
    put = Outbox.put

    def poorly(ask: Callable[..., Any], api: Api, key: str) -> Any:
        fate = chance.random()
        if fate < 0.1:
            raise BackendBusy("Sendoff is busy.", retry_after=0.2)
        answer = ask(api, key)
        if fate < 0.2:
            raise TooSlow("The answer does not come.")
        return answer

    def put_poorly(outbox: Outbox, wish: Wish[Any], *told: Any, **named: Any) -> Any:
        return put(outbox, replace(wish, ask=partial(poorly, wish.ask)), *told, **named)

    Outbox.put = put_poorly  # type: ignore[method-assign, assignment]


async def _live(program: Program, path: Path, rows: int) -> None:
    sending = asyncio.create_task(_send(program, path, rows))
    await program.main()
    await sending


async def _send(program: Program, path: Path, rows: int) -> None:
    states = await _batches(program)
    if all(each["state"] == BatchState.DRAFT for each in states.values()):
        drafts = [number for number, each in states.items() if each["sheet"] is not None]
        if drafts:
            program.rooms.importing.imports.open_draft(max(drafts))
        else:
            program.rooms.importing.imports.open_file(path)
        started = asyncio.Event()
        program.rooms.importing.imports.started.connect(lambda _: started.set())
        sheet = await until(lambda: next(iter(program.window.findChildren(ImportPlace)), None))
        await asyncio.to_thread(sys.stdin.readline)
        await until(lambda: _is_whole(sheet, rows))
        print("pressing", flush=True)
        while not started.is_set():
            await until(lambda: _is_whole(sheet, rows))
            sheet.said.send.click()
            await asyncio.sleep(LOOK_AGAIN)
    print("started", flush=True)


async def _batches(program: Program) -> dict[int, Batch]:
    """Read the batches there are, however often the backend is killed meanwhile."""
    while True:
        api = await until(lambda: program.source.api)
        with suppress(BackendGone, BackendBusy):
            page = await asyncio.to_thread(api.batches.page)
            return {each["batch_id"]: each for each in page["batches"]}
        await asyncio.sleep(LOOK_AGAIN)


def _is_whole(sheet: ImportPlace, rows: int) -> bool:
    counts = sheet.batch["counts"] if sheet.batch else None
    return bool(sheet.isHidden() or (counts and counts["ready"] == rows))


async def until(met: Callable[[], Any]) -> Any:
    while not (found := met()):  # noqa: ASYNC110 - a widget's doing, without a signal
        await asyncio.sleep(LOOK_AGAIN)
    return found


if __name__ == "__main__":
    main()
