"""The façade: durable tasks for the rest of the program; every method is thread-safe."""

from __future__ import annotations

import asyncio
import math
import warnings
from asyncio import _get_running_loop
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import chain
from types import MappingProxyType
from typing import Any, Concatenate, Final, Literal, ParamSpec, TypeVar

from sendoff_tasks.clock import read as read_clock
from sendoff_tasks.errors import BadCall, Closed, EngineError, OwnedElsewhere, UnknownTask
from sendoff_tasks.events.journal import Journal
from sendoff_tasks.facade.add_task import (
    AddsManyTasks,
    Function,
    TakesOptions,
    TaskRef,
    add_in_groups,
)
from sendoff_tasks.facade.measures import Measures, measure, processes_of, read_stats
from sendoff_tasks.facade.running_engine import (
    GRACE_S,
    Elsewhere,
    EngineConfig,
    RunningEngine,
)
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.functions.arguments import NO_VARIABLES, Variables
from sendoff_tasks.functions.spec import TaskSpec
from sendoff_tasks.model.causes import CASES, Cause
from sendoff_tasks.model.events import Notice, Stats
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.queues import Overview, Process, Queue, Span
from sendoff_tasks.model.tasks import (
    BULK_LIMIT,
    BulkAction,
    IdsPart,
    PendingRow,
    TaskCounts,
    TaskDetail,
    TaskPage,
    TaskRow,
)
from sendoff_tasks.postgres.handed_rows import UnacceptedTask, read_unaccepted
from sendoff_tasks.queues.holds import queue_notice
from sendoff_tasks.queues.limits import QueueLimit, read_queues, stored_limits
from sendoff_tasks.store.database import store_id
from sendoff_tasks.store.errors import StoreDamaged
from sendoff_tasks.store.reads import detail, pages
from sendoff_tasks.store.reads.catalogue import read_held_queues, read_overview, read_pending
from sendoff_tasks.store.reads.causes import read_causes
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.store.reads.waits import NONE_AT_LIMIT, AtLimit
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.pending import PLAINLY, ActionOptions
from sendoff_tasks.store.tables.statements import read_pauses
from sendoff_tasks.submission import (
    NO_OPTIONS,
    Idempotency,
    NewTask,
    Submission,
    SubmissionAnswer,
    TaskChange,
    TaskOptions,
)
from sendoff_tasks.transaction.features import OneRead
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.replies import LoopReply, Reply, Request, ThreadReply
from sendoff_tasks.verbs.bulk import BulkDone, bulk, choose, preview
from sendoff_tasks.verbs.lines import Call, call, change_by_number
from sendoff_tasks.verbs.pause_queue import pause_notice, release
from sendoff_tasks.verbs.pending import act_later
from sendoff_tasks.verbs.submit import (
    PreparedSubmission,
    PreparedTask,
    accept,
    accept_task,
    prepare,
    prepare_task,
)
from sendoff_tasks.words.table import ENGLISH

P = ParamSpec("P")
T = TypeVar("T")
NO_ARGUMENTS: Final[Mapping[str, Any]] = MappingProxyType({})
BLOCKS_THE_LOOP: Final = (
    "engine.add_task waits for the disk and blocks the event loop meanwhile; "
    "in a coroutine write: await engine.add_task_async(…)"
)


in_place_of: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None
"""In tests, returns the function for one that a test has replaced."""


class Engine(AddsManyTasks, TakesOptions[AddsManyTasks]):
    """Accepts tasks onto disk, runs them in lanes, and stores their results.

    ``add_task`` returns the task's reference once the task is on disk, so it has a ``number``. It
    blocks the calling thread and warns if an event loop runs in it: a coroutine awaits
    :meth:`add_task_async` instead.

    The verbs raise, or put into their future: ``UnknownTask``, ``UnknownId``, ``Conflict``,
    ``Busy`` (too much waits for the disk), ``NotWritable`` (disk full, read-only, locked),
    ``StoreDamaged``, ``Closed``. ``BadCall`` (a ``TypeError``) names an argument that cannot be
    stored. A wrong argument of a verb is a ``TypeError`` or ``ValueError``, raised at once.
    """

    variables: Variables = NO_VARIABLES
    """The context variables that travel with tasks added here."""
    at_once: Callable[[NewTask], int] | None = None
    """In tests, runs a task where it is added."""
    elsewhere: Elsewhere | None = None
    """Accepts what is new while another process owns the store."""
    takes_handed: bool = False
    """Whether tasks arrive through the database, from sessions of the app's own."""
    folder: DataFolder | None = None
    """The folder that names the address of its monitor, if it has one."""
    is_ending: bool = False
    """Whether the process was asked to end, so nothing should keep its server."""
    may_block: bool = False
    """Whether add_task may block a running event loop, as while a test runs tasks."""

    def __init__(self, config: EngineConfig) -> None:
        self.config = config
        self.board = config.board
        self.right_of_way = config.right_of_way
        self._registry = config.registry
        self.when_closed: Callable[[], None] = lambda: None
        """Called when a call finds no engine, here or elsewhere; it may start one, or reach one."""
        self._run: RunningEngine | None = None
        self.over: Future[None] = Future()  # done once no function of a stopped engine runs
        self.over.set_result(None)

    def start(self) -> None:
        """Open the store, judge what was left, start; raises ``StoreError``, ``NotWritable``."""
        self.adopt(RunningEngine(self.config))

    def warm_up(self) -> None:
        """Prepare for the first tasks, if the engine runs; takes its time."""
        if self._run is not None:
            self._run.warm_up()

    def adopt(self, running: RunningEngine | None) -> None:
        """Use parts that were built elsewhere, as a simulator does; ``None`` after a fork."""
        self._run = running

    def note_end(self, *, is_to_exit: bool) -> None:
        """Record that the process was asked to end; a kill from now on is no evidence of a crash.

        The engine runs on until it is stopped. If the process ``is_to_exit``, functions that do not
        end keep it for ``LAST_S`` after that at most.
        """
        self.is_ending = True
        if self._run is not None:
            self._run.note_end(is_to_exit=is_to_exit)

    def stop(self, grace: float = GRACE_S) -> None:
        """Claim nothing more, give running tasks ``grace`` s, give the rest back, close."""
        if self._run is not None:
            self.over = self._run.stop(grace)
            self._run = None

    @property
    def journal(self) -> Journal:
        """The events, for listeners, while the engine runs."""
        return self._running.journal

    @property
    def is_running(self) -> bool:
        """Whether the engine was started and not stopped since."""
        return self._run is not None

    @property
    def is_displaced(self) -> bool:
        """Whether another process has taken the store, so nothing is written here any more."""
        return self._run is not None and self._run.store.is_displaced

    @property
    def session_name(self) -> str:
        """The name of this process's sessions on a server; empty while not running."""
        return "" if self._run is None else self._run.store.session_name

    @property
    def _owner(self) -> Elsewhere | None:
        """The process that owns the store, if it is another one."""
        if self._run is None and self.elsewhere is None:
            self.when_closed()
        return self.elsewhere

    @property
    def _running(self) -> RunningEngine:
        owner = self._owner
        if self._run is None:
            raise Closed if owner is None else OwnedElsewhere
        return self._run

    @property
    def _writable(self) -> RunningEngine:
        running = self._running
        if running.reader.damage is not None:
            raise running.reader.damage.with_traceback(None)
        return running

    @property
    def is_in_tests(self) -> bool:
        """Whether tests replace the engines of apps."""
        return in_place_of is not None

    # any verb, any read

    def do(self, verb: Callable[[Group], Any], weight: int = 1) -> Future[Any]:
        """Have the writer do a verb in its next group; the future is done after the COMMIT.

        The verb weighs as much as ``weight`` rows.
        """
        future: Future[Any] = Future()
        self._writable.inbox.ask(Request(verb, future, weight))
        return future

    def ask(
        self,
        verb: Callable[[Group], Any],
        weight: int = 1,
        *,
        ahead: Callable[[Group], None] | None = None,
    ) -> asyncio.Future[Any]:
        """Like :meth:`do`, for a coroutine; see :class:`Request` for ``ahead``."""
        reply = LoopReply(asyncio.get_running_loop())
        self._writable.inbox.ask(Request(verb, reply, weight, ahead))
        return reply.future

    def read(
        self, reading: Callable[Concatenate[Source, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Read one moment of the store: ``reading(connection, *args)``; short, but it blocks."""
        with self._running.reader.snapshot() as connection:
            return reading(connection, *args, **kwargs)

    # adding and accepting

    def _add(
        self, options: TaskOptions, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> TaskRef[Any]:
        if _get_running_loop() is not None and not self.may_block:
            warnings.warn(BLOCKS_THE_LOOP, RuntimeWarning, stacklevel=3)
        task = self.task_of(func, args, kwargs, options)
        if self.at_once is not None:
            return TaskRef(self, self.at_once(task))
        if self._owner is not None or options.after:
            return TaskRef(self, self.submit(Submission([task])).result().task_ids[0])
        reply = ThreadReply()
        self._accept(prepare_task(task, self._registry), reply)
        return TaskRef(self, reply.wait())

    def _add_many(
        self, options: TaskOptions, func: Function, arguments: Iterable[Sequence[Any]]
    ) -> list[int]:
        return add_in_groups(self, options, func, arguments)

    def _add_async(
        self, options: TaskOptions, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Awaitable[TaskRef[Any]]:
        task = self.task_of(func, args, kwargs, options)
        return self._put_on_disk(prepare_task(task, self._registry))  # arguments as they are now

    async def _put_on_disk(self, prepared: PreparedTask) -> TaskRef[Any]:
        if self.at_once is not None:
            return TaskRef(self, self.at_once(prepared.task))
        if self._owner is not None or prepared.task.options.after:
            accepted = await self.accept(PreparedSubmission([prepared]))
            return TaskRef(self, accepted.task_ids[0])
        reply = LoopReply(asyncio.get_running_loop())
        self._accept(prepared, reply)
        return TaskRef(self, await reply.future)

    def _with(self, options: TaskOptions) -> AddsManyTasks:
        return AddsManyTasks(self._add, self._add_async, self._add_many, options)

    def _accept(self, prepared: PreparedTask, reply: Reply) -> None:
        self._writable.inbox.ask(Request(lambda group: accept_task(group, prepared), reply))

    def task_of(
        self,
        func: Function,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] = NO_ARGUMENTS,
        options: TaskOptions = NO_OPTIONS,
    ) -> NewTask:
        """Return a call as a task for a :class:`Submission`, with the context's variables."""
        spec, delay = self.spec_of(func), options.delay or 0
        deadline = math.inf if options.deadline or not spec.deadline else spec.deadline
        if delay >= deadline:
            has, begins = f"has a deadline of {deadline:g} s", f"would begin in {delay:g} s"
            raise BadCall(f"the task “{spec.name}” {has}, and {begins}")
        variables = self.variables.capture()
        return NewTask(spec.name, args, kwargs, options=options, variables=variables)

    def submit(self, submission: Submission | PreparedSubmission) -> Future[SubmissionAnswer]:
        """Submit tasks; the future is done after the COMMIT.

        Wrong task names and arguments raise at once, before anything is written.
        """
        future: Future[SubmissionAnswer] = Future()
        self._hand_in(prepare(submission, self._registry), future)
        return future

    def accept(
        self, submission: Submission | PreparedSubmission
    ) -> asyncio.Future[SubmissionAnswer]:
        """Like :meth:`submit`, for a coroutine: ``await`` it in the loop it was called in."""
        reply = LoopReply(asyncio.get_running_loop())
        self._hand_in(prepare(submission, self._registry), reply)
        return reply.future

    def _hand_in(self, prepared: PreparedSubmission, reply: Future[Any] | LoopReply) -> None:
        owner = self._owner
        if owner is not None:
            owner.hand_over(prepared, reply)
            return
        request = Request(lambda group: accept(group, prepared), reply, prepared.weight)
        self._writable.inbox.ask(request)

    def answering(self) -> Elsewhere | RunningEngine:
        """Return where to tell that a response is over; ``Closed`` if there is no engine."""
        return self._owner or self._running

    def spec_of(self, fn: Function) -> TaskSpec:
        """Return the spec of a function or a name; raise ``UnknownTask``, ``TypeError``."""
        if not isinstance(fn, str):
            return self._registry.spec_of(in_place_of(fn) if in_place_of is not None else fn)
        spec = self._registry.find(fn)
        if spec is None:
            why = self._registry.why_unknown(fn)
            raise UnknownTask(
                fn,
                why if self.elsewhere is None else f"{why} {ENGLISH.say('function', 'only_there')}",
            )
        return spec

    # changing

    def cancel(self, task_id: int) -> Future[TaskRow]:
        """Cancel a task: at once if it has not started, else by asking the attempt to stop."""
        return self._call("cancel", task_id)

    def retry(self, task_id: int) -> Future[TaskRow]:
        """Queue a failed, cancelled or waiting task again, with a fresh set of attempts.

        A queued task can be retried if its queue is held; this also releases the queue.
        """
        return self._call("retry", task_id)

    def resolve(self, task_id: int, outcome: Literal["done", "again"]) -> Future[TaskRow]:
        """Settle an uncertain task: it was done, or do it again."""
        return self._call("resolve", task_id, outcome)

    def token_of(self, task_id: int) -> Future[str]:
        """Return a task's token, creating one if needed; see ``status_router``. ``UnknownId``."""
        return self._call("token", task_id)

    def bulk(
        self,
        action: BulkAction,
        which: Sequence[int] | TaskFilter,
        key: Idempotency | None = None,
        delay: float = 0,
        asked: ActionOptions = PLAINLY,
    ) -> Future[BulkDone]:
        """Do one action to many tasks, and count why tasks were skipped; blocks to find them.

        With ``delay`` (s) it waits so long in the store, and can be undone.
        """
        chosen = choose(which, self._writable.reader, known=self.config.known)
        if delay:
            return self.do(act_later(action, chosen, delay, key, asked))
        return self.do(lambda group: bulk(group, action, chosen, key, asked.addressee))

    def pending(self, numbers: Sequence[int] | None = None) -> list[PendingRow]:
        """Return the actions that wait or are being carried out, or those with these numbers."""
        now, steady = read_clock(self._running.clock)
        now -= self._running.core.drift.since_followed(now, steady)
        return self.read(read_pending, math.floor(now * 1000), numbers)

    def preview(self, action: BulkAction, which: Sequence[int] | TaskFilter) -> Future[BulkDone]:
        """Return what :meth:`bulk` would do; of very many tasks only the first count."""
        chosen = choose(which, self._running.reader, BULK_LIMIT, known=self.config.known)
        return self.do(lambda group: preview(group, action, chosen))

    def change_task(self, task_id: int, wanted: TaskChange) -> Future[TaskRow]:
        """Change a task's start, its priority, or whether it was seen: all of it or nothing."""
        return self.do(lambda group: change_by_number(group, task_id, wanted))

    def pause(self, queue: str | None = None) -> Future[None]:
        """Start nothing more of a queue (``None``: of any) until resumed, even after restarts."""
        return self._call("pause", queue)

    def resume(self, queue: str | None = None) -> Future[None]:
        """Resume a queue (``None``: all queues). If all were paused, the others stay paused."""
        return self._call("resume", queue)

    def release(self, queue: str) -> Future[int]:
        """Release a held queue and the tasks held with it; the result is their number."""
        return self.do(lambda group: release(group, queue))

    def causes(self, states: Collection[str] = CASES, batch_id: int | None = None) -> list[Cause]:
        """Return the causes of tasks in these states, of all tasks or of one batch."""
        running, config = self._running, self.config
        with running.reader.snapshot() as connection:
            now = round(config.clock.now() * 1000)
            reading = OneRead(running.core.memory, connection, config.registry, now)

            def behind() -> Counter[str]:
                found = (Counter(each.behind(reading, batch_id)) for each in config.features)
                return sum(found, Counter())

            paused = chain(*(each.paused(reading, batch_id) for each in config.features))
            return read_causes(connection, states, batch_id, behind, paused, known=config.known)

    def settled(self) -> None:
        """Wait until all earlier calls are on disk."""
        self.do(lambda group: None).result()

    def keep(self, retention: timedelta) -> None:
        """Set how long succeeded and cancelled tasks are kept; others are three times as long."""
        self.config.retention.tasks = retention // timedelta(milliseconds=1)

    def limit(self, limits: Mapping[str, QueueLimit]) -> None:
        """Set a person's limits for queues, which override ``@task`` from the next task on."""
        self.config.limits.want(limits)
        self._write_soon()

    def remember(self, text: str) -> None:
        """Have the store remember a text of the application, from the next group on."""
        self.config.remembered.text = text
        if self._run is not None:
            self._write_soon()

    def _write_soon(self) -> None:
        with suppress(EngineError):  # if the store cannot be written, it is in the next group
            self.do(lambda group: None)

    # reading

    @property
    def damage(self) -> StoreDamaged | None:
        """The damage of the store's file, once found; nothing is written from then on."""
        return self._running.reader.damage

    @contextmanager
    def reading(self) -> Iterator[tuple[Source, AtLimit]]:
        """Read one moment, also of a store that another process owns.

        Only that process knows which of its queues have reached their limits.
        """
        owner = self._owner
        if owner is not None:
            with owner.reader.snapshot() as connection:
                yield connection, NONE_AT_LIMIT
        else:
            with self._running.reader.snapshot() as connection:
                yield connection, self.journal.at_limit

    def rows(self, query: TaskQuery) -> TaskPage:
        """Return one page of the table; raise ``BadQuery`` for an unknown sort or cursor."""
        with self.reading() as (connection, at_limit):
            store, known = store_id(connection), self.config.known
            return pages.read_page(connection, query, store, at_limit, known=known)

    def ids(self, query: TaskQuery) -> Iterator[IdsPart]:
        """Yield the numbers of all matching tasks in order; until the end the store is read.

        Raises ``BadQuery`` for an unknown sort. The place and limit of the query do not count.
        """
        with self.reading() as (connection, _):
            yield from pages.read_ids(
                connection, query, store_id(connection), known=self.config.known
            )

    def counts(self, wanted: TaskFilter) -> TaskCounts:
        """Count the tasks of a filter by state, ignoring its states; up to a limit."""
        return self.read(pages.count_states, wanted, known=self.config.known)

    def task(self, task_id: int) -> TaskDetail:
        """Return a task with its attempts, log, arguments and result; ``UnknownId``."""
        with self.reading() as (connection, at_limit):
            known, placed = self.config.known, self._registry.placed
            return detail.read_task(connection, task_id, at_limit, placed, known=known)

    def task_with_token(self, token: str) -> TaskDetail | UnacceptedTask | None:
        """Return the task with this token; ``None`` if there is none, or it was deleted.

        One that a transaction of the app's has added may wait to be accepted, or was refused.
        """
        with self.reading() as (connection, at_limit):
            number = detail.read_number(connection, token)
            if number is not None:
                return detail.read_task(connection, number, at_limit, known=self.config.known)
            return read_unaccepted(connection, token) if self.takes_handed else None

    def notices(self) -> list[Notice]:
        """Return all active notices: those on the board, and queues held or paused.

        Of a damaged store, only those on the board.
        """
        try:
            with self._running.reader.snapshot() as connection:
                held = [queue_notice(q, active=True) for q in read_held_queues(connection)]
                pauses = read_pauses(connection).items()
        except StoreDamaged:
            return self.board.active
        paused = [pause_notice(queue, since, active=True) for queue, since in pauses]
        return [*self.board.active, *held, *paused]

    def queues(self) -> list[Queue]:
        """Return each queue's limits, pause, hold, and counts by state."""
        with self.reading() as (connection, _):
            wanted = self.config.limits.wanted if self._run else stored_limits(connection)
            return read_queues(connection, self._registry, wanted, math.floor(self.now() * 1000))

    def processes(self) -> list[Process]:
        """Return the processes that run tasks, and how full their lanes are; none if stopped."""
        return [p for p in processes_of(self._run.core) if p["lanes"]] if self._run else []

    def overview(self, span: Span = Span.HOUR) -> Overview:
        """Return the figures of the last hour or day, with each queue."""
        return self.read(read_overview, span, math.floor(self.now() * 1000), self.queues())

    def stats(self) -> Stats:
        """Return counts by state, rates of the last ten seconds, and the use of the lanes.

        Raises ``OwnedElsewhere`` in a process that does not own the store.
        """
        return read_stats(self._running, self._registry, self.config.clock.now())

    def measures(self) -> Measures:
        """Return the figures for a monitor: queues, lanes, totals, sizes."""
        return measure(self._running, self.config)

    @property
    def is_clock_doubted(self) -> bool:
        """Whether the clock may be wrong, so nothing is deleted for its age."""
        return self._running.core.memory.is_clock_doubted(math.floor(self.now() * 1000))

    def now(self) -> float:
        """Return the engine's current time, epoch s."""
        return (self._run or self.config).clock.now()

    def _call(self, verb: str, *args: Any) -> Future[Any]:
        """Do a verb of an app here, or in the process that owns the store."""
        wanted, owner = Call(verb, args), self._owner
        if owner is None:
            return self.do(lambda group: call(group, wanted))
        future: Future[Any] = Future()
        owner.hand_over(wanted, future)
        return future
