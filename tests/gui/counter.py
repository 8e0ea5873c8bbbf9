"""The form with what stands behind it, and the hands of a person."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QSettings, Qt, QThreadPool
from PySide6.QtWidgets import QApplication

from desktop.client.api import Api
from desktop.gui.assembly import AppWindow
from desktop.gui.frame.room import UndoTime
from desktop.gui.items.form.item_form import ItemForm
from desktop.gui.items.form.submissions import Submissions
from desktop.gui.kit.look.appearance import ThemeSource
from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.link.drafts import DraftBox, DraftItem
from desktop.gui.link.jobs import ApiSource, Jobs
from desktop.gui.link.outbox import Outbox
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from desktop.gui.tasks.acting.task_verbs import TaskVerbs
from desktop.gui.tasks.table.task_model import TaskModel
from tests.gui.hands import press_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.frame.pins import PinnedRow


@dataclass
class Counter:
    """The form with what stands behind it, and the hands of a person."""

    window: AppWindow
    form: ItemForm
    submissions: Submissions
    grace: UndoTime
    source: ApiSource
    box: DraftBox
    box_jobs: Jobs
    box_pool: QThreadPool
    outbox: Outbox
    qtbot: QtBot
    trouble: list[Exception]
    """What could not be written to disk, beside submissions."""

    def type(self, name: str, address: str = "ada@example.org", number: str = "") -> None:
        values = {"recipient.name": name, "recipient.email": address}
        tasks = ["send_confirmation_email"]
        self.form.restore({"number": number, "values": values, "tasks": tasks})

    def submit(self, name: str, address: str = "ada@example.org", number: str = "") -> None:
        self.type(name, address, number)
        self.press_submit()

    def press_submit(self) -> None:
        """Submit what is typed, until it is accepted, or saved without a backend."""
        accepted, saved = list[object](), self.outbox.saved
        self.submissions.added.connect(lambda *_: accepted.append(1))
        self.form.submit()
        self.until(lambda: accepted or self.outbox.saved > saved)

    def typed_name(self) -> str:
        return self.form.snapshot()["values"]["recipient.name"]

    def until(self, met: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(met()))

    def notes(self) -> list[str]:
        return [note.text() for note in self.window.notes.shown]

    def undo(self) -> None:
        self.window.notes.undo()

    def pins(self) -> list[PinnedRow]:
        """What is pinned below the new item."""
        return self.window.pins.shown()[1:]

    def aside(self) -> str:
        """What is said of the first item set aside."""
        return next((f"{each.name}: {each.text}" for each in self.pins()), "")

    def put_back(self) -> None:
        """Put the first item set aside into the form."""
        press_row(self.window.pins, 1)

    def discard(self) -> None:
        """Discard the last item set aside."""
        self.window.pins.enter_last()
        self.qtbot.keyClick(self.window.pins, Qt.Key.Key_Delete)

    def kept(self) -> list[DraftItem]:
        """What is on disk once every write asked for has been made."""
        self.box_pool.waitForDone()
        return self.box.load().submissions

    def connect(self, api: Api) -> None:
        self.source.api = api
        self.source.go_on()


@pytest.fixture
def counter(qtbot: QtBot, qapp: QApplication, jobs: Jobs, tmp_path: Path) -> Iterator[Counter]:
    """Give a counter without a backend, where items go out at once; only *Tasks* is beside it."""
    (tmp_path / "drafts").mkdir()
    box = DraftBox(tmp_path / "drafts")
    with counter_with(box, tmp_path / "window.ini", qtbot, qapp, jobs) as made:
        yield made


@contextmanager
def counter_with(
    box: DraftBox, ini: Path, qtbot: QtBot, qapp: QApplication, jobs: Jobs
) -> Iterator[Counter]:
    """Make a counter that writes to this box; ``ini`` has the settings of its window."""
    settings = QSettings(str(ini), QSettings.Format.IniFormat)
    themes, source = ThemeSource(qapp, settings), ApiSource(jobs)
    window = AppWindow(
        model := TaskModel(source, PendingActions(Delivery())), source, themes, settings, ALL_RIGHTS
    )
    qtbot.addWidget(window)
    pool, trouble = QThreadPool(maxThreadCount=1), list[Exception]()
    box_jobs = Jobs(pool, trouble.append)
    grace = UndoTime()
    grace.seconds = 0.0
    form = window.form
    outbox = Outbox(source, box, box_jobs, window.notes.warn, window)
    verbs = TaskVerbs(window, window.page, source, outbox, grace)
    services: Any = SimpleNamespace(
        source=source, outbox=outbox, grace=grace, box=box, box_jobs=box_jobs
    )
    submissions = Submissions(window, form, services, verbs)
    yield Counter(
        window, form, submissions, grace, source, box, box_jobs, pool, outbox, qtbot, trouble
    )
    box_jobs.cancel_all()
    pool.waitForDone()
    if source.api is not None:
        source.api.close()
    model.deleteLater()  # what it is connected to holds the window
    assert not trouble
