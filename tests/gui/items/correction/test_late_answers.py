"""The answer to a correction that comes while another item is shown moves nothing there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.client.api import ApiSource
from desktop.client.errors import BackendBusy
from desktop.gui.frame.room import GracePeriod
from desktop.gui.items.corrections import EMAIL, Corrections, CorrectionSheet
from tests.gui.items.correction.failed_items import FailedItems

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.link.jobs import Jobs


@pytest.mark.parametrize("is_refused", [False, True])
def test_it_neither_leads_on_nor_is_said_of_another_item(
    qtbot: QtBot, window: AppWindow, jobs: Jobs, is_refused: bool
) -> None:
    backend = FailedItems()
    source = ApiSource(backend)  # type: ignore[arg-type]
    sheet = window.sheets.make(CorrectionSheet)
    grace = GracePeriod(window.toasts, source, jobs, window)
    corrections = Corrections(sheet, window.toasts, source, jobs, grace)
    corrections.correct([1, 2])
    qtbot.waitUntil(lambda: sheet.accessibleName() == "Correct item 1 · 1 of 2")
    backend.may_answer.clear()
    if is_refused:
        backend.late = BackendBusy("Too busy.", 1.0)
    sheet.form.fields[EMAIL].replace("one@example.org")
    sheet.button.click()
    assert sheet.close()
    corrections.correct([3, 2])
    qtbot.waitUntil(lambda: sheet.accessibleName() == "Correct item 3 · 1 of 2")
    backend.may_answer.set()
    qtbot.waitUntil(lambda: any("tem 1" in each.text() for each in window.toasts.shown))
    qtbot.waitUntil(lambda: not jobs.under_way)
    assert sheet.accessibleName() == "Correct item 3 · 1 of 2"
    assert sheet.trouble.isHidden()
