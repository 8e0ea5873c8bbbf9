"""Builds the widgets of the window's first picture and connects them with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.gui.frame.main_window import MainWindow
from desktop.gui.frame.status_strip import StatusStrip
from desktop.gui.frame.views import BATCHES, ITEMS, TASKS
from desktop.gui.frame.window_shape import WindowParts
from desktop.gui.items.form import item_kind
from desktop.gui.items.form.item_form import ItemForm
from desktop.gui.kit.reach import WHOLE
from desktop.gui.overview.lazy_overview import LazyOverview
from desktop.gui.tasks.detail.task_detail import DetailPane
from desktop.gui.tasks.search.search_field import SearchField, SearchMenu
from desktop.gui.tasks.search.search_words import write
from desktop.gui.tasks.search.state_chips import StateChips
from desktop.gui.tasks.table.rows_behind import RowsBehind
from desktop.gui.tasks.table.task_table import TaskTable

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from desktop.client.api import ApiSource
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.reach import Reach
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.search.state_chips import StateGroup
    from desktop.gui.tasks.table.task_model import TaskModel


def begin_window(
    model: TaskModel,
    source: ApiSource,
    jobs: Jobs,
    themes: ThemeSource,
    settings: QSettings,
    reach: Reach = WHOLE,
) -> MainWindow:
    """Build the window with what its first picture shows; ``settings`` keep the window's shape."""
    table = TaskTable(model, themes, reach)
    search = SearchField(themes)
    parts = WindowParts(
        form=ItemForm(item_kind.item(), themes, settings),
        search=search,
        search_menu=SearchMenu(search, themes),
        chips=StateChips(themes),
        table=table,
        behind=RowsBehind(table, source, jobs),
        columns=table.header,
        detail=DetailPane(source, jobs, themes, reach, model.pending),
        overview=LazyOverview(source, jobs, themes),
        strip=StatusStrip(themes),
    )
    _connect(parts)
    model.pending.changed.connect(lambda: _offer_unread(parts))
    window = MainWindow(parts, source, jobs, themes, settings, reach, model.pending.delivery)
    search.left_downwards.connect(lambda: _go_to_rows(window))
    window.views.search_wanted.connect(search.set_now)
    parts.strip.needing_chosen.connect(lambda state: _show_state(window, state))
    table.filtered.connect(lambda: parts.behind.follow(model.query))
    if not reach.may_change:
        hide_changing_controls(window)
    return window


def _connect(parts: WindowParts) -> None:
    """Let chips and search filter the rows, and the selected rows fill the detail."""
    parts.chips.group_chosen.connect(parts.table.show_group)
    parts.chips.group_chosen.connect(lambda _: _drop_states(parts))
    parts.chips.group_added.connect(lambda group: _add_states(parts, group))
    parts.search.text_changed.connect(parts.table.show_text)
    parts.table.cleared.connect(parts.search.clear_now)
    parts.search.text_changed.connect(
        lambda _: parts.chips.show_states(parts.table.shown.search.state)
    )
    for signal in (parts.table.cleared, parts.table.empty.widened):
        signal.connect(lambda: parts.chips.choose(()))
    parts.table.selection_changed.connect(lambda ids: _show_detail(parts, ids))
    for signal in (parts.table.clicked, parts.table.task_activated):  # a link showed another task
        signal.connect(lambda _: _show_detail(parts, parts.table.selection.ids))
    parts.table.task_activated.connect(lambda _: parts.detail.setFocus())


def _go_to_rows(window: MainWindow) -> None:
    """Move the focus to the rows of the current view; select a task if none is selected."""
    table, shown = window.parts.table, window.views.shown
    shown.setFocus()
    if shown is table and table.model().rowCount() and not table.selectionModel().hasSelection():
        table.selectRow(max(0, table.currentIndex().row()))


def _drop_states(parts: WindowParts) -> None:
    """Remove the states from the search: the chip chosen last replaces them."""
    search = parts.table.shown.search
    if search.state:
        parts.search.set_now(write(search.having("state")))


def _add_states(parts: WindowParts, group: StateGroup) -> None:
    """Add a chip's tasks, or remove them; several states are written into the search."""
    search = parts.table.shown.search
    words = list(search.state) or [word for word in (parts.chips.chosen.word,) if word]
    if group.word in words:
        words.remove(group.word)
    elif group.word:
        words.append(group.word)
    parts.chips.choose(())
    parts.search.set_now(write(search.having("state", *words)))


def _show_state(window: MainWindow, state: str) -> None:
    """Switch to *Tasks* and show all tasks of one state, without a search."""
    window.parts.search.clear_now()
    window.views.show_all_tasks()
    window.switch.choose(TASKS)
    window.parts.chips.choose((state,))


def _offer_unread(parts: WindowParts) -> None:
    """Update the actions of the task in the detail while only its row is loaded."""
    task, selection = parts.detail.task, parts.table.selection
    if parts.detail.row is None and task in selection.ids:
        parts.detail.show_task(task, selection.selected.actions)


def _show_detail(parts: WindowParts, ids: list[int]) -> None:
    """Show the selected task in the detail, or a summary of several."""
    selected = parts.table.selection.selected
    if selected.count > 1:
        parts.detail.show_selected(selected)
    else:
        parts.detail.show_task(ids[0] if ids else None, selected.actions)


translate = QCoreApplication.translate


def hide_item_controls(window: MainWindow) -> None:
    """Hide the controls of items and messages: another app's tasks have none."""
    _hide_form(window)
    window.switch.hide_views(ITEMS, BATCHES)
    for key in window.keys.of_items:
        key.setVisible(False)
    window.menu.hide_mail()


def hide_changing_controls(window: MainWindow) -> None:
    """Hide the controls that change something: the token only allows reading."""
    _hide_form(window)
    window.top_bar.pause.hide()
    for key in window.keys.of_changes:
        key.setVisible(False)
    window.menu.hide_changes()
    window.parts.strip.say_read_only()


def _hide_form(window: MainWindow) -> None:
    window.across.leave_form_out()
    for about_items in (window.top_bar.new_item, window.top_bar.importing):
        about_items.hide()
    window.setAcceptDrops(False)
    window.parts.table.empty.nothing = translate("frame", "No tasks yet.")
    window.parts.table.setFocus()
