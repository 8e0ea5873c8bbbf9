"""The table's columns: their cells, their header, and the cells of an export."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

from PySide6.QtCore import QT_TRANSLATE_NOOP, QByteArray, QCoreApplication, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHeaderView, QMenu

from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.look.icons import tick
from desktop.gui.kit.widgets.surfaces import give_viewport
from desktop.gui.kit.words.ages import since
from desktop.gui.kit.words.reasons import reason_words
from desktop.gui.kit.words.states import attempts_words, state_word, status_words, took_words
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.kit.words.verbs import carried_out, coming
from sendoff_tasks.client.calls import KEEPS_PLACE, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from PySide6.QtGui import QContextMenuEvent

    from desktop.client.api import Api
    from desktop.gui.frame.exports import Columns, ExportedList, HowFar
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.pending_actions import PendingAction
    from desktop.sheets.calls import CellKind
    from sendoff_tasks.client.calls import SortedFilter
    from sendoff_tasks.model.tasks import SortKey, TaskRow


translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class TaskColumn:
    """One column of the table.

    ``sort`` is the backend's sort key; ``None`` means that the column does not sort. The column
    takes a :class:`Share` of the room; without, it takes what the others leave.
    """

    key: str
    title: str
    text: Callable[[Row, float], str]
    sort: SortKey | Literal["to", "item_id"] | None = None
    share: tuple[float, int] | None = None
    right: bool = False
    moment: Callable[[Row], float | None] | None = None
    """The moment that the cell shows, epoch s. Its tooltip and a copy include the second."""


COLUMNS: Final = (
    TaskColumn(
        "to",
        str(QT_TRANSLATE_NOOP("columns", "To")),
        lambda row, _: row.name,
        "to",
        share=(0.32, 260),
    ),
    TaskColumn(
        "address",
        str(QT_TRANSLATE_NOOP("columns", "Address")),
        lambda row, _: row.address or say("row", "task", number=row.id),
    ),
    TaskColumn(
        "task",
        str(QT_TRANSLATE_NOOP("columns", "Task")),
        lambda row, _: row.title if row.to else "",
        "task",
        share=(0.17, 160),
    ),
    TaskColumn(
        "item",
        str(QT_TRANSLATE_NOOP("columns", "Item")),
        lambda row, _: "" if row.item_id is None else str(row.item_id),
        "item_id",
        share=(0.13, 80),
        right=True,
    ),
    TaskColumn(
        "added",
        str(QT_TRANSLATE_NOOP("columns", "Added")),
        lambda row, now: since(row.created, now),
        "id",
        share=(0.13, 100),
        right=True,
        moment=lambda row: row.created,
    ),
    TaskColumn(
        "took",
        str(QT_TRANSLATE_NOOP("columns", "Took")),
        took_words,
        "took",
        share=(0.13, 80),
        right=True,
    ),
    TaskColumn(
        "attempts",
        str(QT_TRANSLATE_NOOP("columns", "Attempts")),
        lambda row, _: attempts_words(row),
        share=(0.13, 80),
        right=True,
    ),
    TaskColumn(
        "status",
        str(QT_TRANSLATE_NOOP("columns", "Status")),
        status_words,
        "state",
        share=(0.36, 320),
        right=True,
    ),
)

BY_KEY: Final = {column.key: number for number, column in enumerate(COLUMNS)}
TO: Final = BY_KEY["to"]
ADDRESS: Final = BY_KEY["address"]
TASK: Final = BY_KEY["task"]
STATUS: Final = BY_KEY["status"]
FURTHER: Final = ("added", "took", "attempts", "item")
"""The columns of which one may be shown, in the order of the menu."""
OF_APP: Final = {
    TO: (str(QT_TRANSLATE_NOOP("columns", "Task")), "task"),
    ADDRESS: (str(QT_TRANSLATE_NOOP("columns", "Number")), None),
}
"""The titles and sort keys of these columns for the tasks of an app, which have no recipient."""
_SORTS: Final = (
    ("-id", QT_TRANSLATE_NOOP("columns", "Newest")),
    ("id", QT_TRANSLATE_NOOP("columns", "Oldest")),
    ("state", QT_TRANSLATE_NOOP("columns", "Status")),
    ("-finished_at", QT_TRANSLATE_NOOP("columns", "Last ended")),
    ("-took", QT_TRANSLATE_NOOP("columns", "Longest")),
)
"""The orders that the header's menu offers."""


def texts(row: Row, now: float, started: PendingAction | None = None) -> tuple[str, ...]:
    """Return the texts of a row's cells at epoch second ``now``, with its pending action."""
    if started is None:
        return tuple([column.text(row, now) for column in COLUMNS])
    said = {STATUS: (carried_out if started.is_due else coming)(started.worded_as)}
    return tuple([said.get(n) or column.text(row, now) for n, column in enumerate(COLUMNS)])


def sort_words(key: str | None, sort: str) -> str:
    """Say what a click on the title of a sort key does; empty without a key."""
    if key is None:
        return ""
    if key != sort.removeprefix("-"):
        return translate("columns", "Click to sort by this column")
    if sort.startswith("-"):
        return translate("columns", "Sorted in descending order. Click to reverse it.")
    return translate("columns", "Sorted in ascending order. Click to reverse it.")


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
    (QT_TRANSLATE_NOOP("export", "Took (s)"), "number", lambda row, _: row.took),
)
"""The columns of an export of tasks: heading, kind, content."""


def task_cells(task: TaskRow) -> list[Any]:
    """Return the cells of a task in an export."""
    row = row_of(task)
    return [content(row, task) for _, _, content in _EXPORTED]


@contextmanager
def tasks_table(query: SortedFilter, api: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield tasks as they are read."""
    from desktop.gui.frame.exports import ExportedList  # it needs all of the spreadsheets

    def pages() -> Iterator[list[list[Any]]]:
        for page in walk(api, query, KEEPS_PLACE | {"item_id"}):
            how_far.total = max(how_far.total, page["total"])
            yield [task_cells(task) for task in page["tasks"]]
            how_far.read += len(page["tasks"])

    titles: Columns = [(translate("export", str(each)), kind) for each, kind, _ in _EXPORTED]
    yield ExportedList(titles, pages())


_DESCENDING: Final = Qt.SortOrder.DescendingOrder


class ColumnNames:
    """The ``titles`` of the columns by number, and the backend's sort keys of those that sort."""

    def __init__(self) -> None:
        self.titles = {n: translate("columns", column.title) for n, column in enumerate(COLUMNS)}
        self.sorts: dict[int, str | None] = {n: column.sort for n, column in enumerate(COLUMNS)}
        self.is_of_app = False
        """Whether the tasks are an app's, which have neither recipient nor item."""

    def be_of_app(self) -> None:
        """Name the columns for the tasks of an app."""
        self.is_of_app = True
        for column, (title, sort) in OF_APP.items():
            self.titles[column], self.sorts[column] = translate("columns", title), sort
        self.sorts[BY_KEY["item"]] = None


class TableHeader(QHeaderView):
    """A click on a title sorts by its column if the backend can.

    ``sort_chosen`` carries the order as the backend names it: ``[-]key``; ``further_chosen`` is
    emitted when another further column is to be shown. ``saveState`` and ``restoreState`` keep
    both.
    """

    sort_chosen = Signal(str)
    further_chosen = Signal()

    def __init__(self, names: ColumnNames) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        give_viewport(self)
        self._names = names
        self.further = ""
        """The key of the further column; empty for none."""
        self._sort = "-id"
        self._is_told = False
        self.setAccessibleName(translate("lists", "Columns"))
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setSortIndicatorShown(True)
        self.sortIndicatorChanged.connect(self._on_indicator)
        self.show_sort("-id")

    def shown(self, *, with_task: bool) -> list[int]:
        """Return the columns to show; ``with_task`` if the list has tasks of more than one kind."""
        keys = {"to", "address", "status", self.further}
        if with_task and not self._names.is_of_app:
            keys.add("task")
        return [number for number, column in enumerate(COLUMNS) if column.key in keys]

    def saveState(self) -> QByteArray:  # noqa: N802
        """Return the further column and the order."""
        return QByteArray(f"{self.further} {self._sort}".encode())

    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:  # noqa: N802
        """Restore a state of ``saveState``; one that makes no sense leaves all as it is."""
        known = state.data() if isinstance(state, QByteArray) else state
        further, _, sort = bytes(known).decode(errors="replace").partition(" ")
        if further not in self._offered or not self._is_known(sort):
            return False
        self._show_further(further)
        if sort != self._sort:
            self._choose_sort(sort)
        return True

    def show_sort(self, sort: str) -> None:
        """Set the sort indicator without emitting ``sort_chosen``."""
        self._sort = sort
        key = sort.removeprefix("-")
        column = next((n for n, each in self._names.sorts.items() if each == key), -1)
        order = _DESCENDING if sort.startswith("-") else Qt.SortOrder.AscendingOrder
        self._is_told = True
        self.setSortIndicator(column, order)
        self._is_told = False

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of columns and orders."""
        self.columns_menu().popup(event.globalPos())

    def columns_menu(self) -> QMenu:
        """Return the menu of the further column and of the orders."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        titles = {key: self._names.titles[BY_KEY[key]] for key in self._offered if key}
        further = {"": translate("columns", "Nothing"), **titles}
        also = menu.addMenu(translate("columns", "Also show"))
        _offer(also, further, self.further, self._show_further)
        orders = {sort: translate("columns", str(title)) for sort, title in _SORTS}
        _offer(menu.addMenu(translate("columns", "Sort by")), orders, self._sort, self._choose_sort)
        return menu

    @property
    def _offered(self) -> Sequence[str]:
        return ["", *(key for key in FURTHER if not (self._names.is_of_app and key == "item"))]

    def _is_known(self, sort: str) -> bool:
        keys = {*self._names.sorts.values()} - {None}
        return sort in dict(_SORTS) or sort.removeprefix("-") in keys

    def _show_further(self, key: str) -> None:
        self.further = key
        self.further_chosen.emit()

    def _choose_sort(self, sort: str) -> None:
        self.show_sort(sort)
        self.sort_chosen.emit(sort)

    def _on_indicator(self, column: int, order: Qt.SortOrder) -> None:
        if self._is_told:
            return
        key = self._names.sorts.get(column)
        if key is None:
            self.show_sort(self._sort)
        else:
            self._choose_sort(f"{'-' if order is _DESCENDING else ''}{key}")


def _offer(
    menu: QMenu, choices: dict[str, str], chosen: str, choose: Callable[[str], object]
) -> None:
    """Fill a menu of which one entry is chosen."""
    group = QActionGroup(menu)
    for key, title in choices.items():
        action = menu.addAction(title)
        action.setCheckable(True)
        action.setChecked(key == chosen)
        action.triggered.connect(partial(choose, key))
        group.addAction(action)
    tick(menu, LOOK.theme)
