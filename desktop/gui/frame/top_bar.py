"""The bar on top: the primary action, pausing, the search, and the gear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from desktop.gui.frame.pause_button import PauseButton
from desktop.gui.look import icons

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class TopBar(QWidget):
    """*New item*, *Import…*, *Pause sending* at the left, ``search`` and the gear at the right."""

    new_item_chosen = Signal()
    import_chosen = Signal()

    def __init__(self, search: QWidget, menu: QMenu, themes: ThemeSource) -> None:
        super().__init__()
        self.setProperty("area", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._search = search
        self.new_item = QPushButton(self.tr("New item"))
        self.new_item.setProperty("role", "primary")
        self.new_item.setToolTip(
            self.tr("Start a new item; an unfinished one is set aside (Ctrl+N)")
        )
        self.new_item.clicked.connect(self.new_item_chosen)
        self.importing = QPushButton(self.tr("Import…"))
        self.importing.setToolTip(self.tr("Send a spreadsheet: one message a row (Ctrl+O)"))
        self.importing.clicked.connect(self.import_chosen)
        self.pause = PauseButton(themes)
        self.gear = QPushButton()
        self.gear.setProperty("role", "quiet")
        self.gear.setAccessibleName(self.tr("Settings"))
        self.gear.setToolTip(self.tr("Settings"))
        self.gear.setMenu(menu)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.new_item)
        self._row.addWidget(self.importing)
        self._row.addWidget(self.pause)
        self._row.addStretch(1)
        self._row.addWidget(search, 2)
        self._row.addWidget(self.gear)
        themes.changed.connect(self._on_theme_changed)
        self._on_theme_changed(themes.theme)

    def _on_theme_changed(self, theme: Theme) -> None:
        px = theme.px
        self.setFixedHeight(px(48))
        self._row.setContentsMargins(px(12), 0, px(12), 0)
        self._row.setSpacing(px(8))
        self._search.setMinimumWidth(px(200))
        self._search.setMaximumWidth(px(330))
        icons.put(self.new_item, "plus", theme.color("on accent"), theme)
        icons.put(self.importing, "file-text", theme.color("text"), theme)
        icons.put(self.gear, "settings", theme.color("text"), theme)
        self.gear.setFixedWidth(px(36))
