"""Items in the running program: who was told, and the tasks of one."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.client.api import new_key
from desktop.gui.items.item_table import ItemColumn
from desktop.settings.preferences import Settings, WindowSettings
from tests.mail.server import running
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene


def test_the_items_follow_their_tasks_and_enter_shows_those(
    perform: Callable[[Scene], None],
) -> None:
    async def watch(play: Play) -> None:
        view, switch = play.window.items, play.window.switch
        QTest.mouseClick(switch.choice.button("items"), Qt.MouseButton.LeftButton)
        play.submit("Ada")
        play.submit("Bo", "40")
        model = view.model

        def told() -> list[str]:
            rows = range(model.rowCount())
            return [model.data(model.index(row, ItemColumn.INFORMED)) for row in rows]

        await play.until(lambda: told() == ["kept", "kept"])
        assert view.chips.chips["kept"].count == "2"
        view.table.selectRow(0)
        QTest.keyClick(view.table, Qt.Key.Key_Return)
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 1)
        assert switch.choice.value() == "tasks"
        assert play.window.views.row.narrowed.text() == "Item 40"
        QTest.mouseClick(play.window.views.row.narrowed, Qt.MouseButton.LeftButton)
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
        QTest.mouseClick(switch.choice.button("items"), Qt.MouseButton.LeftButton)
        before = await asyncio.to_thread(play.api.items.one, 40)
        body = {**before["item"], "title": "Opera"}
        await asyncio.to_thread(play.api.items.correct, 40, body, new_key())  # type: ignore[arg-type]
        play.program.rooms.items.live.load()  # as after a correction in the window
        await play.until(lambda: "Title: Opera" in view.card.facts.lines())
        await play.until(lambda: view.card.history.text().startswith("Until "))
        ((task, link),) = view.card.tasks.items()
        QTest.mouseClick(link, Qt.MouseButton.LeftButton)
        await play.until(lambda: play.window.page.table.selection.ids == [task])
        assert play.window.views.row.narrowed.text() == "Item 40"

    perform(watch)


def test_an_item_says_what_was_done_about_it_and_has_it_tried_again(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    with running() as server:
        server.faults["DATA"] = "554 5.7.1 Blocked as spam"
        at_once = WindowSettings(grace_seconds=0.0)
        save(data.settings_file, Settings(mail=server.settings(), window=at_once))

        async def watch(play: Play) -> None:
            card = play.window.items.card
            play.window.switch.choose("items")
            play.submit("Ada")
            await play.until(lambda: play.window.items.model.rowCount() == 1)
            play.window.items.table.selectRow(0)
            said = r"Nothing has been done.*\nAttempt 1: .*Blocked as spam"
            await play.until(lambda: bool(re.fullmatch(said, card.history.text())))
            await play.until(lambda: "retry" in card.row.buttons)
            QTest.mouseClick(card.row.buttons["retry"], Qt.MouseButton.LeftButton)
            # Until it has ended: the server takes what still runs.
            tried = "Retried by a person · Attempt 2: .*Blocked as spam"
            said = f"By a person: retried .*\n{tried}"
            await play.until(lambda: bool(re.match(said, card.history.text())))
            server.faults.clear()
            await play.until(lambda: "retry" in card.row.buttons)
            QTest.mouseClick(card.row.buttons["retry"], Qt.MouseButton.LeftButton)
            await play.until(lambda: card.informed.text().startswith("Informed: "))
            assert "retry" not in card.row.buttons
            said = r"By a person: retried [^·\n]+ · retried [^·\n]+\nIt took 3 attempts\."
            await play.until(lambda: bool(re.fullmatch(said, card.history.text())))

        perform(watch)
