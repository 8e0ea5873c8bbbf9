"""What the search needs: counts for the chips, names for its menu, and the views a person saved."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QByteArray, QObject

from desktop.gui.jobs import InOrder, Job
from desktop.gui.widgets.lists.live_rows import Rereading

if TYPE_CHECKING:
    from desktop.client.api import Api, ApiSource, TaskQuery
    from desktop.contract.tasks import TaskCounts
    from desktop.gui.actions.backend.live import Live
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs
    from desktop.gui.tasks.task_model import TaskModel


class SearchWork(QObject):
    """Has the chips count what a search leaves, and the menu offer what there is."""

    def __init__(
        self, window: MainWindow, model: TaskModel, source: ApiSource, jobs: Jobs, live: Live
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._source = source
        self._jobs = jobs
        self._counts_in_order = InOrder()
        table = window.parts.table
        self._recounting = Rereading(table, self._count)
        table.filtered.connect(self._on_filtered)
        live.tasks_changed.connect(lambda _: self._on_changed())
        live.was_reset.connect(self._on_changed)
        batches = window.parts.batches.model
        for changed in (batches.shown, batches.rowsInserted, batches.rowsRemoved):
            changed.connect(self._learn_batches)

    def load(self) -> None:
        """Read the names of tasks and queues."""
        if self._source.api is not None:
            job = Job(_names, self._source.api).then(self._on_names)
            self._jobs.start(job.otherwise(lambda _: None))  # the menu does without them

    def _on_filtered(self) -> None:
        if self._window.parts.table.shown.is_narrowed:
            self._recounting.note()
        else:
            self._window.parts.chips.set_found(None)

    def _on_changed(self) -> None:
        if self._window.parts.table.shown.is_narrowed:
            self._recounting.note()

    def _count(self) -> None:
        shown, api = self._window.parts.table.shown, self._source.api
        if api is None or not shown.is_narrowed:
            return
        query = replace(self._model.query, states=(), standing=None)
        show = self._counts_in_order(partial(self._on_counted, query))
        job = Job(api.count_tasks, query).then(show)
        self._jobs.start(job.otherwise(lambda _: None))  # the next change counts again

    def _on_counted(self, query: TaskQuery, counts: TaskCounts) -> None:
        if query == replace(self._model.query, states=(), standing=None):
            self._window.parts.chips.set_found(counts)

    def _on_names(self, names: tuple[list[str], list[str]]) -> None:
        self._window.parts.search_menu.learn(*names)

    def _learn_batches(self, *_: Any) -> None:
        rows = self._window.parts.batches.model.rows
        names = {row["name"]: row["batch_id"] for row in reversed(rows)}  # the newest of a name
        self._window.parts.search_menu.learn_batches(list(reversed(names)))
        self._window.parts.table.shown.batches = {name.lower(): n for name, n in names.items()}


def _names(api: Api) -> tuple[list[str], list[str]]:
    """Read the titles of tasks, and the names of queues."""
    titles = sorted({each["title"] for each in api.functions.all()})
    return titles, sorted(queue["name"] for queue in api.queues())


KEY: Final = "views"
_CODEC: Final = "ascii"


class SavedViews(QObject):
    """Saves what the table shows under a name made of it, and shows it again."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        menu = window.parts.search_menu
        menu.save_wanted.connect(self._save)
        menu.view_wanted.connect(self._show)
        menu.view_dropped.connect(self._drop)
        menu.views = list(self._read())

    def _save(self) -> None:
        parts = self._window.parts
        chip = next(chip for chip in parts.chips.chips if chip.isChecked())
        narrowed = self._window.switch.narrowed_to
        chosen = [chip.text() if parts.table.shown.states else "", narrowed, parts.table.shown.text]
        name = " · ".join(filter(None, chosen)) or chip.text()
        state = bytes(parts.table.header.saveState().toBase64().data()).decode(_CODEC)
        view = {
            "text": parts.table.shown.text,
            "states": list(parts.table.shown.states),
            "columns": state,
            "part": parts.table.shown.part if narrowed else {},
            "narrowed": narrowed,
        }
        self._write({**self._read(), name: view})
        self._window.toasts.show(self.tr("Saved as “{}”").format(name), icon="check")

    def _show(self, name: str) -> None:
        view = self._read().get(name)
        if view is None:
            return
        parts = self._window.parts
        if view.get("narrowed"):
            self._window.views.show_tasks(view["narrowed"], **view["part"])
        else:
            self._window.views.show_all_tasks()
        self._window.switch.choose("tasks")
        parts.chips.choose(tuple(view["states"]))
        parts.search.set_now(view["text"])
        columns = QByteArray.fromBase64(view["columns"].encode(_CODEC))
        parts.table.header.restoreState(columns)

    def _drop(self, name: str) -> None:
        before = self._read()
        if name not in before:
            return
        self._write({key: view for key, view in before.items() if key != name})
        words, undo = self.tr("“{}” is removed").format(name), self.tr("Undo")
        toast = self._window.toasts.show(words, action=undo, icon="trash-2")
        toast.action_chosen.connect(lambda: self._write({**self._read(), name: before[name]}))

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            found = json.loads(str(self._window.settings.value(KEY, "{}")))
        except ValueError:  # the file was changed by hand
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, views: dict[str, dict[str, Any]]) -> None:
        self._window.settings.setValue(KEY, json.dumps(views))
        self._window.parts.search_menu.views = list(views)
