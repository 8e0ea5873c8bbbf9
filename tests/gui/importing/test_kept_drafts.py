"""Drafts in the running program: kept, left open, cut short, opened again."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.client.api import new_key
from desktop.client.calls import BatchCalls
from desktop.client.drafts import Typed
from desktop.gui.importing import draft_file, imports
from desktop.gui.importing.import_sheet import ImportSheet
from desktop.sheets import describe, read_rows
from tests.gui.hands import pick, type_over
from tests.gui.importing.dropping import checked, drop, members

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.client.api import Api
    from desktop.contract.batches import Batch
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Perform, Play


def test_a_draft_is_kept_and_opens_again(perform: Perform, tmp_path: Path) -> None:
    path = members(tmp_path, "Ada;ada@example.org;Opera;Wien")

    async def keep(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 1))
        path.unlink()
        ort = sheet.source.columns_form.choices["Ort"]
        pick(ort, "")
        type_over(sheet.source.sending.most, "500")
        sheet.close()  # at once
        await play.until(lambda: play.api.batches.one(1)["rate"])
        (await play.toast("draft")).action_chosen.emit()
        await play.until(lambda: sheet.isVisible() and checked(sheet, 1))
        assert sheet.source.columns()["Ort"] is None
        assert sheet.source.sending.most.text() == "500"
        await play.until(lambda: "Ort" not in str(play.api.batches.rows(1)["rows"]))
        sheet.close()

    perform(keep)


def test_a_file_that_was_only_looked_at_leaves_one_draft(perform: Perform, tmp_path: Path) -> None:
    path = members(tmp_path, "Ada;ada@example.org;Opera;Wien")

    async def look(play: Play) -> None:
        def drafts() -> list[int]:
            return [each["batch_id"] for each in play.api.batches.page()["batches"]]

        async def shown() -> ImportSheet:
            sheet = drop(play, path)
            await play.until(lambda: checked(sheet, 1))
            return sheet

        sheet = await shown()
        (only,) = drafts()
        sheet.close()
        sheet = await shown()
        type_over(sheet.source.sending.most, "500")
        await play.until(lambda: sheet.batch and sheet.batch["rate"])
        sheet.close()
        await shown()
        found = await play.toast("was imported before")
        assert (drafts(), sheet.source.sending.most.text()) == ([only], "500")
        found.action_chosen.emit()  # Start over
        await play.until(lambda: len(drafts()) == 2 and checked(sheet, 1))
        assert sheet.source.sending.most.text() == ""
        sheet.foot_row.send.click()
        await play.until(lambda: not sheet.isVisible())
        path.write_text(path.read_text() + "Bo;bo@example.org;Opera;Ulm\n")
        sheet = drop(play, path)
        await play.until(lambda: sheet.batch and len(drafts()) == 3)
        assert play.api.batches.page()["batches"][1]["state"] != "draft"
        sheet.close()

    perform(look)


def test_what_was_typed_in_a_draft_is_there_in_the_next_window(
    perform: Perform, data: DataFolder, tmp_path: Path
) -> None:
    lines = "Ada;ada@example.org;Opera;Wien", "Bo;bo@example,org;Opera;Ulm"
    path = members(tmp_path, *lines, "Cy;cy@@example.org;Opera;Bonn")
    kept = data.drafts / Typed.IMPORTS

    async def type_it(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 3))
        await play.until(lambda: sheet.rows.model.rowCount() == 2)
        sheet.rows.choose(1)
        QTest.keyClick(sheet.rows.table, Qt.Key.Key_Return)
        QTest.keyClicks(sheet.card.editor, "cy@exam")
        await play.until(lambda: "cy@exam" in kept.read_text())  # a crash loses nothing of it
        sheet.rows.reload()  # as after another check of its rows
        await play.until(lambda: sheet.rows.model.is_loaded)
        assert sheet.card.editor.text() == "cy@exam"

    async def find_it(play: Play) -> None:
        play.program.rooms.importing.open_draft(1)
        (sheet,) = play.window.findChildren(ImportSheet)
        await play.until(lambda: sheet.card.editor.text() == "cy@exam")
        assert sheet.rows.model.rowCount() == 2
        QTest.keyClicks(sheet.card.editor, "ple.org")
        QTest.keyClick(sheet.card.editor, Qt.Key.Key_Return)
        await play.until(lambda: sheet.foot_row.send.text() == "Send 2")
        await play.until(lambda: '"typed"' not in kept.read_text())
        play.api.batches.start(1, new_key(), delay=600.0)
        await play.until(lambda: not kept.exists())

    perform(type_it)
    perform(find_it)


def test_a_draft_that_was_cut_short_is_read_to_its_end(perform: Perform, tmp_path: Path) -> None:
    path = members(tmp_path, *(f"P{n};p{n}@example.org;Opera;Wien" for n in range(600)))
    found = describe(path)
    first, *_ = read_rows(found, found.mapping)

    async def go_on(play: Play) -> None:
        api = play.api
        number = api.batches.create({"name": path.name, "columns": found.mapping}, new_key())
        api.batches.keep_sheet(number, path)
        api.batches.add_rows(number, first.body)
        api.batches.correct_row(number, 2, {"recipient": {"email": "ada@example.org"}})
        play.program.rooms.importing.imports.open_draft(number)
        (sheet,) = play.window.findChildren(ImportSheet)
        await play.until(lambda: checked(sheet, 600))
        kept = api.batches.rows(number, check=(), after=None, limit=1)["rows"][0]
        assert kept["item"]["recipient"]["email"] == "ada@example.org"
        sheet.close()

    perform(go_on)


def test_a_draft_that_was_started_unheard_is_shown_on_its_way(
    perform: Perform, tmp_path: Path
) -> None:
    path = members(tmp_path, "Ada;ada@example.org;Opera;Wien")

    async def start(play: Play) -> None:
        sheet, told = drop(play, path), list[int]()
        play.program.rooms.importing.imports.started.connect(told.append)
        await play.until(lambda: checked(sheet, 1))
        await asyncio.to_thread(play.api.batches.start, 1, new_key(), delay=600.0)
        await play.until(sheet.isHidden)
        await play.toast("1 message will be sent")
        assert told == [1]

    perform(start)


def test_what_changes_in_a_draft_while_it_is_opened_is_shown(
    perform: Perform, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch, may_end, told = draft_file.fetch_draft, threading.Event(), list[str]()

    def slowly(api: Api, *, number: int, folder: Path) -> object:
        fetched = fetch(api, number=number, folder=folder)
        api.batches.change(number, {"name": "June"})
        may_end.wait(60)
        return fetched

    monkeypatch.setattr(imports, "fetch_draft", slowly)

    async def open_it(play: Play) -> None:
        await play.until(lambda: play.window.page.chips.chips[0].count)  # changes are heard by now
        play.program.rooms.services.live.batches_changed.connect(
            lambda event: told.extend(each["name"] for each in event["rows"])
        )
        play.api.batches.create({"name": "May", "columns": {}}, new_key())
        play.program.rooms.importing.imports.open_draft(1)
        (sheet,) = play.window.findChildren(ImportSheet)
        await play.until(lambda: "June" in told)
        may_end.set()
        await play.until(lambda: sheet.batch and sheet.batch["name"] == "June")
        await play.until(lambda: sheet.rows.empty.sentence.text() == "No rows.")  # nothing is read
        sheet.close()

    perform(open_it)


def test_of_drafts_that_are_opened_the_last_is_shown_and_none_once_the_sheet_is_closed(
    perform: Perform, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, may_end, one = list[int](), threading.Event(), BatchCalls.one
    begun, fetch = list[int](), draft_file.fetch_draft

    def slowly_told(calls: BatchCalls, number: int) -> Batch:
        asked.append(number)
        if asked == [2, 2]:
            may_end.wait(60)
        return one(calls, number)

    def slowly_fetched(api: Api, *, number: int, folder: Path) -> object:
        begun.append(number)
        fetched = fetch(api, number=number, folder=folder)
        if number == 1:
            may_end.wait(60)
        return fetched

    async def open_both(play: Play) -> None:
        for name in ("first", "second"):
            play.api.batches.create({"name": name, "columns": {}}, new_key())
        work = play.program.rooms.importing.imports
        with monkeypatch.context() as slow:
            slow.setattr(BatchCalls, "one", slowly_told)
            work.open_draft(2)
            await play.until(lambda: asked == [2, 2])
            work.open_draft(1)
            (sheet,) = play.window.findChildren(ImportSheet)
            await play.until(lambda: sheet.batch and sheet.batch["name"] == "first")
            may_end.set()
            await play.until(lambda: not play.program.jobs.under_way)
            assert (sheet.batch and sheet.batch["name"]) == "first"
            sheet.close()
        monkeypatch.setattr(imports, "fetch_draft", slowly_fetched)
        may_end.clear()
        work.open_draft(1)
        await play.until(lambda: begun)
        work.open_draft(2)
        await play.until(lambda: sheet.batch)
        may_end.set()
        await play.until(lambda: not play.program.jobs.under_way)
        assert (sheet.batch and sheet.batch["name"]) == "second"
        may_end.clear()
        work.open_draft(1)
        await play.until(lambda: begun == [1, 2, 1])
        sheet.close()
        may_end.set()
        await play.until(lambda: not play.program.jobs.under_way)
        assert sheet.batch is None

    perform(open_both)


def test_a_draft_with_nothing_to_send_goes_with_its_sheet(perform: Perform, tmp_path: Path) -> None:
    path = members(tmp_path, "Ada;ada@example.org;Opera;Wien", "Ada;ada@example.org;Opera;Wien")

    def drafts(play: Play) -> list[int]:
        page = play.api.batches.page()["batches"]
        return [each["batch_id"] for each in page if each["state"] == "draft"]

    async def look(play: Play) -> None:
        play.program.rooms.services.grace.seconds = 0.0
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 2))
        sheet.foot_row.send.click()
        await play.until(sheet.isHidden)
        drop(play, path)
        await play.until(lambda: checked(sheet, 2))
        sheet.close()
        await play.until(lambda: not drafts(play))
        assert not any("kept as a draft" in said for said in play.toasts())

    perform(look)
