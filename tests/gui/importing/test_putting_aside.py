"""A draft that has nothing to send asks for nothing, and goes with its sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.gui.importing.unfinished_imports import BAR
from tests.gui.importing.dropping import checked, drop, members

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.gui.play import Play, Scene


def test_a_draft_with_nothing_to_send_asks_for_nothing_and_goes_with_its_sheet(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    """A file that was sent and looked at again was said not to be sent yet, for a day."""
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
        drop(play, path)
        await play.until(lambda: checked(sheet, 2))
        (tmp_path / "other").mkdir()
        drop(play, members(tmp_path / "other", "Bo;bo@example.org;Opera;Ulm"))
        await play.until(lambda: checked(sheet, 1))

    async def ask_about_the_other_one(play: Play) -> None:
        await play.until(lambda: BAR in play.window.notices.names())
        said = play.window.notices.text(BAR)
        assert said == "“members.csv” is not sent yet. It is kept as a draft."
        assert len(drafts(play)) == 2

    perform(look)
    perform(ask_about_the_other_one)


def test_a_draft_of_which_send_sends_nothing_asks_for_nothing(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    """A row with a problem beside rows from before was said not to be sent yet, at each start."""
    bad = members(tmp_path, "Ada;ada@example,org;Opera;Wien")
    (tmp_path / "other").mkdir()
    good = members(tmp_path / "other", "Bo;bo@example.org;Opera;Ulm")

    async def leave_both(play: Play) -> None:
        sheet = drop(play, bad)
        await play.until(lambda: checked(sheet, 1))
        sheet.source.sending.most.setText("500")
        sheet.source.sending.most.textEdited.emit("500")
        sheet.close()
        await play.toast("kept as a draft")
        drop(play, good)
        await play.until(lambda: checked(sheet, 1))

    async def ask_about_the_good_one(play: Play) -> None:
        await play.until(lambda: BAR in play.window.notices.names())
        said = play.window.notices.text(BAR)
        assert said == "“members.csv” is not sent yet. It is kept as a draft."
        assert [each["counts"]["rows"] for each in play.api.batches.page()["batches"]] == [1, 1]
        play.api.batches.correct_row(2, 2, {"recipient": {"email": "bo@example,org"}})
        await play.until(lambda: BAR not in play.window.notices.names())

    perform(leave_both)
    perform(ask_about_the_good_one)


def test_a_draft_that_came_to_ask_for_nothing_unheard_is_offered_no_more(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    """The stream tells what changes once it is there; until then, the bar was about it for good."""
    path = members(tmp_path, "Bo;bo@example.org;Opera;Ulm")

    async def leave(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 1))

    async def change_it_unheard(play: Play) -> None:
        await play.until(lambda: BAR in play.window.notices.names())
        rooms = play.program.rooms
        rooms.services.live.batches_changed.disconnect(rooms.importing.unfinished.follow)
        play.api.batches.correct_row(1, 2, {"recipient": {"email": "bo@example,org"}})
        assert BAR in play.window.notices.names()
        rooms.services.live.reset()
        await play.until(lambda: BAR not in play.window.notices.names())

    perform(leave)
    perform(change_it_unheard)
