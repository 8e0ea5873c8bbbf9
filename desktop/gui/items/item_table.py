"""The list of items: its model, read page by page, its table with chips of tasks, the selection."""

from __future__ import annotations

import time
from bisect import bisect_right
from enum import IntEnum
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView

from desktop.client.items import ItemQuery
from desktop.gui.items.item_words import (
    informed_word,
    look_of,
    task_chips,
    tasks_in_words,
    who,
    why_words,
)
from desktop.gui.kit.lists.list_delegate import ListDelegate
from desktop.gui.kit.lists.list_table import ListTable
from desktop.gui.kit.lists.list_widths import ColumnFit
from desktop.gui.kit.lists.live_rows import EVERY_MS, Cell, KeysetModel, Page, moment_cell
from desktop.gui.kit.look.icons import icon
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.acting.task_actions import Selection
from sendoff_tasks.model.states import State
from sendoff_tasks.model.tasks import BULK_LIMIT, PAGE_LIMIT
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.client.api import Api
    from desktop.contract.items import Item
    from desktop.gui.items.item_words import TaskChip
    from desktop.gui.kit.look.theme import Theme
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.tasks.acting.pending_actions import PendingActions
    from sendoff_tasks.model.events import TasksEvent
    from sendoff_tasks.model.tasks import TaskRow


_ROLE: Final = Qt.ItemDataRole
STEP: Final = 500
"""Tasks converted in one turn of the event loop: about 5 ms."""
GAP: Final = 6
"""The space between two chips, in grid units."""
SHADE: Final = 0.1
"""The share of a state's colour in its chip's background; its text stays readable on it."""


class ItemColumn(IntEnum):
    """The columns of the table."""

    NUMBER = 0
    WHO = 1
    EMAIL = 2
    TITLE = 3
    TASKS = 4
    WHEN = 5
    INFORMED = 6


class ItemModel(KeysetModel):
    """The items of a query, in the order of their numbers.

    ``counted`` says that ``counts``, the number of items by :class:`Informed`, are new;
    ``outdated`` that :meth:`refresh` has to be called again.
    """

    counted = Signal()
    outdated = Signal()

    def __init__(self, source: ApiSource) -> None:
        super().__init__(source, "item_id")
        self.query = ItemQuery()
        self.counts: dict[str, int] = {}
        self.counts_are_exact = True
        self.is_full = False  # there are more than one call can read
        self.titles = {
            ItemColumn.NUMBER: self.tr("Item"),
            ItemColumn.WHO: self.tr("Name"),
            ItemColumn.EMAIL: self.tr("E-mail"),
            ItemColumn.TITLE: self.tr("Title"),
            ItemColumn.TASKS: self.tr("Tasks"),
            ItemColumn.WHEN: self.tr("Added"),
            ItemColumn.INFORMED: self.tr("Informed"),
        }

    def want_query(self, query: ItemQuery) -> None:
        """Set the query; its items are read at the next :meth:`refresh`."""
        self.query = query
        self.is_loaded = False

    def show_query(self, query: ItemQuery) -> None:
        """Set the query and read its items."""
        self.query = query

        def read(api: Api, after: str | None) -> Page:
            page = api.items.page(query, after=after)
            while page["next"] is not None and not page["items"]:  # nothing found yet
                page = api.items.page(query, after=str(page["next"]))
            following = page["next"]
            return Page(page["items"], None if following is None else str(following), page)

        self.show(read)

    def refresh(self, first: int) -> None:
        """Read the rows on screen again, from row ``first`` on."""
        if not self.is_loaded:
            self.show_query(self.query)
        else:
            first = min(first, len(self.rows))
            after = str(self.rows[first - 1]["item_id"]) if first else None
            self._ask(after, partial(self._on_again, after))

    def read_search_again(self) -> None:
        """Have the rows read again if words were searched that may find more by now."""
        if self.query.text:
            self.outdated.emit()

    def read_all(self) -> None:
        """Read the remaining items, as long as one action can take all their tasks."""
        if self._next is None:
            return
        room = BULK_LIMIT - sum(len(each["tasks"]) for each in self.rows)
        is_behind = self._reader.is_reading
        self._reader.drop()
        self._reader.read(self._on_all, _rest, self.query, self._next, room)
        self._reader.is_behind = is_behind

    # QAbstractItemModel

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = _ROLE.DisplayRole
    ) -> Any:
        """Return a cell's words or tooltip; that of the chips says the states in words."""
        says_states = role == _ROLE.ToolTipRole and index.column() == ItemColumn.TASKS
        return super().data(index, _ROLE.DisplayRole if says_states else role)

    def cell(self, position: int, column: int) -> Cell:
        """Return a cell; the chips of the item's tasks are its mark."""
        item = self.rows[position]
        match column:
            case ItemColumn.NUMBER:
                return Cell(str(item["item_id"]))
            case ItemColumn.WHO:
                return Cell(who(item), "text")
            case ItemColumn.EMAIL:
                return Cell("" if item["recipient"] is None else item["recipient"]["email"])
            case ItemColumn.TITLE:
                return Cell(item["title"] or "", "text")
            case ItemColumn.TASKS:
                return Cell(tasks_in_words(item), mark=task_chips(item))
            case ItemColumn.INFORMED:
                look = look_of(item)
                said = filter(None, (informed_word(item["informed"]), why_words(item)))
                ink = "soft text" if look is None else look.token
                return Cell(" · ".join(said), ink, keeps_end=True)
            case _:
                now = time.time()
                return moment_cell(epoch(item["created_at"]) or now)

    # Reading

    def take_first(self, page: Page) -> None:
        """Replace all rows by the first page."""
        self.is_full = False
        super().take_first(page)
        self._note(page)

    def _on_next(self, page: Page) -> None:
        super()._on_next(page)
        self._note(page)

    def _on_all(self, page: Page) -> None:
        self.is_full = page.next is not None
        self._on_next(page)

    def _on_again(self, after: str | None, page: Page) -> None:
        """Replace rows by those that were read again."""
        start = 0 if after is None else self._behind(int(after))
        stop = len(self.rows)
        if page.next is not None:
            known = self._behind(int(page.next))
            # If none of the next rows is in memory, drop the rest; it is read when needed.
            stop = known if known > start else stop
        reaches_end = stop == len(self.rows)
        self.replace(start, stop, page.rows)
        if reaches_end:
            self._next = page.next
        self._note(page)

    def _on_free(self) -> None:
        self.outdated.emit()

    def _behind(self, number: int) -> int:
        """Return the position after an item, or after where it would be."""
        return bisect_right(self.rows, -number, key=lambda row: -row["item_id"])

    def _note(self, page: Page) -> None:
        self.counts = page.about["counts"]
        self.counts_are_exact = page.about["counts_are_exact"]
        self.counted.emit()


def _rest(api: Api, query: ItemQuery, after: str, room: int) -> Page:
    """Read the items after ``after``, as long as there is ``room`` for their tasks."""
    rows: list[Item] = []
    place: str | None = after
    while place is not None:
        page = api.items.page(query, after=place, limit=PAGE_LIMIT)
        place = None if page["next"] is None else str(page["next"])
        for item in page["items"]:
            room -= len(item["tasks"])
            if room < 0:
                last = str(rows[-1]["item_id"]) if rows else after
                return Page(rows, last, page)
            rows.append(item)
    return Page(rows, None, page)


class ItemSelection(QObject):
    """Follows the selection in ``table``, and the changes of the selected items' tasks.

    Items out of sight are not read again, so their tasks follow events. ``changed`` carries the
    numbers of the items once their tasks are converted, which happens in small steps.
    """

    changed = Signal(list)

    def __init__(
        self, model: ItemModel, table: ItemTable, rights: WindowRights, pending: PendingActions
    ) -> None:
        super().__init__(table)
        self._model = model
        self._table = table
        self._rights = rights
        self._pending = pending
        self._rows: dict[int, Row] = {}
        self._gone: set[int] = set()
        self._later = QTimer(self, singleShot=True, interval=EVERY_MS)
        self._later.timeout.connect(self._update)
        self._items: list[Item] = []  # selected at the last update
        self._to_convert: list[TaskRow] = []
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._convert_some)
        table.chosen_changed.connect(self._on_chosen)
        for changed in (model.dataChanged, model.counted):
            changed.connect(self._update_soon)

    def items(self) -> list[Item]:
        """Return the selected items, from top to bottom."""
        found = (self._model.row_at(place) for place in self._table.chosen())
        return [item for item in found if item is not None]

    @property
    def selected(self) -> Selection:
        """The tasks of the selected items, as of the last update."""
        rows = self._tasks()
        return Selection(rows, len(rows), self._rights, self._pending)

    def apply(self, event: TasksEvent) -> None:
        """Apply an event to the tasks of the selected items."""
        changed = [task for task in event["rows"] if task["id"] in self._rows]
        gone = self._rows.keys() & event["gone"]
        for task in changed:
            self._newest(task)
        self._gone |= gone
        if changed or gone:
            self._update_soon()

    def _tasks(self) -> list[Row]:
        """Return the items' tasks, without sent copies: those are not sent again."""
        found = [
            self._newest(task)
            for item in self._items
            for task in item["tasks"]
            if task["id"] not in self._gone
        ]
        self._rows = {row.id: row for row in found}
        return [row for row in found if not (row.copy and row.state == State.SUCCEEDED)]

    def _newest(self, task: TaskRow) -> Row:
        """Return the newest known row of a task."""
        known = self._rows.get(task["id"])
        if known is None or known.rev < task["rev"]:
            known = self._rows[task["id"]] = row_of(task)
        return known

    def _on_chosen(self) -> None:
        self._gone.clear()
        self._update()

    def _update_soon(self) -> None:
        if not self._later.isActive() and len(self._table.chosen()) > 1:
            self._later.start()

    def _update(self) -> None:
        known, self._items = self._rows, self.items()
        self._to_convert = [
            task
            for item in self._items
            for task in item["tasks"]
            if task["id"] not in known or known[task["id"]].rev < task["rev"]
        ]
        self._convert_some()

    def _convert_some(self) -> None:
        some, self._to_convert = self._to_convert[:STEP], self._to_convert[STEP:]
        for task in some:
            self._newest(task)
        if self._to_convert:
            self._next.start()
        else:
            self._next.stop()
            self.changed.emit([item["item_id"] for item in self._items])


FITS: Final = {
    ItemColumn.NUMBER: ColumnFit(70, whole=True, leaves=5),
    ItemColumn.WHO: ColumnFit(140, least=96),
    ItemColumn.EMAIL: ColumnFit(180, least=120, leaves=3),
    ItemColumn.TITLE: ColumnFit(140, least=72, leaves=4),
    ItemColumn.TASKS: ColumnFit(200, least=160, leaves=2),
    ItemColumn.WHEN: ColumnFit(96, whole=True, leaves=1),
    ItemColumn.INFORMED: ColumnFit(210, least=110),  # never leaves; the card has the others
}


class ItemTable(ListTable):
    """Shift and Ctrl select more rows, Ctrl+A all of them, and Escape only the current one.

    *Select all* includes items that are not in memory. A table that is not empty always has a
    selected row. ``chosen_changed`` is emitted when the selection may have changed.
    """

    chosen_changed = Signal()

    def __init__(self, model: ItemModel) -> None:
        super().__init__(model, "", FITS)
        self._items = model
        self._chooses_all = False
        self.setAccessibleName(self.tr("Items"))
        self.setItemDelegate(ChipDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.selectionModel().selectionChanged.connect(self.chosen_changed)
        self.chosen_changed.connect(self._on_chosen)
        model.rowsRemoved.connect(self._on_removed)
        model.modelReset.connect(self._on_chosen)
        model.rowsInserted.connect(self._on_inserted)

    def selectAll(self) -> None:  # noqa: N802
        """Select all current items, in memory or not."""
        super().selectAll()
        self._chooses_all = True
        self._items.read_all()

    def give_up_selection(self) -> bool:
        """On Escape, select only the current row; tell whether that changed the selection."""
        gives_up = self.hasFocus() and len(self.chosen()) > 1
        if gives_up:
            self.choose_current()
        return gives_up

    def choose_for_menu(self, row: QModelIndex) -> None:
        """Select the row for which a menu opens, unless it is selected already."""
        if not self.selectionModel().isRowSelected(row.row()):
            super().choose_for_menu(row)

    def _on_chosen(self) -> None:
        self._chooses_all = False

    def _on_removed(self) -> None:
        """If no selected row is left, select the row that took its place."""
        if self.currentIndex().isValid() and not self.selectionModel().hasSelection():
            self.choose_current()

    def _on_inserted(self, _: QModelIndex, first: int, last: int) -> None:
        """Select items that were read at the end; new items appear elsewhere and are not meant."""
        if self._chooses_all and last == self._items.rowCount() - 1:
            self.choose_ranges([(first, last)], QItemSelectionModel.SelectionFlag.Select)


class ChipDelegate(ListDelegate):
    """Paints the chips of a cell: icon and title on a background in the state's colour."""

    def paint_cell(self, painter: QPainter, room: QRect, cell: Cell, theme: Theme) -> None:
        """Paint text or chips; chips without room are counted at the end."""
        chips: list[TaskChip] | None = cell.mark
        if chips is None:
            super().paint_cell(painter, room, cell, theme)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_chips(painter, room, chips, theme)
        painter.restore()

    def _paint_chips(
        self, painter: QPainter, room: QRect, chips: Sequence[TaskChip], theme: Theme
    ) -> None:
        left = room.left()
        more_width = self.length("+99")
        for place, chip in enumerate(chips):
            rest = len(chips) - place
            space = room.right() - left - (more_width if rest > 1 else 0)
            width = min(self._width(chip, theme), space if place == 0 else 10**6)
            if width > space:
                where = QRect(left, room.top(), room.right() - left, room.height())
                self.write(painter, where, f"+{rest}", theme.ink("soft text"))
                return
            self._paint(painter, QRect(left, room.top(), width, room.height()), chip, theme)
            left += width + theme.px(GAP)

    def content_width(self, cell: Cell, theme: Theme) -> int:
        """Return the width of the text, or of all chips."""
        if not cell.mark:
            return super().content_width(cell, theme)
        return sum(self._width(chip, theme) + theme.px(GAP) for chip in cell.mark)

    def _width(self, chip: TaskChip, theme: Theme) -> int:
        return theme.px(8 + 14 + 5 + 10) + self.length(chip.title) + 1

    def _paint(self, painter: QPainter, room: QRect, chip: TaskChip, theme: Theme) -> None:
        height = min(theme.px(22), room.height() - theme.px(4))
        top = room.top() + (room.height() - height) // 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.tint(chip.token, SHADE))
        ground = QRectF(room.left(), top, room.width(), height)
        painter.drawRoundedRect(ground, height / 2, height / 2)
        size = theme.px(14)
        ratio = painter.device().devicePixelRatioF()
        pixmap = icon(chip.icon, theme.color(chip.token), size, ratio)
        begin = room.left() + theme.px(8)
        painter.drawPixmap(begin, top + (height - size) // 2, pixmap)
        left = begin + size + theme.px(5)
        words = QRect(left, top, room.right() - left - theme.px(6), height)
        self.write(painter, words, chip.title, theme.ink(chip.token))
