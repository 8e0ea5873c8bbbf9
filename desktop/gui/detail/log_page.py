"""The log with what narrows it above: a search, the level, and whether it follows the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.gui.detail.log import DetailLog
from desktop.gui.parts.buttons import CheckBox
from desktop.gui.parts.choice import Choice

if TYPE_CHECKING:
    from desktop.contract.tasks import LogLine
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

_LEVELS: Final = {
    "info": frozenset({"info", "warning", "error"}),
    "warning": frozenset({"warning", "error"}),
    "error": frozenset({"error"}),
}


class LogPage(QWidget):
    """Shows the log of one task after the other; what is searched for stays."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self.log = DetailLog(themes)
        self.search = QLineEdit(placeholderText=self.tr("Search the log"), clearButtonEnabled=True)
        self.search.setAccessibleName(self.tr("Search the log"))
        self.search.textChanged.connect(self._narrow)
        self.level = Choice(self.tr("Which lines are shown"), themes)
        self.level.set_choices(
            [
                ("info", self.tr("All lines")),
                ("warning", self.tr("Warnings and errors")),
                ("error", self.tr("Errors")),
            ]
        )
        self.level.chosen.connect(self._narrow)
        self.follow = CheckBox(self.tr("Follow"), themes)
        self.follow.setToolTip(self.tr("Stay at the end when lines are added"))
        self.follow.setChecked(True)
        self.follow.toggled.connect(self.log.follow)
        self.log.following_changed.connect(self._on_following)
        self._bar = QHBoxLayout()
        self._bar.addWidget(self.search, 1)
        self._bar.addWidget(self.level)
        self._bar.addWidget(self.follow)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._bar)
        self._column.addWidget(self.log, 1)
        self.setFocusProxy(self.search)
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def show_log(self, task_id: int, lines: list[LogLine]) -> None:
        """Show a task's lines."""
        self.log.show_log(task_id, lines)

    def _narrow(self) -> None:
        self.log.show_only(self.search.text(), _LEVELS[self.level.value()])

    def _on_following(self, follows: bool) -> None:
        with QSignalBlocker(self.follow):
            self.follow.setChecked(follows)
        self.follow.update()

    def _on_theme(self, theme: Theme) -> None:
        px = theme.px
        self._column.setContentsMargins(px(16), px(8), px(16), px(8))
        self._column.setSpacing(px(8))
        self._bar.setSpacing(px(12))
        self.level.setFixedWidth(px(190))
        self.log.dress(theme)
