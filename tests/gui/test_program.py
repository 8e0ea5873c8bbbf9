"""The whole window on its loop, with a real backend of its own: what a person sees, live."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, cast

import pytest
from qasync import QEventLoop

from desktop.client.api import TaskQuery
from desktop.gui.backend_notice import NAME as BACKEND_BAR
from desktop.gui.mishaps import NAME as MISHAP_BAR
from desktop.gui.one_window import OneWindow
from desktop.gui.program import Program
from desktop.settings.paths import DataFolder
from desktop.settings.preferences import Settings, WindowSettings, save

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from desktop.client.api import Api
    from desktop.gui.task_model import TaskModel

    Scene = Callable[["Play"], Awaitable[None]]


class Play:
    """A running program and the hands and eyes of a person."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.window = program.window
        self.parts = program.window.parts
        self.model = cast("TaskModel", self.parts.table.model())

    @property
    def api(self) -> Api:
        api = self.program._source.api
        assert api is not None
        return api

    async def until(self, met: Callable[[], object]) -> None:
        """Look every few milliseconds, as ``qtbot.waitUntil`` does."""
        async with asyncio.timeout(40):
            while not met():  # noqa: ASYNC110 - what is seen has no event of its own
                await asyncio.sleep(0.01)

    async def ready(self) -> None:
        await self.until(lambda: self.program._source.api is not None and self.model.is_loaded)

    def submit(self, name: str, number: str = "") -> None:
        self.parts.form.restore(
            {
                "number": number,
                "values": {"recipient.name": name, "recipient.email": "ada@example.org"},
                "tasks": ["send_confirmation_email"],
            }
        )
        self.parts.form.submit()

    def rows(self) -> dict[int, tuple[int, str]]:
        """What the table shows: revision and state by task."""
        rows = self.model.rows_between(0, self.model.rowCount() - 1)
        return {row.id: (row.rev, str(row.state)) for row in rows}

    async def truth(self) -> dict[int, tuple[int, str]]:
        page = await asyncio.to_thread(self.api.page, TaskQuery())
        return {row["id"]: (row["rev"], row["state"]) for row in page["tasks"]}

    def states(self) -> list[str]:
        return [state for _, state in self.rows().values()]

    def kill_backend(self) -> None:
        os.kill(self.api.backend.pid, signal.SIGKILL)


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.create()
    save(folder.settings_file, Settings(window=WindowSettings(grace_seconds=0.0)))
    return folder


@pytest.fixture
def perform(qapp: QApplication, data: DataFolder) -> Callable[[Scene], None]:
    """Run a scene in a window, which then ends in order and has had no mishap."""

    def run(scene: Scene) -> None:
        lock = OneWindow(data.window_lock)
        assert lock.take()
        with QEventLoop(qapp) as loop:
            program = Program(qapp, data, lock, None)
            play = Play(program)

            async def both() -> None:
                main = asyncio.create_task(program.main())
                try:
                    await play.ready()
                    await scene(play)
                    assert MISHAP_BAR not in play.window.notices.names()
                finally:
                    play.window.quit_requested.emit()
                    await main

            loop.run_until_complete(both())
        program.window.deleteLater()

    return run


def test_an_item_is_typed_and_its_row_lives_to_the_end(perform: Callable[[Scene], None]) -> None:
    async def scene(play: Play) -> None:
        play.submit("Ada")
        await play.until(lambda: play.states() == ["succeeded"])
        assert play.rows() == await play.truth()

    perform(scene)


def test_a_killed_backend_comes_back_and_the_table_with_it(
    perform: Callable[[Scene], None],
) -> None:
    async def scene(play: Play) -> None:
        play.submit("Ada")
        await play.until(lambda: play.states() == ["succeeded"])
        play.kill_backend()
        await play.until(lambda: BACKEND_BAR in play.window.notices.names())
        play.submit("Bo")
        await play.until(play.parts.form.is_empty)
        await play.until(lambda: BACKEND_BAR not in play.window.notices.names())
        await play.until(lambda: play.states() == ["succeeded"] * 2)
        assert play.rows() == await play.truth()

    perform(scene)


def test_what_is_in_the_form_at_the_end_is_there_at_the_next_start(
    perform: Callable[[Scene], None],
) -> None:
    async def type_only(play: Play) -> None:
        play.parts.form.fields["recipient.name"].set_text("half a na")

    async def look(play: Play) -> None:
        field = play.parts.form.fields["recipient.name"]
        await play.until(lambda: field.text() == "half a na")

    perform(type_only)
    perform(look)


def test_an_error_of_a_slot_is_shown_and_ends_nothing(perform: Callable[[Scene], None]) -> None:
    async def scene(play: Play) -> None:
        play.program._on_unhandled(ZeroDivisionError("a defect"))
        await play.until(lambda: MISHAP_BAR in play.window.notices.names())
        assert "a defect" in play.window.notices.text(MISHAP_BAR)
        play.window.notices.action_chosen.emit(MISHAP_BAR, "dismiss")

    perform(scene)
