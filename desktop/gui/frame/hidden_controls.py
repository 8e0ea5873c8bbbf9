"""Hides controls that a window cannot use: of items in another app, of changes for a viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.gui.frame.view_switch import BATCHES, ITEMS

if TYPE_CHECKING:
    from desktop.gui.frame.main_window import MainWindow

translate = QCoreApplication.translate


def hide_item_controls(window: MainWindow) -> None:
    """Hide the controls of items and messages: another app's tasks have none."""
    _hide_form(window)
    window.switch.hide_views(ITEMS, BATCHES)
    for key in window.keys.of_items:
        key.setVisible(False)
    window.menu.hide_mail()


def hide_changing_controls(window: MainWindow) -> None:
    """Hide the controls that change something: the token only allows reading."""
    _hide_form(window)
    window.top_bar.pause.hide()
    for key in window.keys.of_changes:
        key.setVisible(False)
    window.menu.hide_changes()
    window.parts.strip.say_read_only()


def _hide_form(window: MainWindow) -> None:
    window.across.leave_form_out()
    for about_items in (window.top_bar.new_item, window.top_bar.importing):
        about_items.hide()
    window.setAcceptDrops(False)
    window.parts.table.empty.nothing = translate("frame", "No tasks yet.")
    window.parts.table.setFocus()
