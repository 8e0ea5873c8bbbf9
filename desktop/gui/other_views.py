"""Adds the views that the window's first picture does not show."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from desktop.gui.assembly import begin_window
from desktop.gui.batches.batch_model import BatchModel
from desktop.gui.batches.batch_view import BatchView
from desktop.gui.causes.cause_model import CauseModel
from desktop.gui.causes.cause_view import CauseView
from desktop.gui.frame.views import BATCHES, CAUSES, ITEMS, TASKS
from desktop.gui.items.item_model import ItemModel
from desktop.gui.items.item_view import OF_TASKS, ItemView
from desktop.gui.kit.reach import WHOLE
from desktop.gui.kit.widgets.action_row import Action
from desktop.gui.kit.words.actions import tip_of
from desktop.gui.tasks.acting.task_actions import fitting_actions

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from desktop.client.api import ApiSource
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.reach import Reach
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.acting.pending_actions import PendingActions
    from desktop.gui.tasks.table.task_model import TaskModel

WAYS_ON: Final = frozenset({"retry", "send", "try_now", "done", "again", "send_again", "undo"})
"""Actions that an item's card offers for a message that has not reached its recipient."""


def make_window(
    model: TaskModel,
    source: ApiSource,
    jobs: Jobs,
    themes: ThemeSource,
    settings: QSettings,
    reach: Reach = WHOLE,
) -> MainWindow:
    """Build the whole window; ``settings`` keep its shape."""
    window = begin_window(model, source, jobs, themes, settings, reach)
    add_views(window, model.pending, source, jobs)
    themes.dress()
    return window


def add_views(window: MainWindow, pending: PendingActions, source: ApiSource, jobs: Jobs) -> None:
    """Add the views *Items*, *Batches* and *Causes*."""
    parts, themes, reach = window.parts, window.themes, window.reach
    ways_on = partial(_ways_on, reach, pending)
    parts.items = ItemView(ItemModel(source, jobs), themes, reach, pending, ways_on)
    parts.batches = BatchView(BatchModel(source, jobs), themes, reach, pending)
    parts.causes = CauseView(CauseModel(source, jobs, reach), themes, reach, pending)
    window.views.add(ITEMS, parts.items, parts.items.chips)
    window.views.add(BATCHES, parts.batches)
    window.views.add(CAUSES, parts.causes)
    parts.search.text_changed.connect(parts.items.show_text)
    parts.items.cleared.connect(parts.search.clear_now)
    parts.search_menu.is_searched = partial(_is_searched, window)
    for changed in (
        window.switch.view_chosen,
        parts.table.found_changed,
        parts.items.found_changed,
        parts.search.text_changed,
    ):
        changed.connect(lambda _: _show_found(window))
    for counting in (parts.items.chips, parts.items.empty, parts.table.empty):
        counting.batches_wanted.connect(lambda: window.switch.choose(BATCHES))
    for line in (parts.behind, parts.items.not_sent):
        line.batches_wanted.connect(lambda number: _show_batch(window, number))


def _is_searched(window: MainWindow, key: str) -> bool:
    """Tell whether a search key applies to the current view."""
    return window.switch.choice.value() != ITEMS or key not in OF_TASKS


def _show_found(window: MainWindow) -> None:
    """Show beside the search how many rows of the current view match, or where it applies."""
    search, view = window.parts.search, window.switch.choice.value()
    found = {TASKS: window.parts.table.found, ITEMS: window.parts.items.found}
    words = found.get(view, window.tr("Only in Tasks and Items"))
    search.show_found(words if search.text().strip() else "")


def _ways_on(reach: Reach, pending: PendingActions, row: Row) -> list[tuple[Action, object]]:
    """Return the actions for a message that has not reached its recipient."""
    return [
        (Action(each.verb, each.text, each.icon, tip_of(each.verb, each.effect)), each.which)
        for each in fitting_actions([row], reach, pending)
        if each.verb in WAYS_ON
    ]


def _show_batch(window: MainWindow, number: int) -> None:
    """Switch to *Batches* and select a batch; with 0, none."""
    window.switch.choose(BATCHES)
    if number:
        window.parts.batches.choose(number)
