"""A chip: icon, word and count on a round ground; and a row of them, of which one is chosen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from desktop.gui.look.icons import icon
from desktop.gui.look.theme import tabular
from desktop.gui.widgets.choice import take_tab

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

COMPACT: Final = 6
"""Units of the grid beside the words where room is short."""


class Chip(QAbstractButton):
    """Painted by itself: a style sheet could not set a word and a bold count in two inks."""

    def __init__(self, title: str, icon_name: str | None, token: str, themes: ThemeSource) -> None:
        super().__init__()
        self._icon = icon_name
        self._token = token
        self._themes = themes
        self._count = ""
        self._compact = False
        self._urgent: bool | None = None
        self._is_empty = False
        self.setText(title)
        self.setCheckable(True)
        self.setAutoExclusive(True)  # a radio button to screen readers
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(title)
        self.toggled.connect(lambda: self.updateGeometry())
        themes.changed.connect(self._on_theme)

    def _on_theme(self) -> None:
        self.updateGeometry()

    @property
    def count(self) -> str:
        """The number shown."""
        return self._count

    def set_count(self, count: str, *, empty: bool = False) -> bool:
        """Show another number; an empty chip steps back, without its number where room is short.

        Tells whether it needs another width.
        """
        if count == self._count:
            return False
        wider = len(count) != len(self._count) or empty != self._is_empty
        self._count, self._is_empty = count, empty
        self.setAccessibleName(f"{self.text()}, {count}")
        if wider:
            self.updateGeometry()
        self.update()
        return wider

    @property
    def may_step_back(self) -> bool:
        """Whether it may be left out where room is short: it is empty, and not the chosen one."""
        return self._is_empty and not self.isChecked()

    @property
    def is_urgent(self) -> bool:
        """Whether the count stands out."""
        return self._urgent is True

    def set_urgent(self, urgent: bool) -> None:
        """Show the count in the state's own colour, or, with nothing urgent, the icon in none."""
        if urgent != self._urgent:
            self._urgent = urgent
            self.update()

    def set_compact(self, compact: bool) -> None:
        """Leave the icon out and move closer, or show it again."""
        if compact != self._compact:
            self._compact = compact
            self.updateGeometry()
            self.update()

    def width_for(self, *, compact: bool) -> int:
        """Return the width with or without the icon, in logical pixels."""
        px = self._themes.theme.px
        word = QFontMetrics(self._font(chosen=True)).horizontalAdvance(self.text())
        shown = self._count_shown(compact=compact)
        count = QFontMetrics(self._bold()).horizontalAdvance(shown)
        room = px(COMPACT if compact else 12) * 2 + word + (px(7) + count if count else 0)
        if self._icon and not compact:
            room += px(16) + px(6)
        return room

    def sizeHint(self) -> QSize:
        """Return the width of its words, and the height of a small button."""
        return QSize(self.width_for(compact=self._compact), self._themes.theme.px(28))

    def minimumSizeHint(self) -> QSize:
        """Never cut words."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, icon, word and count."""
        theme = self._themes.theme
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
        shown = self._count_shown(compact=self._compact)
        self._write(painter, x + theme.px(7), shown, self._bold(), count)
        painter.end()

    def _content(self) -> int:
        """Return the width of what is painted now: words that are not bold leave some room."""
        px = self._themes.theme.px
        words = QFontMetrics(self._font(chosen=self.isChecked())).horizontalAdvance(self.text())
        shown = self._count_shown(compact=self._compact)
        count = px(7) + QFontMetrics(self._bold()).horizontalAdvance(shown) if shown else 0
        return words + count + (px(16) + px(6) if self._icon and not self._compact else 0)

    def _count_shown(self, *, compact: bool) -> str:
        return "" if compact and self._is_empty else self._count

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
        """Write a word and return where it ends."""
        length = QFontMetrics(font).horizontalAdvance(text)
        painter.setFont(font)
        painter.setPen(self._themes.theme.ink(token))
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
    """Shows chips from left to right; where room is short without icons, then without empty ones.

    ``needs_changed`` says that they need another width than before.
    """

    needs_changed = Signal()

    def __init__(self, name: str, themes: ThemeSource) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setProperty("area", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._in_row: Sequence[Chip] = ()
        self._absent: set[Chip] = set()
        self._needs = 0
        self._row = QHBoxLayout(self)
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def put(self, chips: Sequence[Chip]) -> None:
        """Have these chips in the row."""
        self._in_row = chips
        for chip in chips:
            self._row.addWidget(chip)
            take_tab(chip, chip.isChecked())
            chip.toggled.connect(partial(take_tab, chip))
            chip.toggled.connect(lambda _: self.fit())
        self._row.addStretch(1)

    def set_present(self, chip: Chip, present: bool) -> None:
        """Have a chip in the row, or leave it out until it is wanted."""
        (self._absent.discard if present else self._absent.add)(chip)
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what there is no room for."""
        super().resizeEvent(event)
        self.fit()

    def minimumSizeHint(self) -> QSize:
        """Return the room that the chips need: those that stand for something, without icons."""
        chips = [chip for chip in self._present() if not chip.may_step_back]
        return QSize(self._width_of(chips, compact=True), self.height())

    def width_of_all(self, *, compact: bool) -> int:
        """Return the width of all chips, with or without icons, in logical pixels."""
        return self._width_of(self._present(), compact=compact)

    def fit(self) -> None:
        """Show icons and empty chips if there is room; after the words of a chip have changed."""
        chips = self._present()
        is_narrow = self._width_of(chips, compact=False) > self.width()
        for chip in chips:
            chip.set_compact(is_narrow)
        for chip in reversed(self._present()):
            if chip.may_step_back and self._width_of(chips, compact=is_narrow) > self.width():
                chips.remove(chip)
        for chip in self._in_row:
            chip.setVisible(chip in chips)
        needs = self.minimumSizeHint().width()
        if needs != self._needs:
            self._needs = needs
            self.updateGeometry()
            self.needs_changed.emit()

    def _present(self) -> list[Chip]:
        return [chip for chip in self._in_row if chip not in self._absent]

    def _width_of(self, chips: Sequence[Chip], *, compact: bool) -> int:
        margins = self._row.contentsMargins()
        gaps = self._row.spacing() * max(0, len(chips) - 1)
        widths = sum(chip.width_for(compact=compact) for chip in chips)
        return widths + gaps + margins.left() + margins.right()

    def _on_theme(self, theme: Theme) -> None:
        self.setFixedHeight(theme.px(44))
        self._row.setContentsMargins(0, 0, theme.px(4), 0)
        self._row.setSpacing(theme.px(4))
        self.fit()
