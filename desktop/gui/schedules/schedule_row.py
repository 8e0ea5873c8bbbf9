"""One schedule in its sheet: title, when, next, last, and its two buttons; and their words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.gui.ages import age, date, until
from desktop.gui.look import icons
from desktop.gui.parts.texts import ElidedLabel
from desktop.gui.tasks.words.states import LOOKS

if TYPE_CHECKING:
    from desktop.contract.functions import LastRun, Schedule
    from desktop.gui.look.theme import Theme

translate = QCoreApplication.translate


def when_words(schedule: Schedule) -> str:
    """Say by which rule it is due: the line of cron with its zone, or the span."""
    if schedule["every"] is not None:
        return translate("schedules", "Every {}").format(schedule["every"])
    return translate("schedules", "{} in {}").format(schedule["cron"], schedule["timezone"])


def next_words(schedule: Schedule, now: float) -> str:
    """Say when it is due next, or since when it is paused; ``now`` in epoch s."""
    if schedule["paused_at"] is not None:
        since = date(_epoch(schedule["paused_at"]), now)
        return translate("schedules", "Paused since {}").format(since)
    if schedule["next_at"] is None:
        return ""
    return translate("schedules", "Next: {}").format(until(_epoch(schedule["next_at"]), now))


def has_passed(schedule: Schedule, now: float) -> bool:
    """Tell whether its due time has come, so there is another one by now; epoch s."""
    return schedule["next_at"] is not None and _epoch(schedule["next_at"]) < now - 0.5


def last_words(last: LastRun | None, now: float) -> str:
    """Say what became of its last task, and when that was made."""
    if last is None:
        return translate("schedules", "It has not run yet")
    ago = age(_epoch(last["at"]), now)
    look = LOOKS.get(last["state"] or "")
    if look is None:
        return translate("schedules", "Last: {}").format(ago)
    return translate("schedules", "Last: {}, {}").format(translate("words", look.word), ago)


def _epoch(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


class ScheduleRow(QWidget):
    """Shows one schedule; ``chosen`` carries what is to be done: run, pause or resume."""

    chosen = Signal(str)

    def __init__(self, schedule: Schedule) -> None:
        super().__init__()
        self._schedule = schedule
        self.title = ElidedLabel()
        self.title.setProperty("role", "heading")
        self.when = ElidedLabel()
        self.when.setProperty("role", "soft")
        self.next = QLabel()
        self.last = QLabel()
        self.last.setProperty("role", "soft")
        self._mark = QLabel()
        self.run_button = QPushButton(self.tr("Run now"))
        self.run_button.clicked.connect(lambda: self.chosen.emit("run"))
        self.pause_button = QPushButton()
        self.pause_button.clicked.connect(lambda: self.chosen.emit(self._verb))
        for label in (self.next, self.last):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._facts = QHBoxLayout()
        self._facts.addWidget(self.next)
        self._facts.addWidget(self._mark)
        self._facts.addWidget(self.last)
        self._facts.addStretch(1)
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.run_button)
        self._buttons.addWidget(self.pause_button)
        self._grid = QGridLayout(self)
        self._grid.addWidget(self.title, 0, 0)
        self._grid.addWidget(self.when, 1, 0)
        self._grid.addLayout(self._facts, 2, 0, 1, 2)
        self._grid.addLayout(self._buttons, 0, 1, 2, 1)
        self._grid.setColumnStretch(0, 1)

    def show_schedule(self, schedule: Schedule, now: float, theme: Theme) -> None:
        """Show it as it is now, epoch s."""
        self._schedule = schedule
        title, last = schedule["title"], schedule["last"]
        self.title.setText(title)
        self.when.setText(when_words(schedule))
        self.next.setText(next_words(schedule, now))
        self.last.setText(last_words(last, now))
        self.run_button.setAccessibleName(self.tr("Run {} now").format(title))
        is_paused = schedule["paused_at"] is not None
        self.pause_button.setText(self.tr("Resume") if is_paused else self.tr("Pause"))
        name = self.tr("Resume {}") if is_paused else self.tr("Pause {}")
        self.pause_button.setAccessibleName(name.format(title))
        self._dress(theme)

    @property
    def _verb(self) -> str:
        return "pause" if self._schedule["paused_at"] is None else "resume"

    def _dress(self, theme: Theme) -> None:
        px = theme.px
        self._grid.setContentsMargins(0, px(12), 0, px(12))
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(4))
        self._facts.setSpacing(px(6))
        self.next.setContentsMargins(0, 0, px(12), 0)
        self._buttons.setSpacing(px(8))
        self.pause_button.setMinimumWidth(px(104))  # the same with both of its words
        last = self._schedule["last"]
        look = None if last is None else LOOKS.get(last["state"] or "")
        self._mark.setVisible(look is not None)
        if look is not None:
            ratio = self.devicePixelRatioF()
            self._mark.setPixmap(icons.icon(look.icon, theme.color(look.token), px(16), ratio))
        icons.put(self.run_button, "play", theme.color("text"), theme)
        verb = "pause" if self._verb == "pause" else "play"
        icons.put(self.pause_button, verb, theme.color("text"), theme)
