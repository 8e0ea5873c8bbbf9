"""Causes as rows of a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.gui.causes.cause_words import new_count_words, on_the_way, state_words, stopped
from desktop.gui.tasks.words.causes import cause_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.causes import Cause
    from desktop.sheets.exporting import Kind

translate = QCoreApplication.translate

_COLUMNS: Final[tuple[tuple[str, Kind], ...]] = (
    (str(QT_TRANSLATE_NOOP("causes", "Tasks")), "number"),
    (str(QT_TRANSLATE_NOOP("causes", "States")), "text"),
    (str(QT_TRANSLATE_NOOP("causes", "Cause")), "text"),
    (str(QT_TRANSLATE_NOOP("causes", "Where")), "text"),
    (str(QT_TRANSLATE_NOOP("causes", "First")), "moment"),
    (str(QT_TRANSLATE_NOOP("causes", "Last")), "moment"),
    (str(QT_TRANSLATE_NOOP("causes", "What helps")), "text"),
)


def cause_columns() -> list[tuple[str, Kind]]:
    """Return the headings of an export of causes, and what each column holds."""
    return [(translate("causes", heading), kind) for heading, kind in _COLUMNS]


def cause_cells(cause: Cause, help_of: Callable[[Cause, str], str]) -> list[Any]:
    """Return the cells of a cause, in the order of :func:`cause_columns`.

    ``help_of`` says what helps, and what came since it was tried again.
    """
    return [
        stopped(cause) + on_the_way(cause),
        state_words(cause),
        cause_words(cause["about"], cause["title"]),
        ", ".join(cause["where"]) or None,
        cause["first_at"],
        cause["last_at"],
        help_of(cause, new_count_words(cause)) or None,
    ]
