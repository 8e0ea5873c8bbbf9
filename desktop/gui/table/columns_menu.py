"""The menu that chooses the columns of the task table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QHeaderView


def columns_menu(header: QHeaderView, choose: Callable[[int, bool], object]) -> QMenu:
    """Return a menu of the columns, with shown ones checked; the last shown one cannot be hidden.

    ``choose`` is called with a column's number and whether to show it.
    """
    menu = QMenu(header)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    shown = [number for number in range(header.count()) if not header.isSectionHidden(number)]
    for number in sorted(range(header.count()), key=header.visualIndex):
        title = str(header.model().headerData(number, Qt.Orientation.Horizontal))
        action = QAction(title, menu)
        action.setCheckable(True)
        action.setChecked(number in shown)
        if shown != [number]:
            action.toggled.connect(partial(choose, number))
            menu.addAction(action)
    return menu
