"""Rows of a draft in the running program: corrected, read again, and sent as they are by then."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.client.items import BatchCalls
from desktop.contract.office import office_row
from desktop.gui.batches.batch_rows import RowColumn, with_entry
from desktop.gui.importing.imports import Imports
from desktop.gui.kit.words.table import say
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.words.table import ENGLISH
from tests import WITHIN
from tests.gui.hands import pick, type_over
from tests.gui.importing.dropping import checked, drop, each_in, members, number_of, said, send_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from desktop.contract.batches import BatchesEvent, BatchRow, RowPage
    from desktop.gui.importing.import_place import ImportPlace
    from tests.gui.play import Perform, Play


AWAY = ENGLISH.say("server", "away")


def correct_value(sheet: ImportPlace, path: str, value: str) -> None:
    """Correct a value of the first row, as the card does for one with a problem."""
    (row, *_) = sheet.list.model.rows
    sheet.card.corrected.emit(row["row"], with_entry(row["item"], path, value), path)


@contextmanager
def held_corrections() -> Iterator[tuple[Event, Event]]:
    """Have corrections that tell when they are asked for, and wait for their answer."""
    asked, may_end, correct_row = Event(), Event(), BatchCalls.correct_row

    def slowly(*what: Any) -> BatchRow:
        asked.set()
        assert may_end.wait(WITHIN)
        return correct_row(*what)

    with patch.object(BatchCalls, "correct_row", slowly):
        yield asked, may_end


def kept(play: Play, number: int) -> int:
    """Tell how many messages of a batch practice mode has kept."""
    return play.api.batches.one(number)["counts"]["kept"]


async def what_is_wanted_of_them_while_the_backend_is_away_is_done_before_they_are_sent(
    play: Play, folder: Path
) -> None:
    path = members(folder, "Ada;ada.example.org;Opera;Wien", "Bo;bo@example.org;Opera;Ulm")
    sheet = drop(play, path)
    await play.until(lambda: checked(sheet, 2) and sheet.card.path)
    sheet.list.show_all()
    await play.until(lambda: sheet.list.model.rowCount() == 2)
    sheet.list.choose(0)
    number = number_of(sheet)
    await play.lose_backend()
    sheet.card.focus_value()
    QTest.keyClicks(sheet.card.editor, "ada@example.com")
    sheet.card.accept.click()
    assert AWAY in said(sheet)
    correct_value(sheet, "recipient.name", "Ada Lovelace")
    sheet.list.choose(1)
    assert AWAY in said(sheet)
    with held_corrections() as (asked, may_end):
        await play.until(lambda: asked.is_set() and "Hello Bo" in said(sheet))
        await play.until(lambda: len(play.program.jobs.under_way) == 1)
        assert AWAY not in said(sheet)
        sheet.said.send.click()
        assert len(play.program.jobs.under_way) == 1  # the correction
        may_end.set()
        await play.until(lambda: kept(play, number) == 2)
    tasks = map(office_row, play.api.page(SortedFilter(batch_id=number))["tasks"])
    assert "Ada Lovelace <ada@example.com>" in [each["to"] for each in tasks]


async def a_draft_that_is_opened_while_the_backend_is_away_is_shown_once_it_is_back(
    play: Play, folder: Path
) -> None:
    number = play.api.batches.create({"name": folder.name, "columns": {}}, new_key())
    await play.lose_backend()
    imports = play.program.rooms.importing.imports
    imports.open_draft(number)
    assert AWAY in said(imports.place)
    await play.until(lambda: imports.place.batch and number_of(imports.place) == number)
    await play.until(lambda: AWAY not in said(imports.place))
    imports.place.close()


async def of_a_draft_that_was_read_otherwise_it_keeps_no_other_from_being_sent(
    play: Play, folder: Path
) -> None:
    sheet = drop(play, members(folder, "Ada;ada@example.org;Opera;Wien"))
    await play.until(lambda: checked(sheet, 1) and sheet.list.model.rowCount() == 1)
    number = number_of(sheet)
    with held_corrections() as (_, may_end):
        correct_value(sheet, "recipient.name", "Ada Lovelace")
        pick(sheet.source.read_as.encoding, "cp1250")
        await play.until(
            lambda: sheet.batch and sheet.batch["batch_id"] != number and checked(sheet, 1)
        )
        may_end.set()
        await play.until(lambda: not play.program.jobs.under_way)
        await send_all(play, sheet)


async def of_two_corrections_of_a_row_the_later_one_is_sent(play: Play, folder: Path) -> None:
    sheet = drop(play, members(folder, "Ada;ada@example.org;Opera;Wien"))
    await play.until(lambda: checked(sheet, 1) and sheet.list.model.rowCount() == 1)
    number = number_of(sheet)
    await play.until(lambda: not play.program.jobs.under_way)
    with held_corrections() as (_, may_end):
        correct_value(sheet, "recipient.name", "Ada Lovelac")
        correct_value(sheet, "title", "Ballet")
        correct_value(sheet, "recipient.name", "Ada Lovelace")
        assert len(play.program.jobs.under_way) == 1  # of two, the first could be made last
        may_end.set()
        await play.until(lambda: not play.program.jobs.under_way)
    await send_all(play, sheet)
    (task,) = map(office_row, play.api.page(SortedFilter(batch_id=number))["tasks"])
    item = play.api.items.one(task["item_id"] or 0)
    assert (task["to"], item["title"]) == ("Ada Lovelace <ada@example.org>", "Ballet")


async def what_is_typed_after_send_was_pressed_is_not_sent_before_it_is_pressed_again(
    play: Play, folder: Path
) -> None:
    sheet = drop(play, members(folder, "Cy;cy@example.org;Opera;Wien", "Bo;bo@example,org;;Ulm"))
    await play.until(lambda: checked(sheet, 2) and sheet.card.path)
    number = number_of(sheet)
    sheet.list.show_all()
    await play.until(lambda: sheet.list.model.rowCount() == 2)
    with held_corrections() as (_, may_end):
        correct_value(sheet, "recipient.name", "Cy Twombly")
        sheet.said.send.click()
        assert sheet.said.send.text() == "Sending…"
        sheet.list.choose(1)
        type_over(sheet.card.editor, "bo@example.org")
        may_end.set()
        await play.until(lambda: "Press again." in said(sheet))
        await play.until(lambda: sheet.said.send.text() == "Keep 2")
        await play.until(lambda: not play.program.jobs.under_way)
        assert play.api.batches.one(number)["state"] == "draft"
        sheet.said.send.click()
        await play.until(lambda: kept(play, number) == 2)


async def rows_are_read_again_when_a_file_came_that_they_name(play: Play, folder: Path) -> None:
    path, plan = folder / "letters.csv", folder / "plan.pdf"
    path.write_text("Name;E-Mail;Betreff;Anhang\nAda;ada@example.org;Opera;plan.pdf, map.pdf\n")
    plan.write_text("Hello")
    is_added, take, follow = Event(), BatchCalls.take_files, Imports.follow

    def take_and_check(calls: BatchCalls, number: int, *files: Any) -> None:
        is_added.set()
        take(calls, number, *files)
        while calls.one(number)["counts"]["unchecked"]:
            pass

    def hear(imports: Imports, event: BatchesEvent) -> None:
        if not is_added.is_set():
            follow(imports, event)

    with patch.object(BatchCalls, "take_files", take_and_check):
        with patch.object(Imports, "follow", hear):
            sheet = drop(play, path)
            await play.until(
                lambda: checked(sheet, 1) and "“plan.pdf, map.pdf” is missing" in said(sheet)
            )
            drop(play, plan)
            await play.until(lambda: "“map.pdf” is missing" in said(sheet))
        sheet.close()


async def rows_are_read_again_when_their_template_was_saved(play: Play, folder: Path) -> None:
    path = members(folder, "Cy;cy@example.org;Opera;Wien")
    sheet = drop(play, path)
    await play.until(lambda: checked(sheet, 1) and "Hello Cy" in said(sheet))
    number = number_of(sheet)
    with patch.object(Imports, "follow", lambda *_: None):
        parts = {"subject": "Fees", "text": "Pay {{ betrag }}"}
        await asyncio.to_thread(play.api.templates.save, "confirmation", {"parts": parts})
        await play.until(lambda: play.api.batches.one(number)["counts"]["problems"] == 1)
        play.program.rooms.importing.imports.learn_templates({})
        await play.until(lambda: "The template needs “betrag”" in said(sheet))
        sheet.close()


async def a_slip_in_a_domain_needs_a_look_and_one_click_corrects_it(
    play: Play, folder: Path
) -> None:
    rows = "Ada;ada@gmial.com;Opera;Wien", "Bo;bo@example,org;Opera;Ulm"
    sheet = drop(play, members(folder, *rows))
    await play.until(lambda: checked(sheet, 2) and sheet.list.is_at(2))
    assert [each["row"] for each in sheet.list.model.rows] == [2, 3]
    assert say("row", "doubtful", text="ada@gmial.com") in said(sheet)
    assert sheet.said.send.text() == "Keep 1"
    sheet.card.meant.links[0].click()
    await play.until(lambda: sheet.list.is_at(3) and not play.program.jobs.under_way)
    sheet.list.show_all()
    await play.until(lambda: sheet.list.model.rowCount() == 2)
    assert sheet.list.model.cell(0, RowColumn.EMAIL).words == "ada@gmail.com"
    await play.until(lambda: sheet.said.send.text() == "Keep 1")


class Held:
    """A call that waits on its way until it is let through."""

    def __init__(self) -> None:
        self.has_come, self.let_through = Event(), Event()

    def wait(self) -> None:
        self.has_come.set()
        assert self.let_through.wait(WITHIN)


async def with_a_typo(play: Play, folder: Path) -> ImportPlace:
    """Open a sheet with one row, whose address lacks its end."""
    sheet = drop(play, members(folder, f"Ada;ada@;Opera;{folder.name}"))
    await play.until(lambda: checked(sheet, 1) and sheet.card.path is not None)
    await play.until(lambda: not play.program.jobs.under_way)
    return sheet


def read_again(play: Play) -> None:
    """Have the rows read again, as a change of any template does."""
    play.program.rooms.importing.imports.learn_templates({})


def correct(sheet: ImportPlace) -> None:
    sheet.card.editor.setText("ada@example.org")
    QTest.keyClick(sheet.card.editor, Qt.Key.Key_Return)


async def corrected_while_read(
    play: Play, folder: Path, patch: pytest.MonkeyPatch, read: Callable[..., RowPage], held: Held
) -> ImportPlace:
    """Correct the row of such a sheet while ``read`` is ``held``."""
    sheet = await with_a_typo(play, folder)
    patch.setattr(BatchCalls, "rows", read)
    read_again(play)
    await play.until(held.has_come.is_set)
    correct(sheet)
    return sheet


async def stays_corrected(play: Play, sheet: ImportPlace) -> None:
    await play.until(lambda: not play.program.jobs.under_way)
    assert says_corrected(sheet)
    sheet.close()


def says_corrected(sheet: ImportPlace) -> bool:
    return "Corrected: E-mail" in said(sheet) and "Hello Ada" in said(sheet)


async def it_is_shown_as_it_is_now(
    play: Play, folder: Path, patch: pytest.MonkeyPatch, is_read_before: bool
) -> None:
    """It was as wrong as before, for ever, or gone: the group had no rows any more."""
    held, rows = Held(), BatchCalls.rows

    def hold(*which: Any, **how: Any) -> RowPage:
        patch.setattr(BatchCalls, "rows", rows)
        before = rows(*which, **how)
        held.wait()
        return before if is_read_before else rows(*which, **how)

    sheet = await corrected_while_read(play, folder, patch, hold, held)
    await play.until(lambda: says_corrected(sheet))
    held.let_through.set()
    await stays_corrected(play, sheet)


async def also_where_its_group_is_empty_before_it_is_answered(
    play: Play, folder: Path, patch: pytest.MonkeyPatch
) -> None:
    """*There are no rows in this group* took its place and that of its card, for ever."""
    asked, corrected = Held(), Held()
    rows, correct_row = BatchCalls.rows, BatchCalls.correct_row

    def hold_rows(*which: Any, **how: Any) -> RowPage:
        patch.setattr(BatchCalls, "rows", rows)
        asked.wait()
        return rows(*which, **how)

    def hold_answer(*which: Any, **how: Any) -> BatchRow:
        row = correct_row(*which, **how)
        corrected.wait()
        return row

    patch.setattr(BatchCalls, "correct_row", hold_answer)
    sheet = await corrected_while_read(play, folder, patch, hold_rows, asked)
    await play.until(corrected.has_come.is_set)
    asked.let_through.set()
    await play.until(lambda: len(play.program.jobs.under_way) == 1)
    corrected.let_through.set()
    await play.until(lambda: says_corrected(sheet))
    await stays_corrected(play, sheet)
    patch.setattr(BatchCalls, "correct_row", correct_row)


async def with_what_is_typed(play: Play, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Its card went while the row was unchecked, and came with the old value."""
    rows, answers = BatchCalls.rows, list[int]()

    def find_unchecked(*which: Any, **how: Any) -> RowPage:
        patch.setattr(BatchCalls, "rows", rows)
        answers.append(1)
        return {"rows": [], "next": None}

    sheet = await with_a_typo(play, folder)
    QTest.keyClicks(sheet.card.editor, "exam")
    patch.setattr(BatchCalls, "rows", find_unchecked)
    read_again(play)
    await play.until(lambda: answers and not play.program.jobs.under_way)
    read_again(play)
    await play.until(lambda: sheet.card.isVisible() and not play.program.jobs.under_way)
    assert sheet.card.editor.text().endswith("exam")
    sheet.close()


def test_what_is_done_to_rows_of_a_draft_is_shown_and_sent_whatever_happens_meanwhile(
    perform: Perform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes = (
        a_slip_in_a_domain_needs_a_look_and_one_click_corrects_it,
        partial(it_is_shown_as_it_is_now, patch=monkeypatch, is_read_before=True),
        partial(it_is_shown_as_it_is_now, patch=monkeypatch, is_read_before=False),
        partial(also_where_its_group_is_empty_before_it_is_answered, patch=monkeypatch),
        partial(with_what_is_typed, patch=monkeypatch),
        of_a_draft_that_was_read_otherwise_it_keeps_no_other_from_being_sent,
        of_two_corrections_of_a_row_the_later_one_is_sent,
        what_is_typed_after_send_was_pressed_is_not_sent_before_it_is_pressed_again,
        what_is_wanted_of_them_while_the_backend_is_away_is_done_before_they_are_sent,
        a_draft_that_is_opened_while_the_backend_is_away_is_shown_once_it_is_back,
        rows_are_read_again_when_a_file_came_that_they_name,
        rows_are_read_again_when_their_template_was_saved,  # the last: it stays changed
    )
    perform(*each_in(tmp_path, *scenes))
