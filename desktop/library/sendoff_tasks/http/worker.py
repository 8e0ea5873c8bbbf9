"""``worker``: runs tasks of a database beside others, or all tasks of an app's folder."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from sendoff_tasks.facade.opening import APP, purpose_of
from sendoff_tasks.fastapi.installing import WORKER, installed_engine
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.functions.plugins import OwnTasks
from sendoff_tasks.http.lifecycle import signals
from sendoff_tasks.http.log_files import log_to
from sendoff_tasks.store.errors import StoreError
from sendoff_tasks.transaction.replies import call_in
from sendoff_tasks.words.table import ENGLISH
from sendoff_tasks.worker import process
from sendoff_tasks.worker.process import NotImported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import FastAPI

    from sendoff_tasks.functions.registry import Registry

AGAIN_S: Final = 1.0

log = logging.getLogger(__name__)


def run(database: str, modules: Sequence[str], queues: Sequence[str], folder: DataFolder) -> int:
    """Run attempts until a signal asks the process to end; return its exit status.

    No ``queues`` means all of them.
    Raises ``NotImported`` and ``StoreError``.
    """
    log_to([logging.StreamHandler()], "%(levelname)s %(name)s: %(message)s")
    ended = SimpleQueue[None]()  # a signal handler may put; an event's lock would block it
    with signals(lambda: ended.put(None)):
        purpose = _purpose(database, ended)
        if purpose is not None:
            is_app = purpose == APP
            registry = _app_registry(modules) if is_app else _own_registry(modules, folder)
            offer = process.offer_of(registry, modules, queues)
            process.run(database, registry, offer, ended.get)
    return 0


def run_app(app: FastAPI) -> int:
    """Run the tasks of an app's folder, and its lifespan, until a signal; return the exit status.

    From the first start on, the processes that serve the app only add tasks.
    Raises what starting the app raises, and ``StoreError`` if its tasks are in a database.
    """
    database = installed_engine(app).config.database
    if not isinstance(database, Path):
        raise StoreError("app.in_database")
    log_to([logging.StreamHandler()], "%(levelname)s %(name)s: %(message)s")
    setattr(app.state, WORKER, True)
    asyncio.run(_serve(app))
    log.warning(DataFolder(database.parent).worker_away)
    return 0


async def _serve(app: FastAPI) -> None:
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    with signals(lambda: call_in(loop, ended.set)):
        async with app.router.lifespan_context(app):
            if installed_engine(app).elsewhere is not None:
                log.warning(ENGLISH.say("app", "still_served"))
            print("This worker has started.", flush=True)  # noqa: T201
            await ended.wait()


def _purpose(database: str, ended: SimpleQueue[None]) -> str | None:
    """Wait until an app or a backend has set up the database; ``None`` if stopped before that."""
    purpose = purpose_of(database)
    if purpose is None:
        log.info(ENGLISH.say("app", "no_tasks"))
    while purpose is None:
        with suppress(Empty):
            return ended.get(timeout=AGAIN_S)
        purpose = purpose_of(database)
    return purpose


def _app_registry(modules: Sequence[str]) -> Registry:
    if not modules:
        raise NotImported(ENGLISH.say("app", "no_module"))
    return process.imported(modules)


def _own_registry(modules: Sequence[str], folder: DataFolder) -> Registry:
    """Register the tasks of ``modules``, of the worker's own task files and of packages."""
    registry = process.imported(modules)
    own = OwnTasks(folder.tasks, registry)
    errors = [error for error in own.look().values() if error is not None]
    for error in (*errors, *own.load_packages()):
        log.error("%s\n%s", error.sentence, error.trace)
    return registry
