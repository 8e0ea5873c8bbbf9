"""The buttons under an item that is corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.gui.widgets.buttons import HintedButton

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class CorrectionFoot(QWidget):
    """Skip, save, send once more, and what Enter does: ``button``."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._usual = self.tr("Save")
        self._is_saving = self._sends = self._wants_send = False
        self.skip = QPushButton(self.tr("Skip"))
        self.skip.setToolTip(self.tr("Leave this one as it is; go on with the next"))
        self.save = QPushButton(self.tr("Save"))
        self.save.setToolTip(self.tr("Save without sending"))
        self.again = QPushButton(self.tr("Save and send again"))
        self.button = HintedButton(self._usual, QKeySequence("Return"), themes)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addStretch(1)
        for button in (self.skip, self.save, self.again, self.button):
            self._row.addWidget(button)

    def offer(self, *, sends: bool, was_sent: bool) -> None:
        """Offer what can be done; ``sends`` says whether Enter sends the message."""
        self._sends = sends
        self._usual = self.tr("Save and send") if sends else self.tr("Save")
        self.save.setVisible(sends)
        self.again.setVisible(was_sent)
        self.show_saving(self._is_saving)

    def begin(self, *, send: bool) -> None:
        """Show that the correction is being saved, and sent where that is wanted."""
        self._wants_send = send
        self.show_saving(True)

    def not_saved(self) -> str:
        """Say that no answer came, and which button saves it after all."""
        other = self.again if self._wants_send else self.save
        word = self._usual if self._wants_send == self._sends else other.text()
        words = self.tr("Sendoff stopped and may not have saved this. Press “{}” again.")
        return words.format(word)

    def show_saving(self, saving: bool) -> None:
        """Show whether it is being saved."""
        # All stay enabled: a button that is not would hand the focus on.
        self._is_saving = saving
        self.button.setText(self.tr("Saving…") if saving else self._usual)

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._row.setSpacing(theme.px(8))
