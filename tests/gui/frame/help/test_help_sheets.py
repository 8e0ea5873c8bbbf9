"""F1 and *About* in the running program, and the text for a bug report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest

from desktop import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene


def test_help_is_read_and_a_bug_report_copied(
    perform: Callable[[Scene], None], data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))

    async def read(play: Play) -> None:
        play.submit("Ada Lovelace")
        await play.until(lambda: "succeeded" in play.states())
        QTest.keyClick(play.window, Qt.Key.Key_F1)
        sheet = play.program.rooms.frame.help.help
        assert sheet is not None
        assert sheet.list.hasFocus()
        assert "Ctrl+Return" in sheet.text.toPlainText()
        QTest.keyClick(sheet.list, Qt.Key.Key_Down)
        assert "Send your first message" in sheet.text.toPlainText()
        QTest.keyClick(sheet.list, Qt.Key.Key_Escape)
        assert sheet.isHidden()
        play.window.menu.about_chosen.emit()
        about = play.program.rooms.frame.help.about
        assert about is not None
        about.folders["tasks"].click()
        assert opened == [str(data.tasks)]

        def report() -> str:
            QTest.mouseClick(about.copy, Qt.MouseButton.LeftButton)
            return QGuiApplication.clipboard().text()

        await play.until(lambda: "Tasks: succeeded 1\n" in report())
        assert report().startswith(f"Sendoff: {__version__}\n")
        assert "Ada" not in report()
        assert play.api.backend.token not in report()

    perform(read)
