"""What the search shows: counts for the chips, names for its menu, and saved views."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.contract.batches import BatchState
from desktop.gui.kit.lists.live_rows import Rereading
from desktop.gui.link.jobs import InOrder, Job

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.client.api import Api, ApiSource, TaskQuery
    from desktop.contract.batches import Batch
    from desktop.contract.tasks import TaskCounts
    from desktop.gui.link.connection import Live
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.tasks_page import TasksPage


class Searching(QObject):
    """Lets the chips count the matches of a search, and the menu offer known names.

    ``queues_learned`` carries the names of queues, ``batches_learned`` the numbers of batches by
    name.
    """

    queues_learned = Signal(list)
    batches_learned = Signal(object)

    def __init__(self, page: TasksPage, source: ApiSource, jobs: Jobs, live: Live) -> None:
        super().__init__(page)
        self._page = page
        self._source = source
        self._jobs = jobs
        self._counts_in_order = InOrder()
        table = page.table
        self._recounting = Rereading(table, self._count)
        table.filtered.connect(self._on_filtered)
        live.tasks_changed.connect(lambda _: self._on_changed())
        live.was_reset.connect(self._on_changed)
        live.index_followed.connect(self._on_changed)

    def load(self) -> None:
        """Read the names of tasks and queues."""
        if self._source.api is not None:
            job = Job(_names, self._source.api).then(self._on_names)
            self._jobs.start(job.otherwise(lambda _: None))  # the menu works without names

    def _on_filtered(self) -> None:
        self._page.table.empty.tell_others(None)
        if self._page.table.shown.is_narrowed:
            self._recounting.note()
        else:
            self._page.chips.set_found(None)

    def _on_changed(self) -> None:
        if self._page.table.shown.is_narrowed:
            self._recounting.note()

    def _count(self) -> None:
        shown, api = self._page.table.shown, self._source.api
        if api is None or not shown.is_narrowed:
            return
        query = replace(self._page.model.query, states=(), standing=None)
        show = self._counts_in_order(partial(self._on_counted, query))
        job = Job(api.count_tasks, query).then(show)
        self._jobs.start(job.otherwise(lambda _: None))  # the next change asks again

    def _on_counted(self, query: TaskQuery, counts: TaskCounts) -> None:
        if query == replace(self._page.model.query, states=(), standing=None):
            self._page.chips.set_found(counts)
            self._tell_others(counts)

    def _tell_others(self, counts: TaskCounts) -> None:
        """Tell a list that is empty because of its chip how many other tasks the search finds."""
        shown, found = self._page.table.shown, sum(counts["counts"].values())
        is_known = found > 0 or (counts["is_exact"] and not any(shown.part.values()))
        others = found if shown.states and not shown.search.state and is_known else None
        self._page.table.empty.tell_others(others)

    def _on_names(self, names: tuple[list[str], list[str]]) -> None:
        self._page.search_menu.learn(*names)
        self.queues_learned.emit(names[1])

    def learn_batches(self, rows: Iterable[Batch]) -> None:
        """Learn the names of started batches; a draft has no tasks, so it hides none of them."""
        started = [row for row in rows if row["state"] != BatchState.DRAFT]
        names = {row["name"]: row["batch_id"] for row in reversed(started)}  # newest of a name
        self._page.search_menu.learn_batches(list(reversed(names)))
        self._page.table.shown.batches = {name.lower(): n for name, n in names.items()}
        self.batches_learned.emit(self._page.table.shown.batches)


def _names(api: Api) -> tuple[list[str], list[str]]:
    """Read the titles of tasks, and the names of queues."""
    titles = sorted({each["title"] for each in api.functions.all()})
    return titles, sorted(queue["name"] for queue in api.queues())
