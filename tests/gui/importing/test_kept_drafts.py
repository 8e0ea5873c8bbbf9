"""Drafts in the running program: kept, left open, opened again; a file that was sent before."""

from __future__ import annotations

import asyncio
import threading
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from desktop.client.items import BatchCalls
from desktop.gui.batches.batch_rows import RowColumn
from desktop.gui.batches.batch_words import headline
from desktop.gui.importing import draft_file, imports
from desktop.gui.importing.import_place import ImportPlace
from desktop.gui.link.drafts import DraftKind
from desktop.sheets.calls import describe, read_rows
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import Refused
from tests import WITHIN
from tests.gui.batches.test_batch_model import batch
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
    send_all,
)
from tests.gui.importing.test_imports import RENEWAL

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, NewBatch
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play


async def it_is_kept_and_opens_again(play: Play, folder: Path) -> None:
    path = members(folder, "Bo;bo@example.org;Opera;Wien")
    sheet = await brought(play, path, 1)
    number = number_of(sheet)
    path.unlink()
    ort = sheet.source.columns_form.choices["Ort"]
    pick(ort, "")
    sheet.source.sending.most.replace("500")
    sheet.close()  # at once
    await play.until(lambda: play.api.batches.one(number)["rate"])
    (await play.note("draft")).use()
    await play.until(lambda: sheet.isVisible() and checked(sheet, 1))
    assert sheet.source.columns()["Ort"] is None
    assert sheet.source.sending.most.text() == "500"
    await play.until(lambda: "Ort" not in str(play.api.batches.rows(number)["rows"]))
    sheet.close()


async def it_is_found_again_and_another_is_made_if_the_person_says_so(
    play: Play, folder: Path
) -> None:
    path, before = members(folder, "Cy;cy@example.org;Opera;Wien"), batches(play)
    sheet = await brought(play, path, 1)
    only = [number_of(sheet), *before]
    sheet.source.sending.most.replace("500")
    await play.until(lambda: sheet.batch and sheet.batch["rate"])
    sheet.close()
    await brought(play, path, 1)
    found = await play.note("was imported before")
    assert (batches(play), sheet.source.sending.most.text()) == (only, "500")
    sheet.close()
    members(folder, "Cy;cy@example.com;Opera;Wien")
    await brought(play, path, 1)
    await play.until(lambda: sheet.said.read_again.isVisible())
    found = await play.note("was imported before")
    assert (batches(play), sheet.source.sending.most.text()) == (only, "500")
    found.use()  # Start over
    await play.until(lambda: checked(sheet, 1) and number_of(sheet) not in only)
    assert sheet.source.sending.most.text() == ""
    await play.until(lambda: batches(play) == [number_of(sheet), *before])
    sheet.close()


def test_a_spreadsheet_has_one_draft_by_its_name_and_content(tmp_path: Path) -> None:
    """None that is sent, deleted or about to be."""
    path = members(tmp_path, "Ada;ada@example.org;Opera;Wien")
    drafts = {
        2: batch(2, state="draft", sheet="other.csv"),
        3: batch(3, state="running", sheet=path.name),
        4: batch(4, state="draft", sheet=path.name),
        5: batch(5, state="draft", sheet=path.name),
        6: batch(6, state="draft", sheet=path.name),
    }

    def one(number: int) -> Batch:
        if number not in drafts:
            raise Refused({"type": "", "title": "", "status": 404, "detail": "It is gone."})
        return cast("Batch", drafts[number])

    def copy(number: int, place: Path) -> None:
        place.write_text("Changed since" if number == 4 else path.read_text())

    api: Any = SimpleNamespace(
        actions=SimpleNamespace(pending=lambda: [{"batch_id": 5}]),
        batches=SimpleNamespace(one=one, sheet=copy),
    )
    assert draft_file.same_draft(api, [1, 2, 3, 4, 5], path) is None
    assert draft_file.same_draft(api, [1, 2, 3, 4, 5, 6], path) is drafts[6]
    at = {1, 2, 3, 4, 5}  # all were there when the file was read before
    assert draft_file.same_draft(api, [1, 2, 3, 4, 5, 6], path, at) is drafts[4]


async def a_draft_that_was_cut_short_is_read_to_its_end(play: Play, folder: Path) -> None:
    path = members(folder, *(f"P{n};p{n}@example.org;Opera;Wien" for n in range(3)))
    found = describe(path)
    first, *_ = read_rows(found, found.mapping)
    api = play.api
    number = api.batches.create({"name": path.name, "columns": found.mapping}, new_key())
    api.batches.keep_sheet(number, path)
    api.batches.add_rows(number, first.rows[:2])
    api.batches.correct_row(number, 2, {"recipient": {"email": "ada@example.org"}})
    play.program.rooms.importing.imports.open_draft(number)
    (sheet,) = play.window.findChildren(ImportPlace)
    await play.until(lambda: checked(sheet, 3))
    kept = api.batches.rows(number, check=(), after=None, limit=1)["rows"][0]
    assert kept["item"]["recipient"]["email"] == "ada@example.org"
    sheet.close()


async def one_read_again_and_left_before_its_end_has_no_double_once_it_is_read(
    play: Play, folder: Path
) -> None:
    path, before, api = members(folder, "Kay;kay@example.org;Opera;Wien"), batches(play), play.api
    number = number_of(await brought(play, path, 1))
    wanted: NewBatch = {"name": path.name, "columns": describe(path).mapping, "continues": number}
    again = api.batches.create(wanted, new_key())
    api.batches.keep_sheet(again, path)
    play.program.rooms.importing.imports.open_draft(again)
    (sheet,) = play.window.findChildren(ImportPlace)
    await play.until(lambda: checked(sheet, 1) and number_of(sheet) == again)
    assert batches(play) == [again, *before]
    sheet.close()


def test_only_a_draft_of_the_same_spreadsheet_is_deleted_for_its_successor() -> None:
    deleted: list[int] = []
    earlier = {
        1: batch(1, state="running", sheet="a.csv"),
        2: batch(2, state="draft", sheet="a.csv"),
        3: batch(3, state="draft", sheet="other.csv"),
    }
    api: Any = SimpleNamespace(
        batches=SimpleNamespace(one=earlier.__getitem__, delete=deleted.append)
    )
    for number in earlier:
        follower = batch(4, state="draft", sheet="a.csv", continues=number)
        draft_file.delete_replaced(api, cast("Batch", follower))
    assert deleted == [2]


async def a_draft_that_was_started_unheard_is_shown_on_its_way(play: Play, folder: Path) -> None:
    path = members(folder, "Bo;bo@example.org;Opera;Wien")
    sheet, told = drop(play, path), list[int]()
    started = play.program.rooms.importing.imports.started
    started.connect(lambda batch: told.append(batch["batch_id"]))
    await play.until(lambda: checked(sheet, 1))
    number = number_of(sheet)
    await asyncio.to_thread(play.api.batches.start, number, new_key(), undo_for=600.0)
    await play.until(sheet.isHidden)
    await play.note("1 e-mail will be kept")
    assert told == [number]


async def what_changes_in_a_draft_while_it_is_opened_is_shown(play: Play, folder: Path) -> None:
    fetch, may_end, told = draft_file.fetch_draft, threading.Event(), list[str]()

    def slowly(api: Api, *, number: int, folder: Path) -> object:
        fetched = fetch(api, number=number, folder=folder)
        api.batches.change(number, {"name": "June"})
        may_end.wait(WITHIN)
        return fetched

    with patch.object(imports, "fetch_draft", slowly):
        await play.until(
            lambda: play.window.page.chips.chips["all"].count
        )  # changes are heard by now
        play.program.rooms.services.live.batches_changed.connect(
            lambda event: told.extend(each["name"] for each in event["rows"])
        )
        number = play.api.batches.create({"name": "May", "columns": {}}, new_key())
        play.program.rooms.importing.imports.open_draft(number)
        (sheet,) = play.window.findChildren(ImportPlace)
        await play.until(lambda: "June" in told)
        may_end.set()
        await play.until(lambda: sheet.batch and sheet.batch["name"] == "June")
        await play.until(lambda: sheet.list.empty.sentence.text() == "No rows.")  # nothing is read
        sheet.close()


async def of_opened_drafts_the_last_is_shown_and_none_once_closed(play: Play, folder: Path) -> None:
    asked, may_end, one = list[int](), threading.Event(), BatchCalls.one
    begun, fetch = list[int](), draft_file.fetch_draft

    def slowly_told(calls: BatchCalls, number: int) -> Batch:
        asked.append(number)
        if asked == [second, second]:
            may_end.wait(WITHIN)
        return one(calls, number)

    def slowly_fetched(api: Api, *, number: int, folder: Path) -> object:
        begun.append(number)
        fetched = fetch(api, number=number, folder=folder)
        if number == first:
            may_end.wait(WITHIN)
        return fetched

    names, create = ("first", "second"), play.api.batches.create
    first, second = (create({"name": name, "columns": {}}, new_key()) for name in names)
    work = play.program.rooms.importing.imports
    with patch.object(BatchCalls, "one", slowly_told):
        work.open_draft(second)
        await play.until(lambda: asked == [second, second])
        work.open_draft(first)
        (sheet,) = play.window.findChildren(ImportPlace)
        await play.until(lambda: sheet.batch and sheet.batch["name"] == "first")
        may_end.set()
        await play.until(lambda: not play.program.jobs.under_way)
        assert (sheet.batch and sheet.batch["name"]) == "first"
        sheet.close()
    with patch.object(imports, "fetch_draft", slowly_fetched):
        may_end.clear()
        work.open_draft(first)
        await play.until(lambda: begun)
        work.open_draft(second)
        await play.until(lambda: sheet.batch)
        may_end.set()
        await play.until(lambda: not play.program.jobs.under_way)
        assert (sheet.batch and sheet.batch["name"]) == "second"
        may_end.clear()
        work.open_draft(first)
        await play.until(lambda: begun == [first, second, first])
        sheet.close()
        may_end.set()
        await play.until(lambda: not play.program.jobs.under_way)
        assert sheet.batch is None


def test_a_draft_is_shown_as_it_is_by_then_also_in_the_next_window(
    perform: Perform, data: OfficeFolder, tmp_path: Path
) -> None:
    lines = "Ada;ada@example.org;Opera;Wien", "Bo;bo@example,org;Opera;Ulm"
    path = members(tmp_path, *lines, "Cy;cy@@example.org;Opera;Bonn")
    kept, numbers = data.drafts / DraftKind.IMPORTS, list[int]()

    async def type_it(play: Play) -> None:
        sheet = await brought(play, path, 3)
        numbers.append(number_of(sheet))
        await play.until(lambda: sheet.list.model.rowCount() == 2)
        sheet.list.choose(1)
        QTest.keyClick(sheet.list.table, Qt.Key.Key_Return)
        QTest.keyClicks(sheet.card.editor, "cy@exam")
        await play.until(lambda: "cy@exam" in kept.read_text())  # a crash loses nothing of it
        sheet.list.reload()  # as after another check of its rows
        await play.until(lambda: sheet.list.model.is_loaded)
        assert sheet.card.editor.text() == "cy@exam"

    async def find_it(play: Play) -> None:
        play.program.rooms.importing.open_draft(numbers[0])
        (sheet,) = play.window.findChildren(ImportPlace)
        await play.until(lambda: sheet.card.editor.text() == "cy@exam")
        assert sheet.list.model.rowCount() == 2
        QTest.keyClicks(sheet.card.editor, "ple.org")
        QTest.keyClick(sheet.card.editor, Qt.Key.Key_Return)
        await play.until(lambda: sheet.said.send.text() == "Keep 2")
        await play.until(lambda: '"typed"' not in kept.read_text())
        play.api.batches.start(numbers[0], new_key(), undo_for=600.0)
        await play.until(lambda: f'"{numbers[0]}"' not in kept.read_text())

    async def undo_it(play: Play) -> None:
        (await play.note("2 e-mails will be kept, not sent")).use()
        await play.until(lambda: play.api.batches.one(numbers[0])["state"] == "draft")
        await play.until(lambda: play.window.findChildren(ImportPlace))

    scenes = (
        it_is_kept_and_opens_again,
        it_is_found_again_and_another_is_made_if_the_person_says_so,
        a_draft_that_was_cut_short_is_read_to_its_end,
        one_read_again_and_left_before_its_end_has_no_double_once_it_is_read,
        a_draft_that_was_started_unheard_is_shown_on_its_way,
        of_opened_drafts_the_last_is_shown_and_none_once_closed,
        what_changes_in_a_draft_while_it_is_opened_is_shown,
    )
    perform(*each_in(tmp_path, *scenes), type_it)
    perform(find_it)
    perform(undo_it)


async def each_address_of_a_cell_gets_a_message_if_that_is_chosen(play: Play, folder: Path) -> None:
    path = members(folder, "Ida;ada@example.org, bo@example.org;Opera;Wien", "Cy;cy@x.org;;")
    sheet = await brought(play, path, 2)
    assert (sheet.said.send.text(), counts(sheet)["problems"]) == ("Keep 1", 1)
    each = sheet.source.read_as.each
    sheet.desk.turn.click()
    assert each.isVisible()
    assert each.text() == "Send to each address of a cell (1 more row)"
    each.click()
    await play.until(lambda: checked(sheet, 3))
    await play.until(lambda: sheet.said.send.text() == "Keep 3")
    sheet.close()
    drop(play, path)  # the draft keeps the choice
    await play.until(lambda: checked(sheet, 3) and not each.isHidden() and each.isChecked())
    assert sheet.said.read_on.isHidden()
    sheet.close()


async def the_same_file_again_sends_nothing_unless_the_person_says_so(
    play: Play, folder: Path
) -> None:
    ada = "Ada;ada@example.org;Ballet;Wien"
    path, before = members(folder, ada, "Bo;bo@example,org;Ballet;Ulm", ada), batches(play)
    sheet = drop(play, path)
    await play.until(lambda: checked(sheet, 3) and sheet.card.path)
    sheet.card.editor.setText("bo@example.org")
    sheet.card.accept.click()
    await play.until(lambda: sheet.said.send.text() == "Keep 2")
    assert "1 value was corrected." in sheet.said.words.text()
    ort = sheet.source.columns_form.choices["Ort"]
    pick(ort, "")
    play.program.rooms.importing.imports.learn_templates({"confirmation": "Renewal"})
    await play.until(lambda: sheet.batch and sheet.batch["template"] == "Renewal")
    await play.until(lambda: not play.program.jobs.under_way)  # its rows are read once more
    await play.until(lambda: checked(sheet, 3) and counts(sheet)["ready"] == 2)
    sent = number_of(sheet)
    await send_all(play, sheet)
    drop(play, path)
    await play.until(lambda: checked(sheet, 3) and counts(sheet)["same"] == 2)
    sending = sheet.source.sending
    assert (sending.template.value(), sheet.said.send.isEnabled()) == ("", False)
    ask = "Choose the template: “Renewal”, as with the last such file, or “Confirmation”."
    assert ask in sheet.said.words.text()
    pick(sending.template, "Renewal")
    assert ask not in sheet.said.words.text()
    assert sheet.source.columns()["Ort"] is None
    sheet.list.show_all()
    await play.until(lambda: sheet.list.model.rowCount() == 3)
    sheet.list.choose(1)
    said = [label.text() for label in sheet.card.findChildren(QLabel)]
    assert any("Corrected: E-mail: bo@example,org → bo@example.org." in each for each in said)
    assert not sheet.said.send.isEnabled()
    check = sheet.list.model.index(1, RowColumn.CHECK)
    for is_sent, words in ((True, "sent again."), (False, "not sent twice.")):
        sheet.source.sending.again.click()
        assert ("same" in sheet.source.sending.also) == is_sent
        assert words in check.data()
        assert any(words in each.text() for each in sheet.card.findChildren(QLabel))
    sheet.close()  # with nothing to send its draft goes, too
    await play.until(lambda: batches(play) == [sent, *before])
    assert not any("kept as a draft" in each for each in play.notes())
    drop(play, path)
    await play.until(lambda: checked(sheet, 3) and counts(sheet)["same"] == 2)
    sheet.source.sending.again.click()
    number = number_of(sheet)
    assert sheet.said.send.text() == "Keep 2"
    sheet.close()
    await play.note("kept as a draft")
    play.program.rooms.importing.imports.open_draft(number)
    await play.until(lambda: sheet.isVisible() and checked(sheet, 3))
    sheet.source.sending.again.click()
    assert sheet.source.sending.undecided == ask
    pick(sheet.source.sending.template, "Renewal")
    await send_all(play, sheet)
    last = await asyncio.to_thread(play.api.batches.one, number)
    assert last["counts"]["left_out"] == 1  # that is there twice


async def a_planned_mailing_that_is_sent_now_is_named_before_and_says_so_after(
    play: Play, folder: Path
) -> None:
    path = members(folder, "Cy;cy@example.org;Opera;Wien", "Di;di@example.org;Opera;Ulm")
    sheet = drop(play, path)
    await play.until(lambda: checked(sheet, 2))
    planned, api = number_of(sheet), play.api.batches
    sheet.close()
    await play.note("kept as a draft")
    draft = api.one(planned)
    kept: Any = {name: draft[name] for name in ("name", "columns", "reading", "template", "key")}
    kept["run_at"] = "2099-03-01T08:00:00Z"
    api.change(planned, kept)
    await play.until(lambda: not api.one(planned)["counts"]["unchecked"])
    api.start(planned, new_key())
    drop(play, path)
    await play.until(lambda: checked(sheet, 2) and counts(sheet)["same"] == 2)
    pick(sheet.source.sending.template, "Renewal")  # the form has another one
    sheet.source.sending.again.click()
    await play.until(lambda: "2 e-mails planned for " in sheet.said.words.text())
    now = number_of(sheet)
    await send_all(play, sheet)
    await play.until(lambda: play.api.batches.one(planned)["state"] == "done")
    told = headline(play.api.batches.one(planned), time.time())
    assert told == f"2 e-mails were replaced by batch {now}"


def test_rows_are_sent_as_was_chosen_and_none_again(
    perform: Perform, data: OfficeFolder, tmp_path: Path
) -> None:
    (data.templates / "Renewal.jinja").write_text(RENEWAL)
    scenes = (
        the_same_file_again_sends_nothing_unless_the_person_says_so,
        each_address_of_a_cell_gets_a_message_if_that_is_chosen,
        a_planned_mailing_that_is_sent_now_is_named_before_and_says_so_after,
    )
    perform(*each_in(tmp_path, *scenes))
