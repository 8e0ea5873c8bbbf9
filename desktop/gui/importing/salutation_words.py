"""A column's own words, such as 1 and 2, and the salutations that are chosen for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.contract.items import ValueKind
from desktop.contract.rules.salutations import SALUTATIONS, is_salutation
from desktop.contract.rules.values import salutation_told
from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.texts import ElidedLabel

if TYPE_CHECKING:
    from desktop.sheets.description import Column


class SalutationWords(QWidget):
    """One line for each word of a column that tells no salutation by itself, with its count.

    ``edited`` is emitted when the person chooses one. What was chosen for words that this file
    does not have is kept.
    """

    edited = Signal()

    def __init__(self, column: Column, kind: str) -> None:
        super().__init__()
        told = salutation_told(kind)
        self._chosen = dict(told.chosen) if told else {}
        self._words = {text: count for text, count in column.words if not is_salutation(text)}
        self.choices: dict[str, Choice] = {}
        self._grid = sized(QGridLayout(self), margins=0, across=12, down=4)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)

    def show_kind(self, kind: str) -> None:
        """Offer the salutations of a kind's language; hide if it tells none."""
        told = salutation_told(kind)
        if told and not self.choices:
            self._make_choices()
        formulas = SALUTATIONS[told.language]._asdict() if told else {}
        offered = [(each, said.format("…")) for each, said in formulas.items()]
        for text, choice in self.choices.items() if told else ():
            value = choice.value() or self._chosen.get(text, "neutral")
            choice.set_choices(offered)
            choice.set_value(value)
        self.setVisible(told is not None and bool(self.choices))

    def _make_choices(self) -> None:
        for place, (text, count) in enumerate(self._words.items()):
            words = set_role(ElidedLabel(), "soft")
            words.setText(self.tr("“{}” in %Ln rows", None, count).format(text))
            choice = self.choices[text] = Choice(self.tr("The salutation for “{}”").format(text))
            choice.chosen.connect(self.edited)
            words.setBuddy(choice)
            self._grid.addWidget(words, place, 0)
            self._grid.addWidget(choice, place, 1)

    def kind(self, kind: str) -> str:
        """Return a kind with what is chosen, if it tells a salutation."""
        told = salutation_told(kind)
        if told is None:
            return kind
        every = self._chosen | {text: choice.value() for text, choice in self.choices.items()}
        chosen = {text: value for text, value in every.items() if value not in {"", "neutral"}}
        return f"{ValueKind.TEXT} {told._replace(chosen=chosen)}"
