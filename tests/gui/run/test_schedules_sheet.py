"""The sheet of schedules: what a row says, and that it asks again once a due time has passed."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.client.errors import ClientError
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.run.schedules import SchedulesSheet

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.contract.tasks import LastRun, Schedule
    from desktop.gui.kit.look.appearance import ThemeSource


def moment(offset: float) -> str:
    return datetime.fromtimestamp(time.time() + offset, UTC).isoformat()


def schedule(name: str, next_in: float, last: LastRun | None = None) -> Schedule:
    return {
        "name": name,
        "title": name.title(),
        "cron": None,
        "every": "10 min",
        "timezone": None,
        "missed": "run_once",
        "next_at": moment(next_in),
        "last": last,
        "paused_at": None,
    }


def test_rows_say_when_and_ask_again_once_that_has_passed(
    qtbot: QtBot, host: QWidget, themes: ThemeSource
) -> None:
    sheet = SchedulesSheet(host)
    wanted: list[None] = []
    sheet.wanted.connect(lambda: wanted.append(None))
    sheet.open()
    assert len(wanted) == 1
    sheet.show_failure(ClientError("It is gone."))
    failed: LastRun = {"at": moment(-180.5), "task_id": 7, "state": "failed"}
    forgotten: LastRun = {"at": moment(-180.5), "task_id": 7, "state": None}
    sheet.show_schedules([schedule("b", 59.5, failed), schedule("a", 600.4, forgotten)])
    assert list(sheet.rows) == ["a", "b"]
    assert sheet.trouble.isHidden()
    first, second = sheet.rows.values()
    assert (first.when.text(), first.next.text()) == ("Every 10 min", "Due in 10 min")
    at = day_and_time(datetime.fromisoformat(failed["at"]).timestamp(), time.time())
    assert first.last.text() == f"Last: {at}"
    assert second.last.text() == f"Last: Failed, {at}"
    second.run_button.setFocus()
    sheet.show_schedules([schedule("b", -1.0), schedule("a", 600.4)])
    assert sheet.rows["b"] is second
    with qtbot.waitSignal(sheet.wanted):
        pass
    assert second.next.text() == "Due now"
    sheet.close()
