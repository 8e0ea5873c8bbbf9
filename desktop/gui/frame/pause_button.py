"""*Pause sending ▾*: one press stops or resumes everything, the menu one queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.gui.frame.queue_menu import QueueMenu
from desktop.gui.look import icons

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

PAUSE_KEYS = "Ctrl+Shift+P"


class PauseButton(QWidget):
    """``pause_chosen`` and ``resume_chosen`` mean everything; the arrow beside opens ``menu``."""

    pause_chosen = Signal()
    resume_chosen = Signal()

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self._paused = False
        self.menu = QueueMenu(themes, self)
        self.button = QPushButton()
        self.button.setProperty("edge", "first")
        self.button.clicked.connect(self.toggle)
        self.arrow = QPushButton()
        self.arrow.setProperty("edge", "last")
        self.arrow.setAccessibleName(self.tr("Pause or resume one queue"))
        self.arrow.setToolTip(self.tr("Pause or resume one queue"))
        self.arrow.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for part in (self.button, self.arrow):
            part.setProperty("role", "split")
            row.addWidget(part)
        themes.changed.connect(self._on_theme_changed)
        self._on_theme_changed(themes.theme)

    def show_paused(self, paused: bool) -> None:
        """Offer to resume, or to pause."""
        if paused != self._paused:
            self._paused = paused
            self._on_theme_changed(self._themes.theme)

    def toggle(self) -> None:
        """Ask for the other of the two."""
        (self.resume_chosen if self._paused else self.pause_chosen).emit()

    def _on_theme_changed(self, theme: Theme) -> None:
        words = self.tr("Resume sending") if self._paused else self.tr("Pause sending")
        what = (
            self.tr("Let everything go on ({keys})")
            if self._paused
            else self.tr("Start nothing more until you resume ({keys}); what runs ends first")
        )
        keys = QKeySequence(PAUSE_KEYS).toString(QKeySequence.SequenceFormat.NativeText)
        self.button.setText(words)
        self.button.setToolTip(what.format(keys=keys))
        picture = "play" if self._paused else "pause"
        icons.put(self.button, picture, theme.color("text"), theme)
        icons.put(self.arrow, "chevron-down", theme.color("soft text"), theme)
        self.arrow.setFixedWidth(theme.px(30))
