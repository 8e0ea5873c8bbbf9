"""The field of an item's number, proposed by the backend or typed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal

from desktop.gui.form.item_kind import number_problem
from desktop.gui.widgets.field import Field

if TYPE_CHECKING:
    from desktop.gui.look.theme import Theme

ASK_AFTER_MS: Final = 400
"""Milliseconds after the last digit until the form asks whether the number is taken."""


class NumberField(Field):
    """Shows the number the next item would get until the person types one.

    ``asked`` carries a number typed by hand; if an item has it, the receiver calls
    :meth:`show_taken`.
    """

    asked = Signal(int)

    def __init__(self) -> None:
        next_free = QCoreApplication.translate("NumberField", "next free")
        super().__init__(
            QCoreApplication.translate("NumberField", "No."), self._problem, placeholder=next_free
        )
        self._line.setAlignment(self.editor, Qt.AlignmentFlag.AlignLeft)
        self.editor.setToolTip(self.tr("Leave it as it is for the next free number"))
        self.is_typed = False
        self._proposed: int | None = None
        self._shown = ""
        self._taken: tuple[str, str] | None = None
        self._pause = QTimer(self, singleShot=True, interval=ASK_AFTER_MS)
        self._pause.timeout.connect(self._on_pause)
        self.edited.connect(self._on_edited)

    def propose(self, number: int | None) -> None:
        """Set the number the next item would get; ``None`` until it is known.

        While the field has the focus, its text does not change.
        """
        self._proposed = number
        if not self.is_typed and not self.editor.hasFocus():
            self.begin_again()

    def begin_again(self, typed: str = "") -> None:
        """Show a typed number, or else the one proposed last."""
        self.is_typed = bool(typed)
        self._shown = "" if self._proposed is None else str(self._proposed)
        self._taken = None
        self._pause.stop()
        self.set_text(typed or self._shown)

    def typed(self) -> str:
        """Return the text typed by hand; empty while the proposed number is shown."""
        return self.text() if self.is_typed else ""

    def number(self) -> int | None:
        """Return the valid number typed by hand, or ``None``: the backend picks one."""
        return int(self.text()) if self.is_typed else None

    def show_taken(self, number: int | None, sentence: str) -> None:
        """Show that an item has this number (``None``: the typed one), unless the text changed."""
        if number is None or self.typed().strip() == str(number):
            self._taken = self.text(), sentence
            self.check()

    def forget_taken(self) -> None:
        """Forget that the number is taken: the item may be gone by now."""
        self._taken = None

    @property
    def is_taken(self) -> bool:
        """Whether an item is known to have the number."""
        return self._taken is not None and self._taken[0] == self.text()

    def check(self) -> bool:
        """Show the error, if any; for a taken number with a link to the next free one."""
        is_right = super().check()
        if self.is_taken and self._proposed is not None and self.is_typed:
            use = self.tr("Use {number}").format(number=self._proposed)
            self.show_error(self.error, use)
        return is_right

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme; only the editor is narrow, not the error below it."""
        super().dress(theme)
        self.editor.setFixedWidth(theme.px(88))

    def _problem(self, text: str) -> str | None:
        return number_problem(text) or (self._taken[1] if self._taken and self.is_taken else None)

    def _on_edited(self) -> None:
        self.is_typed = self.text().strip() not in {"", self._shown}
        self._pause.start()

    def _on_pause(self) -> None:
        if self.is_typed and number_problem(self.text()) is None:
            self.asked.emit(int(self.text()))
