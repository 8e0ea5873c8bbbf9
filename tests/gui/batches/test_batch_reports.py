"""What is made of a spreadsheet is called after it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.gui.batches.batch_reports import ask_where_to_save

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_a_report_is_called_after_its_spreadsheet(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    chosen: list[Path] = []
    qtbot.addWidget(window)
    ask_where_to_save(window, "Save", "{} – report", "members.csv", chosen.append)
    (dialog,) = window.findChildren(QFileDialog)
    assert Path(dialog.selectedFiles()[0]).name == "members – report.csv"
    dialog.fileSelected.emit(str(tmp_path / "other"))
    assert chosen == [tmp_path / "other.csv"]
    dialog.close()
