"""Items and batches: the menu of a row offers what its card does, by mouse and by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QPushButton, QWidget

from tests.gui.hands import LEFT, is_bare, press
from tests.gui.live_store import LiveStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow

# Menus are windows of their own.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

VIEWS = ("items", "batches")
KEYBOARD = QContextMenuEvent.Reason.Keyboard


class Shown(NamedTuple):
    """A view with its rows; ``heard`` is what its card wanted so far."""

    window: AppWindow
    view: Any
    heard: list[tuple[str, object]]

    def right_click(self, at: QPoint) -> None:
        """Move to a point of the rows and press the right button, as the system tells the window.

        Without a move, the press would still go to the menu that was there before.
        """
        place, handle = (
            self.view.table.viewport().mapTo(self.window, at),
            self.window.windowHandle(),
        )
        QTest.mouseMove(handle, place + QPoint(4, 0))
        QTest.mouseClick(handle, Qt.MouseButton.RightButton, pos=place)

    def middle(self, row: int) -> QPoint:
        table = self.view.table
        middle: QPoint = table.visualRect(table.model().index(row, 0)).center()
        return middle


def buttons_of(card: Any) -> dict[str, QPushButton]:
    """Return the buttons of a card by their verbs, hidden ones too."""
    head, foot = card.head, card.foot
    slots = (*foot.left, foot.second, foot.main, head.button, head.second)
    return {each.action.verb: each for each in slots if each.action is not None}


def places_of(card: Any) -> list[QAbstractButton]:
    """Return the buttons of a card, and what opens its menu."""
    return [*buttons_of(card).values(), card.head.more]


def offered_by(card: Any) -> list[tuple[str, str]]:
    """Return the texts and tooltips of all that a card offers."""
    return [(each.text, each.effect) for each in card.shown.actions]


@pytest.fixture
def views(
    store: LiveStore, window_over: Callable[[object], AppWindow], qtbot: QtBot
) -> Iterator[Shown]:
    """Give each view of one window in turn, with the second row current."""
    window = window_over(store)

    def each() -> Iterator[Shown]:
        for name in VIEWS:
            window.activateWindow()  # a menu was open
            qtbot.waitUntil(window.isActiveWindow)
            view: Any = getattr(window, name)
            view.open()
            if name == "batches":
                view.model.load()
            qtbot.waitUntil(lambda view=view: view.model.rowCount() > 1)  # type: ignore[misc]
            view.table.selectRow(1)
            view.table.setFocus()
            qtbot.waitUntil(lambda card=view.card: any(map(is_bare, places_of(card))))  # type: ignore[misc]
            heard: list[tuple[str, object]] = []
            view.card.acted.connect(lambda each, heard=heard: heard.append((each.verb, each.about)))
            try:
                yield Shown(window, view, heard)
            finally:
                while (popup := QApplication.activePopupWidget()) is not None:
                    popup.close()

    return each()


def opened() -> QMenu:
    """Return the menu that is open."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_each_entry_does_what_its_button_does_for_the_row_it_was_opened_for(
    views: Iterator[Shown], qtbot: QtBot
) -> None:
    for shown in views:
        view, heard = shown.view, shown.heard
        for verb, button in buttons_of(view.card).items():
            if button.isHidden():
                continue  # it is in the menu of the card
            shown.window.activateWindow()  # a menu was open
            qtbot.waitUntil(shown.window.isActiveWindow)
            press(button)
            shown.right_click(shown.middle(1))
            menu = opened()
            entry = next(each for each in menu.actions() if each.text() == button.text())
            QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(entry).center())
            (by_button, by_menu), heard[:] = heard, []
            assert by_menu == by_button
            assert by_menu[0] == verb
        shown.right_click(shown.middle(0))
        menu = opened()
        view.table.selectRow(1)  # as a live change may do
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(menu.actions()[0]).center())
        view.table.selectRow(0)
        verb = str(heard[0][0])
        qtbot.waitUntil(buttons_of(view.card)[verb].isVisible)
        press(buttons_of(view.card)[verb])
        assert len(heard) == 2
        assert heard[0] == heard[1]


def press_menu_key(table: QWidget) -> None:
    """Do what X11 makes of the menu key."""
    at = table.rect().center()
    QApplication.sendEvent(table, QContextMenuEvent(KEYBOARD, at, table.mapToGlobal(at)))


def press_shift_f10(table: QWidget) -> None:
    QTest.keyClick(table, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)


def test_by_keys_or_a_right_click_the_menu_offers_what_the_card_does_and_beside_rows_none(
    views: Iterator[Shown], qtbot: QtBot
) -> None:
    for shown in views:
        table = shown.view.table
        for press_keys in (press_menu_key, press_shift_f10):
            press_keys(table)
            below = table.visualRect(table.currentIndex()).bottomLeft()
            assert opened().pos() == table.viewport().mapToGlobal(below)
            assert table.currentIndex().row() == 1
            assert table.selectionModel().isRowSelected(1)
            opened().close()
        header = QPoint(20, -table.horizontalHeader().height() // 2)
        below = QPoint(20, table.viewport().height() - 2)
        assert not table.indexAt(below).isValid()
        for place in (header, below):
            shown.right_click(place)
            assert QApplication.activePopupWidget() is None
        assert table.currentIndex().row() == 1
        shown.right_click(shown.middle(0))
        menu, card = opened(), shown.view.card
        assert table.currentIndex().row() == 0
        qtbot.waitUntil(lambda card=card: any(e.isVisible() for e in buttons_of(card).values()))  # type: ignore[misc]
        offered = offered_by(card)
        entries = [each for each in menu.actions() if not each.isSeparator()]
        copies = [each.text() for each in entries[len(offered) :]]
        assert [each.text() for each in entries] == [*(text for text, _ in offered), *copies]
        assert copies[:1] == ["Copy as text"]
        assert all(each.isEnabled() and not each.icon().isNull() for each in entries)
        assert [each.toolTip() for each in entries if each.toolTip() != each.text()] == [
            tip for _, tip in offered if tip
        ]
