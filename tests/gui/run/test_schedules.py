"""*Schedules…* in the running program: tasks that run by themselves are listed and steered."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.link.jobs import ApiSource
from desktop.gui.run import schedules
from desktop.gui.run.schedules import SchedulesSheet
from tests.gui.outboxes import silent_outbox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.client.api import Api
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from sendoff_tasks.model.tasks import LastRun, Schedule
    from tests.gui.play import Play


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
        "runs": [],
        "paused_at": None,
    }


def test_rows_say_when_and_are_read_again(
    qtbot: QtBot,
    host: QWidget,
    jobs: Jobs,
    themes: ThemeSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(schedules, "EVERY_MS", 20)
    source = ApiSource(jobs)
    sheet = SchedulesSheet(source, silent_outbox(host, source), host, ALL_RIGHTS)
    sheet.open()
    assert sheet.trouble.isVisible()
    failed: LastRun = {"at": moment(-180.5), "task_id": 7, "state": "failed"}
    forgotten: LastRun = {"at": moment(-180.5), "task_id": 7, "state": None}
    there: list[list[Schedule]] = [[]]
    told = SimpleNamespace(schedules=SimpleNamespace(all=lambda: there[-1]))
    source.api = cast("Api", told)
    qtbot.waitUntil(sheet.nothing.isVisible)
    assert sheet.example.text().startswith('@task(cron="')
    assert sheet.trouble.isHidden()
    there.append([schedule("b", 59.5, failed), schedule("a", 600.4, forgotten)])
    qtbot.waitUntil(lambda: list(sheet.rows) == ["a", "b"])
    assert sheet.nothing.isHidden()
    first, second = sheet.rows.values()
    assert (first.when.text(), first.next.text()) == ("Every 10 min", "Due in 10 min")
    at = day_and_time(datetime.fromisoformat(failed["at"]).timestamp(), time.time())
    assert first.last.text() == f"Last: {at}"
    assert second.last.text() == f"Last: Failed, {at}"
    second.run_button.setFocus()
    there.append([schedule("b", -1.0), schedule("a", 600.4)])
    qtbot.waitUntil(lambda: second.next.text() == "Due now")
    assert sheet.rows["b"] is second
    sheet.close()


TASKS = """
from sendoff_tasks import task

@task(title="Weekly digest", cron="0 7 1 1 *", timezone="Europe/Berlin")
def digest() -> None: ...

@task(title="Archive", every="3650 days")
def archive() -> None: ...
"""


@pytest.mark.own_tasks(TASKS)
async def test_schedules_are_listed_paused_and_run_by_keyboard(play: Play) -> None:
    play.window.menu.schedules_chosen.emit()
    sheet = play.program.rooms.run.schedules
    await play.until(lambda: list(sheet.rows) == ["archive", "digest"])
    row = sheet.rows["digest"]
    assert row.title.text() == "Weekly digest"
    assert row.when.text() == "0 7 1 1 * in Europe/Berlin"
    assert row.next.text().startswith("Due ")
    assert row.last.text() == "It has not run yet"
    assert row.run_button.accessibleName() == "Run Weekly digest now"
    row.run_button.setFocus()
    QTest.keyClick(row.run_button, Qt.Key.Key_Return)
    await play.until(lambda: row.last.text().startswith("Last: Done, "))
    await play.until(lambda: play.states() == ["succeeded"])
    assert QApplication.focusWidget() is row.run_button
    row.pause_button.click()
    await play.until(lambda: row.next.text().startswith("Paused since "))
    assert row.pause_button.accessibleName() == "Resume Weekly digest"
    row.pause_button.click()
    await play.until(lambda: row.next.text().startswith("Due "))
    QTest.keyClick(row.pause_button, Qt.Key.Key_Escape)
    assert sheet.isHidden()
