"""The file of a draft: dropped, read as the person says, saved again after it was read."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from desktop.client.errors import BackendBusy, BackendGone
from desktop.gui.importing import draft_file
from desktop.gui.importing.import_sheet import ImportSheet
from desktop.gui.kit.widgets.choice import Choice
from desktop.sheets import Writing
from tests import WITHIN
from tests.gui.hands import pick, press
from tests.gui.importing.dropping import (
    batches,
    brought,
    checked,
    counts,
    drop,
    each_in,
    members,
    number_of,
)
from tests.sheets.files import workbook

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.client.api import Api
    from tests.gui.play import Perform, Play


LINES = ("Ada;ada@example.org;Opera;Wien", "Bo;bo@example,org;Opera;Ulm")
NEWER = "The spreadsheet was saved again after it was read."


async def it_is_told_before_it_is_sent_and_read_again_with_what_was_corrected(
    play: Play, folder: Path
) -> None:
    path = members(folder, *LINES)
    (folder / "new").mkdir()
    sheet = drop(play, path)
    foot = sheet.foot_row
    await play.until(lambda: checked(sheet, 2) and sheet.card.path)
    sheet.card.editor.setText("bo@example.org")
    sheet.card.save.click()
    await play.until(lambda: foot.send.text() == "Send 2")
    assert not foot.read_again.isVisible()
    members(folder / "new", *LINES, "Cy;cy@example.org;Opera;Bonn").replace(path)
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
    await play.toast("3 e-mails will be kept, not sent")


async def its_place_is_known_also_where_it_is_read_otherwise(play: Play, folder: Path) -> None:
    path = members(folder, *reversed(LINES))
    sheet = await brought(play, path, 2)
    number = number_of(sheet)
    sheet.close()
    play.program.rooms.importing.imports.open_draft(number)
    await play.until(lambda: checked(sheet, 2))
    read_as = sheet.source.read_as
    read_as.chosen.emit(replace(read_as.choice(), header=0))
    await play.until(lambda: checked(sheet, 3))
    members(folder, LINES[1])
    await play.until(sheet.foot_row.read_again.isVisible)
    sheet.close()


async def a_file_of_which_reading_was_stopped_is_read_on(play: Play, folder: Path) -> None:
    path = members(folder, *(f"P{n};p{n}@example.org;Opera;Wien" for n in range(1001)))
    sheet = drop(play, path)
    read_on = sheet.foot_row.read_on
    await play.until(lambda: sheet.batch)
    assert not read_on.isVisible()
    sheet.foot_row.stop.click()
    await play.until(lambda: "of 1,001 rows were read." in sheet.foot_row.words.text())
    read_on.click()
    assert not read_on.isVisible()
    await play.until(lambda: checked(sheet, 1001))
    assert not read_on.isVisible()
    sheet.close()


async def a_drive_that_does_not_answer_is_asked_once(play: Play, folder: Path) -> None:
    path, asked, answers = members(folder, *LINES * 2), threading.Event(), threading.Event()

    def look(place: Path, _read: Path) -> bool:
        asked.set()
        assert place == path
        assert answers.wait(WITHIN)
        return True

    with patch.object(draft_file, "was_saved_since", look):
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 4) and asked.is_set())
        assert not sheet.foot_row.read_again.isVisible()
        await play.until(lambda: len(play.program.jobs.under_way) == 1)
        (shown,) = sheet.findChildren(draft_file.ShownFile)
        (timer,) = shown.findChildren(QTimer)
        timer.timeout.emit()
        assert len(play.program.jobs.under_way) == 1
        answers.set()
        await play.until(sheet.foot_row.read_again.isVisible)
        sheet.close()


AWAY = "Sendoff does not answer right now. The spreadsheet is read once it does."


async def a_file_that_is_dropped_while_the_backend_is_away_is_read_once_it_is_back(
    play: Play, folder: Path
) -> None:
    path, before = members(folder, "Cy;cy@example.org;Opera;Wien"), batches(play)
    for is_left in (True, False):
        await play.lose_backend()
        sheet = drop(play, path)
        await play.until(lambda sheet=sheet: sheet.rows.empty.sentence.text() == AWAY)  # type: ignore[misc]
        assert sheet.source.name.text()
        assert sheet.rows.empty.link.isVisible()
        assert not sheet.source.sending.isVisible()  # what is chosen there would be lost
        if is_left:
            sheet.close()
            await play.ready()
            assert batches(play) == before
    await play.until(lambda: checked(sheet, 1))
    assert not sheet.rows.empty.link.isVisible()
    sheet.close()


async def a_draft_whose_answer_was_lost_is_made_once(play: Play, folder: Path) -> None:
    path = members(folder, "Di;di@example.org;Opera;Wien")
    make, lost, before = draft_file.find_or_create, list[int](), batches(play)

    def lose(*args: Any, **options: Any) -> Any:
        made = make(*args, **options)
        if not lost:
            lost.append(made[0]["batch_id"])
            play.kill_backend()
            raise BackendGone
        return made

    with patch.object(draft_file, "find_or_create", lose):
        sheet = await brought(play, path, 1)
        assert batches(play) == [*lost, *before]
        sheet.close()


async def a_file_that_was_not_read_is_tried_again(play: Play, folder: Path) -> None:
    path = folder / "members.csv"
    make, refused, before = draft_file.find_or_create, [True], batches(play)

    def refuse(*args: Any, **options: Any) -> Any:
        if refused:
            raise BackendBusy("Sendoff is busy. Try again in a moment.", 1.0)
        return make(*args, **options)

    with patch.object(draft_file, "find_or_create", refuse):
        sheet = drop(play, path)
        await play.until(lambda: "does not exist" in sheet.rows.empty.sentence.text())
        members(folder, "Ada;ada@example.org;Opera;Wien")
        sheet.rows.empty.link.click()
        assert not sheet.rows.empty.link.isVisible()
        await play.until(lambda: "is busy" in sheet.rows.empty.sentence.text())
        refused.clear()
        sheet.rows.empty.link.click()
        await play.until(lambda: checked(sheet, 1))
        assert batches(play) == [number_of(sheet), *before]
        sheet.close()


def is_read_again(sheet: ImportSheet, before: int) -> bool:
    """Tell whether there is a new draft in the place of that one, all of it checked."""
    batch = sheet.batch
    return batch is not None and batch["batch_id"] != before and not batch["counts"]["unchecked"]


async def a_file_that_cannot_be_read_says_why(play: Play, folder: Path) -> None:
    path = folder / "empty.xlsx"
    path.write_bytes(b"")
    sheet = drop(play, path)
    await play.until(lambda: "empty" in sheet.rows.empty.sentence.text())
    assert sheet.source.other_file.hasFocus()
    assert sheet.batch is None
    sheet.close()


async def a_draft_is_written_as_when_it_was_made(play: Play, folder: Path) -> None:
    english, german = Writing("mm/dd/yyyy", ".", ","), Writing("dd.mm.yyyy", ",", ".")
    with patch.object(draft_file, "system_writing", lambda: english):
        path = folder / "members.xlsx"
        with workbook(path) as book:
            page = book.add_worksheet()
            page.write_row(0, 0, ["E-Mail", "Fee"])
            page.write(1, 0, "ada@example.org")
            page.write(1, 1, 1234.5, book.add_format({"num_format": "#,##0.00"}))

        def field(play: Play, sheet: ImportSheet) -> str:
            assert sheet.batch is not None
            (row,) = play.api.batches.rows(sheet.batch["batch_id"])["rows"]
            return str(row["item"]["fields"]["Fee"])

        sheet = await brought(play, path, 1)
        assert field(play, sheet) == "1,234.50"
        number = number_of(sheet)
        (written,) = (
            each
            for each in sheet.source.columns_form.findChildren(Choice)
            if each.value() == "shown"
        )
        pick(written, "plain")
        await play.until(lambda: checked(sheet, 1) and field(play, sheet) == "1234.5")
        sheet.close()
        with patch.object(draft_file, "system_writing", lambda: german):
            play.program.rooms.importing.imports.open_draft(number)
            await play.until(lambda: checked(sheet, 1))
            assert sheet.source.read_as.numbers.currentText().startswith("1,234.50 · 12/31/2026")
            assert sheet.source.columns_form.plain() == ["Fee"]
            press(sheet.source.read_as.change)
            pick(sheet.source.read_as.numbers, "de_DE")
            await play.until(lambda: is_read_again(sheet, number) and checked(sheet, 1))
            assert field(play, sheet) == "1234,5"
            sheet.close()


async def the_file_that_was_chosen_last_is_shown(play: Play, folder: Path) -> None:
    first = members(folder, *(f"P{n};p{n}@example.org;Opera;Wien" for n in range(500)))
    (folder / "second").mkdir()
    second = members(folder / "second", "Ada;ada@example.org;Opera;Wien")
    drop(play, first)
    sheet = await brought(play, second, 1)
    assert sheet.source.notes.isHidden()
    await play.until(lambda: "1 row" in sheet.source.name.text())
    sheet.close()


async def a_file_is_read_as_the_person_chooses(play: Play, folder: Path) -> None:
    path = folder / "members.csv"
    lines = ["Export 2026;", "Name;E-Mail", "Žofie;zofie@example.org", "Ada;ada@example.org"]
    path.write_bytes("\n".join(lines).encode("cp1250"))
    sheet = await brought(play, path, 2)
    first = number_of(sheet)
    QTest.mouseClick(sheet.source.read_as.change, Qt.MouseButton.LeftButton)
    assert not sheet.source.read_as.sheet.isVisible()
    assert sheet.source.read_as.header.value() == "2"
    for choices, value in (
        (sheet.source.read_as.encoding, "cp1250"),
        (sheet.source.read_as.header, "3"),
    ):
        pick(choices, value)
        await play.until(partial(is_read_again, sheet, first))
        first = number_of(sheet)
    await play.until(lambda: checked(sheet, 1))
    assert list(sheet.source.columns()) == ["Žofie", "zofie@example.org"]
    path.unlink()
    sheet.close()
    play.program.rooms.importing.imports.open_draft(first)
    await play.until(lambda: sheet.isVisible() and checked(sheet, 1))
    assert sheet.source.read_as.encoding.value() == "cp1250"
    assert sheet.source.read_as.header.value() == "3"
    sheet.close()


def test_a_file_is_read_as_the_person_says(perform: Perform, tmp_path: Path) -> None:
    scenes = (
        a_file_that_cannot_be_read_says_why,
        the_file_that_was_chosen_last_is_shown,
        a_file_is_read_as_the_person_chooses,
        a_file_of_which_reading_was_stopped_is_read_on,
        a_draft_is_written_as_when_it_was_made,
        what_was_corrected_stays_when_the_file_is_read_otherwise,
    )
    perform(*each_in(tmp_path, *scenes))


def test_a_file_that_was_saved_again_is_read_again(perform: Perform, tmp_path: Path) -> None:
    scenes = (
        its_place_is_known_also_where_it_is_read_otherwise,
        a_drive_that_does_not_answer_is_asked_once,
        it_is_told_before_it_is_sent_and_read_again_with_what_was_corrected,
    )
    perform(*each_in(tmp_path, *scenes))


async def what_was_corrected_stays_when_the_file_is_read_otherwise(
    play: Play, folder: Path
) -> None:
    path = folder / "members.csv"
    lines = (
        "Bo;bo@example,org",
        "Name;E-Mail",
        "Cy;cy@example,org",
        "Di;di@example.org",
        "Ed;ed@example.org",
    )
    path.write_text("Name;E-Mail\n" + "\n".join(lines))

    sheet = await brought(play, path, 5)
    number = number_of(sheet)
    for row, name in ((2, "Bo"), (4, "Cy")):  # as another window, or a program does
        person: Any = {"name": name, "email": f"{name.lower()}@example.org"}
        play.api.batches.correct_row(number, row, {"recipient": person})
    pick(sheet.source.read_as.header, "3")
    await play.until(lambda: is_read_again(sheet, number) and checked(sheet, 3))
    await play.until(lambda: number not in batches(play))
    said = "1 value was corrected. 1 correction is not used"
    await play.until(lambda: said in sheet.foot_row.words.text())
    cy, *_ = play.api.batches.rows(number_of(sheet))["rows"]
    assert cy["item"]["recipient"]["email"] == "cy@example.org"
    sheet.close()


async def reading_that_waits_says_so_until_it_goes_on(play: Play, folder: Path) -> None:
    put, errors = draft_file.Upload.put_next, list[Exception]()

    def put_next(upload: draft_file.Upload, api: Api) -> float | draft_file.UploadedDraft:
        if errors:
            raise errors[0]
        return put(upload, api)

    async def wait(play: Play, name: str, error: Exception) -> None:
        (own := folder / name).mkdir()
        lines = (f"{name}{n};{name}{n}@example.org;Opera;Wien" for n in range(3))
        errors.append(error)
        sheet = drop(play, members(own, *lines))
        await play.until(lambda: "Reading continues once" in sheet.foot_row.words.text())
        errors.clear()
        await play.until(lambda: checked(sheet, 3))
        assert "Reading" not in sheet.foot_row.words.text()
        sheet.close()

    again = patch.object(draft_file, "AGAIN_AFTER_MS", 10)
    with again, patch.object(draft_file.Upload, "put_next", put_next):
        await wait(play, "a", BackendGone())
        await wait(play, "b", BackendBusy("It waits for its database.", 1.0))


def test_reading_waits_for_what_does_not_answer(perform: Perform, tmp_path: Path) -> None:
    scenes = (
        a_file_that_was_not_read_is_tried_again,
        reading_that_waits_says_so_until_it_goes_on,
        a_file_that_is_dropped_while_the_backend_is_away_is_read_once_it_is_back,
        a_draft_whose_answer_was_lost_is_made_once,
    )
    perform(*each_in(tmp_path, *scenes))
