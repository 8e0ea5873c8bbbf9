"""What a column of a spreadsheet can become, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from desktop.sheets.description import FIELD, Target

if TYPE_CHECKING:
    from collections.abc import Mapping

LEFT_OUT: Final = ""
"""The value of a choice for a column that is left out."""
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
"""By the path of a value in an item, what a column became to be there."""

translate = QCoreApplication.translate


def target_word(target: str | None) -> str:
    """Return what a column becomes, as a person calls it."""
    words = {
        Target.NUMBER: translate("import", "Number"),
        Target.NAME: translate("import", "Name"),
        Target.FIRST_NAME: translate("import", "First name"),
        Target.EMAIL: translate("import", "E-mail"),
        Target.TITLE: translate("import", "Title"),
        Target.NOTE: translate("import", "Note"),
        Target.SEND_AT: translate("import", "Send at"),
        Target.ATTACHMENT: translate("import", "Attachment"),
    }
    if not target:
        return translate("import", "Left out")
    if target in words:
        return words[Target(target)]
    if target == "template":
        return translate("import", "Template")
    return translate("import", "Field “{}”").format(target.removeprefix(FIELD))


def target_of(path: str) -> str:
    """Tell which target puts a value at this path of an item."""
    if path.startswith("attachments"):
        return Target.ATTACHMENT
    return PATHS.get(path, path)


def path_word(path: str, columns: Mapping[str, str | None]) -> str:
    """Call a value of an item as its spreadsheet's column is called."""
    target = target_of(path)
    header = next((header for header, each in columns.items() if each == target), None)
    return header or target_word(target)
