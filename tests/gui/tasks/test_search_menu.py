"""The menu beside the search writes into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow


def entries(menu: QMenu) -> dict[str, QAction]:
    """The entries of a menu as it opens, those of its submenus behind their titles."""
    menu.aboutToShow.emit()
    found = {}
    for action in menu.actions():
        found[action.text()] = action
        inner = action.menu()
        if isinstance(inner, QMenu):
            found |= {f"{action.text()} {text}": each for text, each in entries(inner).items()}
    return found


def test_the_menu_sets_what_the_keys_say(qtbot: QtBot, window: AppWindow) -> None:
    menu, search, table = window.page.search_menu, window.page.search, window.page.table
    menu.learn(["Label", "Tom & Co"])
    menu.learn_batches(["Members 2027.csv"])
    table.shown.batches = {"members 2027.csv": 5}
    search.set_now("ada")
    entries(menu.menu_)["Task Label"].trigger()
    entries(menu.menu_)["Task Tom && Co"].trigger()
    entries(menu.menu_)["Batch Members 2027.csv"].trigger()
    written = 'ada task:"Tom & Co" batch:"Members 2027.csv"'
    assert search.text() == written
    query = table.shown.query("-id")
    assert (query.text, query.called, query.batch_id) == ("ada", "Tom & Co", 5)
    assert entries(menu.menu_)["Task Tom && Co"].isChecked()
    entries(menu.menu_)["Task Tom && Co"].trigger()
    assert table.shown.query("-id").called == ""
    search.set_now(f"{search.text()} state:uncertain")
    qtbot.mouseClick(window.page.chips.chips["failed"], Qt.MouseButton.LeftButton)
    assert table.shown.query("-id").states == ("failed",)
    assert "state:" not in search.text()
    for _ in range(2):
        entries(menu.menu_)["Recipient…"].trigger()
        assert search.text().endswith(" to:")
        assert search.text().count("to:") == 1
    assert menu.accessibleName()

    search.clear_now()
    window.switch.choose("items")
    menu.menu_.aboutToShow.emit()
    found = [each.text() for each in menu.menu_.actions() if not each.isSeparator()]
    assert found == ["Batch", "Recipient…"]
    search.set_now("task:Label")  # what is chosen is offered, too
    entries(menu.menu_)["Task Label"].trigger()
    assert search.text() == ""
