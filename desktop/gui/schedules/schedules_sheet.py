"""*Schedules…*: the tasks that run by themselves, when, and what became of the last one."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.gui.parts.flow import drop
from desktop.gui.parts.surfaces import Rule, Sheet
from desktop.gui.schedules.schedule_row import ScheduleRow, has_passed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.functions import Schedule
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

EVERY_MS: Final = 1000
"""How often an open sheet tells the time to the next due times."""
EXAMPLE: Final = (
    '@task(cron="0 7 * * mon-fri", timezone="Europe/Berlin")\ndef digest() -> None: ...'
)


class SchedulesSheet(Sheet):
    """``steered`` carries a task's name and what is to be done: run, pause or resume.

    ``wanted`` asks for the schedules as they are by now.
    """

    steered = Signal(str, str)
    wanted = Signal()

    def __init__(self, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(560, host, themes)
        self.set_title(self.tr("Schedules"))
        self.rows: dict[str, ScheduleRow] = {}
        self._shown: Sequence[Schedule] = ()
        self.nothing = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.example = QLabel(EXAMPLE, textFormat=Qt.TextFormat.PlainText)
        self.example.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.example.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.trouble = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.trouble.setProperty("role", "error")
        inside = QWidget()
        inside.setProperty("area", "clear")
        self._column = QVBoxLayout(inside)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        for each in (self.trouble, self.nothing, self.example):
            self._column.addWidget(each)
            each.hide()
        self._column.addLayout(self._list)
        self._column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)
        self._clock = QTimer(self, interval=EVERY_MS)
        self._clock.timeout.connect(self._on_second)
        self.closed.connect(self._clock.stop)

    def open(self) -> None:
        """Ask for what there is, and come to the front."""
        self.wanted.emit()
        self._clock.start()
        super().open()

    def show_schedules(self, schedules: Sequence[Schedule]) -> None:
        """Show these, by title; a row that stays keeps the focus."""
        self.trouble.hide()
        self._shown = sorted(schedules, key=lambda each: each["title"].casefold())
        names = [each["name"] for each in self._shown]
        if names != list(self.rows):
            self._make_rows(names)
        self.nothing.setVisible(not names)
        self.example.setVisible(not names)
        self._tell()

    def show_trouble(self, sentence: str) -> None:
        """Say what kept something from being done."""
        self.trouble.setText(sentence)
        self.trouble.show()

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        super().dress(theme)
        self.nothing.setText(
            self.tr("No task runs by itself yet. Write one in a task file, and say when it is due:")
        )
        self.nothing.setContentsMargins(0, theme.px(8), 0, theme.px(12))
        self._column.setContentsMargins(0, 0, theme.px(8), 0)
        self._tell()

    def focus_first(self) -> None:
        """Put the focus on the first button."""
        first = next(iter(self.rows.values()), None)
        if first is None:
            super().focus_first()
        else:
            first.run_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_second(self) -> None:
        """Tell the times again, and ask where a due time has passed unheard."""
        now = time.time()
        if any(has_passed(each, now) for each in self._shown):
            self.wanted.emit()
        self._tell()

    def _make_rows(self, names: Sequence[str]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            drop(item.widget())
        self.rows = {}
        for name, schedule in zip(names, self._shown, strict=True):
            if self.rows:
                self._list.addWidget(Rule())
            row = self.rows[name] = ScheduleRow(schedule)
            row.chosen.connect(partial(self.steered.emit, name))
            self._list.addWidget(row)

    def _tell(self) -> None:
        now, theme = time.time(), self._themes.theme
        for each in self._shown:
            self.rows[each["name"]].show_schedule(each, now, theme)
