"""The schedules: the sheet that lists them, reads them again while it is open, and steers them."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import in_monospace, set_role, sized
from desktop.gui.kit.widgets.buttons import ActionButton
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.kit.widgets.surfaces import Rule, clear
from desktop.gui.kit.widgets.texts import ElidedLabel, Feedback, Paragraph
from desktop.gui.kit.words.ages import day_and_time, until
from desktop.gui.kit.words.states import LOOKS, look_word
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.gui.link.outbox import Wish
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.link.outbox import Outbox
    from sendoff_tasks.model.tasks import LastRun, Schedule, TaskRow


translate = QCoreApplication.translate
EVERY_MS: Final = 2000
"""Milliseconds after which an open sheet reads the schedules again."""
EXAMPLE: Final = (
    '@task(cron="0 7 * * mon-fri", timezone="Europe/Berlin")\ndef digest() -> None: ...'
)


def when_words(schedule: Schedule) -> str:
    """Say how often a schedule runs: its cron line with the time zone, or its interval."""
    if schedule["every"] is not None:
        return translate("schedules", "Every {}").format(schedule["every"])
    return translate("schedules", "{} in {}").format(schedule["cron"], schedule["timezone"])


def next_words(schedule: Schedule, now: float) -> str:
    """Say when a schedule is due next, or since when it is paused; ``now`` in epoch s."""
    if schedule["paused_at"] is not None:
        since = day_and_time(epoch(schedule["paused_at"]) or now, now)
        return translate("schedules", "Paused since {}").format(since)
    if (due := epoch(schedule["next_at"])) is None:
        return ""
    return translate("schedules", "Due {}").format(until(due, now))


def last_words(last: LastRun | None, now: float) -> str:
    """Say when a schedule made its last task, and what state that task is in."""
    if last is None:
        return translate("schedules", "It has not run yet")
    ago = day_and_time(epoch(last["at"]) or now, now)
    if last["state"] is None:
        return translate("schedules", "Last: {}").format(ago)
    return translate("schedules", "Last: {}, {}").format(look_word(last["state"]), ago)


class ScheduleRow(QWidget):
    """The row of one schedule; ``chosen`` carries *run*, *pause* or *resume*."""

    chosen = Signal(str)

    def __init__(self, schedule: Schedule, rights: WindowRights) -> None:
        super().__init__()
        self._schedule = schedule
        self.title = set_role(ElidedLabel(), "heading")
        self.when = set_role(ElidedLabel(), "soft")
        self.next = sized(QLabel(), margins=(0, 0, 12, 0))
        self.last = set_role(QLabel(), "soft")
        self._mark = QLabel()
        self.run_button = ActionButton(self.tr("Run now"))
        icons.put(self.run_button, "play", "text")
        self.run_button.clicked.connect(lambda: self.chosen.emit("run"))
        self.pause_button = sized(ActionButton(), least_width=104)  # fits *Pause* and *Resume*
        self.pause_button.clicked.connect(lambda: self.chosen.emit(self._verb))
        for label in (self.next, self.last):
            label.setTextFormat(Qt.TextFormat.PlainText)
        facts = sized(QHBoxLayout(), spacing=6)
        facts.addWidget(self.next)
        facts.addWidget(self._mark)
        facts.addWidget(self.last)
        facts.addStretch(1)
        buttons = sized(QHBoxLayout(), spacing=8)
        buttons.addWidget(self.run_button)
        buttons.addWidget(self.pause_button)
        grid = sized(QGridLayout(self), margins=(0, 12, 0, 12), across=16, down=4)
        grid.addWidget(self.title, 0, 0)
        grid.addWidget(self.when, 1, 0)
        grid.addLayout(facts, 2, 0, 1, 2)
        grid.addLayout(buttons, 0, 1, 2, 1)
        grid.setColumnStretch(0, 1)
        for button in (self.run_button, self.pause_button):
            button.setVisible(rights.may_change)

    def show_schedule(self, schedule: Schedule, now: float) -> None:
        """Show the schedule as it is at ``now``, in epoch s."""
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
        icons.put(self.pause_button, "play" if is_paused else "pause", "text")
        look = None if last is None else LOOKS.get(last["state"] or "")
        self._mark.setVisible(look is not None)
        if look is not None:
            icons.draw(self._mark, look.icon, look.token)

    @property
    def _verb(self) -> str:
        return "pause" if self._schedule["paused_at"] is None else "resume"


class SchedulesSheet(Sheet):
    """Lists the schedules with their next and last run; ``told`` carries a sentence."""

    told = Signal(str)

    def __init__(
        self, source: ApiSource, outbox: Outbox, host: QWidget, rights: WindowRights
    ) -> None:
        super().__init__(560, host)
        self._outbox = outbox
        self._reading = LatestRequest(source, self._on_failed)
        self._rights = rights
        self.set_title(self.tr("Schedules"))
        self.rows: dict[str, ScheduleRow] = {}
        self._shown: Sequence[Schedule] = ()
        words = self.tr(
            "No task runs by itself yet. Write one in a task file, and say when it is due:"
        )
        self.nothing = Paragraph(words)
        sized(self.nothing, margins=(0, 8, 0, 12))
        self.example = in_monospace(QLabel(EXAMPLE, textFormat=Qt.TextFormat.PlainText))
        self.example.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.trouble = Feedback()
        rows = QWidget()
        self._list = sized(QVBoxLayout(rows), margins=0, spacing=0)
        self.add_scrolled(self.trouble, self.nothing, self.example, rows)
        for each in (self.trouble, self.nothing, self.example):
            each.hide()
        self._clock = QTimer(self, singleShot=True, interval=EVERY_MS)
        self._clock.timeout.connect(self.load)
        for end in (self._clock.stop, self._reading.drop):
            self.closed.connect(end)

    def open(self) -> None:
        """Open the sheet and read the schedules."""
        super().open()
        self.load()

    def load(self) -> None:
        """Read the schedules."""
        self._reading.ask(lambda api: Job(api.schedules.all).then(self.show_schedules))

    def show_schedules(self, schedules: Sequence[Schedule]) -> None:
        """Show the schedules by title; while their list stays the same, the focus stays, too."""
        self._read_on()
        self.trouble.forget_absence()
        self._shown = sorted(schedules, key=lambda each: each["title"].casefold())
        names = [each["name"] for each in self._shown]
        if names != list(self.rows):
            self._make_rows(names)
        self.nothing.setVisible(not names)
        self.example.setVisible(not names)
        for each in self._shown:
            self.rows[each["name"]].show_schedule(each, time.time())

    def focus_first(self) -> None:
        """Put the focus on the first button."""
        first = next(iter(self.rows.values()), None)
        if first is None or not self._rights.may_change:
            super().focus_first()
        else:
            first.run_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_rows(self, names: Sequence[str]) -> None:
        clear(self._list)
        self.rows = {}
        for name, schedule in zip(names, self._shown, strict=True):
            if self.rows:
                self._list.addWidget(Rule())
            row = self.rows[name] = ScheduleRow(schedule, self._rights)
            row.chosen.connect(partial(self._steer, name))
            self._list.addWidget(row)

    def _steer(self, name: str, verb: str) -> None:
        self.trouble.say("")
        if verb == "run":
            run: Wish[TaskRow] = Wish(lambda api, key: api.schedules.run(name, key))
            self._outbox.put(run, self._on_made, self._on_failed)
            return
        steer = Wish(lambda api, _: getattr(api.schedules, verb)(name), about=(self, name))
        self._outbox.put(steer, lambda _: self.load(), self._on_failed)

    def _on_made(self, row: TaskRow) -> None:
        self.told.emit(self.tr("{} is queued as task {}").format(row["title"], row["id"]))
        self.load()

    def _on_failed(self, error: Exception) -> None:
        self._read_on()
        self.trouble.say_why(str(error), error)

    def _read_on(self) -> None:
        if self.isVisible():
            self._clock.start()
