"""The outcome of tasks that were tried again, and a way out for those that a limit holds."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

from desktop.gui.kit.words.verbs import RetryOutcome, retried_words
from desktop.gui.tasks.acting.pending_actions import ActionCall
from desktop.settings.preferences import Settings, WindowSettings
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.model.states import State
from tests import WITHIN
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.hands import answer, asked, asks
from tests.gui.play import post
from tests.gui.tasks.acting.test_task_actions import words
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from desktop.client.api import Api
    from desktop.gui.frame.notes import WindowNote
    from desktop.gui.tasks.acting.pending_actions import ActionAnswer
    from desktop.settings.office_folder import OfficeFolder
    from sendoff_tasks.model.events import TasksEvent
    from tests.gui.play import Play, Scene

HALF = """
import pathlib
from sendoff_tasks import Retry, task

@task(title="Half", retry=Retry(1))
def half(number: int) -> None:
    if number % 2 or not pathlib.Path({cured!r}).exists():
        raise OSError("no paper")
"""


async def leaves_some_alone(play: Play) -> None:
    """Remove the two oldest of those that failed: why the others stay is said before and after."""
    tasks = sorted(play.rows())
    play.window.page.table.selectAll()
    await play.until(lambda: words(play).get("retry") == "Retry (7): ")
    play.api.actions.act("seen", tasks[:2], None, key="two")
    play.window.page.detail.action_chosen.emit("remove", tasks)
    await play.until(asked)
    left = "Skipped: 5 failed or are uncertain (choose Mark as seen first)"
    assert asks(f" {left}.")
    answer("Remove")
    note = await play.note(f"Remove · 2 tasks · done · {left}")
    note.close()
    await play.until(lambda: not play.notes())


def test_what_came_of_a_retry_is_said_with_a_way_to_those_that_failed_again(
    perform: Callable[[Scene], None], data: OfficeFolder
) -> None:
    cured = data.root / "cured"
    (data.tasks / "own.py").write_text(HALF.format(cured=str(cured)))

    async def scene(play: Play) -> None:
        post(play.api, "/tasks", [{"task": "half", "args": [n]} for n in range(7)])
        await play.until(lambda: play.states() == ["failed"] * 7)
        await leaves_some_alone(play)
        cured.touch()
        everything = SortedFilter(states=("failed",))
        said = play.hear_notes()
        play.program.rooms.tasks.verbs.act("retry", everything)
        note = await play.note("3 done · 2 failed")
        assert said == ["Retry · 5 tasks · queued", "3 done · 2 failed"]
        assert play.notes() == said[1:]
        assert note.link.text() == "Show the 2 that did not succeed"
        note.link.click()
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
        assert play.states() == ["failed"] * 2
        assert play.window.page.narrowed.text() == "Tried again"
        assert play.notes() == []

    perform(scene)


def test_what_came_of_messages_is_said_in_their_words(qapp: QApplication) -> None:
    counts = {state.value: 0 for state in State} | {"succeeded": 9, "waiting": 2, "cancelled": 1}
    outcome = RetryOutcome(counts, sent=6, kept=2)
    words = "6 sent · 2 kept in practice mode · 1 done · 2 waiting for another attempt"
    assert retried_words(outcome) == f"{words} · 1 cancelled"
    assert not outcome.is_under_way
    assert RetryOutcome(counts | {"queued": 1}).is_under_way


def offered(play: Play) -> list[WindowNote]:
    return [each for each in play.window.notes.shown if each.link.text() == "Send now anyway"]


@contextmanager
def answered_late(play: Play, task: int) -> Iterator[None]:
    """Let the news that the limit of its batch holds a task overtake the answer to its action."""
    told, ask = threading.Event(), ActionCall.ask

    def follow(event: TasksEvent) -> None:
        if any(row["id"] == task and row["reason"] == "batch_limit" for row in event["rows"]):
            told.set()

    def late(call: ActionCall, api: Api, delay: float) -> ActionAnswer:
        answer = ask(call, api, delay)
        assert told.wait(WITHIN)
        return answer

    play.program.rooms.services.live.tasks_changed.connect(follow)
    with patch.object(ActionCall, "ask", late):
        yield


def test_what_a_limit_holds_is_said_to_wait_and_only_that_of_its_batch_lets_it_pass(
    perform: Callable[[Scene], None], data: OfficeFolder, tmp_path: Path
) -> None:
    save(data.settings_file, Settings(window=WindowSettings(grace_seconds=0.2)))

    async def send(play: Play) -> None:
        number = bring(play, tmp_path / "members.csv", 2, rate="1/day")
        play.api.batches.start(number, new_key())
        await play.until(lambda: play.api.batches.one(number)["counts"]["kept"] == 1)
        await play.until(lambda: play.states() == ["succeeded"])
        (task,) = play.rows()
        with answered_late(play, task):
            play.window.page.table.action_chosen.emit("send", [task])
            await play.until(lambda: len(offered(play)) == 1)
        (note,) = offered(play)
        assert "its batch is limited to 1 a day" in note.text()
        assert play.api.task(task)["reason"] == "batch_limit"
        note.link.click()
        await play.until(lambda: play.api.task(task)["attempt"] == 2)
        await play.until(lambda: play.states() == ["succeeded"])

        play.api.save_settings({"queues": {"mail": {"rate": "1/h"}}})
        play.submit("Ada", "6")
        await play.until(lambda: play.states() == ["succeeded"] * 2)
        play.submit("Bo", "7")
        await play.until(lambda: any("limited to 1 an hour" in each for each in play.notes()))
        (said,) = (each for each in play.notes() if "limited" in each)
        assert said.startswith("Item 7: starts ")
        assert not offered(play), "nothing passes a provider's limit"

    perform(send)
