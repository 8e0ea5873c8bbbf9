"""Follows what the backend tells of actions that wait: this window's, others', and the shell's."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop.client.errors import BackendBusy, is_missing
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from desktop.gui.tasks.acting.pending_actions import PendingAction

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.events import PendingEvent
    from desktop.contract.tasks import PendingRow
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.tasks.acting.action_reports import ActionReports
    from desktop.gui.tasks.acting.pending_actions import PendingActions


class ActionNews(QObject):
    """Hears of actions, and looks up those that ended while nothing was heard."""

    on_batch: Callable[[str, int], PendingAction]
    """Makes an action on the batch with a number; *Batches* sets it."""

    def __init__(self, source: ApiSource, pending: PendingActions, reports: ActionReports) -> None:
        super().__init__(reports)
        self._pending = pending
        self._reports = reports
        self._ask = Asker(source, lambda _: None)  # what it asks about may be over
        self._reading = LatestRequest(source, self._on_not_read)
        self._over = set[int]()  # heard of as carried out or undone

    def load(self) -> None:
        """Read what waits: it was asked for before, or elsewhere."""
        then = partial(self._on_read, {*self._pending.actions})
        self._reading.ask(lambda api: Job(api.actions.pending).then(then))

    def follow(self, event: PendingEvent) -> None:
        """Take actions that began to wait, go on, were carried out or were undone."""
        for row in event["rows"]:
            self.hear(row)
            if row["answer"] is not None:
                self._over.add(row["id"])
        self._over.update(event["gone"])
        for number in event["gone"]:
            self._pending.undoing.pop(number, None)
            if number in self._pending.actions:
                self._reports.end_undone(number)

    def hear(self, row: PendingRow) -> None:
        """Take what was read or heard of one action."""
        number, pending = row["id"], self._pending
        if number in pending.undoing:
            if row["answer"] is not None:
                self._reports.say_stopped(pending.undoing.pop(number), row["answer"])
            return
        call, known = pending.asked.get(row["key"]), pending.actions.get(number)
        if call is not None:
            call.row = row  # told once the call is answered
        elif known is not None:
            self._reports.go_on(known, row)
        elif row["answer"] is None:  # else another window has told of it
            self._reports.begin(self._others(row["action"], row["batch_id"]), row)

    def was_undone(self, row: PendingRow) -> bool:
        """Tell whether another window has undone an action that this one has just asked for."""
        return row["answer"] is None and row["id"] in self._over

    def look_up(self, number: int) -> None:
        """Read an action that was carried out or undone while nothing was heard."""
        if number in self._pending.actions or number in self._pending.undoing:
            not_found = partial(self._on_not_found, number)
            self._ask(lambda api: Job(api.actions.pending_one, number).then(self.hear), not_found)

    def once_free(self, busy: BackendBusy, again: Callable[[], object]) -> None:
        """Ask again when a busy backend wants to be asked."""
        QTimer.singleShot(round(busy.retry_after * 1000), self, again)

    def _on_read(self, before: set[int], rows: list[PendingRow]) -> None:
        for row in rows:
            if row["id"] not in self._over:  # else it has ended since it was read
                self.hear(row)
        for number in before & self._pending.actions.keys() - {row["id"] for row in rows}:
            self.look_up(number)

    def _on_not_read(self, error: Exception) -> None:
        if isinstance(error, BackendBusy):
            self.once_free(error, self.load)

    def _on_not_found(self, number: int, error: Exception) -> None:
        if isinstance(error, BackendBusy):
            self.once_free(error, partial(self.look_up, number))
        elif is_missing(error) and number in self._pending.actions:
            self._reports.end_undone(number)

    def _others(self, action: str, batch: int | None) -> PendingAction:
        return PendingAction(action, action) if batch is None else self.on_batch(action, batch)
