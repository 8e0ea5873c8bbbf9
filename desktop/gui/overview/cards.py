"""The cards of the overview: curves, and the lines of queues and tasks."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QLocale, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QHelpEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QProgressBar,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.states import State
from desktop.gui.kit.look.appearance import LOOK, in_role, lettered, sized
from desktop.gui.kit.widgets.surfaces import Rule, drop
from desktop.gui.kit.widgets.texts import ElidedLabel, Paragraph, WholeLabel, tip
from desktop.gui.kit.words.ages import duration
from desktop.gui.kit.words.queues import queue_words
from desktop.gui.kit.words.reasons import queue_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QPaintEvent

    from desktop.contract.queues import Queue, TaskFigures


LEAST: Final = 160
"""Minimum width of a card, in units of the grid."""
_TOP_LEFT: Final = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
TIMES: Final = 2
"""Number of parts into which the times below the curve divide it."""
FEW: Final = 2
"""Adjacent values too few for a curve: each is drawn as a line with a dot."""
MOST: Final = 50
"""Maximum number of tasks listed."""
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class OverviewCard(QFrame):
    """A titled frame; its content goes into ``body``."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(title)
        self.body = sized(QVBoxLayout(self), margins=(16, 12, 16, 12), spacing=8)
        self.body.addWidget(in_role(ElidedLabel(title), "soft"))

    def minimumSizeHint(self) -> QSize:
        """Ask for the minimum width only: the content adapts."""
        return QSize(LOOK.theme.px(LEAST), super().minimumSizeHint().height())

    def explain(self, words: str) -> None:
        """Set the tooltip and the accessible description."""
        self.setToolTip(tip(words))
        self.setAccessibleDescription(words)


class FigureCard(OverviewCard):
    """A card with one large figure and a note above a picture."""

    def __init__(self, title: str, picture: QWidget) -> None:
        super().__init__(title)
        self.figure = lettered(WholeLabel(), 20, QFont.Weight.DemiBold)
        self.note = in_role(ElidedLabel(), "soft")
        self.body.addWidget(self.figure)
        self.body.addWidget(self.note)
        self.body.addWidget(picture, 1)

    def show_figure(self, figure: str, note: str) -> None:
        """Show another figure and note."""
        self.figure.setText(figure)
        self.note.setText(note)


@dataclass(frozen=True, slots=True)
class Dot:
    """One minute or hour: its value, ``None`` if there is none, and its number of failures.

    ``words`` is the tooltip.
    """

    value: float | None
    failed: int = 0
    words: str = ""


class Curve(QWidget):
    """Draws dots from left to right in the colour of ``token``, with ``times`` below."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._token = token
        self._dots: Sequence[Dot] = ()
        self._times: Sequence[str] = ()
        self._top = ""
        self.setAccessibleName(name)
        LOOK.changed.connect(self.updateGeometry)

    def show_dots(self, dots: Sequence[Dot], times: Sequence[str], top: str = "") -> None:
        """Show other dots; ``times`` are spaced evenly, ``top`` is the highest value in words."""
        self._dots, self._times, self._top = dots, times, top
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the size of a small chart."""
        px = LOOK.theme.px
        return QSize(px(300), px(170))

    def minimumSizeHint(self) -> QSize:
        """Return the smallest useful size."""
        px = LOOK.theme.px
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
        theme = LOOK.theme
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
        theme = LOOK.theme
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
        theme = LOOK.theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("failed"))
        for place, dot in enumerate(self._dots):
            if dot.failed:
                share = min(1.0, dot.failed / self._highest)  # in the curve's scale
                height = max(theme.px(4), area.height() * share)
                left = self._left(place, area) - theme.px(1.5)
                painter.drawRect(QRectF(left, area.bottom() - height, theme.px(3), height))

    def _paint_times(self, painter: QPainter, line: int) -> None:
        """Paint the times at even distances."""
        painter.setPen(LOOK.theme.ink("soft text"))
        widths = [self.fontMetrics().horizontalAdvance(words) for words in self._times]
        last = max(1, len(widths) - 1)
        for place, words in enumerate(self._times):
            left = (self.width() - widths[-1]) * place / last
            painter.drawText(QPointF(left, self.height() - line * 0.25), words)


class LinesCard(OverviewCard):
    """A card with a grid that is rebuilt when its entries or the look change."""

    def __init__(self, title: str) -> None:
        self._lines = QWidget()
        super().__init__(title)
        self.hide()
        self.body.addWidget(self._lines)
        self.body.addStretch(1)
        LOOK.changed.connect(self.renew)

    @property
    def is_filled(self) -> bool:
        """Whether it has a line; a card without one is hidden."""
        raise NotImplementedError

    def fill(self, grid: QGridLayout) -> None:
        """Fill the grid."""
        raise NotImplementedError

    def renew(self) -> None:
        """Rebuild the grid."""
        lines = QWidget(self)  # without a parent it would be a window
        grid = QGridLayout(lines)
        grid.setContentsMargins(0, 0, 0, 0)
        self.fill(grid)
        drop(self._lines)
        self.body.replaceWidget(self._lines, lines)
        self._lines = lines
        lines.show()  # otherwise hidden until the next layout


class QueueBars(LinesCard):
    """A line for each queue."""

    def __init__(self) -> None:
        self._queues: Sequence[Queue] = ()
        super().__init__(self.tr("Queues"))

    @property
    def is_filled(self) -> bool:
        """Whether there is a queue."""
        return bool(self._queues)

    def show_queues(self, queues: Sequence[Queue]) -> None:
        """Set the queues."""
        self._queues = queues
        self.setVisible(self.is_filled)
        self.renew()

    def fill(self, grid: QGridLayout) -> None:
        """Put the bar below the name, and the queue's activity below that."""
        px, now = LOOK.theme.px, time.time()
        grid.setVerticalSpacing(px(4))
        grid.setColumnStretch(0, 1)
        for number, queue in enumerate(self._queues):
            row = 4 * number
            grid.addWidget(ElidedLabel(queue_title(queue["name"])), row, 0)
            grid.addWidget(self._of(queue), row, 1)
            if queue["concurrency"]:
                grid.addWidget(self._bar(queue), row + 1, 0, 1, 2)
            grid.addWidget(in_role(Paragraph(queue_words(queue, now)), "soft"), row + 2, 0, 1, 2)
            if number:
                grid.setRowMinimumHeight(row - 1, px(4))

    def _bar(self, queue: Queue) -> QProgressBar:
        at_once = queue["concurrency"] or 1
        bar = sized(QProgressBar(textVisible=False, maximum=at_once), height=6)
        bar.setValue(min(at_once, _running(queue)))
        bar.setAccessibleName(queue_title(queue["name"]))
        return bar

    def _of(self, queue: Queue) -> QLabel:
        numbers, at_once = QLocale(), queue["concurrency"]
        words = numbers.toString(_running(queue))
        if at_once is not None:
            words = self.tr("{} of {}").format(words, numbers.toString(at_once))
        return in_role(QLabel(words, alignment=_RIGHT), "soft")


def _running(queue: Queue) -> int:
    return queue["counts"].get(State.RUNNING, 0)


class TaskLines(LinesCard):
    """A line for each task that ran, the most frequent first."""

    def __init__(self) -> None:
        self._tasks: Sequence[TaskFigures] = ()
        self._has_times = False
        super().__init__(self.tr("Tasks"))
        self.explain(
            self.tr(
                "Tasks that ended in this time: done, failed or uncertain. Half of them waited or"
                " took longer, half of them less (the median)."
            )
        )

    @property
    def is_filled(self) -> bool:
        """Whether there is a task."""
        return bool(self._tasks)

    def show_times(self, has_times: bool) -> None:
        """Show how long the tasks waited and took, or hide it."""
        self._has_times = has_times
        self.renew()

    def show_tasks(self, tasks: Sequence[TaskFigures]) -> None:
        """Set the tasks."""
        self._tasks = tasks[:MOST]
        self.setVisible(self.is_filled)
        self.renew()

    def fill(self, grid: QGridLayout) -> None:
        """Put the figures of each task below its name, each with its heading."""
        grid.setVerticalSpacing(LOOK.theme.px(6))
        for place, task in enumerate(self._tasks):
            if place:
                grid.addWidget(Rule(), 3 * place - 1, 0)
            grid.addWidget(ElidedLabel(task["title"]), 3 * place, 0)
            said = (f"{head} {words}".replace(" ", "\u00a0") for head, words in self._said(task))
            grid.addWidget(in_role(Paragraph(" · ".join(said)), "soft"), 3 * place + 1, 0)

    def _said(self, task: TaskFigures) -> list[tuple[str, str]]:
        """Return the headings and figures of a task."""
        ran = task["done"] + task["failed"]
        share = 100 * task["failed"] / ran if ran else 0.0
        failed = self.tr("{} %").format(QLocale().toString(share, "f", 1)) if share else "0"
        said = [
            (self.tr("Ran"), QLocale().toString(ran)),
            (self.tr("failed or uncertain"), failed),
        ]
        times = {
            self.tr("waited"): task["wait_median"],
            self.tr("took"): task["run_median"],
            self.tr("slowest"): task["longest"],
        }
        for head, seconds in times.items() if self._has_times else ():
            said.append((head, "–" if seconds is None else duration(seconds)))
        return said
