"""Tells of a task that a person had started and its batch's limit holds, with a way out."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from desktop.contract.reasons import Reason
from desktop.contract.states import MOVABLE
from desktop.gui.kit.words.reasons import reason_words
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.acting.task_actions import anyway_action

if TYPE_CHECKING:
    from desktop.contract.events import TasksEvent
    from desktop.gui.frame.notices.toasts import Toasts
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs

SECONDS: Final = 10
"""Seconds for which the way out is offered; the task's row keeps it."""


class PastLimit(QObject):
    """Waits for the tasks that this window has started, until each begins or is held."""

    def __init__(self, toasts: Toasts, verbs: TaskVerbs) -> None:
        super().__init__(verbs)
        self._toasts = toasts
        self._verbs = verbs
        self._expected = set[int]()

    def expect(self, tasks: list[int]) -> None:
        """Watch tasks that a person has just had started."""
        self._expected.update(tasks)

    def follow(self, event: TasksEvent) -> None:
        """Tell of the first news of each: that its batch holds it, or nothing."""
        for told in event["rows"]:
            if told["id"] not in self._expected:
                continue
            row = row_of(told)
            if row.reason == Reason.BATCH_LIMIT:
                self._tell(row)
            if row.reason == Reason.BATCH_LIMIT or row.state not in MOVABLE:
                self._expected.discard(row.id)

    def _tell(self, row: Row) -> None:
        anyway = anyway_action([row], 1)
        what = self.tr("Item {}").format(row.item_id) if row.item_id else row.title
        words = f"{what}: {reason_words(row, time.time())}"
        go_on = partial(self._verbs.act, "run_anyway", [row.id], "run_now")
        self._toasts.show(
            words, seconds=SECONDS, action=anyway.text, chosen=go_on, icon="clock", undoes=False
        )
