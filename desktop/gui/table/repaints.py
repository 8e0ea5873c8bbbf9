"""Repaints without a change of rows: the row under the pointer, and turning icons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRect, Qt, QTimer
from PySide6.QtGui import QCursor

from desktop.contract.states import State
from desktop.gui.look.appearance import may_move
from desktop.gui.table.cell_painter import FRAMES
from desktop.gui.tasks.columns import STATE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTableView

    from desktop.gui.table.task_delegate import Ground, TaskDelegate
    from desktop.gui.table.task_selection import TaskSelection
    from desktop.gui.tasks.paged_model import PagedModel


FRAME_MS: Final = 42
"""Milliseconds of one frame: one turn takes a second."""


class RunningIcons(QObject):
    """Turns the icons of running tasks: one timer repaints only them, and stops without any."""

    def __init__(self, view: QTableView, model: PagedModel, delegate: TaskDelegate) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._delegate = delegate
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._on_frame)

    @property
    def turning(self) -> bool:
        """Whether the icons turn now."""
        return self._timer.isActive()

    def wake(self) -> None:
        """Start to turn if any are on screen and the system allows motion."""
        if not self.turning and self._view.isVisible() and may_move(self._view) and self._places():
            self._timer.start()

    def rest(self) -> None:
        """Stop turning."""
        self._timer.stop()

    def _places(self) -> list[QRect]:
        """Return the rectangles of the running icons on screen."""
        if self._view.isColumnHidden(STATE):
            return []
        x = self._view.columnViewportPosition(STATE)
        height = self._view.verticalHeader().defaultSectionSize()
        icon_rect = self._delegate.brush.icon_rect
        return [
            QRect(*icon_rect(x, self._view.rowViewportPosition(position), height))
            for position, row in self._model.pages.between(*self._model.window)
            if row.state == State.RUNNING
        ]

    def _on_frame(self) -> None:
        places = self._places()
        if not places:
            self.rest()
            return
        self._delegate.frame = (self._delegate.frame + 1) % FRAMES
        for place in places:
            self._view.viewport().update(place)


class HoveredRow:
    """Repaints the row under the pointer when rows move; Qt does so when the pointer moves."""

    def __init__(self, view: QTableView) -> None:
        self._view = view
        self._painted = -1
        view.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)

    def grounds(self, dirty: QRect, selection: TaskSelection) -> list[Ground]:
        """Return the background of each row to be painted now."""
        height = self._view.verticalHeader().defaultSectionSize()
        scrolled = self._view.verticalScrollBar().value()
        first = (dirty.top() + scrolled) // height
        last = min((dirty.bottom() + scrolled) // height, self._view.model().rowCount() - 1)
        chosen = selection.positions(first, last)
        hovered = self._painted = self._position()
        return [
            (
                position * height - scrolled,
                "selection" if position in chosen else "hover" if position == hovered else "",
            )
            for position in range(first, last + 1)
        ]

    def follow(self) -> None:
        """Repaint the row that lost the pointer and the one that got it."""
        position = self._position()
        if position != self._painted:
            for changed in (self._painted, position):
                self._repaint(changed)

    def _position(self) -> int:
        viewport = self._view.viewport()
        if not viewport.underMouse():
            return -1
        return self._view.rowAt(viewport.mapFromGlobal(QCursor.pos()).y())

    def _repaint(self, position: int) -> None:
        if position >= 0:
            viewport, top = self._view.viewport(), self._view.rowViewportPosition(position)
            viewport.update(0, top, viewport.width(), self._view.rowHeight(position))
