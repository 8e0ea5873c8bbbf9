"""Pending actions on tasks: those a person has started, and a preview of what buttons would do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.client.api import TaskQuery
from desktop.contract.states import CANCELLABLE, TROUBLED
from desktop.gui.delivery import Delivery
from desktop.gui.tasks.task_row import epoch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.contract.tasks import BulkAnswer
    from desktop.gui.tasks.task_row import Row

_ALL: Final = TaskQuery()


@dataclass(frozen=True, slots=True)
class PendingAction:
    """A pending action on tasks, given by their numbers or by a query.

    With a query, ``ids`` are the matching numbers once they are read. ``said`` is the verb whose
    texts are used, ``count`` the number of tasks if known. ``is_due`` means that the action was
    handed to the backend and can no longer be undone. ``waiting`` counts the waiting tasks that it
    tries, by batch and reason.
    """

    said: str
    ids: frozenset[int]
    query: TaskQuery | None = None
    count: int | None = None
    is_due: bool = False
    waiting: Mapping[tuple[int, str], int] = field(default_factory=dict, hash=False)

    def includes(self, row: Row, shown: TaskQuery) -> bool:
        """Tell whether the action includes a task of the list with the query ``shown``."""
        if self.query is None:
            return row.id in self.ids
        if row.id in self.ids:
            return not self._skips(row)
        known_at = epoch(self.query.known_at)
        is_known = known_at is None or row.created < known_at
        is_meant = not self.query.states or row.state in self.query.states
        of_list = is_known and is_meant and _which_list(self.query) == _which_list(shown)
        return of_list and not self._skips(row)

    def _skips(self, row: Row) -> bool:
        """Tell whether the backend will skip a task, judged by its row."""
        if self.said == "cancel":
            return row.state not in CANCELLABLE
        if self.said == "remove":
            return row.state in TROUBLED and not row.seen
        return self.said == "retry" and row.is_repeated


PreviewKey = tuple[str, tuple[int, ...] | TaskQuery]
"""A bulk action and its tasks."""


class PendingActions(QObject):
    """Holds pending actions until they are done or undone; ``shown`` is the list's query.

    ``previews_changed`` is emitted when the ``previews`` of actions change. ``delivery`` tells what
    sending means now.
    """

    changed = Signal()
    previews_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown = _ALL
        self.delivery = Delivery(self)
        self.delivery.changed.connect(self.changed)
        self._previews: dict[str, dict[PreviewKey, BulkAnswer]] = {}
        self._actions: dict[str, PendingAction] = {}

    @property
    def previews(self) -> dict[PreviewKey, BulkAnswer]:
        """The backend's preview of actions on several tasks."""
        return {key: answer for each in self._previews.values() for key, answer in each.items()}

    def set_previews(self, previews: dict[PreviewKey, BulkAnswer], view: str = "") -> None:
        """Set the preview of actions on the tasks selected in one view."""
        if previews != self._previews.get(view, {}):
            self._previews[view] = previews
            self.previews_changed.emit()

    def begin(self, key: str, started: PendingAction) -> None:
        """Add a pending action, or update it."""
        self._actions[key] = started
        self.changed.emit()

    def end(self, key: str) -> None:
        """Remove a pending action that was done or undone."""
        if self._actions.pop(key, None) is not None:
            self.changed.emit()

    def of(self, row: Row) -> PendingAction | None:
        """Return the latest pending action on a task."""
        if not self._actions:  # called for each painted row
            return None
        found = [each for each in self._actions.values() if each.includes(row, self.shown)]
        return found[-1] if found else None

    def of_all(self, query: TaskQuery) -> list[PendingAction]:
        """Return the pending actions on all tasks of a list, or on those in some states."""
        return [
            each
            for each in self._actions.values()
            if each.query is not None and _which_list(each.query) == _which_list(query)
        ]

    def of_cause(self, cause: str) -> list[PendingAction]:
        """Return the pending actions on all tasks of a cause, or on those in some states."""
        return self.of_all(TaskQuery(cause=cause, seen=False))

    def ids(self, *, is_due: bool = False) -> set[int]:
        """Return the tasks with a pending action, as far as their numbers are known.

        With ``is_due``, only actions that were handed to the backend count.
        """
        chosen = [each for each in self._actions.values() if each.is_due or not is_due]
        return {task for each in chosen for task in each.ids}

    def of_batch(self, number: int) -> list[PendingAction]:
        """Return the pending actions that try waiting messages of a batch."""
        return [
            each
            for each in self._actions.values()
            if any(batch == number for batch, _ in each.waiting)
        ]

    def by_batch(self) -> dict[int, Counter[str]]:
        """Count the waiting messages that are about to be tried, by batch and reason."""
        found: dict[int, Counter[str]] = {}
        for each in self._actions.values():
            for (batch, reason), count in each.waiting.items():
                found.setdefault(batch, Counter())[reason] += count
        return found

    def of_rows(self, rows: Sequence[Row]) -> list[PendingAction]:
        """Return the pending actions on any of these tasks, each once."""
        found = (self.of(row) for row in rows) if self._actions else ()
        return [*dict.fromkeys(each for each in found if each is not None)]


def _which_list(query: TaskQuery) -> TaskQuery:
    """Return the list that a query is about, without its states, order and moment."""
    return replace(query, states=(), known_at=None, sort=_ALL.sort)
