"""A correction sheet over a backend with items whose messages failed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.gui.frame.notices.toasts import Toasts
from desktop.gui.frame.sheets import Sheets
from desktop.gui.items.corrections import Corrections, CorrectionSheet
from desktop.gui.link.drafts import DraftBox
from desktop.gui.link.jobs import ApiSource
from desktop.gui.link.outbox import Outbox
from tests.gui.items.correction.failed_items import FailedItems

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.acting.pending_actions import DoneAction
    from sendoff_tasks.model.tasks import PendingRow


class Corner:
    """What a correction needs of a window: what it stands on, sheets and toasts."""

    def __init__(self, host: QWidget) -> None:
        self.host, self.form, self.shelf, bars = host, QLineEdit(), QWidget(), QWidget()
        column = QVBoxLayout(host)
        for each in (bars, self.form, self.shelf):
            column.addWidget(each)
        self.toasts = Toasts(host, self.shelf)
        self.sheets = Sheets(host, lambda: self.form, self.form, bars)


class Undo:
    """Tells of what was done, and undoes it, as the view *Tasks* does."""

    def __init__(self, toasts: Toasts) -> None:
        self.toasts = toasts

    def offer(self, done: DoneAction, row: PendingRow | None) -> None:
        if row is None:
            self.toasts.show(done.said(0))
            return
        word, seconds = done.undo or "Undo", row["due_in"]
        self.toasts.show(done.said, seconds=seconds, action=word, chosen=done.undone)


def corrections_of(sheet: CorrectionSheet) -> Corrections:
    (found,) = sheet.findChildren(Corrections)
    return found


@pytest.fixture
def corner(host: QWidget, themes: ThemeSource) -> Corner:
    return Corner(host)


@pytest.fixture
def backend() -> FailedItems:
    return FailedItems()


@pytest.fixture
def source(jobs: Jobs, backend: FailedItems) -> ApiSource:
    return ApiSource(jobs, backend)  # type: ignore[arg-type]


@pytest.fixture
def make(
    corner: Corner, source: ApiSource, jobs: Jobs, tmp_path: Path
) -> Callable[[], CorrectionSheet]:
    """Make the sheet of corrections, which are kept on disk."""
    (drafts := tmp_path / "drafts").mkdir()
    box = DraftBox(drafts)
    outbox = Outbox(source, box, jobs, corner.toasts.warn, corner.host)
    given = {"source": source, "outbox": outbox, "box": box, "box_jobs": jobs}
    services: Any = SimpleNamespace(**given, grace=SimpleNamespace(seconds=5.0))
    verbs: Any = Undo(corner.toasts)

    def make_one() -> CorrectionSheet:
        made = corner.sheets.make(CorrectionSheet)
        Corrections(made, corner.toasts, services, verbs)
        return made

    return make_one


@pytest.fixture
def sheet(qtbot: QtBot, make: Callable[[], CorrectionSheet]) -> CorrectionSheet:
    made = make()
    corrections_of(made).correct([1, 2, 3])
    qtbot.waitUntil(made.isVisible)
    return made
