"""Spreads what is pasted into one field of the form over the fields it belongs to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLineEdit

from desktop.gui.form.pasted import spread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.gui.parts.field import Field


class Spreading(QObject):
    """Watches the lines among the fields, by path; a paste that was undone stays undone."""

    def __init__(self, fields: Mapping[str, Field], parent: QObject) -> None:
        super().__init__(parent)
        self._fields = fields
        for path, field in fields.items():
            if isinstance(field.editor, QLineEdit):
                field.edited.connect(partial(self._on_edited, path, field.editor))

    def _on_edited(self, path: str, editor: QLineEdit) -> None:
        if editor.isRedoAvailable():
            return
        texts = {each: field.text() for each, field in self._fields.items()}
        for place, text in spread(texts, path).items():
            self._fields[place].replace(text)
