"""A spreadsheet that was brought in finds its draft again, however early its sheet was closed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from desktop.gui.actions.spreadsheets import import_calls, new_draft
from desktop.gui.actions.spreadsheets.unfinished_imports import BAR
from tests.gui.actions.spreadsheets.dropping import drop, members

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
    may_end, asked, make = threading.Event(), threading.Event(), import_calls.find_or_create

    def slowly(api: Api, **wanted: Any) -> object:
        asked.set()
        may_end.wait(60)
        return make(api, **wanted)

    monkeypatch.setattr(new_draft, "find_or_create", slowly)

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
        await play.toast("was brought in before")
        assert len(play.api.batches.page()["batches"]) == 1

    perform(close_early)
    perform(drop_again)
