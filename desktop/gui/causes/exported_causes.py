"""The columns and cells of an export of causes, which were read already."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from desktop.gui.causes.cause_words import new_count_words, on_the_way, state_words, stopped
from desktop.gui.frame.exports import ExportedList
from desktop.gui.kit.words.causes import cause_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desktop.client.api import Api
    from desktop.contract.causes import Cause
    from desktop.gui.frame.exports import Columns, HowFar

translate = QCoreApplication.translate


def cause_columns() -> Columns:
    """Return the headings of an export of causes, and each column's kind."""
    return [
        (translate("causes", "Tasks"), "number"),
        (translate("causes", "States"), "text"),
        (translate("causes", "Cause"), "text"),
        (translate("causes", "Where"), "text"),
        (translate("causes", "First"), "moment"),
        (translate("causes", "Last"), "moment"),
        (translate("causes", "What helps"), "text"),
    ]


def cause_cells(cause: Cause, help_of: Callable[[Cause, str], str]) -> list[Any]:
    """Return the cells of a cause, in the order of :func:`cause_columns`.

    ``help_of`` says what helps; its second argument counts the tasks since the retry.
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


@contextmanager
def causes_table(rows: list[list[Any]], _: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield the rows that were read."""
    how_far.read = len(rows)
    yield ExportedList(cause_columns(), [rows])
