"""The bar on top: one primary action, the search, and the gear, each by mouse and keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton

from desktop.gui.frame.top_bar import TopBar
from desktop.gui.frame.views import ViewSwitch
from desktop.gui.kit.look.theme import Appearance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def bar(qtbot: QtBot, themes: ThemeSource) -> Iterator[TopBar]:
    menu = QMenu()
    made = TopBar(ViewSwitch(), QLineEdit(), QPushButton(), menu)
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


def test_where_room_is_short_buttons_lose_their_words_and_the_views_fold(
    bar: TopBar, qtbot: QtBot
) -> None:
    (views,) = bar.findChildren(ViewSwitch)

    def at(width: int) -> tuple[str, str, bool]:
        bar.resize(width, bar.height())
        return bar.new_item.text(), bar.importing.text(), views.folded.isHidden()

    assert at(1280) == ("New item", "Import…", True)
    assert at(1024) == ("New item", "", True)
    assert at(bar.minimumSizeHint().width()) == ("", "", False)
    assert bar.importing.accessibleName() == "Import…"
    assert bar.pause.button.accessibleName() == "Pause sending"
    assert bar.importing.width() >= bar.importing.iconSize().width()
    with qtbot.waitSignal(bar.import_chosen):
        qtbot.mouseClick(bar.importing, Qt.MouseButton.LeftButton)
    views.folded.menu().actions()[3].trigger()
    assert (views.folded.text(), views.choice.value()) == ("Causes", "causes")
    assert at(1280) == ("New item", "Import…", True)


def test_a_short_search_gets_room_while_it_is_typed_in(
    bar: TopBar, themes: ThemeSource, qtbot: QtBot
) -> None:
    (search,) = bar.findChildren(QLineEdit)
    bar.pause.hide()  # as for one who may only look
    bar.resize(bar.minimumSizeHint().width() - themes.theme.px(72), bar.height())
    QApplication.processEvents()
    before = search.width()
    assert before < themes.theme.px(100)
    search.setFocus()
    qtbot.waitUntil(lambda: search.width() > before + themes.theme.px(100))
    bar.gear.setFocus()
    qtbot.waitUntil(lambda: search.width() == before)
    assert (bar.importing.isVisible(), bar.pause.isVisible()) == (True, False)
    bar.resize(1280, bar.height())
    search.setFocus()
    assert bar.importing.isVisible()


def test_a_search_that_is_held_keeps_some_of_the_room_in_a_narrow_bar(
    bar: TopBar, themes: ThemeSource, qtbot: QtBot
) -> None:
    """Two letters of it were in sight."""
    (search,) = bar.findChildren(QLineEdit)
    bar.resize(bar.minimumSizeHint().width(), bar.height())
    bar.gear.setFocus()
    search.setText("state:failed")
    qtbot.waitUntil(lambda: search.width() >= themes.theme.px(90))
    assert (bar.importing.isVisible(), bar.pause.isVisible()) == (False, True)
    search.setFocus()
    assert bar.pause.isHidden()
    bar.gear.setFocus()
    assert (bar.importing.isVisible(), bar.pause.isVisible()) == (False, True)
    bar.resize(1280, bar.height())
    assert bar.importing.isVisible()
    bar.resize(bar.minimumSizeHint().width(), bar.height())
    assert bar.importing.isHidden()
    search.clear()
    assert bar.importing.isVisible()


@pytest.mark.parametrize("size", [6, 9, 14])
def test_nothing_moves_when_pause_becomes_resume(
    bar: TopBar, themes: ThemeSource, qapp: QApplication, size: int
) -> None:
    usual, other = qapp.font(), qapp.font()
    other.setPointSize(size)
    qapp.setFont(other)
    themes.refresh()
    (views,) = bar.findChildren(ViewSwitch)
    bar.resize(2000, bar.height())
    places = []
    for is_paused in (True, False, True):
        bar.pause.show_paused(is_paused)
        QApplication.processEvents()
        places.append(views.geometry())
    qapp.setFont(usual)
    themes.refresh()
    assert bar.pause.button.text() == "Resume sending"
    assert places[1:] == places[1:2] * 2
