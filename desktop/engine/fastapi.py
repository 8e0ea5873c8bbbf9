"""Durable tasks for any FastAPI app: ``install`` it, then ask for ``DurableTasks`` in a route.

One process owns a data folder: run the app with one worker.
"""

import asyncio
import logging
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, nullcontext
from http import HTTPStatus
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Annotated, Any, Final

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from desktop.contract.problems import MEDIA_TYPE, Problem
from desktop.engine.engine import Engine
from desktop.engine.errors import Busy, EngineError
from desktop.engine.functions.arguments import encode
from desktop.engine.functions.registry import Registry, TaskSpec, described
from desktop.engine.functions.source import Source
from desktop.engine.running_engine import GRACE_S
from desktop.engine.store.file.errors import StoreError, StoreInUse
from desktop.engine.submission import NewTask, Submission
from desktop.engine.text import sentence
from desktop.engine.verbs.unique import make_key
from desktop.settings.atomic import write_atomic
from desktop.settings.lock_file import LockFile, last_holder
from desktop.settings.paths import DataFolder

log = logging.getLogger(__name__)

PROGRAM: Final = frozenset({"__main__", "__mp_main__"})
"""What the module a program was started with is called, in it and in its child processes."""
OF_THE_PROGRAM: Final = (
    "{} cannot be a task: it is defined in the program itself (__main__), where no other process "
    "finds it. Move it to a module, or start the app by its module's name: uvicorn main:app"
)
MARK: Final = b"An app runs these tasks (desktop.engine.fastapi), and nothing else may.\n"
"""What the file says that keeps Sendoff's own backend from the app's tasks."""
WAIT_S: Final = GRACE_S + 5.0
"""How long a process that starts waits for the folder: as long as an orderly stop may take."""
WAIT_EVERY_S: Final = 0.1
RETRY_AFTER_S: Final = 2
"""When to try again what could not be written, s."""
MONITOR: Final = Source("desktop.backend.monitor", "Monitor")
"""What serves the monitor unless ``install`` is handed another; found by name when the app starts,
as tasks are, so that the engine imports nothing of the backend."""

MakeMonitor = Callable[[DataFolder, Engine, Registry], AbstractContextManager[object]]
"""Makes a monitor before the engine starts; it serves while the block it is entered for runs."""


def install(app: FastAPI, *, data_dir: str | Path, monitor: bool | MakeMonitor = True) -> Engine:
    """Give the app an engine that keeps its tasks in ``data_dir``, and lives and ends with it.

    The app's own lifespan is kept and runs inside the engine's. Every function decorated with
    ``@task`` in a module that is loaded when the app starts is known by its name; a plain one is
    known by ``module:qualname`` and is imported by that when its tasks are taken up again after a
    restart. Returns the engine, whose ``add_task`` takes tasks from any thread.

    With ``monitor``, ``sendoff --data-dir …`` and the other commands show and steer these tasks
    while the app runs, and tasks in the folder's ``tasks/`` and of installed packages can be run by
    name; without it there is the engine alone. A callable makes a monitor of the caller's own.
    """
    registry = AppRegistry()
    folder = DataFolder(Path(data_dir).absolute())
    engine = Engine(folder.db, registry)
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[Any]:
        held = ExitStack()
        try:
            await _take_folder(held, folder)
            window = await asyncio.to_thread(_start, held, engine, registry, folder, monitor)
            async with inner(running) as state:
                held.enter_context(window)
                yield state
        finally:
            await asyncio.to_thread(held.close)

    app.router.lifespan_context = lifespan
    app.add_exception_handler(NotCommittedError, _service_unavailable)
    app.add_middleware(_Within, make=lambda: RequestTasks(engine, registry))
    return engine


class RequestTasks:
    """The tasks of one request: committed together, before its response leaves.

    Taken from ``starlette.background.BackgroundTasks``: one method, the same arguments.
    """

    def __init__(self, engine: Engine, registry: Registry) -> None:
        self._engine = engine
        self._registry = registry
        self._lock = threading.Lock()
        self._tasks: list[NewTask] | None = []

    def add_task(self, func: Callable[..., Any], /, *args: Any, **kwargs: Any) -> None:
        """Run ``func(*args, **kwargs)`` durably once the response has been sent; from any thread.

        Raises ``TypeError`` for a function, an argument or a key that cannot be kept,
        ``DuplicateTask`` when another function has its name, ``RuntimeError`` when the request is
        over.
        """
        spec = self._registry.spec_of(func)
        spec.check_arguments(args, kwargs)  # here the mistake has its line in the traceback
        encode(args, kwargs, spec.parameters)
        make_key(spec, args, kwargs)
        with self._lock:
            if self._tasks is None:
                raise RuntimeError("the request is over: use the engine's own add_task")
            self._tasks.append(NewTask(spec.name, args, kwargs))

    async def __call__(self) -> None:
        """Do nothing: a route may hand its response what is on disk before that leaves."""

    async def commit(self) -> None:
        """Put the tasks on disk; raises ``NotCommittedError`` when none of them is."""
        with self._lock:
            tasks, self._tasks = self._tasks, None
        if tasks:
            try:
                await self._engine.accept(Submission(tasks=tasks))
            except EngineError as error:
                raise NotCommittedError(error) from error


class _Within:
    """Tells each request which app's engine it is within: a mounted app's requests too."""

    KEY: Final = "sendoff_tasks"

    def __init__(self, app: ASGIApp, make: Callable[[], RequestTasks]) -> None:
        self._app = app
        self._make = make

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[self.KEY] = self._make
        await self._app(scope, receive, send)


class NotCommittedError(HTTPException):
    """The request's tasks could not be put on disk, so the request fails.

    An app that is mounted in another answers it as any other ``HTTPException``.
    """

    def __init__(self, error: EngineError) -> None:
        after = round(error.retry_after) if isinstance(error, Busy) else RETRY_AFTER_S
        told = {"Retry-After": str(after)}
        super().__init__(HTTPStatus.SERVICE_UNAVAILABLE, str(error), headers=told)


async def durable_tasks(connection: HTTPConnection) -> AsyncIterator[RequestTasks]:
    """Collect a request's tasks and commit them; an exception in the route drops them."""
    make = connection.scope.get(_Within.KEY)
    if make is None:
        raise RuntimeError("install(app, data_dir=…) has not been called for this app")
    tasks: RequestTasks = make()
    yield tasks
    await tasks.commit()


DurableTasks = Annotated[RequestTasks, Depends(durable_tasks, scope="function")]
"""Takes the place of ``BackgroundTasks`` in the parameters of routes and dependencies.

A dependency with ``yield`` that asks for it is ``Depends(…, scope="function")`` itself.
"""


class AppRegistry(Registry):
    """The tasks of an app, which are defined all over its modules.

    A function of ``__main__`` is none: after a restart, or from another process, there is no name
    to import it by. Raises ``TypeError`` for one.
    """

    def exchange(
        self, names: Mapping[str, str], functions: Iterable[Callable[..., Any]]
    ) -> list[TaskSpec]:
        """Do as ``Registry.exchange``."""
        functions = list(functions)
        for function in functions:
            if getattr(function, "__module__", None) in PROGRAM:
                raise TypeError(OF_THE_PROGRAM.format(function.__qualname__))
        return super().exchange(names, functions)

    def add_described(self) -> None:
        """Register every function that ``@task`` has described in a loaded module.

        A script that serves itself (``uvicorn.run("main:app")``) is loaded twice, as the program
        and by its name; what has a name is the one to know.
        """
        loaded = list(sys.modules.values())  # other threads may be importing
        for module in [module for module in loaded if isinstance(module, ModuleType)]:
            for value in list(vars(module).values()):
                is_task = isinstance(value, FunctionType) and described(value) is not None
                if is_task and value.__module__ not in PROGRAM:
                    self.add(value)

    def recall(self, places: Mapping[str, str]) -> None:
        """Find the functions of an earlier run's tasks again, by importing their modules.

        Places come from this app's own code, by way of its store. The tasks of one that is gone
        are held.
        """
        for name, place in places.items():
            module, colon, qualname = place.partition(":")
            if colon and self.get(name) is None:
                try:
                    self.add(Source(module, qualname).find())
                except (Exception, SystemExit) as error:
                    log.exception("The function of the task %s cannot be imported", name)
                    why = f"The function {place} cannot be imported: {sentence(error).rstrip('.')}."
                    self.exchange({name: why}, ())


async def _take_folder(held: ExitStack, folder: DataFolder) -> None:
    """Make the folder this process' own, as soon as the one that still stops has left it.

    At a reload, the new process is started before the old one has ended. Raises ``StoreInUse``
    after ``WAIT_S``.
    """
    folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = LockFile(folder.backend_lock)
    until = None
    while not lock.take():
        holder = last_holder(folder.backend_lock)
        if until is None:
            until = time.monotonic() + WAIT_S
            who = "another process" if holder is None else f"process {holder}"
            log.warning("%s: waits for %s, which is still stopping", folder.root, who)
        elif time.monotonic() > until:
            raise StoreInUse(folder.db, holder)
        await asyncio.sleep(WAIT_EVERY_S)
    held.callback(lock.release)


def _start(
    held: ExitStack,
    engine: Engine,
    registry: AppRegistry,
    folder: DataFolder,
    monitor: bool | MakeMonitor,
) -> AbstractContextManager[object]:
    """Start the engine on the folder that was taken; returns what lets the window in.

    Closing ``held`` ends all that in order.
    """
    folder.backend_file.unlink(missing_ok=True)  # of one that was killed
    _mark(folder)
    registry.add_described()
    make = MONITOR.find() if monitor is True else monitor
    window = make(folder, engine, registry) if make else nullcontext()
    held.callback(engine.stop)
    engine.start()
    return window


def _mark(folder: DataFolder) -> None:
    """Say that the tasks are an app's own; raises ``StoreError`` where Sendoff's items are."""
    if folder.app_mark.exists():
        return
    if folder.db.exists():
        looking = Engine(folder.db, Registry(), lanes=False)
        looking.start()
        try:
            has_items = bool(looking.items(limit=1))
        finally:
            looking.stop()
        if has_items:
            why = "has items of Sendoff's own: give the app another data_dir"
            raise StoreError(f"{folder.db} {why}.")
    write_atomic(folder.app_mark, MARK)


async def _service_unavailable(_: Request, error: Exception) -> JSONResponse:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    problem: Problem = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": getattr(error, "detail", status.description),
    }
    headers = getattr(error, "headers", None)
    return JSONResponse(problem, status, headers=headers, media_type=MEDIA_TYPE)
