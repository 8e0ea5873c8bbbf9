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

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from sqlalchemy import Table

    from sendoff_tasks.folder.backend_addresses import Backend


def database_url(typed: str) -> str:
    """Accept the address of a database on a server."""
    from sendoff_tasks.facade.opening import is_on_server
    from sendoff_tasks.words.table import ENGLISH

    if not is_on_server(typed):
        raise ArgumentTypeError(ENGLISH.say("database", "no_address"))
    return typed


def worker_options(parser: argparse.ArgumentParser) -> str:
    """Add the options of ``worker``; return what its help says more."""
    more = (
        "With --database any number of workers, on any machine with the tasks' code, run what the "
        "process that serves the tasks gives them. With --app this process runs all tasks of the "
        "app's folder, and those that serve the app only add some. SIGTERM or Ctrl+C lets running "
        "tasks end (up to 10 s) and hands the rest back."
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--database", type=database_url, metavar="URL", help="postgresql://…")
    where.add_argument("--app", metavar="MODULE:APP", help="as the server is told, as in main:app")
    parser.add_argument(
        "--import",
        dest="modules",
        metavar="MODULE",
        action="append",
        default=[],
        help="a module with tasks, such as shop.tasks; may be given several times, and is needed "
        "for an app's tasks",
    )
    parser.add_argument(
        "--queues",
        nargs="+",
        metavar="QUEUE",
        default=[],
        help="run only the tasks of these queues that @task describes (default: all)",
    )
    parser.set_defaults(run=_worker)
    return more


def migrate_options(parser: argparse.ArgumentParser) -> str:
    """Add the options of ``migrate``; return what its help says more."""
    more = (
        "Use this, as the owner of the tables, if the user of the app or the backend is not, and "
        "grant the rights afterwards. Tables of an older version are brought up to date, while no "
        "process runs the tasks; those of this version are not changed."
    )
    parser.add_argument(
        "--database", type=database_url, metavar="URL", required=True, help="postgresql://…"
    )
    parser.set_defaults(run=_migrate)
    return more


def _worker(options: argparse.Namespace) -> int:
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


def _migrate(options: argparse.Namespace) -> int:
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


def doctor_options(parser: argparse.ArgumentParser) -> str:
    """Add the options of ``doctor``; return what its help says more."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--database",
        type=database_url,
        metavar="URL",
        help="look at this database, and at what else the program keeps in it",
    )
    what.add_argument(
        "--restore",
        action="store_true",
        help="put the newest sound backup in the place of a damaged store, which is kept",
    )
    parser.set_defaults(run=_doctor)
    return (
        "One line each: machine, store, backups, what else the program needs, and what waits; "
        "`look` where you have something to do, and what. Exit status 1 if there is such a line."
    )


def _doctor(options: argparse.Namespace) -> int:
    from sendoff_tasks.shell import doctor
    from sendoff_tasks.shell.engine_doctor import look_at_database, look_at_version

    if options.database is None:
        return doctor.run(options.data_dir, restores=options.restore, beside=look_at_version)

    found = look_at_database(options.database)
    return doctor.run(options.data_dir, restores=False, on_server=found)


def check_options(parser: argparse.ArgumentParser) -> str:
    """Add the options of ``check``; return what its help says more."""
    parser.add_argument("app", metavar="MODULE:APP", help="as the server is told, such as main:app")
    parser.set_defaults(run=_check)
    return (
        "Imports the app, starts nothing, and prints a line for each add_task in its source: kept, "
        "refused (and why), in memory (FastAPI's own BackgroundTasks), or unclear: the source does "
        "not say what the function or an argument is. In an app without "
        "install(…) it tells what would be refused. Exit "
        "status 1 if one is refused."
    )


UNCLEAR: Final = (
    "Unclear calls are kept or refused at the request: annotate what is not known, or try them."
)


def _check(options: argparse.Namespace) -> int:
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


OPEN: Final = "Open {}/monitor/ in a browser."
TOKEN: Final = "It asks for this token:"  # noqa: S105 - a sentence
NO_TERMINAL: Final = "It asks for a token, which is printed to a terminal only."
STOPPED: Final = "Nothing runs these tasks. This is how they were left; end it with Ctrl+C."
NO_TASKS: Final = "There are no tasks in {}."


def monitor_options(parser: argparse.ArgumentParser) -> str:
    """Add the options of ``monitor``; return what its help says more."""
    parser.add_argument(
        "--port", type=int, default=0, help="serve at this port of 127.0.0.1 (default: a free one)"
    )
    parser.set_defaults(run=_monitor)
    return (
        "Prints where the page of the tasks is. If nothing runs them, it serves the page of a copy "
        "of the store, to look at only, until Ctrl+C."
    )


def _monitor(options: argparse.Namespace) -> int:
    from sendoff_tasks.client.health import running_backend

    folder = DataFolder(data_dir(options.data_dir))
    running = running_backend(folder)
    if running is not None:
        _tell_page(running.url, running.token)
        return 0
    if not folder.db.exists():
        return fail(NO_TASKS.format(folder.root))
    with tempfile.TemporaryDirectory(prefix="sendoff-tasks-") as made:
        return _show_copy(folder, DataFolder(Path(made) / "data"), options.port)


def _tell_page(url: str, token: str) -> None:
    say(OPEN.format(url))
    if sys.stdout.isatty():
        say(TOKEN)
        say_whole(token)
    else:
        say(NO_TERMINAL)


def _show_copy(folder: DataFolder, copy: DataFolder, port: int) -> int:
    """Serve the page of a copy: the store itself is left to whoever will run its tasks."""
    from sendoff_tasks.facade.engine import Engine
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
        engine = Engine(copy.db, registry, lanes=False)
        engine.start()
    except StartError as error:
        return fail(str(error))
    except (sqlite3.Error, StoreError) as error:
        return fail(f"{folder.db} cannot be shown: {error}")
    with ExitStack() as stack:
        stack.enter_context(signals(lambda: ended.put(None)))
        stack.callback(engine.stop)
        address = ("127.0.0.1", port)
        stack.enter_context(Monitor(copy, engine, registry, address=address, on_ready=shown.put))
        say(STOPPED)
        _tell_page(shown.get().url, add_token(copy.tokens_file, "monitor", Access.VIEWER))
        ended.get()
    return 0
