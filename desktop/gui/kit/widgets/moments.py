"""Fields for a day and a time: reading and writing them, a line edit, an optional field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QDate,
    QDateTime,
    QLocale,
    QPoint,
    QSize,
    Qt,
    QTime,
    Signal,
)
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import bind_theme, px, set_role, sized
from desktop.gui.kit.widgets.buttons import END, EndButton, IconButton, Link
from desktop.gui.kit.widgets.editors import LineEdit
from desktop.gui.kit.widgets.texts import Paragraph
from desktop.gui.kit.words.ages import time_pattern

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desktop.gui.kit.look.theme import Theme


_DATE: Final = re.compile(r"\W*(\d{1,4})([^\w:]+)(\d{1,2})[^\w:]+(\d{1,4})(?:[^\w:]+(.*))?")
_TIME: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?:[:.](\d{2}))?")
MORNING: Final = QTime(9, 0)
"""The first suggestion is tomorrow at this time."""


_LONGEST: Final = QDateTime(QDate(2028, 10, 28), QTime(22, 58))


def moment_words(moment: QDateTime, locale: QLocale) -> str:
    """Write a moment in digits with a four-digit year: :func:`read_moment` reads it back."""
    day = _plain(locale.dateFormat(QLocale.FormatType.ShortFormat)).strip(" .")
    day = re.sub("y+", "yyyy", re.sub("M{3,}", "MM", day))
    return str(locale.toString(moment, f"{day} {time_pattern(locale)}"))


def read_moment(text: str, locale: QLocale, before: QDateTime) -> QDateTime | None:
    """Read a typed moment; return ``None`` if any part of the text cannot be read.

    Without a time, the time of ``before`` is used. Day, month and year are in the order of the
    locale; a four-digit year may come first. In a date with dots the day comes first, unless the
    locale itself uses dots in another order.
    """
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    day = _read_day([found[1], found[3], found[4]], locale, dotted="." in found[2])
    clock = (found[5] or "").strip()
    time = _read_time(clock, locale) if clock else before.time()
    if day is None or time is None:
        return None
    made = QDateTime(day, time)
    return made if made.isValid() and made.time() == time else None


def _read_day(numbers: list[str], locale: QLocale, *, dotted: bool) -> QDate | None:
    pattern = _plain(locale.dateFormat(QLocale.FormatType.ShortFormat))
    if dotted and "." not in pattern:
        pattern = "d.M.y"
    order = "yMd" if len(numbers[0]) == 4 else sorted("dMy", key=pattern.find)
    parts = dict(zip(order, numbers, strict=True))
    if len(parts["y"]) not in {2, 4} or len(parts["d"]) > 2 or len(parts["M"]) > 2:
        return None
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    day = QDate(year, int(parts["M"]), int(parts["d"]))
    return day if day.isValid() else None


def _read_time(text: str, locale: QLocale) -> QTime | None:
    """Read a time; am and pm are those of the locale or of English."""
    said = text.casefold()
    halves = {"am": 0, "a.m.": 0, "pm": 12, "p.m.": 12}
    halves |= {locale.amText().casefold(): 0, locale.pmText().casefold(): 12}
    half = next((word for word in sorted(halves, key=len, reverse=True) if word in said), "")
    found = _TIME.fullmatch(said.replace(half, "", 1).strip())
    if found is None or not (half or found[2]):
        return None
    hour = int(found[1])
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + halves[half]
    time = QTime(hour, int(found[2] or 0), int(found[3] or 0))
    return time if time.isValid() else None


def _plain(pattern: str) -> str:
    """Remove quoted words and marks of writing direction from a date pattern."""
    return re.sub(r"'[^']*'|[\u200e\u200f\u061c]", "", pattern)


def _dress_calendar(calendar: QCalendarWidget, theme: Theme) -> None:
    """Give the arrows the theme's colour, and weekends the colour of other days."""
    for name, arrow in (("prevmonth", "chevron-left"), ("nextmonth", "chevron-right")):
        button = calendar.findChild(QToolButton, f"qt_calendar_{name}")
        if button is not None:
            button.setIcon(icons.qicon(arrow, theme.color("soft text"), theme))
    day = QTextCharFormat()
    day.setForeground(theme.ink("text"))
    for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(weekend, day)


class MomentEdit(LineEdit):
    """A line edit for a moment, with a calendar that ``Alt+Down`` or the icon opens.

    ``changed`` is emitted with each change of the text, also by the program.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._moment = QDateTime.currentDateTime()
        self._calendar: QCalendarWidget | None = None
        self.opens = EndButton(self.tr("Calendar"), "chevron-down", self)
        self.opens.clicked.connect(self._on_open)
        sized(self, text_margins=(0, 0, END, 0))
        bind_theme(self, "room", MomentEdit.leave_room)
        self.textChanged.connect(self._on_text)
        self.editingFinished.connect(self._on_finished)

    def leave_room(self, theme: Theme) -> None:
        """Be as wide as the longest moment of this locale."""
        self.ensurePolished()
        words = moment_words(_LONGEST, QLocale())
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(words) + theme.px(END + 28))

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
        return moment_words(tomorrow(), QLocale())

    def calendar(self) -> QCalendarWidget:
        """Return the calendar; it is created on first use."""
        if self._calendar is None:
            self._calendar = QCalendarWidget(self)
            self._calendar.setWindowFlag(Qt.WindowType.Popup)
            self._calendar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            self._calendar.setContentsMargins(1, 1, 1, 1)  # of its frame
            no_weeks = QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader
            self._calendar.setVerticalHeaderFormat(no_weeks)
            self._calendar.clicked.connect(self._on_day)
            self._calendar.activated.connect(self._on_day)
            bind_theme(self._calendar, "look", _dress_calendar)
        return self._calendar

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the calendar on Alt and an arrow key."""
        is_arrow = event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}
        if is_arrow and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._on_open()
        else:
            super().keyPressEvent(event)

    def _words(self) -> str:
        return moment_words(self._moment, QLocale())

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
        calendar.resize(calendar.sizeHint().expandedTo(QSize(px(400), px(240))))
        place = self.mapToGlobal(self.rect().bottomRight())
        room = self.screen().availableGeometry()
        if place.y() + calendar.height() > room.bottom():
            place.setY(self.mapToGlobal(self.rect().topLeft()).y() - calendar.height())
        least = self.window().mapToGlobal(QPoint(px(8), 0)).x()  # inside the window
        calendar.move(max(room.left(), least, place.x() - calendar.width()), place.y())
        calendar.show()
        calendar.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_day(self, day: QDate) -> None:
        self.calendar().hide()
        self.show_date_time(QDateTime(day, self._moment.time()))


def tomorrow() -> QDateTime:
    """Return the first suggestion."""
    return QDateTime(QDate.currentDate().addDays(1), MORNING)


class MomentField(QWidget):
    """A link that adds a moment, or the moment with a button that removes it.

    ``edited`` is emitted when the person changes it, never when the program does.
    """

    edited = Signal()

    def __init__(self, label: str, link: str, *, optional: bool = True) -> None:
        """``link`` is the text of the link; if it is not ``optional``, there always is a moment."""
        super().__init__()
        self._quiet = False
        self._optional = optional
        self.begin = Link(link)
        icons.put(self.begin, "calendar-clock", "accent")
        self.begin.setToolTip(self.tr("Choose a day and a time for it"))
        self.editor = MomentEdit()
        self.editor.setAccessibleName(label)
        self.editor.changed.connect(self._on_changed)
        remove = self.tr("Remove the time")
        self.none = IconButton(remove, "x", self.tr("Remove the time: it starts at once"))
        self._error = set_role(Paragraph(), "error")
        column = sized(QVBoxLayout(self), margins=0, spacing=4)
        row = sized(QHBoxLayout(), spacing=4)
        row.addWidget(self.begin)
        row.addWidget(self.editor, 1)
        row.addWidget(self.none)
        column.addLayout(row)
        column.addWidget(self._error)
        self.begin.clicked.connect(self._on_begin)
        self.none.clicked.connect(self._on_none)
        self.set_moment("" if optional else _written(tomorrow()))

    def moment(self) -> str:
        """Return the moment (RFC 3339, UTC), or an empty text if there is none."""
        return "" if self.editor.isHidden() else _written(self.editor.date_time())

    def set_moment(self, moment: str) -> None:
        """Show a moment (RFC 3339), or none if it is empty, without emitting ``edited``."""
        self._quiet = True
        if moment:
            read = QDateTime.fromString(moment, Qt.DateFormat.ISODateWithMs)
            self.editor.show_date_time(read.toLocalTime())
        self._show(bool(moment) or not self._optional)
        self._quiet = False

    def typed(self) -> str:
        """Return the typed text, valid or not; an empty text if there is no moment."""
        return "" if self.editor.isHidden() else self.editor.text()

    def check(self) -> bool:
        """Show the error, if any; tell whether the text is valid and in the future."""
        if not self.is_read:
            words = self.tr("Sendoff cannot read this date. Type it as {}.")
            if not self.editor.text().strip():
                words = self.tr("Enter a date, such as {}.")
            self._say(words.format(self.editor.example()))
            return False
        is_past = bool(self.moment()) and self.editor.date_time() <= QDateTime.currentDateTime()
        self._say(self.tr("This time has passed.") if is_past else "")
        return not is_past

    def problem(self) -> str | None:
        """Show the error, if any, and return it; ``None`` if the moment is valid."""
        return None if self.check() else self._error.text()

    @property
    def is_read(self) -> bool:
        """Whether the text can be read as a moment, or there is none."""
        return self.editor.isHidden() or self.editor.is_read

    @property
    def error(self) -> str:
        """The error shown, or an empty text."""
        return self._error.text()

    def show_error(self, sentence: str) -> None:
        """Show an error that the backend reports."""
        self._say(sentence)

    def _on_begin(self) -> None:
        self.set_moment(_written(tomorrow()))
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _on_none(self) -> None:
        self.set_moment("")
        self.begin.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _on_changed(self) -> None:
        self._say("")
        if not self._quiet:
            self.edited.emit()

    def _show(self, there: bool) -> None:
        self.begin.setVisible(not there)
        self.editor.setVisible(there)
        self.none.setVisible(there and self._optional)
        self._say("")

    def _say(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.editor.setAccessibleDescription(sentence)


def _written(moment: QDateTime) -> str:
    return str(moment.toUTC().toString(Qt.DateFormat.ISODateWithMs))
