"""The fields of an item that is corrected: those of the form, and those the item has of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.gui.form.item_kind import FieldKind, field_kind, item
from desktop.gui.parts.field import Field
from desktop.gui.parts.flow import drop

if TYPE_CHECKING:
    from desktop.contract.items import NewItem
    from desktop.contract.problems import FieldError
    from desktop.gui.look.theme import Theme

OWN: Final = "fields."
"""Where an item's own fields stand in its body."""


class CorrectionForm(QWidget):
    """Shows the texts of an item's body, and gives the body with what was changed.

    What is no text (a number, a list) stays as it is, and so does what the form does not show:
    tasks, priority, template.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self._body: NewItem = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._theme: Theme | None = None

    def show_item(self, body: NewItem) -> None:
        """Show another item."""
        self._body = body
        for field in self.fields.values():
            drop(field)
        texts = _texts(body)
        self.fields = {
            kind.path: self._field(kind, texts.get(kind.path, "")) for kind in _kinds(body)
        }

    def body(self) -> NewItem:
        """Return the item's body as it is to be."""
        changed: dict[str, Any] = {**self._body}
        changed["recipient"] = {**(self._body.get("recipient") or {})}
        changed["fields"] = {**(self._body.get("fields") or {})}
        for path, field in self.fields.items():
            room, dot, key = path.partition(".")
            place = changed[room] if dot else changed
            text = field.text().strip()
            if text or key in place or path in _texts(self._body):
                place[key if dot else room] = text
        return cast("NewItem", _without_empty(changed, self._body))

    def has_changes(self) -> bool:
        """Tell whether anything is not as it was."""
        texts = _texts(self._body)
        return any(
            field.text().strip() != texts.get(path, "") for path, field in self.fields.items()
        )

    def check(self) -> bool:
        """Show what is wrong; tell whether all is right."""
        right = [field.check() for field in self.fields.values()]
        return all(right)

    def show_error(self, error: FieldError) -> bool:
        """Put the API's error at its field; tell whether it has one."""
        field = self.fields.get(error["path"].removeprefix("item."))
        if field is not None:
            field.show_error(error["message"])
        return field is not None

    def focus_first(self, path: str) -> None:
        """Begin at one field, with its text selected."""
        editor = self.fields[path].editor
        editor.setFocus()
        editor.selectAll()

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._theme = theme
        self._column.setSpacing(theme.px(12))
        for field in self.fields.values():
            field.dress(theme)

    def _field(self, kind: FieldKind, text: str) -> Field:
        field = Field(kind.label, kind.check, multiline=kind.multiline)
        field.set_text(text)
        field.edited.connect(self.edited)
        if self._theme is not None:
            field.dress(self._theme)
        self._column.addWidget(field)
        return field


def _kinds(body: NewItem) -> list[FieldKind]:
    """Return the fields every item has, then the texts among the item's own ones."""
    usual = list(item().fields)
    known = {kind.path for kind in usual}
    own = [
        OWN + name for name, value in (body.get("fields") or {}).items() if isinstance(value, str)
    ]
    return [
        *usual,
        *(field_kind(path, path.removeprefix(OWN)) for path in own if path not in known),
    ]


def _texts(body: NewItem) -> dict[str, str]:
    """Return the texts of a body by their paths."""
    recipient = body.get("recipient")
    found: dict[str, Any] = {"title": body.get("title", "")}
    if recipient:
        found |= {f"recipient.{key}": value for key, value in recipient.items()}
    found |= {OWN + str(name): value for name, value in (body.get("fields") or {}).items()}
    return {path: text for path, text in found.items() if isinstance(text, str)}


def _without_empty(changed: dict[str, Any], before: NewItem) -> dict[str, Any]:
    """Leave out what is empty and was not there before."""
    recipient = {key: text for key, text in changed["recipient"].items() if text}
    result = {**changed, "recipient": recipient}
    for key in ("recipient", "fields", "title"):
        if not result.get(key) and key not in before:
            result.pop(key, None)
    return result
