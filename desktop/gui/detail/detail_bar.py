"""The bar above a task: its tabs, its action buttons, *Copy*, and what enlarges the pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.gui.chosen.action_buttons import ActionButtons
from desktop.gui.look import icons
from desktop.gui.widgets.below_table import EnlargeButton

if TYPE_CHECKING:
    from desktop.gui.detail.tabs import DetailTabs
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class DetailBar(QWidget):
    """Adds the tabs, with the action buttons in the rest of the line."""

    def __init__(self, tabs: DetailTabs, themes: ThemeSource) -> None:
        super().__init__()
        for title in (
            *(self.tr("Summary"), self.tr("Log"), self.tr("Attempts")),
            *(self.tr("Arguments"), self.tr("Message")),
        ):
            tabs.addTab(title)
        self.buttons = ActionButtons(themes)
        self.copy = QPushButton()
        self.copy.setProperty("role", "quiet")
        self.copy.setToolTip(self.tr("Copy the summary as text"))
        self.copy.setAccessibleName(self.tr("Copy"))
        self._row = QHBoxLayout(self)
        self._row.addWidget(tabs)
        self._row.addWidget(self.buttons, 1)
        self._row.addWidget(self.copy)
        self.enlarge = EnlargeButton()
        self._row.addWidget(self.enlarge)
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def _on_theme(self, theme: Theme) -> None:
        px = theme.px
        self._row.setContentsMargins(px(6), 0, px(16), 0)
        self._row.setSpacing(px(8))
        self.setFixedHeight(theme.height(42, low=34))
        icons.put(self.copy, "copy", theme.color("soft text"), theme)
        self.copy.setFixedWidth(px(32))
        self.enlarge.dress(theme)
