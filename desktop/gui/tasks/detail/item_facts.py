"""The facts of an item: its recipient, title, note and fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.contract.rules.templates import heading, labels_in
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.surfaces import drop
from desktop.gui.kit.widgets.texts import ElidedLabel, WholeLabel
from desktop.gui.kit.words.states import template_word

if TYPE_CHECKING:
    from desktop.contract.items import Item


class ItemFacts(QWidget):
    """A line for each fact; long ones, except the recipient, are cut and have a tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = sized(QGridLayout(self), margins=0, across=16, down=4)
        self._grid.setColumnStretch(1, 1)
        self._shown: dict[str, str] = {}
        self._labels: list[ElidedLabel] = []
        self._names = 0

    def show_item(self, item: Item | None, to: str = "") -> None:
        """Show another item, or none; ``to`` is its recipient, if it is to be included."""
        shown = {} if item is None else self._said(item, to)
        if shown == self._shown:
            return
        self._shown = shown
        while (place := self._grid.takeAt(0)) is not None:
            drop(place.widget())
        self._labels = []
        for line, (name, value) in enumerate(shown.items()):
            label = ElidedLabel()
            label.setText(name)
            label.setFixedWidth(self._names)
            fact = WholeLabel() if value == to else ElidedLabel()
            self._labels.append(label)
            label.setProperty("role", "soft")
            label.setBuddy(fact)
            fact.setText(value)
            self._grid.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(fact, line, 1)
        self.setVisible(bool(shown))

    def lines(self) -> list[str]:
        """Return the facts as lines for the clipboard."""
        return [f"{name}: {value}" for name, value in self._shown.items()]

    def align(self, names: int) -> None:
        """Set the width of the column of names, in logical pixels."""
        self._names = names
        for label in self._labels:
            label.setFixedWidth(names)

    def _said(self, item: Item, to: str) -> dict[str, str]:
        fields, labels = item["fields"] or {}, labels_in(item.get("headings", {}))
        said = {self.tr("To"): to, self.tr("Title"): item["title"] or ""}
        if item["template"]:
            said[self.tr("Template")] = template_word(item["template"])
        for name, value in fields.items():
            label = field_title(labels.get(name, name))
            said[str(name) if label in said else label] = field_text(value)
        return {name: value for name, value in said.items() if value}


def field_title(name: str) -> str:
    """Return the title of a field."""
    note = QCoreApplication.translate("ItemFacts", "Note")
    return note if name == "note" else heading(str(name))


def field_text(value: Any) -> str:
    """Return a field's value on one line."""
    if isinstance(value, list):
        return ", ".join(map(field_text, value))
    return "" if value is None else " ".join(str(value).split())
