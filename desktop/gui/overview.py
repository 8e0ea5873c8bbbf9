"""The overview: what was done in the last hour or day, read again while visible."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.kit.look.appearance import LOOK, set_font, set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.choice import Segments
from desktop.gui.kit.widgets.surfaces import Rule, drop, stacked
from desktop.gui.kit.widgets.texts import ElidedLabel, Paragraph, WholeLabel, tip
from desktop.gui.kit.words.ages import HOUR, MINUTE, day_and_time, duration, time_of_day
from desktop.gui.link.jobs import Job, LatestRequest
from sendoff_tasks.model.queues import Span
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent

    from desktop.gui.link.jobs import ApiSource
    from sendoff_tasks.model.queues import Figures, Overview, Point, TaskFigures

translate = QCoreApplication.translate
AGAIN_MS: Final = 5000
"""Milliseconds between two reads while it is visible."""
LEAST: Final = 160
"""Minimum width of the chart, in units of the grid."""
_TOP_LEFT: Final = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
TIMES: Final = 2
"""Number of parts into which the times below the bars divide them."""
FEW: Final = 10
"""Tasks from which the highest bar needs a scale."""
MOST: Final = 50
"""Maximum number of tasks listed."""


class OverviewView(QWidget):
    """The tasks that were done in the last hour or day: a figure, a bar for each part, and a list.

    *For developers* adds how long tasks waited and took.
    """

    def __init__(self, source: ApiSource) -> None:
        super().__init__()
        self._reading = LatestRequest(source, lambda _: None)  # a bar reports errors
        self.setAccessibleName(self.tr("Overview"))
        words = [(Span.HOUR.value, self.tr("Hour")), (Span.DAY.value, self.tr("Day"))]
        self.span = Segments(self.tr("Period"), words)
        self.span.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.more = Link("")
        self._has_times = False
        self._shown: Overview | None = None
        self.range = set_role(Paragraph(), "soft")
        self.range.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.figure = set_font(WholeLabel(), 20, QFont.Weight.DemiBold)
        self.note = set_role(Paragraph(), "soft")
        self.bars = Bars(self.tr("Done"))
        counted = self.tr(
            "Counts each task that was done in this time, including those kept in practice mode "
            "and those removed since."
        )
        self.bars.setAccessibleDescription(counted)
        self.figure.setToolTip(tip(counted))
        self.tasks = TaskLines()
        self._lay_out()
        self.again = QTimer(self, interval=AGAIN_MS)
        self.again.timeout.connect(self.load)
        self.span.chosen.connect(self.load)
        self.more.clicked.connect(lambda: self.show_times(not self._has_times))
        self.show_times(False)
        LOOK.changed.connect(self._show)

    def load(self) -> None:
        """Read the overview; the old one stays until the new one arrives."""
        span = self.span.value()
        self._reading.ask(lambda api: Job(api.overview, span).then(self.show_overview))

    def show_times(self, has_times: bool) -> None:
        """Show what is for developers, or hide it."""
        self._has_times = has_times
        self.more.setText(self.tr("Show less") if has_times else self.tr("For developers"))
        self._show()

    def show_overview(self, told: Overview) -> None:
        """Show an overview."""
        self._shown = told
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the overview, now and regularly."""
        super().showEvent(event)
        self.load()
        self.again.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop reading while hidden."""
        super().hideEvent(event)
        self.again.stop()

    def _lay_out(self) -> None:
        head = sized(QHBoxLayout(), margins=(12, 6, 16, 6), spacing=12)
        head.addWidget(self.span)
        head.addWidget(self.more)
        head.addWidget(self.range, 1)
        inside = QWidget()
        inside.setProperty("area", "pane")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = sized(QVBoxLayout(inside), margins=(16, 16, 16, 20), spacing=8)
        for part in (self.figure, self.note, self.bars, self.tasks):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setWidget(inside)
        scroll.setAccessibleName(self.tr("Overview"))
        self.setFocusProxy(scroll)  # keys scroll it
        stacked(self, head, Rule(), scroll, filling=scroll)

    def _show(self) -> None:
        if (told := self._shown) is None:
            return
        now = epoch(told["until"]) or 0.0
        since = day_and_time(epoch(told["since"]) or now, now)
        self.range.setText(self.tr("{} – now").format(since))
        done = QLocale().toString(told["total"]["done"])
        is_hour = told["span"] == Span.HOUR
        figure = (
            self.tr("{} done in the last hour") if is_hour else self.tr("{} done in the last day")
        )
        self.figure.setText(figure.format(done))
        self.note.setText(self._note(told))
        self.note.setVisible(bool(self.note.text()))
        dots = [Dot(p["done"], p["failed"], self._done_words(p)) for p in told["points"]]
        most = max((dot.height for dot in dots), default=0.0)
        top = _round_above(most)
        words = QLocale().toString(round(top)) if most >= FEW else ""
        self.bars.show_dots(dots, self._times(told), top, words)
        self.tasks.show_tasks(told["tasks"], has_times=self._has_times)

    def _done_words(self, point: Point) -> str:
        numbers = QLocale()
        words = self.tr("{at} · {done} done, {failed} failed or uncertain")
        return words.format(
            at=time_of_day(epoch(point["at"]) or 0.0),
            done=numbers.toString(point["done"]),
            failed=numbers.toString(point["failed"]),
        )

    def _note(self, told: Overview) -> str:
        """Say how many failed in this time, also those that need no person now; and the times."""
        total = told["total"]
        failed, again = total["failed"], total["again"]  # retries by a person are not counted
        said = [
            self.tr("{} failed or uncertain").format(QLocale().toString(failed)) if failed else "",
            self.tr("%Ln automatic retries", None, again) if again else "",
        ]
        if self._has_times:
            waited = self.tr("95 % waited at most {}")
            said += [*times_said(total), waited.format(_words(total["wait_p95"]))]
        return " · ".join(filter(None, said))

    def _times(self, told: Overview) -> list[str]:
        """Return the times below the bars."""
        first = epoch(told["since"]) or 0.0
        step = len(told["points"]) * (MINUTE if told["span"] == Span.HOUR else HOUR) / TIMES
        moments = [first + place * step for place in range(TIMES + 1)]
        return [*(time_of_day(moment) for moment in moments[:-1]), self.tr("now")]


def times_said(figures: Figures) -> list[str]:
    """Say how long tasks waited and took: half of them longer, half of them less."""
    said = (
        (translate("OverviewView", "waited {}"), figures["wait_median"]),
        (translate("OverviewView", "took {}"), figures["run_median"]),
        (translate("OverviewView", "slowest {}"), figures["longest"]),
    )
    return [words.format(_words(seconds)) for words, seconds in said]


def _words(seconds: float | None) -> str:
    return "–" if seconds is None else duration(seconds)


@dataclass(frozen=True, slots=True)
class Dot:
    """One minute or hour: its value, ``None`` if there is none, and its number of failures.

    ``words`` is the tooltip.
    """

    value: float | None
    failed: int = 0
    words: str = ""

    @property
    def height(self) -> float:
        """The value with the failures above it."""
        return (self.value or 0.0) + self.failed


def _round_above(most: float) -> float:
    """Return the next round number, such as 20, 25 or 0.3, that is not below a number."""
    if most <= 0:
        return 0.0
    step = 10.0 ** math.floor(math.log10(most))
    return next(
        step * each
        for each in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
        if step * each >= most * (1 - 1e-9)
    )


class Bars(QWidget):
    """Draws a bar for each dot, failures above it, ``times`` below."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._dots: Sequence[Dot] = ()
        self._times: Sequence[str] = ()
        self._top, self.scale = 0.0, ""
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        LOOK.changed.connect(self.updateGeometry)

    def show_dots(self, dots: Sequence[Dot], times: Sequence[str], top: float, words: str) -> None:
        """Show other dots; ``times`` are spaced evenly, ``top`` is the height of the scale."""
        self._dots, self._times, self._top, self.scale = dots, times, top, words
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the size of a small chart."""
        px = LOOK.theme.px
        return QSize(px(300), px(170))

    def minimumSizeHint(self) -> QSize:
        """Return the smallest useful size."""
        px = LOOK.theme.px
        return QSize(px(LEAST), px(110))

    def event(self, event: QEvent) -> bool:
        """Show the tooltip of the bar under the pointer."""
        if isinstance(event, QHelpEvent) and self._dots:
            place = int(event.pos().x() * len(self._dots) / max(1, self.width()))
            dot = self._dots[min(max(place, 0), len(self._dots) - 1)]
            QToolTip.showText(event.globalPos(), dot.words, self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the scale, the bars, and the times."""
        theme = LOOK.theme
        painter = QPainter(self)
        line = self.fontMetrics().height()
        area = QRectF(self.rect()).adjusted(0, theme.px(4), 0, -line - theme.px(8))
        for share in (1.0, 0.0) if self.scale else (1.0,):
            line_at = round(area.top() + area.height() * share)
            painter.fillRect(QRectF(0, line_at, self.width(), 1), theme.row_line)
        painter.setPen(theme.ink("soft text"))
        painter.drawText(area.adjusted(0, theme.px(2), 0, 0), _TOP_LEFT, self.scale)
        room = area.width() / max(1, len(self._dots))
        width = max(1.0, min(room - theme.px(2), theme.px(12)))
        for place, dot in enumerate(self._dots):
            left, foot = room * place + (room - width) / 2, area.bottom()
            for value, token in ((dot.value or 0.0, "accent"), (dot.failed, "failed")):
                if value and self._top:
                    height = max(theme.px(2), area.height() * value / self._top)
                    foot -= height
                    painter.fillRect(QRectF(left, foot, width, height), theme.color(token))
        self._paint_times(painter, line)
        painter.end()

    def _paint_times(self, painter: QPainter, line: int) -> None:
        """Paint the times at even distances."""
        painter.setPen(LOOK.theme.ink("soft text"))
        widths = [self.fontMetrics().horizontalAdvance(words) for words in self._times]
        last = max(1, len(widths) - 1)
        for place, words in enumerate(self._times):
            left = (self.width() - widths[-1]) * place / last
            painter.drawText(QPointF(left, self.height() - line * 0.25), words)


class TaskLines(QWidget):
    """A line for each task that ran, the most frequent first."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Tasks"))
        explained = self.tr(
            "Tasks that ended in this time: done, failed or uncertain. Half of them waited or"
            " took longer, half of them less (the median)."
        )
        self.setToolTip(tip(explained))
        self.setAccessibleDescription(explained)
        self._body = sized(QVBoxLayout(self), margins=(0, 20, 0, 0), spacing=6)
        self._lines = QWidget()
        self._body.addWidget(self._lines)

    def show_tasks(self, tasks: Sequence[TaskFigures], *, has_times: bool) -> None:
        """Show the figures of tasks; ``has_times`` with how long they waited and took."""
        lines = QWidget(self)  # without a parent it would be a window
        column = sized(QVBoxLayout(lines), margins=0, spacing=6)
        for place, task in enumerate(tasks[:MOST]):
            if place:
                column.addWidget(Rule())
            column.addWidget(ElidedLabel(task["title"]))
            said = [*self._said(task), *(times_said(task) if has_times else ())]
            words = " · ".join(each.replace(" ", "\u00a0") for each in said)
            column.addWidget(set_role(Paragraph(words), "soft"))
        drop(self._lines)
        self._body.replaceWidget(self._lines, lines)
        self._lines = lines
        lines.show()  # otherwise hidden until the next layout
        self.setVisible(bool(tasks))

    def _said(self, task: TaskFigures) -> list[str]:
        ran, numbers = task["done"] + task["failed"], QLocale()
        share = 100 * task["failed"] / ran if ran else 0.0
        failed = self.tr("{} %").format(numbers.toString(share, "f", 1)) if share else "0"
        return [
            self.tr("Ran {}").format(numbers.toString(ran)),
            self.tr("failed or uncertain {}").format(failed),
        ]
