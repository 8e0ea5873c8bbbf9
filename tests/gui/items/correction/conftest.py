"""A correction sheet over a backend with items whose messages failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.gui.frame.room import GracePeriod
from desktop.gui.items.corrections import Corrections, CorrectionSheet
from desktop.gui.link.jobs import ApiSource
from tests.gui.items.correction.failed_items import FailedItems

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.link.jobs import Jobs


@pytest.fixture
def backend() -> FailedItems:
    return FailedItems()


@pytest.fixture
def source(jobs: Jobs, backend: FailedItems) -> ApiSource:
    return ApiSource(jobs, backend)  # type: ignore[arg-type]


@pytest.fixture
def sheet(qtbot: QtBot, window: AppWindow, source: ApiSource) -> CorrectionSheet:
    made = window.sheets.make(CorrectionSheet)
    grace = GracePeriod(window.toasts, source, window)
    corrections = Corrections(made, window.toasts, source, grace)
    corrections.correct([1, 2, 3])
    qtbot.waitUntil(made.isVisible)
    return made
