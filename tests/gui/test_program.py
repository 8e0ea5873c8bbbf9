"""The whole window on its loop, with a real backend of its own, and how its process ends."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import weakref
from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.client.api import Api
from desktop.gui import program as module
from desktop.gui.frame.unhandled_errors import DRAFTS
from desktop.gui.link.drafts import FORM
from desktop.gui.link.jobs import Job
from tests import WITHIN
from tests.forked import spawn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop.settings.office_folder import OfficeFolder
    from sendoff_tasks.folder.backend_addresses import Backend
    from tests.gui.play import Perform, Play


async def test_a_killed_backend_comes_back_and_errors_end_nothing(play: Play) -> None:
    play.submit("Ada")
    await play.until(lambda: play.states() == ["succeeded"])
    assert play.rows() == await play.truth()
    await play.lose_backend()
    play.submit("Bo")
    await play.until(play.window.form.is_empty)
    await play.until(lambda: play.program.source.api is not None)
    await play.until(lambda: play.states() == ["succeeded"] * 2)
    assert play.rows() == await play.truth()

    def fail() -> None:
        raise ZeroDivisionError("a defect")

    play.program._box_jobs.start(Job(fail))
    (await play.note("a defect")).close()


async def test_a_form_that_cannot_be_saved_is_said_as_such(play: Play, data: OfficeFolder) -> None:
    (data.drafts / FORM).mkdir()
    play.window.form.fields["recipient.name"].replace("Ada")
    await play.until(lambda: DRAFTS in play.told())
    assert play.notes() == []
    (data.drafts / FORM).rmdir()
    play.window.form.fields["recipient.name"].replace("Bo")
    await play.until(lambda: DRAFTS not in play.told())


class Knot(QWidget):
    """A widget that holds itself."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


def fill() -> None:
    """Allocate far more than the automatic collector's threshold."""
    assert len([[number] for number in range(20 * gc.get_threshold()[0])])


def test_a_widget_in_a_cycle_ends_on_the_gui_thread(qtbot: QtBot) -> None:
    ended: list[threading.Thread] = []
    window = QObject()
    module.GarbageCollector(window)
    knot = Knot()
    weakref.finalize(knot, lambda: ended.append(threading.current_thread()))
    del knot
    worker = threading.Thread(target=fill)
    worker.start()
    worker.join()
    assert ended == []
    kept = [[number] for number in range(2 * gc.get_threshold()[0])]
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == [threading.main_thread()]
    assert kept


ROUNDS = 4
ITEMS = 40


@pytest.fixture
def backend(data: OfficeFolder) -> Iterator[Backend]:
    """Run a backend that the windows attach to, with some tasks."""
    child = spawn(data)
    ready, gone = threading.Event(), threading.Event()
    told: list[Backend] = []

    def is_ready(backend: Backend) -> None:
        told.append(backend)
        ready.set()

    child.watch(is_ready, lambda _: gone.set())
    assert ready.wait(WITHIN)
    api = Api(told[0])
    for number in range(1, ITEMS + 1):
        api.items.submit(number, {"recipient": {"email": "ada@example.org"}}, str(number))
    api.close()
    yield told[0]
    child.close_pipe()
    assert gone.wait(WITHIN)


def live_and_end(data: OfficeFolder, *how: str) -> tuple[int, str]:
    """Open a window, leave it while it is busy; its exit status and what it said on stderr."""
    environment = {**os.environ, "QT_LOGGING_RULES": "default.warning=false"}
    command = [
        sys.executable,
        "-X",
        "faulthandler",
        "-m",
        "tests.gui.short_life",
        str(data.root),
        *how,
    ]
    done = subprocess.run(
        command, env=environment, stderr=subprocess.PIPE, timeout=WITHIN, check=False
    )
    return done.returncode, done.stderr.decode()


@pytest.mark.long
@pytest.mark.usefixtures("backend")
def test_a_busy_window_ends_in_order_every_time(data: OfficeFolder) -> None:
    for _ in range(ROUNDS):
        assert live_and_end(data) == (0, "")


@pytest.mark.usefixtures("backend")
def test_a_job_that_never_ends_keeps_no_invisible_process(data: OfficeFolder) -> None:
    assert live_and_end(data, "jobs") == (0, "")


def test_what_stays_busy_with_a_disk_is_not_waited_for_and_nothing_under_it_is_destroyed(
    perform: Perform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "END_WITHIN_MS", 100)
    begun, answer, programs = threading.Event(), threading.Event(), list[module.Program]()

    def read() -> None:
        begun.set()
        assert answer.wait(WITHIN)

    async def scene(play: Play) -> None:
        programs.append(play.program)
        play.program._box_jobs.start(Job(read))
        await play.until(begun.is_set)

    perform(scene)
    (program,) = programs
    assert shiboken6.isValid(program.window)
    answer.set()
    for pool in (program.pool, program._box_pool):
        pool.waitForDone()
    assert program.close()
