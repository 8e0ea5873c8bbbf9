"""A counter to submit items at, and servers that answer what no backend would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings, QThreadPool
from PySide6.QtWidgets import QApplication

from desktop.client.api import ApiSource
from desktop.client.drafts import DraftBox
from desktop.gui.actions.form.submissions import Submissions
from desktop.gui.actions.grace_period import GracePeriod
from desktop.gui.frame.notices import toast
from desktop.gui.jobs import Jobs
from desktop.gui.look.appearance import ThemeSource
from desktop.gui.other_views import make_window
from desktop.gui.tasks.task_model import TaskModel
from tests.client.conftest import answering
from tests.gui.actions.form.counter import Counter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


__all__ = ["answering"]


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have toasts that do not count down while a test looks at them."""
    monkeypatch.setattr(toast, "SECOND_MS", 3_600_000)


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
