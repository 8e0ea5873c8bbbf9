"""A spreadsheet that was saved again after it was read: told before it is sent, and read again."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from desktop.gui.importing import draft_file
from desktop.gui.importing.import_sheet import ImportSheet
from tests import WITHIN
from tests.gui.hands import type_over
from tests.gui.importing.dropping import checked, counts, drop, members

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.gui.play import Perform, Play

LINES = ("Ada;ada@example.org;Opera;Wien", "Bo;bo@example,org;Opera;Ulm")
NEWER = "The spreadsheet was saved again after it was read."


def test_it_is_told_before_it_is_sent_and_read_again_with_what_was_corrected(
    perform: Perform, tmp_path: Path
) -> None:
    path = members(tmp_path, *LINES)
    (tmp_path / "new").mkdir()

    async def send(play: Play) -> None:
        sheet = drop(play, path)
        foot = sheet.foot_row
        await play.until(lambda: checked(sheet, 2) and sheet.card.path)
        sheet.card.editor.setText("bo@example.org")
        sheet.card.save.click()
        await play.until(lambda: foot.send.text() == "Send 2")
        assert not foot.read_again.isVisible()
        members(tmp_path / "new", *LINES, "Cy;cy@example.org;Opera;Bonn").replace(path)
        await play.until(foot.read_again.isVisible)
        assert foot.words.text().startswith(NEWER)
        foot.read_again.click()
        await play.until(lambda: checked(sheet, 3))
        assert counts(sheet)["ready"] == 3  # the correction is kept
        assert not foot.read_again.isVisible()
        assert NEWER not in foot.words.text()
        path.unlink()  # what was read is sent all the same
        play.program.rooms.services.grace.seconds = 600.0  # none is sent by then
        foot.send.click()
        await play.until(sheet.isHidden)
        await play.toast("Sending 3 messages begins in")

    perform(send)


def test_it_is_told_each_time_and_can_be_sent_as_it_was_read(
    perform: Perform, tmp_path: Path
) -> None:
    path = members(tmp_path, LINES[0])

    async def leave(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 1))
        type_over(sheet.source.sending.most, "500")
        await play.until(lambda: sheet.batch and sheet.batch["rate"])
        members(tmp_path, *LINES)  # in its place
        await play.until(sheet.foot_row.read_again.isVisible)
        sheet.close()
        members(tmp_path, *LINES[:1])
        play.program.rooms.importing.imports.open_draft(1)
        await play.until(lambda: checked(sheet, 1))
        await play.until(lambda: not play.program.jobs.under_way)
        assert not sheet.foot_row.read_again.isVisible()
        members(tmp_path, *LINES)
        await play.until(sheet.foot_row.read_again.isVisible)
        sheet.close()

    async def send(play: Play) -> None:
        play.program.rooms.importing.imports.open_draft(1)
        (sheet,) = play.window.findChildren(ImportSheet)
        await play.until(sheet.foot_row.read_again.isVisible)
        assert NEWER in sheet.foot_row.words.text()
        play.program.rooms.services.grace.seconds = 600.0  # it is not sent by then
        sheet.foot_row.send.click()
        await play.until(sheet.isHidden)
        await play.toast("1 message will be sent")

    perform(leave)
    perform(send)


def test_its_place_is_known_also_where_it_is_read_otherwise(
    perform: Perform, tmp_path: Path
) -> None:
    path = members(tmp_path, *LINES)

    async def choose(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 2))
        sheet.close()
        play.program.rooms.importing.imports.open_draft(1)
        await play.until(lambda: checked(sheet, 2))
        read_as = sheet.source.read_as
        read_as.chosen.emit(replace(read_as.choice(), header=0))
        await play.until(lambda: checked(sheet, 3))
        members(tmp_path, LINES[0])
        await play.until(sheet.foot_row.read_again.isVisible)
        sheet.close()

    perform(choose)


def test_a_file_of_which_reading_was_stopped_is_read_on_where_it_is_shown(
    perform: Perform, tmp_path: Path
) -> None:
    path = members(tmp_path, *(f"P{n};p{n}@example.org;Opera;Wien" for n in range(1500)))

    async def go_on(play: Play) -> None:
        sheet = drop(play, path)
        read_on = sheet.foot_row.read_on
        await play.until(lambda: sheet.batch)
        assert not read_on.isVisible()
        sheet.foot_row.stop.click()
        await play.until(lambda: "of 1,500 rows were read." in sheet.foot_row.words.text())
        read_on.click()
        assert not read_on.isVisible()
        await play.until(lambda: checked(sheet, 1500))
        assert not read_on.isVisible()
        sheet.close()

    perform(go_on)


def test_a_drive_that_does_not_answer_is_asked_once(
    perform: Perform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, asked, answers = members(tmp_path, *LINES), threading.Event(), threading.Event()

    def look(place: Path, _read: Path) -> bool:
        asked.set()
        assert place == path
        assert answers.wait(WITHIN)
        return True

    monkeypatch.setattr(draft_file, "was_saved_since", look)

    async def show(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 2) and asked.is_set())
        assert not sheet.foot_row.read_again.isVisible()
        await play.until(lambda: len(play.program.jobs.under_way) == 1)
        (shown,) = sheet.findChildren(draft_file.ShownFile)
        (timer,) = shown.findChildren(QTimer)
        timer.timeout.emit()
        assert len(play.program.jobs.under_way) == 1
        answers.set()
        await play.until(sheet.foot_row.read_again.isVisible)
        sheet.close()

    perform(show)
