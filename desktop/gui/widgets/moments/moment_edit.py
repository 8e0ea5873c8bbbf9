"""A line edit for a day and a time, typed in the order of the locale or picked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QSize, Qt, QTime, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QToolButton

from desktop.gui.look import icons
from desktop.gui.widgets.buttons import END, EndButton
from desktop.gui.widgets.field import SpareUndo
from desktop.gui.widgets.files import LeaveFiles
from desktop.gui.widgets.moments.typed_moment import (
    moment_words,
    part_at,
    read_moment,
    span_of,
    stepped,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

MORNING: Final = QTime(9, 0)
"""The first suggestion is tomorrow at this time."""


class MomentEdit(QLineEdit):
    """A line edit for a moment, with a calendar that ``Alt+Down`` or the icon opens.

    ``changed`` is emitted with each change of the text, also by the program.
    """

    changed = Signal()

    def __init__(self, themes: ThemeSource, *, day_only: bool = False) -> None:
        super().__init__()
        self._themes = themes
        self._day_only = day_only
        self._moment = QDateTime.currentDateTime()
        self._calendar: QCalendarWidget | None = None
        self.opens = EndButton(self.tr("Calendar"), "chevron-down", self)
        self.opens.clicked.connect(self._on_open)
        SpareUndo(self)
        LeaveFiles(self)
        self.textChanged.connect(self._on_text)
        self.editingFinished.connect(self._on_finished)

    @property
    def is_read(self) -> bool:
        """Whether the text can be read as a moment."""
        return read_moment(self.text(), QLocale(), self._moment) is not None

    def date_time(self) -> QDateTime:
        """Return the last moment that was valid."""
        return self._moment

    def show_date_time(self, moment: QDateTime) -> None:
        """Show a moment."""
        self._moment = moment
        self.setText(self._words())

    def example(self) -> str:
        """Return an example of a moment as it is typed in this locale."""
        return moment_words(tomorrow(), QLocale(), day_only=self._day_only)

    def calendar(self) -> QCalendarWidget:
        """Return the calendar; it is created on first use."""
        if self._calendar is None:
            self._calendar = QCalendarWidget(self)
            self._calendar.setWindowFlag(Qt.WindowType.Popup)
            self._calendar.clicked.connect(self._on_day)
            self._calendar.activated.connect(self._on_day)
            self.dress(self._themes.theme)
        return self._calendar

    def dress(self, theme: Theme) -> None:
        """Style the line and its calendar; weekends have the colour of other days."""
        self.opens.dress(theme)
        self.setTextMargins(0, 0, theme.px(END), 0)
        if self._calendar is None:
            return
        for name, arrow in (("prevmonth", "chevron-left"), ("nextmonth", "chevron-right")):
            button = self._calendar.findChild(QToolButton, f"qt_calendar_{name}")
            if button is not None:
                button.setIcon(icons.qicon(arrow, theme.color("soft text"), theme))
        day = QTextCharFormat()
        day.setForeground(theme.ink("text"))
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self._calendar.setWeekdayTextFormat(weekend, day)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the arrow keys step a part of the moment; with Alt they open the calendar."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._on_open()
        elif self.is_read and not self.isReadOnly():
            self._step(steps)

    def _step(self, steps: int) -> None:
        """Step the part at the selection or cursor, and select it."""
        self._on_finished()
        is_part = self.hasSelectedText() and self.selectedText() != self.text()
        cursor = self.selectionStart() if is_part else self.cursorPosition()
        part = part_at(self._words(), cursor)
        self.show_date_time(stepped(self._moment, part, steps))
        self.setSelection(*span_of(self._words(), part))

    def _words(self) -> str:
        return moment_words(self._moment, QLocale(), day_only=self._day_only)

    def _on_text(self, text: str) -> None:
        if text != self._words():  # the program's own text drops the seconds: do not read it
            self._moment = read_moment(text, QLocale(), self._moment) or self._moment
        self.changed.emit()

    def _on_finished(self) -> None:
        """Show a valid text in its normal form; leave an invalid one to be corrected."""
        if self.is_read and self.text() != self._words():
            self.setText(self._words())

    def _on_open(self) -> None:
        if self.isReadOnly():
            return
        calendar = self.calendar()
        calendar.setSelectedDate(self._moment.date())
        px = self._themes.theme.px
        calendar.resize(calendar.sizeHint().expandedTo(QSize(px(400), px(240))))
        place = self.mapToGlobal(self.rect().bottomRight())
        room = self.screen().availableGeometry()
        if place.y() + calendar.height() > room.bottom():
            place.setY(self.mapToGlobal(self.rect().topLeft()).y() - calendar.height())
        calendar.move(max(room.left(), place.x() - calendar.width()), place.y())
        calendar.show()
        calendar.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_day(self, day: QDate) -> None:
        self.calendar().hide()
        self.show_date_time(QDateTime(day, self._moment.time()))


def typed_wrong(editor: MomentEdit) -> str:
    """Return the error of an empty or invalid text, with an example."""
    words = QCoreApplication.translate(
        "MomentField", "Sendoff cannot read this date. Type it as {}."
    )
    if not editor.text().strip():
        words = QCoreApplication.translate("MomentField", "Enter a date, such as {}.")
    return words.format(editor.example())


def tomorrow() -> QDateTime:
    """Return the first suggestion."""
    return QDateTime(QDate.currentDate().addDays(1), MORNING)
