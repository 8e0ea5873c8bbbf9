"""The view *Tasks*: the rows and the detail pane, narrowed by chips, search and links."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, Unpack

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter

from desktop.gui.frame.views import TASKS
from desktop.gui.kit.look.appearance import sized
from desktop.gui.tasks.detail.task_detail import DetailPane, DetailRoom
from desktop.gui.tasks.filters import ALL
from desktop.gui.tasks.search_field import SearchField, write
from desktop.gui.tasks.search_menu import SearchMenu
from desktop.gui.tasks.state_chips import StateChips
from desktop.gui.tasks.table.task_table import TaskTable

if TYPE_CHECKING:
    from collections.abc import Collection

    from desktop.gui.frame.form_column import SavedPart
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.tasks.search_field import TaskPart
    from desktop.gui.tasks.table.task_model import TaskModel


LEAST: Final = 240
"""Width of the rows and of the details, in units of the grid, that no splitter takes from them."""


class _Before(NamedTuple):
    """The view shown before the list was narrowed, its search, and its filter.

    The list was narrowed to tasks ``of`` another filter.
    """

    view: str
    search: str = ""
    filter: str = ALL.name
    of: str = ALL.name


class TasksPage(QSplitter):
    """Shows tasks in a ``table``, and the selected one in the ``detail`` below or beside it.

    ``chips`` and ``search`` filter the rows. A link narrows them to the tasks of a batch, cause or
    item: a narrowed list starts without a search, and the view it was opened from gets its own
    back. A narrowed list stays when its last task leaves it, and says so.
    """

    def __init__(
        self, model: TaskModel, source: ApiSource, themes: ThemeSource, rights: WindowRights
    ) -> None:
        super().__init__(Qt.Orientation.Vertical, childrenCollapsible=False)
        self.model = model
        self.search = SearchField()
        self.search_menu = SearchMenu(self.search)
        self.chips = StateChips()
        self.table = TaskTable(model, rights)
        self.detail = DetailPane(source, rights, model.pending)
        self._themes = themes
        self._searched: dict[str, Collection[str]] = {TASKS: ()}
        self._aside = ""  # the search, while a view without one is shown
        for part in (self.table, self.detail):
            self.addWidget(sized(part, least_width=LEAST))
        self.setStretchFactor(0, 1)
        self._connect()

    def enter(self, window: MainWindow) -> dict[str, SavedPart]:
        """Take the place of the first view; return the parts whose state is kept."""
        self._views = views = window.views
        self._before = _Before(TASKS)
        views.add(TASKS, self, self.chips, self.table)
        self.handle(1).setAccessibleName(self.tr("Size of the details"))
        self._room = DetailRoom(self, self.detail, self._themes)
        window.panes = (self.detail,)
        window.search_wanted.connect(self._on_search_wanted)
        self.search.text_changed.connect(window.sheets.uncover)
        self.search.text_changed.connect(window.across.uncover)
        self.search.left_downwards.connect(self._go_to_rows)
        views.switch.view_chosen.connect(self._on_view)
        self.search.text_changed.connect(self._on_text)
        self.search_menu.is_searched = self._is_searched
        views.row.narrowing_ended.connect(self.show_all)
        self.table.cleared.connect(self.show_all)
        self.table.empty.spreadsheet_wanted.connect(window.top_bar.import_chosen)
        return {"low": self._room, "columns": self.table.header}

    def search_in(self, view: str, without: Collection[str]) -> None:
        """Let the search apply to another view, too, ``without`` some of its keys."""
        self._searched[view] = without

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
        switch = self._views.switch
        before = self._before.filter if self._views.row.narrowed_to else self.chips.chosen.name
        self._before = _Before(switch.choice.value(), self.table.shown.text, before, name)
        self.search.set_now("")
        self._aside = ""
        switch.choose(TASKS)
        self.chips.choose(name)
        self.table.shown.begins_at_first, self.table.shown.named = at_first, words
        self.table.show_part(**part)
        self._views.row.narrow(words)

    def show_all(self) -> None:
        """Show all tasks again, after :meth:`show_part`; a chip that it chose is left, too."""
        before, is_narrowed = self._before, bool(self._views.row.narrowed_to)
        self.table.show_part()
        self._views.row.narrow("")
        if is_narrowed and self.chips.chosen.name == before.of != ALL.name:
            self.chips.choose(before.filter)

    def show_filter(self, name: str) -> None:
        """Switch to *Tasks* and show all tasks of the filter of a name, without a search."""
        self.search.clear_now()
        self._aside = ""
        self.show_all()
        self._views.switch.choose(TASKS)
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
        for signal in (table.clicked, table.task_activated):  # a link showed another task
            signal.connect(lambda _: self._show_detail(table.selection.ids))
        table.task_activated.connect(lambda _: self.detail.setFocus())
        self.model.pending.changed.connect(self._offer_unread)

    def _on_search_wanted(self) -> None:
        """Focus the search; views that have none give way to the tasks."""
        self._leave_unsearched()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_text(self, text: str) -> None:
        if text:
            self._leave_unsearched()

    def _leave_unsearched(self) -> None:
        switch = self._views.switch
        if switch.choice.value() not in self._searched:
            self.show_all()
            self.chips.choose(ALL.name)
            switch.choose(TASKS)
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)  # a person types on

    def _is_searched(self, key: str) -> bool:
        """Tell whether a search key applies to the current view."""
        return key not in self._searched.get(self._views.switch.choice.value(), ())

    def _on_view(self, view: str) -> None:
        """Give the view that a narrowed list was opened from its own search back.

        A view without a search sets it aside: else the field would narrow nothing there.
        """
        before = self._before
        if view not in self._searched:
            self._aside = self._aside or self.search.text()
            self.search.clear_now()
        elif self._aside:
            self.search.set_now(self.search.text() or self._aside)
            self._aside = ""
        narrowed = self._views.row.narrowed_to
        if view == before.view != TASKS and narrowed and not self.table.shown.text:
            self.search.set_now(before.search)

    def _go_to_rows(self) -> None:
        """Move the focus to the rows of the current view; select a task if none is selected."""
        table, shown = self.table, self._views.shown
        shown.setFocus()
        is_unselected = not table.selectionModel().hasSelection()
        if shown is table and table.model().rowCount() and is_unselected:
            table.selectRow(max(0, table.currentIndex().row()))

    def _drop_states(self) -> None:
        """Remove the states from the search: the chip chosen last replaces them."""
        search = self.table.shown.search
        if search.state or search.not_state:
            self.search.set_now(write(search.having("state").having("-state")))

    def _offer_unread(self) -> None:
        """Update the actions of the task in the detail while only its row is loaded."""
        task, selection = self.detail.task, self.table.selection
        if self.detail.row is None and task in selection.ids:
            self.detail.show_task(task, selection.selected.actions)

    def _show_detail(self, ids: list[int]) -> None:
        """Show the selected task in the detail, or a summary of several."""
        selected = self.table.selection.selected
        if selected.count > 1:
            self.detail.show_selected(selected)
        else:
            self.detail.show_task(ids[0] if ids else None, selected.actions)
