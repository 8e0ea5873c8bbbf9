"""The tasks of one request: committed before its response leaves, or in the app's transaction."""

import asyncio
import inspect
import logging
import re
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import partial, wraps
from http import HTTPStatus
from inspect import iscoroutinefunction
from itertools import count
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

from anyio.to_thread import run_sync
from fastapi import BackgroundTasks, Depends, HTTPException, routing
from fastapi.encoders import ENCODERS_BY_TYPE
from sqlalchemy import text
from starlette.background import BackgroundTask
from starlette.requests import HTTPConnection

from sendoff_tasks.errors import Busy, Closed, EngineError, NotWritable, TaskFailed
from sendoff_tasks.facade.add_task import (
    Add,
    AddsTasks,
    AddsTasksAsync,
    Function,
    TakesOptions,
    TaskRef,
    follow,
)
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.opening import is_on_server
from sendoff_tasks.functions.arguments import decode
from sendoff_tasks.functions.eligibility import brief
from sendoff_tasks.functions.spec import plain_name
from sendoff_tasks.model.states import State
from sendoff_tasks.postgres.handed_rows import HAND_OVER, TASK, UnacceptedTask
from sendoff_tasks.processes.wire import dump_task
from sendoff_tasks.store.errors import StoreError
from sendoff_tasks.submission import NewTask, Place, SubmissionAnswer, TaskOptions
from sendoff_tasks.verbs.submit import PreparedSubmission, PreparedTask, make_token, prepare_task

log = logging.getLogger(__name__)

KEY: Final = "sendoff_tasks"
"""The key in the scope of an app's requests."""
TASKS: Final = "sendoff_tasks.tasks"
"""The key of the tasks of a request, which wait for its response, or of a WebSocket."""
NOT_NOW: Final = (Busy, Closed, NotWritable, StoreError)
"""Errors that may be over later; any other error is a mistake of the app."""
RETRY_AFTER_S: Final = 2
"""When a client should retry after nothing could be written, s."""
OVER: Final = "the request is over: use the engine's own add_task"
BY_PARAMETER: Final = (
    "DurableTasks are those of a request: take them as a parameter of the route or of a dependency "
    "(background_tasks: DurableTasks) in place of calling it"
)
NOT_INSTALLED: Final = "install(app, data_dir=…) has not been called for this app"
_ADD_TASK: Final = BackgroundTasks.add_task
TOO_LATE: Final = "the task is on disk: from now on engine.token_of(ref.number) gives its token"

NEEDS_DATABASE: Final = "using(session) needs tasks in a database: install(app, database=…)"
KINDS: Final = "SQLAlchemy's Session, Connection and their async kinds, and psycopg's connections"
BLOCKS: Final = "this session blocks: write background_tasks.using(session).add_task(…)"
AWAITED: Final = (
    "this session is to be awaited: write await background_tasks.using(session).add_task_async(…)"
)
ELSEWHERE: Final = (
    "this session is not one of the database that install(app, database=…) names, or its user may "
    "not write to the table sendoff.handed"
)
_ELSEWHERE: Final = frozenset({"42P01", "3F000", "42501"})
"""The server's SQLSTATEs for a missing table or schema, or missing rights."""
_BY_NAME: Final = text(re.sub(r"%\((\w+)\)s", r":\1", HAND_OVER))


class Session:
    """A session to hand tasks over in; raises ``TypeError`` for anything else."""

    def __init__(self, real: Any) -> None:
        roots = {kind.__module__.partition(".")[0] for kind in type(real).__mro__}
        execute = getattr(real, "execute", None)
        if execute is None or not roots & {"sqlalchemy", "psycopg"}:
            raise TypeError(f"using(…) takes {KINDS}; got {real!r}")
        self.is_awaited = iscoroutinefunction(execute)
        self._execute = execute
        self._statement: Any = _BY_NAME if "sqlalchemy" in roots else HAND_OVER

    def hand_over(self, row: Mapping[str, Any]) -> None:
        """Write a row in the session's transaction."""
        if self.is_awaited:
            raise TypeError(AWAITED)
        with _naming_elsewhere():
            self._execute(self._statement, row)

    async def hand_over_async(self, row: Mapping[str, Any]) -> None:
        """Like :meth:`hand_over`, in an async session."""
        if not self.is_awaited:
            raise TypeError(BLOCKS)
        with _naming_elsewhere():
            await self._execute(self._statement, row)


@contextmanager
def _naming_elsewhere() -> Iterator[None]:
    """Raise ``RuntimeError`` if the session cannot write to the table; pass the driver's errors."""
    try:
        yield
    except Exception as error:
        real = getattr(error, "orig", None) or error
        if (getattr(real, "sqlstate", None) or getattr(real, "pgcode", None)) in _ELSEWHERE:
            raise RuntimeError(ELSEWHERE) from error
        raise


class HandedRef(TaskRef[Any]):
    """A task written in a transaction; it gets its number after the COMMIT."""

    __slots__ = ("_token", "place", "sender")

    def __init__(self, engine: Engine, sender: str, place: int) -> None:
        super().__init__(engine)
        self.sender = sender
        self.place = place
        self._token = make_token()

    @property
    def token(self) -> str:
        """The task's token."""
        return self._token

    async def keep(self) -> None:
        """Do as ``TaskRef.keep``; ``TaskFailed`` if the task could not be accepted."""
        async for number in follow(self._accepted, lambda number: number is not None):
            self._number = number

    def _accepted(self) -> int | None:
        found = self.engine.task_with_token(self._token)
        if isinstance(found, UnacceptedTask):
            if found.error is not None:
                raise TaskFailed(State.FAILED, found.error)
            return None
        return None if found is None else found["id"]


@contextmanager
def _refusal_logged(func: Function) -> Iterator[None]:
    """Log that a task was not added, also where the route catches every exception."""
    try:
        yield
    except Exception as error:
        name = plain_name(func) if callable(func) and hasattr(func, "__qualname__") else brief(func)
        log.error("The task %s was not added: %s", name, error)  # noqa: TRY400 - it is raised
        raise


class Sender:
    """Numbers the tasks that are handed over; those of one transaction are one line."""

    def __init__(self) -> None:
        self.name = f"request {secrets.token_hex(16)}"
        self.places = count(1)


class TransactionTasks(AddsTasksAsync, TakesOptions[AddsTasksAsync]):
    """Adds tasks in the transaction that ``session`` has begun, or begins.

    They are accepted once it commits, and start one after the other. If it, or a savepoint in it,
    is rolled back, they never existed. With an async session, await :meth:`add_task_async`.
    """

    def __init__(self, engine: Engine, session: Session, sender: Sender) -> None:
        self._engine = engine
        self._session = session
        self._sender = sender

    def _with(self, options: TaskOptions) -> AddsTasksAsync:
        return AddsTasksAsync(self._add, self._add_async, options)

    def now(self) -> float:
        """Return the engine's current time, epoch s."""
        return self._engine.now()

    def _add(
        self, options: TaskOptions, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> TaskRef[Any]:
        ref, row = self._write(options, func, args, kwargs)
        self._session.hand_over(row)
        return ref

    async def _add_async(
        self, options: TaskOptions, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> TaskRef[Any]:
        ref, row = self._write(options, func, args, kwargs)
        await self._session.hand_over_async(row)
        return ref

    def _write(
        self, options: TaskOptions, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[HandedRef, dict[str, Any]]:
        """Return a task's reference, and the row that hands it over."""
        with _refusal_logged(func):
            ref = HandedRef(self._engine, self._sender.name, next(self._sender.places))
            task = self._engine.task_of(func, args, kwargs, options)
            registry = self._engine.config.registry
            prepared = prepare_task(replace(task, token=ref.token), registry)
            row = {
                "sender": ref.sender,
                "number": ref.place,
                "kind": TASK,
                "token": ref.token,
                "wanted": dump_task(prepared),
            }
        return ref, row

    def _place_of(self, after: TaskRef[Any] | int) -> Place | int:
        if isinstance(after, HandedRef) and after.sender == self._sender.name:
            return Place(after.place)
        return super()._place_of(after)


class RequestTasks(  # type: ignore[misc] # it returns more than the same method there
    AddsTasks, TakesOptions[AddsTasks], BackgroundTasks
):
    """The tasks of one request, which start one after the other once its response was sent.

    They are ``BackgroundTasks``: the same method with the same arguments. Each task starts once the
    one before has ended or waits for another attempt. It can be given to a response as its
    ``BackgroundTask``. FastAPI creates it; a direct call raises ``TypeError``.
    """

    def __init__(self, engine: Engine | None = None, *, awaits_response: bool = False) -> None:
        if engine is None:
            raise TypeError(BY_PARAMETER)
        self.lock = threading.Lock()
        self._turn = asyncio.Lock()  # a route may wait for several results at once
        self._engine = engine
        self._added: list[_Ref] | None = []
        self._sender: Sender | None = None
        self._awaits_response = awaits_response
        self._held: list[Callable[[], None]] = []
        """Each lets tasks begin that are on disk."""

    @property
    def tasks(self) -> tuple[BackgroundTask, ...]:  # type: ignore[override] # nothing is added here
        """The tasks that have been added and are not on disk yet."""
        added = [ref.prepared for ref in self._added or ()]
        return tuple(
            BackgroundTask(each.spec.function, *each.task.args, **each.task.kwargs)
            for each in added
        )

    @property
    def has_more(self) -> bool:
        """Whether tasks are not on disk yet."""
        return bool(self._added)

    def is_waiting(self, ref: TaskRef[Any]) -> bool:
        """Tell whether a task of the request has not been committed yet."""
        if not isinstance(ref, _Ref) or self._added is None:
            return False
        return ref in self._added[ref.place : ref.place + 1]

    def _with(self, options: TaskOptions) -> AddsTasks:
        return AddsTasks(self._add, options)

    def now(self) -> float:
        """Return the engine's current time, epoch s."""
        return self._engine.now()

    def _add(
        self, options: TaskOptions, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> TaskRef[Any]:
        if self._engine.is_in_tests and BackgroundTasks.add_task is not _ADD_TASK:
            replaced: Any = super(TakesOptions, self)  # what a test has put in its place
            return cast(TaskRef[Any], replaced.add_task(func, *args, **kwargs))
        with _refusal_logged(func):
            task = self._engine.task_of(func, args, kwargs, options)
            prepared = prepare_task(task, self._engine.config.registry)
            with self.lock:
                if self._added is None:
                    raise RuntimeError(OVER)
                ref = _Ref(self._engine, self, len(self._added), prepared)
                self._added.append(ref)
        return ref

    def using(self, session: Any) -> TransactionTasks:
        """Add tasks in a transaction of the app's own: ``tasks.using(session).add_task(…)``.

        ``session`` is SQLAlchemy's or psycopg's, connected to the database with the app's tasks;
        one of another app's database gives the tasks to that app. They run once it commits; if it
        is rolled back, they never existed. For an async session write
        ``await tasks.using(session).add_task_async(…)``. In tests they are tasks of the request.
        Raises ``TypeError`` for another kind of session, ``RuntimeError`` if the tasks are in a
        folder, ``NotCommittedError`` before the app has started and once it stops.
        """
        engine = self._engine
        if not is_on_server(engine.config.database):
            raise RuntimeError(NEEDS_DATABASE)
        if not engine.takes_handed:
            if not engine.is_in_tests:
                raise NotCommittedError(Closed())
            return _TestTransaction(engine, self._add, self._place_of)
        with self.lock:
            self._sender = self._sender or Sender()
        return TransactionTasks(engine, Session(session), self._sender)

    async def __call__(self) -> None:
        """Do nothing: the tasks are on disk before the response that carries this leaves."""

    def drop(self) -> None:
        """Forget the tasks that are not on disk yet, and take no more."""
        with self.lock:
            self._added = None

    async def commit(self, *, is_last: bool = False, at_once: bool = False) -> None:
        """Put the tasks on disk; raise ``NotCommittedError`` if that may work later.

        Raises another ``EngineError`` for a mistake, such as ``UnknownId`` for ``after`` a task
        that does not exist. After an error none of them is on disk. Unless this ``is_last``, more
        can be added. They begin with the response, or ``at_once``. All that was added before the
        call is on disk when it returns, also what another call has begun to put there.
        """
        async with self._turn:
            with self.lock:
                added = self._added
                self._added = None if is_last or added is None else []
            if added:
                await self._commit(added, waits=self._awaits_response and not at_once)

    async def _commit(self, added: "Sequence[_Ref]", *, waits: bool) -> None:
        at_once = self._engine.at_once
        if at_once is not None:
            await run_sync(_run_at_once, added, at_once)
            return
        submission = PreparedSubmission(self._in_order(added))
        try:
            if waits:
                accepting = self._accept_before_response(submission)
            else:
                accepting = self._engine.accept(submission)
            accepted = await accepting
        except NOT_NOW as error:
            raise NotCommittedError(error) from error
        for ref, number in zip(added, accepted.task_ids, strict=True):
            ref.number = number

    def _accept_before_response(
        self, submission: PreparedSubmission
    ) -> asyncio.Future[SubmissionAnswer]:
        """Accept tasks that begin once :meth:`answered` is called, however the wait ends."""
        there = self._engine.answering()
        name = f"{there.process}/{next(_NUMBERS)}"
        accepting = self._engine.accept(replace(submission, response=name))

        def end() -> None:
            if accepting.done():
                there.end_response(name)
            else:
                accepting.add_done_callback(lambda _: there.end_response(name))

        self._held.append(end)
        return asyncio.shield(accepting)

    def let_go(self) -> None:
        """Let the tasks begin that are on disk already, before the response is over."""
        held, self._held = self._held, []
        for begin in held:
            begin()

    def answered(self) -> None:
        """Let the tasks begin: the response was sent, or its client has gone."""
        self._awaits_response = False
        self.let_go()

    def _in_order(self, added: "Sequence[_Ref]") -> list[PreparedTask]:
        """Return each task, with the one it starts behind."""
        last: Place | None = None
        for ref in added:
            if ref.prepared.task.options.is_in_line:
                ref.prepared.task.behind, last = last, Place(ref.place)
        return [ref.prepared for ref in added]

    def _place_of(self, after: TaskRef[Any] | int) -> Place | int:
        if isinstance(after, _Ref) and self.is_waiting(after):
            return Place(after.place)
        return super()._place_of(after)


class _TestTransaction(TransactionTasks):
    """A transaction in tests without a database: its tasks are those of the request."""

    def __init__(
        self,
        engine: Engine,
        add: Add[TaskRef[Any]],
        place_of: Callable[[TaskRef[Any] | int], Place | int],
    ) -> None:
        self._engine = engine
        self._add_to_request = add
        self._place_in_request = place_of

    def _add(self, *call: Any) -> TaskRef[Any]:
        return self._add_to_request(*call)

    async def _add_async(self, *call: Any) -> TaskRef[Any]:
        return self._add_to_request(*call)

    def _place_of(self, after: TaskRef[Any] | int) -> Place | int:
        return self._place_in_request(after)


def _run_at_once(added: "Sequence[_Ref]", at_once: Callable[[NewTask], int]) -> None:
    """Run each task until one raises; in tests, where ``BackgroundTasks`` would run them."""
    for ref in added:
        args, kwargs = decode(ref.prepared.arguments)  # as they were when the task was added
        ref.number = at_once(replace(ref.prepared.task, args=args, kwargs=kwargs))


class _Ref(TaskRef[Any]):
    """An added call; its token is made when it is asked for."""

    __slots__ = ("owner", "place", "prepared")

    def __init__(
        self, engine: Engine, owner: RequestTasks, place: int, prepared: PreparedTask
    ) -> None:
        super().__init__(engine)
        self.owner = owner
        self.place = place
        self.prepared = prepared

    async def result(self, timeout: float | None = None) -> Any:  # noqa: ASYNC109
        """Do as ``TaskRef.result``; the time begins once the tasks are on disk, or refused."""
        self.owner.let_go()  # the response may wait for the result
        if self._number is None:  # a wait that is cut short does not cut the commit short
            await asyncio.shield(self.owner.commit(at_once=True))
        return await super().result(timeout)

    @property
    def token(self) -> str:
        with self.owner.lock:
            task = self.prepared.task
            if task.token is None:
                if not self.owner.is_waiting(self):
                    raise RuntimeError(TOO_LATE)
                task.token = make_token()
            return task.token


class NotCommittedError(HTTPException):
    """The request's tasks could not be put on disk, so the request fails.

    A mounted app handles it like any other ``HTTPException``.
    """

    def __init__(self, error: EngineError) -> None:
        after = round(error.retry_after) if isinstance(error, Busy) else RETRY_AFTER_S
        told = {"Retry-After": str(after)}
        super().__init__(HTTPStatus.SERVICE_UNAVAILABLE, str(error), headers=told)


def engine_of(connection: HTTPConnection) -> Engine:
    """Return the engine of a request's app, or of the app it is mounted in."""
    engine = connection.scope.get(KEY)
    if engine is None:
        raise RuntimeError(NOT_INSTALLED)
    return cast("Engine", engine)


_CALL: Final[ContextVar[list[RequestTasks]]] = ContextVar("sendoff_tasks.call")
"""The tasks of the endpoint's call that is being prepared, also those of its dependencies."""
_CALLED: Final = "sendoff_tasks.call"
"""The key of the same list in the scope of a request."""


async def durable_tasks(connection: HTTPConnection) -> AsyncIterator[RequestTasks]:
    """Collect a request's tasks and commit them; an exception in the route drops them.

    That also holds where a route class answers the exception, or calls the endpoint again. An
    endpoint that yields has not begun when this is over: ``responses`` commits its tasks.
    """
    awaits_response = connection.scope["type"] == "http" and TASKS in connection.scope
    tasks = RequestTasks(engine_of(connection), awaits_response=awaits_response)
    connection.scope.get(TASKS, []).append(tasks)
    _CALL.set(call := connection.scope.setdefault(_CALLED, []))
    call.append(tasks)
    try:
        yield tasks
    except BaseException:
        tasks.drop()
        raise
    if not awaits_response or not _yields(connection.scope.get("endpoint")):
        await tasks.commit(is_last=not awaits_response)


def _yields(endpoint: Any) -> bool:
    """Tell whether FastAPI streams what an endpoint yields."""
    while isinstance(endpoint, partial):
        endpoint = endpoint.func
    called = getattr(type(endpoint), "__call__", None)  # noqa: B004 - of an object that is callable
    ways = (inspect.unwrap(endpoint), called) if callable(endpoint) else ()
    return any(inspect.isgeneratorfunction(f) or inspect.isasyncgenfunction(f) for f in ways)


def heed_endpoints() -> None:
    """Learn of an endpoint's exception where FastAPI calls it: a route class may answer it."""
    run = getattr(routing, "run_endpoint_function", None)
    if run is not None and not hasattr(run, "__wrapped__"):

        @wraps(run)
        async def run_endpoint_function(*args: Any, **kwargs: Any) -> Any:
            with _dropped_if_it_raises():
                return await run(*args, **kwargs)

        routing.run_endpoint_function = run_endpoint_function


@contextmanager
def _dropped_if_it_raises() -> Iterator[None]:
    waiting = _CALL.get([])
    of_this_call = waiting[:]
    waiting.clear()  # those of another call are its own
    try:
        yield
    except BaseException:
        for tasks in of_this_call:
            tasks.drop()
        raise


_NUMBERS: Final = count(1)
"""The responses of this process for which tasks wait."""

_ALIAS: Final[Any] = type(Annotated[int, ""])


class _Annotation(_ALIAS, _root=True):  # type: ignore[call-arg, misc]
    """An ``Annotated[…]`` that stands for its class where only a class will do.

    It can be patched (``patch("shop.DurableTasks.add_task")``), and ``isinstance`` knows it.
    """

    def __instancecheck__(self, value: object) -> bool:
        return isinstance(value, self.__origin__)

    def __subclasscheck__(self, kind: type) -> bool:
        return issubclass(kind, self.__origin__)

    def __delattr__(self, name: str) -> None:
        delattr(self.__origin__, name)


if TYPE_CHECKING:
    DurableTasks = Annotated[RequestTasks, Depends(durable_tasks, scope="function")]
else:
    DurableTasks = _Annotation(RequestTasks, (Depends(durable_tasks, scope="function"),))
"""Replaces ``BackgroundTasks`` in the parameters of routes and dependencies.

A dependency with ``yield`` that takes it must itself be ``Depends(…, scope="function")``.
"""
ENCODERS_BY_TYPE.update(dict.fromkeys((_Ref, HandedRef), lambda _: None))
"""A route that returns what ``add_task`` returned answers ``null``, as with ``BackgroundTasks``."""
