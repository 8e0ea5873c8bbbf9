"""The two halves of a window, list and desk: side by side, or one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from desktop.gui.kit.look.appearance import LOOK, px, sized

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent


NARROW: Final = 1000
"""Width of the window, in units of the grid, below which one half is shown at a time."""
LEAST: Final = 380
"""Minimum width of the window, in units of the grid."""
USUAL: Final = 600
"""Maximum width of the list, in units of the grid, until the person chooses another."""


class SavedPart(Protocol):
    """A part of the window whose state is saved."""

    def saveState(self) -> QByteArray:  # noqa: N802
        """Return the state."""

    def restoreState(self, state: QByteArray) -> bool:  # noqa: N802
        """Bring back what ``saveState`` gave."""


class Halves(QSplitter):
    """Keeps the list as wide as the person made it, relative to the text size.

    Until then it has two fifths of the width, up to ``USUAL``. In a window that is narrow for its
    text size, one half is hidden; neither moves to another parent, so text and focus stay.
    ``turned`` is emitted when another half is shown, or both.
    """

    turned = Signal()

    def __init__(self, rows: QWidget, desk: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self._rows, self._desk = rows, desk
        self._share, self._most = 0.4, USUAL
        self._wanted: float | None = None  # in units of the grid
        self._is_narrow = False
        self._shows_desk = True
        sized(self, least_width=LEAST)  # of one half, while both are shown
        self.addWidget(rows)
        self.setHandleWidth(1)
        self.splitterMoved.connect(self._on_moved)
        LOOK.changed.connect(self._fit)

    def add_desk(self) -> None:
        """Add the desk, which Tab reaches after all that the other half has by now."""
        self.addWidget(self._desk)
        self.handle(1).setAccessibleName(self.tr("Width of the list"))

    def prefer_rows(self) -> None:
        """Give the rows three fifths: there is no form."""
        self._share, self._most = 0.6, 10_000
        self._fit()

    def begin_with_rows(self) -> None:
        """Begin with the rows in a narrow window: there is no form."""
        self._shows_desk = False
        self._fit()

    @property
    def is_narrow(self) -> bool:
        """Whether one half is shown at a time."""
        return self._is_narrow

    def show_desk(self, *, shown: bool = True) -> None:
        """Show the desk in a narrow window, or the rows."""
        self._shows_desk = shown
        if self._is_narrow:
            self._turn()

    def saveState(self) -> QByteArray:  # noqa: N802
        """Return the wanted width of the list."""
        return QByteArray(b"%f" % (self._wanted or 0.0))

    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:  # noqa: N802
        """Restore a state of ``saveState``."""
        known = bytes(state.data() if isinstance(state, QByteArray) else state)
        if is_told := known.replace(b".", b"", 1).isdigit():
            self._wanted = float(known) or None
        return is_told

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        if self.isVisible():
            self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Share the first width."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Share the width, or show one half in a narrow window: the one with the focus."""
        was_narrow, self._is_narrow = self._is_narrow, self.width() < px(NARROW)
        if was_narrow != self._is_narrow:
            here = QApplication.focusWidget()
            if here is not None and self.isAncestorOf(here):
                self._shows_desk = self._desk.isAncestorOf(here)
            self._turn()
        if not self._is_narrow:
            whole = self.width()
            usual = min(round(whole * self._share), px(self._most))
            rows = usual if self._wanted is None else px(self._wanted)
            self.setSizes([rows, whole - rows])

    def _turn(self) -> None:
        """Show what is to be shown before the other half hides, and takes no focus along."""
        shown = {self._rows: not self._shows_desk, self._desk: self._shows_desk}
        for half in sorted(shown, key=lambda each: not shown[each]):
            half.setVisible(shown[half] or not self._is_narrow)
        self.turned.emit()

    def _on_moved(self) -> None:
        self._wanted = self.sizes()[0] / LOOK.theme.scale
