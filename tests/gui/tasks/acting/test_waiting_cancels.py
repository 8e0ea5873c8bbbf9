"""What is to be cancelled does not start while *Undo* is shown."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from desktop.client.api import TaskQuery
from desktop.gui.tasks.acting.task_actions import Everything
from tests.gui.test_rooms import LATER, later

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.items import NewItem
    from tests.gui.play import Play, Scene

    Perform = Callable[[Scene], None]

LONG = 600.0


@pytest.mark.parametrize("is_all", [False, True])
def test_what_is_to_be_cancelled_does_not_start_while_undo_is_shown(
    perform: Perform, is_all: bool
) -> None:
    async def scene(play: Play) -> None:
        await later(play, 2)
        play.api.pause(None)
        for task in (1, 2):
            play.api.change_task(task, {"run_at": None})
        await play.until(lambda: play.states() == ["queued"] * 2)
        verbs, queued = play.program.rooms.tasks.verbs, TaskQuery(states=("queued",))
        verbs.grace.seconds = LONG
        verbs.act("cancel", Everything(queued, 2) if is_all else [1, 2])
        await play.until(lambda: verbs.announced)
        play.api.resume(None)
        (row,) = (row for each in verbs.announced.values() for row in each.rows.values())
        assert row["tasks"] == [[1, 2]]  # not what the filter matches by now
        now: NewItem = {"recipient": {"email": "bo@example.org"}}
        await asyncio.to_thread(play.api.items.submit, 3, now, "3")
        await play.until(lambda: "succeeded" in play.states())
        assert sorted(play.states()) == ["queued", "queued", "succeeded"]
        verbs.act("cancel", [2])
        await play.until(lambda: len(verbs.announced) == 2)
        await play.until(lambda: "1 task " in play.toasts()[0])
        play.window.toasts.act_newest()
        await play.until(lambda: play.states().count("succeeded") == 2)
        play.window.toasts.act_newest()
        await play.until(lambda: play.states() == ["succeeded"] * 3)
        verbs.grace.seconds = 0.05
        await asyncio.to_thread(play.api.items.submit, 4, LATER, "4")
        await play.until(lambda: "scheduled" in play.states())
        (task,) = (number for number, row in play.rows().items() if row[1] == "scheduled")
        verbs.act("cancel", [task])
        await play.until(lambda: "cancelled" in play.states())
        assert not verbs.announced

    perform(scene)
