"""A draft that has nothing to send goes with its sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gui.importing.dropping import checked, drop, members

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.play import Perform, Play


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
