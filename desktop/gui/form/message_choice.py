"""The choice of an item's template, with one line for each field the template asks for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.contract.rules.templates import DEFAULT, heading, names_now
from desktop.contract.rules.text import TITLE_LIMIT, line_problem
from desktop.gui.tasks.words.states import template_word
from desktop.gui.widgets.buttons import Link
from desktop.gui.widgets.choice import Choice
from desktop.gui.widgets.field import Field, editor_label
from desktop.gui.widgets.flow import drop

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from PySide6.QtCore import QSettings

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

_KEPT: Final = "form/template"
PREFIX: Final = "fields."
"""The path prefix of a template's fields in the body of ``POST /items``."""


class MessageChoice(QWidget):
    """A list of templates, a link to their editor, and the ``fields`` of the chosen one by path.

    ``edited`` is emitted when the person changes anything; ``edit_chosen`` carries the template to
    open, ``template_changed`` the chosen one. The last choice is kept in ``settings`` for the next
    start.
    """

    edited = Signal()
    edit_chosen = Signal(str)
    template_changed = Signal(str)

    def __init__(self, themes: ThemeSource, settings: QSettings) -> None:
        super().__init__()
        self._themes = themes
        self._settings = settings
        self.asked: dict[str, list[str]] = {DEFAULT: []}
        self._now: dict[str, str] = {}
        self.fields: dict[str, Field] = {}
        self._pointed_out: set[str] = set()
        self.choice = Choice(_tr("Template"), themes)
        self.choice.set_choices([(DEFAULT, template_word(DEFAULT))])
        self.choice.set_value(str(settings.value(_KEPT, DEFAULT)))
        self.choice.chosen.connect(self._on_chosen)
        self.edit = Link(_tr("Edit…"))
        self.edit.setToolTip(_tr("Change this text, or write one of your own"))
        self.edit.clicked.connect(lambda: self.edit_chosen.emit(self.value()))
        self._head = QHBoxLayout()
        self._head.addWidget(editor_label(_tr("Template"), self.choice), 1)
        self._head.addWidget(self.edit)
        self._top = QVBoxLayout()
        self._top.addLayout(self._head)
        self._top.addWidget(self.choice)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._top)

    def show_templates(
        self, templates: Sequence[dict[str, Any]], followed: Mapping[str, str] | None = None
    ) -> None:
        """Offer these templates, as ``GET /templates`` details them; typed texts stay.

        If the chosen template was replaced or renamed, its successor in ``followed`` is chosen.
        """
        self._now = names_now(templates)
        chosen = {**self._now, **(followed or {})}.get(self.value(), self.value())
        if chosen != self.value():
            self._settings.setValue(_KEPT, chosen)
            self.choice.clear()  # otherwise the old name stays in the list
        self.asked = {str(each["name"]): list(each["fields"]) for each in templates}
        self.choice.set_choices([(name, template_word(name)) for name in self.asked])
        self.choose(chosen if chosen in self.asked else DEFAULT)

    def value(self) -> str:
        """Return the chosen template."""
        return self.choice.value() or DEFAULT

    def choose(self, name: str, typed: Iterable[str] = ()) -> None:
        """Choose a template without emitting ``edited``.

        ``typed`` are the paths of its fields while the templates are not loaded yet.
        """
        self.choice.set_value(self._now.get(name, name) or DEFAULT)
        paths = [PREFIX + field for field in self.asked.get(self.value(), [])]
        if self.value() not in self.asked:  # the list has not come yet
            paths = list(typed)
        self._show_fields(paths)
        self.template_changed.emit(self.value())

    def begin_again(self) -> None:
        """Point out empty fields again: the message has another recipient now."""
        self._pointed_out = set()

    def point_out_empty(self) -> bool:
        """Point out the empty fields; return whether any of them was not pointed out before."""
        empty = {path for path, field in self.fields.items() if not field.text().strip()}
        new, self._pointed_out = empty - self._pointed_out, empty
        for path in empty if new else ():
            self.fields[path].show_error(_tr("This is empty. Submit again to send it like this."))
        return bool(new)

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._column.setSpacing(theme.px(12))
        self._top.setSpacing(theme.px(2))  # the link makes the line of the label higher
        for field in self.fields.values():
            field.dress(theme)

    def _show_fields(self, paths: Sequence[str]) -> None:
        """Show one field for each path; existing fields keep their texts."""
        self._pointed_out = set()
        before, self.fields = self.fields, {}
        for path in paths:
            self.fields[path] = before.pop(path) if path in before else self._field(path)
        for gone in before.values():
            self._column.removeWidget(gone)
            drop(gone)
        for field in self.fields.values():
            self._column.addWidget(field)
        previous: QWidget = self.choice
        for field in self.fields.values():
            QWidget.setTabOrder(previous, field.editor)
            previous = field.editor

    def _field(self, path: str) -> Field:
        name = heading(path.removeprefix(PREFIX))
        field = Field(name, partial(line_problem, limit=TITLE_LIMIT))
        field.dress(self._themes.theme)
        field.edited.connect(self.edited)
        return field

    def _on_chosen(self, name: str) -> None:
        self.choose(name)
        self._settings.setValue(_KEPT, name)
        if self.fields:
            next(iter(self.fields.values())).editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()


def _tr(text: str) -> str:
    return QCoreApplication.translate("MessageChoice", text)
