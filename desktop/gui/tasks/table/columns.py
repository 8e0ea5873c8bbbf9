"""The table's columns: their cells and widths, their header, and the cells of an export."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

from PySide6.QtCore import QT_TRANSLATE_NOOP, QByteArray, QCoreApplication, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from desktop.gui.kit.lists.list_delegate import ListHeader
from desktop.gui.kit.lists.list_widths import ColumnFit
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.look.icons import tick
from desktop.gui.kit.words.ages import since
from desktop.gui.kit.words.reasons import reason_words
from desktop.gui.kit.words.states import (
    attempts_words,
    marked_state_word,
    progress_words,
    state_word,
    took_words,
)
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.kit.words.verbs import carried_out, coming
from sendoff_tasks.client.calls import KEEPS_PLACE, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QContextMenuEvent
    from PySide6.QtWidgets import QHeaderView

    from desktop.client.api import Api
    from desktop.gui.frame.exports import Columns, ExportedList, HowFar
    from desktop.gui.kit.lists.list_widths import ListWidths
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.pending_actions import PendingAction
    from desktop.sheets.calls import CellKind
    from sendoff_tasks.client.calls import TaskQuery
    from sendoff_tasks.model.tasks import SortKey, TaskRow


translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class TaskColumn:
    """One column of the table.

    ``sort`` is the backend's sort key; ``None`` means that the column does not sort. ``ink`` is the
    colour token of the text.
    """

    key: str
    title: str
    sort: SortKey | Literal["to", "item_id"] | None
    fit: ColumnFit
    text: Callable[[Row, float], str]
    ink: Literal["text", "soft text"] = "text"
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
        lambda row, _: marked_state_word(row),
    ),
    TaskColumn(
        "item",
        str(QT_TRANSLATE_NOOP("columns", "Item")),
        "item_id",
        ColumnFit(54, least=44, whole=True, leaves=3),
        lambda row, _: "" if row.item_id is None else str(row.item_id),
        ink="soft text",
    ),
    TaskColumn(
        "task",
        str(QT_TRANSLATE_NOOP("columns", "Task")),
        "task",
        ColumnFit(148, least=148, leaves=4, varies=True),
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
        lambda row, now: since(row.created, now),
        ink="soft text",
        right=True,
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
        lambda row, now: "" if row.finished is None else since(row.finished, now),
        ink="soft text",
        right=True,
        shown=False,
        moment=lambda row: row.finished,
    ),
    TaskColumn(
        "attempts",
        str(QT_TRANSLATE_NOOP("columns", "Attempts")),
        None,
        ColumnFit(80, whole=True),
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
OF_MESSAGES: Final = frozenset({BY_KEY["item"], TO})
"""Columns of which the tasks of an app have nothing, and by which its backend does not sort."""
FITS: Final = {number: column.fit for number, column in enumerate(COLUMNS)}


def texts(row: Row, now: float, started: PendingAction | None = None) -> tuple[str, ...]:
    """Return the texts of a row's cells at epoch second ``now``, with its pending action."""
    if started is None:
        return tuple([column.text(row, now) for column in COLUMNS])
    said = {PROGRESS: (carried_out if started.is_due else coming)(started.worded_as)}
    return tuple([said.get(n) or column.text(row, now) for n, column in enumerate(COLUMNS)])


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


_EXPORTED: Final[tuple[tuple[object, CellKind, Callable[[Row, TaskRow], Any]], ...]] = (
    (QT_TRANSLATE_NOOP("export", "Task number"), "number", lambda row, _: row.id),
    (QT_TRANSLATE_NOOP("export", "State"), "text", lambda row, _: state_word(row)),
    (QT_TRANSLATE_NOOP("export", "Item"), "number", lambda row, _: row.item_id),
    (QT_TRANSLATE_NOOP("export", "Task"), "text", lambda row, _: row.title),
    (QT_TRANSLATE_NOOP("export", "To"), "text", lambda row, _: row.to),
    (
        QT_TRANSLATE_NOOP("export", "Reason"),
        "text",
        lambda row, _: reason_words(row, time.time()) or None,
    ),
    (QT_TRANSLATE_NOOP("export", "Error"), "text", lambda row, _: row.error),
    (QT_TRANSLATE_NOOP("export", "Attempts"), "number", lambda row, _: row.attempt),
    (QT_TRANSLATE_NOOP("export", "Queue"), "text", lambda row, _: row.queue),
    (QT_TRANSLATE_NOOP("export", "Added"), "moment", lambda _, task: task["created_at"]),
    (QT_TRANSLATE_NOOP("export", "Next start"), "moment", lambda _, task: task["run_at"]),
    (QT_TRANSLATE_NOOP("export", "Started"), "moment", lambda _, task: task["started_at"]),
    (QT_TRANSLATE_NOOP("export", "Finished"), "moment", lambda _, task: task["finished_at"]),
)
"""The columns of an export of tasks: heading, kind, content."""


def task_cells(task: TaskRow) -> list[Any]:
    """Return the cells of a task in an export."""
    row = row_of(task)
    return [content(row, task) for _, _, content in _EXPORTED]


@contextmanager
def tasks_table(query: TaskQuery, api: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield tasks as they are read."""
    from desktop.gui.frame.exports import ExportedList  # it needs all of the spreadsheets

    def pages() -> Iterator[list[list[Any]]]:
        for page in walk(api, query, KEEPS_PLACE | {"item_id"}):
            how_far.total = max(how_far.total, page["total"])
            yield [task_cells(task) for task in page["tasks"]]
            how_far.read += len(page["tasks"])

    titles: Columns = [(translate("export", str(each)), kind) for each, kind, _ in _EXPORTED]
    yield ExportedList(titles, pages())


def columns_menu(
    header: QHeaderView,
    choose: Callable[[int, bool], object],
    left_out: frozenset[int] = frozenset(),
) -> QMenu:
    """Return a menu of the columns, with shown ones checked; the last shown one cannot be hidden.

    ``choose`` is called with a column's number and whether to show it.
    """
    menu = QMenu(header)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    shown = [number for number in range(header.count()) if not header.isSectionHidden(number)]
    for number in sorted({*range(header.count())} - left_out, key=header.visualIndex):
        title = str(header.model().headerData(number, Qt.Orientation.Horizontal))
        action = QAction(title, menu)
        action.setCheckable(True)
        action.setChecked(number in shown)
        if shown != [number]:
            action.toggled.connect(partial(choose, number))
            menu.addAction(action)
    return menu


_OWN: Final = b"\nown widths: "
_DESCENDING: Final = Qt.SortOrder.DescendingOrder


class TableHeader(ListHeader):
    """A click on a title sorts by its column if the backend can.

    ``sort_chosen`` carries the order as the backend names it: ``[-]key``. ``saveState`` and
    ``restoreState`` keep widths, places and choice of the columns, and the sort order.
    """

    sort_chosen = Signal(str)
    has_arrows = True

    def __init__(self) -> None:
        super().__init__()
        self._sort = "-id"
        self._is_told = False
        self._left_out = frozenset[int]()
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setSortIndicatorShown(True)
        self.sortIndicatorChanged.connect(self._on_indicator)

    def follow(self, widths: ListWidths) -> None:
        """Show the default columns; ``widths`` gives them their widths from now on."""
        self._widths = widths
        self.set_up_columns()

    def leave_out(self, columns: frozenset[int]) -> None:
        """Neither show nor offer these columns."""
        self._left_out = columns
        self.set_up_columns()

    def set_up_columns(self) -> None:
        """Show the default columns and forget widths that the person chose."""
        with self._widths.resizing():
            for number, column in enumerate(COLUMNS):
                self.setSectionHidden(number, not column.shown or number in self._left_out)
        self._widths.restart()
        self.show_sort("-id")

    def saveState(self) -> QByteArray:  # noqa: N802
        """Return Qt's state, followed by the columns whose width the person chose."""
        own = ",".join(COLUMNS[number].key for number in sorted(self._widths.own))
        gone = self._widths.gone
        self._widths.leave(set())
        state = super().saveState().append(_OWN + own.encode())
        self._widths.leave(gone)
        return state

    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:  # noqa: N802
        """Restore a state of ``saveState``."""
        known = state.data() if isinstance(state, QByteArray) else state
        qt_state, _, own = bytes(known).partition(_OWN)
        self._is_told = True
        with self._widths.resizing():
            restored = super().restoreState(qt_state)
            for number in self._left_out:
                self.setSectionHidden(number, True)
        self._is_told = False
        if restored:
            keys = own.decode().split(",")
            self._widths.restart([BY_KEY[key] for key in keys if key in BY_KEY])
        column, order = self.sortIndicatorSection(), self.sortIndicatorOrder()
        if not restored or not self._sorts(column):
            self.show_sort(self._sort)
        else:
            self._on_indicator(column, order)
        return restored

    def columns_chosen(self) -> list[int]:
        """Return the chosen columns from left to right, also those that do not fit."""
        return sorted(self._widths.shown, key=self.visualIndex)

    def show_sort(self, sort: str) -> None:
        """Set the sort indicator without emitting ``sort_chosen``."""
        self._sort = sort
        column = column_of_sort(sort)
        order = _DESCENDING if sort.startswith("-") else Qt.SortOrder.AscendingOrder
        self._is_told = True
        self.setSortIndicator(-1 if column is None else column, order)
        self._is_told = False
        self.viewport().update()

    def arrow_of(self, section: int) -> str | None:
        """Return the arrow of the title that sorts."""
        if section != self.sortIndicatorSection():
            return None
        is_descending = self.sortIndicatorOrder() is _DESCENDING
        return "chevron-down" if is_descending else "chevron-up"

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of columns."""
        self.columns_menu().popup(event.globalPos())

    def columns_menu(self) -> QMenu:
        """Return the menu of columns, with an entry that resets them."""
        menu = columns_menu(self, self._choose, self._left_out)
        tick(menu, LOOK.theme)
        menu.addSeparator()
        menu.addAction(self.tr("Reset columns")).triggered.connect(self._on_usual)
        return menu

    def _sorts(self, column: int) -> bool:
        is_there = 0 <= column < len(COLUMNS) and column not in self._left_out
        return is_there and COLUMNS[column].sort is not None

    def _choose(self, number: int, shown: bool) -> None:
        """Show or hide a column; one hidden for lack of room stays shown from now on."""
        if number in self._widths.gone:
            self._widths.bring_back(number)
        self.setSectionHidden(number, not shown)

    def _on_usual(self) -> None:
        for number in range(len(COLUMNS)):
            self.moveSection(self.visualIndex(number), number)
        sort = self._sort
        self.set_up_columns()
        self.show_sort(sort)

    def _on_indicator(self, column: int, order: Qt.SortOrder) -> None:
        if self._is_told:
            return
        if not self._sorts(column):
            self.show_sort(self._sort)
            return
        self._sort = f"{'-' if order is _DESCENDING else ''}{COLUMNS[column].sort}"
        self.viewport().update()
        self.sort_chosen.emit(self._sort)
