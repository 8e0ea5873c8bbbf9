"""The draft of a file that is dropped while the backend is away: made once, when that is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.client.errors import BackendBusy, BackendGone
from desktop.gui.importing import draft_file
from tests.gui.importing.dropping import checked, drop, members

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    import pytest

    from tests.gui.play import Perform, Play


AWAY = "Sendoff does not answer right now. The spreadsheet is read once it does."


def drafts(play: Play) -> list[int]:
    return [each["batch_id"] for each in play.api.batches.page()["batches"]]


def test_a_file_that_is_dropped_while_the_backend_is_away_is_read_once_it_is_back(
    perform: Perform, tmp_path: Path
) -> None:
    path = members(tmp_path, "Ada;ada@example.org;Opera;Wien")

    async def bring_in(play: Play) -> None:
        for is_left in (True, False):
            play.kill_backend()
            await play.until(lambda: play.program.source.api is None)
            sheet = drop(play, path)
            await play.until(lambda sheet=sheet: sheet.rows.empty.sentence.text() == AWAY)  # type: ignore[misc]
            assert sheet.source.name.text()
            assert sheet.rows.empty.link.isVisible()
            assert not sheet.source.sending.isVisible()  # what is chosen there would be lost
            if is_left:
                sheet.close()
                await play.ready()
                assert drafts(play) == []
        await play.until(lambda: checked(sheet, 1))
        assert not sheet.rows.empty.link.isVisible()
        sheet.close()

    perform(bring_in)


def test_a_draft_whose_answer_was_lost_is_made_once(
    perform: Perform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = members(tmp_path, "Ada;ada@example.org;Opera;Wien")
    make, lost = draft_file.find_or_create, list[int]()

    async def bring_in(play: Play) -> None:
        def lose(*args: Any, **options: Any) -> Any:
            made = make(*args, **options)
            if not lost:
                lost.append(made[0]["batch_id"])
                play.kill_backend()
                raise BackendGone
            return made

        monkeypatch.setattr(draft_file, "find_or_create", lose)
        sheet = drop(play, first)
        await play.until(lambda: checked(sheet, 1))
        assert drafts(play) == lost
        sheet.close()

    perform(bring_in)


def test_a_file_that_was_not_read_is_tried_again(
    perform: Perform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "members.csv"
    make, refused = draft_file.find_or_create, [True]

    def refuse(*args: Any, **options: Any) -> Any:
        if refused:
            raise BackendBusy("Sendoff is busy. Try again in a moment.", 1.0)
        return make(*args, **options)

    monkeypatch.setattr(draft_file, "find_or_create", refuse)

    async def bring_in(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(lambda: "does not exist" in sheet.rows.empty.sentence.text())
        members(tmp_path, "Ada;ada@example.org;Opera;Wien")
        sheet.rows.empty.link.click()
        assert not sheet.rows.empty.link.isVisible()
        await play.until(lambda: "is busy" in sheet.rows.empty.sentence.text())
        refused.clear()
        sheet.rows.empty.link.click()
        await play.until(lambda: checked(sheet, 1))
        assert drafts(play) == [1]
        sheet.close()

    perform(bring_in)
