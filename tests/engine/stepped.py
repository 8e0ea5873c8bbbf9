"""An engine without threads: the test owns time, chance, the lanes and every statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, overload
from uuid import uuid4

from desktop.contract.items import Addressee
from desktop.items.accepting import AcceptedItems, ItemSubmission, accept_items, prepare_items
from desktop.items.feature import domain
from desktop.items.reads.batches import BATCHES
from desktop.items.sending import Sending
from desktop.items.tables.schema import metadata
from sendoff_tasks.attempts.claim import Claim
from sendoff_tasks.attempts.control import CancelReason
from sendoff_tasks.attempts.outcomes import Outcome
from sendoff_tasks.events.journal import Journal
from sendoff_tasks.events.notices import Notices
from sendoff_tasks.functions.backoff import Retry
from sendoff_tasks.functions.registry import Registry, task
from sendoff_tasks.model.causes import CASES, Cause
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.tasks import TaskRow
from sendoff_tasks.queues.limits import Limits
from sendoff_tasks.sqlite import SqliteWriterStore
from sendoff_tasks.store.database import Reader, open_store, store_id
from sendoff_tasks.store.reads.causes import read_causes
from sendoff_tasks.store.reads.detail import read_task
from sendoff_tasks.store.reads.pages import read_page
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN
from sendoff_tasks.store.tables.schema import VOCABULARY
from sendoff_tasks.submission import NewTask, Submission, SubmissionAnswer, TaskChange, TaskOptions
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.replies import Request
from sendoff_tasks.verbs.bulk import BulkTasks, choose
from sendoff_tasks.verbs.change import change
from sendoff_tasks.verbs.pause_queue import pause, release, resume
from sendoff_tasks.verbs.resend import resend
from sendoff_tasks.verbs.submit import accept, prepare
from sendoff_tasks.writer.core import Core
from sendoff_tasks.writer.notes import Ledger
from sendoff_tasks.writer.writer import Inbox
from tests.engine.reference.fuse import LONGEST, Connection, Fuse
from tests.engine.scan import DIFFERENT, check_causes, searched_by

START = 1_800_000_000.0
BACKOFF = 10.0
SLOTS = 3
TABLES = metadata.sorted_tables


@dataclass
class Clock:
    """Time as the test says; it passes for both clocks, and only that of day may jump."""

    time: float = START
    jumped: float = 0.0

    def now(self) -> float:
        return self.time

    def steady(self) -> float:
        return self.time - START - self.jumped

    def jump(self, seconds: float) -> None:
        self.time += seconds
        self.jumped += seconds


@dataclass
class FakeLane:
    """Runs nothing: the test says how each attempt ends."""

    name: Any
    slots: int
    running: dict[int, Claim] = field(default_factory=dict)
    started: list[tuple[int, int]] = field(default_factory=list)
    asked_to_stop: list[int] = field(default_factory=list)

    def start(self, claim: Claim) -> None:
        assert claim.task_id not in self.running
        assert (claim.task_id, claim.attempt) not in self.started
        self.running[claim.task_id] = claim
        self.started.append((claim.task_id, claim.attempt))
        assert len(self.running) <= self.slots

    def cancel(self, task_id: int, attempt: int, reason: CancelReason) -> None:
        assert self.running[task_id].attempt == attempt
        self.asked_to_stop.append(task_id)

    def stop(self, grace: float) -> None:
        raise AssertionError

    def wait_over(self, seconds: float | None) -> bool:
        raise AssertionError


@cache
def empty_store() -> tuple[bytes, bytes]:
    """Make the file of a store once, most of an opening is its tables; tells its name, too."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        with closing(open_store(path, TABLES)) as store:
            name = store_id(store)
        return path.read_bytes(), name.encode()


def make_store(path: Path) -> None:
    """Make an empty store with a name of its own."""
    content, name = empty_store()
    path.write_bytes(content.replace(name, uuid4().hex.encode()))


class Stepped:
    """The core of an engine on a real database file."""

    def __init__(
        self,
        path: Path,
        registry: Registry,
        clock: Clock | None = None,
        slots: int = SLOTS,
        lanes: bool = True,
    ) -> None:
        self.path, self.registry, self.slots = path, registry, slots
        self.clock = clock or Clock()
        self.fuse = Fuse()
        self.sending = Sending()
        self.with_lanes = lanes
        if isinstance(path, Path) and not path.exists():
            make_store(path)
        self._open()

    def _open(self) -> None:
        self._open_store()
        self.inbox = Inbox()
        self.ledger = Ledger(self.inbox, self.clock)
        self.journal = Journal(self.writer_store.store, self.reader, Notices(), BATCHES)
        self.lane = FakeLane("io", self.slots)
        self.limits = Limits()
        self.core = Core(
            self.writer_store,
            self.registry,
            self.limits,
            Random(0),
            self.inbox,
            self.ledger,
            self.journal,
            features=domain(sending=self.sending),
            remembered=None,
        )
        self.core.open(self.clock.now())
        if self.with_lanes:
            self.core.lanes = {"io": self.lane}

    def _open_store(self) -> None:
        self.connection: Any = open_store(self.path, TABLES)
        self.connection.execute("PRAGMA synchronous = OFF")  # the machine's power stays on
        self.reader: Any = Reader(self.path)
        fused: Any = Connection(self.connection, self.fuse)
        self.writer_store: Any = SqliteWriterStore(fused, self.reader)

    def close(self) -> None:
        self.reader.close()
        self.connection.close()
        self.writer_store.gaps.close()

    def restart(self) -> None:
        """Begin again on what is on disk, as after a kill."""
        self.fuse.set(None)
        self._lose()
        self.close()
        self._open()
        self.step()

    def _lose(self) -> None:
        self.connection.rollback()  # what a dead process had not committed never was

    def step(self) -> float | None:
        return self.core.step(self.clock.now(), self.clock.steady())

    def settle(self) -> None:
        """Step until only time or an attempt can bring something new."""
        while (due := self.step()) is not None and due <= self.clock.now():
            pass

    def wait(self, seconds: float) -> None:
        """Let time pass, and do what is due then."""
        self.clock.time += seconds
        self.settle()

    def jump(self, seconds: float) -> None:
        """Set the clock, and do what is due then."""
        self.clock.jump(seconds)
        self.settle()

    def ask(self, verb: Callable[[Group], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        self.inbox.ask(Request(verb, future))
        return future

    def do(self, verb: Callable[[Group], Any]) -> Any:
        future = self.ask(verb)
        self.settle()
        return future.result(0)

    def pause(self, queue: str | None = None) -> None:
        self.do(lambda group: pause(group, queue))

    def resume(self, queue: str | None = None) -> None:
        self.do(lambda group: resume(group, queue))

    def release(self, queue: str) -> Any:
        return self.do(lambda group: release(group, queue))

    def change(self, verb: Callable[..., object], task_id: int, *more: Any) -> Any:
        future = self.ask_change(verb, task_id, *more)
        self.settle()
        return future.result(0)

    def ask_change(self, verb: Callable[..., object], task_id: int, *more: Any) -> Future[Any]:
        """Ask for a verb on a task, to be done in the next group."""

        def changed(group: Group) -> Any:
            record = group.read(task_id)
            verb(group, record, *more)
            return group.row(record)

        return self.ask(changed)

    @overload
    def submit(self, submission: Submission) -> SubmissionAnswer: ...
    @overload
    def submit(self, submission: ItemSubmission) -> AcceptedItems: ...
    def submit(self, submission: Submission | ItemSubmission) -> Any:
        if isinstance(submission, ItemSubmission):
            items = prepare_items(submission, self.registry)
            return self.do(lambda group: accept_items(group, items))
        prepared = prepare(submission, self.registry)
        return self.do(lambda group: accept(group, prepared))

    def add(
        self,
        name: str = "work",
        *args: Any,
        to: str | None = None,
        title: str | None = None,
        variables: str | None = None,
        **options: Any,
    ) -> int:
        when = TaskOptions(**options)
        task = NewTask(name, args, to=to, title=title, options=when, variables=variables)
        return self.submit(Submission([task])).task_ids[0]

    def ended(self, outcome: Outcome, name: str = "work", *args: Any, **options: Any) -> int:
        """Add a task whose attempt ends so."""
        number = self.add(name, *args, **options)
        self.end(number, outcome)
        return number

    def send_again(self, task_id: int, addressee: Addressee | None = None, delay: float = 0) -> Any:
        """Have a task that has ended done once more, perhaps later; return the new task's row."""

        def repeat(group: Group) -> TaskRow:
            again = resend(group, group.read(task_id), addressee)
            if delay:
                change(group, again, TaskChange(run_at=self.clock.now() + delay))
            return group.row(again)

        return self.do(repeat)

    def add_many(self, count: int, name: str = "work", *args: Any, **options: Any) -> list[int]:
        """Add equal tasks in one submission."""
        task = NewTask(name, args, options=TaskOptions(**options))
        return self.submit(Submission([task] * count)).task_ids

    def end(self, task_id: int, outcome: Outcome) -> None:
        self.ledger.finish(self.lane.running.pop(task_id), outcome)
        self.settle()

    def cross(self, task_id: int, what: str = "", to: str = "") -> Future[None]:
        """Have the running attempt pass its point of no return."""
        future = self.ledger.point_of_no_return(self.lane.running[task_id], what, to)
        self.settle()
        return future

    def task(self, task_id: int) -> Any:
        return read_task(self.connection, task_id, self.journal.at_limit, known=BATCHES)

    def choose(self, which: Sequence[int] | TaskFilter) -> BulkTasks:
        return choose(which, self.reader, known=NOTHING_KNOWN)

    def page(self, query: TaskQuery) -> Any:
        return read_page(self.connection, query, self.journal.store, known=NOTHING_KNOWN)

    def causes(self, *states: str) -> list[Cause]:
        return read_causes(self.connection, states or CASES, known=NOTHING_KNOWN)

    def state(self, task_id: int) -> str:
        return str(self.task(task_id)["state"])

    def states(self) -> dict[int, str]:
        return dict(self.connection.execute("SELECT id, state FROM tasks"))

    def check(self) -> None:
        """Assert what holds at every moment of a store."""
        execute = self.connection.execute
        counted = {(f, s): n for f, s, n in execute("SELECT function, state, n FROM counts") if n}
        grouped = execute("SELECT function, state, count(*) FROM tasks GROUP BY 1, 2")
        assert counted == {(f, s): n for f, s, n in grouped}
        seen = "SELECT state, count(*) FROM tasks WHERE seen = 1 GROUP BY state"
        assert +self.core.memory.seen == dict(execute(seen))
        check_causes(self.connection)
        assert execute(DIFFERENT).fetchall() == []
        newest = "SELECT task_id, max(id) FROM events WHERE state IS NOT NULL GROUP BY task_id"
        revs = dict(execute("SELECT id, rev FROM tasks"))
        assert all(revs[t] == e for t, e in execute(newest) if t in revs)
        self.check_store()
        assert self.found_by() == self.searched_by()

    def check_store(self) -> None:
        assert self.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    def found_by(self) -> set[tuple[int, str]]:
        """Tell which words the index has of which task."""
        vocabulary = VOCABULARY.replace("TABLE", "TABLE IF NOT EXISTS")
        self.connection.execute(vocabulary)
        return set(self.connection.execute("SELECT doc, term FROM temp.vocabulary"))

    def searched_by(self) -> set[tuple[int, str]]:
        """Tell which words each task is to be found by."""
        return {(number, word[:LONGEST]) for number, word in searched_by(self.connection)}


Make = Callable[..., Stepped]
"""Gives stepped engines on one store."""


@task(retry=Retry(attempts=3, backoff=lambda attempt, random: BACKOFF))
def work(*args: Any) -> None: ...


@task(queue="narrow", concurrency=2, retry=Retry(attempts=3, backoff=lambda a, r: BACKOFF))
def narrow(*args: Any) -> None: ...


@task(rate="2/min", retry=Retry(attempts=3, backoff=lambda a, r: BACKOFF))
def slow(*args: Any) -> None: ...


def registry(*functions: Callable[..., Any]) -> Registry:
    known = Registry()
    for function in functions or (work, narrow):
        known.add(function)
    return known
