"""The window put together from its widgets, and what they tell each other without the backend."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from desktop.gui.batches.batch_model import BatchModel
from desktop.gui.batches.batch_view import BatchView
from desktop.gui.causes.cause_model import CauseModel
from desktop.gui.causes.cause_view import CauseView
from desktop.gui.causes.rows_behind import RowsBehind
from desktop.gui.detail.task_detail import DetailPane
from desktop.gui.filter.search_field import SearchField
from desktop.gui.filter.search_menu import SearchMenu
from desktop.gui.filter.state_chips import StateChips
from desktop.gui.form import item_kind
from desktop.gui.form.item_form import ItemForm
from desktop.gui.frame.hidden_controls import hide_changing_controls
from desktop.gui.frame.main_window import MainWindow
from desktop.gui.frame.status_strip import StatusStrip
from desktop.gui.frame.view_switch import BATCHES, ITEMS, TASKS
from desktop.gui.frame.window_shape import WindowParts
from desktop.gui.items.item_model import ItemModel
from desktop.gui.items.item_view import ItemView
from desktop.gui.overview.lazy_overview import LazyOverview
from desktop.gui.reach import WHOLE
from desktop.gui.table.task_actions import fitting_actions
from desktop.gui.table.task_table import TaskTable
from desktop.gui.tasks.search_words import write
from desktop.gui.tasks.words.actions import tip_words
from desktop.gui.widgets.action_row import Action

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from desktop.client.api import ApiSource
    from desktop.gui.filter.state_chips import StateGroup
    from desktop.gui.jobs import Jobs
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.reach import Reach
    from desktop.gui.tasks.soon import Soon
    from desktop.gui.tasks.task_model import TaskModel
    from desktop.gui.tasks.task_row import Row

WAYS_ON: Final = frozenset({"retry", "send", "try_now", "done", "again", "send_again", "undo"})
"""What is offered at an item for a message that has not reached its person."""


def make_window(
    model: TaskModel,
    source: ApiSource,
    jobs: Jobs,
    themes: ThemeSource,
    settings: QSettings,
    reach: Reach = WHOLE,
) -> MainWindow:
    """Build the whole window around the table's model; ``settings`` remembers its shape."""
    table = TaskTable(model, themes, reach)
    search = SearchField(themes)
    parts = WindowParts(
        form=ItemForm(item_kind.item(), themes, settings),
        search=search,
        search_menu=SearchMenu(search, themes),
        chips=StateChips(themes),
        table=table,
        behind=RowsBehind(table, source, jobs, themes),
        columns=table.header,
        detail=DetailPane(source, jobs, themes, reach, model.soon),
        items=ItemView(
            ItemModel(source, jobs), themes, reach, model.soon, partial(_ways_on, reach, model.soon)
        ),
        batches=BatchView(BatchModel(source, jobs), themes, reach, model.soon),
        causes=CauseView(CauseModel(source, jobs, reach), themes, reach, model.soon),
        overview=LazyOverview(source, jobs, themes),
        strip=StatusStrip(themes),
    )
    _connect(parts)
    model.soon.changed.connect(lambda: _offer_unread(parts))
    window = MainWindow(parts, source, jobs, themes, settings, reach)
    for changed in (
        window.switch.view_chosen,
        parts.table.found_changed,
        parts.items.found_changed,
        search.text_changed,
    ):
        changed.connect(lambda _: _show_found(window))
    search.left_downwards.connect(lambda: _go_to_rows(window))
    window.views.search_wanted.connect(search.set_now)
    parts.strip.needing_chosen.connect(lambda state: _show_state(window, state))
    for counting in (parts.items.chips, parts.items.empty, table.empty):
        counting.batches_wanted.connect(lambda: window.switch.choose(BATCHES))
    table.filtered.connect(lambda: parts.behind.follow(model.query))
    for line in (parts.behind, parts.items.not_sent):
        line.batches_wanted.connect(lambda number: _show_batch(window, number))
    if not reach.may_change:
        hide_changing_controls(window)
    themes.dress()
    return window


def _connect(parts: WindowParts) -> None:
    """Let chips and search choose the rows, and the rows the detail."""
    parts.chips.group_chosen.connect(parts.table.show_group)
    parts.chips.group_chosen.connect(lambda _: _drop_states(parts))
    parts.chips.group_added.connect(lambda group: _add_states(parts, group))
    for shown in (parts.table, parts.items):
        parts.search.text_changed.connect(shown.show_text)
        shown.cleared.connect(parts.search.clear_now)
    parts.search.text_changed.connect(
        lambda _: parts.chips.show_states(parts.table.shown.search.state)
    )
    for signal in (parts.table.cleared, parts.table.empty.widened):
        signal.connect(lambda: parts.chips.choose(()))
    parts.table.selection_changed.connect(lambda ids: _show_detail(parts, ids))
    for signal in (parts.table.clicked, parts.table.task_activated):  # a link showed another task
        signal.connect(lambda _: _show_detail(parts, parts.table.selection.ids))
    parts.table.task_activated.connect(lambda _: parts.detail.setFocus())


def _show_found(window: MainWindow) -> None:
    """Say behind the search how many rows of the view in sight it has found, or where it finds."""
    search, view = window.parts.search, window.switch.choice.value()
    found = {TASKS: window.parts.table.found, ITEMS: window.parts.items.found}
    words = found.get(view, window.tr("Only in Tasks and Items"))
    search.show_found(words if search.text().strip() else "")


def _ways_on(reach: Reach, soon: Soon, row: Row) -> list[tuple[Action, object]]:
    """Return what can be done to a message that has not reached its person."""
    return [
        (Action(each.verb, each.text, each.icon, each.effect or tip_words(each.verb)), each.which)
        for each in fitting_actions([row], reach, soon)
        if each.verb in WAYS_ON
    ]


def _go_to_rows(window: MainWindow) -> None:
    """Bring the keyboard to the rows of the view in sight; choose a task where none is."""
    table, shown = window.parts.table, window.views.shown
    shown.setFocus()
    if shown is table and table.model().rowCount() and not table.selectionModel().hasSelection():
        table.selectRow(max(0, table.currentIndex().row()))


def _drop_states(parts: WindowParts) -> None:
    """Have the chip that was chosen last count, and not the states in the search."""
    search = parts.table.shown.search
    if search.state:
        parts.search.set_now(write(search.having("state")))


def _add_states(parts: WindowParts, group: StateGroup) -> None:
    """Show the tasks of one more chip, or of one less: several states stand in the search."""
    search = parts.table.shown.search
    words = list(search.state) or [word for word in (parts.chips.chosen.word,) if word]
    if group.word in words:
        words.remove(group.word)
    elif group.word:
        words.append(group.word)
    parts.chips.choose(())
    parts.search.set_now(write(search.having("state", *words)))


def _show_batch(window: MainWindow, number: int) -> None:
    """Show all batches, one of them as the current one where it is told."""
    window.switch.choose(BATCHES)
    if number:
        window.parts.batches.choose(number)


def _show_state(window: MainWindow, state: str) -> None:
    """Show all tasks of one state, as its chip does with no search, from every view."""
    window.parts.search.clear_now()
    window.views.show_all_tasks()
    window.switch.choose(TASKS)
    window.parts.chips.choose((state,))


def _offer_unread(parts: WindowParts) -> None:
    """Offer what can be done to the task shown where its row alone is known yet."""
    task, selection = parts.detail.task, parts.table.selection
    if parts.detail.row is None and task in selection.ids:
        parts.detail.show_task(task, selection.selected.actions)


def _show_detail(parts: WindowParts, ids: list[int]) -> None:
    """Show the one task selected, or what several are together."""
    selected = parts.table.selection.selected
    if selected.count > 1:
        parts.detail.show_selected(selected)
    else:
        parts.detail.show_task(ids[0] if ids else None, selected.actions)
