"""What waits in the backend is said by row, summary and buttons until it is done or undone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.client.api import TaskQuery
from desktop.gui.items.task_questions import AddressSheet
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.acting.asked_first import NAME
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingAction, PendingActions
from desktop.gui.tasks.acting.task_actions import Selected, fitting_actions
from desktop.gui.tasks.table.columns import PROGRESS
from desktop.settings.preferences import Settings, WindowSettings
from tests.gui.play import post
from tests.gui.tasks.table.task_source import task_row
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

    Perform = Callable[[Scene], None]

FAILED = TaskQuery(states=("failed",))
TASKS = """
from desktop.engine import Retry, Uncertain, exponential
from sendoff_tasks import task

@task
def doubt(): raise Uncertain("No answer came")

@task(retry=Retry(5, backoff=exponential(3600)))
def again(): raise OSError("no paper")
"""
LONG = Settings(window=WindowSettings(grace_seconds=600.0))


def named(pending: PendingActions, *states: str) -> list[tuple[str, object]]:
    rows = [row_of(task_row(number, state)) for number, state in enumerate(states, 1)]
    actions = fitting_actions(rows, pending=pending)
    return [(each.text, each.which) for each in actions if not each.is_rare]


def test_what_was_started_can_only_be_undone_and_the_others_are_counted() -> None:
    pending = PendingActions()
    pending.begin(PendingAction(50, "cancel", 1, [[1, 1]]))
    assert named(pending, "scheduled") == [("Undo", [50])]
    assert named(pending, "scheduled", "scheduled", "scheduled") == [
        ("Undo", [50]),
        ("Run now (2)", [2, 3]),
        ("Change time… (2)", [2, 3]),
        ("Cancel (2)", [2, 3]),
    ]
    pending.begin(PendingAction(60, "retry", 2, [[2, 2], [7, 7]]))
    assert named(pending, "failed", "failed") == [("Undo (3)", [50, 60])]
    pending.end(50)
    pending.end(60)
    assert next(text for text, _ in named(pending, "scheduled")) == "Run now"
    query = TaskQuery(states=("scheduled",))
    pending.begin(PendingAction(50, "cancel", 1_200, [[1, 1_200]], query))
    assert named(pending, "scheduled") == [("Undo (1,200)", [50])]


def test_of_everything_what_was_started_is_offered_no_more() -> None:
    pending = PendingActions()
    pending.begin(PendingAction(50, "retry", 900, query=FAILED))
    both = replace(FAILED, states=("failed", "cancelled"))
    words = [each.text for each in Selected([], 1000, both, pending=pending).actions]
    assert words[:2] == ["Undo (900)", "Retry"]


def test_what_tries_messages_of_a_batch_is_counted_by_what_they_wait_for() -> None:
    pending = PendingActions()
    held = TaskQuery(states=("waiting",), reasons=("held",), batch_id=3)
    pending.begin(PendingAction(50, "try_now", 4, [[1, 4]], held))
    pending.begin(PendingAction(51, "cancel", 4, [[5, 8]], held))
    assert pending.tried_by_batch() == {3: {"held": 4}}
    assert [each.number for each in pending.tries_of(3)] == [50]
    assert pending.of_batch(3) is None


def test_the_sender_follows_the_mail_settings_and_tells_of_changes_only() -> None:
    delivery, told = Delivery(), []
    delivery.changed.connect(lambda: told.append(delivery.me))
    for sender in ("desk@example.org", "desk@example.org", "shop@example.org"):
        delivery.follow({"sender": sender, "transport": "smtp", "host": "mx"})
    assert told == ["desk@example.org", "shop@example.org"]


def said(play: Play, position: int = 0) -> str:
    row = play.model.row_at(position)
    assert row is not None
    return play.model.cells(row)[PROGRESS]


def buttons(play: Play) -> list[str]:
    return [action.text for _, action in play.window.page.detail.buttons.shown]


def choose(play: Play, text: str) -> None:
    """Take an action, where there is room for its button or not."""
    (action,) = (each for _, each in play.window.page.detail.buttons.shown if each.text == text)
    play.window.page.detail.buttons.chosen.emit(action.verb, action.which)


def test_a_task_says_what_was_started_until_it_is_undone(
    perform: Perform, data: DataFolder
) -> None:
    save(data.settings_file, LONG)
    (data.tasks / "own.py").write_text(TASKS)

    async def scene(play: Play) -> None:
        verbs, table = play.program.rooms.tasks.verbs, play.window.page.table
        summary = play.window.page.detail.summary
        await asyncio.to_thread(post, play.api, "/tasks", {"task": "doubt"})
        await play.until(lambda: play.states() == ["uncertain"])
        table.selectRow(0)
        await play.until(lambda: "Run again" in buttons(play))
        await play.until(summary.explanation.text)
        offered, before = buttons(play), said(play)
        choose(play, "Run again")
        await play.until(lambda: NAME in play.window.notices.names())
        play.window.notices.action_chosen.emit(NAME, "again")
        await play.until(lambda: buttons(play) == ["Undo"])
        assert said(play) == "Will run again"
        assert summary.headline.text() == "Will run again, unless you press Undo."
        assert summary.explanation.text() == "It may have been done"
        assert not summary.evidence.effects.text()
        choose(play, "Undo")
        assert (buttons(play), said(play), play.toasts()) == (offered, before, [])
        assert not verbs.announced

        (task,) = play.rows()
        verbs.act("done", [task])
        await play.until(lambda: said(play) == "Will be marked as done")
        verbs.act("again", [task])  # what is wanted last takes the place of what was before
        await play.until(lambda: said(play) == "Will run again")
        await play.until(lambda: len(play.toasts()) == 1)
        assert play.toasts()[0].startswith("1 task will run again in ")
        verbs.undo([*verbs.announced])
        assert play.toasts() == []
        assert not verbs.announced

        await asyncio.to_thread(post, play.api, "/tasks", {"task": "again"})
        await play.until(lambda: play.states() == ["waiting", "uncertain"])
        table.selectRow(0)
        await play.until(lambda: " next" in summary.lines.text())
        assert summary.headline.text().startswith("Waiting, again in")
        choose(play, "Try now")
        words = "Will be tried, unless you press Undo."
        await play.until(lambda: summary.headline.text() == words)
        assert summary.lines.isHidden()
        choose(play, "Undo")
        assert summary.headline.text().startswith("Waiting, again in")
        assert summary.lines.isVisible()

    perform(scene)


def test_a_message_says_how_it_leaves_and_to_whom_until_that_is_undone(
    perform: Perform, data: DataFolder
) -> None:
    save(data.settings_file, LONG)

    async def scene(play: Play) -> None:
        await asyncio.to_thread(
            post, play.api, "/items/1", {"recipient": {"email": "ada@example.org"}}
        )
        await play.until(lambda: play.states() == ["succeeded"])
        (task,) = play.rows()
        play.window.page.table.selectRow(0)
        await play.until(lambda: buttons(play))
        assert "Send" not in buttons(play)  # practice would keep it once more
        play.program.rooms.tasks.verbs.carry_out("send", [task])
        await play.toast("1 message will be sent in 600 s\nada@example.org")
        assert said(play) == "Will be sent"
        choose(play, "Undo")
        play.program.rooms.tasks.verbs.act("resend", [task])
        await play.until(lambda: said(play) == "Will be sent again")
        await play.until(lambda: buttons(play) == ["Undo"])
        choose(play, "Undo")
        assert said(play) != "Will be sent again"

        play.window.page.table.action_chosen.emit("send_to", [task])
        await play.until(lambda: play.window.findChildren(AddressSheet))
        (sheet,) = play.window.findChildren(AddressSheet)
        await play.until(sheet.isVisible)
        sheet.email.set_text("copy@example.org")
        sheet.button.click()
        await play.toast("A copy goes to copy@example.org in 600 s")
        headline, words = play.window.page.detail.summary.headline, "A copy will be sent"
        await play.until(lambda: headline.text() == f"{words}, unless you press Undo.")
        assert said(play) == words
        assert buttons(play) == ["Undo"]
        choose(play, "Undo")
        assert play.toasts() == []
        await play.until(lambda: not play.api.many.pending())
        assert said(play) != words
        assert play.states() == ["succeeded"]

    perform(scene)


def test_what_waits_to_be_cancelled_stays_in_the_list_it_was_chosen_from(
    perform: Perform, data: DataFolder
) -> None:
    save(data.settings_file, LONG)

    async def scene(play: Play) -> None:
        post(play.api, "/queues/mail/pause", {})
        for number in (1, 2, 3):
            post(play.api, f"/items/{number}", {"recipient": {"email": "ada@example.org"}})
        play.window.page.chips.chips[3].click()  # Waiting
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 3)
        play.window.page.table.selectAll()
        await play.until(lambda: any(text.startswith("Cancel") for text in buttons(play)))
        choose(play, next(text for text in buttons(play) if text.startswith("Cancel")))
        verbs = play.program.rooms.tasks.verbs
        await play.until(lambda: verbs.announced)
        await asyncio.to_thread(post, play.api, "/items/4", {})  # what comes is read again
        await play.until(lambda: play.model.rowCount() == 4)
        assert [said(play, n) for n in range(1, 4)] == ["Will be cancelled"] * 3
        play.window.toasts.act_newest()

    perform(scene)
