"""A shown table over a plain list of tasks, and how a test moves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel

from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from desktop.gui.tasks.table.task_model import TaskModel
from desktop.gui.tasks.table.task_table import TaskTable
from tests.gui.tasks.table.task_source import TaskSource

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs

STATES = [
    "scheduled",
    "queued",
    "running",
    "waiting",
    "succeeded",
    "failed",
    "cancelled",
    "uncertain",
]


def shown_table(qtbot: QtBot, jobs: Jobs, themes: ThemeSource, source: TaskSource) -> TaskTable:
    """Show a table, and wait for its first page."""
    model = TaskModel(ApiSource(jobs, source), PendingActions(Delivery()))  # type: ignore[arg-type]
    view = TaskTable(model, ALL_RIGHTS)
    model.setParent(view)
    qtbot.addWidget(view)
    view.resize(1000, 600)
    with qtbot.waitSignal(model.shown):
        view.show()
    return view


def model_of(view: TaskTable) -> TaskModel:
    model = view.model()
    assert isinstance(model, TaskModel)
    return model


def choose(view: TaskTable, *positions: int) -> None:
    """Select rows; ``selectRow`` would ask which keys an earlier test left pressed."""
    flag = QItemSelectionModel.SelectionFlag
    how = flag.ClearAndSelect | flag.Rows
    for position in positions:
        view.selectionModel().setCurrentIndex(view.model().index(position, 0), how)
        how = flag.Select | flag.Rows


def first_on_screen(view: TaskTable) -> int:
    row = model_of(view).row_at(view.rowAt(0))
    assert row is not None
    return row.id


def scroll(qtbot: QtBot, view: TaskTable, position: int) -> None:
    view.executeDelayedItemsLayout()
    bar = view.verticalScrollBar()
    bar.setValue(position * view.rowHeight(0))
    qtbot.waitUntil(lambda: model_of(view).row_at(view.rowAt(0)) is not None)
