"""The buttons of the mail settings: *Save* and *Cancel*, or *Close* after a test saved them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.gui.widgets.buttons import HintedButton

if TYPE_CHECKING:
    from PySide6.QtGui import QKeySequence

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class SettingsFoot(QWidget):
    """Shows the buttons for the current state; ``keys`` are the shortcut of *Save*."""

    def __init__(self, keys: QKeySequence, themes: ThemeSource) -> None:
        super().__init__()
        self.save_button = HintedButton(self.tr("Save"), keys, themes)
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.cancel_button.setToolTip(self.tr("Close without saving (Esc)"))
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.setToolTip(self.tr("Close (Esc)"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addStretch(1)
        for button in (self.cancel_button, self.save_button, self.close_button):
            self._row.addWidget(button)

    def show_state(self, *, is_saving: bool, is_done: bool) -> None:
        """Show only *Close* if all ``is_done``; the focus moves to it."""
        # Save stays enabled: a disabled button would pass the focus on to Cancel.
        self.save_button.setText(self.tr("Saving…") if is_saving else self.tr("Save"))
        had_focus = any(each.hasFocus() for each in (self.save_button, self.cancel_button))
        self.close_button.setVisible(is_done)
        if is_done and had_focus:
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.save_button.setHidden(is_done)
        self.cancel_button.setHidden(is_done)

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._row.setSpacing(theme.px(8))
