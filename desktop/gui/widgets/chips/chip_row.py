"""A row of chips, always one line high; chips that do not fit are in a menu."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.gui.look import icons
from desktop.gui.widgets.choice import take_tab
from desktop.gui.widgets.surfaces import InsideMenu, put_arrow_behind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.widgets.chips.chip import Chip


class ChipRow(QWidget):
    """Shows chips from left to right; if room is short, without icons and then not all of them.

    The chips left out are in the menu of *More*: spare chips first, then the last ones, urgent
    chips at the end. The first chip and a chosen one always stay.
    """

    def __init__(self, name: str, themes: ThemeSource) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._themes = themes
        self._in_row: Sequence[Chip] = ()
        self._absent: set[Chip] = set()
        self.more = QPushButton(self.tr("More"))
        self.more.setProperty("role", "chip")
        self.more.setMenu(InsideMenu("", self.more, themes, margin=0))
        put_arrow_behind(self.more)
        self.more.menu().aboutToShow.connect(self._on_about_to_show)
        self._row = QHBoxLayout(self)
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

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
        (self._absent.discard if present else self._absent.add)(chip)
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the chips that do not fit."""
        super().resizeEvent(event)
        self.fit()

    def minimumSizeHint(self) -> QSize:
        """Ask for little: most chips have a place in the menu."""
        return QSize(self._themes.theme.px(160), self.height())

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
        menu, theme = self.more.menu(), self._themes.theme
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

    def _on_theme(self, theme: Theme) -> None:
        icons.put(self.more, "chevron-down", theme.color("soft text"), theme)
        self.setFixedHeight(theme.height(44, low=34))
        self._row.setContentsMargins(0, 0, theme.px(4), 0)
        self._row.setSpacing(theme.px(4))
        self.fit()
