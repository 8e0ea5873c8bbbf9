"""Acting on many tasks: each verb waits out its grace with *Undo*, and all that match are meant."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.client.api import TaskQuery
from desktop.gui.tasks.acting.asked_first import NAME
from desktop.gui.tasks.acting.task_actions import Everything, Selected
from tests.gui.play import post
from tests.gui.test_rooms import LATER, later

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.items import NewItem
    from desktop.gui.tasks.acting.task_actions import Verb
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

    Perform = Callable[[Scene], None]

SCHEDULED = TaskQuery(states=("scheduled",))
LONG = 600.0
STATES = """
from desktop.engine import Final, Uncertain, task

@task
def fail(): raise Final("no")

@task
def doubt(): raise Uncertain("no answer")
"""


@pytest.mark.parametrize(
    ("verb", "count", "said"),
    [
        ("retry", 3, "3 tasks will run again in "),
        ("again", 1, "1 task will run again in "),
        ("cancel", 1, "1 task will be cancelled in "),
        ("done", 3, "3 tasks will be marked as done in "),
    ],
)
def test_what_is_done_to_one_or_many_can_be_undone_before_it_begins(
    perform: Perform, data: DataFolder, verb: Verb, count: int, said: str
) -> None:
    (data.tasks / "own.py").write_text(STATES)

    async def scene(play: Play) -> None:
        verbs = play.program.rooms.tasks.verbs
        verbs.grace.seconds = LONG
        (item,) = await later(play, 1)
        ids = post(play.api, "/tasks", [{"task": "fail"}] * 3 + [{"task": "doubt"}] * 3)["ids"]
        await play.until(lambda: {*play.states()} == {"failed", "uncertain", "scheduled"})
        tasks = {"retry": ids[:3], "cancel": [item]}.get(verb, ids[3 : 3 + count])
        verbs.act(verb, tasks)
        await play.toast(said)
        (first,) = verbs.announced
        verbs.act(verb, tasks)  # it takes the place of the first
        await play.until(lambda: verbs.announced and first not in verbs.announced)
        assert len(play.toasts()) == 1
        play.window.toasts.act_newest()
        assert not verbs.announced
        await play.until(lambda: not play.api.many.pending())

    perform(scene)


def test_there_is_a_grace_while_the_settings_cannot_be_read(
    perform: Perform, data: DataFolder
) -> None:
    data.settings_file.write_text("[window", encoding="utf-8")

    async def scene(play: Play) -> None:
        await later(play, 2)
        play.program.rooms.tasks.verbs.act("cancel", Everything(SCHEDULED, 2))
        await play.toast("2 tasks will be cancelled in 5 s")
        play.window.toasts.act_newest()

    perform(scene)


def test_all_that_match_are_cancelled_however_many_are_in_memory(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        await later(play, 4)
        play.submit("Ada")
        await play.until(lambda: play.states().count("succeeded") == 1)
        play.window.page.table.action_chosen.emit("cancel", Everything(SCHEDULED, 4))
        await play.until(lambda: play.states().count("cancelled") == 4)
        await play.toast("4 tasks are cancelled")
        assert play.states().count("succeeded") == 1

    perform(scene)


def test_finished_tasks_are_removed_and_the_others_are_said_to_stay(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        await later(play, 1)
        play.submit("Ada")
        await play.until(lambda: play.states().count("succeeded") == 1)
        play.program.rooms.tasks.verbs.act("remove", Everything(TaskQuery(), None))
        await play.until(lambda: play.states() == ["scheduled"])
        await play.toast("1 task is removed · Left alone: 1 is scheduled")

    perform(scene)


def choose_remove(play: Play, words: str = "Remove finished tasks…") -> None:
    play.window.menu.aboutToShow.emit()
    (remove,) = (each for each in play.window.menu.actions() if each.text() == words)
    play.window.menu.aboutToHide.emit()
    remove.trigger()


def test_finished_tasks_are_kept_unless_a_person_says_yes(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        (task,) = await later(play, 1)
        play.window.page.table.action_chosen.emit("cancel", [task])
        for name in ("Ada", "Bo"):
            play.submit(name)
        await play.until(lambda: sorted(play.states()) == ["cancelled", *["succeeded"] * 2])
        notices = play.window.notices
        choose_remove(play)
        await play.until(lambda: NAME in notices.names())
        assert notices.text(NAME) == (
            "Remove 2 finished tasks for good? Items stay, with whether people were informed; so"
            " do batches. Failed, uncertain and cancelled ones stay: their"
            " recipients may not have been informed."
        )
        focused = notices.window().focusWidget()
        assert isinstance(focused, QPushButton)
        assert focused.text() == "Keep"
        focused.click()
        await play.until(lambda: NAME not in notices.names())
        assert play.has(3)
        choose_remove(play)
        await play.until(lambda: NAME in notices.names())
        notices.action_chosen.emit(NAME, "remove")
        await play.until(lambda: play.states() == ["cancelled"])
        choose_remove(play)
        await play.toast("There is nothing to do.")
        play.window.page.chips.choose(("cancelled",))
        await play.until(lambda: play.model.is_loaded and play.has(1))
        choose_remove(play, "Remove finished tasks in this list…")
        await play.until(lambda: NAME in notices.names())
        assert notices.text(NAME).startswith(
            "Remove 1 finished task for good?"
            " Only the tasks that search and filters show are removed."
        )
        assert "cancelled ones stay" not in notices.text(NAME)

    perform(scene)


def test_removing_all_that_is_selected_asks_the_same(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        (task,) = await later(play, 1)
        play.window.page.table.action_chosen.emit("cancel", [task])
        play.submit("Ada")
        await play.until(lambda: sorted(play.states()) == ["cancelled", "succeeded"])
        more_than_is_shown = Selected([], 2, TaskQuery())
        (remove,) = (each for each in more_than_is_shown.actions if each.verb == "remove")
        play.window.page.table.action_chosen.emit(remove.verb, remove.which)
        notices = play.window.notices
        await play.until(lambda: NAME in notices.names())
        assert notices.text(NAME).startswith("Remove 1 finished task for good?")
        assert "cancelled ones stay" in notices.text(NAME)
        notices.action_chosen.emit(NAME, "remove")
        await play.until(lambda: play.states() == ["cancelled"])

    perform(scene)


def test_removing_several_asks_and_removing_one_can_be_undone(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        for name in ("Ada", "Bo", "Cy"):
            play.submit(name)
        await play.until(lambda: play.states() == ["succeeded"] * 3)
        verbs, notices = play.program.rooms.tasks.verbs, play.window.notices
        first, *others = sorted(play.rows())
        play.window.page.table.action_chosen.emit("remove", others)
        await play.until(lambda: NAME in notices.names())
        assert notices.text(NAME).startswith("Remove 2 finished tasks for good? Items stay")
        assert "cancelled ones stay" not in notices.text(NAME)
        assert play.has(3)
        notices.action_chosen.emit(NAME, "remove")
        await play.until(lambda: list(play.rows()) == [first])
        verbs.grace.seconds = LONG
        play.window.page.table.action_chosen.emit("remove", [first])
        await play.toast("1 task will be removed")
        assert NAME not in notices.names()
        play.window.toasts.act_newest()

    perform(scene)


def test_before_it_happens_it_is_said_how_many_are_meant_and_which_are_not(
    perform: Perform,
) -> None:
    async def scene(play: Play) -> None:
        tasks = await later(play, 2)
        play.submit("Ada")
        await play.until(lambda: play.states().count("succeeded") == 1)
        verbs = play.program.rooms.tasks.verbs
        verbs.grace.seconds = LONG
        verbs.act("cancel", [*tasks, *sorted(play.rows())[-1:], 999])
        await play.toast("2 tasks will be cancelled in 600 s\nLeft alone: 1 is done, 1 is gone")
        choose_remove(play)
        await play.until(lambda: NAME in play.window.notices.names())
        play.window.notices.action_chosen.emit(NAME, "remove")
        kept = "It was only kept in practice mode and not sent."
        await play.toast(f"1 task will be removed in 600 s\n{kept}")
        for _ in range(2):
            play.window.toasts.act_newest()
        assert not verbs.announced

    perform(scene)


def test_where_there_is_nothing_to_do_undo_is_for_what_was_done_before(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        (task,) = await later(play, 1)
        verbs = play.program.rooms.tasks.verbs
        verbs.grace.seconds = LONG
        verbs.act("cancel", [task])
        await play.toast("1 task will be cancelled")
        verbs.act("retry", [task])
        await play.toast("There is nothing to do")
        play.window.toasts.act_newest()
        assert not verbs.announced
        assert play.states() == ["scheduled"]

    perform(scene)


def test_a_retry_names_the_address_it_goes_to(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        (task,) = await later(play, 1)
        play.window.page.table.action_chosen.emit("cancel", [task])
        await play.until(lambda: play.states() == ["cancelled"])
        body: NewItem = {**LATER, "recipient": {"email": "new@example.org"}}
        play.api.items.correct(1, body, "key", send=False, delay=0)
        verbs = play.program.rooms.tasks.verbs
        await play.until(lambda: verbs.grace.seconds == 0.0)  # as the settings have it
        verbs.grace.seconds = LONG
        verbs.act("retry", [task])
        said = "1 task will run again in 600 s\nnew@example.org"
        await play.until(lambda: play.toasts()[-1:] == [said])
        play.window.toasts.act_newest()

    perform(scene)


def test_what_comes_after_all_that_match_was_announced_is_left_alone(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        await later(play, 2)
        verbs = play.program.rooms.tasks.verbs
        verbs.grace.seconds = LONG
        verbs.act("cancel", Everything(SCHEDULED, 2))
        verbs.act("cancel", Everything(SCHEDULED, 2))
        await asyncio.to_thread(play.api.items.submit, 3, LATER, "3")
        await play.until(lambda: play.states() == ["scheduled"] * 3)
        await play.until(lambda: [each["touched"] for each in play.api.many.pending()] == [2])
        await play.until(lambda: len(play.toasts()) == 1)
        play.window.toasts.act_newest()

    perform(scene)


def test_what_waits_outlives_the_window_and_can_be_undone_in_the_next(perform: Perform) -> None:
    async def asks(play: Play) -> None:
        await later(play, 2)
        verbs = play.program.rooms.tasks.verbs
        verbs.grace.seconds = LONG
        verbs.act("cancel", Everything(SCHEDULED, None))
        await play.toast("2 tasks will be cancelled in 600 s")

    async def looks(play: Play) -> None:
        await play.toast("2 tasks will be cancelled in ")
        play.window.toasts.act_newest()
        await play.until(lambda: not play.api.many.pending())
        assert play.states() == ["scheduled"] * 2

    perform(asks)
    perform(looks)


def test_what_is_asked_for_and_undone_elsewhere_is_shown(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        await later(play, 2)
        verbs, many = play.program.rooms.tasks.verbs, play.api.many
        await asyncio.to_thread(many.act, "cancel", [1, 2], key="other", delay=LONG)
        await play.toast("2 tasks will be cancelled in ")
        await asyncio.to_thread(many.undo, *verbs.announced)
        await play.until(lambda: not verbs.announced)
        assert play.toasts() == []
        await asyncio.to_thread(many.act, "cancel", [1, 2], key="third", delay=0.05)
        await play.toast("2 tasks are cancelled")

    perform(scene)
