"""A draft that was only looked at, or has nothing to send, asks for nothing; the first goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.gui.importing import unfinished_imports
from desktop.gui.importing.unfinished_imports import BAR
from tests.gui.importing.dropping import checked, drop, members

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from tests.gui.play import Play, Scene


SETTINGS = ("name", "key", "template", "tasks", "columns", "reading")


def test_a_draft_that_was_only_looked_at_goes_after_a_day(
    perform: Callable[[Scene], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One of each file that was ever looked at was kept for thirty days."""
    path = members(tmp_path, "Ada;ada@example.org;Opera;Wien")
    (tmp_path / "typed").mkdir()
    typed = members(tmp_path / "typed", "Bo;bo@example,org;Opera;Ulm")

    async def look(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 1))
        sheet.close()
        await play.toast("is kept as a draft for one day only")
        drop(play, typed)
        await play.until(lambda: checked(sheet, 1) and sheet.card.path)
        sheet.card.editor.setText("bo@example")
        sheet.card.editor.textEdited.emit("bo@example")
        sheet.close()
        await play.until(lambda: play.toasts()[-1] == "“members.csv” is kept as a draft")
        pasted = "Name\tE-mail\nCy\tcy@example.org\n"
        play.program.rooms.importing.imports.take_pasted(pasted)
        await play.until(lambda: sheet.batch and sheet.batch["batch_id"] == 3 and checked(sheet, 1))
        sheet.close()
        await play.until(lambda: not play.program.jobs.under_way)

    whole: Any = {}

    def drafts(play: Play) -> list[int]:
        return [each["batch_id"] for each in play.api.batches.page()["batches"]]

    async def still_there(play: Play) -> None:
        """The bar said that it was *not sent yet*, too."""
        await play.until(lambda: BAR in play.window.notices.names())
        assert play.window.notices.text(BAR).startswith("2 imports are not sent yet.")
        assert drafts(play) == [3, 2, 1]
        as_read: Any = play.api.batches.one(1)
        whole.update({name: as_read[name] for name in SETTINGS}, rate="500/day")
        play.api.batches.change(1, whole)  # by another window
        monkeypatch.setattr(unfinished_imports, "KEPT_FOR", 0.0)

    async def not_yet(play: Play) -> None:
        await play.until(lambda: BAR in play.window.notices.names())
        assert play.window.notices.text(BAR).startswith("3 imports are not sent yet.")
        assert drafts(play) == [3, 2, 1]
        whole["rate"] = None
        play.api.batches.change(1, whole)

    async def gone(play: Play) -> None:
        await play.until(lambda: drafts(play) == [3, 2])

    perform(look)
    perform(still_there)
    perform(not_yet)
    perform(gone)


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
        sheet.source.sending.most.setText("500")
        sheet.source.sending.most.textEdited.emit("500")
        sheet.close()
        await play.toast("“members.csv” is kept as a draft")
        drop(play, path)
        await play.toast("was imported before")
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
