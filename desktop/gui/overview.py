"""The overview: figures and bars of the last hour or day, read again while visible."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QLocale, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.kit.look.appearance import LOOK, in_role, lettered, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.card import turn
from desktop.gui.kit.widgets.choice import Segments
from desktop.gui.kit.widgets.surfaces import Rule, drop, stacked
from desktop.gui.kit.widgets.texts import ElidedLabel, Paragraph, WholeLabel, tip
from desktop.gui.kit.words.ages import HOUR, MINUTE, day_and_time, duration, time_of_day
from desktop.gui.kit.words.queues import queue_words
from desktop.gui.kit.words.table import WORDS
from desktop.gui.link.jobs import Job, LatestRequest
from sendoff_tasks.model.queues import Span
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHideEvent, QPaintEvent, QResizeEvent, QShowEvent

    from desktop.gui.link.jobs import ApiSource
    from sendoff_tasks.model.queues import Figures, Overview, Point, Queue, TaskFigures

AGAIN_MS: Final = 5000
"""Milliseconds between two reads while it is visible."""
ROOM: Final = 260
"""Width that bars need beside others, in units of the grid."""


class OverviewView(QWidget):
    """A card for finished tasks, and a list of them.

    *For developers* adds cards for waiting and running times, and for queues.
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
        self.range = in_role(Paragraph(), "soft")
        self.range.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._make_cards()
        self._lay_out()
        self.again = QTimer(self, interval=AGAIN_MS)
        self.again.timeout.connect(self.load)
        self.span.chosen.connect(self.load)
        self.more.clicked.connect(lambda: self.show_times(not self._has_times))
        self.show_times(False)
        LOOK.changed.connect(self._place_cards)

    def load(self) -> None:
        """Read the overview; the old one stays until the new one arrives."""
        span = self.span.value()
        self._reading.ask(lambda api: Job(api.overview, span).then(self.show_overview))

    def show_times(self, has_times: bool) -> None:
        """Show what is for developers, or hide it."""
        self._has_times = has_times
        self.more.setText(self.tr("Show less") if has_times else self.tr("For developers"))
        for card in (self.waiting, self.running):
            card.setVisible(has_times)
        self.queues.setVisible(has_times and self.queues.is_filled)
        self.tasks.show_times(has_times)
        self._place_cards()

    def show_overview(self, told: Overview) -> None:
        """Show an overview."""
        points, total = told["points"], told["total"]
        times = self._times(told)
        now = epoch(told["until"]) or 0.0
        since = day_and_time(epoch(told["since"]) or now, now)
        self.range.setText(self.tr("{} – now").format(since))
        done = QLocale().toString(total["done"])
        is_hour = told["span"] == Span.HOUR
        figure = self.tr("{} in the last hour") if is_hour else self.tr("{} in the last day")
        self.done.show_figure(figure.format(done), self._failed_words(told))
        dots = [Dot(p["done"], p["failed"], self._done_words(p)) for p in points]
        most = max((dot.height for dot in dots), default=0.0)
        top = _round_above(most)
        words = QLocale().toString(round(top)) if most >= FEW else ""
        self._done.show_dots(dots, times, top, words)
        self._show_times(self.waiting, self._waiting, told, times, "wait_median")
        self._show_times(self.running, self._running, told, times, "run_median")
        self.queues.show_queues(told["queues"])
        self.queues.setVisible(self._has_times and self.queues.is_filled)
        self.tasks.show_tasks(told["tasks"])
        self._place_cards()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the overview, now and regularly."""
        super().showEvent(event)
        self.load()
        self.again.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop reading while hidden."""
        super().hideEvent(event)
        self.again.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out the cards for the new width."""
        super().resizeEvent(event)
        self._place_cards()

    def _make_cards(self) -> None:
        names = (self.tr("Done"), self.tr("Waiting time"), self.tr("Running time"))
        looks = ("accent", "waiting", "scheduled")
        pictures = [Bars(name, token) for name, token in zip(names, looks, strict=True)]
        cards = [FigureCard(n, each) for n, each in zip(names, pictures, strict=True)]
        self._done, self._waiting, self._running = pictures
        self.done, self.waiting, self.running = cards
        counted = self.tr(
            "Counts each task that was done in this time, including those kept in practice mode "
            "and those removed since."
        )
        self.done.explain(counted)
        for card in (self.waiting, self.running):
            card.explain(self.tr("Half of the tasks took longer, half of them less (the median)."))
        self.queues = QueueBars()
        self.tasks = TaskLines()

    def _lay_out(self) -> None:
        head = sized(QHBoxLayout(), margins=(12, 6, 16, 6), spacing=12)
        head.addWidget(self.span)
        head.addWidget(self.more)
        head.addWidget(self.range, 1)
        inside = QWidget()
        inside.setProperty("area", "pane")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._pictures, self._lists = (
            sized(QBoxLayout(QBoxLayout.Direction.LeftToRight), spacing=32) for _ in range(2)
        )
        for card in (self.done, self.waiting, self.running):
            self._pictures.addWidget(card, 1)
        self._lists.addWidget(self.tasks, 2)
        self._lists.addWidget(self.queues, 1)
        column = sized(QVBoxLayout(inside), margins=(16, 16, 16, 20), spacing=28)
        column.addLayout(self._pictures)
        column.addLayout(self._lists)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setWidget(inside)
        scroll.setAccessibleName(self.tr("Overview"))
        self.setFocusProxy(scroll)  # keys scroll it
        stacked(self, head, Rule(), scroll, filling=scroll)

    def _place_cards(self) -> None:
        """Place the cards side by side if they have room."""
        count = 3 if self._has_times else 1
        is_wide = self.width() >= count * LOOK.theme.px(ROOM)
        for row in (self._pictures, self._lists):
            turn(row, beside=is_wide)

    def _show_times(
        self, card: FigureCard, bars: Bars, told: Overview, times: list[str], key: str
    ) -> None:
        median, total = _time(told["total"], key), told["total"]
        if key == "wait_median":
            note = self.tr("95 % at most {}").format(_words(total["wait_p95"]))
        else:
            note = self.tr("slowest {}").format(_words(total["longest"]))
        if median is None:
            card.show_figure("–", "")
        else:
            card.show_figure(self.tr("typically {}").format(_words(median)), note)
        dots = [
            Dot(_time(point, key), words=f"{_clock(point['at'])} · {_words(_time(point, key))}")
            for point in told["points"]
        ]
        top = _round_above(max((dot.height for dot in dots), default=0.0))
        bars.show_dots(dots, times, top, duration(top) if top else "")
        bars.setAccessibleDescription(card.figure.text())

    def _done_words(self, point: Point) -> str:
        numbers = QLocale()
        words = self.tr("{at} · {done} done, {failed} failed or uncertain")
        return words.format(
            at=_clock(point["at"]),
            done=numbers.toString(point["done"]),
            failed=numbers.toString(point["failed"]),
        )

    def _failed_words(self, told: Overview) -> str:
        """Say how many failed in this time, also those that need no person now."""
        total = told["total"]
        failed, again = total["failed"], total["again"]  # retries by a person are not counted
        if told["span"] == Span.HOUR:
            words = self.tr("{} failed or uncertain in the last hour")
        else:
            words = self.tr("{} failed or uncertain in the last day")
        said = [
            words.format(QLocale().toString(failed)) if failed else "",
            self.tr("%Ln automatic retries", None, again) if again else "",
        ]
        return " · ".join(filter(None, said))

    def _times(self, told: Overview) -> list[str]:
        """Return the times below the bars."""
        first = epoch(told["since"]) or 0.0
        step = len(told["points"]) * (MINUTE if told["span"] == Span.HOUR else HOUR) / TIMES
        moments = [first + place * step for place in range(TIMES + 1)]
        return [*(time_of_day(moment) for moment in moments[:-1]), self.tr("now")]


def _time(figures: Figures, key: str) -> float | None:
    return figures["wait_median"] if key == "wait_median" else figures["run_median"]


def _words(seconds: float | None) -> str:
    return "–" if seconds is None else duration(seconds)


def _clock(at: str) -> str:
    return time_of_day(epoch(at) or 0.0)


LEAST: Final = 160
"""Minimum width of a card, in units of the grid."""
_TOP_LEFT: Final = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
TIMES: Final = 2
"""Number of parts into which the times below the bars divide them."""
FEW: Final = 10
"""Tasks from which the highest bar needs a scale."""
MOST: Final = 50
"""Maximum number of tasks listed."""
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class OverviewCard(QWidget):
    """A titled part of the overview; its content goes into ``body``."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.body = sized(QVBoxLayout(self), margins=0, spacing=8)
        self.body.addWidget(lettered(ElidedLabel(title), 15, QFont.Weight.DemiBold))

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
        self.note = in_role(Paragraph(), "soft")
        self.body.addWidget(self.figure)
        self.body.addWidget(self.note)
        self.body.addWidget(picture)
        self.body.addStretch(1)

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
    """Draws a bar for each dot in the colour of ``token``, failures above it, ``times`` below."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._token = token
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
        return QSize(px(160), px(110))

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
            for value, token in ((dot.value or 0.0, self._token), (dot.failed, "failed")):
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
            grid.addWidget(ElidedLabel(WORDS.queue(queue["name"])), row, 0)
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
        bar.setAccessibleName(WORDS.queue(queue["name"]))
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
