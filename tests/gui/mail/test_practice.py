"""What was kept in practice is sent when real sending is set up and the person says so."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from desktop.gui.frame.notices.bars import PRACTICE
from desktop.gui.mail.room import BAR, SHOW
from desktop.settings.preferences import Settings, WindowSettings
from tests.mail.server import running
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene


def word(play: Play) -> str:
    (row,) = play.model.rows_between(0, 0)
    return play.model.cells(row)[0]


def test_kept_messages_are_offered_and_sent_for_real(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    at_once = WindowSettings(grace_seconds=0.0)
    save(data.settings_file, Settings(window=at_once))
    with running() as server:

        async def scene(play: Play) -> None:
            notices, practice = play.window.notices, play.program.rooms.mail.practice
            play.submit("Ada")
            await play.until(lambda: play.states() == ["succeeded"])
            assert word(play) == "Kept"
            play.submit("Bo")
            await play.until(lambda: play.states() == ["succeeded"] * 2)
            mail = {"transport": "practice"}
            practice.follow({"mail": mail})
            assert BAR not in notices.names()
            real = Settings(mail=server.settings(), window=at_once)
            save(data.settings_file, real)
            practice.follow({"mail": {"transport": "smtp"}})
            await play.until(lambda: BAR in notices.names())
            assert notices.text(BAR).startswith("2 e-mails were kept in practice mode")
            notices.action_chosen.emit(BAR, SHOW)
            items = play.window.items
            await play.until(lambda: items.isVisible() and items.model.rowCount() == 2)
            assert items.chips.chips["kept"].isChecked()
            assert BAR in notices.names()
            await play.until(lambda: play.api.settings()["mail"]["transport"] == "smtp")
            await asyncio.to_thread(play.api.retry, min(play.rows()))
            one = "1 e-mail was kept"
            # It may be gone for a moment, until the backend has told of the same settings, too.
            await play.until(lambda: BAR in notices.names() and notices.text(BAR).startswith(one))
            (send,) = (b for b in notices.findChildren(QPushButton) if b.text() == "Send")
            said = play.note_toasts()
            send.click()
            await play.until(lambda: len(server.mails) == 2)
            await play.until(
                lambda: play.model.cells(play.model.rows_between(0, 0)[0])[0] == "Sent"
            )
            await play.until(lambda: BAR not in notices.names())
            assert "1 message was queued" in said  # it was “1 task was queued again”

        perform(scene)


def test_an_undone_sending_is_offered_again(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    """After *Undo* nothing but a restart brought the offer back."""
    with running() as server:

        async def scene(play: Play) -> None:
            notices = play.window.notices
            save(data.settings_file, Settings(window=WindowSettings(grace_seconds=0.0)))
            await play.until(lambda: play.program.rooms.services.grace.seconds == 0.0)
            play.submit("Ada")
            await play.until(lambda: play.states() == ["succeeded"])
            save(data.settings_file, Settings(mail=server.settings()))
            await play.until(lambda: BAR in notices.names())
            (send,) = (b for b in notices.findChildren(QPushButton) if b.text() == "Send")
            send.click()
            assert BAR not in notices.names()
            await play.toast("1 message will be sent in 5 s")
            play.window.toasts.act_newest()
            await play.until(lambda: BAR in notices.names())
            assert not server.mails

        perform(scene)


def test_a_change_of_the_settings_elsewhere_is_said_here(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    with running() as server:

        async def scene(play: Play) -> None:
            mode, heading = play.window.strip.mode, play.window.shelf.heading
            bars = play.window.notices.bars
            # Shown earlier, it gave way to the bar of the first start, under the reader's eyes.
            assert heading.isHidden() == (PRACTICE not in bars)
            await play.until(lambda: PRACTICE in bars)
            assert heading.isVisible()
            save(data.settings_file, Settings(mail=server.settings()))
            await play.until(lambda: mode.text().startswith("Real sending through "))
            play.submit("Ada")
            await play.toast("Item 1 will be sent in 5 s")
            play.window.toasts.act_newest()
            save(data.settings_file, Settings())
            await play.until(lambda: PRACTICE in bars)
            assert mode.isHidden()

        perform(scene)
