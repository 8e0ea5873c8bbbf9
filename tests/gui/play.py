"""A running window with a real backend of its own, and the hands and eyes of a person."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

import shiboken6
from qasync import QEventLoop

from desktop.gui.assembly import ShownWindow
from desktop.gui.kit.look.appearance import ThemeSource
from desktop.gui.one_window import OneWindow
from desktop.gui.program import Program
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.client.http import Http
from tests import WITHIN
from tests.gui.sentence.rows import rows_in
from tests.gui.whole_window import SIZE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from PySide6.QtWidgets import QApplication

    from desktop.client.api import Api
    from desktop.gui.frame.notes import WindowNote
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.table.task_model import TaskModel
    from desktop.settings.office_folder import OfficeFolder
    from sendoff_tasks.folder.backend_addresses import Backend

    Scene = Callable[["Play"], Awaitable[None]]
    Perform = Callable[..., None]


class Play:
    """A running program and the hands and eyes of a person."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.window = program.window
        self.model = cast("TaskModel", self.window.page.table.model())
        self._hears = False
        program.rooms.services.live.heard.connect(self._on_heard)

    @property
    def api(self) -> Api:
        api = self.program.source.api
        assert api is not None
        return api

    async def until(self, met: Callable[[], object]) -> None:
        """Look every few milliseconds, as ``qtbot.waitUntil`` does; in vain, say what is shown."""
        try:
            async with asyncio.timeout(WITHIN):
                while not met():  # noqa: ASYNC110 - what is seen has no event of its own
                    await asyncio.sleep(0.01)
        except TimeoutError as error:
            raise TimeoutError(f"Not within {WITHIN} s. The window shows {self.shown()}") from error

    def shown(self) -> dict[str, Any]:
        """Name the place, and what lies over it."""
        window, place = self.window, self.window.places.shown
        over = (each for each in window.dialogs.made if each.isVisible())
        return {
            "place": place and place.accessibleName(),
            "over it": [each.accessibleName() or each.windowTitle() for each in over],
            "sentence": window.cases.sentence,
            "notes": self.notes(),
        }

    async def ready(self) -> None:
        """Wait for the first rows, and for what else is asked first: what follows is the test's.

        It is told by the stream, also where it comes at once.
        """
        await self.until(lambda: self.program.source.api is not None and self._hears)
        await self.until(lambda: self.model.is_loaded)
        await self.until(lambda: not self.program.jobs.under_way)

    def submit(self, name: str, number: str = "") -> None:
        self.window.form.restore(
            {
                "number": number,
                "values": {"recipient.name": name, "recipient.email": "ada@example.org"},
                "tasks": ["send_confirmation_email"],
            }
        )
        self.window.form.submit()

    def rows(self) -> dict[int, tuple[int, str]]:
        """What the table shows: revision and state by task."""
        rows = self.model.rows_between(0, self.model.rowCount() - 1)
        return {row.id: (row.rev, str(row.state)) for row in rows}

    async def truth(self) -> dict[int, tuple[int, str]]:
        page = await asyncio.to_thread(self.api.page, SortedFilter())
        return {row["id"]: (row["rev"], row["state"]) for row in page["tasks"]}

    def row(self, number: int) -> Row:
        """What the table shows of a task."""
        place = self.model.position_of(number)
        row = None if place is None else self.model.row_at(place)
        assert row is not None
        return row

    def states(self) -> list[str]:
        return [state for _, state in self.rows().values()]

    def has(self, count: int) -> bool:
        """Tell whether the table shows so many tasks."""
        return len(self.rows()) == count

    def notes(self) -> list[str]:
        """What the notes say, the oldest first; one is in sight."""
        return [note.text() for note in self.window.notes.shown]

    async def note(self, words: str) -> WindowNote:
        """Wait for the note with these words; others may come before and after it."""
        await self.until(lambda: any(words in said for said in self.notes()))
        return next(each for each in self.window.notes.shown if words in each.text())

    def hear_notes(self) -> list[str]:
        """Hear what each note says as it comes: some are gone at the next look."""
        said, add = list[str](), self.window.notes._add

        def heard(note: WindowNote) -> WindowNote:
            said.append(note.text())
            return add(note)

        self.window.notes._add = heard  # type: ignore[method-assign]
        return said

    def told(self) -> set[str]:
        """The rows of the words that the sentence says, and what is said beside it."""
        return {row for each in self.window.sentence.found for row in rows_in(each)}

    def choose(self, verb: str) -> None:
        """Step to what has a button with this verb, and press it."""
        pane = self.window.sentence
        for _ in pane.found:
            press = pane.shown.button
            if press is not None and press.verb == verb:
                pane.button.click()
                return
            pane.also.click()
        raise AssertionError(f"{verb} is not offered: {pane.found}")

    def _on_heard(self) -> None:
        self._hears = True

    def kill_backend(self) -> None:
        os.kill(self.api.backend.pid, signal.SIGKILL)

    async def lose_backend(self) -> None:
        """Kill the backend, and wait until the window knows."""
        self.kill_backend()
        await self.until(lambda: self.program.source.api is None)


def post(api: Api, path: str, body: Any) -> Any:
    """Ask the backend for what no window asks it for."""
    http = Http(api.backend)
    try:
        return http.call("POST", path, json=body, key=new_key()).data
    finally:
        http.close()


def perform(
    *scenes: Scene,
    app: QApplication,
    data: OfficeFolder,
    server: Backend | None = None,
    dressed: bool = False,
    is_hidden: bool = False,
) -> None:
    """Run scenes in one window, which then ends in order and has had no unhandled error.

    It is that of the folder, or of a ``server``; one that ``is_hidden`` begins in the tray.
    """
    data.create()
    lock = OneWindow(data.window_lock)
    assert lock.take()
    with QEventLoop(app) as loop:
        # Under a style sheet, views take thrice as long.
        with patch.object(ThemeSource, "apply_theme"):
            shown = ShownWindow(app, data, server)
            program = Program(shown, data, lock, None, server, data, is_hidden=is_hidden)
        program.window.resize(*SIZE)
        if dressed:
            program.window.themes.apply_theme()
        play = Play(program)

        async def both() -> None:
            main = asyncio.create_task(program.main())
            try:
                for scene in scenes:
                    await play.ready()
                    await scene(play)
                assert not [each for each in play.window.notes.shown if each is shown.errors.note]
                assert shiboken6.isValid(play.window.menu.export)  # not taken for deleted
            finally:
                play.window.quit_requested.emit()
                await main

        loop.run_until_complete(both())
        program.close()
