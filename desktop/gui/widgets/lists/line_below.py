"""The line below a list: it names related rows elsewhere and links to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.gui.widgets.buttons import Link
from desktop.gui.widgets.texts import ElidedLabel

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class LineBelow(QWidget):
    """A text and a ``link`` after it, which subclasses fill; hidden at first.

    The text is cut if room is short: it must not widen the window.
    """

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self.words = ElidedLabel()
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
        self._row.setContentsMargins(px(12), theme.height(4, low=0), px(12), theme.height(4, low=0))
        self._row.setSpacing(px(8))
