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
        verbs.grace_seconds = play.program.actions._grace.grace_seconds = 600.0
        verbs.act("resend", [sent])
        verbs.act("resend", [sent])
        assert toasts(play) == ["1 message will be sent again in 600 s"]
        await play.until(lambda: sorted(play.states()) == ["scheduled", "succeeded"])
        await play.until(lambda: beside(play) == ["ada@example.org"])
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


def beside(play: Play) -> list[str]:
    """What the only toast says beside its first line, which counts seconds."""
    (said,) = toasts(play)
    return said.splitlines()[1:]


def test_several_messages_sent_again_wait_on_disk_too_and_are_named(
    perform: Callable[[Scene], None],
) -> None:
    async def scene(play: Play) -> None:
        verbs = play.program.actions.verbs
        await play.until(lambda: verbs.grace_seconds == 0.0)
        sent = []
        for name in ("ada", "bo"):
            item: NewItem = {"recipient": {"name": name, "email": f"{name}@example.org"}}
            sent += (await asyncio.to_thread(play.api.submit, None, item, name)).task_ids
        await play.until(lambda: play.states() == ["succeeded", "succeeded"])
        verbs.grace_seconds = play.program.actions._grace.grace_seconds = 600.0
        verbs.act("resend", [*sent, 999])
        verbs.act("resend", [*sent, 999])
        await play.until(lambda: play.states().count("scheduled") == 2)
        said = ["ada@example.org, bo@example.org", "1 left alone: 1 is gone"]
        await play.until(lambda: beside(play) == said)
        assert toasts(play)[0].startswith("2 messages will be sent again in ")
        assert verbs.carry_out_now() == {}
        play.window.toasts.act_newest()
        await play.until(lambda: play.states().count("cancelled") == 2)
        verbs.act("resend", [998, 999])
        words = "There is nothing to do\n2 left alone: 2 are gone"
        await play.until(lambda: toasts(play) == [words])

    perform(scene)
