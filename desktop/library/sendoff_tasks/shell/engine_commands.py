"""``worker``, ``migrate``, ``doctor``, ``check`` and ``monitor``: they know the engine."""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
import tempfile
from argparse import ArgumentTypeError
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from sendoff_tasks.folder.paths import DataFolder, data_dir
from sendoff_tasks.shell.command_line import fail, say, say_whole
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from sqlalchemy import Table

    from sendoff_tasks.folder.backend_addresses import Backend


def database_url(typed: str) -> str:
    """Accept the address of a database on a server."""
    from sendoff_tasks.facade.opening import is_on_server

    if not is_on_server(typed):
        raise ArgumentTypeError(ENGLISH.say("database", "no_address"))
    return typed


def run_worker(options: argparse.Namespace) -> int:
    """Run tasks until a signal."""
    from sendoff_tasks.http import worker
    from sendoff_tasks.store.errors import StoreError
    from sendoff_tasks.worker.process import NotImported, app_in

    folder = DataFolder(data_dir(options.data_dir))
    try:
        if options.app is not None:
            return worker.run_app(app_in(options.app))
        return worker.run(options.database, options.modules, options.queues, folder)
    except (StoreError, NotImported) as error:
        return fail(str(error))


def make_tables(options: argparse.Namespace) -> int:
    """Make the engine's tables."""
    return migrate(options.database)


def migrate(database: str, tables: Sequence[Table] = ()) -> int:
    """Make the tables in a database, with those of features; return the exit status."""
    from sendoff_tasks.facade import opening
    from sendoff_tasks.store.errors import StoreError

    try:
        version = opening.migrate(database, tables)
    except StoreError as error:
        return fail(str(error))
    print(f"The tables in the schema sendoff are of version {version}.")
    return 0


def examine(options: argparse.Namespace) -> int:
    """Check everything, or restore a backup."""
    from sendoff_tasks.shell import doctor
    from sendoff_tasks.shell.engine_doctor import look_at_database, look_at_version

    if options.database is None:
        return doctor.run(options.data_dir, restores=options.restore, beside=look_at_version)

    found = look_at_database(options.database)
    return doctor.run(options.data_dir, restores=False, on_server=found)


UNCLEAR: Final = (
    "Unclear calls are kept or refused at the request: annotate what is not known, or try them."
)


def check_app(options: argparse.Namespace) -> int:
    """Print what happens to each call of `add_task`; return 1 if one is refused."""
    from sendoff_tasks.errors import EngineError
    from sendoff_tasks.fastapi.checking import CallFate, find_calls
    from sendoff_tasks.functions.arguments import CAN_BE_KEPT
    from sendoff_tasks.worker.process import NotImported, app_in

    try:
        is_ported = hasattr(app_in(options.app).state, "sendoff_engine")
        calls = find_calls(options.app.partition(":")[0], is_ported=is_ported)
    except (NotImported, EngineError, TypeError) as error:
        return fail(str(error))
    for call in calls:
        file = os.path.relpath(call.file)
        why = f": {call.why}" if call.why else ""
        print(f"{file}:{call.line}: {call.fate}: {call.text}{why}")
    counts = Counter(call.fate for call in calls)
    told = ", ".join(f"{counts[each]} {each}" for each in CallFate if counts[each])
    print(f"Calls of add_task: {told or 'none was found'}.")
    if counts[CallFate.REFUSED] or counts[CallFate.UNCLEAR]:
        print(f"An argument can be: {CAN_BE_KEPT}.")
    if counts[CallFate.UNCLEAR]:
        print(UNCLEAR)
    if not is_ported:
        print("The app does not call install(app, …) yet: this is what would happen to its calls.")
    return int(counts[CallFate.REFUSED] > 0)


def show_page(options: argparse.Namespace) -> int:
    """Print where the page of the tasks is, or serve it."""
    from sendoff_tasks.client.health import running_backend

    folder = DataFolder(data_dir(options.data_dir))
    running = running_backend(folder)
    if running is not None:
        _tell_page(running.url, running.token)
        return 0
    if not folder.db.exists():
        return fail(ENGLISH.say("session", "no_tasks", folder=folder.root))
    with tempfile.TemporaryDirectory(prefix="sendoff-tasks-") as made:
        return _show_copy(folder, DataFolder(Path(made) / "data"), options.port)


def _tell_page(url: str, token: str) -> None:
    say(ENGLISH.say("session", "open", address=url))
    if sys.stdout.isatty():
        say(ENGLISH.say("session", "token"))
        say_whole(token)
    else:
        say(ENGLISH.say("session", "no_terminal"))


def _show_copy(folder: DataFolder, copy: DataFolder, port: int) -> int:
    """Serve the page of a copy: the store itself is left to whoever will run its tasks."""
    from sendoff_tasks.facade.engine import Engine
    from sendoff_tasks.facade.running_engine import EngineConfig
    from sendoff_tasks.folder.tokens import add_token
    from sendoff_tasks.functions.registry import Registry
    from sendoff_tasks.http.lifecycle import StartError, listen, signals
    from sendoff_tasks.http.monitor import Monitor
    from sendoff_tasks.model.problems import Access
    from sendoff_tasks.store.database import connect_reader
    from sendoff_tasks.store.errors import StoreError

    logging.getLogger("sendoff_tasks").setLevel(logging.ERROR)  # that it is a copy is known
    ended, registry = SimpleQueue[None](), Registry()
    shown: SimpleQueue[Backend] = SimpleQueue()
    copy.create()
    try:
        listen("127.0.0.1", port).close()  # the monitor would wait for a port that is taken
        with closing(connect_reader(folder.db)) as store, closing(sqlite3.connect(copy.db)) as made:
            store.backup(made)
        engine = Engine(EngineConfig(copy.db, registry, lanes=False))
        engine.start()
    except StartError as error:
        return fail(str(error))
    except (sqlite3.Error, StoreError) as error:
        return fail(ENGLISH.say("session", "not_shown", file=folder.db, why=error))
    with ExitStack() as stack:
        stack.enter_context(signals(lambda: ended.put(None)))
        stack.callback(engine.stop)
        address = ("127.0.0.1", port)
        stack.enter_context(Monitor(copy, engine, registry, address=address, on_ready=shown.put))
        say(ENGLISH.say("session", "copy_shown"))
        _tell_page(shown.get().url, add_token(copy.tokens_file, "monitor", Access.VIEWER))
        ended.get()
    return 0
