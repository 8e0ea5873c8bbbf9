"""The form of the correction sheet: the texts of an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.gui.form.item_kind import FieldKind, field_kind, item
from desktop.gui.form.pasted import EMAIL, NAME, Spreading
from desktop.gui.widgets.field import Field
from desktop.gui.widgets.flow import drop
from desktop.gui.widgets.texts import typed_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from desktop.contract.items import NewItem
    from desktop.contract.problems import FieldError
    from desktop.gui.look.theme import Theme

OWN: Final = "fields."
"""The path prefix of an item's own fields."""


class CorrectionForm(QWidget):
    """Shows the texts of an item's body, and returns the body with the changes.

    Values other than text (a number, a list) stay as they are, and so do the parts that the form
    does not show: tasks, priority, template.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self._body: NewItem = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._theme: Theme | None = None

    def show_item(self, body: NewItem, lacks: Iterable[str] = ()) -> None:
        """Show another item, with empty fields for what its template needs and it ``lacks``."""
        self._body = body
        for field in self.fields.values():
            drop(field)
        texts = _texts(body)
        self.fields = {
            kind.path: self._field(kind, texts.get(kind.path, "")) for kind in _kinds(body, lacks)
        }
        Spreading({path: self.fields[path] for path in (NAME, EMAIL)}, self.fields[EMAIL])

    def body(self) -> NewItem:
        """Return the corrected body of the item."""
        changed: dict[str, Any] = {**self._body}
        changed["recipient"] = {**(self._body.get("recipient") or {})}
        changed["fields"] = {**(self._body.get("fields") or {})}
        for path, field in self.fields.items():
            parent, dot, key = path.partition(".")
            place = changed[parent] if dot else changed
            text = field.text().strip()
            if text or key in place or path in _texts(self._body):
                place[key if dot else parent] = text
        return cast("NewItem", _without_empty(changed, self._body))

    def has_changes(self) -> bool:
        """Tell whether a text was changed."""
        return bool(self.changed())

    def changed(self) -> dict[str, str]:
        """Return the changed texts by path, as they are typed."""
        texts, typed = _texts(self._body), {path: f.text() for path, f in self.fields.items()}
        return {path: text for path, text in typed.items() if text.strip() != texts.get(path, "")}

    def first_empty(self, names: Iterable[str]) -> str:
        """Return the path of the first empty one of these own fields, or an empty text."""
        fields = {OWN + name: self.fields.get(OWN + name) for name in names}
        return next((path for path, each in fields.items() if each and not each.text().strip()), "")

    def put_back(self, texts: Mapping[str, str]) -> None:
        """Restore texts by path, as far as the item still has these fields."""
        for path in texts.keys() & self.fields.keys():
            self.fields[path].set_text(texts[path])
            self.fields[path].show_beginning()

    def focus_typed(self, path: str) -> Field:
        """Focus a field, with the cursor after what was typed; return the field."""
        field = self.fields[path]
        field.focus_at(typed_to(_texts(self._body).get(path, ""), field.text()))
        return field

    def set_closed(self, closed: bool) -> None:
        """Make the fields read-only or editable; the focus stays."""
        for field in self.fields.values():
            field.editor.setReadOnly(closed)

    def check(self) -> bool:
        """Check every field, show the errors, and return whether there are none."""
        right = [field.check() for field in self.fields.values()]
        return all(right)

    def show_error(self, error: FieldError) -> bool:
        """Show an error of the API at its field; return whether there is such a field."""
        field = self.fields.get(error["path"].removeprefix("item."))
        if field is not None:
            field.show_error(error["message"])
        return field is not None

    def focus_first(self, path: str) -> None:
        """Focus a field and select its text."""
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
        field.show_beginning()
        field.edited.connect(self.edited)
        if self._theme is not None:
            field.dress(self._theme)
        self._column.addWidget(field)
        return field


def _kinds(body: NewItem, lacks: Iterable[str]) -> list[FieldKind]:
    """Return the fields of every item, then the item's own text fields and those it lacks."""
    usual = list(item().fields)
    known = {kind.path for kind in usual}
    own = [
        OWN + name for name, value in (body.get("fields") or {}).items() if isinstance(value, str)
    ]
    own += [OWN + name for name in lacks if OWN + name not in own]
    return [
        *usual,
        *(field_kind(path, path.removeprefix(OWN)) for path in own if path not in known),
    ]


def _texts(body: NewItem) -> dict[str, str]:
    """Return the texts of a body by path."""
    recipient = body.get("recipient")
    found: dict[str, Any] = {"title": body.get("title", "")}
    if recipient:
        found |= {f"recipient.{key}": value for key, value in recipient.items()}
    found |= {OWN + str(name): value for name, value in (body.get("fields") or {}).items()}
    return {path: text for path, text in found.items() if isinstance(text, str)}


def _without_empty(changed: dict[str, Any], before: NewItem) -> dict[str, Any]:
    """Leave out empty parts that the former body did not have."""
    recipient = {key: text for key, text in changed["recipient"].items() if text}
    result = {**changed, "recipient": recipient}
    for key in ("recipient", "fields", "title"):
        if not result.get(key) and key not in before:
            result.pop(key, None)
    return result
