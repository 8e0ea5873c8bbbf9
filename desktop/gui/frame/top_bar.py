"""The bar on top: the primary action, pausing, the search, and the gear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from desktop.gui.frame.pause_button import PauseButton
from desktop.gui.look import icons
from desktop.gui.widgets.buttons import IconButton
from desktop.gui.widgets.texts import ElidedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class TopBar(QWidget):
    """*New item*, *Import…*, *Pause sending* at the left, the search and the gear at the right.

    ``search`` has what is ``beside`` it next to it.
    """

    new_item_chosen = Signal()
    import_chosen = Signal()

    def __init__(self, search: QWidget, beside: QWidget, menu: QMenu, themes: ThemeSource) -> None:
        super().__init__()
        self.setProperty("area", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._search, self._beside = search, beside
        self._is_brief = False
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
        self.gear = IconButton(self.tr("Settings"))
        self.gear.setMenu(menu)
        self.where = ElidedLabel()
        self.where.setProperty("role", "title")
        self.where.hide()
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.where, 3)
        self._row.addWidget(self.new_item)
        self._row.addWidget(self.importing)
        self._row.addWidget(self.pause)
        self._row.addStretch(1)
        self._row.addWidget(search, 2)
        self._row.addWidget(beside)
        self._row.addWidget(self.gear)
        self._words = {each: each.text() for each in (self.new_item, self.importing)}
        for button, words in self._words.items():
            button.setAccessibleName(words)
        self._themes = themes
        themes.changed.connect(self._on_theme_changed)
        self._on_theme_changed(themes.theme)

    def say_where(self, address: str) -> None:
        """Say which server is shown, where no button has the room."""
        self.where.setText(address)
        self.where.setVisible(self.new_item.isHidden())

    def showEvent(self, event: QShowEvent) -> None:
        """Measure the words in the font that the buttons are shown in."""
        super().showEvent(event)
        self._room_for_words = self._measure()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words of the buttons out where they have no room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show the words if all of them have room."""
        brief = self.width() < self._room_for_words
        if brief == self._is_brief:
            return
        self._is_brief = brief
        for button, words in self._words.items():
            button.setText("" if brief else words)
        self.pause.set_brief(brief)
        self._put_icons(self._themes.theme)

    def _measure(self) -> int:
        """Return the width at which every button has its words."""
        self._is_brief = False
        for button, words in self._words.items():
            button.setText(words)
        self.pause.set_brief(False)
        self._put_icons(self._themes.theme)
        shown = (*self._words, self.pause, self._beside, self.gear)
        for each in shown:
            each.ensurePolished()
        widths = [each.sizeHint().width() for each in shown if not each.isHidden()]
        margins = self._row.contentsMargins()
        between = self._row.spacing() * (len(widths) + 1)
        return sum(widths) + between + margins.left() * 2 + self._search.minimumWidth()

    def _on_theme_changed(self, theme: Theme) -> None:
        px = theme.px
        self.setFixedHeight(px(48))
        self._row.setContentsMargins(px(12), 0, px(12), 0)
        self._row.setSpacing(px(8))
        self._search.setMinimumWidth(px(160))
        self._search.setMaximumWidth(px(330))
        for button in self._words:
            button.setMinimumWidth(px(44))
        self.pause.setMinimumWidth(px(76))
        icons.put(self.gear, "settings", theme.color("text"), theme)
        self.gear.setFixedWidth(px(36))
        self._room_for_words = self._measure()
        self._fit()

    def _put_icons(self, theme: Theme) -> None:
        icons.put(self.new_item, "plus", theme.color("on accent"), theme)
        icons.put(self.importing, "file-up", theme.color("text"), theme)
