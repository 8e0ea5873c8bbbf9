"""The evidence for an uncertain task: what was handed over, when and to whom."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.table.task_actions import effects, fitting_actions
from desktop.gui.tasks.task_row import epoch
from desktop.gui.widgets.buttons import Link
from desktop.gui.widgets.field import editor_label
from desktop.gui.widgets.texts import ElidedLabel, keep_height
from desktop.gui.words.ages import day_and_time

if TYPE_CHECKING:
    from desktop.contract.tasks import HandedOver
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.reach import Reach
    from desktop.gui.tasks.pending_actions import PendingActions
    from desktop.gui.tasks.task_row import Row


class DetailEvidence(QWidget):
    """Shows the known facts of a hand-over, *Copy Message-ID*, and the effects of the buttons."""

    def __init__(self, themes: ThemeSource, reach: Reach, pending: PendingActions) -> None:
        super().__init__()
        self._reach, self._pending = reach, pending
        self.facts: dict[str, ElidedLabel] = {}
        self.names: dict[str, QLabel] = {}
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._beside = QHBoxLayout()
        for line, key in enumerate(("what", "when", "to", "message_id")):
            self._add_fact(line, key)
        self.copy = Link(self.tr("Copy Message-ID"))
        self.copy.clicked.connect(self._on_copy)
        self._beside.addWidget(self.copy)
        self._beside.addStretch(1)
        self.effects = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.effects.setProperty("role", "soft")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._grid)
        self._column.addWidget(self.effects)
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def show_evidence(self, row: Row, handed_over: HandedOver | None) -> None:
        """Show a task's hand-over; lines of unknown facts are hidden."""
        said = dict.fromkeys(self.facts, "")
        if handed_over is not None:
            said = {
                "what": handed_over["what"],
                "when": day_and_time(epoch(handed_over["at"]) or 0.0, time.time(), seconds=True),
                "to": handed_over["to"],
                "message_id": handed_over["message_id"] or "",
            }
        names = {
            "what": self.tr("Handed over"),
            "when": self.tr("When"),
            "to": self.tr("Server") if row.is_mail else self.tr("To"),
            "message_id": self.tr("Message-ID"),
        }
        for key, words in said.items():
            self.names[key].setText(names[key])
            self.facts[key].setText(words)
            for label in (self.names[key], self.facts[key]):
                label.setVisible(bool(words))
        self.copy.setVisible(bool(said["message_id"]))
        self.show_effects(row)

    def show_effects(self, row: Row) -> None:
        """Show the effects of the current buttons."""
        actions = fitting_actions([row], self._reach, self._pending)
        self.effects.setText("\n".join(effects(actions)))

    def text(self) -> str:
        """Return the known facts, to be copied."""
        return "\n".join(
            f"{self.names[key].text()}: {label.text()}"
            for key, label in self.facts.items()
            if label.text()
        )

    def _add_fact(self, line: int, key: str) -> None:
        value = self.facts[key] = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        name = self.names[key] = editor_label("", value)
        self._grid.addWidget(name, line, 0)
        if key == "message_id":
            self._beside.addWidget(value)
            self._grid.addLayout(self._beside, line, 1)
        else:
            self._grid.addWidget(value, line, 1)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.facts["message_id"].text())

    def _on_theme(self, theme: Theme) -> None:
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(0)
        for name in self.names.values():
            keep_height(name, theme.px(20))  # as high as the link in one of the lines
        self._beside.setSpacing(theme.px(16))
        self._column.setSpacing(theme.px(8))
