"""Keeps the view of items current, and shows an item's tasks."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from desktop.gui.items.correction.correction_form import done_words
from desktop.gui.items.item_view import read_not_sent
from desktop.gui.items.item_words import MOST, messages
from desktop.gui.kit.lists.live_rows import Rereading
from desktop.gui.link.jobs import Job

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from desktop.client.api import Api, ApiSource
    from desktop.contract.items import ItemDetail
    from desktop.contract.tasks import TaskDetail
    from desktop.gui.items.item_view import ItemView
    from desktop.gui.link.connection import Live
    from desktop.gui.link.jobs import Jobs, Ticket
    from desktop.gui.tasks.tasks_page import TasksPage


PUT_AWAY: Final = "items/not_sent"
"""The settings key of the hidden rows that were not sent, as JSON."""


class LiveItems(QObject):
    """Reads the items again when tasks change, since there are no events about items.

    For the selected item's card, it reads what was done, and the values before corrections.
    """

    def __init__(
        self,
        view: ItemView,
        tasks: TasksPage,
        settings: QSettings,
        source: ApiSource,
        jobs: Jobs,
        live: Live,
    ) -> None:
        super().__init__(view)
        self._tasks = tasks
        self._model = model = tasks.model
        self._source = source
        self._jobs = jobs
        self._reading: Ticket | None = None
        self._task: int | None = None
        self._view = view
        view.tasks_wanted.connect(self._show_tasks)
        view.shown.connect(self._on_shown)
        view.card.task_chosen.connect(self._on_task_chosen)
        for read in (model.modelReset, model.rows_read):
            read.connect(self._choose_task)
        live.tasks_changed.connect(lambda _: view.rereading.note())
        live.index_followed.connect(view.model.read_search_again)
        live.tasks_changed.connect(view.selection.apply)
        live.was_reset.connect(view.rereading.note)
        view.not_sent.know(_known(settings))
        view.not_sent.put_away.connect(partial(_keep, settings))
        self._counting = Rereading(view, self._count_not_sent)
        live.batches_changed.connect(lambda _: self._counting.note())
        live.was_reset.connect(self._counting.note)

    def load(self) -> None:
        """Read the items as soon as they are shown."""
        self._view.rereading.note()
        self._counting.note()

    def _count_not_sent(self) -> None:
        """Count the rows of batches that were not sent."""
        if self._source.api is not None:
            job = Job(read_not_sent, self._source.api).then(self._view.not_sent.tell)
            self._jobs.start(job.otherwise(lambda _: None))  # the table shows the error

    def _on_shown(self, number: int) -> None:
        """Read the history of the item in the card."""
        if self._reading is not None:
            self._reading.cancel()
        if self._source.api is not None and self._view.isVisible():
            job = Job(_read, self._source.api, number).then(self._on_read)
            # The item may be gone, or exist only in its tasks; the card shows the rest.
            self._reading = self._jobs.start(job.otherwise(lambda _: None))

    def _on_read(self, read: tuple[ItemDetail, list[TaskDetail]]) -> None:
        detail, told = read
        if detail["item_id"] == self._view.card.item_id:
            self._view.card.show_history(done_words(detail, told, time.time()))

    def _show_tasks(self, number: int) -> None:
        self._tasks.show_part(self.tr("Item {}").format(number), item_id=number)

    def _on_task_chosen(self, number: int, task: int) -> None:
        """Show an item's tasks, and select one of them once they are read."""
        self._task = task
        self._show_tasks(number)
        self._choose_task()

    def _choose_task(self) -> None:
        if self._task is None or self._model.query.item_id is None:
            return
        place = self._model.position_of(self._task)
        if place is not None:
            self._task = None
            self._tasks.table.selectRow(place)


def _known(settings: QSettings) -> dict[int, int]:
    """Return the hidden number of rows by batch."""
    try:
        return {int(batch): int(rows) for batch, rows in json.loads(_stored(settings)).items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _stored(settings: QSettings) -> str:
    return str(settings.value(PUT_AWAY, "{}"))


def _keep(settings: QSettings, known: dict[int, int]) -> None:
    settings.setValue(PUT_AWAY, json.dumps(known))


def _read(api: Api, number: int) -> tuple[ItemDetail, list[TaskDetail]]:
    """Read an item, and its newest messages with their attempts and deeds."""
    detail = api.items.one(number)
    return detail, [api.task(each["id"]) for each in messages(detail)[-MOST:]]
