"""The names of column targets, and which target fills a path of an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from desktop.sheets.description import FIELD, Target

if TYPE_CHECKING:
    from collections.abc import Mapping

translate = QCoreApplication.translate

LEFT_OUT: Final = ""
"""The target of a column that is left out."""
PATHS: Final = {
    "item_id": Target.NUMBER,
    "recipient.name": Target.NAME,
    "recipient.first_name": Target.FIRST_NAME,
    "recipient.email": Target.EMAIL,
    "recipient": Target.EMAIL,
    "title": Target.TITLE,
    "fields.note": Target.NOTE,
    "run_at": Target.SEND_AT,
}
"""The target that fills each path of an item."""


def target_word(target: str | None) -> str:
    """Return the name of a target for the person."""
    words = {
        Target.NUMBER: translate("import", "Item number"),
        Target.NAME: translate("import", "Name"),
        Target.FIRST_NAME: translate("import", "First name"),
        Target.EMAIL: translate("import", "E-mail"),
        Target.TITLE: translate("import", "Title"),
        Target.NOTE: translate("import", "Note in the e-mail"),
        Target.SEND_AT: translate("import", "Send at"),
        Target.ATTACHMENT: translate("import", "Attachment"),
    }
    if not target:
        return translate("import", "Left out")
    if target in words:
        return words[Target(target)]
    if target == "template":
        return translate("import", "Template")
    return translate("import", "Field “{}”").format(target.removeprefix(FIELD).replace("_", " "))


def target_of(path: str) -> str:
    """Return the target that fills a path of an item."""
    if path.startswith("attachments"):
        return Target.ATTACHMENT
    return PATHS.get(path, path)


def path_word(path: str, columns: Mapping[str, str | None]) -> str:
    """Return the header of the column that fills a path, or else the target's name."""
    target = target_of(path)
    header = next((header for header, each in columns.items() if each == target), None)
    return header or target_word(target)
