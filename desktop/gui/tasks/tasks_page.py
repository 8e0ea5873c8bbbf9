"""The tasks: the rows and their page of the desk, narrowed by chips, search and links."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, Unpack

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.gui.frame.desk import DeskMode
from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.buttons import IconButton, give_key
from desktop.gui.kit.widgets.surfaces import stacked
from desktop.gui.kit.widgets.texts import ElidedLabel
from desktop.gui.tasks.detail.modes import needs_person
from desktop.gui.tasks.detail.task_detail import DetailPane
from desktop.gui.tasks.filters import ALL, FILTERS, IN_ROW
from desktop.gui.tasks.search_field import SearchField, write
from desktop.gui.tasks.search_menu import SearchMenu
from desktop.gui.tasks.state_chips import StateChips
from desktop.gui.tasks.table.list_pane import ListPane
from desktop.gui.tasks.table.task_table import TaskTable

if TYPE_CHECKING:
    from desktop.gui.frame.halves import SavedPart
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.tasks.search_field import TaskPart
    from desktop.gui.tasks.table.task_model import TaskModel


NARROWED: Final = 240
"""Maximum width of the name of a narrowed list, in units of the grid."""
LEAST: Final = 240
"""Width of the rows and of the details, in units of the grid, that the splitter leaves them."""


class _Before(NamedTuple):
    """The filter before the list was narrowed to tasks ``of`` another one."""

    filter: str = ALL.name
    of: str = ALL.name


class TasksPage(QWidget):
    """Shows tasks in a ``table``, and the selected one in the ``detail`` on the desk.

    The desk follows what a person chooses by click, arrow or Enter, and where a link leads.

    ``chips`` and ``search`` filter the rows. A link narrows them to the tasks of a batch, cause or
    item, which ``narrowed`` names and ``widen`` leaves: it starts without a search. It stays when
    its last task leaves it, and says so.
    """

    def __init__(self, model: TaskModel, source: ApiSource, rights: WindowRights) -> None:
        super().__init__()
        self.model = model
        self.search = SearchField(self.tr("Search tasks, people, items"))
        self.search_menu = SearchMenu(self.search)
        self.chips = StateChips()
        self.table = TaskTable(model, rights)
        self.detail = DetailPane(source, rights, model.pending)
        self._before = _Before()
        self.narrowed = set_role(sized(ElidedLabel(), most_width=NARROWED), "heading")
        self.widen = IconButton(self.tr("Show all tasks"), "x")
        self.list = ListPane(self.table)
        for part in (self.list, self.detail):
            sized(part, least_width=LEAST)
        self._connect()

    def enter(self, window: MainWindow) -> dict[str, SavedPart]:
        """Take the place of the first view; return the parts whose state is kept."""
        self._window = window
        row = sized(QHBoxLayout(), margins=(12, 0, 0, 0), spacing=4)
        for each in (self.narrowed, self.widen):
            row.addWidget(each)
        row.addWidget(self.chips, 1)
        stacked(self, row, window.pins, self.list, filling=self.list)
        self._narrow("")
        window.begin_with(self, self.table)
        self._give_keys(window)
        window.pins.picked.connect(self.table.clearSelection)
        window.pins.left_downwards.connect(self._go_to_first)
        self.table.left_upwards.connect(self._go_to_pins)
        words, pane = QCoreApplication.translate("desk", "Task"), self.detail
        window.desk.add(DeskMode(pane, words, pane.foot, pane.begin, pane.send))
        window.lead_to_desk(self.table, pane)
        pane.give_back_to(self.table)
        window.desk.turned.connect(self._on_desk_turned)
        self.search.text_changed.connect(lambda _: window.halves.show_desk(shown=False))
        self.search.left_downwards.connect(self._go_to_rows)
        self.widen.clicked.connect(self.show_all)
        self.table.cleared.connect(self.show_all)
        self.table.empty.spreadsheet_wanted.connect(window.head.import_chosen)
        return {"columns": self.table.header}

    def begin_with_row(self) -> None:
        """Show the first task in sight that needs a person, else the newest, once there is one."""
        self.model.rows_read.connect(self._show_first)

    def _show_first(self) -> None:
        rows = [*self.model.known_between(*self.model.window)]
        if not rows:
            return
        self.model.rows_read.disconnect(self._show_first)
        if not self.table.selectionModel().hasSelection():
            self.table.selectRow(next((at for at, row in rows if row.needs_person), 0))

    def show_part(
        self,
        words: str,
        name: str = ALL.name,
        *,
        at_first: bool = False,
        **part: Unpack[TaskPart],
    ) -> None:
        """Narrow the list to a part of the tasks, which ``words`` say, in the filter of a ``name``.

        A single task is selected; with ``at_first``, the first of several is.
        """
        before = self._before.filter if self.narrowed.text() else self.chips.chosen.name
        self._before = _Before(before, name)
        self.search.set_now("")
        self._window.show_tasks(self.detail)
        self.chips.choose(name)
        self.table.shown.begins_at_first, self.table.shown.named = at_first, words
        self.table.show_part(**part)
        self._narrow(words)

    def go_on(self, task: int) -> None:
        """Go on from a task to the next row that needs a person, the first one after the last."""
        place, last = self.model.position_of(task), self.model.rowCount() - 1
        rows = [at for at, row in self.model.known_between(0, last) if needs_person(row)]
        if place is not None and (rest := [at for at in rows if at != place]):
            self.table.selectRow(next((at for at in rest if at > place), rest[0]))
            self.detail.begin_once_read()

    def show_all(self) -> None:
        """Show all tasks again, after :meth:`show_part`; a chip that it chose is left, too."""
        before, is_narrowed = self._before, bool(self.narrowed.text())
        self.table.show_part()
        self._narrow("")
        if is_narrowed and self.chips.chosen.name == before.of != ALL.name:
            self.chips.choose(before.filter)

    def show_filter(self, name: str) -> None:
        """Go home and show all tasks of the filter of a name, without a search."""
        self.search.clear_now()
        self.show_all()
        self._window.show_tasks(self.detail)
        self.chips.choose(name)

    def _connect(self) -> None:
        """Let chips and search filter the rows, and the selected rows fill the detail."""
        chips, search, table = self.chips, self.search, self.table
        chips.filter_chosen.connect(table.show_filter)
        chips.filter_chosen.connect(lambda _: self._drop_states())
        search.text_changed.connect(table.show_text)
        table.cleared.connect(search.clear_now)
        search.text_changed.connect(lambda _: chips.show_states(table.shown.search.state))
        for signal in (table.cleared, table.empty.widened):
            signal.connect(partial(chips.choose, ALL.name))
        table.selection_changed.connect(self._show_detail)
        self.model.shown.connect(self._on_list_shown)
        for signal in (table.clicked, table.task_activated):  # a link showed another task
            signal.connect(lambda _: self._show_detail(table.selection.ids))
        table.task_activated.connect(lambda _: self._window.enter_desk(self.detail))

    def _narrow(self, words: str) -> None:
        """Show the name of the part that the list is narrowed to, or hide it if empty."""
        self.narrowed.setText(words)
        for each in (self.narrowed, self.widen):
            each.setVisible(bool(words))

    def _go_to_rows(self) -> None:
        """Move the focus to the rows; select a task if none is selected."""
        table = self.table
        table.setFocus()
        if table.model().rowCount() and not table.selectionModel().hasSelection():
            table.selectRow(max(0, table.currentIndex().row()))

    def _give_keys(self, window: MainWindow) -> None:
        """Let Ctrl and a digit choose a filter, also one that is under *More*."""
        for number, name in enumerate((ALL.name, *IN_ROW), 1):
            words = self.tr("Filter: {}").format(FILTERS[name].title)
            give_key(window, f"Ctrl+{number}", words, partial(self._choose_filter, name))

    def _choose_filter(self, name: str) -> None:
        self._window.show_tasks(self.detail)
        self.chips.choose(name)

    def _go_to_first(self) -> None:
        """Go on from the pins to the first row."""
        if self.table.model().rowCount():
            self.table.setFocus()
            self.table.selectRow(0)

    def _go_to_pins(self) -> None:
        if self._window.pins.isVisible():
            self._window.pins.enter_last()

    def _on_desk_turned(self) -> None:
        """Select no task while the form is shown: what acts on the selection would act unseen."""
        if self._window.desk.shown.page is self._window.form:
            self.table.clearSelection()

    def _drop_states(self) -> None:
        """Remove the states from the search: the chip chosen last replaces them."""
        search = self.table.shown.search
        if search.state or search.not_state:
            self.search.set_now(write(search.having("state").having("-state")))

    def _on_list_shown(self) -> None:
        """Let a task that another list does not have leave the desk; one that it has is selected.

        One in which something is typed stays, or of which something is asked in the foot.
        """
        detail, head = self.detail, self.detail.paper.head
        is_busy = detail.foot.asks or (head is not None and head.has_changes())
        if not self.model.is_loaded or self.table.selection.ids or is_busy:
            return
        if detail.task is None or self._window.desk.shown.page is not detail:
            return
        at = self.model.position_of(detail.task)
        if at is None:
            detail.show_task(None)
        else:
            self.table.selectRow(at)

    def _show_detail(self, ids: list[int]) -> None:
        """Show the selected task in the detail, or a summary of several.

        A task that leaves the list stays on the desk.
        """
        selected = self.table.selection.selected
        if selected.count > 1:
            self.detail.show_selected(selected)
        elif ids or self.detail.task is None:
            self.detail.show_task(next(iter(ids), None), next(iter(selected.rows), None))
