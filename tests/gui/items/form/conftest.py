"""The form in a window of its own, what it submits, and a counter to submit items at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QSettings, QThreadPool
from PySide6.QtWidgets import QApplication

from desktop.client.api import ApiSource
from desktop.client.drafts import DraftBox
from desktop.gui.frame.grace_period import GracePeriod
from desktop.gui.items.form.item_form import ItemForm
from desktop.gui.items.form.item_kind import item
from desktop.gui.items.form.submissions import Submissions
from desktop.gui.kit.look.appearance import ThemeSource
from desktop.gui.link.jobs import Jobs
from desktop.gui.other_views import make_window
from desktop.gui.tasks.table.task_model import TaskModel
from tests.gui.items.form.counter import Counter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def form(qtbot: QtBot, themes: ThemeSource, settings: QSettings) -> ItemForm:
    made = ItemForm(item(), themes, settings)
    qtbot.addWidget(made)
    made.resize(300, 700)
    made.show()
    made.propose(1211)
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def submitted(form: ItemForm) -> list[tuple[int | None, Any]]:
    """Everything the form submits."""
    seen: list[tuple[int | None, Any]] = []
    form.submitted.connect(lambda number, body: seen.append((number, body)))
    return seen


@pytest.fixture
def counter(qtbot: QtBot, qapp: QApplication, jobs: Jobs, tmp_path: Path) -> Iterator[Counter]:
    """Give a counter without a backend, where items go out at once."""
    themes, source = ThemeSource(qapp), ApiSource()
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window = make_window(model := TaskModel(source, jobs), source, jobs, themes, settings)
    qtbot.addWidget(window)
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    box, pool, trouble = DraftBox(drafts), QThreadPool(maxThreadCount=1), list[Exception]()
    box_jobs = Jobs(pool, trouble.append)
    grace = GracePeriod(window.toasts, source, jobs, window)
    submissions = Submissions(window, source, jobs, grace, box, box_jobs)
    grace.seconds = 0.0
    form = window.parts.form
    yield Counter(window, form, submissions, grace, source, box, box_jobs, pool, qtbot)
    box_jobs.cancel_all()
    pool.waitForDone()
    if source.api is not None:
        source.api.close()
    model.deleteLater()  # what it is connected to holds the window
    assert not trouble
