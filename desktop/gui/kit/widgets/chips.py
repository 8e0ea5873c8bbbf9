"""Chips, small buttons that each choose a part of a list, and a row that shows those that fit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QWidget

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.follow import LOOK, sized
from desktop.gui.kit.look.icons import icon
from desktop.gui.kit.look.theme import tabular
from desktop.gui.kit.widgets.choice import take_tab
from desktop.gui.kit.widgets.surfaces import InsideMenu, put_arrow_behind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor, QPaintEvent, QResizeEvent

    from desktop.gui.kit.look.theme import Theme


COMPACT: Final = 6
"""Padding beside the text, in units of the grid, if room is short."""


class Chip(QAbstractButton):
    """A chip with its own painting: a style sheet cannot give word and count two colours."""

    def __init__(self, title: str, icon_name: str | None, token: str) -> None:
        super().__init__()
        self._icon = icon_name
        self._token = token
        self._count = ""
        self._compact = False
        self._urgent: bool | None = None
        self._is_empty = self._is_spare = False
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

    def set_count(self, count: str, *, empty: bool = False, spare: bool | None = None) -> bool:
        """Show another count; return whether the row has to be laid out again.

        An ``empty`` chip is painted fainter; a ``spare`` one, by default an empty one, leaves the
        row first. A chip keeps the width of its longest count, so a search moves no chip.
        """
        was_spare, self._is_spare = self._is_spare, empty if spare is None else spare
        if count == self._count:
            return was_spare != self._is_spare
        self._count, self._is_empty = count, empty
        self.setAccessibleName(f"{self.text()}, {count}")
        wider = len(count) > len(self._longest)
        if wider:
            self._longest = count
            self.updateGeometry()
        self.update()
        return wider or was_spare != self._is_spare

    @property
    def may_step_back(self) -> bool:
        """Whether the chip leaves the row first if room is short: it is spare and not chosen."""
        return self._is_spare and not self.isChecked()

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

    def set_compact(self, compact: bool) -> None:
        """Hide the icon and tighten the padding, or show both again."""
        if compact != self._compact:
            self._compact = compact
            self.updateGeometry()
            self.update()

    def width_for(self, *, compact: bool) -> int:
        """Return the width with or without the icon, in logical pixels."""
        px = LOOK.theme.px
        word = QFontMetrics(self._font(chosen=True)).horizontalAdvance(self.text())
        count = QFontMetrics(self._bold()).horizontalAdvance(self._longest)
        room = px(COMPACT if compact else 12) * 2 + word + (px(7) + count if count else 0)
        if self._icon and not compact:
            room += px(16) + px(6)
        return room

    def sizeHint(self) -> QSize:
        """Return the width of the content and the height of a small button."""
        return QSize(self.width_for(compact=self._compact), LOOK.theme.px(28))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: text is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint background, icon, word and count."""
        theme = LOOK.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, theme)
        x = (self.width() - self._content()) // 2
        steps_back = self._is_empty or self._urgent is False
        if self._icon and not self._compact:
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
        self._write(painter, x + theme.px(7), self._count, self._bold(), count)
        painter.end()

    def _content(self) -> int:
        """Return the width of the painted content, which is narrower while it is not bold."""
        px = LOOK.theme.px
        words = QFontMetrics(self._font(chosen=self.isChecked())).horizontalAdvance(self.text())
        count = QFontMetrics(self._bold()).horizontalAdvance(self._count)
        count += px(7) if count else 0
        return words + count + (px(16) + px(6) if self._icon and not self._compact else 0)

    def _paint_ground(self, painter: QPainter, theme: Theme) -> None:
        chosen = self.isChecked()
        held = chosen or self.isDown()
        ground = "selection" if held else "hover" if self.underMouse() else "surface"
        painter.setBrush(theme.color(ground))
        edge = "accent" if self.hasFocus() else ground if chosen else "line"
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

    def _bold(self) -> QFont:
        font = tabular(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font


class ChipRow(QWidget):
    """Shows chips from left to right; if room is short, without icons and then not all of them.

    The chips left out are in the menu of *More*: spare chips first, then the last ones, urgent
    chips at the end. The first chip and a chosen one always stay.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._in_row: Sequence[Chip] = ()
        self._absent: set[Chip] = set()
        self.more = QPushButton(self.tr("More"))
        self.more.setProperty("role", "chip")
        self.more.setMenu(InsideMenu("", self.more, margin=0))
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
        self._row.addStretch(1)
        self._row.addWidget(self.more)

    def set_present(self, chip: Chip, present: bool) -> None:
        """Add a chip to the row, or remove it from row and menu."""
        if present == (chip in self._absent):
            (self._absent.discard if present else self._absent.add)(chip)
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the chips that do not fit."""
        super().resizeEvent(event)
        self.fit()

    def minimumSizeHint(self) -> QSize:
        """Ask for little: most chips have a place in the menu."""
        return QSize(LOOK.theme.px(160), self.height())

    def width_of_all(self, *, compact: bool) -> int:
        """Return the width of all chips, with or without icons, in logical pixels."""
        return self._width_of(self._present(), compact=compact)

    def fit(self) -> None:
        """Show as many chips as fit; call this after the text of one has changed."""
        chips = self._present()
        is_narrow = self.width_of_all(compact=False) > self.width()
        for chip in chips:
            chip.set_compact(is_narrow)
        room = self.width()
        if self._width_of(chips, compact=is_narrow) > room:
            room -= self.more.sizeHint().width() + self._row.spacing()
        may_go = [chip for chip in reversed(chips[1:]) if not chip.isChecked()]
        may_go.sort(key=lambda chip: (not chip.may_step_back, chip.is_urgent))
        while may_go and self._width_of(chips, compact=is_narrow) > room:
            chips.remove(may_go.pop(0))
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

    def _width_of(self, chips: Sequence[Chip], *, compact: bool) -> int:
        margins = self._row.contentsMargins()
        gaps = self._row.spacing() * max(0, len(chips) - 1)
        widths = sum(chip.width_for(compact=compact) for chip in chips)
        return widths + gaps + margins.left() + margins.right()
