"""The overview: figures of the last hour or day, read again regularly while visible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.contract.queues import Span
from desktop.gui.kit.look.appearance import LOOK, in_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.card import turn
from desktop.gui.kit.widgets.choice import Segments
from desktop.gui.kit.widgets.surfaces import Rule, stacked
from desktop.gui.kit.widgets.texts import ElidedLabel
from desktop.gui.kit.words.ages import HOUR, MINUTE, day_and_time, duration, time_of_day
from desktop.gui.kit.words.task_row import epoch
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.gui.overview.cards import TIMES, Curve, Dot, FigureCard, QueueBars, TaskLines

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent

    from desktop.contract.queues import Figures, Overview, Point
    from desktop.gui.link.jobs import ApiSource

AGAIN_MS: Final = 5000
"""Milliseconds between two reads while it is visible."""
ROOM: Final = 260
"""Width a curve needs beside another, in units of the grid."""


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
        self.more = Link("")
        self._has_times = False
        self.range = in_role(ElidedLabel(), "soft")
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
        self.done.show_figure(figure.format(done), self._failed_words(total))
        dots = [Dot(p["done"], p["failed"], self._done_words(p)) for p in points]
        most = max((point["done"] for point in points), default=0)
        self._done.show_dots(dots, times, QLocale().toString(most) if most else "")
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
        curves = [Curve(name, token) for name, token in zip(names, looks, strict=True)]
        cards = [FigureCard(n, curve) for n, curve in zip(names, curves, strict=True)]
        self._done, self._waiting, self._running = curves
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
        inside.setProperty("area", "ground")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._pictures, self._lists = (
            sized(QBoxLayout(QBoxLayout.Direction.LeftToRight), spacing=12) for _ in range(2)
        )
        for card in (self.done, self.waiting, self.running):
            self._pictures.addWidget(card, 1)
        self._lists.addWidget(self.tasks, 2)
        self._lists.addWidget(self.queues, 1)
        column = sized(QVBoxLayout(inside), margins=16, spacing=12)
        column.addLayout(self._pictures, 1)
        column.addLayout(self._lists, 1)
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
        self, card: FigureCard, curve: Curve, told: Overview, times: list[str], key: str
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
        most = max((dot.value for dot in dots if dot.value is not None), default=None)
        curve.show_dots(dots, times, "" if most is None else duration(most))
        curve.setAccessibleDescription(card.figure.text())

    def _done_words(self, point: Point) -> str:
        numbers = QLocale()
        words = self.tr("{at} · {done} done, {failed} failed or uncertain")
        return words.format(
            at=_clock(point["at"]),
            done=numbers.toString(point["done"]),
            failed=numbers.toString(point["failed"]),
        )

    def _failed_words(self, total: Figures) -> str:
        failed, again = total["failed"], total["again"]  # retries by a person are not counted
        said = [
            f"{QLocale().toString(failed)} {self.tr('failed or uncertain')}" if failed else "",
            self.tr("%Ln automatic retries", None, again) if again else "",
        ]
        return " · ".join(filter(None, said))

    def _times(self, told: Overview) -> list[str]:
        """Return the times below the curves."""
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
