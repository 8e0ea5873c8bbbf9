"""What is asked of the backend when a person acts on tasks, as it comes to be in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.client.api import TaskQuery
from desktop.gui.actions.tasks.announced import Announced
from desktop.gui.table.task_actions import Everything
from tests.gui.actions.test_actions import later

if TYPE_CHECKING:
    from collections.abc import Callable

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
        verbs, queued = play.program.actions.verbs, TaskQuery(states=("queued",))
        verbs.grace.seconds = LONG
        verbs.act("cancel", Everything(queued, 2) if is_all else [1, 2])
        await play.until(lambda: play.states() == ["scheduled"] * 2)
        play.api.resume(None)
        (announced,) = verbs.announced.values()
        assert sorted(announced.as_draft()["ids"]) == [1, 2]  # not what the filter matches by now
        play.window.toasts.act_newest()
        verbs.grace.seconds = 0.0
        verbs.act("cancel", [2])
        verbs.grace.seconds = LONG
        verbs.act("cancel", [1])
        await play.until(lambda: play.states() == ["cancelled", "scheduled"])
        (timer,) = verbs.announced
        timer.timeout.emit()
        await play.until(lambda: play.states() == ["cancelled"] * 2)

    perform(scene)


def test_what_is_too_much_to_be_put_off_may_start_before_it_is_cancelled() -> None:
    """A cancel of more than one call takes said nothing of those that left meanwhile."""
    looked: Any = {"touched": 20_000, "is_exact": True, "skipped": [], "queues": {"mail": 20_000}}
    all_of_them = Everything(TaskQuery(states=("queued",)), 20_000)
    announced = Announced("cancel", all_of_them, "cancel", looked=looked)
    said = announced.words(lambda *_, **__: "", 5).split("\n")
    assert said == [
        "20,000 tasks will be cancelled in 5 s",
        "There are too many to delay: some may start before that.",
    ]
    assert announced.words(lambda *_, **__: "", 0) == "Cancelling…"
    named = Announced("cancel", all_of_them, "cancel", looked=looked, named=[1, 2])
    assert named.words(lambda *_, **__: "", 5) == "20,000 tasks will be cancelled in 5 s"
