"""A row of chips that insert fields, and a chip that makes a new field."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from desktop.contract.rules.templates import is_field_name, nearest
from desktop.gui.widgets.flow import FlowPane, drop
from desktop.gui.widgets.focus_chain import in_focus_chain
from desktop.gui.widgets.texts import keep_height

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QShowEvent

    from desktop.gui.look.theme import Theme
    from desktop.gui.template.field_chips import FieldNames


class InsertRow(FlowPane):
    """Emits ``chosen`` with the name of the field to insert, which may be a new one.

    ``refused`` carries a sentence about an invalid name; an empty one clears it.
    """

    chosen = Signal(str)
    refused = Signal(str)

    def __init__(self, fields: FieldNames) -> None:
        super().__init__()
        self._fields = fields
        self._chips: list[QPushButton] = []
        self._words = QLabel(self.tr("Insert"))
        self._words.setProperty("role", "soft")
        self.new = _chip(self.tr("New field…"))
        self.new.setToolTip(
            self.tr(
                "Name a field of your own. The form asks for it once you save.\n"
                "You can also type its name into the text: {{ seat }}"
            )
        )
        self.new.clicked.connect(self._on_new)
        self.name = _NameLine()
        self.name.setAccessibleName(self.tr("Name of the new field"))
        self.name.setPlaceholderText(self.tr("Name, then Enter"))
        self.name.returnPressed.connect(self._on_named)
        self.name.textEdited.connect(lambda _: self.refused.emit(""))
        self.name.left.connect(self._on_left)
        self.name.hide()
        self.show_fields()

    def show_fields(self) -> None:
        """Show a chip for each known field."""
        while self.flow.takeAt(0) is not None:
            pass
        for chip in self._chips:
            drop(chip)
        self._chips = [self._field_chip(name) for name in self._fields.all()]
        for each in (self._words, *self._chips, self.new, self.name):
            self.flow.addWidget(each)
        self._order_by_tab()

    def showEvent(self, event: QShowEvent) -> None:
        """Set the Tab order: now the widgets before this row exist."""
        super().showEvent(event)
        self._order_by_tab()

    def _order_by_tab(self) -> None:
        others = (
            each for each in in_focus_chain(self.new, forward=False) if each not in self._chips
        )
        before = next(each for each in others if each.focusPolicy() != Qt.FocusPolicy.NoFocus)
        for one, other in pairwise((before, *self._chips, self.new, self.name)):
            self.setTabOrder(one, other)

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self.flow.setSpacing(theme.px(6))
        keep_height(self._words, theme.px(26))
        self.name.setFixedSize(theme.px(168), theme.px(28))

    def _field_chip(self, name: str) -> QPushButton:
        chip = _chip(self._fields.label(name))
        chip.setToolTip(self.tr("Insert this field where the cursor is"))
        chip.clicked.connect(lambda: self.chosen.emit(name))
        return chip

    def _on_new(self) -> None:
        self.new.hide()
        self.name.clear()
        self.name.show()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_named(self) -> None:
        """Insert the field of the typed name, or say why the name is invalid."""
        name = " ".join(self.name.text().split())
        known = self._fields.find(name)
        problem = None if known else self._problem(name)
        if problem:
            self.refused.emit(problem)
        elif name:
            self._end()
            self.chosen.emit(known or name)

    def _problem(self, name: str) -> str:
        """Return why a new field cannot have a name; an empty text if it can."""
        if name and not is_field_name(name):
            return self.tr(
                "A field name begins with a letter. It may contain letters, digits, spaces and "
                "- / & °, but not the words “and”, “or”, “not”, “in” and “is”."
            )
        near = nearest(name, ())
        if near is not None:
            words = self.tr("“{}” would be taken for “{}”. Choose another name.")
            return words.format(name, self._fields.label(near))
        return ""

    def _on_left(self, by_key: bool) -> None:
        """Show the chip again, on Escape or if nothing was typed."""
        if by_key or not self.name.text().strip():
            self._end()
        if by_key:
            self.new.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end(self) -> None:
        self.refused.emit("")
        self.new.show()
        self.name.hide()


class _NameLine(QLineEdit):
    """A line edit that emits ``left`` when it loses the focus, or on Escape (``True``)."""

    left = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Emit ``left`` on Escape; keep Enter from the sheet."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit(True)
            return
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Emit ``left``."""
        super().focusOutEvent(event)
        self.left.emit(False)


def _chip(words: str) -> QPushButton:
    chip = QPushButton(words)
    chip.setProperty("role", "chip")
    chip.setCursor(Qt.CursorShape.PointingHandCursor)
    return chip
