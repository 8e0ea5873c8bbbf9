"""Calls the backend for one or several batches, and says their outcome once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject

from desktop.client.api import TaskQuery
from desktop.client.errors import BackendGone
from desktop.contract.states import State
from desktop.gui.actions.batches.batch_calls import act_on_batch
from desktop.gui.actions.batches.batch_grace import WITH_GRACE
from desktop.gui.actions.tasks.task_calls import all_rows
from desktop.gui.batches.batch_words import cancelled_words
from desktop.gui.importing.file_fault_words import fault_words
from desktop.gui.jobs import Job
from desktop.sheets import SheetError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desktop.client.api import Api, ApiSource
    from desktop.contract.batches import BatchCounts
    from desktop.gui.actions.batches.batch_grace import BatchGrace
    from desktop.gui.actions.tasks.tried_again import TriedAgain
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toast import Toast
    from desktop.gui.jobs import Asker


@dataclass(eq=False)
class _Wish:
    """An action on batches, by the keys of their calls; those in ``left`` are not answered yet.

    ``before`` and ``after`` sum the counts of cancelled batches. ``tasks`` are the tasks tried
    again, ``faults`` the errors. ``unanswered`` is the toast shown while calls wait for the
    backend.
    """

    verb: str
    batches: Mapping[str, int]
    left: set[str]
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    tasks: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unanswered: Toast | None = None


class ActingOnBatches(QObject):
    """Makes a call for each batch under its own key; while the backend is away, calls wait."""

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        ask: Asker,
        grace: BatchGrace,
        tried: TriedAgain,
        open_draft: Callable[[int], object],
    ) -> None:
        super().__init__(window)
        self._toasts = window.toasts
        self._model = window.parts.batches.model
        self._source = source
        self._ask = ask
        self._grace = grace
        self._tried = tried
        self._open_draft = open_draft
        self._retries = BatchRetries()

    def call(self, verb: str, batches: Mapping[str, int]) -> None:
        """Carry out a verb for each of these batches, given by the keys of their calls."""
        wish = _Wish(verb, batches, set(batches))
        for key in batches:
            self._call(wish, key)

    def _call(self, wish: _Wish, key: str) -> None:
        number = wish.batches[key]

        def job(api: Api) -> Job[Any]:
            if wish.verb == "retry":
                return Job(self._retries.retry, api, number, key)
            return Job(act_on_batch, api, wish.verb, number, key)

        done = partial(self._on_done, wish, key)
        self._ask(lambda api: job(api).then(done), partial(self._on_failed, wish, key))

    def _on_done(self, wish: _Wish, key: str, answer: Any) -> None:
        before = self._grace.counts_before(key)
        if wish.verb == "cancel":
            self._model.follow({"rows": [answer], "gone": []})
            if before is not None:
                wish.before.update(cast("Mapping[str, int]", before))
                wish.after.update(answer["counts"])
        if wish.verb == "retry":
            wish.tasks += answer
        self._grace.forget(key)
        self._end(wish, key)

    def _on_failed(self, wish: _Wish, key: str, error: Exception) -> None:
        if isinstance(error, BackendGone) and wish.verb in WITH_GRACE:
            if wish.unanswered is None:
                words = self.tr("Sendoff does not answer right now. This is done once it does.")
                wish.unanswered = self._toasts.show(words, icon="info")
            self._source.once_back(key, partial(self._call, wish, key))
            return
        self._grace.forget(key)
        wish.faults.append(said_of(error))
        self._end(wish, key)

    def _end(self, wish: _Wish, key: str) -> None:
        """Say the outcome once all calls are answered."""
        wish.left.discard(key)
        if wish.left:
            return
        if wish.unanswered is not None:
            self._toasts.close(wish.unanswered)
        if wish.after:
            before, after = (cast("BatchCounts", each) for each in (wish.before, wish.after))
            self._toasts.show(cancelled_words(before, after), icon="ban")
        if wish.tasks:
            self._tried.tell("resend", wish.tasks, "send", self._about(wish))
        if wish.verb == "take_back" and not wish.faults:
            words = self.tr("Nothing was sent: the spreadsheet is a draft again.")
            self._toasts.show(words, icon="undo-2")
            self._open_draft(*wish.batches.values())
        if wish.faults:
            self._toasts.show("\n".join(dict.fromkeys(wish.faults)), icon="triangle-alert")

    def _about(self, wish: _Wish) -> str:
        """Name the batch, or say how many there are."""
        if len(wish.batches) > 1:
            return self.tr("%Ln batches", None, len(wish.batches))
        (number,) = wish.batches.values()
        return self._model.name_of(number)


def said_of(error: Exception) -> str:
    """Say what an error is, also one of a spreadsheet."""
    return fault_words(error) if isinstance(error, SheetError) else str(error)


class BatchRetries:
    """Retries batches; a repeated call with the same key continues the first one.

    The failed tasks are read only once per key, so a lost answer loses none of them.
    """

    def __init__(self) -> None:
        self._before: dict[str, dict[int, int]] = {}

    def retry(self, api: Api, number: int, key: str) -> list[int]:
        """Retry a batch and return the tasks that are tried again. Blocks; raises ``ClientError``.

        If there are more tasks than one call takes, none is returned.
        """
        failed = TaskQuery(states=(State.FAILED.value,), batch_id=number)
        if key not in self._before:
            self._before[key] = _revisions(api, failed)
        api.batches.retry(number, key)
        left = _revisions(api, failed)
        before = self._before.pop(key)
        return [task for task, rev in before.items() if left.get(task) != rev]


def _revisions(api: Api, query: TaskQuery) -> dict[int, int]:
    return {row["id"]: row["rev"] for row in all_rows(api, query) or []}
