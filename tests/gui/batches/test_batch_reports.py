"""What is made of a spreadsheet: its name, and the draft of the rows to correct."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.contract.batches import RowOutcome
from desktop.gui.batches.batch_reports import ask_where_to_save, draft_of_rows
from tests.gui.batches.test_batch_model import batch
from tests.gui.importing.test_rows_list import row

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


def test_a_draft_to_correct_whose_spreadsheet_was_never_kept_gets_it(tmp_path: Path) -> None:
    """Nothing else could read its rows."""
    sent: dict[str, Any] = {"sheet": "members.csv", "columns": {"E-mail": "email"}, "reading": None}
    batches = {2: batch(2, continued_by=3, **sent), 3: batch(3, state="draft", sheet=None)}
    kept = list[tuple[int, str]]()
    calls = SimpleNamespace(
        one=batches.__getitem__,
        sheet=lambda _number, place: place.write_text("E-mail\nada@example.org\nbo@@example.org\n"),
        rows=lambda *_, **__: {"rows": [row(3)], "next": None},
        keep_sheet=lambda number, place: kept.append((number, place.read_text("utf-8-sig"))),
    )
    api: Any = SimpleNamespace(batches=calls)

    def made() -> int:
        name = "{} – to correct"
        which = RowOutcome.LEFT_OUT
        return draft_of_rows(api, number=2, which=which, name=name, folder=tmp_path)

    assert made() == 3
    ((number, text),) = kept
    assert (number, "bo@@example.org" in text, "ada@" in text) == (3, True, False)
    batches[3]["sheet"] = "members – to correct.csv"
    assert (made(), len(kept)) == (3, 1)
