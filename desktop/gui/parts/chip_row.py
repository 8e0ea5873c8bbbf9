"""A row of chips that leaves icons out where there is no room for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.parts.chip import Chip


class ChipRow(QWidget):
    """Shows chips from left to right; those on the left keep their icons longest."""

    def __init__(self, name: str, themes: ThemeSource) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setProperty("area", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._in_row: Sequence[Chip] = ()
        self._row = QHBoxLayout(self)
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def put(self, chips: Sequence[Chip]) -> None:
        """Have these chips in the row."""
        self._in_row = chips
        for chip in chips:
            self._row.addWidget(chip)
        self._row.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the icons out where there is no room for them."""
        super().resizeEvent(event)
        self.fit()

    def minimumSizeHint(self) -> QSize:
        """Return the room the chips need without icons."""
        margins = self._row.contentsMargins()
        chips = self._shown()
        room = sum(chip.width_for(compact=True) for chip in chips)
        gaps = self._row.spacing() * (len(chips) - 1)
        return QSize(room + gaps + margins.left() + margins.right(), self.height())

    def fit(self) -> None:
        """Show icons as far as there is room; after the words of a chip have changed."""
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        chips = self._shown()
        gaps = self._row.spacing() * len(chips)
        width = sum(chip.width_for(compact=False) for chip in chips) + gaps
        for chip in reversed(chips):  # those on the left, which say what goes on, keep theirs
            is_too_wide = width > room
            if is_too_wide:
                width -= chip.width_for(compact=False) - chip.width_for(compact=True)
            chip.set_compact(is_too_wide)

    def _shown(self) -> list[Chip]:
        return [chip for chip in self._in_row if not chip.isHidden()]

    def _on_theme(self, theme: Theme) -> None:
        self.setFixedHeight(theme.px(44))
        self._row.setContentsMargins(theme.px(8), 0, theme.px(4), 0)
        self._row.setSpacing(theme.px(4))
        self.fit()
