"""The sheet for the limit of a started batch: how many are sent in which time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence

from desktop.gui.kit.widgets.buttons import HintedButton
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.kit.widgets.texts import Feedback, WholeLabel
from desktop.gui.kit.words.ages import rate_problem
from desktop.gui.kit.words.states import error_words, sentences

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.contract.batches import Batch


class LimitSheet(Sheet):
    """Asks for the limit of a batch; ``answered`` carries its number and the rate or ``None``."""

    answered = Signal(int, object)

    def __init__(self, host: QWidget) -> None:
        super().__init__(400, host)
        self.set_title(self.tr("Limit of a batch"))
        self._number = 0
        self._about = WholeLabel()
        self._about.setProperty("role", "soft")
        hint = self.tr("100/day or 20/h, empty for none")
        self.rate = Field(self.tr("At most"), rate_problem, placeholder=hint)
        self.trouble = Feedback()
        self.button = HintedButton(self.tr("Save"), QKeySequence("Return"))
        self.button.clicked.connect(self._on_save)
        self.set_default(self.button)
        self.add_scrolled(self._about, self.rate, self.trouble)
        self.foot.addStretch(1)
        self.foot.addWidget(self.button)

    def ask(self, batch: Batch) -> None:
        """Open the sheet for a batch."""
        self._number = batch["batch_id"]
        name = self.tr("Batch {}: {}").format(batch["batch_id"], batch["name"])
        each = self.tr(
            "Failed and postponed attempts count, too. Attempts while the server is away do not."
        )
        self._about.setText(sentences(f"{name}.", each))
        self.rate.set_text(batch["rate"] or "")
        self.trouble.say("")
        self.open()
        self.rate.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self, number: int) -> None:
        """Close the sheet once the limit of its batch was changed; it may be about another now."""
        if number == self._number:
            self.close()

    def show_failure(self, number: int, error: Exception) -> None:
        """Show why the limit of its batch was not changed."""
        if number == self._number:
            self.trouble.say_why(error_words(error), error)

    def _on_save(self) -> None:
        if self.rate.check():
            self.answered.emit(self._number, self.rate.text().strip() or None)
