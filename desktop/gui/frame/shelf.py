"""A place above a view that moves it only while the pointer rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.gui.frame.input import RESTS_MS

if TYPE_CHECKING:
    from desktop.gui.frame.input import Pointer


class Shelf(QWidget):
    """A place above a view, without a height at first.

    It moves what is below it only while the pointer rests; ``moving`` is emitted before.
    """

    moving = Signal()

    def __init__(self, pointer: Pointer) -> None:
        super().__init__()
        self._pointer = pointer
        self._wanted = self._given = (0, 0)
        self._later = QTimer(self, interval=RESTS_MS)
        self._later.timeout.connect(self._move)

    def make_room(self, least: int, height: int) -> None:
        """Be ``height`` pixels high if the view below can spare them, once the pointer rests."""
        if (least, height) != self._wanted:
            self._wanted = least, height
            self._move()

    def sizeHint(self) -> QSize:
        """Ask for the room that is to be made."""
        return QSize(0, self._given[1])

    def _move(self) -> None:
        if self._pointer.moves:
            self._later.start()
            return
        self._later.stop()
        self.moving.emit()
        self._given = self._wanted
        self.setMinimumHeight(self._given[0])
        self.updateGeometry()
