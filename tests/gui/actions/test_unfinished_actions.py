"""What was started and can be undone outlives a window that dies: the next one offers it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from desktop.client.drafts import Typed
from desktop.gui.actions.unfinished import CONTINUE
from desktop.gui.actions.unfinished_actions import BAR
from tests.gui.actions.batches.test_batch_verbs import bring
from tests.gui.actions.tasks.test_task_verbs import LONG

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene


def test_what_a_window_that_died_was_to_do_is_named_and_done_when_it_is_wanted(
    perform: Callable[[Scene], None], data: DataFolder, tmp_path: Path
) -> None:
    kept = data.drafts / Typed.ACTIONS
    left = ""

    def there() -> list[dict[str, Any]]:
        return [*json.loads(kept.read_text()).values()] if kept.exists() else []

    async def start_it(play: Play) -> None:
        nonlocal left
        actions = play.program.actions
        number = await asyncio.to_thread(bring, play, tmp_path / "members.csv", 2)
        await play.until(lambda: play.parts.batches.model.position_of(number) is not None)
        actions.grace.seconds = LONG
        play.parts.batches.action_chosen.emit("delete", number)
        await play.until(lambda: len(there()) == 1)
        left = kept.read_text()
        play.window.toasts.act_newest()
        await play.until(lambda: not kept.exists())  # what is undone is not offered

    async def find_it(play: Play) -> None:
        bars = play.window.notices
        await play.until(lambda: BAR in bars.names())
        words = "Sendoff ended before it could delete the draft “members.csv”."
        assert bars.text(BAR) == words
        play.program.actions.grace.seconds = 0.0
        bars.action_chosen.emit(BAR, CONTINUE)
        await play.toast("Deleting the draft “members.csv”")  # with no time to undo
        assert BAR not in bars.names()

    async def look(play: Play) -> None:
        await play.until(lambda: play.parts.batches.model.rowCount() == 0)
        assert BAR not in play.window.notices.names()
        assert not kept.exists()

    perform(start_it)
    kept.write_text(left)  # as a window leaves it that is killed
    perform(find_it)  # which ends in order: it is done before
    perform(look)
