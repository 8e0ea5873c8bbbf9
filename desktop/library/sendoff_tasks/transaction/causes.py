"""Counts of causes: the tasks that have each, by state, in all and in each batch."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sendoff_tasks.causes import (
    PLACEHOLDER,
    Because,
    FoundCause,
    cause_id,
    cause_of_reason,
    in_json,
    said_otherwise,
)
from sendoff_tasks.model.causes import CASES, ON_THE_WAY, CauseKind
from sendoff_tasks.model.reasons import OUTAGES, Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.store.tables import causes as statements
from sendoff_tasks.store.tables.causes import COUNTED, CauseRecord, counts_of
from sendoff_tasks.store.tables.cursor import Cursor
from sendoff_tasks.store.tables.records import BriefRecord, Hold, TaskRecord
from sendoff_tasks.text import Finder
from sendoff_tasks.transaction.parts import Part

if TYPE_CHECKING:
    from sendoff_tasks.transaction.group import Group
    from sendoff_tasks.transaction.memory import Memory

PLACES: Final = 5
"""Places kept for a cause, the newest first."""
SCHEDULED: Final = State.SCHEDULED.value
NEVER: Final = 1 << 62
_Scheduled = tuple[int, int, str, int, int]
"""The key by which scheduled tasks of batches are counted: see ``tables/causes.py``."""
NO_WORDS: Final = "{}"
"""What is kept about a cause that no task has."""
STOPS: Final = {*OUTAGES, Reason.QUEUE_HELD}
_TOLD: Final = {CauseKind.SAID, CauseKind.ANSWER}
"""Kinds whose texts tell causes apart, unless there are too many."""


class CauseCounts(Part):
    """The changes of one group to the counts of causes; tasks without a cause cost nothing.

    A cause is listed while a task that is not *seen* has it. The row of a failure stays longer and
    keeps the time it was first met, but no word of what tasks said. The scheduled tasks of batches
    are counted too, because a million may wait for the end of a pause.
    """

    _cursor: Cursor
    _memory: Memory

    def __init__(self) -> None:
        self._known: set[str] = set()  # causes that exist, as far as the group has looked
        self._changes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._in_batches: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
        self._found: dict[str, list[FoundCause]] = {}  # met in this group, by cause
        self.met: dict[int, FoundCause] = {}  # by tasks that are about to change state
        self._scheduled = Counter[_Scheduled]()
        self._retries: set[str] = set()  # retried causes that are not written yet
        self.retried: set[str] = set()  # causes whose tasks a person retried in this group
        self.collected = (
            *(self._known, self._changes, self._in_batches, self._found, self.met),
            *(self._scheduled, self._retries, self.retried),
        )

    def begin(self, group: Group) -> None:
        """Count from zero."""
        super().begin(group)
        self._cursor, self._memory = group.cursor, group.memory

    def move(self, record: TaskRecord, to: State, because: Because | None) -> dict[str, str | None]:
        """Count a task that changes state; return the column that changes.

        A task that fails, waits or becomes uncertain gets the cause it met, or one made from its
        reason. A task that is tried again keeps its cause.
        """
        found = self.met.pop(record.id, None)
        function = self._memory.functions[record.function]
        if found is None and to in CASES and because is not None:
            text = because.data.get("text", "")
            found = cause_of_reason(because.reason, task=function.name, text=text)
        after = None
        if found is not None and to in CASES | ON_THE_WAY:
            if "task" in found.about:
                found.about["task_title"] = record.title or function.title
            after = self._meet_one(found)
        elif to in ON_THE_WAY:
            after = record.cause
        self.stop_counting(record)
        if after is not None:
            self._count(after, record.batch_id, to, 1)
        return {} if after == record.cause else {"cause": after}

    def meet(self, record: TaskRecord, found: FoundCause) -> None:
        """Note the cause of a task's next change of state."""
        self.met[record.id] = found

    def stop_counting(self, record: TaskRecord | BriefRecord) -> None:
        """Stop counting a task."""
        if record.cause is not None:
            self._count(record.cause, record.batch_id, record.state, -1, record.seen)

    def delete(self, record: TaskRecord | BriefRecord) -> None:
        """Stop counting a task whose row was deleted, also among scheduled ones."""
        self.stop_counting(record)
        self.schedule(record, -1)

    def rebatch(self, record: TaskRecord, batch_id: int) -> None:
        """Move a task's count to another batch."""
        self.stop_counting(record)
        if record.cause is not None:
            self._count(record.cause, batch_id, record.state, 1, record.seen)

    def schedule(self, record: TaskRecord | BriefRecord, n: int) -> None:
        """Add ``n`` to the count of scheduled tasks, if the task is one of a batch."""
        if record.batch_id is not None and record.state == SCHEDULED:
            aside, again = getattr(record, "held", "") == Hold.ASIDE, record.error is not None
            key = record.batch_id, record.function, record.cause or "", int(aside), int(again)
            self._scheduled[key] += n

    def see(self, record: TaskRecord, seen: int) -> None:
        """Record whether a person has marked a task as seen; seen tasks leave the lists."""
        self.stop_counting(record)
        if record.cause is not None:
            self._count(record.cause, record.batch_id, record.state, 1, seen)

    def retry(self, record: TaskRecord) -> None:
        """Record that a person retried a task."""
        if record.cause is not None and record.cause not in self.retried:
            self.retried.add(record.cause)
            self._retries.add(record.cause)

    def leave_out(self, words: Finder) -> None:
        """Leave words out of what causes say, and out of where they were met."""
        change = partial(words.sub, PLACEHOLDER)
        for cause, about, places in self._cursor.execute(statements.TOLD_CAUSES).fetchall():
            kept = said_otherwise(json.loads(about), change), in_json(places, change)
            if kept != (json.loads(about), places):
                text = json.dumps(kept[0], ensure_ascii=False)
                self._cursor.execute(statements.SET_TOLD, (text, kept[1], cause))

    def write(self, now: int) -> None:
        """Write the changes counted so far; ``now`` in epoch ms."""
        if self._scheduled:
            counted = [(*key, n) for key, n in self._scheduled.items() if n]
            self._cursor.executemany(statements.COUNT_SCHEDULED, counted)
            less = {(key[0],) for key, n in self._scheduled.items() if n < 0}
            self._cursor.executemany(statements.FORGET_SCHEDULED, [*less])
            self._scheduled.clear()
        if not (self._changes or self._retries):
            return
        for cause in sorted(self._changes.keys() | self._retries):
            self._write(cause, now)
        for (batch_id, cause), changes in self._in_batches.items():
            self._write_in_batch(batch_id, cause, changes)
        self._changes.clear()
        self._in_batches.clear()
        self._found.clear()
        self._retries.clear()

    def _meet_one(self, found: FoundCause) -> str:
        """Record one more task that met a cause; return the cause's key."""
        cause = found.id
        if cause not in self._known and not self._exists(cause):
            found = self._within_limit(found)
            cause = found.id
        self._known.add(cause)
        self._found.setdefault(cause, []).append(found)
        return cause

    def _exists(self, cause: str) -> bool:
        return self._cursor.execute(statements.CAUSE, (cause,)).fetchone() is not None

    def _within_limit(self, found: FoundCause) -> FoundCause:
        """Return a new cause; if there are too many, one without its text."""
        (count,) = self._cursor.execute(statements.HOW_MANY).fetchone()
        if count + len(self._found) >= statements.MOST:
            count -= self._cursor.execute(statements.FORGET_CAUSES, (NEVER,)).rowcount
        if found.about["kind"] not in _TOLD or count + len(self._found) < statements.MOST:
            return found
        about = found.about.copy()
        about["text"] = ""
        about.pop("said", None)
        about.pop("told", None)
        return found._replace(about=about)

    def _count(
        self, cause: str, batch_id: int | None, state: str, n: int, seen: int | None = 0
    ) -> None:
        for counted in (state, statements.SEEN[state]) if seen else (state,):
            self._changes[cause][counted] += n
            if batch_id is not None:
                self._in_batches[batch_id, cause][counted] += n

    def _write(self, cause: str, now: int) -> None:
        row = self._cursor.execute(statements.CAUSE, (cause,)).fetchone()
        found = self._found.get(cause, [])
        counts = _sum(row, self._changes.get(cause, Counter()))
        if not any(counts) and (row is None or _is_stop(row[1])):
            self._cursor.execute(statements.DELETE_CAUSE, (cause,))
            self._known.discard(cause)
            return
        record = (
            _new_record(found[0], now) if row is None else CauseRecord(*row[: statements.WIDTH])
        )
        if found:
            again = record.failed_again + (len(found) if record.retried_at is not None else 0)
            places = _places(json.loads(record.places), found)
            about = record.about if record.about != NO_WORDS else _written(found[0])
            record = record._replace(about=about, last_at=now, places=places, failed_again=again)
        if cause in self._retries:
            record = record._replace(retried_at=now, failed_again=0)
        if not any(counts):
            record = record._replace(about=NO_WORDS, retried_at=None, failed_again=0)
        self._cursor.execute(statements.PUT_CAUSE, (*record, *counts))

    def _write_in_batch(self, batch_id: int, cause: str, changes: Counter[str]) -> None:
        row = self._cursor.execute(statements.CAUSE_IN_BATCH, (batch_id, cause)).fetchone()
        counts = _sum(row, changes)
        if any(counts):
            self._cursor.execute(statements.PUT_CAUSE_IN_BATCH, (batch_id, cause, *counts))
        else:
            self._cursor.execute(statements.DELETE_CAUSE_IN_BATCH, (batch_id, cause))


def _is_stop(about: str) -> bool:
    """Tell whether a cause is a hold or an outage; the next one gets a row of its own."""
    return json.loads(about).get("reason") in STOPS


def _sum(row: Sequence[Any] | None, changes: Counter[str]) -> list[int]:
    before = dict.fromkeys(COUNTED, 0) if row is None else counts_of(row)
    return [before[name] + changes[name] for name in COUNTED]


def _new_record(found: FoundCause, now: int) -> CauseRecord:
    return CauseRecord(cause_id(found.about), _written(found), found.cure, "[]", now, now)


def _written(found: FoundCause) -> str:
    return json.dumps(found.about, ensure_ascii=False)


def _places(known: list[str], found: Iterable[FoundCause]) -> str:
    """Put newly met places before the known ones."""
    met = dict.fromkeys(each.place for each in found if each.place)
    merged = [*reversed(met), *(place for place in known if place not in met)]
    return json.dumps(merged[:PLACES], ensure_ascii=False)
