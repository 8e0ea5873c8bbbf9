"""Features: what a program that is built on the engine adds to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sqlalchemy import Table

from sendoff_tasks.causes import FoundCause
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.functions.spec import TaskSpec
from sendoff_tasks.model.times import Rate
from sendoff_tasks.store.reads.causes import PausedBatch
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN, KnownByFeature
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.pending import PendingRecord
from sendoff_tasks.store.tables.records import FunctionRecord, TaskRecord
from sendoff_tasks.transaction.parts import Part
from sendoff_tasks.transaction.replies import CallerPriority, More
from sendoff_tasks.transaction.searching import SubjectTexts

if TYPE_CHECKING:
    from sendoff_tasks.transaction.group import Group
    from sendoff_tasks.transaction.memory import Memory

Aside = dict[str, dict[str, int]]
"""How many tasks would be put aside, by reason and queue."""
RateOfTask = tuple[str, Sequence[Rate]]
"""The name under which the starts of a task are counted, and the rates for them."""


class FreeSlots(Protocol):
    """How many tasks may start in a group."""

    def room(self, function: FunctionRecord) -> int:
        """Return how many tasks of a function may start now."""

    def look_again(self, function: FunctionRecord) -> None:
        """Schedule a group for when a rate has room again for a task of this function."""


class OneRead(NamedTuple):
    """One read of the memory and the store, from any thread; ``now`` in epoch ms."""

    memory: Memory
    source: Source
    registry: Registry
    now: int


class ToCome(NamedTuple):
    """When what will become tasks does, epoch ms, and what that adds to the engine's counts."""

    begins: Sequence[int] = ()
    counts: Mapping[str, Any] = {}


class RepeatFor(NamedTuple):
    """For whom a repeat of a task is: as its feature stores it (JSON), and as rows show it.

    ``copy_for`` names who gets it as a copy; ``None`` if it is for its subject's own recipient.
    """

    addressee: str | None
    recipient: str
    copy_for: str | None = None


class Feature:
    """One feature: its tables, its memory, its duties, and its say in which tasks may start.

    The tasks that it makes have the ``batch_id`` of one of its batches. What it does not need does
    nothing.
    """

    tables: Sequence[Table] = ()
    """Its tables, which the store creates beside the engine's own."""
    parts: Sequence[Callable[[], Part]] = ()
    """Each makes what it remembers."""
    known: KnownByFeature = NOTHING_KNOWN
    """What reads of tasks ask it; only one feature has an answer."""

    # duties

    def feed(self, group: Group, rooms: FreeSlots, callers: CallerPriority) -> None:
        """Queue the tasks for which there is room, before the next ones are claimed."""

    def is_put_off(self, group: Group) -> bool:
        """Tell whether it leaves that to the next group, with or without callers."""
        return False

    def settle(self, group: Group) -> None:
        """Follow what the group has done so far; also the last thing before its COMMIT."""

    def go_on(self, group: Group) -> None:
        """Do a step of what takes several groups and may have been interrupted."""

    def tidy(self, group: Group) -> bool:
        """Delete a little that is too old; tell whether there may be more."""
        return False

    def restored(self, group: Group) -> None:
        """Continue its numbers far beyond those of a store that was lost."""

    def carry_out(self, group: Group, record: PendingRecord) -> None:
        """Do the next step of a pending action on one of its batches."""

    def undo(self, group: Group, record: PendingRecord) -> More | bool:
        """Undo what was done, if it is of a kind of its own; tell whether it is.

        Raises ``InTheWay`` with the task that has started, before anything is changed.
        """
        return False

    # the subjects to which tasks belong: things of a feature, by their numbers

    def texts_of(self, source: Source, subjects: Sequence[int]) -> Mapping[int, SubjectTexts]:
        """Return the texts of those of the subjects that are stored."""
        return {}

    def repeat_for(self, group: Group, record: TaskRecord, addressee: Any) -> RepeatFor | None:
        """Return to whom the repeat of a task goes, whose effect is meant for ``addressee``."""
        return None

    def edition_of(self, group: Group, record: TaskRecord) -> str | None:
        """Return the newest edition of what a task's effect is made of."""
        return None

    def given(self, record: TaskRecord) -> Mapping[str, Any]:
        """Return what the context of a task has as ``given``; JSON, so that it can travel."""
        return {}

    def renew(self, group: Group, record: TaskRecord) -> None:
        """Bring a task that a person has run again up to date with its subject."""

    def sends_instead(self, group: Group, record: TaskRecord) -> bool:
        """Tell whether something that is no task yet is to send a task's message instead."""
        return False

    def cause(self, record: TaskRecord, found: FoundCause) -> FoundCause:
        """Return the cause of a task's failure without what differs from task to task."""
        return found

    def trusts(self, spec: TaskSpec) -> bool:
        """Tell whether a function that has just begun cannot be what ended the program."""
        return False

    # which tasks may start

    def hold_back(self, group: Group, record: TaskRecord) -> bool:
        """Put a queued task aside while it may not start; tell whether that happened."""
        return False

    def check_start(self, group: Group, record: TaskRecord, *, anyway: bool) -> None:
        """Raise ``Conflict`` for a task that would be held back on start.

        ``anyway`` lets it past a limit, which :meth:`hold_back` learns from its ``held``.
        """

    def rate_of(self, group: Group, record: TaskRecord) -> RateOfTask | None:
        """Return the rates under which a task's start is counted, besides those of its queue."""
        return None

    def starts_as(self, group: Group, record: TaskRecord) -> int:
        """Return as how many starts a rate counts that of a task."""
        return 1

    def is_paused(self, group: Group, record: TaskRecord) -> bool:
        """Tell whether a task may not start until a person resumes its batch."""
        return False

    def aside(self, group: Group, records: Iterable[TaskRecord]) -> Aside:
        """Count the tasks that would be held back on start."""
        return {}

    # reads

    def to_come(self, reading: OneRead) -> ToCome:
        """Return what will become tasks, and counts of it."""
        return ToCome()

    def behind(self, reading: OneRead, batch_id: int | None) -> Mapping[str, int]:
        """Count by queue what becomes tasks once the queue accepts more."""
        return Counter()

    def paused(self, reading: OneRead, batch_id: int | None) -> Sequence[PausedBatch]:
        """Return the paused batches."""
        return ()


def starts_as(group: Group, record: TaskRecord) -> int:
    """Return as how many starts a rate counts that of a task."""
    return max((each.starts_as(group, record) for each in group.memory.features), default=1)


def given_to(features: Iterable[Feature], record: TaskRecord) -> Mapping[str, Any] | None:
    """Return what features give the context of a task; ``None`` for nothing."""
    found = {name: value for each in features for name, value in each.given(record).items()}
    return found or None


def known_of(features: Iterable[Feature]) -> KnownByFeature:
    """Return what the one feature knows that has an answer to reads."""
    found = (feature.known for feature in features)
    return next((each for each in found if each is not NOTHING_KNOWN), NOTHING_KNOWN)


def tables_of(features: Iterable[Feature]) -> list[Table]:
    """Return the tables of features."""
    return [table for feature in features for table in feature.tables]
