"""A choice of one value in this window's look: a drop-down list, segments, or chips."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMargins, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QFont, QFontMetrics, QPainter, QPen
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
from desktop.gui.kit.look.appearance import LOOK, set_role, sized
from desktop.gui.kit.look.icons import icon
from desktop.gui.kit.look.theme import tabular
from desktop.gui.kit.widgets.surfaces import put_arrow_behind
from desktop.gui.kit.widgets.texts import announce, tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor, QPaintEvent, QResizeEvent, QWheelEvent

    from desktop.gui.kit.look.theme import Theme


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


class Segment(QPushButton):
    """A button of :class:`Segments`, wide enough for its text in bold, as when it is chosen."""

    def sizeHint(self) -> QSize:
        """Leave room for the text in bold."""
        heavy = QFont(self.font())
        heavy.setWeight(QFont.Weight.DemiBold)
        needed = QFontMetrics(heavy).horizontalAdvance(self.text())
        more = needed - self.fontMetrics().horizontalAdvance(self.text())
        return super().sizeHint().grownBy(QMargins(0, 0, more, 0))


class Segments(QWidget):
    """A row of segments, one for each of ``choices``, given as (value, text), or of tabs.

    ``chosen`` carries the value when the person changes it, never when the program does.
    """

    chosen = Signal(str)

    def __init__(
        self, name: str, choices: Sequence[tuple[str, str]], role: str = "segment"
    ) -> None:
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
            button.setProperty("role", role)
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


class Chip(QAbstractButton):
    """A chip with its own painting: a style sheet cannot give word and count two colours."""

    def __init__(self, title: str, icon_name: str | None, token: str) -> None:
        super().__init__()
        self._icon = icon_name
        self._token = token
        self._count = ""
        self._urgent: bool | None = None
        self._is_empty = False
        self._longest = ""
        self.setText(title)
        self.setCheckable(True)
        self.setAutoExclusive(True)  # a radio button to screen readers
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(title)
        self.toggled.connect(lambda: self.updateGeometry())
        LOOK.changed.connect(self.updateGeometry)

    @property
    def count(self) -> str:
        """The number shown."""
        return self._count

    def set_count(self, count: str, *, empty: bool = False) -> bool:
        """Show another count; tell whether the row has to be laid out again.

        An ``empty`` chip is painted fainter, and leaves the row first. A chip keeps the width of
        its longest count, so a search moves no chip.
        """
        was_empty, self._is_empty = self._is_empty, empty
        if count == self._count:
            return was_empty != empty
        self._count = count
        self.setAccessibleName(f"{self.text()}, {count}")
        wider = len(count) > len(self._longest)
        if wider:
            self._longest = count
            self.updateGeometry()
        self.update()
        return wider or was_empty != empty

    @property
    def may_step_back(self) -> bool:
        """Whether the chip leaves the row first if room is short: it is empty and not chosen."""
        return self._is_empty and not self.isChecked()

    @property
    def picture(self) -> tuple[str, QColor] | None:
        """The icon and its colour, for the menu that lists this chip."""
        return (self._icon, LOOK.theme.color(self._token)) if self._icon else None

    @property
    def is_urgent(self) -> bool:
        """Whether the count stands out."""
        return self._urgent is True

    def set_urgent(self, urgent: bool) -> None:
        """Show the count in the state's colour if it is urgent; otherwise grey the icon."""
        if urgent != self._urgent:
            self._urgent = urgent
            self.update()

    def sizeHint(self) -> QSize:
        """Return the width of the content in bold and the height of a small button."""
        width = self._content(self._longest, chosen=True)
        return QSize(width + 2 * LOOK.theme.px(10), LOOK.theme.px(28))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: text is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint background, icon, word and count."""
        theme = LOOK.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, theme)
        x = (self.width() - self._content(self._count, chosen=self.isChecked())) // 2
        steps_back = self._is_empty or self._urgent is False
        if self._icon:
            size = theme.px(16)
            color = theme.color("faint text" if steps_back else self._token)
            pixmap = icon(self._icon, color, size, self.devicePixelRatioF())
            painter.drawPixmap(x, (self.height() - size) // 2, pixmap)
            x += size + theme.px(6)
        word = self._font(chosen=self.isChecked())
        lit = self.isChecked() or self.underMouse() or self._urgent
        rest = "faint text" if self._is_empty else "soft text"
        count = self._token if self._urgent else rest if self._is_empty else "text"
        x = self._write(painter, x, self.text(), word, "text" if lit else rest)
        self._write(painter, x + theme.px(7), self._count, self._font(chosen=True), count)
        painter.end()

    def _content(self, count: str, *, chosen: bool) -> int:
        """Return the width of icon, word and count; a word that is not chosen is not bold."""
        px = LOOK.theme.px
        word = QFontMetrics(self._font(chosen=chosen)).horizontalAdvance(self.text())
        counted = QFontMetrics(self._font(chosen=True)).horizontalAdvance(count)
        return word + (px(7) + counted if count else 0) + (px(16) + px(6) if self._icon else 0)

    def _paint_ground(self, painter: QPainter, theme: Theme) -> None:
        chosen = self.isChecked()
        held = chosen or self.isDown()
        ground = "selection" if held else "hover" if self.underMouse() else "surface"
        painter.setBrush(theme.color(ground))
        edge = "accent" if self.hasFocus() else ground
        painter.setPen(QPen(theme.color(edge), 1))
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)

    def _write(self, painter: QPainter, x: int, text: str, font: QFont, token: str) -> int:
        """Paint a word and return the x at which it ends."""
        length = QFontMetrics(font).horizontalAdvance(text)
        painter.setFont(font)
        painter.setPen(LOOK.theme.ink(token))
        room = QRect(x, 0, length + 1, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        return x + length

    def _font(self, *, chosen: bool) -> QFont:
        font = tabular(self.font())
        font.setWeight(QFont.Weight.DemiBold if chosen else QFont.Weight.Normal)
        return font


class ChipRow(QWidget):
    """Shows chips from left to right; if room is short, not all of them.

    The chips left out are in the menu of *More*: empty chips first, then the last ones, urgent
    chips at the end. The first chip and a chosen one always stay. Some may have their place in that
    menu however much room there is.
    """

    def __init__(self) -> None:
        super().__init__()
        self._in_row: Sequence[Chip] = ()
        self._absent: set[Chip] = set()
        self._of_menu: set[Chip] = set()
        self._announced = ""
        self.more = set_role(QPushButton(self.tr("More")), "chip")
        self.more.setMenu(QMenu(self.more))
        put_arrow_behind(self.more)
        self.more.menu().aboutToShow.connect(self._on_about_to_show)
        icons.put(self.more, "chevron-down")
        self._row = sized(QHBoxLayout(self), margins=(0, 0, 4, 0), spacing=4)
        sized(self, height=(44, 34))
        LOOK.changed.connect(self.fit)

    def put(self, chips: Sequence[Chip]) -> None:
        """Fill the row with chips."""
        self._in_row = chips
        for chip in chips:
            self._row.addWidget(chip)
            take_tab(chip, chip.isChecked())
            chip.toggled.connect(partial(take_tab, chip))
            chip.toggled.connect(lambda _: self.fit())
        self._row.addWidget(self.more)
        self._row.addStretch(1)

    def set_place(self, chip: Chip, *, is_present: bool, in_row: bool = True) -> None:
        """Give a chip its place in the row or in the menu, or remove it from both."""
        before = chip not in self._absent, chip not in self._of_menu
        for is_in, others in ((is_present, self._absent), (in_row, self._of_menu)):
            (others.discard if is_in else others.add)(chip)
        if before != (is_present, in_row):
            self.fit()

    def announce_found(self, *, is_search: bool) -> None:
        """Let a screen reader say how many a search finds, unless it has said so."""
        chosen = [each.accessibleName() for each in self._in_row if each.isChecked()]
        before, self._announced = self._announced, ", ".join(chosen) if is_search else ""
        if self._announced not in {"", before}:
            announce(self, self._announced)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the chips that do not fit."""
        super().resizeEvent(event)
        self.fit()

    def minimumSizeHint(self) -> QSize:
        """Ask for little: most chips have a place in the menu."""
        return QSize(LOOK.theme.px(160), self.height())

    def fit(self) -> None:
        """Show as many chips as fit; call this after the text of one has changed."""
        room, space = self.width(), self._row.spacing()
        present = self._present()
        chips = [each for each in present if each not in self._of_menu or each.isChecked()]
        taken = self._width_of(chips)
        if taken > room or len(chips) < len(present):
            room -= self.more.sizeHint().width() + space
        may_go = [chip for chip in reversed(chips[1:]) if not chip.isChecked()]
        may_go.sort(key=lambda chip: (not chip.may_step_back, chip.is_urgent))
        while may_go and taken > room:
            gone = may_go.pop(0)
            chips.remove(gone)
            taken -= gone.sizeHint().width() + space
        for chip in self._in_row:
            chip.setVisible(chip in chips)
        left_out = self._left_out()
        self.more.setVisible(bool(left_out))
        self.more.setAccessibleName(
            self.tr("More: {}").format(", ".join(chip.accessibleName() for chip in left_out))
        )
        self.more.setToolTip(self.more.accessibleName())

    def _left_out(self) -> list[Chip]:
        return [chip for chip in self._present() if chip.isHidden()]

    def _on_about_to_show(self) -> None:
        """List the chips that do not fit in the menu, with their counts."""
        menu, theme = self.more.menu(), LOOK.theme
        menu.clear()
        for chip in self._left_out():
            action = menu.addAction(f"{chip.text()}\t{chip.count}")
            action.setCheckable(chip.isCheckable())
            action.setChecked(chip.isChecked())
            action.setToolTip(chip.toolTip())
            action.triggered.connect(chip.click)
            if picture := chip.picture:
                action.setIcon(icons.qicon(*picture, theme))

    def _present(self) -> list[Chip]:
        return [chip for chip in self._in_row if chip not in self._absent]

    def _width_of(self, chips: Sequence[Chip]) -> int:
        margins = self._row.contentsMargins()
        gaps = self._row.spacing() * max(0, len(chips) - 1)
        widths = sum(chip.sizeHint().width() for chip in chips)
        return widths + gaps + margins.left() + margins.right()
