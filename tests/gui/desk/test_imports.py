"""A spreadsheet in the running program: brought in, corrected, sent, taken back, kept, reopened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest

from desktop.gui.importing.import_sheet import ImportSheet
from desktop.sheets.description import Target

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.gui.play import Play, Scene

HEAD = "Name;E-Mail;Betreff;Ort\n"


def members(folder: Path, *lines: str) -> Path:
    path = folder / "members.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines))
    return path


def drop(play: Play, path: Path) -> ImportSheet:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    play.window.dropEvent(event)
    (sheet,) = play.window.findChildren(ImportSheet)
    return sheet


def checked(sheet: ImportSheet, rows: int) -> bool:
    """Tell whether all rows were read and checked."""
    counts = sheet.batch["counts"] if sheet.batch else None
    is_read = sheet.foot_row.bar.isHidden()
    return bool(counts and is_read and counts["rows"] == rows and not counts["unchecked"])


def test_a_dropped_spreadsheet_is_corrected_and_sent(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    path = members(
        tmp_path,
        "Ada;ada@example.org;Opera;Wien",
        "Bo;bo@example,org;Opera;Ulm",
        "Cy;cy@@example.org;Opera;Bonn",
        "Ada;ada@example.org;Opera;Wien",
    )

    async def send(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 4))
        assert "members.csv" in sheet._file.text()
        assert sheet.foot_row.send.text() == "Send 1"
        await play.until(lambda: sheet.rows.model.rowCount() == 2)
        assert sheet.rows.chips[1].count == "2"
        sheet.card.focus_value()
        assert sheet.card.editor.text() == "bo@example,org"
        for address in ("bo@example.org", "cy@example.org"):
            await play.until(lambda: "@" in sheet.card.editor.text())
            sheet.card.editor.setText(address)
            QTest.keyClick(sheet.card.editor, Qt.Key.Key_Return)
            row = sheet.rows.current()
            assert row is not None
            await play.until(lambda row=row: sheet.rows.current() is not row)
        await play.until(lambda: sheet.foot_row.send.text() == "Send 3")
        play.program.desk.imports.grace_seconds = 60.0
        sheet.foot_row.send.click()
        await play.until(sheet.isHidden)
        (toast,) = play.window.toasts.shown
        assert "3 messages go out" in toast.text()
        toast.action_chosen.emit()
        await play.until(sheet.isVisible)
        await play.until(lambda: checked(sheet, 4))
        assert sheet.foot_row.send.text() == "Send 3"

    perform(send)


def test_a_draft_is_kept_and_opens_again(perform: Callable[[Scene], None], tmp_path: Path) -> None:
    path = members(tmp_path, "Ada;ada@example.org;Opera;Wien")

    async def keep(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 1))
        ort = sheet.columns_form.choices["Ort"]
        ort.set_value("")
        ort.chosen.emit("")
        await play.until(lambda: sheet.batch and sheet.batch["columns"]["Ort"] is None)
        await play.until(lambda: checked(sheet, 1))
        sheet.sending.most.setText("500")
        sheet.sending.most.textEdited.emit("500")
        await play.until(lambda: sheet.batch and sheet.batch["rate"])
        path.unlink()
        sheet.close()
        toast = next(each for each in play.window.toasts.shown if "draft" in each.text())
        toast.action_chosen.emit()
        await play.until(lambda: sheet.isVisible() and checked(sheet, 1))
        assert sheet.columns()["Ort"] is None
        assert sheet.sending.most.text() == "500"
        sheet.close()

    perform(keep)


def test_copied_cells_are_brought_in(perform: Callable[[Scene], None]) -> None:
    async def paste(play: Play) -> None:
        QGuiApplication.clipboard().setText("Name\tE-mail\nAda\tada@example.org\n")
        QTest.keySequence(play.window.parts.table, QKeySequence(QKeySequence.StandardKey.Paste))
        await play.until(lambda: play.window.findChildren(ImportSheet))
        (sheet,) = play.window.findChildren(ImportSheet)
        await play.until(lambda: checked(sheet, 1))
        assert sheet.columns() == {"Name": Target.NAME, "E-mail": Target.EMAIL}
        sheet.close()

    perform(paste)


def test_a_file_that_cannot_be_read_says_why(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    path = tmp_path / "empty.xlsx"
    path.write_bytes(b"")

    async def read(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(lambda: "empty" in sheet._notes.text())
        assert sheet.other_file.hasFocus()
        assert sheet.batch is None
        sheet.close()

    perform(read)


def test_the_file_that_was_chosen_last_is_shown(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    first = members(tmp_path, *(f"P{n};p{n}@example.org;Opera;Wien" for n in range(500)))
    (tmp_path / "second").mkdir()
    second = members(tmp_path / "second", "Ada;ada@example.org;Opera;Wien")

    async def choose(play: Play) -> None:
        drop(play, first)
        sheet = drop(play, second)
        await play.until(lambda: checked(sheet, 1))
        assert sheet._notes.isHidden()
        await play.until(lambda: "1 row" in sheet._file.text())
        sheet.close()

    perform(choose)
