"""The place *Import* in a window that shows the rows or the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from desktop.gui.kit.look.appearance import LOOK
from tests.gui.hands import press_row
from tests.gui.importing.dropping import checked, drop, members

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.play import Perform, Play


def test_rows_have_the_focus_send_and_the_way_to_the_columns(
    perform: Perform, tmp_path: Path
) -> None:
    async def scene(play: Play) -> None:
        play.window.resize(LOOK.theme.px(900), 640)
        lines = ("Ada;@example.org;Opera;Wien", "Bo;bo@example.org;Opera;Ulm")
        sheet = drop(play, members(tmp_path, *lines))
        await play.until(lambda: checked(sheet, 2) and sheet.list.current())
        here, send = QApplication.focusWidget(), sheet.said.send
        assert sheet.desk.isHidden() is not sheet.rows.isVisible()
        assert here is sheet.rows  # a letter must not go to a value that is out of sight
        assert send.isVisible()
        assert not sheet.said.to_me.isVisible()
        sheet.source.read_as.change.click()
        assert sheet.source.read_as.sheet.isVisible() or sheet.source.isVisible()
        await play.until(lambda: sheet.desk.isAncestorOf(send))
        play.window.go_back()
        press_row(sheet.rows, 0)
        assert sheet.card.editor.hasFocus()
        assert send.isVisible()
        (tmp_path / "asked").mkdir()
        path = members(tmp_path / "asked")
        path.write_bytes("Name;E-Mail\nLefèvre;l@example.org\n".encode("cp1252"))
        drop(play, path)
        await play.until(lambda: sheet.source.read_as.is_open and sheet.desk.isVisible())
        assert sheet.desk.shows_columns

    perform(scene)
