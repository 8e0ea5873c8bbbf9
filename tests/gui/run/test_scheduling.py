"""*Schedules…* in the running program: tasks that run by themselves are listed and steered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

TASKS = """
from sendoff_tasks import task

@task(title="Weekly digest", cron="0 7 1 1 *", timezone="Europe/Berlin")
def digest() -> None: ...

@task(title="Archive", every="3650 days")
def archive() -> None: ...
"""


def test_schedules_are_listed_paused_and_run_by_keyboard(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    async def steer(play: Play) -> None:
        play.window.menu.schedules_chosen.emit()
        work = play.program.rooms.run.schedules
        assert work is not None
        sheet = work.sheet
        await play.until(sheet.nothing.isVisible)
        assert sheet.example.text().startswith('@task(cron="')
        sheet.close()
        (data.tasks / "reports.py").write_text(TASKS)

        def found() -> bool:
            play.window.menu.schedules_chosen.emit()
            return list(sheet.rows) == ["archive", "digest"]

        await play.until(found)
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

    perform(steer)
