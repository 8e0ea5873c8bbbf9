"""The form with what stands behind it, and the hands of a person."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QSettings, QThreadPool
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


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

    def type(self, name: str, address: str = "ada@example.org", number: str = "") -> None:
        values = {"recipient.name": name, "recipient.email": address}
        tasks = ["send_confirmation_email"]
        self.form.restore({"number": number, "values": values, "tasks": tasks})

    def submit(self, name: str, address: str = "ada@example.org", number: str = "") -> None:
        self.type(name, address, number)
        self.form.submit()
        self.until(self.form.is_empty)

    def typed_name(self) -> str:
        return self.form.snapshot()["values"]["recipient.name"]

    def until(self, met: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(met()))

    def toasts(self) -> list[str]:
        return [toast.text() for toast in self.window.toasts.shown]

    def undo(self) -> None:
        self.window.toasts.shown[-1].button.click()

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
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    themes, source = ThemeSource(qapp, settings), ApiSource(jobs)
    window = AppWindow(
        model := TaskModel(source, PendingActions(Delivery())), source, themes, settings, ALL_RIGHTS
    )
    qtbot.addWidget(window)
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    box, pool, trouble = DraftBox(drafts), QThreadPool(maxThreadCount=1), list[Exception]()
    box_jobs = Jobs(pool, trouble.append)
    grace = UndoTime()
    grace.seconds = 0.0
    form = window.form
    outbox = Outbox(source, box, box_jobs, window.toasts.warn, window)
    verbs = TaskVerbs(window, window.page, source, outbox, grace)
    services: Any = SimpleNamespace(
        source=source, outbox=outbox, grace=grace, box=box, box_jobs=box_jobs
    )
    submissions = Submissions(window, form, services, verbs)
    yield Counter(window, form, submissions, grace, source, box, box_jobs, pool, outbox, qtbot)
    box_jobs.cancel_all()
    pool.waitForDone()
    if source.api is not None:
        source.api.close()
    model.deleteLater()  # what it is connected to holds the window
    assert not trouble
