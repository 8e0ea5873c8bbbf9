"""The façade's verbs for new tasks and items."""

from __future__ import annotations

import asyncio
import warnings
from abc import abstractmethod
from asyncio import _get_running_loop
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from desktop.contract.rules.times import wire_time
from desktop.engine.errors import UnknownTask
from desktop.engine.facade.add_task import (
    AddsTasksAsync,
    AsyncWithOptions,
    Function,
    TakesOptions,
)
from desktop.engine.facade.running_engine import Elsewhere, RunningEngine
from desktop.engine.functions.registry import Registry
from desktop.engine.functions.spec import TaskSpec
from desktop.engine.functions.variables import NO_VARIABLES, Variables
from desktop.engine.postgres.handed_rows import HANDED_ONE
from desktop.engine.store.reads.waits import AtLimit
from desktop.engine.store.tables.cursor import Source
from desktop.engine.submission import NO_OPTIONS, Accepted, NewTask, Submission, TaskOptions
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.replies import LoopReply, Reply, Request, ThreadReply
from desktop.engine.verbs.lines import Line, LineAnswer, accept_line
from desktop.engine.verbs.submit.accept import accept, accept_task, answered
from desktop.engine.verbs.submit.prepare import (
    PreparedSubmission,
    PreparedTask,
    prepare,
    prepare_task,
)

NO_ARGUMENTS: Final[Mapping[str, Any]] = MappingProxyType({})
BLOCKS_THE_LOOP: Final = (
    "engine.add_task waits for the disk and blocks the event loop meanwhile; "
    "in a coroutine write: await engine.add_task_async(…)"
)

ONLY_THERE: Final = (
    "This process knows the tasks of the modules it has loaded; those of files in the data folder "
    "are known to the process that runs the tasks."
)

in_place_of: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None
"""In tests, returns the function for one that a test has replaced."""


class UnacceptedTask(NamedTuple):
    """A task that an app's own transaction has committed and that has no number yet."""

    since: str
    """RFC 3339, UTC."""
    error: str | None
    """Why it could not be accepted; ``None`` if it still waits."""


class AcceptsTasks(AddsTasksAsync[int], TakesOptions[AsyncWithOptions[int]]):
    """The part of :class:`desktop.engine.facade.engine.Engine` that accepts tasks and items.

    ``add_task`` returns the task's number once the task is on disk. It blocks the calling thread
    and warns if an event loop runs in it: a coroutine awaits :meth:`add_task_async` instead.
    """

    _registry: Registry
    variables: Variables = NO_VARIABLES
    """The context variables that travel with tasks added here."""
    at_once: Callable[[NewTask], int] | None = None
    """In tests, runs a task where it is added."""
    elsewhere: Elsewhere | None = None
    """Accepts what is new while another process owns the store."""
    takes_handed: bool = False
    """Whether tasks arrive through the database, from sessions of the app's own."""
    may_block: bool = False
    """Whether add_task may block a running event loop, as while a test runs tasks."""

    @property
    def is_in_tests(self) -> bool:
        """Whether tests replace the engines of apps."""
        return in_place_of is not None

    @property
    @abstractmethod
    def _writable(self) -> RunningEngine: ...

    @abstractmethod
    def _reading(self) -> AbstractContextManager[tuple[Source, AtLimit]]: ...

    @abstractmethod
    def _ask(self, verb: Callable[[Group], Any], weight: int = 1) -> Future[Any]: ...

    def _add(
        self, options: TaskOptions, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> int:
        if _get_running_loop() is not None and not self.may_block:
            warnings.warn(BLOCKS_THE_LOOP, RuntimeWarning, stacklevel=3)
        task = self.task_of(func, args, kwargs, options)
        if self.at_once is not None:
            return self.at_once(task)
        if self.elsewhere is not None or options.after is not None:
            return self.submit(Submission(tasks=[task])).result().task_ids[0][0]
        reply = ThreadReply()
        self._accept(task, reply)
        number: int = reply.wait()
        return number

    async def _add_async(
        self, options: TaskOptions, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> int:
        task = self.task_of(func, args, kwargs, options)
        if self.at_once is not None:
            return self.at_once(task)
        if self.elsewhere is not None or options.after is not None:
            return (await self.accept(Submission(tasks=[task]))).task_ids[0][0]
        reply = LoopReply(asyncio.get_running_loop())
        self._accept(task, reply)
        number: int = await reply.future
        return number

    def _with(self, options: TaskOptions) -> AsyncWithOptions[int]:
        return AsyncWithOptions(self._add, self._add_async, options)

    def _accept(self, task: NewTask, reply: Reply) -> None:
        prepared = prepare_task(task, self._registry)
        self._writable.inbox.ask(Request(lambda group: accept_task(group, prepared), reply))

    def task_of(
        self,
        func: Function,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] = NO_ARGUMENTS,
        options: TaskOptions = NO_OPTIONS,
    ) -> NewTask:
        """Return a call as a task for a :class:`Submission`, with the context's variables."""
        name, variables = self.spec_of(func).name, self.variables.capture()
        return NewTask(name, args, kwargs, options=options, variables=variables)

    def submit(self, submission: Submission) -> Future[Accepted]:
        """Submit items and tasks; the future is done after the COMMIT.

        Wrong task names and arguments raise at once, before anything is written.
        """
        future: Future[Accepted] = Future()
        self._hand_in(prepare(submission, self._registry), future)
        return future

    def accept(self, submission: Submission) -> asyncio.Future[Accepted]:
        """Like :meth:`submit`, for a coroutine: ``await`` it in the loop it was called in.

        All answers of one commit reach a loop with one wake-up.
        """
        reply = LoopReply(asyncio.get_running_loop())
        self._hand_in(prepare(submission, self._registry), reply)
        return reply.future

    def _hand_in(self, prepared: PreparedSubmission, reply: Future[Any] | LoopReply) -> None:
        elsewhere = self.elsewhere
        if elsewhere is not None:
            elsewhere.hand_over(prepared, reply)
            return
        request = Request(lambda group: accept(group, prepared), reply, prepared.weight)
        self._writable.inbox.ask(request)

    def accept_line(self, line: Line) -> asyncio.Future[list[LineAnswer]]:
        """Do what another process wants, for a coroutine; the same line is done only once."""
        return self.ask(lambda group: accept_line(group, line), line.weight)

    def ask(
        self,
        verb: Callable[[Group], Any],
        weight: int = 1,
        *,
        ahead: Callable[[Group], None] | None = None,
    ) -> asyncio.Future[Any]:
        """Do a verb that is not the engine's own, for a coroutine; see :class:`Request`."""
        reply = LoopReply(asyncio.get_running_loop())
        self._writable.inbox.ask(Request(verb, reply, weight, ahead))
        return reply.future

    def handed_over(self, token: str) -> UnacceptedTask | None:
        """Return a task that waits to be accepted or was refused, else ``None``."""
        if not self.takes_handed:
            return None
        with self._reading() as (source, _):
            row = source.execute(HANDED_ONE, (token,)).fetchone()
        return None if row is None else UnacceptedTask(wire_time(row[0]), row[1])

    def prepared(self, task: NewTask) -> PreparedTask:
        """Check a task that is accepted later, and encode its arguments."""
        return prepare_task(task, self._registry)

    def answered(self, submission: Submission) -> Future[Accepted | None]:
        """Return the answer to an earlier submission with the same key or number, else ``None``.

        It does not matter whether its tasks could still be accepted.
        """
        return self._ask(lambda group: answered(group, submission))

    def spec_of(self, fn: Function) -> TaskSpec:
        """Return the spec of a function or a name; raise ``UnknownTask``, ``TypeError``."""
        if not isinstance(fn, str):
            return self._registry.spec_of(in_place_of(fn) if in_place_of is not None else fn)
        spec = self._registry.find(fn)
        if spec is None:
            why = self._registry.why_unknown(fn)
            raise UnknownTask(fn, why if self.elsewhere is None else f"{why} {ONLY_THERE}")
        return spec
