"""Follows tasks that a person had tried: says their outcome, or that a limit holds them."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject

from desktop.contract.items import MAIL_QUEUE
from desktop.contract.office import OfficeReason
from desktop.gui.kit.lists.live_rows import Rereading
from desktop.gui.kit.words.reasons import goes_on_at, reason_words
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.kit.words.verbs import RetryOutcome, retried_words
from desktop.gui.link.jobs import Asker, Job
from desktop.gui.tasks.acting.task_actions import anyway_action
from sendoff_tasks.client.calls import SortedFilter, all_rows
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import MOVABLE, TROUBLED, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desktop.client.api import Api
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notes import NoteLine, WindowNote
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs
    from desktop.gui.tasks.tasks_page import TasksPage
    from sendoff_tasks.model.events import TasksEvent
    from sendoff_tasks.model.tasks import TaskRow

FOLLOWED: Final = 5_000
"""The most tasks whose outcome is followed: their numbers go into one query."""


@dataclass(eq=False)
class _RetriedTasks:
    """Tasks that were tried again at once.

    ``about`` names what they belong to. ``begun`` is the note that says they are tried again.
    """

    ids: tuple[int, ...]
    about: str
    begun: WindowNote

    def named(self, words: str) -> str:
        return f"{self.about} · {words}" if self.about else words


class RetryNotes(QObject):
    """Says the outcome of tasks that were tried again, with a link to those that failed again.

    ``changes`` is told when tasks have changed.
    """

    def __init__(self, window: MainWindow, page: TasksPage, source: ApiSource) -> None:
        super().__init__(window)
        self._notes = window.notes
        self._page = page
        self._ask = Asker(source, lambda _: None)  # the next change asks again
        self._tried: list[_RetriedTasks] = []
        self.changes = Rereading(window, self._look, elsewhere=True)

    def follow(self, ids: Sequence[int], begun: WindowNote, about: str = "") -> None:
        """Say the outcome of these tasks, unless there are too many."""
        if 0 < len(ids) <= FOLLOWED:
            self._tried.append(_RetriedTasks(tuple(ids), about, begun))
            self.changes.note()

    def _look(self) -> None:
        """Read what became of the tasks."""
        for tried in self._tried:
            self._ask(partial(self._reading, tried))

    def _reading(self, tried: _RetriedTasks, api: Api) -> Job[Any]:
        return Job(outcome_of, api, tried.ids).then(partial(self._on_outcome, tried))

    def _on_outcome(self, tried: _RetriedTasks, outcome: RetryOutcome) -> None:
        """Say the outcome once no task is under way, with a link to those that did not succeed."""
        if tried not in self._tried or outcome.is_under_way:
            return
        self._tried.remove(tried)
        self._notes.close(tried.begun)
        words = tried.named(retried_words(outcome))
        if outcome.failed:
            show = self.tr("Show the %Ln that did not succeed", None, len(outcome.failed))
            name = self.tr("Tried again")
            way = show, partial(self._page.show_part, name, ids=outcome.failed)
            self._notes.show(words, way, icon="rotate-cw")
        else:
            self._notes.show(words)


class PastLimit(QObject):
    """Waits for the tasks that this window has started, until each begins or is held."""

    def __init__(self, notes: NoteLine, verbs: TaskVerbs, source: ApiSource) -> None:
        super().__init__(verbs)
        self._notes = notes
        self._ask = Asker(source, lambda _: None)  # news follow
        self._verbs = verbs
        self._expected = set[int]()

    def expect(self, tasks: list[int]) -> None:
        """Watch tasks that a person has just had started; their news may have come before."""
        if not tasks:  # a query without numbers is for all
            return
        self._expected.update(tasks)
        query = SortedFilter(ids=tuple(tasks))
        self._ask(lambda api: Job(all_rows, api, query).then(lambda rows: self._look(rows or ())))

    def follow(self, event: TasksEvent) -> None:
        """Take the news of tasks."""
        self._look(event["rows"])

    def _look(self, rows: Iterable[TaskRow]) -> None:
        """Tell of the first news of each: that a limit holds it, or nothing."""
        for told in rows:
            if told["id"] not in self._expected:
                continue
            row = row_of(told)
            is_held = row.reason == OfficeReason.BATCH_LIMIT or _waits_for_queue(row)
            if is_held:
                self._tell(row)
            if is_held or row.state not in MOVABLE:
                self._expected.discard(row.id)

    def _tell(self, row: Row) -> None:
        """Say what a task waits for, with a way past the limit of its batch."""
        anyway = anyway_action([row], 1).text if row.reason == OfficeReason.BATCH_LIMIT else ""
        what = self.tr("Item {}").format(row.item_id) if row.item_id else row.title
        words = f"{what}: {reason_words(row, time.time())}"
        go_on = partial(self._verbs.act, "run_anyway", [row.id], "run_now")
        self._notes.show(words, (anyway, go_on) if anyway else None, icon="clock")


def _waits_for_queue(row: Row) -> bool:
    """Tell whether the limit of its queue, a provider's, makes a task wait for long."""
    is_limited = row.reason in {Reason.RATE_LIMIT, Reason.AHEAD}
    return is_limited and goes_on_at(row, time.time()) is not None


def outcome_of(api: Api, ids: tuple[int, ...]) -> RetryOutcome:
    """Count the outcome of tasks, in more detail once none is under way."""
    outcome = RetryOutcome(api.count_tasks(SortedFilter(ids=ids))["counts"])
    if outcome.is_under_way:
        return outcome
    done = (State.SUCCEEDED.value,)
    mails = SortedFilter(ids=ids, states=done, queue=MAIL_QUEUE)
    sent = api.count_tasks(mails)["counts"][State.SUCCEEDED]
    kept = api.count_tasks(replace(mails, reasons=(Reason.KEPT.value,)))["counts"][State.SUCCEEDED]
    failed = all_rows(api, SortedFilter(ids=ids, states=tuple(sorted(TROUBLED)), sort="id")) or ()
    numbers = tuple(row["id"] for row in failed)
    return outcome._replace(sent=sent - kept, kept=kept, failed=numbers)
