"""Cards: a title, a note, a large figure, and what is below; those of queues and of tasks."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.contract.states import State
from desktop.gui.look.theme import tabular
from desktop.gui.tasks.words.queues import queue_title, queue_words
from desktop.gui.widgets.surfaces import Rule
from desktop.gui.widgets.texts import ElidedLabel
from desktop.gui.words.ages import duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from desktop.contract.queues import Queue, TaskFigures
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class OverviewCard(QFrame):
    """A titled area; what it holds goes into ``body``."""

    def __init__(self, title: str, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self.setObjectName("card")
        self.setAccessibleName(title)
        self.title = soft(title)
        self.note = soft("")
        self.note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._head = QHBoxLayout()
        self._head.addWidget(self.title)
        self._head.addWidget(self.note, 1)
        self.body = QVBoxLayout(self)
        self.body.addLayout(self._head)
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        px = theme.px
        self.setStyleSheet(
            f"#card {{ background: {theme.color('raised').name()}; border-radius: {px(8)}px;"
            f" border: 1px solid {theme.color('line').name()}; }}"
        )
        self.body.setContentsMargins(px(16), px(12), px(16), px(12))
        self.body.setSpacing(px(8))
        self._head.setSpacing(px(12))


class FigureCard(OverviewCard):
    """A card with one large figure above a picture."""

    def __init__(self, title: str, picture: QWidget, themes: ThemeSource) -> None:
        self.figure = QLabel(textFormat=Qt.TextFormat.PlainText)
        super().__init__(title, themes)
        self.body.addWidget(self.figure)
        self.body.addWidget(picture, 1)

    def show_figure(self, figure: str, note: str) -> None:
        """Show another figure, and what else is to be said of it."""
        self.figure.setText(figure)
        self.note.setText(note)

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        super().dress(theme)
        font = QFont(self.font())
        font.setPixelSize(theme.px(20))
        font.setWeight(QFont.Weight.DemiBold)
        self.figure.setFont(font)


def soft(text: str) -> ElidedLabel:
    """Make a label of what is said beside."""
    label = ElidedLabel()
    label.setText(text)
    label.setProperty("role", "soft")
    return label


class QueueBars(OverviewCard):
    """A line for each queue."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__(self.tr("Queues"), themes)
        self._lines = QWidget()
        self.body.addWidget(self._lines)

    def show_queues(self, queues: Sequence[Queue]) -> None:
        """Show these."""
        self.setVisible(bool(queues))
        self._lines.hide()
        self._lines.deleteLater()
        self._lines = QWidget()
        grid = QGridLayout(self._lines)
        px, now = self._themes.theme.px, time.time()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(8))
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(3, 3)
        for row, queue in enumerate(queues):
            running = queue["counts"].get(State.RUNNING, 0)
            at_once = queue["concurrency"]
            grid.addWidget(QLabel(queue_title(queue["name"])), row, 0)
            if at_once:
                share = min(1.0, running / at_once)
                grid.addWidget(ShareBar(share, self._themes), row, 1)
            of = QLabel(self._of(running, at_once))
            of.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            of.setProperty("role", "soft")
            grid.addWidget(of, row, 2)
            grid.addWidget(soft(queue_words(queue, now)), row, 3)
        self.body.addWidget(self._lines)
        self._lines.show()  # else they are gone until the next layout

    def _of(self, running: int, at_once: int | None) -> str:
        numbers = QLocale()
        if at_once is None:
            return numbers.toString(running)
        words = self.tr("{} of {}")
        return words.format(numbers.toString(running), numbers.toString(at_once))


class ShareBar(QWidget):
    """A thin bar, filled as far as ``share`` (0 … 1) says."""

    def __init__(self, share: float, themes: ThemeSource) -> None:
        super().__init__()
        self._share = share
        self._themes = themes

    def sizeHint(self) -> QSize:
        """Ask for little."""
        px = self._themes.theme.px
        return QSize(px(80), px(8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground, and over it what is taken."""
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


MOST: Final = 50
"""Tasks that are listed."""
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TaskLines(OverviewCard):
    """A line for each task that ran, those that ran most first."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__(self.tr("Tasks"), themes)
        self._lines = QWidget()
        self.body.addWidget(self._lines)

    def show_tasks(self, tasks: Sequence[TaskFigures]) -> None:
        """Show these."""
        self.setVisible(bool(tasks))
        self._lines.hide()
        self._lines.deleteLater()
        self._lines = QWidget()
        grid = QGridLayout(self._lines)
        px = self._themes.theme.px
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(24))
        grid.setVerticalSpacing(px(6))
        grid.setColumnStretch(0, 3)
        heads = (
            *("", self.tr("Ran"), self.tr("Not done"), self.tr("Waited")),
            *(self.tr("Median"), self.tr("Slowest")),
        )
        for column, head in enumerate(heads[1:], 1):
            grid.setColumnStretch(column, 1)  # else they are far from the names in a wide window
            grid.addWidget(self._cell(head), 0, column)
        for place, task in enumerate(tasks[:MOST], 1):
            grid.addWidget(Rule(), 2 * place - 1, 0, 1, len(heads))
            name = ElidedLabel()
            name.setText(task["title"])
            grid.addWidget(name, 2 * place, 0)
            for column, (words, role) in enumerate(self._words(task), 1):
                grid.addWidget(self._cell(words, role), 2 * place, column)
        self.body.addWidget(self._lines)
        self._lines.show()  # else they are gone until the next layout

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
