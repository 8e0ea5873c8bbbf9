"""The import sheet while its rows are read again: no correction and no sentence is lost."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.client.calls.batches import BatchCalls
from desktop.client.errors import Refused
from tests import WITHIN
from tests.gui.hands import press
from tests.gui.importing.dropping import checked, drop, members, said

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.contract.batches import Batch, BatchRow, RowPage
    from desktop.gui.importing.import_sheet import ImportSheet
    from tests.gui.play import Play, Scene


class Held:
    """A call that waits on its way until it is let through."""

    def __init__(self) -> None:
        self.has_come, self.let_through = Event(), Event()

    def wait(self) -> None:
        self.has_come.set()
        assert self.let_through.wait(WITHIN)


async def with_a_typo(play: Play, folder: Path) -> ImportSheet:
    """Open a sheet with one row, whose address lacks its end."""
    sheet = drop(play, members(folder, "Ada;ada@;Opera;Wien"))
    await play.until(lambda: checked(sheet, 1) and sheet.card.path is not None)
    await play.until(lambda: not play.program.jobs.under_way)
    return sheet


def read_again(play: Play) -> None:
    """Have the rows read again, as a change of any template does."""
    play.program.rooms.importing.imports.learn_templates({})


def correct(sheet: ImportSheet) -> None:
    sheet.card.editor.setText("ada@example.org")
    QTest.keyClick(sheet.card.editor, Qt.Key.Key_Return)


async def corrected_while_read(
    play: Play, folder: Path, patch: pytest.MonkeyPatch, read: Callable[..., RowPage], held: Held
) -> ImportSheet:
    """Correct the row of such a sheet while ``read`` is ``held``."""
    sheet = await with_a_typo(play, folder)
    patch.setattr(BatchCalls, "rows", read)
    read_again(play)
    await play.until(held.has_come.is_set)
    correct(sheet)
    return sheet


async def stays_corrected(play: Play, sheet: ImportSheet) -> None:
    await play.until(lambda: not play.program.jobs.under_way)
    assert says_corrected(sheet)
    sheet.close()


def says_corrected(sheet: ImportSheet) -> bool:
    return "Corrected: E-mail" in said(sheet) and "Hello Ada" in said(sheet)


@pytest.mark.parametrize("is_read_before", [True, False])
def test_a_row_that_is_corrected_while_rows_are_read_is_shown_as_it_is_now(
    perform: Callable[[Scene], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_read_before: bool,
) -> None:
    """It was as wrong as before, for ever, or gone: the group had no rows any more."""
    held, rows = Held(), BatchCalls.rows

    def hold(*which: Any, **how: Any) -> RowPage:
        monkeypatch.setattr(BatchCalls, "rows", rows)
        before = rows(*which, **how)
        held.wait()
        return before if is_read_before else rows(*which, **how)

    async def read(play: Play) -> None:
        sheet = await corrected_while_read(play, tmp_path, monkeypatch, hold, held)
        await play.until(lambda: says_corrected(sheet))
        held.let_through.set()
        await stays_corrected(play, sheet)

    perform(read)


def test_the_last_row_that_needed_a_look_stays_where_its_group_is_empty_before_it_is_answered(
    perform: Callable[[Scene], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """*There are no rows in this group* took its place and that of its card, for ever."""
    asked, corrected = Held(), Held()
    rows, correct_row = BatchCalls.rows, BatchCalls.correct_row

    def hold_rows(*which: Any, **how: Any) -> RowPage:
        monkeypatch.setattr(BatchCalls, "rows", rows)
        asked.wait()
        return rows(*which, **how)

    def hold_answer(*which: Any, **how: Any) -> BatchRow:
        row = correct_row(*which, **how)
        corrected.wait()
        return row

    monkeypatch.setattr(BatchCalls, "correct_row", hold_answer)

    async def read(play: Play) -> None:
        sheet = await corrected_while_read(play, tmp_path, monkeypatch, hold_rows, asked)
        await play.until(corrected.has_come.is_set)
        asked.let_through.set()
        await play.until(lambda: len(play.program.jobs.under_way) == 1)
        corrected.let_through.set()
        await play.until(lambda: says_corrected(sheet))
        await stays_corrected(play, sheet)

    perform(read)


def test_what_is_typed_at_a_row_stays_while_rows_are_checked_again(
    perform: Callable[[Scene], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its card went while the row was unchecked, and came with the old value."""
    rows, answers = BatchCalls.rows, list[int]()

    def find_unchecked(*which: Any, **how: Any) -> RowPage:
        monkeypatch.setattr(BatchCalls, "rows", rows)
        answers.append(1)
        return {"rows": [], "next": None}

    async def read(play: Play) -> None:
        sheet = await with_a_typo(play, tmp_path)
        QTest.keyClicks(sheet.card.editor, "exam")
        monkeypatch.setattr(BatchCalls, "rows", find_unchecked)
        read_again(play)
        await play.until(lambda: answers and not play.program.jobs.under_way)
        read_again(play)
        await play.until(lambda: sheet.card.isVisible() and not play.program.jobs.under_way)
        assert sheet.card.editor.text().endswith("exam")
        sheet.close()

    perform(read)


def test_why_send_was_refused_is_said_until_the_person_goes_on(
    perform: Callable[[Scene], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any change of the draft that was heard took the sentence away at once."""
    start = BatchCalls.start

    def refuse(*_calls: Any, **_options: Any) -> Batch:
        monkeypatch.setattr(BatchCalls, "start", start)
        raise Refused({"type": "", "title": "", "status": 409, "detail": "1 row is unchecked."})

    monkeypatch.setattr(BatchCalls, "start", refuse)

    async def send(play: Play) -> None:
        sheet = drop(play, members(tmp_path, "Ada;ada@example.org;Opera;Wien"))
        await play.until(lambda: checked(sheet, 1) and sheet.foot_row.send.isEnabled())
        foot = sheet.foot_row
        press(foot.send)
        await play.until(lambda: foot.words.text() == "1 row is unchecked.")
        play.program.rooms.importing.imports.starting.follow()
        await play.until(lambda: not play.program.jobs.under_way)
        assert (foot.words.text(), foot.send.text()) == ("1 row is unchecked.", "Send 1")
        sheet.source.sending.most.setText("5000")
        sheet.source.sending.most.textEdited.emit("5000")
        assert "unchecked" not in foot.words.text()
        press(foot.send)
        await play.until(sheet.isHidden)

    perform(send)
