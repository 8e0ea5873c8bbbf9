"""The line below a list: what belongs to it and is elsewhere, and the way there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.gui.widgets.buttons import Link

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class LineBelow(QWidget):
    """Words and a ``link`` behind them, which subclasses fill; hidden at first."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self.words = QLabel()
        self.words.setProperty("role", "soft")
        self.link = Link("")
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.words)
        self._row.addWidget(self.link)
        self._row.addStretch(1)
        themes.changed.connect(self._dress)
        self._dress(themes.theme)
        self.hide()

    def _dress(self, theme: Theme) -> None:
        px = theme.px
        self._row.setContentsMargins(px(12), px(4), px(12), px(4))
        self._row.setSpacing(px(8))
