"""The place of bars above a view: it says which view that is while there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

if TYPE_CHECKING:
    from desktop.gui.frame.view_switch import ViewSwitch
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class Shelf(QWidget):
    """Keeps its height whether a bar lies on it or not: nothing below ever moves.

    It says nothing before ``begin``: a bar of the start would take the place of what is being read.
    """

    def __init__(self, switch: ViewSwitch, themes: ThemeSource) -> None:
        super().__init__()
        self._choice = switch.choice
        self.heading = QLabel()
        self.heading.setProperty("role", "heading")
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.heading, 1)
        self.heading.hide()
        switch.view_chosen.connect(self._on_view)
        self._on_view()
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def begin(self) -> None:
        """Say from now on which view is shown: the bars of the start are known."""
        self.heading.show()

    def _on_view(self) -> None:
        self.heading.setText(self._choice.words())

    def _on_theme(self, theme: Theme) -> None:
        self.setFixedHeight(theme.height(40, low=35))
        self._row.setContentsMargins(theme.px(16), theme.px(4), theme.px(16), 0)
