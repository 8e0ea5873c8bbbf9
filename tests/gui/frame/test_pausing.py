"""Pausing from the window: the button, the menu and the bar, carried out by a real backend."""

from __future__ import annotations

import asyncio
import os
import signal
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from desktop.client.backend_state import Gone, Ready
from desktop.gui.tasks.table.columns import PROGRESS
from tests.gui.play import post
from tests.gui.test_rooms import later

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

    Perform = Callable[[Scene], None]

ALL = "paused:"
OWN = """
from sendoff_tasks import task

@task
def own() -> None: ...
"""
MAIL = "paused:mail"


def bar_button(play: Play, words: str) -> QPushButton:
    """Find a button of the bar in sight; one that was taken back is deleted a moment later."""
    buttons = play.window.notices.findChildren(QPushButton)
    (found,) = (each for each in buttons if each.isVisible() and each.text() == words)
    return found


def test_what_is_typed_while_all_is_paused_waits_says_why_and_leaves_on_resume(
    perform: Perform,
) -> None:
    async def scene(play: Play) -> None:
        pause, notices = play.window.top_bar.pause, play.window.notices
        pause.button.click()
        await play.until(lambda: ALL in notices.names())
        assert pause.button.text() == "Resume sending"
        assert "paused since" in notices.text(ALL)
        play.program.rooms.services.grace.seconds = 1.0
        play.submit("Ada")
        await play.toast("Item 1 will be sent once you resume")
        await play.until(lambda: play.states() == ["queued"])
        play.window.page.table.selectRow(0)
        summary = play.window.page.detail.summary
        await play.until(lambda: summary.headline.text().startswith("Everything paused since"))
        assert summary.explanation.text() == "It continues when you press Resume."
        (row,) = play.model.rows_between(0, 0)
        assert "Everything paused since" in play.model.cells(row)[4]
        bar_button(play, "Resume").click()
        await play.until(lambda: play.states() == ["succeeded"])
        await play.until(lambda: not notices.names() or ALL not in notices.names())
        assert pause.button.text() == "Pause sending"

    perform(scene)


def test_the_menu_pauses_and_resumes_one_queue(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        menu, notices = play.window.top_bar.pause.menu, play.window.notices
        menu.aboutToShow.emit()
        await play.until(lambda: any("Pause Mail" in each.text() for each in menu.actions()))
        menu.pause_chosen.emit("mail")
        await play.until(lambda: MAIL in notices.names())
        assert play.window.top_bar.pause.button.text() == "Pause sending"
        play.program.rooms.services.grace.seconds = 1.0
        play.submit("Ada")
        await play.toast("Item 1 will be sent once you resume")
        menu.aboutToShow.emit()
        await play.until(lambda: any("Resume Mail" in each.text() for each in menu.actions()))
        bar_button(play, "Resume").click()
        await play.until(lambda: MAIL not in notices.names())

    perform(scene)


def test_what_stays_paused_when_one_queue_is_resumed_has_one_bar(
    perform: Perform, data: DataFolder
) -> None:
    """Each queue had a bar of its own: five of them left no room for the table."""
    own = "".join(f"@task\ndef own{number}() -> None: ...\n\n" for number in range(4))
    (data.tasks / "own.py").write_text(f"from sendoff_tasks import task\n\n{own}")

    async def scene(play: Play) -> None:
        notices, pausing = play.window.notices, play.program.rooms.frame.pausing

        def bars() -> list[str]:
            return [each for each in notices.names() if each.startswith(ALL)]

        pausing.pause("mail")
        await play.until(lambda: bars() == [MAIL])
        pausing.pause(None)
        await play.until(lambda: bars() == [ALL])
        pausing.resume("mail")
        await play.until(
            lambda: (
                bars() == [ALL] and notices.text(ALL) == "4 queues are paused: own0, own1, own2, …"
            )
        )
        for number in range(3):
            pausing.resume(f"own{number}")
        await play.until(lambda: bars() == ["paused:own3"])
        pausing.pause("mail")
        await play.until(lambda: bars() == [ALL])
        bar_button(play, "Resume").click()
        await play.until(lambda: not bars())

    perform(scene)


def test_no_row_and_no_toast_counts_down_to_what_is_paused(
    perform: Perform, data: DataFolder
) -> None:
    (data.tasks / "own.py").write_text(OWN, encoding="utf-8")

    async def scene(play: Play) -> None:
        verbs, pausing = play.program.rooms.tasks.verbs, play.program.rooms.frame.pausing
        verbs.grace.seconds = 600.0
        mail, stays = await later(play, 2)
        body = {"task": "own", "args": [], "delay": 600}
        own = (await asyncio.to_thread(post, play.api, "/tasks", body))["id"]
        await play.until(partial(play.has, 3))
        for task in (mail, own):
            await asyncio.to_thread(play.api.cancel, task)
        await play.until(lambda: play.states().count("cancelled") == 2)
        pausing.pause("mail")

        def shown() -> str:
            (row,) = (each for each in play.model.rows_between(0, 2) if each.id == stays)
            return play.model.cells(row)[PROGRESS]

        await play.until(lambda: shown().startswith("after the pause, not before "))
        verbs.act("retry", [mail])
        await play.toast("1 task will run again once you resume")
        verbs.act("retry", [mail, own])
        both, later_on = "2 tasks will run again in 600 s", "1 of them starts once you resume."
        await play.toast(later_on)
        await play.until(lambda: len(play.toasts()) == 1)
        (told,) = play.toasts()
        assert told.startswith(f"{both}\n")
        pausing.resume("mail")
        await play.until(lambda: later_on not in play.toasts()[0])
        assert play.toasts()[0].startswith(f"{both}\n")
        await play.until(lambda: shown() == "in 10 min")
        play.window.toasts.act_newest()

    perform(scene)


def test_what_is_chosen_while_the_backend_is_away_is_done_as_soon_as_it_is_there(
    perform: Perform,
) -> None:
    async def scene(play: Play) -> None:
        notices, pause = play.window.notices, play.window.top_bar.pause
        connection = play.program.rooms.services.link
        ready = Ready(play.api.backend, own=True)
        connection.backend_changed(Gone("", 0))
        pause.button.click()
        assert "as soon as" in play.toasts()[-1]
        assert pause.button.text() == "Resume sending"
        pause.menu.pause_chosen.emit("mail")
        pause.button.click()
        pause.button.click()
        pause.menu.aboutToShow.emit()
        (only,) = pause.menu.actions()
        assert "does not answer" in only.text()
        connection.backend_changed(ready)
        await play.until(lambda: ALL in notices.names())
        assert MAIL not in notices.names()
        assert pause.button.text() == "Resume sending"
        assert not [said for said in play.toasts() if "as soon as" in said]

    perform(scene)


def test_a_choice_the_backend_was_lost_with_is_done_by_the_next_one(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        os.kill(play.api.backend.pid, signal.SIGSTOP)
        play.window.top_bar.pause.button.click()
        play.kill_backend()
        await play.until(lambda: ALL in play.window.notices.names())

    perform(scene)


def test_a_limit_that_was_saved_is_said_by_what_waits_and_taken_back_lets_it_go(
    perform: Perform,
) -> None:
    async def scene(play: Play) -> None:
        sheet, rate = play.window.mail.sheet, play.window.mail.sheet.limits.fields["rate"]
        await play.until(lambda: sheet.form.sent_from.text())
        sheet.open()
        rate.set_text("1/h")
        sheet.save_button.click()
        await play.until(sheet.isHidden)
        for count, name in enumerate(("Ada", "Bo"), 1):
            play.submit(name)
            await play.until(play.window.form.is_empty)
            await play.until(partial(play.has, count))
        await play.until(lambda: play.states() == ["queued", "succeeded"])
        play.window.page.table.selectRow(0)
        said = play.window.page.detail.summary.explanation
        await play.until(lambda: "limited to 1 an hour" in said.text())
        menu = play.window.top_bar.pause.menu
        menu.aboutToShow.emit()
        await play.until(lambda: any("1 an hour · 1 waiting" in a.text() for a in menu.actions()))
        sheet.open()
        assert rate.text() == "1/h"
        rate.set_text("")
        sheet.save_button.click()
        await play.until(lambda: play.states() == ["succeeded"] * 2)

    perform(scene)
