"""A choice of one value in this window's look: a drop-down list, segments, or filters."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QToolTip,
    QWidget,
)

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, restyle, set_role, sized
from desktop.gui.kit.widgets.surfaces import put_arrow_behind
from desktop.gui.kit.widgets.texts import announce, tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor, QResizeEvent, QWheelEvent


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
        self._is_other = False  # than was chosen before
        self.currentIndexChanged.connect(self._on_other)
        self.activated.connect(self._on_activated)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Replace the values, given as (value, text); the chosen value stays chosen."""
        before = self.value()
        self.clear()
        for value, words in choices:
            self.addItem(words, value)
        if before:
            self.set_value(before)
        self._is_other = False

    def value(self) -> str:
        """Return the chosen value, or an empty text if there is none."""
        return str(self.currentData() or "")

    def set_value(self, value: str) -> None:
        """Choose a value without emitting ``chosen``; an unknown value is added to the list."""
        if self.findData(value) < 0:
            self.addItem(value, value)
        self.setCurrentIndex(self.findData(value))
        self._is_other = False

    def _on_other(self) -> None:
        self._is_other = True

    def _on_activated(self) -> None:
        """Tell what the person chose, unless it was chosen before."""
        is_other, self._is_other = self._is_other, False
        if is_other:
            self.chosen.emit(self.value())

    def event(self, event: QEvent) -> bool:
        """Show the whole text of the chosen value as tooltip if it is cut, above another tip."""
        if event.type() != QEvent.Type.ToolTip or not self.is_cut():
            return super().event(event)
        words = tip(self.currentText()) + self.toolTip()
        QToolTip.showText(QCursor.pos(), words, self)
        return True

    def is_cut(self) -> bool:
        """Tell whether the text of the chosen value has too little room."""
        return self.fontMetrics().horizontalAdvance(self.currentText()) > self._room()

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

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Cut the text if room is short."""
        super().initStyleOption(option)
        shown, right = self.words(), Qt.TextElideMode.ElideRight
        option.currentText = self.fontMetrics().elidedText(shown, right, self._room())

    def _room(self) -> int:
        """Return the width of the text, before the arrow."""
        option, part = QStyleOptionComboBox(), QStyle.SubControl.SC_ComboBoxEditField
        super().initStyleOption(option)
        control = QStyle.ComplexControl.CC_ComboBox
        return self.style().subControlRect(control, option, part, self).width()


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
            button = QPushButton(words)
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

    def button(self, value: str) -> QPushButton:
        """Return the button of a value."""
        return self._buttons[value]


def take_tab(button: QAbstractButton, chosen: bool) -> None:
    """Let Tab stop only at the chosen button; Qt would stop at the one focused last."""
    policy = Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus
    button.setFocusPolicy(policy)


class FilterButton(QPushButton):
    """A flat button of a filter, a radio button to screen readers, with a count."""

    def __init__(self, title: str, icon_name: str | None, token: str) -> None:
        super().__init__()
        self.title, self.count = title, ""
        self._icon, self._token = icon_name, token
        self._is_empty = False
        set_role(self, "filter")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_count("")
        self.set_urgent(False)
        LOOK.changed.connect(self._forget_width)

    def set_count(self, count: str, *, empty: bool = False) -> bool:
        """Show another count; tell whether the row has to be laid out again.

        An ``empty`` filter leaves the row first. A button keeps the width of its longest count, so
        a search moves none.
        """
        was_empty, self._is_empty = self._is_empty, empty
        self.count = count
        self.setText(f"{self.title}  {count}" if count else self.title)
        self.setAccessibleName(f"{self.title}, {count}" if count else self.title)
        before = self.minimumWidth()
        self.setMinimumWidth(self.room)
        return self.minimumWidth() > before or was_empty != empty

    def _forget_width(self) -> None:
        self.setMinimumWidth(0)

    @property
    def room(self) -> int:
        """The width that it takes, in logical pixels."""
        return max(self.minimumWidth(), self.sizeHint().width())

    @property
    def may_step_back(self) -> bool:
        """Whether it leaves the row first if room is short: it is empty and not chosen."""
        return self._is_empty and not self.isChecked()

    @property
    def picture(self) -> tuple[str, QColor] | None:
        """The icon and its colour, for the menu that lists this filter."""
        return (self._icon, LOOK.theme.color(self._token)) if self._icon else None

    @property
    def is_urgent(self) -> bool:
        """Whether it stands out."""
        return bool(self.property("ink"))

    def set_urgent(self, urgent: bool) -> None:
        """Show it in the colour of its state if it is urgent."""
        ink = self._token if urgent else ""
        if ink == self.property("ink"):
            return
        restyle(self, ink=ink)
        if self._icon:
            icons.put(self, self._icon, self._token if urgent else "soft text")


class FilterRow(QWidget):
    """Shows filters from left to right; if room is short, not all of them.

    Those left out are in the menu of *More*: empty ones first, then the last ones, urgent ones at
    the end. The first and a chosen one always stay. Some may have their place in that
    menu however much room there is.
    """

    def __init__(self) -> None:
        super().__init__()
        self._in_row: Sequence[FilterButton] = ()
        self._absent: set[FilterButton] = set()
        self._of_menu: set[FilterButton] = set()
        self._announced = ""
        self.more = set_role(QPushButton(self.tr("More")), "chip")
        self.more.setMenu(QMenu(self.more))
        put_arrow_behind(self.more)
        self.more.menu().aboutToShow.connect(self._on_about_to_show)
        icons.put(self.more, "chevron-down")
        self._row = sized(QHBoxLayout(self), margins=(0, 0, 4, 0), spacing=4)
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        sized(self, height=(44, 34), least_width=160)
        LOOK.changed.connect(self.fit)

    def put(self, buttons: Sequence[FilterButton]) -> None:
        """Fill the row with buttons."""
        self._in_row = buttons
        for button in buttons:
            self._row.addWidget(button)
            take_tab(button, button.isChecked())
            button.toggled.connect(partial(take_tab, button))
            button.toggled.connect(lambda _: self.fit())
        self._row.addWidget(self.more)
        self._row.addStretch(1)

    def set_place(self, button: FilterButton, *, is_present: bool, in_row: bool = True) -> None:
        """Give a button its place in the row or in the menu, or remove it from both."""
        before = button not in self._absent, button not in self._of_menu
        for is_in, others in ((is_present, self._absent), (in_row, self._of_menu)):
            (others.discard if is_in else others.add)(button)
        if before != (is_present, in_row):
            self.fit()

    def announce_found(self, *, is_search: bool) -> None:
        """Let a screen reader say how many a search finds, unless it has said so."""
        chosen = [each.accessibleName() for each in self._in_row if each.isChecked()]
        before, self._announced = self._announced, ", ".join(chosen) if is_search else ""
        if self._announced not in {"", before}:
            announce(self, self._announced)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the buttons that do not fit."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Show as many buttons as fit; call this after the text of one has changed."""
        room, space = self.width(), self._row.spacing()
        present = self._present()
        buttons = [each for each in present if each not in self._of_menu or each.isChecked()]
        taken = self._width_of(buttons)
        if taken > room or len(buttons) < len(present):
            room -= self.more.sizeHint().width() + space
        may_go = [button for button in reversed(buttons[1:]) if not button.isChecked()]
        may_go.sort(key=lambda button: (not button.may_step_back, button.is_urgent))
        while may_go and taken > room:
            gone = may_go.pop(0)
            buttons.remove(gone)
            taken -= gone.room + space
        for button in self._in_row:
            button.setVisible(button in buttons)
        left_out = self._left_out()
        self.more.setVisible(bool(left_out))
        self.more.setAccessibleName(
            self.tr("More: {}").format(", ".join(button.accessibleName() for button in left_out))
        )
        self.more.setToolTip(self.more.accessibleName())

    def _left_out(self) -> list[FilterButton]:
        return [button for button in self._present() if button.isHidden()]

    def _on_about_to_show(self) -> None:
        """List the buttons that do not fit in the menu, with their counts."""
        menu, theme = self.more.menu(), LOOK.theme
        menu.clear()
        for button in self._left_out():
            action = menu.addAction(f"{button.title}\t{button.count}")
            action.setCheckable(button.isCheckable())
            action.setChecked(button.isChecked())
            action.setToolTip(button.toolTip())
            action.triggered.connect(button.click)
            if picture := button.picture:
                action.setIcon(icons.qicon(*picture, theme))

    def _present(self) -> list[FilterButton]:
        return [button for button in self._in_row if button not in self._absent]

    def _width_of(self, buttons: Sequence[FilterButton]) -> int:
        margins = self._row.contentsMargins()
        gaps = self._row.spacing() * max(0, len(buttons) - 1)
        widths = sum(button.room for button in buttons)
        return widths + gaps + margins.left() + margins.right()
