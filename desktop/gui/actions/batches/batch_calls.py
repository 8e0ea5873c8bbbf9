"""One thing that is done to a batch, or to several: what came of all of them is said once.

So is what came of failed messages that a batch sent again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject

from desktop.client.api import TaskQuery
from desktop.client.errors import BackendGone
from desktop.contract.states import State
from desktop.gui.actions.batches.batch_grace import SOON
from desktop.gui.actions.spreadsheets.import_calls import act_on_batch
from desktop.gui.actions.tasks.task_calls import all_rows
from desktop.gui.batches.batch_rest import cancelled_words
from desktop.gui.importing.file_fault_words import fault_words
from desktop.gui.jobs import Job
from desktop.sheets import SheetError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desktop.client.api import Api, ApiSource
    from desktop.contract.batches import BatchCounts
    from desktop.gui.actions.backend.connection import Asker
    from desktop.gui.actions.batches.batch_grace import BatchGrace
    from desktop.gui.actions.tasks.many_tasks import ManyTasks
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toast import Toast


@dataclass(eq=False)
class _Wish:
    """What is asked for batches, by the keys of their calls; ``left`` are not answered yet.

    ``before`` and ``after`` add up the counts of those that were cancelled, ``tasks`` are those
    that are tried again, ``faults`` what was said of others, and ``unanswered`` tells of calls that
    are made once more.
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
    """Calls the backend, each batch under a key of its own; once it is back, if it is away."""

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        ask: Asker,
        grace: BatchGrace,
        many: ManyTasks,
        open_draft: Callable[[int], object],
    ) -> None:
        super().__init__(window)
        self._toasts = window.toasts
        self._model = window.parts.batches.model
        self._source = source
        self._ask = ask
        self._grace = grace
        self._many = many
        self._open_draft = open_draft
        self._retries = BatchRetries()

    def call(self, verb: str, batches: Mapping[str, int]) -> None:
        """Do it to each of these, by the keys of their calls."""
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
        if isinstance(error, BackendGone) and wish.verb in SOON:
            if wish.unanswered is None:
                words = self.tr("Sendoff does not answer right now. This is done once it does.")
                wish.unanswered = self._toasts.show(words, icon="info")
            self._source.once_back(key, partial(self._call, wish, key))
            return
        self._grace.forget(key)
        wish.faults.append(said_of(error))
        self._end(wish, key)

    def _end(self, wish: _Wish, key: str) -> None:
        """Say what came of it, once all are answered."""
        wish.left.discard(key)
        if wish.left:
            return
        if wish.unanswered is not None:
            self._toasts.close(wish.unanswered)
        if wish.after:
            before, after = (cast("BatchCounts", each) for each in (wish.before, wish.after))
            self._toasts.show(cancelled_words(before, after), icon="ban")
        if wish.tasks:
            self._many.tell("resend", wish.tasks, "send", self._about(wish))
        if wish.verb == "take_back" and not wish.faults:
            words = self.tr("Nothing was sent: the spreadsheet is a draft again.")
            self._toasts.show(words, icon="undo-2")
            self._open_draft(*wish.batches.values())
        if wish.faults:
            self._toasts.show("\n".join(dict.fromkeys(wish.faults)), icon="triangle-alert")

    def _about(self, wish: _Wish) -> str:
        """Name the batch, or say how many they are."""
        if len(wish.batches) > 1:
            return self.tr("%Ln batches", None, len(wish.batches))
        (number,) = wish.batches.values()
        place = self._model.position_of(number)
        batch = None if place is None else self._model.batch(place)
        return batch["name"] if batch else str(number)


def said_of(error: Exception) -> str:
    """Say what was wrong, of a spreadsheet too."""
    return fault_words(error) if isinstance(error, SheetError) else str(error)


class BatchRetries:
    """Has batches tried again, each call under its key: asked once more, it goes on with the first.

    What failed before is read once, so a lost answer loses none of it.
    """

    def __init__(self) -> None:
        self._before: dict[str, dict[int, int]] = {}

    def retry(self, api: Api, number: int, key: str) -> list[int]:
        """Try it again and return the tasks that are; blocks, and raises ``ClientError``.

        Of more tasks than one call takes, none are named.
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
