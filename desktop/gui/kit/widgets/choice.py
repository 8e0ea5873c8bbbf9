"""A choice of one value: segments side by side or a drop-down list, in this window's look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QMargins, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QToolTip,
    QWidget,
)

from desktop.gui.kit.look.follow import LOOK
from desktop.gui.kit.look.icons import icon
from desktop.gui.kit.widgets.texts import tip, tip_if_cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent, QResizeEvent, QWheelEvent
    from PySide6.QtWidgets import QAbstractButton


LETTERS: Final = 8
"""Minimum width of a segment, in average letters."""


class Choice(QComboBox):
    """A drop-down list of values, each with its text.

    ``chosen`` carries the value when the person changes it, never when the program does.
    """

    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.short: dict[str, str] = {}  # by value, the words where the whole text has no room
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setItemDelegate(QStyledItemDelegate(self))  # the list then looks as the theme says
        self.activated.connect(lambda _: self.chosen.emit(self.value()))
        LOOK.changed.connect(self.updateGeometry)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Replace the values, given as (value, text); the chosen value stays chosen."""
        before = self.value()
        self.clear()
        for value, words in choices:
            self.addItem(words, value)
        if before:
            self.set_value(before)

    def value(self) -> str:
        """Return the chosen value, or an empty text if there is none."""
        return str(self.currentData() or "")

    def set_value(self, value: str) -> None:
        """Choose a value without emitting ``chosen``; an unknown value is added to the list."""
        if self.findData(value) < 0:
            self.addItem(value, value)
        self.setCurrentIndex(self.findData(value))

    def sizeHint(self) -> QSize:
        """Make the list as high as a field."""
        return QSize(super().sizeHint().width(), LOOK.theme.px(32))

    minimumSizeHint = sizeHint

    def event(self, event: QEvent) -> bool:
        """Show the whole text of the chosen value as tooltip if it is cut, above another tip."""
        if event.type() != QEvent.Type.ToolTip or not self.is_cut():
            return super().event(event)
        words = tip(self.currentText()) + self.toolTip()
        QToolTip.showText(QCursor.pos(), words, self)
        return True

    def is_cut(self) -> bool:
        """Tell whether the text of the chosen value has too little room."""
        return self.fontMetrics().horizontalAdvance(self.currentText()) > self._room().width()

    def words(self) -> str:
        """Return what is written of the chosen value, before it is cut."""
        whole = self.currentText()
        return self.short.get(self.value(), whole) if self.is_cut() else whole

    def showPopup(self) -> None:
        """Open the list as wide as its widest text."""
        needed = self.view().sizeHintForColumn(0) + LOOK.theme.px(24)
        self.view().setMinimumWidth(max(self.width(), needed))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the scroll area: a choice must not change unseen."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the background, the text and the arrow."""
        theme = LOOK.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_hovered = self.underMouse() or self.hasFocus()
        edge = theme.color("accent") if self.hasFocus() else theme.color("line")
        painter.setPen(QPen(theme.strong("line") if is_hovered and not self.hasFocus() else edge))
        painter.setBrush(theme.color("background"))
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(ground, theme.px(6), theme.px(6))
        side = theme.px(16)
        arrow = icon("chevron-down", theme.color("soft text"), side, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - side - theme.px(8), (self.height() - side) // 2, arrow)
        room = self._room()
        is_chosen = self.currentIndex() >= 0
        words = self.fontMetrics().elidedText(
            self.words() if is_chosen else self.placeholderText(),
            Qt.TextElideMode.ElideRight,
            room.width(),
        )
        painter.setPen(theme.ink("text" if is_chosen else "soft text"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()

    def _room(self) -> QRect:
        """Return the place of the text, before the arrow."""
        px = LOOK.theme.px
        return self.rect().adjusted(px(10), 0, -px(16) - px(12), 0)


class Segment(QPushButton):
    """A button of :class:`Segments`, wide enough for its text in bold, as when it is chosen.

    If room is short, the text is cut and the tooltip shows all of it.
    """

    def sizeHint(self) -> QSize:
        """Leave room for the text in bold."""
        needed = self._heavy().horizontalAdvance(self.text())
        more = needed - self.fontMetrics().horizontalAdvance(self.text())
        return super().sizeHint().grownBy(QMargins(0, 0, more, 0))

    def minimumSizeHint(self) -> QSize:
        """Ask for ``LETTERS`` letters at most."""
        least = self.fontMetrics().averageCharWidth() * LETTERS
        return self.sizeHint().boundedTo(QSize(least, self.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the whole text as tooltip if it is cut."""
        super().resizeEvent(event)
        tip_if_cut(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cut the text if room is short; screen readers get all of it."""
        lacking = self.sizeHint().width() - self.width()
        if lacking <= 0:
            super().paintEvent(event)
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        heavy = self._heavy()
        room = heavy.horizontalAdvance(self.text()) - lacking
        option.text = heavy.elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        painter.end()

    def _heavy(self) -> QFontMetrics:
        heavy = QFont(self.font())
        heavy.setWeight(QFont.Weight.DemiBold)
        return QFontMetrics(heavy)


class Segments(QWidget):
    """A row of segments, one for each of ``choices``, given as (value, text).

    ``chosen`` carries the value when the person changes it, never when the program does.
    """

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for value, words in choices:
            button = Segment(words)
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            button.setCheckable(True)
            button.setAutoExclusive(True)  # a radio button to screen readers
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            button.setProperty("role", "segment")
            button.setAccessibleDescription(name)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            self._group.addButton(button)
            self._buttons[value] = button
            row.addWidget(button)  # no stretch: it would cut long texts to widen short ones
        self._buttons[choices[0][0]].setProperty("edge", "first")
        self._buttons[choices[-1][0]].setProperty("edge", "last")
        self._group.buttonToggled.connect(take_tab)
        self._buttons[choices[0][0]].setChecked(True)
        self._group.buttonClicked.connect(lambda: self.chosen.emit(self.value()))

    def value(self) -> str:
        """Return the chosen value."""
        return next(value for value, button in self._buttons.items() if button.isChecked())

    def set_value(self, value: str) -> None:
        """Choose a value without emitting ``chosen``."""
        self._buttons[value].setChecked(True)

    def words(self) -> str:
        """Return the text of the chosen value."""
        return self._buttons[self.value()].text()

    @property
    def is_wanted(self) -> bool:
        """Whether there is more than one value to choose from."""
        return len(self._buttons) > 1

    def button(self, value: str) -> QPushButton:
        """Return the button of a value."""
        return self._buttons[value]

    def hide_value(self, value: str) -> None:
        """Remove a value; the row hides itself once a single value is left."""
        self._buttons.pop(value).hide()
        left = list(self._buttons.values())
        left[0].setProperty("edge", "first")
        left[-1].setProperty("edge", "last")
        self.setVisible(len(left) > 1)


def take_tab(button: QAbstractButton, chosen: bool) -> None:
    """Let Tab stop only at the chosen button; Qt would stop at the one focused last."""
    policy = Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus
    button.setFocusPolicy(policy)
