"""The fields a message can have: the standard ones with their words, and those of the items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.contract.rules.templates import STANDARD, field_key

if TYPE_CHECKING:
    from collections.abc import Iterable


class FieldNames:
    """Which fields there are; a field's name stands in the source, its label on the chip."""

    def __init__(self) -> None:
        person = "name", "first name", "last name", "e-mail"
        words = "number", "title", *person, "note", "all fields"
        self._standard = dict(zip(STANDARD, map(_tr, words), strict=True))
        self.own: list[str] = []

    def set_own(self, names: Iterable[str]) -> None:
        """Take the names of the fields beyond the standard ones."""
        standard = set(map(field_key, self._standard))
        self.own = [name for name in dict.fromkeys(names) if field_key(name) not in standard]

    def all(self) -> list[str]:
        """Return all names, the standard ones first."""
        return [*self._standard, *self.own]

    def find(self, written: str) -> str | None:
        """Return the name of the field that is meant by what stands between the braces."""
        key = field_key(written)
        return next((name for name in self.all() if field_key(name) == key), None)

    def label(self, name: str) -> str:
        """Return a field's words."""
        return self._standard.get(name, name)


def _tr(text: str) -> str:
    return QCoreApplication.translate("FieldNames", text)
