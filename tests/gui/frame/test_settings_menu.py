"""The gear's menu: appearance is chosen and remembered, and what makes no sense is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from desktop.gui.kit.look.theme import Appearance, Scheme
from tests.gui.tasks.table.task_source import stats

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.look.appearance import ThemeSource


def entries(window: AppWindow) -> dict[str, QAction]:
    window.menu.aboutToShow.emit()
    menus = (window.menu, window.menu.for_developers)
    return {each.text(): each for menu in menus for each in menu.actions() if each.isVisible()}


def test_the_appearance_is_chosen_and_has_a_mark_that_grows_with_the_text(
    window: AppWindow, themes: ThemeSource
) -> None:
    choices = {each.text(): each for each in window.menu.appearance.actions()}
    choices["Dark"].trigger()
    assert themes.appearance is Appearance.DARK
    assert themes.theme.scheme is Scheme.DARK
    choices["Light"].trigger()
    entries(window)
    assert [words for words, each in choices.items() if not each.icon().isNull()] == ["Light"]


def test_a_remembered_answer_to_closing_can_be_forgotten(window: AppWindow) -> None:
    words = "Ask again when closing with open tasks"
    assert words not in entries(window)
    window.show_stats(stats(running=1))
    window.close()
    box = window.notices.findChild(QCheckBox)
    assert box is not None
    box.click()
    window.notices.choose("closing", "keep")
    entries(window)[words].trigger()
    assert words not in entries(window)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_menu_higher_than_the_screen_scrolls_in_one_column(
    window: AppWindow, qtbot: QtBot
) -> None:
    window.themes.set_text_size(200)
    menu = window.menu
    try:
        entries(window)
        for number in range(4):
            menu.addAction(f"Entry {number}")
        assert menu.sizeHint().height() > window.screen().availableGeometry().height()
        menu.popup(window.mapToGlobal(window.rect().topLeft()))
        shown = [each for each in menu.actions() if each.isVisible()]
        assert len({menu.actionGeometry(each).left() for each in shown}) == 1
        assert menu.height() <= window.screen().availableGeometry().height()
        qtbot.keyClick(menu, Qt.Key.Key_Down)
        assert menu.activeAction() is shown[0]
        assert menu.rect().contains(menu.actionGeometry(shown[0]))
    finally:
        menu.close()
        window.themes.set_text_size(100)
