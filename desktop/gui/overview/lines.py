"""The cards that list queues and tasks; in a narrow card each entry takes several lines."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop.contract.states import State
from desktop.gui.look.theme import tabular
from desktop.gui.overview.cards import OverviewCard, soft
from desktop.gui.tasks.words.queues import queue_words
from desktop.gui.tasks.words.reasons import queue_title
from desktop.gui.widgets.flow import drop
from desktop.gui.widgets.surfaces import Rule
from desktop.gui.widgets.texts import ElidedLabel, tip
from desktop.gui.words.ages import duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from desktop.contract.queues import Queue, TaskFigures
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

MOST: Final = 50
"""Maximum number of tasks listed."""
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LinesCard(OverviewCard):
    """A card with a grid that is rebuilt when its entries change or it becomes narrow or wide.

    Subclasses fill the grid of a wide and of a narrow card.
    """

    def __init__(self, title: str, themes: ThemeSource) -> None:
        self._lines = QWidget()
        self._needed = 0
        self._is_narrow = False
        super().__init__(title, themes)
        self.hide()
        self.note.hide()
        self.body.addWidget(self._lines)
        self.body.addStretch(1)

    @property
    def is_filled(self) -> bool:
        """Whether it has a line; a card without one is hidden."""
        raise NotImplementedError

    def fill(self, grid: QGridLayout) -> None:
        """Fill the grid of a wide card."""
        raise NotImplementedError

    def fill_narrow(self, grid: QGridLayout) -> None:
        """Fill the grid of a narrow card."""
        raise NotImplementedError

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the lines out for the new width."""
        super().resizeEvent(event)
        if self._is_narrow != (self.room < self._needed):
            self.renew()

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        super().dress(theme)
        self.renew()

    def renew(self) -> None:
        """Rebuild the grid."""
        lines = QWidget()
        self.fill(_grid(lines))
        lines.ensurePolished()
        self._needed = lines.minimumSizeHint().width()
        self._is_narrow = self.room < self._needed
        if self._is_narrow:
            lines = QWidget()
            self.fill_narrow(_grid(lines))
        lines.setParent(self)  # without a parent it would be a window
        drop(self._lines)
        self.body.replaceWidget(self._lines, lines)
        self._lines = lines
        lines.show()  # otherwise hidden until the next layout


def _grid(lines: QWidget) -> QGridLayout:
    grid = QGridLayout(lines)
    grid.setContentsMargins(0, 0, 0, 0)
    return grid


class QueueBars(LinesCard):
    """A line for each queue."""

    def __init__(self, themes: ThemeSource) -> None:
        self._queues: Sequence[Queue] = ()
        super().__init__(self.tr("Queues"), themes)

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
        """Put the activity of a queue beside its bar."""
        px, now = self._themes.theme.px, time.time()
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(8))
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(3, 3)
        grid.setColumnMinimumWidth(3, px(150))
        for row, queue in enumerate(self._queues):
            grid.addWidget(QLabel(queue_title(queue["name"])), row, 0)
            if queue["concurrency"]:
                grid.addWidget(self._bar(queue), row, 1)
            grid.addWidget(self._of(queue), row, 2)
            grid.addWidget(soft(queue_words(queue, now)), row, 3)

    def fill_narrow(self, grid: QGridLayout) -> None:
        """Put the bar below the name, and the queue's activity below that."""
        px, now = self._themes.theme.px, time.time()
        grid.setVerticalSpacing(px(4))
        grid.setColumnStretch(0, 1)
        for number, queue in enumerate(self._queues):
            row = 4 * number
            name = ElidedLabel()
            name.setText(queue_title(queue["name"]))
            grid.addWidget(name, row, 0)
            grid.addWidget(self._of(queue), row, 1)
            if queue["concurrency"]:
                grid.addWidget(self._bar(queue), row + 1, 0, 1, 2)
            grid.addWidget(_wrapped(queue_words(queue, now)), row + 2, 0, 1, 2)
            if number:
                grid.setRowMinimumHeight(row - 1, px(4))

    def _bar(self, queue: Queue) -> ShareBar:
        running, at_once = _running(queue), queue["concurrency"] or 1
        return ShareBar(min(1.0, running / at_once), self._themes)

    def _of(self, queue: Queue) -> QLabel:
        numbers, at_once = QLocale(), queue["concurrency"]
        words = numbers.toString(_running(queue))
        if at_once is not None:
            words = self.tr("{} of {}").format(words, numbers.toString(at_once))
        label = QLabel(words, alignment=_RIGHT)
        label.setProperty("role", "soft")
        return label


def _running(queue: Queue) -> int:
    return queue["counts"].get(State.RUNNING, 0)


def _wrapped(text: str) -> QLabel:
    label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    label.setProperty("role", "soft")
    return label


class ShareBar(QWidget):
    """A thin bar, filled to ``share`` (0 … 1)."""

    def __init__(self, share: float, themes: ThemeSource) -> None:
        super().__init__()
        self._share = share
        self._themes = themes

    def sizeHint(self) -> QSize:
        """Return a small size."""
        px = self._themes.theme.px
        return QSize(px(80), px(8))

    minimumSizeHint = sizeHint  # a smaller bar would be useless

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the track, and the filled part on it."""
        theme: Theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        height = theme.px(6)
        top = (self.height() - height) / 2
        for share, token in ((1.0, "line"), (self._share, "accent")):
            if share:
                painter.setBrush(theme.color(token))
                bar = QRectF(0, top, max(height, self.width() * share), height)
                painter.drawRoundedRect(bar, height / 2, height / 2)
        painter.end()


class TaskLines(LinesCard):
    """A line for each task that ran, the most frequent first."""

    def __init__(self, themes: ThemeSource) -> None:
        self._tasks: Sequence[TaskFigures] = ()
        super().__init__(self.tr("Tasks"), themes)

    @property
    def is_filled(self) -> bool:
        """Whether there is a task."""
        return bool(self._tasks)

    def show_tasks(self, tasks: Sequence[TaskFigures]) -> None:
        """Set the tasks."""
        self._tasks = tasks[:MOST]
        self.setVisible(self.is_filled)
        self.renew()

    def fill(self, grid: QGridLayout) -> None:
        """Put the figures of each task into columns."""
        px, heads = self._themes.theme.px, self._heads()
        grid.setHorizontalSpacing(px(24))
        grid.setVerticalSpacing(px(6))
        grid.setColumnStretch(0, 3)
        grid.setColumnMinimumWidth(0, px(140))
        for column, head in enumerate(heads, 1):
            grid.setColumnStretch(column, 1)  # keeps them near the names in a wide window
            grid.addWidget(name := self._cell(head), 0, column)
            name.setToolTip(tip(self._tips().get(head, "")))
        for place, task in enumerate(self._tasks, 1):
            grid.addWidget(Rule(), 2 * place - 1, 0, 1, len(heads) + 1)
            grid.addWidget(_name(task), 2 * place, 0)
            for column, (words, role) in enumerate(self._words(task), 1):
                grid.addWidget(self._cell(words, role), 2 * place, column)

    def fill_narrow(self, grid: QGridLayout) -> None:
        """Put the figures of each task below its name, each with its heading."""
        grid.setVerticalSpacing(self._themes.theme.px(6))
        for place, task in enumerate(self._tasks):
            if place:
                grid.addWidget(Rule(), 3 * place - 1, 0)
            grid.addWidget(_name(task), 3 * place, 0)
            said = zip(self._heads(), self._words(task), strict=True)
            words = " · ".join(f"{head}\u00a0{_unbroken(words)}" for head, (words, _) in said)
            grid.addWidget(_wrapped(words), 3 * place + 1, 0)

    def _heads(self) -> list[str]:
        return [
            *(self.tr("Ran"), self.tr("Not done"), self.tr("Waited")),
            *(self.tr("Took"), self.tr("Slowest")),
        ]

    def _tips(self) -> dict[str, str]:
        """Return the tooltips of the headings."""
        typical = self.tr("Typically: half of them took longer, half of them less (the median).")
        return {
            self.tr("Ran"): self.tr("Tasks that ended in this time: done, failed or uncertain."),
            self.tr("Not done"): self.tr("The share of those that failed or are uncertain."),
            **dict.fromkeys((self.tr("Waited"), self.tr("Took")), typical),
        }

    def _words(self, task: TaskFigures) -> list[tuple[str, str]]:
        ran = task["done"] + task["failed"]
        share = 100 * task["failed"] / ran if ran else 0.0
        failed = self.tr("{} %").format(QLocale().toString(share, "f", 1)) if share else "0"
        times = (task["wait_median"], task["run_median"], task["longest"])
        return [
            (QLocale().toString(ran), "soft"),
            (failed, "error" if task["failed"] else "soft"),
            *(("–" if each is None else duration(each), "soft") for each in times),
        ]

    def _cell(self, words: str, role: str = "soft") -> QLabel:
        label = QLabel(words, alignment=_RIGHT)
        label.setProperty("role", role)
        label.setFont(tabular(self.font()))
        return label


def _name(task: TaskFigures) -> ElidedLabel:
    label = ElidedLabel()
    label.setText(task["title"])
    return label


def _unbroken(words: str) -> str:
    return words.replace(" ", "\u00a0")
