"""The outcome of tasks that were tried again, in a bar that follows them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from desktop.client.api import TaskQuery
from desktop.contract.states import State
from desktop.gui.kit.words.verbs import SEND, RetryOutcome, retried_words
from desktop.gui.tasks.acting.task_actions import Everything
from tests.gui.play import post

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

HALF = """
import pathlib
from desktop.engine import Retry, task

@task(title="Half", retry=Retry(1))
def half(number: int) -> None:
    if number % 2 or not pathlib.Path({cured!r}).exists():
        raise OSError("no paper")
"""
DOUBT = """
from desktop.engine import Final, TaskContext, Uncertain, task

@task(title="Doubt")
def doubt(number: int, ctx: TaskContext) -> None:
    if ctx.attempt == 1:
        raise Final("no")
    if number:
        raise Uncertain("no answer")
"""


def test_what_came_of_a_retry_is_said_with_a_way_to_those_that_failed_again(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    cured = data.root / "cured"
    (data.tasks / "own.py").write_text(HALF.format(cured=str(cured)))

    async def scene(play: Play) -> None:
        post(play.api, "/tasks", [{"task": "half", "args": [n]} for n in range(5)])
        await play.until(lambda: play.states() == ["failed"] * 5)
        cured.touch()
        everything = Everything(TaskQuery(states=("failed",)))
        said = play.note_toasts()
        play.program.rooms.tasks.verbs.act("retry", everything)
        told = play.window.notices
        await play.until(lambda: any("Tried again" in told.text(name) for name in told.names()))
        (name,) = (name for name in told.names() if "Tried again" in told.text(name))
        assert told.text(name) == "Tried again: 3 done · 2 failed again"
        assert (said, play.toasts()) == (["5 tasks were queued again"], [])
        (show,) = (
            each
            for each in told.findChildren(QPushButton)
            if each.text() == "Show the 2 that failed"
        )
        show.click()
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
        assert play.states() == ["failed"] * 2
        assert play.window.views.row.narrowed_to == "Tried again"
        assert name not in told.names()
        play.program.rooms.tasks.verbs.act("retry", list(play.rows()))
        await play.until(lambda: any("2 failed again" in told.text(n) for n in told.names()))
        # What practice mode had kept was not tried before.
        play.program.rooms.tasks.verbs.act("retry", list(play.rows()), SEND)
        await play.until(lambda: "2 failed" in [told.text(n) for n in told.names()])

    perform(scene)


def test_what_came_of_a_retry_counts_no_more_what_was_settled_since(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    (data.tasks / "own.py").write_text(DOUBT)

    async def scene(play: Play) -> None:
        ids = post(play.api, "/tasks", [{"task": "doubt", "args": [n]} for n in range(4)])["ids"]
        await play.until(lambda: play.states() == ["failed"] * 4)
        play.program.rooms.tasks.verbs.act("retry", ids)
        told = play.window.notices

        def said() -> list[tuple[str, str]]:
            bars = [bar.bar_text for bar in told.bars.values()]
            return [(bar.text, bar.actions[0][1]) for bar in bars if "Tried again" in bar.text]

        show = "Show the 3 that are uncertain"
        await play.until(lambda: said() == [("Tried again: 1 done · 3 uncertain", show)])
        await asyncio.to_thread(play.api.resolve, ids[1], "done")
        show = "Show the 2 that are uncertain"
        words = "Tried again: 1 done · 2 uncertain · 1 marked as done"
        await play.until(lambda: said() == [(words, show)])
        play.program.rooms.tasks.verbs.act("seen", [ids[2]])
        show = "Show the one that is uncertain"
        words = "Tried again: 1 done · 1 uncertain · 1 marked as done · 1 dealt with since"
        await play.until(lambda: said() == [(words, show)])
        await asyncio.to_thread(play.api.resolve, ids[3], "done")
        await play.until(lambda: not said())

    perform(scene)


def test_what_came_of_messages_is_said_in_their_words(qapp: QApplication) -> None:
    counts = {state.value: 0 for state in State} | {"succeeded": 9, "waiting": 2, "cancelled": 1}
    outcome = RetryOutcome(counts, sent=6, kept=2)
    words = "6 sent · 2 kept in practice mode · 1 done · 2 waiting for another attempt"
    assert retried_words(outcome) == f"Tried again: {words} · 1 cancelled"
    assert not outcome.is_under_way
    counts = {state.value: 0 for state in State} | {"succeeded": 15, "uncertain": 4}
    words = "Tried again: 15 sent · 4 uncertain · 1 marked as sent"
    assert retried_words(RetryOutcome(counts, sent=15, marked_sent=1)) == words
    assert RetryOutcome(counts | {"queued": 1}).is_under_way
