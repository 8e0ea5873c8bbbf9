"""A spreadsheet that was brought in finds its draft again, however early its sheet was closed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from desktop.gui.importing import draft_file
from desktop.gui.importing.unfinished_imports import BAR
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
