"""What is about to be done: what a person has started, and what the buttons would do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.client.api import TaskQuery
from desktop.contract.states import CANCELLABLE, TROUBLED
from desktop.gui.tasks.task_row import epoch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.contract.tasks import BulkAnswer
    from desktop.gui.tasks.task_row import Row

_ALL: Final = TaskQuery()


@dataclass(frozen=True, slots=True)
class Started:
    """What was started: on tasks by their numbers, or on all that match a query.

    With a query, ``ids`` are the numbers that match, once they were read. ``said`` is the verb
    whose words are used, ``count`` how many tasks it means, where that is known. One that
    ``is_due`` was handed to the backend and can no longer be undone. ``waiting`` counts the waiting
    tasks that it tries, by batch and reason.
    """

    said: str
    ids: frozenset[int]
    query: TaskQuery | None = None
    count: int | None = None
    is_due: bool = False
    waiting: Mapping[tuple[int, str], int] = field(default_factory=dict, hash=False)

    def means(self, row: Row, shown: TaskQuery) -> bool:
        """Tell whether a task of the ``shown`` list is among those it was started on."""
        if self.query is None:
            return row.id in self.ids
        if row.id in self.ids:
            return not self._leaves_alone(row)
        known_at = epoch(self.query.known_at)
        is_known = known_at is None or row.created < known_at
        is_meant = not self.query.states or row.state in self.query.states
        of_list = is_known and is_meant and _list(self.query) == _list(shown)
        return of_list and not self._leaves_alone(row)

    def _leaves_alone(self, row: Row) -> bool:
        """Tell whether the backend will skip a task, as far as its row tells."""
        if self.said == "cancel":
            return row.state not in CANCELLABLE
        if self.said == "remove":
            return row.state in TROUBLED and not row.seen
        return self.said == "retry" and row.is_repeated


Foreseen = tuple[str, tuple[int, ...] | TaskQuery]
"""A bulk action, and the tasks it is for."""


class Soon(QObject):
    """Knows what was started until it is done or undone; ``shown`` is the query of the list.

    ``foresaw`` is emitted when it is ``foreseen`` that actions on many tasks would do something
    else. ``me`` is the sender's address, once it is known.
    """

    changed = Signal()
    foresaw = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown = _ALL
        self.me = ""
        self._foreseen: dict[str, dict[Foreseen, BulkAnswer]] = {}
        self._started: dict[str, Started] = {}

    @property
    def foreseen(self) -> dict[Foreseen, BulkAnswer]:
        """What the backend says actions on many tasks would do."""
        return {key: answer for each in self._foreseen.values() for key, answer in each.items()}

    def foresee(self, foreseen: dict[Foreseen, BulkAnswer], view: str = "") -> None:
        """Learn what actions on many tasks would do that are chosen in one view."""
        if foreseen != self._foreseen.get(view, {}):
            self._foreseen[view] = foreseen
            self.foresaw.emit()

    def set_sender(self, me: str) -> None:
        """Learn whom *Send to me* sends to."""
        if me != self.me:
            self.me = me
            self.changed.emit()

    def begin(self, key: str, started: Started) -> None:
        """Learn what was started, or more about it."""
        self._started[key] = started
        self.changed.emit()

    def end(self, key: str) -> None:
        """Learn that it was done, or is not wanted."""
        if self._started.pop(key, None) is not None:
            self.changed.emit()

    def of(self, row: Row) -> Started | None:
        """Return what was started last for a task."""
        if not self._started:  # asked for each row that is painted
            return None
        found = [each for each in self._started.values() if each.means(row, self.shown)]
        return found[-1] if found else None

    def is_to_be_cancelled(self, row: Row) -> bool:
        """Tell whether a task is about to be cancelled, which can still be undone."""
        started = self.of(row)
        return started is not None and started.said == "cancel"

    def of_all(self, query: TaskQuery) -> list[Started]:
        """Return what was started for all of a list, in whichever of its states."""
        return [
            each
            for each in self._started.values()
            if each.query is not None and _list(each.query) == _list(query)
        ]

    def of_cause(self, cause: str) -> list[Started]:
        """Return what was started for the tasks of a cause, in whichever of its states."""
        return self.of_all(TaskQuery(cause=cause, seen=False))

    def ids(self, *, is_due: bool = False) -> set[int]:
        """Return the tasks that something was started on, as far as their numbers are known.

        With ``is_due``, only those that were handed to the backend.
        """
        chosen = [each for each in self._started.values() if each.is_due or not is_due]
        return {task for each in chosen for task in each.ids}

    def of_batch(self, number: int) -> list[Started]:
        """Return what was started that tries waiting messages of a batch."""
        return [
            each
            for each in self._started.values()
            if any(batch == number for batch, _ in each.waiting)
        ]

    def by_batch(self) -> dict[int, Counter[str]]:
        """Count the waiting messages that are about to be tried, by batch and reason."""
        found: dict[int, Counter[str]] = {}
        for each in self._started.values():
            for (batch, reason), count in each.waiting.items():
                found.setdefault(batch, Counter())[reason] += count
        return found

    def of_rows(self, rows: Sequence[Row]) -> list[Started]:
        """Return what was started for some of these tasks, each once."""
        found = (self.of(row) for row in rows) if self._started else ()
        return [*dict.fromkeys(each for each in found if each is not None)]


def _list(query: TaskQuery) -> TaskQuery:
    """Return which list a query shows, apart from states, order and moment."""
    return replace(query, states=(), known_at=None, sort=_ALL.sort)
