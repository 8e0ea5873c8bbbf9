"""A bar chart of the number of tasks finished in each of the last seconds."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

BARS: Final = 24
"""Number of bars, one for each second."""


class Sparkline(QWidget):
    """One bar a second, the newest at the right.

    It asks for the room of the newest bars only, and takes more if the text beside it leaves some.
    """

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self._rate = 0.0
        self._rates: deque[float] = deque([0.0] * BARS, maxlen=BARS)
        self.second = QTimer(self)
        self.second.setInterval(1000)
        self.second.timeout.connect(self._on_second)
        self.hide()

    @property
    def rates(self) -> list[float]:
        """The values of the bars in tasks a second, oldest first."""
        return list(self._rates)

    def set_rate(self, rate: float) -> None:
        """Set the current rate in tasks a second."""
        self._rate = rate
        self._rates[-1] = rate
        if rate and not self.second.isActive():
            self.second.start()
        self.update()

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme; all bars are the maximum width."""
        self.setFixedHeight(theme.px(20))
        self.setMaximumWidth((theme.px(5) + theme.px(2)) * BARS)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for a quarter of the maximum width."""
        return QSize(self.maximumWidth() // 4, self.maximumHeight())

    minimumSizeHint = sizeHint

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
            self.second.stop()
        self._rates.append(self._rate)
        self.update()
