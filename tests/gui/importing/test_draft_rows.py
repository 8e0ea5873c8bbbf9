"""Rows of a draft while the backend is away: what was wanted of them is there once it is back."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from PySide6.QtTest import QTest

from desktop.client.api import TaskQuery, new_key
from desktop.client.calls import BatchCalls
from desktop.gui.batches.batch_rows import RowColumn, with_entry
from desktop.gui.importing.imports import Imports
from tests import WITHIN
from tests.gui.hands import pick, type_over
from tests.gui.importing.dropping import checked, drop, each_in, members, number_of, said, send_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop.contract.batches import BatchRow
    from desktop.contract.events import BatchesEvent
    from desktop.gui.importing.import_sheet import ImportSheet
    from tests.gui.play import Perform, Play


AWAY = "Sendoff does not answer right now. "
"""What follows says what is done once it does; it was *Try again in a moment*, without a button."""


def correct_value(sheet: ImportSheet, path: str, value: str) -> None:
    """Correct a value of the first row, as the card does for one with a problem."""
    (row, *_) = sheet.rows.model.rows
    sheet.card.corrected.emit(row["row"], with_entry(row["item"], path, value), path)


async def test_what_is_wanted_of_rows_while_the_backend_is_away_is_there_once_it_is_back(
    play: Play, tmp_path: Path
) -> None:
    path = members(tmp_path, "Ada;ada.example.org;Opera;Wien", "Bo;bo@example.org;Opera;Ulm")
    sheet = drop(play, path)
    await play.until(lambda: checked(sheet, 2) and sheet.card.path)
    await play.lose_backend()
    sheet.card.focus_value()
    QTest.keyClicks(sheet.card.editor, "ada@example.org")
    sheet.card.save.click()
    assert AWAY in said(sheet)
    await play.until(lambda: AWAY not in said(sheet))
    await play.until(lambda: sheet.foot_row.send.text() == "Send 2")
    sheet.rows.show_all()
    await play.until(lambda: sheet.rows.model.rowCount() == 2)
    sheet.rows.choose(0)
    await play.until(lambda: "Hello Ada" in said(sheet))
    await play.until(lambda: not play.program.jobs.under_way)

    await play.lose_backend()
    name, email = (sheet.rows.model.index(0, each) for each in (RowColumn.NAME, RowColumn.EMAIL))
    correct_value(sheet, "recipient.name", "Ada Lovelace")
    assert AWAY in said(sheet)
    correct_value(sheet, "recipient.email", "ada@example.com")
    await play.until(lambda: email.data() == "ada@example.com")
    assert name.data() == "Ada Lovelace"
    await play.until(lambda: "Hello Ada Lovelace" in said(sheet))
    assert AWAY not in said(sheet)
    await play.until(lambda: not play.program.jobs.under_way)

    await play.lose_backend()
    sheet.rows.choose(1)
    assert AWAY in said(sheet)
    assert "Hello Ada" not in said(sheet)
    await play.until(lambda: "Hello Bo" in said(sheet))
    assert AWAY not in said(sheet)
    sheet.close()

    play.api.batches.create({"name": "May", "columns": {}}, new_key())
    await play.lose_backend()
    play.program.rooms.importing.imports.open_draft(2)
    assert AWAY in said(sheet)
    await play.until(lambda: sheet.batch and sheet.batch["name"] == "May")
    await play.until(lambda: AWAY not in said(sheet))
    sheet.close()


@contextmanager
def held_corrections() -> Iterator[tuple[threading.Event, threading.Event]]:
    """Have corrections that tell when they are asked for, and wait for their answer."""
    asked, may_end, correct_row = threading.Event(), threading.Event(), BatchCalls.correct_row

    def slowly(*what: Any) -> BatchRow:
        asked.set()
        assert may_end.wait(WITHIN)
        return correct_row(*what)

    with patch.object(BatchCalls, "correct_row", slowly):
        yield asked, may_end


def kept(play: Play, number: int) -> int:
    """Tell how many messages of a batch practice mode has kept."""
    return play.api.batches.one(number)["counts"]["kept"]


async def of_a_draft_that_was_read_otherwise_it_keeps_no_other_from_being_sent(
    play: Play, folder: Path
) -> None:
    sheet = drop(play, members(folder, "Ada;ada@example.org;Opera;Wien"))
    await play.until(lambda: checked(sheet, 1) and sheet.rows.model.rowCount() == 1)
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


async def what_is_typed_after_send_was_pressed_is_not_sent_before_it_is_pressed_again(
    play: Play, folder: Path
) -> None:
    sheet = drop(play, members(folder, "Cy;cy@example.org;Opera;Wien", "Bo;bo@example,org;;Ulm"))
    await play.until(lambda: checked(sheet, 2) and sheet.card.path)
    number = number_of(sheet)
    sheet.rows.show_all()
    await play.until(lambda: sheet.rows.model.rowCount() == 2)
    with held_corrections() as (_, may_end):
        correct_value(sheet, "recipient.name", "Cy Twombly")
        sheet.foot_row.send.click()
        assert sheet.foot_row.send.text() == "Sending…"
        sheet.rows.choose(1)
        type_over(sheet.card.editor, "bo@example.org")
        may_end.set()
        await play.until(lambda: "Press again." in said(sheet))
        await play.until(lambda: sheet.foot_row.send.text() == "Send 2")
        await play.until(lambda: not play.program.jobs.under_way)
        assert play.api.batches.one(number)["state"] == "draft"
        sheet.foot_row.send.click()
        await play.until(lambda: kept(play, number) == 2)


async def send_does_not_overtake_one_that_is_made_once_the_backend_is_back(
    play: Play, folder: Path
) -> None:
    sheet = drop(play, members(folder, "Di;di@example.org;Opera;Wien"))
    await play.until(lambda: checked(sheet, 1) and sheet.rows.model.rowCount() == 1)
    number = number_of(sheet)
    await play.lose_backend()
    correct_value(sheet, "recipient.email", "di@example.com")
    with held_corrections() as (asked, may_end):
        await play.until(asked.is_set)
        await play.until(lambda: len(play.program.jobs.under_way) == 1)
        sheet.foot_row.send.click()
        assert len(play.program.jobs.under_way) == 1  # the correction
        may_end.set()
        await play.until(lambda: kept(play, number) == 1)
    (row,) = play.api.page(TaskQuery(batch_id=number))["tasks"]
    assert row["to"] == "Di <di@example.com>"


def test_a_correction_on_its_way(perform: Perform, tmp_path: Path) -> None:
    scenes = (
        of_a_draft_that_was_read_otherwise_it_keeps_no_other_from_being_sent,
        what_is_typed_after_send_was_pressed_is_not_sent_before_it_is_pressed_again,
        send_does_not_overtake_one_that_is_made_once_the_backend_is_back,
    )
    perform(*each_in(tmp_path, *scenes))


async def rows_are_read_again_when_a_file_came_that_they_name(play: Play, folder: Path) -> None:
    path, plan = folder / "letters.csv", folder / "plan.txt"
    path.write_text("Name;E-Mail;Betreff;Anhang\nAda;ada@example.org;Opera;plan.txt, map.txt\n")
    plan.write_text("Hello")
    is_added, attach, follow = threading.Event(), BatchCalls.attach, Imports.follow

    def attach_and_check(calls: BatchCalls, number: int, file: Path) -> object:
        is_added.set()
        files = attach(calls, number, file)
        while calls.one(number)["counts"]["unchecked"]:
            pass
        return files

    def hear(imports: Imports, event: BatchesEvent) -> None:
        if not is_added.is_set():
            follow(imports, event)

    with patch.object(BatchCalls, "attach", attach_and_check):
        with patch.object(Imports, "follow", hear):
            sheet = drop(play, path)
            await play.until(
                lambda: checked(sheet, 1) and "“plan.txt, map.txt” is missing" in said(sheet)
            )
            sheet.source.files_added.emit([str(plan)])
            await play.until(lambda: "“map.txt” is missing" in said(sheet))
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


async def one_click_corrects_a_domain_in_a_row_that_is_not_shown(play: Play, folder: Path) -> None:
    rows = "Ada;ada@gmial.com;Opera;Wien", "Bo;bo@example,org;Opera;Ulm"
    sheet = drop(play, members(folder, *rows))
    await play.until(lambda: checked(sheet, 2) and bool(sheet.card.path))
    assert [each["row"] for each in sheet.rows.model.rows] == [3]
    sheet.source.meant[2].links[0].click()
    await play.until(lambda: not sheet.source.meant and not play.program.jobs.under_way)
    sheet.rows.show_all()
    await play.until(lambda: sheet.rows.model.rowCount() == 2)
    assert sheet.rows.model.cell(0, RowColumn.EMAIL).words == "ada@gmail.com"
    await play.until(lambda: sheet.foot_row.send.text() == "Send 1")


def test_rows_of_a_draft_follow_what_they_are_made_of(perform: Perform, tmp_path: Path) -> None:
    scenes = (
        one_click_corrects_a_domain_in_a_row_that_is_not_shown,
        rows_are_read_again_when_a_file_came_that_they_name,
        rows_are_read_again_when_their_template_was_saved,  # the last: it stays changed
    )
    perform(*each_in(tmp_path, *scenes))
