"""The bar on top: one primary action, the search, and the gear, each by mouse and keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton

from desktop.gui.frame.top_bar import TopBar
from desktop.gui.look.theme import Appearance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop.gui.look.appearance import ThemeSource


@pytest.fixture
def bar(qtbot: QtBot, themes: ThemeSource) -> Iterator[TopBar]:
    menu = QMenu()
    made = TopBar(QLineEdit(), QPushButton(), menu, themes)
    qtbot.addWidget(made)
    made.show()
    yield made
    menu.deleteLater()


def test_new_item_is_asked_for(bar: TopBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.new_item_chosen):
        qtbot.mouseClick(bar.new_item, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(bar.new_item_chosen):
        qtbot.keyClick(bar.new_item, Qt.Key.Key_Space)


def test_a_window_that_only_looks_says_at_which_server(bar: TopBar) -> None:
    bar.say_where("sendoff.example.org")
    assert bar.where.isHidden()  # the buttons have the room
    bar.new_item.hide()
    bar.say_where("sendoff.example.org")
    assert not bar.where.isHidden()


def test_the_gear_has_a_name_and_a_menu(bar: TopBar) -> None:
    assert bar.gear.accessibleName() == "Settings"
    assert bar.gear.menu() is not None


def test_its_icons_follow_the_theme(bar: TopBar, themes: ThemeSource) -> None:
    themes.choose(Appearance.LIGHT)
    light = bar.gear.icon().cacheKey()
    themes.choose(Appearance.DARK)
    assert bar.gear.icon().cacheKey() != light


def test_buttons_without_room_for_their_words_keep_icon_and_name(bar: TopBar, qtbot: QtBot) -> None:
    bar.resize(1024, bar.height())
    assert bar.importing.text() == "Import…"
    bar.resize(bar.minimumSizeHint().width(), bar.height())
    assert not bar.importing.text()
    assert bar.importing.accessibleName() == "Import…"
    assert bar.pause.button.accessibleName() == "Pause sending"
    assert bar.importing.width() >= bar.importing.iconSize().width()
    with qtbot.waitSignal(bar.import_chosen):
        qtbot.mouseClick(bar.importing, Qt.MouseButton.LeftButton)
    bar.resize(1024, bar.height())
    assert bar.importing.text() == "Import…"
