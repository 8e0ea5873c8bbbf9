"""Sent again: the new task is on disk at once, waits out the grace period, and can be undone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.gui.actions.test_actions import toasts

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.items import NewItem
    from tests.gui.play import Play, Scene


def test_a_message_sent_again_waits_on_disk_until_it_may_leave(
    perform: Callable[[Scene], None],
) -> None:
    async def scene(play: Play) -> None:
        verbs = play.program.actions.verbs
        await play.until(lambda: verbs.grace_seconds == 0.0)  # as the settings have it
        item: NewItem = {"recipient": {"email": "ada@example.org"}}
        (sent,) = (await asyncio.to_thread(play.api.submit, None, item, "one")).task_ids
        await play.until(lambda: play.states() == ["succeeded"])
        verbs.grace_seconds = play.program.actions._recall.grace_seconds = 600.0
        verbs.act("resend", [sent])
        verbs.act("resend", [sent])
        assert toasts(play) == ["1 message will be sent again in 600 s"]
        await play.until(lambda: sorted(play.states()) == ["scheduled", "succeeded"])
        play.window.toasts.act_newest()
        await play.until(lambda: sorted(play.states()) == ["cancelled", "succeeded"])
        verbs.act("to_me", [sent])
        words = "1 message will be sent to Sendoff <sendoff@localhost> in 600 s"
        assert words in toasts(play)
        play.window.toasts.act_newest()  # before its task is there
        await play.until(lambda: sorted(play.states()) == ["cancelled", "cancelled", "succeeded"])
        verbs.act("resend", [999])
        await play.until(lambda: toasts(play) == ["There is no task 999."])

    perform(scene)
