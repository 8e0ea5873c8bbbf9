"""An empty table says what it lacks, and leads the focus to what fills it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from desktop.gui.assembly import AppWindow


def test_an_empty_table_gives_its_focus_to_the_button_of_the_first_row(window: AppWindow) -> None:
    table, empty = window.page.table, window.page.table.empty
    empty.nothing = ""
    empty.show_none("", narrowed=False)
    table.setFocus()
    assert QApplication.focusWidget() is empty.choose
    empty.say("There is nothing.")
    assert QApplication.focusWidget() is table
    assert table.property("role") == "read"  # it has no row that could show the focus
    empty.show_none("", narrowed=False)
    assert QApplication.focusWidget() is empty.choose
    empty.hide()
    assert QApplication.focusWidget() is table
    assert not table.property("role")
