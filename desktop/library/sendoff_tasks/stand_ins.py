"""Runs an app's tasks in tests: when the test says so, one at a time, in the test's own thread.

While :func:`standing_in` holds, each app's engine is replaced by a stand-in with a temporary data
folder, in which nothing runs by itself. An app that was not started is started by its first
request.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from contextvars import Context
from dataclasses import replace
from datetime import timedelta
from inspect import iscoroutinefunction
from pathlib import Path
from queue import Empty, SimpleQueue
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import NonCallableMock

from fastapi import FastAPI

from sendoff_tasks.attempts import attempt
from sendoff_tasks.attempts.claim import AttemptLedger
from sendoff_tasks.attempts.outcomes import GivenBack, Outcome
from sendoff_tasks.clock import SystemClock
from sendoff_tasks.facade import engine as facade
from sendoff_tasks.facade.add_task import Function
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import RunningEngine
from sendoff_tasks.fastapi import AppRegistry, installing
from sendoff_tasks.functions.arguments import decode, encode
from sendoff_tasks.functions.awaiting import in_a_loop
from sendoff_tasks.functions.source import loaded_modules
from sendoff_tasks.functions.spec import TaskSpec, spec_for
from sendoff_tasks.lanes.runs import Run, TrackedLane
from sendoff_tasks.model.tasks import LaneName, TaskDetail
from sendoff_tasks.schedules import ScheduleRecords
from sendoff_tasks.store.reads.detail import read_open_calls
from sendoff_tasks.submission import NewTask, Submission


class InlineLane(TrackedLane):
    """Keeps attempts until the test takes them; a running task may run those it adds."""

    def __init__(self, name: LaneName, ledger: AttemptLedger, kept: SimpleQueue[Run]) -> None:
        super().__init__(ledger, 1)
        self.name = name
        self.is_open = False
        self._kept = kept

    @property
    def slots(self) -> int:
        """One more than are running while the test runs tasks, else none."""
        return len(self._runs) + 1 if self.is_open else 0

    def launch(self, run: Run) -> None:
        """Keep the attempt until the test takes it."""
        self._kept.put(run)

    def run(self, run: Run) -> Outcome:
        """Run the attempt to its end; its timeout does not apply.

        What a test has put in the function's place since the task was added is called instead.
        """
        claim = run.claim
        there = claim.spec.source.held()
        if there is not None and (function := _function_of(there)) is not there:
            claim = replace(claim, spec=spec_for(function))
        given = claim, self._ledger, run.control
        lifespan = claim.lifespan
        if lifespan is not None and not lifespan.is_entered:
            lifespan.enter()
        if claim.spec.lane == "async":
            run_it = in_a_loop
            if lifespan is not None and not lifespan.is_in_its_loop():  # which this would block
                run_it = lifespan.run
            outcome = Context().run(run_it, attempt.run_async(*given))
        else:
            outcome = attempt.run(*given)
        self.end(run, outcome)
        return outcome

    def interrupt(self, run: Run) -> None:
        """Do nothing: the attempt reads its flag."""

    time_out = interrupt

    def stop(self, grace: float) -> None:
        """Start nothing more; the stand gives back the attempts that were not taken."""
        self.close(0)

    def wait_over(self, seconds: float | None) -> bool:
        """Return ``True``: an attempt runs in the thread of its test."""
        return True


IN_MEMORY: Final = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
"""Where a test's store is kept: nothing there waits for a disk, which takes a fifth of a second."""
TOLD: Final = 20
"""How many of an app's open tasks an error names."""
LANES: Final[tuple[LaneName, ...]] = ("io", "cpu", "async")
STARTED: Final = (
    "the app's engine was started before sendoff_tasks.testing was imported, and runs by itself"
)


class MovedClock:
    """The machine's clock plus an offset; it can be held still."""

    def __init__(self) -> None:
        self._machine = SystemClock()
        self._ahead = 0.0  # s
        self._held: tuple[float, float] | None = None  # the machine's two times

    def now(self) -> float:
        """Return the time of day, epoch s, including the offset."""
        held = self._held
        return (self._machine.now() if held is None else held[0]) + self._ahead

    def steady(self) -> float:
        """Return the seconds that have passed, including the offset."""
        held = self._held
        return (self._machine.steady() if held is None else held[1]) + self._ahead

    def move_to(self, moment: float) -> None:
        """Move forward to this time, epoch s; never back."""
        self._ahead += max(0.0, moment - self.now())

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the clock inside: only :meth:`move_to` moves it. Afterwards it catches up."""
        before = self._held
        self._held = before or (self._machine.now(), self._machine.steady())
        try:
            yield
        finally:
            self._held = before


class LongestWait(Random):
    """Always takes a backoff's longest wait, which makes tests deterministic."""

    def random(self) -> float:
        """Return the largest number below 1."""
        return math.nextafter(1.0, 0.0)


class Stand:
    """Stands in for an app's engine: for one test or, if ``is_lasting``, while the app runs."""

    def __init__(self, engine: Engine, *, is_lasting: bool) -> None:
        before = _stands.get(engine)
        if before is not None:  # made by requests before the app was started
            before.stop()
        self.is_lasting = is_lasting
        self._engine = engine
        self._folder = TemporaryDirectory(prefix="sendoff-test-", dir=IN_MEMORY)
        self.clock = MovedClock()
        database = Path(self._folder.name) / "sendoff.db"
        setup = replace(
            engine.config, database=database, clock=self.clock, random=LongestWait(), lanes=False
        )
        self._core = (running := RunningEngine(setup)).core
        self._kept: SimpleQueue[Run] = SimpleQueue()
        self._lanes: dict[str, InlineLane] = {
            name: InlineLane(name, running.ledger, self._kept) for name in LANES
        }
        self._core.lanes = self._lanes
        engine.adopt(running)
        _stands[engine] = self

    def stop(self) -> None:
        """Stop the engine and forget its tasks."""
        del _stands[self._engine]
        with suppress(Empty):
            while run := self._kept.get_nowait():
                self._lanes[run.claim.spec.lane].end(run, GivenBack(begun=False))
        self._engine.stop(grace=0)
        if (lifespan := self._engine.config.registry.lifespan) is not None:
            lifespan.leave()
        self._folder.cleanup()

    def run_all(self) -> list[tuple[int, Outcome]]:
        """Run queued tasks, and those they add, in this thread until nothing may start."""
        before = {lane: lane.is_open for lane in self._lanes.values()}
        for lane in before:
            lane.is_open = True
        may_block, self._engine.may_block = self._engine.may_block, True
        ran = []
        try:
            with self.clock.held():  # nothing falls due by itself, however slow the machine
                while (run := self._next()) is not None:
                    lane = self._lanes[run.claim.spec.lane]
                    ran.append((run.claim.task_id, lane.run(run)))
        finally:
            self._engine.may_block = may_block
            for lane, was_open in before.items():
                lane.is_open = was_open
        return ran

    def run_within(self, seconds: float) -> list[tuple[int, Outcome]]:
        """Like :meth:`run_all`, repeated at each due time within ``seconds``."""
        until = self.clock.now() + seconds
        self._core.scheduling = True
        ran = self.run_all()
        while (due := self._next_due()) <= until:
            self.clock.move_to(due)
            ran += self.run_all()
        self.clock.move_to(until)
        return ran

    def _next_due(self) -> float:
        """Return the next due time, epoch s; call it between steps only."""
        memory = self._core.memory
        return min(memory.next_due, memory.next_group, memory.part(ScheduleRecords).next_at) / 1000

    def _next(self) -> Run | None:
        """Return the next attempt, once the engine has handled all earlier calls."""
        with suppress(Empty):
            return self._kept.get_nowait()
        for _ in range(2):  # a group's attempts start after its answers
            self._engine.settled()
        with suppress(Empty):
            return self._kept.get_nowait()
        return None

    def add(self, task: NewTask) -> int:
        """Accept a task and run it now, even before its time; raise what it raises."""
        at_once = replace(task.options, delay=None, run_at=None, after=())
        now = replace(task, options=at_once, behind=None)
        number = self._engine.submit(Submission([now])).result().task_ids[0]
        for ran, outcome in self.run_all():
            raised = getattr(outcome, "raised", None)
            if ran == number and raised is not None:
                raise raised
        return number


_stands: Final[dict[Engine, Stand]] = {}


def _function_of(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function or, if a test has replaced it, a wrapper with a name of its own."""
    stand_in = getattr(fn, "mock", fn)  # the mock of patch(…, autospec=True)
    if not isinstance(stand_in, NonCallableMock) and not _is_replacement(stand_in):
        return fn
    if id(stand_in) not in _stand_ins:

        def call(*args: Any, **kwargs: Any) -> Any:
            return fn(*args, **kwargs)

        async def call_async(*args: Any, **kwargs: Any) -> Any:
            return await fn(*args, **kwargs)

        function = call_async if iscoroutinefunction(fn) else call
        function.__qualname__ = f"{type(stand_in).__name__} {len(_stand_ins) + 1}"
        _stand_ins[id(stand_in)] = stand_in, function
    return _stand_ins[id(stand_in)][1]


def _is_replacement(fn: Callable[..., Any]) -> bool:
    """Tell whether a lambda or local function stands in a module that did not define it."""
    return "<" in getattr(fn, "__qualname__", "") and any(
        module != fn.__module__ and any(value is fn for value in names.values())
        for module, names in loaded_modules()
    )


_stand_ins: Final[dict[int, tuple[Callable[..., Any], Callable[..., Any]]]] = {}
"""By id: what a test put in a function's place and became a task, and the wrapper calling it."""


def run_all(app: FastAPI, *, within: timedelta | None = None) -> list[TaskDetail]:
    """Run the app's queued tasks, and those they add, in this thread until nothing may start.

    Returns one task for each attempt, in the order of the attempts, in its current state. A failed
    task is among them and raises nothing. A task that waits for a time or for another attempt is
    left. Timeouts do not apply.

    With ``within``, the engine's clock moves forward by that much without waiting: delayed tasks,
    further attempts and schedules that fall due run at their time. Schedules begin with the first
    such call. The clock that the tasks themselves read does not move.
    """
    engine = installing.installed_engine(app)
    stand = _stand_of(engine)
    with stand.clock.held():
        if within is None:
            ran = stand.run_all()
        else:
            if isinstance(engine.config.registry, AppRegistry):
                engine.config.registry.add_described()
            ran = stand.run_within(within.total_seconds())
        return [engine.task(number) for number, _ in ran]


def assert_enqueued(app: FastAPI, func: Function, /, *args: Any, **kwargs: Any) -> list[TaskDetail]:
    """Return the app's open tasks that call ``func`` like this; fail if there is none.

    An argument may be given by position or by name, whichever way the task was added, or left out
    if it is the default. Without any arguments every open task of ``func`` counts. Open tasks are
    those that have not ended.
    """
    engine = installing.installed_engine(app)
    _stand_of(engine)
    spec = engine.spec_of(func)
    meant = encode(args, kwargs, spec.parameters) if args or kwargs else None
    if meant is not None:
        spec.check_arguments(args, kwargs)
    with engine.reading() as (source, _):
        every = read_open_calls(source)
    found = [
        number
        for number, name, stored in every
        if name == spec.name and (meant is None or _is_call(spec, stored, meant))
    ]
    if not found:
        told = [f"{name}{_call(stored)}" for _, name, stored in every[:TOLD]]
        told += ["…"] if len(every) > TOLD else []
        wanted = spec.name + ("" if meant is None else _call(meant))
        raise AssertionError(f"{wanted} is not enqueued, but: {', '.join(told) or 'nothing'}")
    return [engine.task(number) for number in found]


def _is_call(spec: TaskSpec, stored: str, meant: str) -> bool:
    """Tell whether stored arguments are those that are meant: equal ones, with the defaults."""
    if stored == meant:
        return True
    both = map(decode, (stored, meant))
    calls = [spec.signature.bind_partial(*args, **kwargs) for args, kwargs in both]
    for each in calls:
        each.apply_defaults()
    return calls[0] == calls[1]


def _call(arguments: str) -> str:
    args, kwargs = decode(arguments)
    return f"({', '.join([*map(repr, args), *(f'{k}={v!r}' for k, v in kwargs.items())])})"


def inline(app: FastAPI) -> AbstractContextManager[object]:
    """From now on run the app's tasks at once, and raise what they raise.

    A request's tasks run after its route has returned and before its response leaves, one at a
    time, until one raises; an exception in the route drops them. Tasks of ``engine.add_task`` run
    inside that call. Used as a context manager, this ends with the block, and the tasks are
    forgotten; inside another such block, that goes on. A task's time and order do not count.
    """
    engine = installing.installed_engine(app)
    _stand_of(engine)
    before, engine.at_once = engine.at_once, lambda task: _stand_of(engine).add(task)
    ending = ExitStack()
    if before is None:
        ending.callback(_end_stand, engine)
    ending.callback(setattr, engine, "at_once", before)
    return ending


def stand_in() -> None:
    """Replace the engines of apps that start from now on, until the process ends."""
    installing.in_tests, facade.in_place_of = _start, _function_of


@contextmanager
def standing_in() -> Iterator[None]:
    """Replace the engines of apps that start inside; afterwards restore what was inline before."""
    before = installing.in_tests, facade.in_place_of
    at_once = {engine: engine.at_once for engine in installing.engines}
    stand_in()
    for engine in at_once:
        engine.at_once = None
    try:
        yield
    finally:
        installing.in_tests, facade.in_place_of = before
        for engine in installing.engines:
            engine.at_once = at_once.get(engine)
        for engine in list(_stands):
            _end_stand(engine)


def _end_stand(engine: Engine) -> None:
    """Forget the tasks of an app that was not started: the next test begins without them."""
    stand = _stands.get(engine)
    if stand is not None and not stand.is_lasting:
        stand.stop()


def _start(engine: Engine, is_lasting: bool) -> Callable[[], None]:
    return Stand(engine, is_lasting=is_lasting).stop


def _stand_of(engine: Engine) -> Stand:
    if engine not in _stands:
        engine.settled()  # which starts it
    if engine not in _stands:
        raise RuntimeError(STARTED)
    return _stands[engine]
