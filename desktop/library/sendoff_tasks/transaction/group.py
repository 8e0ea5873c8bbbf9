"""One group: all changes of one transaction, and what follows its COMMIT.

Only one process writes, so numbers and counts are kept in its memory.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from random import Random
from typing import Any, Final, Protocol

from sqlalchemy import Table

from sendoff_tasks.causes import Because
from sendoff_tasks.errors import EngineError, Overwritten, UnknownId
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.functions.spec import TaskSpec
from sendoff_tasks.model.causes import CASES
from sendoff_tasks.model.events import Notice
from sendoff_tasks.model.states import OPEN, TROUBLED, WORDS, State, may_become
from sendoff_tasks.model.tasks import ID_LIMIT, Deed, OutcomeWord, TaskRow
from sendoff_tasks.store.reads.rows import task_row
from sendoff_tasks.store.reads.waits import Stops, Waits
from sendoff_tasks.store.tables import cursor, schema, statements
from sendoff_tasks.store.tables.cursor import Changed, Cursor
from sendoff_tasks.store.tables.records import ALL_TASKS, PENDING, BriefRecord, Hold, TaskRecord
from sendoff_tasks.transaction.causes import CauseCounts
from sendoff_tasks.transaction.failures import Failure
from sendoff_tasks.transaction.features import Aside, known_of
from sendoff_tasks.transaction.memory import Memory, P, RunningTask
from sendoff_tasks.transaction.searching import SearchWords
from sendoff_tasks.words.table import ENGLISH

OVERWRITTEN: Final = "a task's row is not as the engine left it"
AT_AN_END: Final = {"held": Hold.NOTHING.value, "run_at": None, "deadline": None}


class Group(ABC):
    """The only way to change tasks, on every kind of store.

    Changes of records are collected; :meth:`flush` writes many rows with one statement. Changes of
    stored rows are fenced by number, attempt and state. The subclasses have the transactions and
    the numbers of tasks. The parts of ``memory`` follow it, each for its feature.
    """

    flushed = 0  # rows that `flush` has changed in the store
    scrubs_from: int | None = None  # the page of the store's file to scrub from after the COMMIT
    scrubbed_to: int | None = None  # the page to go on with; ``None`` while others read the log

    def __init__(
        self, cursor: Cursor, memory: Memory, registry: Registry, random: Random, now: int
    ) -> None:
        self.now = now  # epoch ms
        self.memory = memory
        self.registry = registry
        self.random = random
        self.cursor = cursor
        self.new_tasks: dict[int, TaskRecord] = {}
        self.claimed: list[RunningTask] = []
        self.passed: list[int] = []  # tasks that reach their point of no return with the COMMIT
        self.ended: list[int] = []
        self.to_stop: list[RunningTask] = []
        self.ready: dict[int, TaskRecord] = {}
        self.more = False  # whether the next group should follow at once
        self.notices: list[Notice] = []
        self.failures: list[Failure] = []
        self._records: dict[int, TaskRecord] = {}  # read or added in this group
        self._changed: dict[int, Changed] = {}
        self._history: dict[Table, list[tuple[Any, ...]]] = {
            schema.events: [],
            schema.attempts: [],
            schema.log: [],
        }
        self._counted: dict[tuple[int, str], int] = {}  # changes of counts, not yet written
        self.causes = memory.part(CauseCounts)
        self.search = memory.part(SearchWords)

    def part(self, kind: type[P]) -> P:
        """Return what a feature remembers, and has collected in this group."""
        return self.memory.part(kind)

    @abstractmethod
    def begin(self) -> None:
        """Open the transaction."""

    @property
    @abstractmethod
    def written(self) -> int:
        """The number of rows the connection has changed so far."""

    @abstractmethod
    def put_on_disk(self) -> None:
        """Run COMMIT."""

    @abstractmethod
    def next_task_id(self) -> int:
        """Return a number that no task ever had."""

    @abstractmethod
    def merge_words(self, *, all_parts: bool) -> bool:
        """Merge a little of the search index, which drops deleted words; tell if there was any.

        With ``all_parts``, begin to merge all parts that the index has now into one.
        """

    def commit(self) -> None:
        """Write what was collected, and commit.

        Raises ``Overwritten`` if a row is not as the engine left it.
        """
        self.complete()
        self.put_on_disk()

    def complete(self) -> None:
        """Write what was collected and what the group has counted."""
        self.flush()
        self.memory.measured.write(self.cursor)

    def flush(self) -> None:
        """Write what was collected so far, so this transaction can read it."""
        before = self.written
        self._write()
        self.flushed += self.written - before

    def changes(self) -> tuple[int, ...]:
        """Return a value that differs after any change, whether collected or written."""
        memory, direct = self.memory, self.written - self.flushed
        return memory.last_event, memory.last_task, direct, *(e.changes for e in memory.watchers)

    def next_event_id(self) -> int:
        """Return the next event number, which becomes the ``rev`` of the changed row."""
        self.memory.last_event += 1
        return self.memory.last_event

    def fenced(self, rows: int, statement: str, values: Sequence[Any]) -> None:
        """Run an update; raise ``Overwritten`` unless it changes exactly ``rows`` rows."""
        self.cursor.execute(statement, values)
        if self.cursor.rowcount != rows:
            raise Overwritten(OVERWRITTEN)

    def insert(self, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows whose values are in the table's order."""
        cursor.insert_all(self.cursor, table, rows)

    def add(self, record: TaskRecord, words: str) -> None:
        """Add a task; search finds it by ``words``."""
        self.new_tasks[record.id] = self._records[record.id] = record
        if words:
            self.search.put(record.id, "", words)
        self._count(record.function, record.state, 1)
        if record.state == State.QUEUED:
            self.ready[record.id] = record
        if record.batch_id is not None:
            self.causes.schedule(record, 1)
        for watcher in self.memory.watchers_of(record.item_id):
            watcher.added(record)

    def read(self, task_id: int) -> TaskRecord:
        """Return a task to change; raise ``UnknownId``."""
        found = self.find(task_id)
        if found is None:
            raise UnknownId("task", task_id)
        return found

    def find(self, task_id: int) -> TaskRecord | None:
        """Return a task as it is in this group; ``None`` if it does not exist."""
        running = self.memory.running.get(task_id)
        found = running.record if running else self._records.get(task_id)
        if found is None and 1 <= task_id <= ID_LIMIT:
            found = next(iter(self.select(statements.TASK, task_id)), None)
        return found

    def select(self, statement: str, *parameters: Any) -> list[TaskRecord]:
        """Return tasks to change, from a statement that selects whole rows."""
        self.flush()
        return [self._record(row) for row in self.cursor.execute(statement, parameters)]

    def _record(self, row: Sequence[Any]) -> TaskRecord:
        """Return the task's only record, because two would not see each other's changes."""
        running = self.memory.running.get(row[0])
        known = running.record if running else self._records.get(row[0])
        return known or self._records.setdefault(row[0], TaskRecord(*row))

    def row(self, record: TaskRecord) -> TaskRow:
        """Return a task as it is sent to clients."""
        function = self.memory.functions[record.function]
        stops = Stops(self.memory.held_queues, self.memory.pauses)
        waits = Waits(self.memory.at_limit, known_of(self.memory.features), stops)
        return task_row(record, function, waits)

    def move(
        self,
        record: TaskRecord,
        to: State,
        because: Because | None = None,
        **changes: Any,
    ) -> None:
        """Move a task to another state, if the table of states allows it.

        At an end nothing keeps it waiting any more, unless ``changes`` say otherwise.
        """
        before = record.state
        if not may_become(before, to, record.reason):
            raise ValueError(f"a task that is {before} cannot become {to}")
        if to not in OPEN:
            changes = {**AT_AN_END, "finished_at": self.now, **changes}
        if to in TROUBLED or before in TROUBLED:
            changes["seen"] = 0 if to in TROUBLED else None
        if record.cause is not None or to in CASES or self.causes.met:
            changes |= self.causes.move(record, to, because)
        if to is State.QUEUED:
            changes["ready_at"] = min(record.run_at or self.now, self.now)
        changes.update(record.reason_columns(because), state=WORDS[to])
        self.memory.measured.move(record, to)
        self._change(record, changes)
        self._count(record.function, before, -1)
        self._count(record.function, record.state, 1)
        if record.deadline is not None:  # it may have passed during the attempt
            self.due(record.deadline)
        for watcher in self.memory.watchers_of(record.item_id):
            watcher.moved(record, before)
        if to is State.QUEUED:
            self.ready[record.id] = record
        elif before == State.QUEUED:
            self.ready.pop(record.id, None)

    def enter(self, running: RunningTask) -> None:
        """Record that an attempt begins with the COMMIT."""
        self.claimed.append(running)
        self.memory.busy_lanes[running.place] += 1
        self.memory.busy_queues[running.queue] += 1

    def leave(self, running: RunningTask) -> None:
        """Record that an attempt ends with the COMMIT."""
        self.ended.append(running.record.id)
        self.memory.busy_lanes[running.place] -= 1
        self.memory.busy_queues[running.queue] -= 1

    def due(self, moment: int) -> None:
        """Record that time alone will move a task at this moment, epoch ms."""
        self.memory.next_due = min(self.memory.next_due, moment)

    def again_at(self, moment: int) -> None:
        """Have another group follow by this moment, epoch ms, though no task is due then."""
        self.memory.next_group = min(self.memory.next_group, moment)

    def explain(self, record: TaskRecord, because: Because, **changes: Any) -> None:
        """Change the reason why a task is in its state."""
        self.change(record, **record.reason_columns(because), **changes)
        for watcher in self.memory.watchers_of(record.item_id):
            watcher.changed(record)

    def change(self, record: TaskRecord, **changes: Any) -> None:
        """Change columns of a task's row."""
        if "seen" in changes:
            self.causes.see(record, changes["seen"])
            for watcher in self.memory.watchers_of(record.item_id):
                watcher.changed(record)
        self._change(record, changes)

    def _change(self, record: TaskRecord, wanted: dict[str, Any]) -> None:
        """Change the columns that differ from what is wanted."""
        changes = {name: n for name, n in wanted.items() if getattr(record, name) != n}
        if "error" in changes:
            changes |= self.search.fail(record, changes["error"])
        changes["rev"] = self.next_event_id()
        is_new = record.id in self.new_tasks  # its row and its event are not written yet
        if not is_new:
            new: Changed = (record, record.attempt, record.state, changes)
            if (known := self._changed.setdefault(record.id, new)) is not new:
                known[3].update(changes)
        if "seen" in changes:
            self.memory.seen[record.state] -= record.seen or 0
            self.memory.seen[changes.get("state", record.state)] += changes["seen"] or 0
        if record.batch_id is not None:
            self.causes.schedule(record, -1)
        for name, value in changes.items():
            setattr(record, name, value)
        if record.batch_id is not None:
            self.causes.schedule(record, 1)
        if not is_new:
            told = (record.rev, record.id, self.now, record.state, record.attempt, "")
            self._history[schema.events].append(told)

    def note_deleted(self, record: TaskRecord | BriefRecord, words: str) -> None:
        """Record that a task's row was deleted."""
        self.search.put(record.id, words, "")
        self.ready.pop(record.id, None)
        self._tell(record.id, record.attempt)
        self._count(record.function, record.state, -1)
        self.memory.seen[record.state] -= record.seen or 0
        self.causes.delete(record)
        self._records.pop(record.id, None)
        for watcher in self.memory.watchers_of(record.item_id):
            watcher.forgotten(record)

    def end_attempt(
        self, record: TaskRecord, outcome: OutcomeWord, error: str | None, trace: str
    ) -> None:
        """Write the history of an ended attempt."""
        started_at = record.started_at or self.now
        self._history[schema.attempts].append(
            (record.id, record.attempt, started_at, self.now, outcome, error, trace or None, 1)
        )
        self.memory.measured.run(record, outcome)

    def log(
        self, record: TaskRecord, at: int, level: str, text: str, deed: Deed | None = None
    ) -> None:
        """Add a line to the log of a task's attempt."""
        self._history[schema.log].append(
            (None, record.id, record.attempt, at, level, text, deed and deed.value)
        )

    def log_action(self, record: TaskRecord, deed: Deed) -> None:
        """Add what a person does with a task to its log."""
        self.log(record, self.now, "info", ENGLISH.say("deed", deed), deed)

    def _count(self, function: int, state: str, n: int) -> None:
        key = (function, state)
        self.memory.counts[key] += n
        self._counted[key] = self._counted.get(key, 0) + n

    def spec(self, record: TaskRecord) -> TaskSpec | None:
        """Return the spec that is registered under the task's name now."""
        return self.registry.get(self.memory.functions[record.function].name)

    def check_start(self, record: TaskRecord, *, anyway: bool = False) -> None:
        """Raise ``Conflict`` for a task that a feature would hold back on start."""
        for feature in self.memory.features:
            feature.check_start(self, record, anyway=anyway)

    def aside(self, records: Sequence[TaskRecord]) -> Aside:
        """Count the tasks that features would hold back on start."""
        found: Aside = {}
        for feature in self.memory.features:
            found |= feature.aside(self, records)
        return found

    def name_of(self, function: int) -> str:
        """Return the name that a function has now; its tasks may have been added under another."""
        name = self.memory.functions[function].name
        spec = self.registry.get(name)
        return name if spec is None else spec.name

    def title_of(self, record: TaskRecord) -> str:
        """Return the title that a task is shown with."""
        return record.title or self.memory.functions[record.function].title

    def batch_event(self, batch_id: int) -> int:
        """Record that a batch changed; return the event's number, which is the batch's ``rev``."""
        return self._tell(-batch_id)

    def pending_event(self, number: int) -> None:
        """Record that a pending action changed, or is no more."""
        self._tell(-(PENDING + number))

    def all_changed(self) -> None:
        """Make clients read everything again, with one event instead of one for each task."""
        self._tell(ALL_TASKS)

    def _tell(self, about: int, attempt: int = 0) -> int:
        number = self.next_event_id()
        self._history[schema.events].append((number, about, self.now, None, attempt, ""))
        return number

    def _write(self) -> None:
        if self.new_tasks:
            records = self.new_tasks.values()
            self.insert(schema.tasks, [record.values() for record in records])
            self._history[schema.events] += [
                (r.rev, r.id, self.now, r.state, r.attempt, "") for r in records
            ]
            self.new_tasks.clear()
        if self._changed:
            cursor.update_all(self.fenced, self._changed.values())
            self._changed.clear()
        for table, rows in self._history.items():
            if rows:
                self.insert(table, rows)
                rows.clear()
        self.search.write()
        if self._counted:
            counts = self.memory.counts
            changed = [(*key, counts[key]) for key, n in self._counted.items() if n]
            for n, values in cursor.batches(changed):
                self.cursor.execute(cursor.put_rows(schema.counts, n), values)
            self._counted.clear()
        self.causes.write(self.now)
        for watcher in self.memory.watchers:
            watcher.write(self)


class WriterStore(Protocol):
    """A store as the writer uses it."""

    @property
    def store(self) -> str:
        """The name that tells this store from every other."""

    def group(self, memory: Memory, registry: Registry, random: Random, now: int) -> Group:
        """Return the next group; ``now`` in epoch ms."""

    def load(self, group: Group) -> None:
        """Load the writer's memory from the store, in the transaction of a group."""

    def adopt(self, group: Group) -> None:
        """Take over the attempts that workers run from the store's previous writer."""

    def give_back(self) -> bool:
        """Give a little room back to the disk, in a group; tell whether there may be more."""

    def roll_back(self) -> None:
        """Roll a group back, wherever it failed."""

    def is_refusal(self, error: Exception) -> bool:
        """Tell whether the store accepts nothing now: the group is retried, callers are told.

        Any other error is a bug of ours: each request and note is written alone, to find the one
        that fails.
        """

    def refusal(self, error: Exception) -> EngineError | None:
        """Translate an error of the store for callers; ``None`` for an error of another kind."""
