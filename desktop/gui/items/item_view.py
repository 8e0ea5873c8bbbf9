"""The view of items: their table, read again while it is shown, and the item that is chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from desktop.contract.items import COUNTED
from desktop.contract.tasks import ID_LIMIT
from desktop.gui.items.informed_chips import InformedChips
from desktop.gui.items.item_card import ItemCard
from desktop.gui.items.item_model import ItemColumn, ItemModel
from desktop.gui.look.icons import icon
from desktop.gui.reach import WHOLE
from desktop.gui.tasks.search_words import parse
from desktop.gui.tasks.shown_tasks import batch_number
from desktop.gui.widgets.card import ROOM, TableAndCard
from desktop.gui.widgets.lists.empty_state import EmptyState
from desktop.gui.widgets.lists.list_delegate import ListDelegate
from desktop.gui.widgets.lists.list_table import ListTable
from desktop.gui.widgets.lists.list_widths import rows_in_sight
from desktop.gui.widgets.lists.live_rows import Rereading

if TYPE_CHECKING:
    from desktop.gui.items.item_card import WaysOn
    from desktop.gui.items.item_words import TaskChip
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.reach import Reach
    from desktop.gui.tasks.soon import Soon
    from desktop.gui.widgets.lists.live_rows import Cell


WIDTHS: Final = {
    ItemColumn.NUMBER: 70,
    ItemColumn.WHO: 150,
    ItemColumn.TITLE: 150,
    ItemColumn.TASKS: 230,
    ItemColumn.INFORMED: 92,
    ItemColumn.WHEN: 96,
}
LEAST: Final = {
    ItemColumn.NUMBER: 62,
    ItemColumn.WHO: 96,
    ItemColumn.TITLE: 72,
    ItemColumn.TASKS: 160,
    ItemColumn.INFORMED: 92,
    ItemColumn.WHY: 120,
}
LEAVES: Final = (ItemColumn.WHEN, ItemColumn.TASKS, ItemColumn.TITLE)
"""Who was not informed, and why, stays in sight; the card has the rest."""
OF_TASKS: Final = ("state", "task", "queue")
"""What a search asks of tasks, and of no item."""
GAP: Final = 6
"""Units of the grid between two chips."""
_SHADE: Final = 0.14
"""How much of a state's colour is in its chip's ground."""


class ItemTable(ListTable):
    """Shows an :class:`ItemModel`."""

    def __init__(self, model: ItemModel, themes: ThemeSource) -> None:
        super().__init__(model, "", WIDTHS, themes, LEAST, 140, {ItemColumn.WHEN}, LEAVES)
        self.setAccessibleName(self.tr("Items"))
        self.setItemDelegate(ChipDelegate(themes, self))


class ChipDelegate(ListDelegate):
    """Paints the chips of a cell that has some: icon and title on the state's own ground."""

    def paint_cell(self, painter: QPainter, room: QRect, cell: Cell, theme: Theme) -> None:
        """Paint words or chips; what has no room is counted behind them."""
        chips: list[TaskChip] | None = cell.mark
        if chips is None:
            super().paint_cell(painter, room, cell, theme)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
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
        """Return the width of words, or of all chips."""
        if not cell.mark:
            return super().content_width(cell, theme)
        return sum(self._width(chip, theme) + theme.px(GAP) for chip in cell.mark)

    def _width(self, chip: TaskChip, theme: Theme) -> int:
        return theme.px(8 + 14 + 5 + 10) + self.length(chip.title) + 1

    def _paint(self, painter: QPainter, room: QRect, chip: TaskChip, theme: Theme) -> None:
        height = min(theme.px(22), room.height() - theme.px(4))
        top = room.top() + (room.height() - height) // 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.tint(chip.token, _SHADE))
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


class ItemView(QWidget):
    """A table, and below it the item that is chosen.

    ``tasks_wanted`` carries the number of the item whose tasks are to be shown, ``shown`` that of
    the item in the card whenever it was read.

    ``chips`` belong to it and stand elsewhere. ``cleared`` says that the search shall be cleared,
    ``found_changed`` in words how many items a search has found, nothing where there is none.
    """

    tasks_wanted = Signal(int)
    shown = Signal(int)
    cleared = Signal()
    found_changed = Signal(str)

    def __init__(
        self,
        model: ItemModel,
        themes: ThemeSource,
        reach: Reach = WHOLE,
        soon: Soon | None = None,
        ways_on: WaysOn | None = None,
    ) -> None:
        super().__init__()
        model.setParent(self)
        self.model = model
        self.found = self._typed = ""
        self._of_tasks: list[str] = []
        self.batches: dict[str, int] = {}  # by name, small letters
        self.table = ItemTable(model, themes)
        self.chips = InformedChips(themes)
        self.empty = EmptyState(themes.theme, self.table)
        if not reach.may_change:
            self.empty.nothing = self.tr("No items yet.")
        self.card = ItemCard(themes, reach, ways_on)
        self._both = TableAndCard(self, self.table, self.card, themes.theme.px(ROOM))
        self.rereading = Rereading(self, self._read_again)
        self.table.activated_row.connect(self._on_activated)
        self.table.verticalScrollBar().valueChanged.connect(lambda _: self.rereading.note())
        self.chips.kind_chosen.connect(self._on_kind)
        self.empty.cleared.connect(self._on_cleared)
        model.counted.connect(self._on_counted)
        model.outdated.connect(self.rereading.note)
        model.failed.connect(self._on_failed)
        for changed in (model.shown, model.rowsInserted, model.rowsRemoved):
            changed.connect(self._show_whether_empty)
        for changed in (model.shown, model.dataChanged, model.rowsRemoved, self.table.row_chosen):
            changed.connect(self._show_card)
        model.rowsInserted.connect(self._choose_first)
        self.card.tasks_chosen.connect(self.tasks_wanted)
        self.table.menu_wanted.connect(self.card.row.open_menu)
        if soon is not None:
            soon.changed.connect(self._show_card)
        self._show_card()
        themes.changed.connect(self.empty.set_theme)

    def show_text(self, text: str) -> None:
        """Show only items that match a search; none where it asks what tasks alone can tell."""
        search = parse(text)
        self._typed = text
        self._of_tasks = [f"“{key}:”" for key in OF_TASKS if search.values(key)]
        batch = batch_number(search.batch[-1], self.batches) if search.batch else None
        words = " ".join([*search.words, *search.to, *search.error])
        self._show(text=words, batch_id=ID_LIMIT if self._of_tasks else batch)

    def _show_card(self) -> None:
        """Show the item that is chosen; the first one where none is."""
        self._choose_first()
        item = self.model.item(self.table.currentIndex().row())
        self.card.show_item(item)
        if item is not None:
            self.shown.emit(item["item_id"])

    def _choose_first(self) -> None:
        if self.model.rows and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _show(self, **changes: object) -> None:
        query = replace(self.model.query, **changes)  # type: ignore[arg-type]
        if query == self.model.query:
            return
        self.table.scrollToTop()
        if self.isVisible():
            self.model.show_query(query)
        else:
            self.model.want_query(query)
            self.rereading.note()

    def _on_kind(self, kind: str) -> None:
        self._show(informed=(kind,) if kind else ())

    def _on_cleared(self) -> None:
        self.chips.choose("")
        self.cleared.emit()

    def _read_again(self) -> None:
        self.model.refresh(rows_in_sight(self.table)[0])

    def _on_activated(self, position: int) -> None:
        item = self.model.item(position)
        if item is not None:
            self.tasks_wanted.emit(item["item_id"])

    def _on_counted(self) -> None:
        self.chips.set_counts(self.model.counts, exact=self.model.counts_are_exact)
        self.found = self._found_words()
        self.found_changed.emit(self.found)

    def _found_words(self) -> str:
        query, counts = self.model.query, self.model.counts
        if not self._typed or self._of_tasks:
            return ""
        some = [counts.get(kind, 0) for kind in query.informed or counts]
        if self.model.counts_are_exact and all(count < COUNTED for count in some):
            return self.tr("%Ln found", None, sum(some))
        return self.tr("more than %Ln found", None, sum(some))

    def _on_failed(self, sentence: str) -> None:
        if not self.model.rows:
            self.empty.show_failure(sentence)

    def _show_whether_empty(self) -> None:
        query = self.model.query
        self._both.show_card(there=bool(self.model.rows))
        if self.model.rows or not self.model.is_loaded:
            self.empty.hide()
        elif self._of_tasks:
            words = self.tr("Items cannot be searched by {}. Choose Tasks for that.")
            self.empty.show_group(words.format(", ".join(self._of_tasks)))
        elif self._typed or not query.informed:
            self.empty.show_none(self._typed, narrowed=bool(query.informed))
        else:
            self.empty.show_group(self.tr("There are no items in this group."))
