"""A message that a person had sent and its batch's limit holds may leave anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.client.api import new_key
from desktop.settings.preferences import Settings, WindowSettings
from tests.gui.batches.test_batch_verbs import bring
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.gui.frame.notices.toasts import Toast
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene


def offered(play: Play) -> list[Toast]:
    return [each for each in play.window.toasts.shown if each.button.text() == "Send now anyway"]


def test_one_message_that_its_batch_holds_is_sent_anyway(
    perform: Callable[[Scene], None], data: DataFolder, tmp_path: Path
) -> None:
    save(data.settings_file, Settings(window=WindowSettings(grace_seconds=0.2)))

    async def send(play: Play) -> None:
        number = bring(play, tmp_path / "members.csv", 2, rate="1/day")
        play.api.batches.start(number, new_key())
        await play.until(lambda: play.api.batches.one(number)["counts"]["kept"] == 1)
        await play.until(lambda: play.states() == ["succeeded"])
        (task,) = play.rows()
        play.window.page.table.action_chosen.emit("send", [task])
        await play.until(lambda: len(offered(play)) == 1)
        (toast,) = offered(play)
        assert "its batch is limited to 1 a day" in toast.text()
        assert play.api.task(task)["reason"] == "batch_limit"
        toast.button.click()
        await play.until(lambda: play.api.task(task)["attempt"] == 2)
        await play.until(lambda: play.states() == ["succeeded"])

    perform(send)
