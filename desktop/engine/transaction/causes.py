"""Counting causes in a group: which tasks have which, by state, of all tasks and of each batch."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from desktop.contract.causes import CASES, ON_THE_WAY, CauseKind
from desktop.contract.reasons import OUTAGES, Reason
from desktop.contract.states import State
from desktop.engine.causes import FoundCause, cause_id, cause_of_reason
from desktop.engine.reasons import Because
from desktop.engine.store.tables import causes as statements
from desktop.engine.store.tables.causes import COUNTED, CauseRecord, counts_of
from desktop.engine.store.tables.cursor import Cursor
from desktop.engine.store.tables.records import BriefRecord, Hold, TaskRecord
from desktop.engine.transaction.memory import Memory

PLACES: Final = 5
"""Places of a cause that are kept, the newest first."""
SCHEDULED: Final = State.SCHEDULED.value
NEVER: Final = 1 << 62
_Scheduled = tuple[int, int, str, int, int]
"""By what scheduled tasks of batches are counted: see ``tables/causes.py``."""
STOPS: Final = {*OUTAGES, Reason.QUEUE_HELD}
_TOLD: Final = {CauseKind.SAID, CauseKind.ANSWER}
"""Kinds whose texts tell causes apart, as long as there are not too many."""


class CauseCounts:
    """What a group changes in the counts of causes; nothing is asked of tasks that have none.

    A cause is listed as long as a task has it that is not *seen*. The row of a failure stays beyond
    that, and says when it was first met. The scheduled tasks of batches are counted too: a million
    may wait for the end of a pause.
    """

    def __init__(self, cursor: Cursor, memory: Memory) -> None:
        self._cursor = cursor
        self._memory = memory
        self._known: set[str] = set()  # causes there are, as far as the group has seen
        self._changes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._in_batches: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
        self._found: dict[str, list[FoundCause]] = {}  # of tasks that came into one
        self.met: dict[int, FoundCause] = {}  # by tasks that are about to change
        self._scheduled = Counter[_Scheduled]()
        self._retries: set[str] = set()  # that are to be written
        self.retried: set[str] = set()  # whose tasks a person has tried again: once a retry

    def move(self, record: TaskRecord, to: State, because: Because | None) -> dict[str, str | None]:
        """Count a task that comes into another state; returns the column that changes.

        What fails, waits or is uncertain has the cause it met, else its reason; what is tried again
        keeps its cause.
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
            after = self._come(found)
        elif to in ON_THE_WAY:
            after = record.cause
        self.forget(record)
        if after is not None:
            self._count(after, record.batch_id, to, 1)
        return {} if after == record.cause else {"cause": after}

    def meet(self, record: TaskRecord, found: FoundCause) -> None:
        """Note the cause of a task's next change of state."""
        self.met[record.id] = found

    def forget(self, record: TaskRecord | BriefRecord) -> None:
        """Count a task no longer."""
        if record.cause is not None:
            self._count(record.cause, record.batch_id, record.state, -1, record.seen)

    def delete(self, record: TaskRecord | BriefRecord) -> None:
        """Count a task nowhere: its row is no more."""
        self.forget(record)
        self.schedule(record, -1)

    def rebatch(self, record: TaskRecord, batch_id: int) -> None:
        """Count a task in another batch from now on."""
        self.forget(record)
        if record.cause is not None:
            self._count(record.cause, batch_id, record.state, 1, record.seen)

    def schedule(self, record: TaskRecord | BriefRecord, n: int) -> None:
        """Count a task as it is once more, or once less, where its batch has it scheduled."""
        if record.batch_id is not None and record.state == SCHEDULED:
            aside, again = getattr(record, "held", "") == Hold.BATCH, record.error is not None
            key = record.batch_id, record.function, record.cause or "", int(aside), int(again)
            self._scheduled[key] += n

    def see(self, record: TaskRecord, seen: int) -> None:
        """Note whether a person has put a task aside; what is seen leaves the lists of causes."""
        self.forget(record)
        if record.cause is not None:
            self._count(record.cause, record.batch_id, record.state, 1, seen)

    def retry(self, record: TaskRecord) -> None:
        """Note that a person has a task tried again."""
        if record.cause is not None and record.cause not in self.retried:
            self.retried.add(record.cause)
            self._retries.add(record.cause)

    def write(self, now: int) -> None:
        """Write what was counted so far; ``now`` in epoch ms."""
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

    def _come(self, found: FoundCause) -> str:
        """Note one more task that has met a cause; returns the cause's key."""
        cause = found.id
        if cause not in self._known and not self._is_there(cause):
            found = self._instead(found)
            cause = found.id
        self._known.add(cause)
        self._found.setdefault(cause, []).append(found)
        return cause

    def _is_there(self, cause: str) -> bool:
        return self._cursor.execute(statements.CAUSE, (cause,)).fetchone() is not None

    def _instead(self, found: FoundCause) -> FoundCause:
        """Return a new cause, or where there are too many by now, one that leaves the text out."""
        (count,) = self._cursor.execute(statements.HOW_MANY).fetchone()
        if count + len(self._found) >= statements.MOST:
            count -= self._cursor.execute(statements.FORGET_CAUSES, (NEVER,)).rowcount
        if found.about["kind"] not in _TOLD or count + len(self._found) < statements.MOST:
            return found
        about = found.about.copy()
        about["text"] = ""
        about.pop("said", None)
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
        record = _new(found[0], now) if row is None else CauseRecord(*row[: statements.WIDTH])
        if found:
            again = record.failed_again + (len(found) if record.retried_at is not None else 0)
            places = _places(json.loads(record.places), found)
            record = record._replace(last_at=now, places=places, failed_again=again)
        if cause in self._retries:
            record = record._replace(retried_at=now, failed_again=0)
        if not any(counts):
            record = record._replace(retried_at=None, failed_again=0)
        self._cursor.execute(statements.PUT_CAUSE, (*record, *counts))

    def _write_in_batch(self, batch_id: int, cause: str, changes: Counter[str]) -> None:
        row = self._cursor.execute(statements.CAUSE_IN_BATCH, (batch_id, cause)).fetchone()
        counts = _sum(row, changes)
        if any(counts):
            self._cursor.execute(statements.PUT_CAUSE_IN_BATCH, (batch_id, cause, *counts))
        else:
            self._cursor.execute(statements.DELETE_CAUSE_IN_BATCH, (batch_id, cause))


def _is_stop(about: str) -> bool:
    """Tell whether a cause is a hold or an outage: the next one has another beginning."""
    return json.loads(about).get("reason") in STOPS


def _sum(row: Sequence[Any] | None, changes: Counter[str]) -> list[int]:
    before = dict.fromkeys(COUNTED, 0) if row is None else counts_of(row)
    return [before[name] + changes[name] for name in COUNTED]


def _new(found: FoundCause, now: int) -> CauseRecord:
    about = json.dumps(found.about, ensure_ascii=False)
    return CauseRecord(cause_id(found.about), about, found.cure, "[]", now, now)


def _places(known: list[str], found: Iterable[FoundCause]) -> str:
    """Put the places that were met before those that are known."""
    met = dict.fromkeys(each.place for each in found if each.place)
    merged = [*reversed(met), *(place for place in known if place not in met)]
    return json.dumps(merged[:PLACES], ensure_ascii=False)
