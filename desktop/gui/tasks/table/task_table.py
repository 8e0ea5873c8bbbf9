"""The task table: how it paints its rows, and keeps them in place while the list changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Unpack

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeySequence, QPainter
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView

from desktop.gui.kit.lists.list_delegate import ListDelegate
from desktop.gui.kit.lists.list_table import ListTable
from desktop.gui.kit.lists.list_view import EmptyState
from desktop.gui.kit.look.appearance import LOOK, may_move
from desktop.gui.kit.widgets.buttons import HERE, give_key
from desktop.gui.kit.words.states import LOOKS, percent
from desktop.gui.kit.words.table import say
from desktop.gui.tasks.acting.offered_actions import task_menu
from desktop.gui.tasks.search_field import KEYS, ShownTasks, parse
from desktop.gui.tasks.table.columns import FITS, PROGRESS, STATE, TASK, TableHeader
from desktop.gui.tasks.table.task_model import CellMark
from desktop.gui.tasks.table.task_selection import TaskSelection
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QEvent

    from desktop.gui.kit.lists.live_rows import Cell
    from desktop.gui.kit.look.theme import Theme
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.tasks.acting.task_actions import TaskAction
    from desktop.gui.tasks.filters import NamedFilter
    from desktop.gui.tasks.search_field import TaskPart
    from desktop.gui.tasks.table.task_model import TaskModel

    Index = QModelIndex | QPersistentModelIndex


FRAMES: Final = 24
"""Frames in one turn of the running icon."""
FRAME_MS: Final = 42
"""Milliseconds of one frame: one turn takes a second."""
BAR: Final = 90
"""Width of a progress bar, in units of the grid."""
PLACEHOLDER: Final = 6
"""Height of the bar in a row that is still being read, in units of the grid."""
_DIRECT: Final = Qt.FindChildOption.FindDirectChildrenOnly


class TaskDelegate(ListDelegate):
    """Paints states with their icons, progress with its bar, and rows that are still being read.

    ``frame`` is the current frame of the running icon.
    """

    def __init__(self, model: TaskModel, table: QTableView) -> None:
        self._model = model
        self.frame = 0
        super().__init__(table)

    def begin(self) -> None:
        """Prepare for a repaint of the table."""
        super().begin()
        self._model.names_tasks = self._table.isColumnHidden(TASK)

    def paint_cell(self, painter: QPainter, room: QRect, cell: Cell, theme: Theme) -> None:
        """Paint the content of a cell within ``room``."""
        if isinstance(cell.mark, str):
            self._paint_state(painter, room, cell)
        elif isinstance(cell.mark, float):
            length = room.width() - self.gap - self.length(f"{percent(1)}…")
            whole = max(0, min(theme.px(BAR), length))
            left = self.bar(painter, room, cell.mark, whole, "running")
            self.write(painter, left, cell.words, self.inks[cell.ink])
        elif cell.mark is CellMark.LOADING:
            top = room.top() + (room.height() - theme.px(PLACEHOLDER)) // 2
            length = min(room.width() // 2, theme.px(BAR))
            if length > 0:
                color = self.colors["hover"]
                painter.fillRect(room.left(), top, length, theme.px(PLACEHOLDER), color)
        elif cell.mark is CellMark.ADDRESS and " <" in cell.words:
            name, _, address = cell.words.rpartition(" <")
            length = self.write(painter, room, name, self.inks[cell.ink])
            left = room.adjusted(length + self.length(" "), 0, 0, 0)
            self.write(painter, left, address.removesuffix(">"), self.inks["soft text"])
        else:
            super().paint_cell(painter, room, cell, theme)

    def content_width(self, cell: Cell, theme: Theme) -> int:
        """Return the width of a cell's words behind its icon or bar."""
        if isinstance(cell.mark, str):
            words = max(self.length(each, bolder=True) for each in (cell.words, cell.longest))
            return self.side + self.gap + words + 1
        bar = theme.px(BAR) + self.gap
        words = self.length(cell.words) + (bar if isinstance(cell.mark, float) else 0)
        longest = self.length(cell.longest) + bar if cell.longest else 0  # a bar may come
        return max(words, longest) + 1

    def _paint_state(self, painter: QPainter, room: QRect, cell: Cell) -> None:
        """Paint a state's icon, turned if it is running, and its word in its colour."""
        place, turns = QRect(room), cell.mark == State.RUNNING and self.frame
        if turns:
            half = self.side / 2
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.translate(room.left() + half, room.center().y() - self.side // 2 + half)
            painter.rotate(self.frame * 360 / FRAMES)
            painter.translate(-half, -half)
            place.moveTo(0, self.side // 2 - (room.center().y() - room.top()))
        self.mark(painter, place, LOOKS[cell.mark].icon, self.colors[cell.ink])
        if turns:
            painter.restore()
        words = room.adjusted(self.side + self.gap, 0, 0, 0)
        self.write(painter, words, cell.words, self.inks[cell.ink], bolder=True)


class RunningIcons(QObject):
    """Turns the icons of running tasks: one timer repaints only them, and stops without any."""

    def __init__(self, table: TaskTable, model: TaskModel, delegate: TaskDelegate) -> None:
        super().__init__(table)
        self._table = table
        self._model = model
        self._delegate = delegate
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._on_frame)

    @property
    def turning(self) -> bool:
        """Whether the icons turn now."""
        return self._timer.isActive()

    def wake(self) -> None:
        """Start to turn if any are on screen and the system allows motion."""
        table = self._table
        if not self.turning and table.isVisible() and may_move(table) and self._places():
            self._timer.start()

    def rest(self) -> None:
        """Stop turning."""
        self._timer.stop()

    def _places(self) -> list[QRect]:
        """Return the cells of the running icons on screen."""
        table = self._table
        if table.isColumnHidden(STATE):
            return []
        x, width = table.columnViewportPosition(STATE), self._delegate.pad + self._delegate.side
        return [
            QRect(x, table.rowViewportPosition(position), width, table.row_height)
            for position, row in self._model.pages.between(*self._model.window)
            if row.state == State.RUNNING
        ]

    def _on_frame(self) -> None:
        places = self._places()
        if not places:
            self.rest()
            return
        self._delegate.frame = (self._delegate.frame + 1) % FRAMES
        for place in places:
            self._table.viewport().update(place)


class NoTasks(EmptyState):
    """Says why there are no tasks: the search, a chip or the filter of a link."""

    def show_query(
        self,
        text: str,
        *,
        narrowed: bool,
        named: str = "",
        strange: Sequence[str] = (),
        lone: str = "",
    ) -> None:
        """Say that nothing matches a search, a chip or a link, or that there are no tasks at all.

        ``named`` is the name of the filter that a link has set. ``strange`` are words given as
        states in the search that are not states. ``lone`` is a state that cannot be combined with
        the others in the search.
        """
        if lone:
            self.show_group(say("none", "state_alone", state=lone))
        elif strange:
            self.show_group(say("none", "state", state=strange[0]))
        elif named:
            name = "tasks_match" if text else "tasks_named_here" if narrowed else "tasks_named"
            self._say(say("none", name, name=named, text=text), self.tr("Clear filter"))
            self._say_unknown(text)
        elif narrowed and not text:
            self.show_group(say("none", "tasks_here"))
        else:
            self.show_none(text, narrowed=narrowed)


class TaskTable(ListTable):
    """Shows a :class:`TaskModel` and emits the person's wishes as signals.

    ``selection_changed`` carries the numbers of the selected tasks, the current one first;
    ``action_chosen`` a verb (``retry``, …) and the tasks it fits, as numbers or a query;
    ``task_activated`` the task whose details to show. ``cleared`` asks to clear search and chips.
    ``filtered`` is emitted when the list shows other tasks.
    """

    task_activated = Signal(int)
    selection_changed = Signal(list)
    action_chosen = Signal(str, object)
    cleared = Signal()
    filtered = Signal()

    def __init__(self, model: TaskModel, rights: WindowRights) -> None:
        self._rights = rights
        self._model = model
        self.shown = ShownTasks()
        self.header = TableHeader()
        super().__init__(model, "", FITS, PROGRESS, self.header)
        self.setAccessibleName(self.tr("Tasks"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        delegate = TaskDelegate(model, self)
        self.setItemDelegate(delegate)
        self.icons = RunningIcons(self, model, delegate)
        self.header.follow(self.widths)
        self.widths.is_steady = True  # a click on a title sorts, and moves no other
        self.header.sort_chosen.connect(self._on_sort)
        self.empty = NoTasks(self)
        self._follow_model()
        self._give_keys()
        self._second = QTimer(self, interval=1000, timerType=Qt.TimerType.PreciseTimer)
        self._second.timeout.connect(model.refresh_ages)

    def begin(self, model: TaskModel) -> None:
        """Show the model, with a selection that follows its tasks."""
        self.selection = TaskSelection(model, self, self._rights)
        self.setModel(model)
        self.selection.follow()

    def show_filter(self, chosen: NamedFilter) -> None:
        """Show only the tasks of a filter."""
        self.shown.filter = chosen
        self._show()

    def show_part(self, **part: Unpack[TaskPart]) -> None:
        """Show only a part of the tasks, or all of them if none is given."""
        self.shown.part = {
            name: tuple(given) if isinstance(given, list) else given for name, given in part.items()
        }
        self._show()

    def show_text(self, text: str) -> None:
        """Show only tasks that match a search: words, and keys with values."""
        self.shown.text, self.shown.search = text, parse(text)
        self.empty.learn_key(self.shown.search.strange_key, KEYS)
        self._show()

    def columns_to_copy(self) -> list[int]:
        """Return the shown columns from left to right."""
        return self.header.columns_chosen()

    def cells_to_copy(self, columns: Sequence[int]) -> list[list[Cell]]:
        """Return the cells of the selected tasks, in memory or not."""
        cell = self._model.cell_of
        return [[cell(row, column) for column in columns] for row in self.selection.rows]

    def give_up_selection(self) -> bool:
        """On Escape in the rows, clear the selection; tell whether there was one."""
        selects = self.hasFocus() and self.selectionModel().hasSelection()
        if selects:
            self.clearSelection()
        return selects

    def _give_keys(self) -> None:
        give_key(self, ("Return", "Enter"), self.tr("Show the details"), self._open_current, HERE)
        words = self.tr("Cancel the selected tasks, or remove those that have ended")
        give_key(self, QKeySequence.StandardKey.Delete, words, self._take_out, HERE)

    def _open_current(self) -> None:
        current = self.current()
        if current is not None:
            if not self.selectionModel().isRowSelected(self.currentIndex().row()):
                self.selectRow(self.currentIndex().row())
            self.task_activated.emit(current.id)

    def _take_out(self) -> None:
        action = self.selection.selected.taking_out
        if action is not None:
            self._act(action)

    def menu(self) -> QMenu | None:
        """Return the menu for the selected tasks, or ``None`` if none is selected."""
        selected = self.selection.selected
        if not selected.rows:
            return None
        return task_menu(selected, LOOK.theme, self, self._act, self.copy_rows)

    def choose_for_menu(self, row: QModelIndex) -> None:
        """Keep the selection: the menu is for all of it."""

    def count_anew(self) -> None:
        """Update ages now, and once a second from now on, as a countdown beside the table does."""
        if self._second.isActive():
            self._second.start()
            self._model.refresh_ages()

    def _on_menu_wanted(self, at: QPoint) -> None:
        menu = self.menu()
        if menu is not None:
            menu.popup(at)

    def showEvent(self, event: QEvent) -> None:
        """Update ages and turn running icons while they are visible."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._second.start()
        self.place.follow()
        if not event.spontaneous():
            self.show_chosen()

    def hideEvent(self, event: QEvent) -> None:
        """Stop the updates of ages and icons while hidden."""
        super().hideEvent(event)  # type: ignore[arg-type]
        self._second.stop()
        self.icons.rest()

    def choose_at_focus(self) -> None:
        """Select nothing: the selection may be empty."""

    def _follow_model(self) -> None:
        model = self._model
        model.shown.connect(self.widths.measure)
        self.menu_wanted.connect(self._on_menu_wanted)
        self.row_activated.connect(self._on_activated)
        model.shown.connect(self.scrollToTop)
        model.shown.connect(self.place.follow)
        self.place.followed.connect(self._on_followed)
        for moved in (model.rowsInserted, model.rowsRemoved, model.shown, model.reordered):
            moved.connect(self._on_moved)
        model.shown.connect(self._on_shown)
        model.dataChanged.connect(self.icons.wake)
        model.rows_read.connect(self.icons.wake)
        model.failed.connect(self.empty.show_failure)
        self.selection.changed.connect(self.selection_changed)
        self.selectionModel().currentChanged.connect(lambda: self.viewport().update())
        self.empty.cleared.connect(self.cleared)

    def _on_followed(self) -> None:
        self._model.watch(*self.place.on_screen)
        self.icons.wake()
        self.widths.measure_soon()

    def _on_moved(self) -> None:
        if self._model.rowCount():
            self.empty.hide()
        elif self._model.is_loaded:
            self.empty.show_query(self.shown.text, **self.shown.nothing)

    def _on_shown(self) -> None:
        if self._model.is_loaded and self.shown.selects_first(self._model.rowCount()):
            self.selectRow(0)
        self.show_chosen()  # a new order keeps the selection

    def _show(self) -> None:
        """Show other tasks; clear the selection and close menus for the old ones."""
        query = self.shown.query(self._model.query.sort)
        if query == self._model.query:
            return
        for menu in self.findChildren(QMenu, options=_DIRECT):
            menu.close()
        self.clearSelection()
        self._model.set_query(query)
        self.filtered.emit()

    def _on_activated(self, position: int) -> None:
        if (row := self._model.row_at(position)) is not None:
            self.task_activated.emit(row.id)

    def _on_sort(self, sort: str) -> None:
        self._model.set_query(replace(self._model.query, sort=sort))

    def _act(self, action: TaskAction) -> None:
        self.action_chosen.emit(action.verb, action.which)
