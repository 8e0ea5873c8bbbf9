"""The table's columns: their titles, sort keys, cell texts and widths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.gui.kit.lists.list_widths import ColumnFit
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.states import (
    LOOKS,
    attempts_words,
    progress_words,
    put_aside_word,
    took_words,
)
from desktop.gui.kit.words.verbs import carried_out, coming

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.tasks import SortKey
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.pending_actions import PendingAction

    Text = Callable[[Row, float], str]


translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class TaskColumn:
    """One column of the table.

    ``sort`` is the backend's sort key; ``None`` means that the column does not sort. ``ink`` is the
    colour token of the text; ``state`` means the colour of the task's state.
    """

    key: str
    title: str
    sort: SortKey | None
    fit: ColumnFit
    text: Text
    ink: Literal["text", "soft text", "state"] = "text"
    right: bool = False
    shown: bool = True
    moment: Callable[[Row], float | None] | None = None
    """The moment that the cell shows, epoch s. Its tooltip and a copy include the second."""


COLUMNS: Final = (
    TaskColumn(
        "state",
        str(QT_TRANSLATE_NOOP("columns", "State")),
        "state",
        ColumnFit(106, whole=True),
        lambda row, _: put_aside_word(row),
        ink="state",
    ),
    TaskColumn(
        "item",
        str(QT_TRANSLATE_NOOP("columns", "Item")),
        "item_id",
        ColumnFit(54, least=44, leaves=3),
        lambda row, _: "" if row.item_id is None else str(row.item_id),
        ink="soft text",
    ),
    TaskColumn(
        "task",
        str(QT_TRANSLATE_NOOP("columns", "Task")),
        "task",
        ColumnFit(148, least=148, leaves=4),
        lambda row, _: row.title,
    ),
    TaskColumn(
        "to",
        str(QT_TRANSLATE_NOOP("columns", "To")),
        "to",
        ColumnFit(212, least=148),
        lambda row, _: row.to or "",
    ),
    TaskColumn(
        "progress",
        str(QT_TRANSLATE_NOOP("columns", "Progress")),
        None,
        ColumnFit(160, least=150),
        progress_words,
        ink="soft text",
    ),
    TaskColumn(
        "queued",
        str(QT_TRANSLATE_NOOP("columns", "Added")),
        "id",
        ColumnFit(80, least=60, whole=True, leaves=2),
        lambda row, now: day_and_time(row.created, now),
        ink="soft text",
        moment=lambda row: row.created,
    ),
    TaskColumn(
        "took",
        str(QT_TRANSLATE_NOOP("columns", "Took")),
        "took",
        ColumnFit(60, least=50, whole=True, leaves=1),
        took_words,
        ink="soft text",
        right=True,
    ),
    TaskColumn(
        "finished",
        str(QT_TRANSLATE_NOOP("columns", "Finished")),
        "finished_at",
        ColumnFit(80, whole=True),
        lambda row, now: "" if row.finished is None else day_and_time(row.finished, now),
        ink="soft text",
        shown=False,
        moment=lambda row: row.finished,
    ),
    TaskColumn(
        "attempts",
        str(QT_TRANSLATE_NOOP("columns", "Attempts")),
        None,
        ColumnFit(80, least=60),
        lambda row, _: attempts_words(row),
        ink="soft text",
        shown=False,
    ),
)

BY_KEY: Final = {column.key: number for number, column in enumerate(COLUMNS)}
STATE: Final = BY_KEY["state"]
TASK: Final = BY_KEY["task"]
TO: Final = BY_KEY["to"]
PROGRESS: Final = BY_KEY["progress"]
FITS: Final = {number: column.fit for number, column in enumerate(COLUMNS)}


def texts(row: Row, now: float, started: PendingAction | None = None) -> tuple[str, ...]:
    """Return the texts of a row's cells at epoch second ``now``, with its pending action."""
    if started is None:
        return tuple([column.text(row, now) for column in COLUMNS])
    said = {PROGRESS: (carried_out if started.is_due else coming)(started.said)}
    return tuple([said.get(n) or column.text(row, now) for n, column in enumerate(COLUMNS)])


def longest_state() -> str:
    """Return the longest word of a state: its column keeps room for it."""
    looks = LOOKS.values()
    words = (translate("words", word) for look in looks for word in (look.word, look.mail))
    return max(words, key=len)


def title_of(number: int) -> str:
    """Return the title of a column."""
    return translate("columns", COLUMNS[number].title)


def sort_words(column: TaskColumn, sort: str) -> str:
    """Say what a click on a column's title does; empty if the column does not sort."""
    if column.sort is None:
        return ""
    if column.sort != sort.removeprefix("-"):
        return translate("columns", "Click to sort by this column")
    if sort.startswith("-"):
        return translate("columns", "Sorted in descending order. Click to reverse it.")
    return translate("columns", "Sorted in ascending order. Click to reverse it.")


def column_of_sort(sort: str) -> int | None:
    """Return the column whose sort key is in ``sort``, as ``[-]key``."""
    key = sort.removeprefix("-")
    return next((n for n, column in enumerate(COLUMNS) if column.sort == key), None)
