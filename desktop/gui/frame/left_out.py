"""What a window leaves out: what is about items for an app's tasks, or what cannot work here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.gui.frame.view_switch import BATCHES, ITEMS

if TYPE_CHECKING:
    from desktop.gui.frame.main_window import MainWindow

translate = QCoreApplication.translate


def leave_out_items(window: MainWindow) -> None:
    """Leave out what is about items and their messages: the tasks are an app's own."""
    _leave_out_form(window)
    window.switch.leave_out(ITEMS, BATCHES)
    for key in window.keys.of_items:
        key.setVisible(False)
    window.menu.leave_out_mail()


def leave_out_changes(window: MainWindow) -> None:
    """Leave out what changes something: the token allows to look only."""
    _leave_out_form(window)
    window.top_bar.pause.hide()
    for key in window.keys.of_changes:
        key.setVisible(False)
    window.menu.leave_out_changes()
    window.parts.strip.say_read_only()


def _leave_out_form(window: MainWindow) -> None:
    for about_items in (window.parts.form, window.top_bar.new_item, window.top_bar.importing):
        about_items.hide()
    window.setAcceptDrops(False)
    window.parts.table.empty.nothing = translate("frame", "No tasks yet.")
    window.parts.table.setFocus()
