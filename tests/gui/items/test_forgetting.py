"""*Forget this person…* in the running program."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from desktop.engine.store.backup import back_up
from desktop.gui.items.room import ASKED, TOLD

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene


def choose_forget(play: Play) -> None:
    """Choose the entry in the menu of the card's rare actions."""
    menu = play.window.items.card.row.more.menu()
    menu.aboutToShow.emit()
    (entry,) = [each for each in menu.actions() if each.text() == "Forget this person…"]
    entry.trigger()


def press(play: Play, words: str) -> None:
    buttons = play.window.notices.findChildren(QPushButton)
    (button,) = [each for each in buttons if each.text() == words and each.isVisible()]
    button.click()


def test_a_person_is_forgotten_once_it_is_confirmed_and_backups_are_named(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    async def scene(play: Play) -> None:
        view, notices = play.window.items, play.window.notices
        play.window.switch.choose("items")
        play.submit("Ada")
        await play.until(lambda: view.card.informed.text().startswith("Kept"))
        choose_forget(play)
        await play.until(lambda: ASKED in notices.names())
        assert notices.text(ASKED).startswith("Forget the person of “Item 1 · Ada”? Name, address,")
        focused = notices.window().focusWidget()
        assert isinstance(focused, QPushButton)
        assert focused.text() == "Keep"
        focused.click()
        await play.until(lambda: ASKED not in notices.names())
        backup = back_up(data.db, datetime.now(UTC))
        choose_forget(play)
        press(play, "Forget")
        await play.until(lambda: TOLD in notices.names())
        assert str(backup) in notices.text(TOLD)
        await play.until(lambda: view.card.title.text() == "Item 1")
        assert view.card.informed.text().endswith("Its name, address and fields were deleted.")
        menu = view.card.row.more.menu()
        menu.aboutToShow.emit()
        assert "Forget this person…" not in [each.text() for each in menu.actions()]

    perform(scene)
