"""The tasks: how many ran of each, how many failed, and how long they took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop.gui.ages import duration
from desktop.gui.look.theme import tabular
from desktop.gui.overview.cards import Card
from desktop.gui.parts.surfaces import Rule
from desktop.gui.parts.texts import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.overview import TaskFigures
    from desktop.gui.look.appearance import ThemeSource

MOST: Final = 50
"""Tasks that are listed."""
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TaskLines(Card):
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
        grid.setColumnStretch(0, 1)
        heads = (
            *("", self.tr("Ran"), self.tr("Failed"), self.tr("Waited")),
            *(self.tr("Median"), self.tr("Slowest")),
        )
        for column, head in enumerate(heads[1:], 1):
            grid.addWidget(self._cell(head), 0, column)
        for place, task in enumerate(tasks[:MOST], 1):
            grid.addWidget(Rule(), 2 * place - 1, 0, 1, len(heads))
            name = ElidedLabel()
            name.setText(task["title"])
            grid.addWidget(name, 2 * place, 0)
            for column, (words, role) in enumerate(self._words(task), 1):
                grid.addWidget(self._cell(words, role), 2 * place, column)
        self.body.addWidget(self._lines)

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
