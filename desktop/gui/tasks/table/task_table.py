"""The task table: the rows of the list, their columns, and what a person does with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Unpack, cast

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QStyle,
    QStyleOptionProgressBar,
    QStyleOptionViewItem,
)

from desktop.gui.kit.lists.empty_state import EmptyState
from desktop.gui.kit.lists.stock_table import LastCell, Share, StockTable
from desktop.gui.kit.look.appearance import LOOK, may_move, px
from desktop.gui.kit.look.icons import turned_icon
from desktop.gui.kit.widgets.buttons import HERE, give_key
from desktop.gui.kit.widgets.surfaces import ShareBar
from desktop.gui.kit.words.states import LOOKS, percent
from desktop.gui.kit.words.table import say
from desktop.gui.tasks.acting.offered_actions import task_menu
from desktop.gui.tasks.search_field import KEYS, ShownTasks, parse
from desktop.gui.tasks.table.columns import ADDRESS, COLUMNS, STATUS, TO, TableHeader
from desktop.gui.tasks.table.task_selection import TaskSelection
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from desktop.gui.kit.lists.live_rows import Cell
    from desktop.gui.kit.lists.stock_table import Index
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.tasks.acting.task_actions import TaskAction
    from desktop.gui.tasks.filters import NamedFilter
    from desktop.gui.tasks.search_field import TaskPart
    from desktop.gui.tasks.table.task_list import TaskList
    from desktop.gui.tasks.table.task_model import TaskModel


FRAMES: Final = 24
"""Frames in one turn of the running icon."""
FRAME_MS: Final = 42
"""Milliseconds of one frame: one turn takes a second."""
SHARES: Final = {n: Share(*each.share) for n, each in enumerate(COLUMNS) if each.share is not None}
_DIRECT: Final = Qt.FindChildOption.FindDirectChildrenOnly


class Status(LastCell):
    """Draws a share as a bar, as wide as its words leave room."""

    def __init__(self, table: TaskTable) -> None:
        super().__init__(table)
        self._bar = ShareBar()
        self._bar.setParent(table)
        self._bar.hide()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell."""
        row = cast("TaskModel", index.model()).row_at(index.row())
        super().paint(painter, option, index)
        if row is None or row.share is None:
            return
        bar, cell = QStyleOptionProgressBar(), cast("Any", option)
        words, half = cell.fontMetrics.horizontalAdvance(percent(1.0)), px(6) // 2
        middle = cell.rect.center().y()
        bar.rect = cell.rect.adjusted(px(8), 0, -words - px(16), 0)
        bar.rect = QRect(bar.rect.left(), middle - half, bar.rect.width(), 2 * half)
        bar.minimum, bar.maximum, bar.progress = 0, 100, int(row.share * 100)
        style, control = self._bar.style(), QStyle.ControlElement.CE_ProgressBar
        style.drawControl(control, bar, painter, self._bar)


class RunningIcons(QObject):
    """Turns the icons of running tasks: one timer repaints only them, and stops without any."""

    def __init__(self, table: TaskTable, model: TaskModel) -> None:
        super().__init__(table)
        self._table = table
        self._model = model
        self._frame = 0
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
        self._model.turned = None

    def _places(self) -> list[QRect]:
        """Return the cells of the running icons on screen."""
        table = self._table
        x, width = table.columnViewportPosition(TO), table.row_height
        return [
            QRect(x, table.rowViewportPosition(position), width, width)
            for position, row in self._model.known_between(*self._model.window)
            if row.state == State.RUNNING
        ]

    def _on_frame(self) -> None:
        places, theme = self._places(), LOOK.theme
        if not places:
            self.rest()
            return
        self._frame = (self._frame + 1) % FRAMES
        look, degrees = LOOKS[State.RUNNING], self._frame * 360 // FRAMES
        self._model.turned = turned_icon(look.icon, theme.color(look.token), theme, degrees)
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
        day: str = "",
    ) -> None:
        """Say that nothing matches a search, a chip or a link, or that there are no tasks at all.

        ``named`` is the name of the filter that a link has set. ``strange`` are words given as
        states in the search that are not states. ``lone`` is a state that cannot be combined with
        the others in the search. ``day`` is a word that should be a day, and is none.
        """
        if lone:
            self.show_group(say("none", "state_alone", state=lone))
        elif strange:
            self.show_group(say("none", "state", state=strange[0]))
        elif day:
            self.show_group(say("value", "no_day", day=day))
        elif named:
            name = "tasks_match" if text else "tasks_named_here" if narrowed else "tasks_named"
            self._say(say("none", name, name=named, text=text), self.tr("Clear filter"))
            self._say_unknown(text)
        elif narrowed and not text:
            self.show_group(say("none", "tasks_here"))
        else:
            self.show_none(text, narrowed=narrowed)


class TaskTable(StockTable):
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
        self.header = TableHeader(model.names)
        super().__init__(model, "", ADDRESS, SHARES, self.header)
        self.setAccessibleName(self.tr("Tasks"))
        self.setObjectName("tasks")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.icons = RunningIcons(self, model)
        self.header.sort_chosen.connect(self._on_sort)
        for changed in (self.header.further_chosen, model.titled):
            changed.connect(self.fit_columns)
        self.setItemDelegateForColumn(STATUS, Status(self))
        self.empty = NoTasks(self)
        self._follow_model()
        self._give_keys()
        self._second = QTimer(self, interval=1000, timerType=Qt.TimerType.PreciseTimer)
        self._second.timeout.connect(model.refresh_ages)

    @property
    def tasks(self) -> TaskList:
        """The list that is shown."""
        return self._model.tasks

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
        """Return all columns, also those that are not shown."""
        return [*range(len(COLUMNS))]

    def cells_to_copy(self, columns: Sequence[int]) -> list[list[Cell]]:
        """Return the cells of the selected tasks, in memory or not."""
        cell = self._model.cell_of
        return [[cell(row, column) for column in columns] for row in self.selection.rows]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """On Escape, select only the current one of several tasks."""
        if event.key() == Qt.Key.Key_Escape and self.selection.selected.count > 1:
            self.choose_current()
        else:
            super().keyPressEvent(event)

    def be_of_app(self) -> None:
        """Show the tasks of an app, which have neither recipient nor item."""
        self._model.names.be_of_app()
        self.fit_columns()

    def fit_columns(self) -> None:
        """Share the room among the columns that are wanted."""
        shown = self.header.shown(with_task=self._model.many_titles)
        for number in range(len(COLUMNS)):
            self.setColumnHidden(number, number not in shown)
        super().fit_columns()

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

    def count_again(self) -> None:
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
        """Stop reading, and the updates of ages and icons, while hidden."""
        super().hideEvent(event)  # type: ignore[arg-type]
        self._second.stop()
        self.icons.rest()
        self._model.watch(0, -1)

    def choose_at_focus(self) -> None:
        """Select nothing, but show where the focus is."""
        self.mark_first()

    def _follow_model(self) -> None:
        model = self._model
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
        self.selection.chosen.connect(self._on_chosen)  # by a screen reader, too
        self.selectionModel().currentChanged.connect(lambda: self.viewport().update())
        self.empty.cleared.connect(self.cleared)

    def _on_followed(self) -> None:
        self._model.watch(*self.place.on_screen)
        self.icons.wake()

    def _on_moved(self) -> None:
        if self._model.rowCount():
            self.empty.hide()
        elif self._model.is_loaded:
            self.empty.show_query(self.shown.text, **self.shown.nothing)

    def _on_shown(self) -> None:
        self.forget_widths()
        if self._model.is_loaded and self.shown.selects_first(self._model.rowCount()):
            self.selectRow(0)
        self.show_chosen()  # a new order keeps the selection
        if self.hasFocus():
            self.mark_first()

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

    def _on_chosen(self) -> None:
        if self.chosen_ranges():
            self.picked.emit()

    def _on_activated(self, position: int) -> None:
        if (row := self._model.row_at(position)) is not None:
            self.task_activated.emit(row.id)

    def _on_sort(self, sort: str) -> None:
        self._model.set_query(replace(self._model.query, sort=sort))

    def _act(self, action: TaskAction) -> None:
        self.action_chosen.emit(action.verb, action.which)
