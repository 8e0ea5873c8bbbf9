"""Installing: gives an app an engine that starts and stops with it."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import signal
import sys
import threading
from asyncio import _get_running_loop
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import (
    ExitStack,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from inspect import currentframe
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final, Literal, TypeVar
from weakref import WeakSet

from anyio import from_thread
from anyio.lowlevel import EventLoopToken, current_token
from fastapi import FastAPI, Request, WebSocket
from fastapi.responses import JSONResponse
from starlette.status import WS_1013_TRY_AGAIN_LATER
from starlette.types import ASGIApp, Receive, Scope, Send

from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.opening import is_on_server, needing_driver
from sendoff_tasks.facade.running_engine import (
    GRACE_S,
    IO_SLOTS,
    EngineConfig,
    RunningEngine,
    default_cpu_slots,
)
from sendoff_tasks.fastapi.monitoring import (
    MakeMonitor,
    beside_database,
    check_app,
    home_of,
    mark,
    monitor_maker,
)
from sendoff_tasks.fastapi.requests import (
    KEY,
    NOT_INSTALLED,
    NotCommittedError,
    heed_endpoints,
)
from sendoff_tasks.fastapi.responses import answering, keeping
from sendoff_tasks.fastapi.telling import OnEvent, telling
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.folder.safe_files import write_atomic
from sendoff_tasks.functions.arguments import Variables
from sendoff_tasks.functions.eligibility import brief, check_function
from sendoff_tasks.functions.lifespan import Lifespan, TaskLifespan
from sendoff_tasks.functions.registry import AppRegistry, Around, Registry
from sendoff_tasks.functions.source import source_of
from sendoff_tasks.lanes.os_process import imports_main, runs_for_another
from sendoff_tasks.model.problems import MEDIA_TYPE, Problem
from sendoff_tasks.postgres.mark import ServerMark
from sendoff_tasks.processes import Member, Sharing, SubmitOnly
from sendoff_tasks.processes.sharing import MonitorOpener, Visit

NO_ASYNCIO: Final = "durable tasks need asyncio: this server runs the app in another event loop"
IN_LANE: Final = (
    "a process of the cpu lane imports the program's main module, and that must not start the app: "
    'put the start under `if __name__ == "__main__":`'
)
INSTALLED: Final = "install() has been called for this app before; it returned its engine then"


WORKER: Final = "sendoff_worker"
"""The name in an app's state by which a process of its own runs the tasks of its folder."""
WORKER_MARK: Final = b"Only `sendoff-tasks worker --app` runs these tasks, until this is deleted.\n"
NEW: Final = (
    "%s has had no tasks until now: those added here wait for an app that is started with this "
    "data_dir"
)
log = logging.getLogger(__name__)

in_tests: Callable[[Engine, bool], Callable[[], None]] | None = None
"""Starts a stand-in for an engine, for as long as its app runs or for one test; returns its stop.

Set by ``sendoff_tasks.stand_ins``.
"""


def install(
    app: FastAPI,
    *,
    data_dir: str | Path | None = None,
    database: str | None = None,
    io_slots: int = IO_SLOTS,
    cpu_slots: int | None = None,
    grace: float = GRACE_S,
    retention: timedelta | None = None,
    monitor: bool | str | MakeMonitor = True,
    token: str | None = None,
    contextvars: Iterable[ContextVar[Any]] = (),
    around: Around | None = None,
    task_lifespan: Lifespan | None = None,
    on_event: OnEvent | None = None,
    async_tasks: Literal["own", "app"] = "own",
) -> Engine:
    """Give the app an engine that stores its tasks in ``data_dir`` and starts and stops with it.

    A relative ``data_dir`` begins at the folder of the app's module, wherever the process was
    started: the module whose own lines call this, also by a function of another one. A factory
    needs an absolute one. The folder belongs to that app; another one that is given it raises
    ``StoreError`` when it starts.

    With ``database``, the address of a PostgreSQL database (``postgresql://…``), tasks are stored
    there instead, in the schema ``sendoff``. A ``data_dir`` given as well holds the settings of
    their monitor, which is served by the process that runs the tasks.

    The app's own lifespan is kept and runs inside the engine's. Functions decorated with ``@task``
    in modules loaded when the app starts are known by name, plain ones by ``module:qualname``.
    After a restart both are imported from their modules when their tasks continue. Returns the
    engine, whose ``add_task`` accepts tasks from any thread.

    With ``monitor``, ``sendoff --data-dir …`` and the other commands show and control these tasks
    while the app runs, and tasks in the folder's ``tasks/`` and of installed packages can be run by
    name. Without it there is only the engine. ``monitor="127.0.0.1:9108"`` serves the monitor at
    that address of this computer, where Prometheus reads ``/metrics``; ``token``, of 32 characters
    or more, is then what requests must bring, instead of one that each start makes. A callable
    makes a custom monitor.

    ``io_slots`` threads run blocking tasks (at most four fifths of them for one queue).
    ``cpu_slots`` processes run computing tasks, by default one per core. When the app stops,
    running tasks have ``grace`` s to end. Succeeded and cancelled tasks are kept for ``retention``,
    by default 30 days; failed and uncertain tasks three times as long.

    ``contextvars`` are variables at the top of a module. A task runs with the values they had where
    it was added.

    ``around`` is a function at the top of a module. Each attempt runs inside the context manager,
    plain or async, that it makes of the attempt's ``TaskContext``.

    ``task_lifespan`` is a function at the top of a module that makes an async context manager. Each
    process that runs tasks enters it before its first attempt and leaves it after its last: this
    one, its processes of the cpu lane, and workers. What it yields is the ``state`` of each
    ``TaskContext``. If it raises, the app does not start, and in the cpu lane the task is tried
    again. ``async def`` tasks run in its event loop.

    ``on_event`` is called, or awaited, with the row of each task that has changed, in a thread of
    its own of the process that runs the tasks: what waits there holds up no task. It hears nothing
    of what changes while no process runs them.

    ``async def`` tasks run in an event loop of their own. With ``async_tasks="app"`` they run in
    the app's, after the app's lifespan has begun and until before it ends, so they can use its
    clients and pools. A task that blocks that loop delays every request; the log warns of it.

    If several processes share one ``data_dir``, or one ``database`` on any number of machines, one
    of them runs the tasks, and the others submit to it.

    Raises ``ValueError`` or ``TypeError`` for an option that cannot be used, ``RuntimeError`` if
    the app already has an engine.
    """
    if hasattr(app.state, "sendoff_engine"):
        raise RuntimeError(INSTALLED)
    registry = AppRegistry()
    _check_options(io_slots, cpu_slots, grace, retention)
    if async_tasks not in {"own", "app"}:
        raise ValueError(f"async_tasks: it is 'own' or 'app', got {brief(async_tasks)}")
    is_in_app_loop = async_tasks == "app"
    frame = currentframe()
    home = home_of(None if frame is None else frame.f_back)
    module = home.module
    folder = _folder_of(home.base, data_dir, needed=not isinstance(monitor, bool))
    place = _place_of(folder, database)
    make_monitor = monitor_maker(monitor, token)
    kept = place if isinstance(place, str) else place.db
    config = EngineConfig(
        kept,
        registry,
        io_slots=io_slots,
        cpu_slots=cpu_slots or default_cpu_slots(),
        mark=ServerMark(folder.newest_group if folder else None),
    )
    engine = Engine(config)
    if retention is not None:
        engine.keep(retention)
    engine.folder = folder if monitor is not False else None
    engine.variables = Variables(contextvars)
    registry.around = None if around is None else _checked("around", around)
    if task_lifespan is not None:
        registry.lifespan = TaskLifespan(_checked("task_lifespan", task_lifespan))
    installed = _InstalledEngine(
        engine, registry, place, module, folder, make_monitor, grace, on_event
    )
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[Any]:
        if _get_running_loop() is None:
            raise RuntimeError(NO_ASYNCIO)
        if imports_main():
            raise RuntimeError(IN_LANE)
        # In this thread, which is the server's main one.
        with heard_signals(lambda is_to_exit: engine.note_end(is_to_exit=is_to_exit)) as are_heard:
            engine.config = replace(engine.config, told_of_end=are_heard)
            if is_in_app_loop:  # its tasks use what the app's lifespan opens
                async with inner(running) as state, tasks() as ready:
                    ready()
                    yield state
            else:
                async with tasks() as ready, inner(running) as state:
                    ready()
                    yield state

    @asynccontextmanager
    async def tasks() -> AsyncIterator[Callable[[], None]]:
        held = ExitStack()
        try:
            if in_tests is not None:
                held.callback(in_tests(engine, True))
                yield lambda: None
                return
            engine.is_ending = False
            registry.add_described()
            engine.variables.locate()
            engine.config = replace(
                engine.config,
                loop=asyncio.get_running_loop() if is_in_app_loop else None,
                on_thread=partial(_lead_back, current_token()),
            )
            is_worker = getattr(app.state, WORKER, False)
            member = await asyncio.to_thread(installed.take_part, is_worker)
            held.callback(member.leave)
            await asyncio.to_thread(member.join)
            if isinstance(place, DataFolder):  # its owner, if it is another process, marked it
                check_app(place, module)
            yield member.ready
        finally:
            await asyncio.to_thread(held.close)

    app.router.lifespan_context = lifespan
    heed_endpoints()
    # Starlette calls it with either kind of connection, and has no type for that.
    app.add_exception_handler(NotCommittedError, _service_unavailable)  # type: ignore[arg-type]
    app.add_middleware(_EngineMiddleware, engine=engine)
    app.state.sendoff_engine = engine
    app.state.sendoff_visit = installed.visit
    engine.when_closed = lambda: _reach(engine, app)
    engines.add(engine)
    return engine


@dataclass(frozen=True, eq=False)
class _InstalledEngine:
    """An app's engine, and where its tasks are; ``folder`` is of their monitor."""

    engine: Engine
    registry: AppRegistry
    place: DataFolder | str
    module: str
    folder: DataFolder | None
    make_monitor: Callable[[], MakeMonitor | None]
    grace: float
    on_event: OnEvent | None

    def take_part(self, is_worker: bool) -> Member | Visit:
        """Return the part of a process that serves the app, or is its worker, for it to join."""
        if isinstance(self.place, DataFolder):
            if is_worker:
                self.place.root.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_atomic(self.place.worker_mark, WORKER_MARK)
            elif self.place.worker_mark.exists():
                return self.visit()
        make = self.make_monitor() if self.folder else None  # it may run the tasks at once
        own = partial(self._start, make)
        if isinstance(self.place, DataFolder):
            return Sharing(self.engine, self.registry, self.place, own)
        with needing_driver():
            from sendoff_tasks.processes.on_server import OnServer
        return OnServer(self.engine, self.registry, self.place, own)

    def visit(self) -> Visit:
        """Return the part of a process that only adds tasks."""
        if isinstance(self.place, DataFolder):
            check_app(self.place, self.module)
            return SubmitOnly(self.engine, self.registry, self.place, self._start_accepting)
        with needing_driver():
            from sendoff_tasks.processes.on_server import VisitingServer
        return VisitingServer(self.engine, self.registry, self.place, self._start_accepting)

    def _start(self, make: MakeMonitor | None, held: ExitStack) -> MonitorOpener:
        """Start the engine; return its monitor. Closing ``held`` ends both in order."""
        mark(self.place, self.module)
        # Before the start, because it adds functions of its own, for which no task must wait.
        if isinstance(self.place, DataFolder):
            self.place.backend_file.unlink(missing_ok=True)  # left by a process that was killed
            served = make(self.place, self.engine, self.registry) if make else nullcontext()
            monitor: MonitorOpener = lambda: served  # noqa: E731
        else:
            monitor = beside_database(make, self.folder, self.engine, self.registry)
        held.callback(self.engine.stop, self.grace)
        self.engine.start()
        if self.on_event is not None:
            held.enter_context(telling(self.engine, self.on_event))
        return monitor

    def _start_accepting(self, held: ExitStack) -> None:
        """Start an engine that runs no tasks and looks for no functions."""
        if isinstance(self.place, DataFolder) and not self.place.db.exists():
            log.warning(NEW, self.place.root)
        mark(self.place, self.module)
        held.callback(self.engine.stop)
        config = replace(self.engine.config, registry=Registry(), lanes=False)
        self.engine.adopt(RunningEngine(config))


def _check_options(
    io_slots: int, cpu_slots: int | None, grace: float, retention: timedelta | None
) -> None:
    """Raise ``ValueError`` or ``TypeError`` for the first unusable option."""
    for name, slots in (("io_slots", io_slots), ("cpu_slots", cpu_slots)):
        if slots is not None and slots < 1:
            raise ValueError(f"{name}: {slots} is not a number from 1")
    if not (math.isfinite(grace) and grace >= 0):
        raise ValueError(f"grace: {grace} is not a number of seconds")
    if retention is not None and not isinstance(retention, timedelta):
        raise TypeError(f"retention is a timedelta, as in timedelta(days=7), got {retention!r}")
    if retention is not None and retention <= timedelta(0):
        raise ValueError(f"retention: {retention} is not a time to keep tasks")


Given = TypeVar("Given", bound=Callable[..., Any])


def _checked(option: str, given: Given) -> Given:
    """Raise ``TypeError`` for what a process of the cpu lane could not import."""
    check_function(option, given)
    is_named = hasattr(given, "__module__") and hasattr(given, "__qualname__")
    if not is_named or source_of(given).held() is not given:
        raise TypeError(f"{option} must be a function at the top of a module, got {given!r}")
    return given


def _place_of(folder: DataFolder | None, database: str | None) -> DataFolder | str:
    """Return where tasks are stored: a folder, or the address of a database on a server."""
    if database is not None:
        if not is_on_server(database):
            raise ValueError("database must begin with postgresql://")
        return database
    if folder is None:
        raise ValueError("Give data_dir or database.")
    return folder


def _folder_of(base: Path, data_dir: str | Path | None, *, needed: bool) -> DataFolder | None:
    """Return the folder of the tasks, or of their monitor, which ``needed`` says must be given."""
    if data_dir is None:
        if needed:
            raise ValueError("monitor: beside a database it needs a data_dir for its settings")
        return None
    folder = (base / Path(data_dir).expanduser()).absolute()
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"data_dir: {folder} is a file, and tasks are kept in a folder")
    return DataFolder(folder)


@contextmanager
def submitting(app: FastAPI) -> Iterator[Engine]:
    """Let a script add tasks to an app that other processes serve, inside the block.

    Yields the app's engine. Its ``add_task`` returns once the task is on disk. The task is run by
    the process that runs the app's tasks, or by the next one. In a process that serves the app
    nothing changes; any other process runs no tasks.
    """
    engine = installed_engine(app)
    takes_part = engine.is_running or engine.elsewhere is not None
    if in_tests is not None or takes_part:
        yield engine
        return
    visit = app.state.sendoff_visit()
    visit.join()
    try:
        yield engine
    finally:
        visit.leave()


def installed_engine(app: FastAPI) -> Engine:
    """Return the app's engine; raise ``RuntimeError`` if it has none."""
    engine = getattr(app.state, "sendoff_engine", None)
    if not isinstance(engine, Engine):
        raise RuntimeError(NOT_INSTALLED)  # noqa: TRY004 - no type is wrong
    return engine


def _lead_back(token: EventLoopToken) -> None:
    """Let a thread call the app's loop, as the threads of its routes may.

    anyio has no public way to tell a whole thread its loop.
    """
    from_thread.threadlocals.current_token = token  # type: ignore[attr-defined]


engines: Final[WeakSet[Engine]] = WeakSet()
"""Those that apps of this process have."""


def _forget_parent() -> None:
    """In a forked process: its parent's threads are not here, and a call would wait for ever."""
    for engine in engines:
        engine.adopt(None)
        engine.elsewhere = None


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_forget_parent)

_reaching: Final = threading.RLock()


def _reach(engine: Engine, app: FastAPI) -> None:
    """Start the engine of an app that was not started, as in tests without its lifespan.

    Where tasks run for another process, theirs are submitted to that one until this process ends.
    """
    with _reaching:
        if engine.is_running or engine.elsewhere is not None:
            return  # another thread came first
        if in_tests is not None:
            in_tests(engine, False)
        elif runs_for_another.is_set():
            app.state.sendoff_visit().join()


class _EngineMiddleware:
    """Middleware that tells each request its app's engine, including requests of mounted apps.

    An app that has an engine of its own, and is mounted in another, does not run it.
    """

    def __init__(self, app: ASGIApp, engine: Engine) -> None:
        self._app = app
        self._engine = engine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        runs = self._engine.is_running or self._engine.elsewhere is not None
        if KEY not in scope or runs:
            scope[KEY] = self._engine
        if scope["type"] == "websocket":
            receive, send = keeping(scope, receive, send)
        elif scope["type"] == "http":
            async with answering(scope, receive, send) as (receive_from, send_to):
                await self._app(scope, receive_from, send_to)
            return
        await self._app(scope, receive, send)


async def _service_unavailable(
    connection: Request | WebSocket, error: Exception
) -> JSONResponse | None:
    if isinstance(connection, WebSocket):
        await connection.close(WS_1013_TRY_AGAIN_LATER)
        return None
    status = HTTPStatus.SERVICE_UNAVAILABLE
    problem: Problem = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": getattr(error, "detail", status.description),
    }
    headers = getattr(error, "headers", None)
    return JSONResponse(problem, status, headers=headers, media_type=MEDIA_TYPE)


_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def heard_signals(tell: Callable[[bool], None]) -> Iterator[bool]:
    """Call ``tell``, in a thread of its own, when the process is asked to end during the block.

    Yields whether a SIGTERM is heard, as it is in the process of a server.

    It gets whether the process surely ends: Ctrl+C may end only the server, as in a notebook.

    A server stops the app only after its last request, which may be too late. The handlers that
    were there before are called as well. A signal without one, or a block outside the main thread,
    is left alone. Only SIGHUP, which comes when a terminal is closed, is then taken for SIGTERM: it
    would kill the process as if a task had ended it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield False
        return
    came: SimpleQueue[int] = SimpleQueue()  # its put() is safe in a handler

    def wait() -> None:
        while number := came.get():
            tell(number != signal.SIGINT)

    def on_signal(number: int, frame: Any) -> None:
        came.put(number)
        before[number](number, frame)

    found: dict[int, Any] = {number: signal.getsignal(number) for number in _SIGNALS}
    before: dict[int, Callable[[int, Any], Any]] = {n: h for n, h in found.items() if callable(h)}
    if sys.platform != "win32" and signal.SIGTERM in before:
        hangup = found[signal.SIGHUP] = signal.getsignal(signal.SIGHUP)
        if hangup is signal.SIG_DFL:
            before[signal.SIGHUP] = before[signal.SIGTERM]
    threading.Thread(target=wait, name="signals", daemon=True).start()
    for number in before:
        signal.signal(number, on_signal)
    try:
        yield signal.SIGTERM in before
    finally:
        for number in before:
            if signal.getsignal(number) is on_signal:
                signal.signal(number, found[number])
        came.put(0)
