"""A correction sheet over a backend with items whose messages failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.gui.frame.notices.toasts import Toasts
from desktop.gui.frame.room import GracePeriod
from desktop.gui.frame.sheets import Sheets
from desktop.gui.items.corrections import Corrections, CorrectionSheet
from desktop.gui.link.jobs import ApiSource
from tests.gui.items.correction.failed_items import FailedItems

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs


class Corner:
    """What a correction needs of a window: what it stands on, sheets and toasts."""

    def __init__(self, host: QWidget) -> None:
        self.host, self.form, self.shelf, bars = host, QLineEdit(), QWidget(), QWidget()
        column = QVBoxLayout(host)
        for each in (bars, self.form, self.shelf):
            column.addWidget(each)
        self.toasts = Toasts(host, self.shelf)
        self.sheets = Sheets(host, lambda: self.form, self.form, bars)


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
def sheet(qtbot: QtBot, corner: Corner, source: ApiSource) -> CorrectionSheet:
    made = corner.sheets.make(CorrectionSheet)
    grace = GracePeriod(corner.toasts, source, corner.host)
    corrections = Corrections(made, corner.toasts, source, grace)
    corrections.correct([1, 2, 3])
    qtbot.waitUntil(made.isVisible)
    return made
