"""Parts of the writer's memory: what each feature keeps there, and how it follows the groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import BriefRecord, TaskRecord

if TYPE_CHECKING:
    from sendoff_tasks.transaction.group import Group


class Clearable(Protocol):
    """What can be made empty: a set, a dict, a counter."""

    def clear(self) -> None:
        """Make it empty."""


class Part:
    """What one feature remembers from one group to the next, and collects in the one under way.

    A group begins, and is either committed or undone. After an undo the store is read again.
    """

    collected: Sequence[Clearable] = ()
    """What it collects in one group, for each of which it begins empty."""

    def load(self, source: Source) -> None:
        """Read everything from the store: at the start, and after a group failed."""

    def begin(self, group: Group) -> None:
        """Start afresh with what is collected in a group."""
        for each in self.collected:
            each.clear()

    def undo(self) -> None:
        """Put back what a failed group changed and no store has."""

    def commit(self, group: Group) -> None:
        """Follow the COMMIT of a group."""

    def shift(self, group: Group, ms: int) -> None:
        """Shift what counts from a moment, after the clock jumped by ``ms``."""


class Watcher(Part):
    """A part that is told what happens to tasks."""

    of_subjects = False
    """Whether it is told only of tasks that belong to a subject."""
    changes = 0
    """Grows with every row that :meth:`write` will add."""

    def added(self, record: TaskRecord) -> None:
        """Follow a new task."""

    def moved(self, record: TaskRecord, before: str) -> None:
        """Follow a task to another state; ``before`` is the one it had."""

    def changed(self, record: TaskRecord) -> None:
        """Follow a change of a task's reason, or of whether it was seen."""

    def forgotten(self, record: TaskRecord | BriefRecord) -> None:
        """Follow the deletion of a task."""

    def write(self, group: Group) -> None:
        """Write what was collected, after the tasks."""
