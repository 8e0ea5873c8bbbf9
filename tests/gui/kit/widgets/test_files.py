"""File dialogs open in the person's documents, then where the last one was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.kit.widgets.files import file_dialog

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot


def test_a_dialog_opens_in_the_documents_then_where_the_last_one_was(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    qapp.setProperty("folder of the last file", "")
    documents, other = tmp_path / "Documents", tmp_path / "letters"
    documents.mkdir()
    other.mkdir()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(documents))
    window = QWidget()
    qtbot.addWidget(window)
    first = file_dialog(window, "Attach files")
    assert first.directory().absolutePath() == str(documents)
    first.filesSelected.emit([str(other / "plan.pdf")])
    assert file_dialog(window, "Export").directory().absolutePath() == str(other)
    other.rmdir()
    assert file_dialog(window, "Export").directory().absolutePath() == str(documents)
