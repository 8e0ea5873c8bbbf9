"""Bars that only report a result; they dismiss themselves after time to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.gui.frame.notices.bar import Bar

READ_S: Final = 12
"""Seconds a bar stays while the person is present."""
SECOND_MS: Final = 1000


class PassingBars(QObject):
    """Counts down for each passing bar of ``bars``; ``was_read`` carries its name at the end.

    The countdown begins with the first input of the person after the bar appeared. It runs while
    the bar is visible, the window is active, and neither pointer nor focus is on the bar.
    """

    was_read = Signal(str)

    def __init__(self, bars: Mapping[str, Bar], parent: QObject) -> None:
        super().__init__(parent)
        self._bars = bars
        self._left: dict[str, int] = {}
        self._seen: set[str] = set()
        self._second = QTimer(self, interval=SECOND_MS)
        self._second.timeout.connect(self.count_down)

    def begin(self, name: str) -> None:
        """Start the countdown of a bar that appeared or changed."""
        self._left[name] = READ_S
        self._seen.discard(name)
        self._second.start()

    def end(self, name: str) -> None:
        """Stop the countdown of a bar that was removed or needs an answer now."""
        self._left.pop(name, None)
        self._seen.discard(name)
        if not self._left:
            self._second.stop()

    def see(self) -> None:
        """Note that the person is present."""
        self._seen.update(self._left)

    def count_down(self) -> None:
        """Count down one second."""
        focus = QApplication.focusWidget()
        for name in self._seen.copy():
            bar = self._bars[name]
            has_keys = focus is not None and bar.isAncestorOf(focus)
            is_read = bar.isVisible() and bar.isActiveWindow()
            if is_read and not (bar.underMouse() or has_keys):
                self._left[name] -= 1
        for name in [name for name, left in self._left.items() if left == 0]:
            self.end(name)
            self.was_read.emit(name)
