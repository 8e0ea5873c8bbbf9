"""A correction of a row is changed, taken back and skipped, before and after it is accepted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.gui.importing.row_deeds import MOST, RowDeed, RowDeeds
from desktop.gui.kit.words.table import say
from sendoff_tasks.words.table import ENGLISH
from tests.gui.importing.dropping import (
    brought,
    checked,
    counts,
    each_in,
    members,
    number_of,
    said,
)

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.gui.importing.import_place import ImportPlace
    from tests.gui.play import Perform, Play

ROWS = "Ada;ada@;Opera;Wien", "Bo;bo@example,org;Opera;Ulm", "Cy;cy@example.org;Opera;Bonn"
NO_AT = ENGLISH.say("address", "no_at")


def typed(sheet: ImportPlace, text: str) -> None:
    """Type over the value of the row and press Enter."""
    sheet.card.editor.selectAll()
    QTest.keyClicks(sheet.card.editor, text)
    QTest.keyClick(sheet.card.editor, Qt.Key.Key_Return)


def undo(play: Play) -> None:
    QTest.keyClick(play.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def addresses(play: Play, number: int) -> list[str]:
    rows = play.api.batches.rows(number)["rows"]
    return [row["item"]["recipient"]["email"] for row in rows]


def state(play: Play, number: int) -> list[tuple[str, str | None]]:
    """Tell the address of each row, and its check."""
    rows = play.api.batches.rows(number)["rows"]
    return [(row["item"]["recipient"]["email"], row["check"]) for row in rows]


async def has(play: Play, number: int, row: int, address: str, check: str) -> None:
    await play.until(lambda: state(play, number)[row] == (address, check))
    await play.until(lambda: not play.program.jobs.under_way)


async def to_correct(play: Play, folder: Path) -> ImportPlace:
    sheet = await brought(play, members(folder, *(f"{each}{folder.name}" for each in ROWS)), 3)
    await play.until(lambda: sheet.card.path is not None)
    sheet.list.show_all()
    await play.until(lambda: sheet.list.model.rowCount() == 3)
    sheet.list.choose(0)
    await play.until(lambda: sheet.list.is_at(2) and not play.program.jobs.under_way)
    return sheet


async def it_is_changed_and_taken_back_after_it_was_accepted(play: Play, folder: Path) -> None:
    sheet = await to_correct(play, folder)
    card, number = sheet.card, number_of(sheet)
    assert card.as_read.isHidden()
    typed(sheet, "bo@example.org")  # the address of another member
    await has(play, number, 0, "bo@example.org", "ready")
    await play.until(lambda: sheet.list.is_at(3))
    sheet.list.choose(0)
    assert card.editor.text() == "bo@example.org"
    typed(sheet, "ada@example.org")
    await has(play, number, 0, "ada@example.org", "ready")
    sheet.list.choose(0)
    card.as_read.click()
    await has(play, number, 0, "ada@", "problem")
    assert (sheet.list.is_at(2), card.editor.text(), card.as_read.isHidden()) == (
        True,
        "ada@",
        True,
    )
    sheet.close()


async def what_is_still_wrong_is_not_taken_for_accepted(play: Play, folder: Path) -> None:
    sheet = await to_correct(play, folder)
    no_at = say("import", "still_wrong", why=NO_AT)
    typed(sheet, "ada.example.org")
    await play.until(lambda: no_at in said(sheet))
    QTest.keyClicks(sheet.card.editor, "bo@example.org")  # meant for the next member
    assert sheet.card.editor.text() != "bo@example.org"
    assert sheet.list.is_at(2)
    sheet.card.editor.setText("ada.example.org")
    sheet.card.editor.clearFocus()
    sheet.card.focus_value()
    QTest.keyClick(sheet.card.editor, Qt.Key.Key_Return)  # nothing is typed
    assert no_at in said(sheet)
    sheet.list.choose(2)
    sheet.list.choose(0)
    await play.until(lambda: NO_AT in said(sheet))
    assert no_at not in said(sheet)
    sheet.close()


async def ctrl_z_takes_back_in_order_also_in_a_draft_that_is_opened_again(
    play: Play, folder: Path
) -> None:
    sheet = await to_correct(play, folder)
    card, number = sheet.card, number_of(sheet)
    typed(sheet, "bo@example.org")
    await has(play, number, 0, "bo@example.org", "ready")
    sheet.list.choose(0)
    typed(sheet, "ada@example.org")
    await has(play, number, 0, "ada@example.org", "ready")
    sheet.list.choose(2)
    card.skip.click()
    await has(play, number, 2, "cy@example.org", "skipped")
    assert sheet.said.send.text() == "Keep 1"
    sheet.close()
    play.program.rooms.importing.imports.open_draft(number)
    await play.until(lambda: checked(sheet, 3) and sheet.list.model.rowCount())
    await play.until(lambda: not play.program.jobs.under_way)
    sheet.list.table.setFocus()
    undo(play)
    await has(play, number, 2, "cy@example.org", "ready")
    assert say("import", "undone", row=4) in said(sheet)
    undo(play)
    await has(play, number, 0, "bo@example.org", "ready")
    await play.until(lambda: sheet.list.is_at(2))
    sheet.source.sending.most.replace("500")  # an option: the draft stays what it is
    sheet.source.read_as.change.click()
    sheet.source.sending.key.setFocus()
    undo(play)  # no row, while columns are changed
    await play.until(lambda: not play.program.jobs.under_way)
    assert state(play, number)[0] == ("bo@example.org", "ready")
    sheet.list.table.setFocus()
    undo(play)
    await has(play, number, 0, "ada@", "problem")
    assert addresses(play, number)[1] == "bo@example,org"
    before = state(play, number)
    sheet.list.table.setFocus()
    undo(play)  # nothing is left
    await play.until(lambda: not play.program.jobs.under_way)
    assert state(play, number) == before
    sheet.close()


async def what_was_changed_elsewhere_since_is_not_taken_back(play: Play, folder: Path) -> None:
    sheet = await to_correct(play, folder)
    number = number_of(sheet)
    typed(sheet, "ada@example.org")
    await has(play, number, 0, "ada@example.org", "ready")
    item: Any = play.api.batches.rows(number)["rows"][0]["item"]
    item = {**item, "recipient": {"name": "Ada", "email": "ada@home.example"}}
    play.api.batches.correct_row(number, 2, item, ["recipient.email"])
    sheet.list.reload()
    await play.until(lambda: "ada@home.example" in str(sheet.list.model.rows))
    sheet.list.table.setFocus()
    undo(play)
    await play.until(lambda: say("import", "not_undone", row=2) in said(sheet))
    assert addresses(play, number)[0] == "ada@home.example"
    sheet.close()


async def a_row_that_is_read_again_keeps_what_was_done_to_it(play: Play, folder: Path) -> None:
    sheet = await to_correct(play, folder)
    number = number_of(sheet)
    typed(sheet, "ada@example.org")
    await has(play, number, 0, "ada@example.org", "ready")
    sheet.list.choose(1)
    sheet.card.skip.click()
    await has(play, number, 1, "bo@example,org", "skipped")
    sheet.source.read_as.numbers.chosen.emit("")  # the file is read into a new draft
    await play.until(lambda: sheet.batch and number_of(sheet) != number and checked(sheet, 3))
    await play.until(lambda: not play.program.jobs.under_way)
    again = number_of(sheet)
    assert state(play, again)[:2] == [("ada@example.org", "ready"), ("bo@example,org", "skipped")]
    sheet.list.table.setFocus()
    undo(play)
    await has(play, again, 1, "bo@example,org", "problem")
    undo(play)
    await has(play, again, 0, "ada@", "problem")
    sheet.close()


async def what_looks_wrong_who_opts_out_and_totals_are_told_before_they_are_sent(
    play: Play, folder: Path
) -> None:
    path = folder / "fees.csv"
    path.write_text(
        "Name;E-Mail;Beitrag;Status\n"
        "Ada;ada@example.org;12.50 €;active\nBo;bo@example.org;frei;active\n"
        "Cy;cy@example.org;10.00 €;unsubscribed\nDi;di@example.org;9.00 €;active\n"
        "Summe;;31.50 €;\n",
        encoding="utf-8",
    )
    sheet = await brought(play, path, 5)
    card, counted = sheet.card, counts(sheet)
    assert (counted["ready"], counted["doubtful"], counted["opted_out"]) == (2, 1, 1)
    assert (counted["skipped"], counted["problems"]) == (1, 0)
    assert sheet.said.send.text() == "Keep 3"
    sheet.source.sending.opted_out.click()
    assert sheet.said.send.text() == "Keep 4"
    sheet.source.sending.opted_out.click()
    await play.until(lambda: sheet.list.is_at(3) and card.editor.text() == "frei")
    assert say("row", "doubtful", "number", text="frei") in said(sheet)
    await play.until(lambda: not play.program.jobs.under_way)
    card.focus_value()
    typed(sheet, "much")
    await play.until(lambda: say("value_wanted", "number") in said(sheet))
    sheet.list.table.setFocus()
    undo(play)  # what was refused is not done
    assert say("import", "not_undone", row=3) not in said(sheet)
    card.editor.setText("frei")
    card.focus_value()
    QTest.keyClick(card.editor, Qt.Key.Key_Return)  # it is right
    await play.until(lambda: counts(sheet)["doubtful"] == 0 and counts(sheet)["ready"] == 3)
    sheet.list.show_all()
    await play.until(lambda: sheet.list.model.rowCount() == 5)
    sheet.list.choose(2)
    assert say("row", "left_out") in said(sheet)
    card.after_all.click()
    await play.until(lambda: sheet.said.send.text() == "Keep 4")
    sheet.list.choose(4)
    assert say("row", "skipped", "total") in said(sheet)
    card.skip.click()  # it is taken in again
    await play.until(lambda: counts(sheet)["problems"] == 1)
    await play.until(lambda: not play.program.jobs.under_way)
    sheet.list.table.setFocus()
    for _ in range(2):
        undo(play)
        await play.until(lambda: not play.program.jobs.under_way)
    await play.until(lambda: counts(sheet)["skipped"] == 1 and counts(sheet)["opted_out"] == 1)
    sheet.close()


def test_what_is_done_to_rows_can_be_taken_back(perform: Perform, tmp_path: Path) -> None:
    scenes = (
        it_is_changed_and_taken_back_after_it_was_accepted,
        what_is_still_wrong_is_not_taken_for_accepted,
        ctrl_z_takes_back_in_order_also_in_a_draft_that_is_opened_again,
        what_was_changed_elsewhere_since_is_not_taken_back,
        a_row_that_is_read_again_keeps_what_was_done_to_it,
        what_looks_wrong_who_opts_out_and_totals_are_told_before_they_are_sent,
    )
    perform(*each_in(tmp_path, *scenes))


class Memory:
    """What is remembered of drafts."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, str], Any] = {}

    def of(self, number: int, key: str) -> Any:
        return self.kept.get((number, key))

    def keep(self, number: int, key: str, value: object) -> None:
        self.kept[number, key] = value


def test_the_newest_deeds_of_a_draft_are_kept() -> None:
    memory: Any = Memory()
    deeds = RowDeeds(memory)
    deed = partial(RowDeed, path="title", before="a", was_typed=False)
    deeds.note(3, deed(2, after="a"))  # changes nothing
    assert deeds.newest(3) is None
    for row in range(2, MOST + 12):
        deeds.note(3, deed(row, after="b"))
    deeds.move(3, 4)
    for row in reversed(range(12, MOST + 12)):
        assert deeds.newest(4) == deed(row, after="b")
        deeds.drop_newest(4)
    assert deeds.newest(4) is None
    assert deeds.newest(3) == deed(MOST + 11, after="b")
