"""The examples of the first minute: sent to nobody, and gone with one click."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from desktop.client.items import ItemQuery
from desktop.gui.importing.import_place import ImportPlace
from desktop.gui.kit.words.table import say
from tests.gui.importing.dropping import batches, checked, send_all

if TYPE_CHECKING:
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play


def states_of_batches(play: Play) -> list[str]:
    return [each["state"] for each in play.api.batches.page()["batches"]]


def test_three_examples_are_kept_here_and_go_with_their_batch_tasks_and_e_mails(
    perform: Perform, data: OfficeFolder
) -> None:
    async def scene(play: Play) -> None:
        window, empty = play.window, play.window.page.table.empty
        await play.until(empty.examples.isVisible)
        empty.examples.click()
        (sheet,) = window.findChildren(ImportPlace)
        await play.until(lambda: checked(sheet, 3))
        assert sheet.said.send.text() == "Keep 3"
        await send_all(play, sheet)
        await play.until(lambda: play.states() == ["succeeded"] * 3)
        note = await play.note(say("import", "examples"))
        await play.until(lambda: states_of_batches(play) == ["done"])
        assert len([*data.outbox.glob("*.eml")]) == 3
        note.use()
        await play.until(lambda: play.rows() == {})
        assert await play.truth() == {}
        assert (await asyncio.to_thread(play.api.items.page, ItemQuery()))["items"] == []
        assert batches(play) == []
        await play.until(lambda: play.rows() == {})
        await play.until(empty.examples.isVisible)

    perform(scene)
    assert [*data.outbox.glob("*.eml")] == []
    assert [each.name for each in data.batches.iterdir()] == [".store"]
