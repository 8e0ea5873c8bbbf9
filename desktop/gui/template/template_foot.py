"""The foot of the template sheet: a sentence, and the buttons for the edited template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.gui.look import icons
from desktop.gui.widgets.buttons import HintedButton
from desktop.gui.widgets.feedback import Feedback
from desktop.gui.widgets.sheets.foot_row import FootRow

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

SAVE_KEYS = "Ctrl+S"


class TemplateFoot(QWidget):
    """The buttons *Send a test*, *Cancel* and *Save*, and a sentence beside or above them."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._usual = self.tr(
            "A template is one file in the templates folder. Its last 20 versions are kept."
        )
        self._not_saved = ""
        self.words = Feedback(self._usual)
        self.test = QPushButton(self.tr("Send a test"))
        self.test.setToolTip(self.tr("Send this message to the sender's own address"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Close without saving (Esc)"))
        self.save = HintedButton(self.tr("Save"), QKeySequence(SAVE_KEYS), themes)
        self._row = FootRow(self, self.words, (self.test, self.cancel, self.save))

    def remind(self, not_saved: str) -> None:
        """Make a failed save the usual sentence; an empty text restores the former one."""
        if not_saved != self._not_saved:
            self._not_saved = not_saved
            usual = (not_saved, "error") if not_saved else (self._usual, "soft")
            self.words.say_usually(*usual)

    def show_state(self, *, saving: bool, testing: bool) -> None:
        """Show on the buttons which action is under way."""
        # Both stay enabled: a disabled button would pass the focus on to Cancel.
        self.save.setText(self.tr("Saving…") if saving else self.tr("Save"))
        self.test.setText(self.tr("Sending…") if testing else self.tr("Send a test"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the sentence above the buttons if room is short."""
        super().resizeEvent(event)
        self._row.fit(self.width())

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        self._row.dress(theme)
        icons.put(self.test, "send", theme.color("text"), theme)
