"""The file of a draft: dropped, read as the person says, saved again after it was read."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from desktop.client.items import BatchCalls
from desktop.gui.batches.batch_words import headline
from desktop.gui.importing import draft_file
from desktop.gui.importing.import_place import ImportPlace
from desktop.gui.importing.salutation_words import SalutationWords
from desktop.gui.kit.widgets.choice import Choice
from desktop.sheets.description import Writing
from sendoff_tasks.client.errors import BackendBusy, BackendGone
from sendoff_tasks.words.table import ENGLISH
from tests import WITHIN
from tests.gui.hands import pick
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
    from desktop.contract.batches import BatchCounts
    from tests.gui.play import Perform, Play


LINES = ("Ada;ada@example.org;Opera;Wien", "Bo;bo@example,org;Opera;Ulm")
CY = "Cy;cy@example.org;Opera;Bonn"
NEWER = "The spreadsheet was saved again after it was read."


async def one_saved_again_is_told_before_it_is_sent_and_read_again_with_what_was_corrected(
    play: Play, folder: Path
) -> None:
    path, opening = members(folder, *LINES), play.program.rooms.importing.imports.open_draft
    sheet = drop(play, path)
    foot = sheet.said
    await play.until(lambda: checked(sheet, 2) and sheet.card.path)
    sheet.card.editor.setText("bo@example.org")
    sheet.card.accept.click()
    await play.until(lambda: foot.send.text() == "Keep 2")
    assert not foot.read_again.isVisible()
    number = number_of(sheet)
    sheet.close()
    opening(number)
    await play.until(lambda: checked(sheet, 2))
    (folder / "new").mkdir()
    members(folder / "new", *LINES, CY).replace(path)
    await play.until(foot.read_again.isVisible)
    assert foot.words.text().startswith(NEWER)
    foot.read_again.click()
    await play.until(lambda: checked(sheet, 3))
    assert counts(sheet)["ready"] == 3  # the correction is kept
    assert not foot.read_again.isVisible()
    assert NEWER not in foot.words.text()
    members(folder / "new", *LINES).replace(path)
    await play.until(foot.read_again.isVisible)
    path.unlink()  # what was read is sent all the same
    play.program.rooms.services.grace.seconds = 600.0  # none is sent by then
    foot.send.click()
    await play.until(sheet.isHidden)
    await play.note("3 e-mails will be kept, not sent")


async def a_file_of_which_reading_was_stopped_is_read_on(play: Play, folder: Path) -> None:
    path, stopped = members(folder, "Fay;fay@example.org;Opera;Wien"), threading.Event()
    put = draft_file.Upload.put_next

    def put_slowly(upload: draft_file.Upload, api: Api) -> float | draft_file.UploadedDraft:
        assert stopped.wait(WITHIN)
        return put(upload, api)

    with patch.object(draft_file.Upload, "put_next", put_slowly):
        sheet = drop(play, path)
        read_on = sheet.said.read_on
        await play.until(lambda: sheet.batch)
        assert not read_on.isVisible()
        sheet.said.stop.click()
        stopped.set()
        await play.until(lambda: "of 1 row was read." in sheet.said.words.text())
        assert headline(play.api.batches.one(number_of(sheet)), 0) == "0 of 1 row read"
        read_on.click()
        assert not read_on.isVisible()
        await play.until(lambda: checked(sheet, 1))
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
        assert not sheet.said.read_again.isVisible()
        await play.until(lambda: len(play.program.jobs.under_way) == 1)
        (shown,) = sheet.findChildren(draft_file.ShownFile)
        (timer,) = shown.findChildren(QTimer)
        timer.timeout.emit()
        assert len(play.program.jobs.under_way) == 1
        answers.set()
        await play.until(sheet.said.read_again.isVisible)
        sheet.close()


AWAY = ENGLISH.say("server", "away")


async def a_file_that_is_dropped_while_the_backend_is_away_is_read_once_it_is_back(
    play: Play, folder: Path
) -> None:
    path, before = members(folder, "Cy;cy@example.org;Opera;Wien"), batches(play)
    await play.lose_backend()
    drop(play, path).close()  # which is not read
    sheet = drop(play, path)
    await play.until(lambda: sheet.list.empty.sentence.text() == AWAY)
    assert sheet.source.name.text()
    assert sheet.list.empty.link.isVisible()
    assert not sheet.source.sending.isVisible()  # what is chosen there would be lost
    await play.until(lambda: checked(sheet, 1))
    assert not sheet.list.empty.link.isVisible()
    assert batches(play) == [number_of(sheet), *before]
    sheet.close()


async def a_draft_whose_answer_was_lost_is_made_once(play: Play, folder: Path) -> None:
    path = members(folder, "Di;di@example.org;Opera;Wien")
    make, lost, before = draft_file.find_or_create, list[int](), batches(play)

    def lose(*args: Any, **options: Any) -> Any:
        made = make(*args, **options)
        if not lost:
            lost.append(made[0]["batch_id"])
            raise BackendGone
        return made

    with patch.object(draft_file, "find_or_create", lose):
        sheet = drop(play, path)
        await play.until(lambda: sheet.list.empty.sentence.text() == AWAY)
        play.program.source.go_on()
        await play.until(lambda: checked(sheet, 1))
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
        await play.until(lambda: "does not exist" in sheet.list.empty.sentence.text())
        members(folder, "Ada;ada@example.org;Opera;Wien")
        sheet.list.empty.link.click()
        assert not sheet.list.empty.link.isVisible()
        await play.until(lambda: "is busy" in sheet.list.empty.sentence.text())
        refused.clear()
        sheet.list.empty.link.click()
        await play.until(lambda: checked(sheet, 1))
        assert batches(play) == [number_of(sheet), *before]
        sheet.close()


def is_read_again(sheet: ImportPlace, before: int) -> bool:
    """Tell whether there is a new draft in the place of that one, all of it checked."""
    batch = sheet.batch
    return batch is not None and batch["batch_id"] != before and not batch["counts"]["unchecked"]


async def a_file_that_cannot_be_read_says_why(play: Play, folder: Path) -> None:
    path = folder / "empty.xlsx"
    path.write_bytes(b"")
    sheet = drop(play, path)
    await play.until(lambda: "empty" in sheet.list.empty.sentence.text())
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

        def field(play: Play, sheet: ImportPlace) -> str:
            assert sheet.batch is not None
            (row,) = play.api.batches.rows(sheet.batch["batch_id"])["rows"]
            return str(row["item"]["fields"]["Fee"])

        sheet = await brought(play, path, 1)
        assert field(play, sheet) == "1,234.50"
        number = number_of(sheet)
        (written,) = (
            each
            for each in sheet.source.columns_form.findChildren(Choice)
            if each.value() == "number"
        )
        pick(written, "plain")
        await play.until(lambda: checked(sheet, 1) and field(play, sheet) == "1234.5")
        sheet.close()
        with patch.object(draft_file, "system_writing", lambda: german):
            play.program.rooms.importing.imports.open_draft(number)
            await play.until(lambda: checked(sheet, 1))
            assert sheet.source.read_as.numbers.currentText().startswith("1,234.50 · 12/31/2026")
            assert sheet.source.columns_form.plain() == ["Fee"]
            sheet.close()


async def a_column_counts_as_what_is_chosen_and_a_typed_value_has_to_be_one(
    play: Play, folder: Path
) -> None:
    path = folder / "codes.csv"
    path.write_text("E-Mail;Code\nada@example.org;0123\nbo@example.org;none\n")
    text = "{% if Code > 5 %}{{ Code }}{% endif %}"
    play.api.templates.save("codes", {"parts": {"subject": "Code", "text": text}})
    sheet = await brought(play, path, 2)
    pick(sheet.source.sending.template, "codes")
    await play.until(lambda: checked(sheet, 2) and counts(sheet)["problems"] == 2)
    names = {e.accessibleName(): e for e in sheet.source.columns_form.findChildren(Choice)}
    pick(names["How “Code” is read"], "number")
    await play.until(lambda: checked(sheet, 2) and counts(sheet)["problems"] == 1)
    await play.until(lambda: sheet.list.is_at(3) and sheet.card.path == "fields.Code")
    sheet.card.editor.setText("many")
    sheet.card.accept.click()
    said = "“many” is not a number."
    await play.until(lambda: any(said in e.text() for e in sheet.card.findChildren(QLabel)))
    sheet.card.editor.setText("12")
    sheet.card.accept.click()
    await play.until(lambda: sheet.said.send.text() == "Keep 2")
    sheet.close()
    play.program.rooms.importing.imports.open_draft(number_of(sheet))
    await play.until(lambda: sheet.isVisible() and checked(sheet, 2))
    assert sheet.source.columns_form.kinds()["Code"] == "number"
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


async def a_file_is_read_as_the_person_chooses_with_what_was_corrected(
    play: Play, folder: Path
) -> None:
    path = folder / "members.csv"
    lines = ["Export 2026;", "Name;E-Mail", "Žofie;zofie@example,org", "Name;Mail"]
    path.write_bytes("\n".join([*lines, "Cy;cy@example,org"]).encode("cp1250"))
    sheet = await brought(play, path, 3)
    read_as, number = sheet.source.read_as, number_of(sheet)
    QTest.mouseClick(read_as.change, Qt.MouseButton.LeftButton)
    assert not read_as.sheet.isVisible()
    assert read_as.header.value() == "2"
    pick(read_as.encoding, "cp1250")
    await play.until(lambda: is_read_again(sheet, number) and checked(sheet, 3))
    number = number_of(sheet)
    for wrong, name in ((3, "Žofie"), (5, "Cy")):  # as another window, or a program does
        person: Any = {"name": name, "email": "cy@example.org"}
        play.api.batches.correct_row(number, wrong, {"recipient": person})
    pick(read_as.header, "4")
    await play.until(lambda: is_read_again(sheet, number) and checked(sheet, 1))
    await play.until(lambda: number not in batches(play))
    said = "1 value was corrected. 1 correction is not used"
    await play.until(lambda: said in sheet.said.words.text())
    (row,) = play.api.batches.rows(number_of(sheet))["rows"]
    assert row["item"]["recipient"]["email"] == "cy@example.org"
    path.unlink()
    sheet.close()
    play.program.rooms.importing.imports.open_draft(number_of(sheet))
    await play.until(lambda: sheet.isVisible() and checked(sheet, 1))
    assert (read_as.encoding.value(), read_as.header.value()) == ("cp1250", "4")
    sheet.close()


async def an_option_that_needs_no_new_reading_reads_nothing(play: Play, folder: Path) -> None:
    path = folder / "greeted.csv"
    lines = "Frau;Ada;ada@example.org;Ulm", "Herr;Bo;bo@x.org;Ulm", "Eheleute;Cy;cy@x.org;"
    path.write_text("\n".join(["Anrede;Name;E-Mail;Ort", *lines]))
    sheet = await brought(play, path, 3)
    form, sending, read_as = sheet.source.columns_form, sheet.source.sending, sheet.source.read_as
    await play.until(lambda: not play.program.jobs.under_way)
    number, add, reads = number_of(sheet), BatchCalls.add_rows, list[int]()

    def add_rows(calls: BatchCalls, at: int, body: bytes) -> BatchCounts:
        reads.append(at)
        return add(calls, at, body)

    def choose_again(choice: Choice) -> None:
        """Choose the value that is chosen, as a person does in its list."""
        choice.activated.emit(choice.currentIndex())

    async def saved(most: str) -> None:
        sending.most.replace(most)  # the last change
        await play.until(lambda: play.api.batches.one(number)["rate"] == f"{most}/day")
        await play.until(lambda: not play.program.jobs.under_way)

    def words(at: int) -> str:
        return str(play.api.batches.one(at)["reading"])

    with patch.object(BatchCalls, "add_rows", add_rows):
        for each in (read_as.header, read_as.encoding, read_as.numbers, form.choices["Ort"]):
            choose_again(each)
        (told,) = [each for each in form.findChildren(SalutationWords) if each.choices]
        pick(told.choices["Eheleute"], "family")
        pick(sending.key, "email title name")
        await saved("500")
        assert "Eheleute=family" in words(number)
        pick(form.choices["Ort"], "")
        pick(form.choices["Ort"], "fields.Ort")  # back, before it was read
        await saved("600")
        assert (number_of(sheet), reads) == (number, [])
        pick(form.choices["Ort"], "")
        await play.until(lambda: reads == [number] and checked(sheet, 3))
    sheet.close()
    following = folder / "next.csv"
    following.write_text(path.read_text().replace("Ada", "Ida"))
    sheet = await brought(play, following, 3)
    assert "Eheleute=family" in words(number_of(sheet))
    sheet.close()


async def reading_that_waits_says_so_until_it_goes_on(play: Play, folder: Path) -> None:
    add, errors = BatchCalls.add_rows, list[Exception]()
    gone, busy = BackendGone(), BackendBusy("It waits for its database.", 0.01)

    def add_rows(calls: BatchCalls, number: int, body: bytes) -> BatchCounts:
        match [*errors]:  # another thread empties the list
            case [lasting]:
                raise lasting
            case [_, *_]:
                raise errors.pop()
        return add(calls, number, body)

    with patch.object(BatchCalls, "add_rows", add_rows):
        errors.append(gone)
        sheet = drop(play, members(folder, "Gus;gus@example.org;Opera;Wien"))
        await play.until(lambda: AWAY in sheet.said.words.text())
        go_on = play.program.rooms.services.source.go_on
        told = list[type[Exception]]()
        play.program.rooms.importing.imports.reading.waits.connect(lambda e: told.append(type(e)))
        errors.append(busy)
        go_on()
        await play.until(lambda: told == [BackendBusy, BackendGone])
        errors[0] = busy
        go_on()
        why = "It waits for its database. Reading continues by itself."
        await play.until(lambda: sheet.said.words.text() == why)
        errors.clear()
        await play.until(lambda: checked(sheet, 1))
        assert "Reading" not in sheet.said.words.text()
        sheet.close()


def test_a_file_is_read_as_the_person_says_and_once_the_backend_answers(
    perform: Perform, tmp_path: Path
) -> None:
    scenes = (
        a_file_that_cannot_be_read_says_why,
        a_file_that_was_not_read_is_tried_again,
        the_file_that_was_chosen_last_is_shown,
        a_file_is_read_as_the_person_chooses_with_what_was_corrected,
        a_file_of_which_reading_was_stopped_is_read_on,
        a_draft_is_written_as_when_it_was_made,
        a_column_counts_as_what_is_chosen_and_a_typed_value_has_to_be_one,
        a_drive_that_does_not_answer_is_asked_once,
        one_saved_again_is_told_before_it_is_sent_and_read_again_with_what_was_corrected,
        an_option_that_needs_no_new_reading_reads_nothing,
        reading_that_waits_says_so_until_it_goes_on,
        a_draft_whose_answer_was_lost_is_made_once,
        a_file_that_is_dropped_while_the_backend_is_away_is_read_once_it_is_back,
    )
    perform(*each_in(tmp_path, *scenes))
