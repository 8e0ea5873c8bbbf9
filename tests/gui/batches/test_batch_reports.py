"""What is made of a spreadsheet is called after it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.contract.batches import RowOutcome
from desktop.gui.batches.batch_reports import ask_where_to_save, save_report
from desktop.sheets import SheetChoice, describe
from tests.sheets.files import texts, write_csv

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.client.api import Api


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


def test_the_report_has_a_row_for_each_address(forked_readers: None, tmp_path: Path) -> None:
    source, out = tmp_path / "club.csv", tmp_path / "report.csv"
    write_csv(source, [["E-mail", "Fee"], ["ada@x.org, bo@x.org", "8"], ["cy@x.org", "9"]])
    found = describe(source, SheetChoice(each_address=True))
    batch = {
        "batch_id": 1,
        "sheet": source.name,
        "columns": found.mapping,
        "reading": found.reading(),
        "continues": None,
    }
    row: dict[str, Any] = {
        "check": "ready",
        "outcome": RowOutcome.SENT,
        "data": {},
        "message": "",
        "to": None,
    }
    row |= {"sent_at": None, "answer": "250 OK", "message_id": None}
    page = {"rows": [{**row, "row": number} for number in (2, 3, 4)], "next": None}

    def download(_: int, place: Path) -> None:
        place.write_bytes(source.read_bytes())

    def rows(_: int, **_filter: Any) -> Any:
        return page

    calls = SimpleNamespace(one=lambda _: batch, sheet=download, rows=rows)
    save_report(cast("Api", SimpleNamespace(batches=calls)), number=1, place=out)
    written = [[cells[0], cells[4]] for cells in texts(out)[1:]]
    assert written == [["ada@x.org", "250 OK"], ["cy@x.org", "250 OK"], ["bo@x.org", "250 OK"]]
