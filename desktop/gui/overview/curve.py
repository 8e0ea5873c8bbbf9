"""A curve over an hour or a day, with marks for failures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QPaintEvent

    from desktop.gui.look.appearance import ThemeSource

_TOP_LEFT: Final = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
TIMES: Final = 4
"""Number of parts into which the times below the curve divide it."""
FEW: Final = 2
"""Adjacent values too few for a curve: each is drawn as a line with a dot."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One minute or hour: its value, ``None`` if there is none, and its number of failures.

    ``words`` is the tooltip.
    """

    value: float | None
    failed: int = 0
    words: str = ""


class Curve(QWidget):
    """Draws dots from left to right in the colour of ``token``, with ``times`` below.

    If there are failures, ``marks`` is the text of their legend.
    """

    def __init__(self, name: str, token: str, themes: ThemeSource, marks: str = "") -> None:
        super().__init__()
        self._themes = themes
        self._token = token
        self._dots: Sequence[Dot] = ()
        self._times: Sequence[str] = ()
        self._top = ""
        self._marks = marks
        self.setAccessibleName(name)
        themes.changed.connect(self.updateGeometry)

    def show_dots(self, dots: Sequence[Dot], times: Sequence[str], top: str = "") -> None:
        """Show other dots; ``times`` are spaced evenly, ``top`` is the highest value in words."""
        self._dots, self._times, self._top = dots, times, top
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the size of a small chart."""
        px = self._themes.theme.px
        return QSize(px(300), px(150))

    def minimumSizeHint(self) -> QSize:
        """Return the smallest useful size."""
        px = self._themes.theme.px
        return QSize(px(160), px(110))

    def event(self, event: QEvent) -> bool:
        """Show the tooltip of the dot under the pointer."""
        if isinstance(event, QHelpEvent) and self._dots:
            place = round(event.pos().x() / max(1, self.width()) * (len(self._dots) - 1))
            dot = self._dots[min(max(place, 0), len(self._dots) - 1)]
            QToolTip.showText(event.globalPos(), dot.words, self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the grid lines, the curve, the marks, and the times."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.fontMetrics().height()
        side = theme.px(2)
        area = QRectF(self.rect()).adjusted(side, theme.px(4), -side, -line - theme.px(8))
        painter.setPen(QPen(theme.color("line"), 1))
        for share in (0.0, 0.5, 1.0):
            height = round(area.top() + area.height() * share) + 0.5
            painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
        for part in self._parts(area):
            self._paint_part(painter, part, area)
        self._paint_failed(painter, area)
        painter.setPen(theme.ink("soft text"))
        painter.drawText(area.adjusted(0, theme.px(2), 0, 0), _TOP_LEFT, self._top)
        self._paint_legend(painter, area)
        self._paint_times(painter, line)
        painter.end()

    def _parts(self, area: QRectF) -> Iterator[list[QPointF]]:
        """Yield the parts of the curve between gaps."""
        part: list[QPointF] = []
        for place, dot in enumerate(self._dots):
            if dot.value is not None:
                height = area.bottom() - area.height() * dot.value / self._highest
                part.append(QPointF(self._left(place, area), height))
            elif part:
                yield part
                part = []
        if part:
            yield part

    @property
    def _highest(self) -> float:
        return max((dot.value or 0.0 for dot in self._dots), default=0.0) or 1.0

    def _left(self, place: int, area: QRectF) -> float:
        return area.left() + area.width() * place / max(1, len(self._dots) - 1)

    def _paint_part(self, painter: QPainter, part: list[QPointF], area: QRectF) -> None:
        theme = self._themes.theme
        color = theme.color(self._token)
        if len(part) <= FEW:
            painter.setPen(QPen(color, theme.px(2)))
            painter.setBrush(color)
            for point in part:
                painter.drawLine(point, QPointF(point.x(), area.bottom()))
                painter.drawEllipse(point, theme.px(1), theme.px(1))
            return
        painter.setPen(Qt.PenStyle.NoPen)
        below = [QPointF(part[-1].x(), area.bottom()), QPointF(part[0].x(), area.bottom())]
        painter.setBrush(theme.tint(self._token))
        painter.drawPolygon(QPolygonF([*part, *below]))
        painter.setPen(QPen(color, theme.px(2)))
        painter.drawPolyline(QPolygonF(part))

    def _paint_failed(self, painter: QPainter, area: QRectF) -> None:
        theme = self._themes.theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("failed"))
        for place, dot in enumerate(self._dots):
            if dot.failed:
                share = min(1.0, dot.failed / self._highest)  # in the curve's scale
                height = max(theme.px(4), area.height() * share)
                left = self._left(place, area) - theme.px(1.5)
                painter.drawRect(QRectF(left, area.bottom() - height, theme.px(3), height))

    def _paint_legend(self, painter: QPainter, area: QRectF) -> None:
        """Paint the legend of the marks at the left, away from the newest values."""
        if not self._marks or not any(dot.failed for dot in self._dots):
            return
        px, metrics = self._themes.theme.px, self.fontMetrics()
        top = area.top() + px(6) + metrics.height()
        mark = QRectF(area.left(), top + px(2), px(3), metrics.height() - px(4))
        painter.fillRect(mark, self._themes.theme.color("failed"))
        painter.setPen(self._themes.theme.ink("soft text"))
        painter.drawText(QPointF(mark.right() + px(6), top + metrics.ascent()), self._marks)

    def _paint_times(self, painter: QPainter, line: int) -> None:
        """Paint the times at even distances, or fewer of them if they would touch."""
        painter.setPen(self._themes.theme.ink("soft text"))
        widths = [self.fontMetrics().horizontalAdvance(words) for words in self._times]
        last = max(1, len(widths) - 1)
        step = step_of_times(widths, self._themes.theme.px(10), self.width())
        for place in range(0, len(widths), step):
            left = (self.width() - widths[-1]) * place / last
            painter.drawText(QPointF(left, self.height() - line * 0.25), self._times[place])


def step_of_times(widths: Sequence[int], gap: int, room: int) -> int:
    """Return the step at which times fit: 1 for all, 2 for every second …, or only both ends."""
    last = max(1, len(widths) - 1)
    for step in range(1, last):
        shown = widths[::step]
        if last % step == 0 and sum(shown) + gap * (len(shown) - 1) <= room:
            return step
    return last
