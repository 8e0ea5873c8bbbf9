"""In the running program: a wrong address is corrected, and the message goes to the right one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from desktop.gui.correction.correction_sheet import EMAIL, CorrectionSheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene


def test_an_address_is_corrected_and_the_message_sent_again(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    async def correct(play: Play) -> None:
        play.submit("Ada")
        play.submit("Bo")
        await play.until(lambda: play.states() == ["succeeded", "succeeded"])
        ids = list(play.rows())
        play.parts.table.action_chosen.emit("correct", ids)
        await play.until(lambda: play.window.findChildren(CorrectionSheet))
        (sheet,) = play.window.findChildren(CorrectionSheet)
        await play.until(lambda: sheet.isVisible() and sheet.accessibleName().endswith("1 of 2"))
        sheet.form.fields[EMAIL].set_text("corrected@example.org")
        sheet.button.click()
        await play.until(lambda: sheet.accessibleName().endswith("2 of 2"))
        sheet.skip_button.click()
        await play.until(sheet.isHidden)
        await play.until(lambda: play.states() == ["succeeded"] * 3)
        texts = [path.read_text() for path in data.outbox.iterdir()]
        assert sum("corrected@example.org" in text for text in texts) == 1
        detail = await asyncio.to_thread(play.api.task, max(play.rows()))
        assert detail["resend_of"] in ids
        play.parts.table.action_chosen.emit("resend", [max(play.rows())])
        await play.until(lambda: len(play.rows()) == 4)

    perform(correct)
