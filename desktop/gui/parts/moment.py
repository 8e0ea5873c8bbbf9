"""A day and a time: chosen from a calendar or typed, in the system's own order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt, QTime, Signal
from PySide6.QtGui import QPainter, QTextCharFormat
from PySide6.QtWidgets import (
    QDateTimeEdit,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.look import icons
from desktop.gui.parts.buttons import Link

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QShowEvent, QWheelEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

MORNING: Final = QTime(9, 0)
"""What is offered first: tomorrow at this time."""


class MomentEdit(QDateTimeEdit):
    """A ``QDateTimeEdit`` with a calendar, in this window's look."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        locale, short = QLocale(), QLocale.FormatType.ShortFormat
        self.setDisplayFormat(f"{locale.dateFormat(short)}  {locale.timeFormat(short)}")
        self.setCalendarPopup(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrow of the calendar as every other icon is drawn."""
        super().paintEvent(event)
        theme = self._themes.theme
        side = theme.px(16)
        arrow = icons.icon("chevron-down", theme.color("soft text"), side, self.devicePixelRatioF())
        painter = QPainter(self)
        painter.drawPixmap(self.width() - side - theme.px(6), (self.height() - side) // 2, arrow)
        painter.end()

    def dress_calendar(self, theme: Theme) -> None:
        """Give the calendar this window's arrows, and weekends the ink of any other day."""
        calendar = self.calendarWidget()
        for name, arrow in (("prevmonth", "chevron-left"), ("nextmonth", "chevron-right")):
            button = calendar.findChild(QToolButton, f"qt_calendar_{name}")
            if button is not None:
                button.setIcon(icons.qicon(arrow, theme.color("soft text"), theme.px(16)))
        day = QTextCharFormat()
        day.setForeground(theme.ink("text"))
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(weekend, day)

    def showEvent(self, event: QShowEvent) -> None:
        """Dress the calendar, which Qt makes when it is first asked for: not at the start."""
        super().showEvent(event)
        self.dress_calendar(self._themes.theme)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what scrolls: a time must not change unseen."""
        event.ignore()


class MomentField(QWidget):
    """No moment, shown as a link that begins one, or a day and a time with a way back to none.

    ``edited`` is emitted when the person changes it, never when the program does.
    """

    edited = Signal()

    def __init__(
        self, label: str, link: str, themes: ThemeSource, *, optional: bool = True
    ) -> None:
        """``link`` is what begins a moment; with ``optional`` off there always is one."""
        super().__init__()
        self._quiet = False
        self._optional = optional
        self.begin = Link(link)
        self.editor = MomentEdit(themes)
        self.editor.setAccessibleName(label)
        self.editor.dateTimeChanged.connect(self._on_changed)
        self.none = QPushButton()
        self.none.setProperty("role", "quiet")
        self.none.setAccessibleName(self.tr("No time"))
        self.none.setToolTip(self.tr("No time: at once"))
        self._label = QLabel(label)
        self._label.setProperty("role", "soft")
        self._label.setBuddy(self.editor)
        self._error = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._error.setProperty("role", "error")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._row = QHBoxLayout()
        self._row.addWidget(self.editor, 1)
        self._row.addWidget(self.none)
        self._column.addWidget(self.begin, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._label)
        self._column.addLayout(self._row)
        self._column.addWidget(self._error)
        self.begin.clicked.connect(self._on_begin)
        self.none.clicked.connect(self._on_none)
        self.set_moment("" if optional else _written(_tomorrow()))
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def moment(self) -> str:
        """Return the moment (RFC 3339, UTC), or an empty text where there is none."""
        return "" if self.editor.isHidden() else _written(self.editor.dateTime())

    def set_moment(self, moment: str) -> None:
        """Show a moment (RFC 3339), or none where it is empty; without ``edited``."""
        self._quiet = True
        if moment:
            read = QDateTime.fromString(moment, Qt.DateFormat.ISODateWithMs)
            self.editor.setDateTime(read.toLocalTime())
        self._show(bool(moment) or not self._optional)
        self._quiet = False

    def check(self) -> bool:
        """Show what is wrong; tell whether it is right: a moment must be still to come."""
        is_past = bool(self.moment()) and self.editor.dateTime() <= QDateTime.currentDateTime()
        self._say(self.tr("This time has passed.") if is_past else "")
        return not is_past

    def problem(self) -> str | None:
        """Say what is wrong with it, without showing it."""
        return None if self.check() else self._error.text()

    @property
    def error(self) -> str:
        """The error shown, or an empty text."""
        return self._error.text()

    def show_error(self, sentence: str) -> None:
        """Show what the backend says of it."""
        self._say(sentence)

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        px = theme.px
        self._column.setSpacing(px(4))
        self._row.setSpacing(px(4))
        icons.put(self.begin, "calendar-clock", theme.color("accent"), theme)
        icons.put(self.none, "x", theme.color("soft text"), theme)
        self.none.setFixedWidth(px(32))
        if not self.editor.isHidden():
            self.editor.dress_calendar(theme)

    def _on_begin(self) -> None:
        self.set_moment(_written(_tomorrow()))
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
        for part in (self._label, self.editor):
            part.setVisible(there)
        self.none.setVisible(there and self._optional)
        self._say("")

    def _say(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.editor.setAccessibleDescription(sentence)


def _tomorrow() -> QDateTime:
    return QDateTime(QDate.currentDate().addDays(1), MORNING)


def _written(moment: QDateTime) -> str:
    return str(moment.toUTC().toString(Qt.DateFormat.ISODateWithMs))
