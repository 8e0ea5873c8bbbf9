"""What is made of a spreadsheet is saved beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.gui.batches.batch_reports import KEPT, PLACES, SourceFolders

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_a_report_is_offered_beside_its_spreadsheet(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "club"
    folder.mkdir()
    settings = QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat)
    SourceFolders(settings).keep(folder / "members.csv")
    window = QWidget()
    chosen: list[Path] = []
    qtbot.addWidget(window)
    SourceFolders(settings).ask(window, "Save", "{} – report", "members.csv", chosen.append)
    (dialog,) = window.findChildren(QFileDialog)
    assert dialog.directory().absolutePath() == str(folder)
    assert dialog.selectedFiles() == [str(folder / "members – report.csv")]
    dialog.fileSelected.emit(str(folder / "other"))
    assert chosen == [folder / "other.csv"]
    dialog.close()


def test_the_latest_places_are_kept_while_they_are_there(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat)
    places, gone = SourceFolders(settings), tmp_path / "gone"
    gone.mkdir()
    places.keep(gone / "a.csv")
    assert places.of("a.csv") == gone
    gone.rmdir()
    assert places.of("a.csv") is None
    for number in range(KEPT + 1):
        places.keep(tmp_path / f"{number}.csv")
    assert [places.of(name) for name in ("0.csv", "1.csv", "b.csv")] == [None, tmp_path, None]
    settings.setValue(PLACES, "[1]")
    assert places.of("1.csv") is None
