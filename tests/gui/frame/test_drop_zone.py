"""Files that are dragged over the window are told where they may be dropped: anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from desktop.gui.frame.input import DropZone

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from desktop.gui.assembly import AppWindow


def drag(over: QWidget, data: QMimeData) -> bool:
    at, button, keys = QPoint(3, 3), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, button, keys)
    event.ignore()
    QApplication.sendEvent(over, event)
    return event.isAccepted()


def test_the_place_shows_itself_while_files_are_over_the_window(
    window: AppWindow, tmp_path: Path
) -> None:
    files, words = QMimeData(), QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(tmp_path / "members.ods"))])
    words.setText("members")
    (place,) = window.findChildren(DropZone)
    note = window.form.fields["fields.note"].editor
    assert isinstance(note, QPlainTextEdit)
    assert drag(note.viewport(), words)
    assert not drag(window, words)
    assert place.isHidden()
    assert drag(note.viewport(), files)  # by the window, behind it
    assert not place.isHidden()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert place.isHidden()
