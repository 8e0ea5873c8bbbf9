"""The sending hours: on which days, and from when to when, batches are sent."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.contract.rules.hours import DAYS
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.field import editor_label

_FULL: Final = [(f"{hour}:00", f"{hour}:00") for hour in range(25)]
_USUAL: Final = "8:00-18:00"


class HoursPart(QWidget):
    """A choice of days, and with any of them of a begin and an end; ``chosen`` tells of a change.

    Other days and times that are written in the file are offered, too.
    """

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        name = self.tr("Batches are sent")
        self.days = Choice(name)
        spans = {
            4: self.tr("Monday to Friday"),
            5: self.tr("Monday to Saturday"),
            6: self.tr("Every day"),
        }
        known = [(f"{DAYS[0]}-{DAYS[last]}", words) for last, words in spans.items()]
        self.days.set_choices([("", self.tr("At any time")), *known])
        self.days.setToolTip(self.tr("Single e-mails are sent at once, at any time"))
        self.begin = sized(Choice(self.tr("From")), width=88)
        self.end = sized(Choice(self.tr("To")), width=88)
        self.begin.set_choices(_FULL[:-1])
        self.end.set_choices(_FULL[1:])
        grid = sized(QGridLayout(self), margins=0, spacing=4)
        labels = editor_label(name, self.days), editor_label(self.tr("From"), self.begin)
        self._times = labels[1], self.begin, editor_label(self.tr("To"), self.end), self.end
        for column, label in enumerate((*labels, self._times[2])):
            grid.addWidget(label, 0, column)
        for column, choice in enumerate((self.days, self.begin, self.end)):
            grid.addWidget(choice, 1, column)
            choice.chosen.connect(self._on_chosen)
        grid.setColumnStretch(0, 1)
        self.set_value("")

    def set_value(self, hours: str) -> None:
        """Show sending hours as the settings have them, without a signal."""
        days, _, times = (hours or f" {_USUAL}").partition(" ")
        begin, _, end = times.partition("-")
        for choice, value in ((self.days, days), (self.begin, begin), (self.end, end)):
            choice.set_value(value)
        self._show_times()

    def value(self) -> str:
        """Return the sending hours for the settings."""
        days = self.days.value()
        return f"{days} {self.begin.value()}-{self.end.value()}" if days else ""

    def _on_chosen(self) -> None:
        """Keep the end after the begin: the one that was not chosen follows."""
        if _minute(self.begin) >= _minute(self.end):
            if self.sender() is self.end:
                self.begin.set_value(_FULL[(_minute(self.end) - 1) // 60][0])
            else:
                self.end.set_value(_FULL[_minute(self.begin) // 60 + 1][0])
        self._show_times()
        self.chosen.emit()

    def _show_times(self) -> None:
        for widget in self._times:
            widget.setVisible(bool(self.days.value()))


def _minute(choice: Choice) -> int:
    hour, minute = map(int, choice.value().split(":"))
    return hour * 60 + minute
