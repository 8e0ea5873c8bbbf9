"""Actions that wait in the backend, and whom messages come from now."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.client.api import TaskQuery
from desktop.contract.states import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from desktop.contract.tasks import BulkAnswer
    from desktop.gui.kit.words.task_row import Row


class Delivery(QObject):
    """The sender of messages; ``changed`` follows the mail settings.

    ``me`` is the sender's address, empty until the settings are read.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.me = ""

    def follow(self, mail: Mapping[str, object]) -> None:
        """Take over the mail settings."""
        before, self.me = self.me, str(mail["sender"])
        if before != self.me:
            self.changed.emit()


_ALL: Final = TaskQuery()
_TRIES: Final = frozenset({"retry", "send", "try_now"})


@dataclass(frozen=True, slots=True, eq=False)
class PendingAction:
    """An action that waits in the backend: on tasks, given as runs of numbers, or on a ``batch``.

    ``number`` is its own, ``said`` the verb whose texts are used, ``query`` chose its ``count``
    tasks, if they were not named. ``is_due`` means that it can no longer be undone.
    """

    number: int
    said: str
    count: int
    runs: Sequence[Sequence[int]] = ()
    query: TaskQuery | None = None
    batch: int | None = None
    is_due: bool = False

    def has(self, task: int) -> bool:
        """Tell whether the action is on a task, as far as the tasks are known."""
        place = bisect_right(self.runs, task, key=itemgetter(0)) - 1
        return place >= 0 and task <= self.runs[place][1]


PreviewKey = tuple[str, tuple[int, ...] | TaskQuery]
"""A bulk action and its tasks."""


class PendingActions(QObject):
    """Holds the actions that wait, until they are carried out or undone.

    ``previews_changed`` is emitted when the ``previews`` of actions change. ``delivery`` tells what
    sending means now.
    """

    changed = Signal()
    previews_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.delivery = Delivery(self)
        self.delivery.changed.connect(self.changed)
        self._previews: dict[str, dict[PreviewKey, BulkAnswer]] = {}
        self._actions: dict[int, PendingAction] = {}

    @property
    def previews(self) -> dict[PreviewKey, BulkAnswer]:
        """The backend's preview of actions on several tasks."""
        return {key: answer for each in self._previews.values() for key, answer in each.items()}

    def set_previews(self, previews: dict[PreviewKey, BulkAnswer], view: str = "") -> None:
        """Set the preview of actions on the tasks selected in one view."""
        if previews != self._previews.get(view, {}):
            self._previews[view] = previews
            self.previews_changed.emit()

    def begin(self, action: PendingAction) -> None:
        """Add an action, or update it."""
        self._actions[action.number] = action
        self.changed.emit()

    def end(self, number: int) -> None:
        """Remove an action that was carried out or undone."""
        if self._actions.pop(number, None) is not None:
            self.changed.emit()

    def of(self, row: Row) -> PendingAction | None:
        """Return the latest action on a task."""
        if not self._actions:  # called for each painted row
            return None
        found = [each for each in self._actions.values() if each.has(row.id)]
        return found[-1] if found else None

    def has(self, task: int, *, is_due: bool = False) -> bool:
        """Tell whether an action is on a task; with ``is_due``, one that can't be undone."""
        chosen = [each for each in self._actions.values() if each.is_due or not is_due]
        return any(each.has(task) for each in chosen)

    def of_all(self, query: TaskQuery) -> list[PendingAction]:
        """Return the actions on all tasks of a list, or on those in some states."""
        return [
            each
            for each in self._actions.values()
            if each.query is not None and _which_list(each.query) == _which_list(query)
        ]

    def of_cause(self, cause: str) -> list[PendingAction]:
        """Return the actions on all tasks of a cause, or on those in some states."""
        return self.of_all(TaskQuery(cause=cause, seen=False))

    def of_batch(self, number: int) -> PendingAction | None:
        """Return the action on a batch."""
        return next((each for each in self._actions.values() if each.batch == number), None)

    def batches(self) -> dict[int, PendingAction]:
        """Return the actions on batches by batch."""
        return {each.batch: each for each in self._actions.values() if each.batch is not None}

    def tries_of(self, number: int) -> list[PendingAction]:
        """Return the actions that try waiting messages of a batch."""
        return [each for each in self._tries() if each.query and each.query.batch_id == number]

    def tried_by_batch(self) -> dict[int, Counter[str]]:
        """Count the waiting messages that are about to be tried, by batch and reason."""
        found: dict[int, Counter[str]] = {}
        for each in self._tries():
            if each.query is not None and each.query.batch_id is not None:
                counts = found.setdefault(each.query.batch_id, Counter())
                counts[each.query.reasons[0]] += each.count
        return found

    def _tries(self) -> list[PendingAction]:
        """Return the actions that try messages which wait for one reason."""
        tries = [each for each in self._actions.values() if each.said in _TRIES]
        return [each for each in tries if each.query is not None and _waits_for_one(each.query)]

    def of_rows(self, rows: Iterable[Row]) -> list[PendingAction]:
        """Return the actions on any of these tasks, each once."""
        found = (self.of(row) for row in rows) if self._actions else ()
        return [*dict.fromkeys(each for each in found if each is not None)]


def _which_list(query: TaskQuery) -> TaskQuery:
    """Return the list that a query is about, without its states, order and moment."""
    return replace(query, states=(), known_at=None, sort=_ALL.sort)


def _waits_for_one(query: TaskQuery) -> bool:
    is_one = query.batch_id is not None and len(query.reasons) == 1
    return is_one and query.states == (State.WAITING.value,)
