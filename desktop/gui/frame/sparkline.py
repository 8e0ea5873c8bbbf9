"""A sparkline: how many tasks a second were finished in the last half minute."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from desktop.gui.look.appearance import ThemeSource

BARS: Final = 24
"""Seconds shown, one bar each."""


class Sparkline(QWidget):
    """One bar a second, the newest at the right; hidden once nothing is left to show.

    Where there is little room the oldest are cut.
    """

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self._rate = 0.0
        self._rates: deque[float] = deque([0.0] * BARS, maxlen=BARS)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._on_second)
        themes.changed.connect(self.updateGeometry)
        self.hide()

    @property
    def rates(self) -> list[float]:
        """What the bars show, tasks a second, oldest first."""
        return list(self._rates)

    def set_rate(self, rate: float) -> None:
        """Say how many tasks a second are finished now."""
        self._rate = rate
        self._rates[-1] = rate
        if rate and not self._second.isActive():
            self._second.start()
            self.show()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of all bars."""
        px = self._themes.theme.px
        return QSize((px(5) + px(2)) * BARS, px(20))

    def minimumSizeHint(self) -> QSize:
        """Ask for a quarter of it."""
        return QSize(self.sizeHint().width() // 4, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bars on a line, older ones paler."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("accent"))
        width, space = theme.px(5), theme.px(2)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.color("line"))
        highest = max(*self._rates, 1.0)
        left = self.width() - (width + space) * BARS
        for number, rate in enumerate(self._rates):
            color = theme.color("accent")
            color.setAlphaF(0.35 + 0.65 * number / (BARS - 1))
            height = max(theme.px(2), self.height() * rate / highest) if rate else 0.0
            bar = QRectF(left + number * (width + space), self.height() - height, width, height)
            painter.fillRect(bar, color)
        painter.end()

    def _on_second(self) -> None:
        if not self._rate and not any(self._rates):
            self._second.stop()
            self.hide()
        self._rates.append(self._rate)
        self.update()
