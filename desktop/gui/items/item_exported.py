"""Items as rows of a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.gui.items.item_words import informed_word, task_chips, why_words

if TYPE_CHECKING:
    from desktop.contract.items import Item
    from desktop.sheets.exporting import Kind

translate = QCoreApplication.translate

_COLUMNS: Final[tuple[tuple[str, Kind], ...]] = (
    (str(QT_TRANSLATE_NOOP("items", "Item")), "number"),
    (str(QT_TRANSLATE_NOOP("items", "Name")), "text"),
    (str(QT_TRANSLATE_NOOP("items", "Address")), "text"),
    (str(QT_TRANSLATE_NOOP("items", "Title")), "text"),
    (str(QT_TRANSLATE_NOOP("items", "Tasks")), "text"),
    (str(QT_TRANSLATE_NOOP("items", "Informed")), "text"),
    (str(QT_TRANSLATE_NOOP("items", "Why")), "text"),
    (str(QT_TRANSLATE_NOOP("items", "Registered")), "moment"),
)


def item_columns() -> list[tuple[str, Kind]]:
    """Return the headings of an export of items, and what each column holds."""
    return [(translate("items", heading), kind) for heading, kind in _COLUMNS]


def item_cells(item: Item) -> list[Any]:
    """Return the cells of an item, in the order of :func:`item_columns`."""
    to, said = item["recipient"], translate("items", "{title}: {state}")
    chips = [said.format(title=chip.title, state=chip.word) for chip in task_chips(item)]
    return [
        item["item_id"],
        None if to is None else to.get("name") or None,
        None if to is None else to["email"],
        item["title"],
        "; ".join(chips) or None,
        informed_word(item["informed"]) or None,
        why_words(item) or None,
        item["created_at"],
    ]
