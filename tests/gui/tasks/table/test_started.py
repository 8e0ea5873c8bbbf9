"""What a person has started is said by row, summary and buttons until it is done or undone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from desktop.gui.items.task_questions import AddressSheet
from desktop.gui.tasks.acting.asked_first import NAME
from desktop.gui.tasks.table.columns import PROGRESS
from desktop.settings.preferences import Settings, WindowSettings
from tests.gui.play import post
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

    Perform = Callable[[Scene], None]

TASKS = """
from desktop.engine import Retry, Uncertain, exponential
from sendoff_tasks import task

@task
def doubt(): raise Uncertain("No answer came")

@task(retry=Retry(5, backoff=exponential(3600)))
def again(): raise OSError("no paper")
"""
LONG = Settings(window=WindowSettings(grace_seconds=600.0))


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


async def doubt(play: Play) -> None:
    """Have a task of which it is not known whether it was done."""
    await asyncio.to_thread(post, play.api, "/tasks", {"task": "doubt"})
    await play.until(lambda: play.states() == ["uncertain"])


async def choose_doubt(play: Play, offered: str) -> None:
    """Select it, until what can be done about it is offered and said."""
    await doubt(play)
    play.window.page.table.selectRow(0)
    await play.until(lambda: offered in buttons(play))
    await play.until(play.window.page.detail.summary.explanation.text)


def test_an_uncertain_task_says_what_was_started_until_it_is_undone(
    perform: Perform, data: DataFolder
) -> None:
    save(data.settings_file, LONG)
    (data.tasks / "own.py").write_text(TASKS)

    async def scene(play: Play) -> None:
        await choose_doubt(play, "Run again")
        summary = play.window.page.detail.summary
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
        assert not play.program.rooms.tasks.verbs.announced

    perform(scene)


def test_what_a_start_replaces_is_not_said_beside_it(perform: Perform, data: DataFolder) -> None:
    """*Will be sent tomorrow* stood above *Will start*, and *next* below."""
    save(data.settings_file, LONG)
    (data.tasks / "own.py").write_text(TASKS)

    async def scene(play: Play) -> None:
        post(play.api, "/tasks", {"task": "again"})
        await play.until(lambda: play.states() == ["waiting"])
        play.window.page.table.selectRow(0)
        summary = play.window.page.detail.summary
        await play.until(lambda: " next" in summary.lines.text())
        assert summary.headline.text().startswith("Waiting, again in")
        choose(play, "Try now")
        words = "Will be tried, unless you press Undo."
        await play.until(lambda: summary.headline.text() == words)
        assert " next" not in summary.text()
        assert summary.explanation.isHidden()
        assert summary.lines.isHidden()
        choose(play, "Undo")
        assert summary.headline.text().startswith("Waiting, again in")
        assert summary.lines.isVisible()

    perform(scene)


def test_what_is_wanted_last_of_a_task_takes_the_place_of_what_was_wanted_before(
    perform: Perform, data: DataFolder
) -> None:
    save(data.settings_file, LONG)
    (data.tasks / "own.py").write_text(TASKS)

    async def scene(play: Play) -> None:
        await doubt(play)
        verbs = play.program.rooms.tasks.verbs
        (task,) = play.rows()
        await play.until(lambda: verbs.grace.seconds == 600.0)
        verbs.act("done", [task])
        await play.until(lambda: said(play) == "Will be marked as done")
        verbs.act("again", [task])
        await play.until(lambda: said(play) == "Will run again")
        await play.until(lambda: len(play.toasts()) == 1)
        assert play.toasts()[0].startswith("1 task will run again in ")
        verbs.undo([*verbs.announced])
        assert play.toasts() == []
        assert not verbs.announced

    perform(scene)


def test_send_says_where_a_kept_message_goes_and_to_whom(
    perform: Perform, data: DataFolder
) -> None:
    save(data.settings_file, LONG)

    async def scene(play: Play) -> None:
        post(play.api, "/items/1", {"recipient": {"email": "ada@example.org"}})
        await play.until(lambda: play.states() == ["succeeded"])
        play.window.page.table.selectRow(0)
        await play.until(lambda: "Send" in buttons(play))
        choose(play, "Send")
        await play.toast("1 message will be sent in 600 s\nada@example.org")
        assert said(play) == "Will be sent"
        choose(play, "Undo")

    perform(scene)


def test_what_is_sent_again_says_so_too(perform: Perform, data: DataFolder) -> None:
    save(data.settings_file, LONG)

    async def scene(play: Play) -> None:
        post(play.api, "/items/1", {"recipient": {"email": "ada@example.org"}})
        await play.until(lambda: play.states() == ["succeeded"])
        verbs = play.program.rooms.tasks.verbs
        (task,) = play.rows()
        verbs.act("resend", [task])
        await play.until(lambda: said(play) == "Will be sent again")
        play.window.page.table.selectRow(0)
        await play.until(lambda: buttons(play) == ["Undo"])
        choose(play, "Undo")
        assert said(play) != "Will be sent again"
        await play.until(lambda: not play.api.many.pending())
        assert play.states() == ["succeeded"]

    perform(scene)


def test_a_copy_to_another_address_is_undone_where_its_message_is_shown(
    perform: Perform, data: DataFolder
) -> None:
    """Its only *Undo* was that of the toast."""
    save(data.settings_file, LONG)

    async def scene(play: Play) -> None:
        post(play.api, "/items/1", {"recipient": {"email": "ada@example.org"}})
        await play.until(lambda: play.states() == ["succeeded"])
        (task,) = play.rows()
        play.window.page.table.action_chosen.emit("send_to", [task])
        await play.until(lambda: play.window.findChildren(AddressSheet))
        (sheet,) = play.window.findChildren(AddressSheet)
        await play.until(sheet.isVisible)
        sheet.email.set_text("copy@example.org")
        sheet.button.click()
        await play.toast("A copy goes to copy@example.org in 600 s")
        play.window.page.table.selectRow(0)
        headline = play.window.page.detail.summary.headline
        words = "A copy will be sent"
        await play.until(lambda: headline.text() == f"{words}, unless you press Undo.")
        assert said(play) == words
        assert buttons(play) == ["Undo"]
        choose(play, "Undo")
        assert play.toasts() == []
        await play.until(lambda: not play.api.many.pending())
        assert said(play) != words

    perform(scene)


def test_what_waits_to_be_cancelled_stays_in_the_list_it_was_chosen_from(
    perform: Perform, data: DataFolder
) -> None:
    """It left the list of its state while it could be undone: that was empty."""
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
