"""A spreadsheet that was brought in finds its draft again, however early its sheet was closed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from desktop.client.api import new_key
from desktop.gui.importing import draft_file
from desktop.gui.importing.draft_file import Upload
from desktop.gui.importing.unfinished_imports import BAR
from desktop.sheets import describe
from tests.gui.importing.dropping import checked, drop, members

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from desktop.client.api import Api
    from tests.gui.play import Play, Scene


def test_a_draft_whose_sheet_was_closed_before_it_was_made_is_found_by_its_file(
    perform: Callable[[Scene], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = members(tmp_path, "Ada;ada@example.org;Opera;Wien")
    may_end, asked, make = threading.Event(), threading.Event(), draft_file.find_or_create

    def slowly(api: Api, **wanted: Any) -> object:
        asked.set()
        may_end.wait(60)
        return make(api, **wanted)

    monkeypatch.setattr(draft_file, "find_or_create", slowly)

    async def close_early(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(asked.is_set)
        sheet.close()
        may_end.set()
        await play.until(lambda: not play.program.jobs.under_way)
        assert [each["batch_id"] for each in play.api.batches.page()["batches"]] == [1]

    async def drop_again(play: Play) -> None:
        await play.until(lambda: BAR in play.window.notices.names())
        sheet = drop(play, path)
        await play.until(lambda: sheet.batch)
        await play.toast("was imported before")
        assert len(play.api.batches.page()["batches"]) == 1

    perform(close_early)
    perform(drop_again)


def test_a_draft_that_was_read_as_the_person_chose_is_kept_with_its_corrections(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    """It was *only looked at*, so it was to be deleted after a day."""
    path = members(tmp_path, "Ada;ada@example,org;Opera;Wien", "Bo;bo@example.org;Opera;Ulm")

    async def read_otherwise(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 2) and sheet.card.path)
        sheet.card.editor.setText("ada@example.org")
        sheet.card.editor.textEdited.emit("ada@example.org")
        sheet.card.take_typed()
        await play.until(lambda: sheet.batch and sheet.batch["corrected"] == 1)
        sheet.source.read_as.encoding.set_value("cp1250")
        sheet.source.read_as.encoding.chosen.emit("cp1250")
        await play.until(lambda: sheet.batch and sheet.batch["batch_id"] == 2 and checked(sheet, 2))
        assert sheet.batch is not None
        assert sheet.batch["corrected"] == 1
        sheet.close()
        await play.toast("“members.csv” is kept as a draft")
        assert play.toasts()[-1].endswith("as a draft")

    perform(read_otherwise)


def test_a_draft_is_said_to_be_cut_short_once_its_reading_stopped(
    perform: Callable[[Scene], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It was said of each that is read; one that was opened and closed as it was read was whole."""
    path = members(tmp_path, *(f"P{n};p{n}@example.org;Opera;Wien" for n in range(1500)))
    may_end, put = threading.Event(), Upload.put_next

    def slowly(upload: Upload, api: Api) -> object:
        told = put(upload, api)
        may_end.wait(60)
        return told

    monkeypatch.setattr(Upload, "put_next", slowly)

    async def close_early(play: Play) -> None:
        model, work = play.window.batches.model, play.program.rooms.importing.imports

        def cut_short(number: int) -> int | None:
            place = model.position_of(number)
            batch = None if place is None else model.row_at(place)
            assert batch is not None
            return model.cut_short(batch)

        sheet = drop(play, path)
        await play.until(lambda: work.reading.is_under_way and model.position_of(1) is not None)
        assert cut_short(1) is None
        sheet.close()
        assert cut_short(1) == 1500
        api, columns = play.api, describe(path).mapping
        number = api.batches.create({"name": "rows left out", "columns": columns}, new_key())
        api.batches.keep_sheet(number, path)
        work.open_draft(number)
        await play.until(
            lambda: work.reading.is_under_way and model.position_of(number) is not None
        )
        assert (cut_short(1), cut_short(number)) == (1500, None)
        sheet.close()
        assert cut_short(number) == 1500
        work.open_draft(number)
        may_end.set()
        await play.until(lambda: checked(sheet, 1500))
        assert (cut_short(1), cut_short(number)) == (1500, None)

    perform(close_early)
