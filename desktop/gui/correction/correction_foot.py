"""The buttons of the correction sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.gui.widgets.buttons import HintedButton

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class CorrectionFoot(QWidget):
    """*Skip*, *Save*, *Save and send again*, and the ``button`` that Enter presses."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._usual = self.tr("Save")
        self._is_saving = self._sends = self._wants_send = False
        self.skip = QPushButton(self.tr("Skip"))
        self.skip.setToolTip(self.tr("Leave this one as it is; continue with the next"))
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
        """Show the buttons for a message; ``sends`` tells whether Enter sends it."""
        self._sends = sends
        self._usual = self.tr("Save and send") if sends else self.tr("Save")
        self.save.setVisible(sends)
        self.again.setVisible(was_sent)
        self.show_saving(self._is_saving)

    def begin(self, *, send: bool) -> None:
        """Show that the correction is being saved; ``send`` tells whether it is also sent."""
        self._wants_send = send
        self.show_saving(True)

    def not_saved(self) -> str:
        """Return a sentence that no answer came, with the button to press again."""
        other = self.again if self._wants_send else self.save
        word = self._usual if self._wants_send == self._sends else other.text()
        words = self.tr("Sendoff stopped and may not have saved this. Press “{}” again.")
        return words.format(word)

    def show_saving(self, saving: bool) -> None:
        """Show whether the correction is being saved."""
        # All stay enabled: a disabled button would pass the focus on.
        self._is_saving = saving
        self.button.setText(self.tr("Saving…") if saving else self._usual)

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._row.setSpacing(theme.px(8))
