"""``worker``, ``migrate``, ``doctor`` and ``check``: they know the engine."""

from __future__ import annotations

import os
from argparse import ArgumentTypeError
from collections import Counter
from typing import TYPE_CHECKING

from sendoff_tasks.folder.paths import DataFolder, data_dir
from sendoff_tasks.shell.command_line import fail

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from sqlalchemy import Table


def database_url(typed: str) -> str:
    """Accept the address of a database on a server."""
    from sendoff_tasks.facade.opening import NO_ADDRESS, is_on_server

    if not is_on_server(typed):
        raise ArgumentTypeError(NO_ADDRESS)
    return typed


def worker_options(parser: argparse.ArgumentParser) -> str:
    """Add the options of ``worker``; return what its help says more."""
    more = (
        "Any number of workers, on any machine with the tasks' code, run what the process that "
        "serves the tasks gives them. SIGTERM or Ctrl+C lets running tasks end (up to "
        "10 s) and hands the rest back."
    )
    parser.add_argument(
        "--database", type=database_url, metavar="URL", required=True, help="postgresql://…"
    )
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
        "grant the rights afterwards. Tables of this version are not changed."
    )
    parser.add_argument(
        "--database", type=database_url, metavar="URL", required=True, help="postgresql://…"
    )
    parser.set_defaults(run=_migrate)
    return more


def _worker(options: argparse.Namespace) -> int:
    from sendoff_tasks.http import worker
    from sendoff_tasks.store.errors import StoreError
    from sendoff_tasks.worker.process import NotImported

    folder = DataFolder(data_dir(options.data_dir))
    try:
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

    if options.database is None:
        return doctor.run(options.data_dir, restores=options.restore)
    from sendoff_tasks.shell.engine_doctor import look_at_database

    found = look_at_database(options.database)
    return doctor.run(options.data_dir, restores=False, on_server=found)


def check_options(parser: argparse.ArgumentParser) -> str:
    """Add the options of ``check``; return what its help says more."""
    parser.add_argument("app", metavar="MODULE:APP", help="as the server is told, such as main:app")
    parser.set_defaults(run=_check)
    return (
        "Imports the app, starts nothing, and prints a line for each add_task in its source: kept, "
        "refused (and why), in memory (FastAPI's own BackgroundTasks), or unclear, where only a "
        "request can tell. Exit status 1 if one is refused."
    )


def _check(options: argparse.Namespace) -> int:
    from sendoff_tasks.errors import EngineError
    from sendoff_tasks.fastapi.checking import CallFate, find_calls
    from sendoff_tasks.worker.process import NotImported, engine_in

    try:
        calls = find_calls(engine_in(options.app), options.app.partition(":")[0])
    except (NotImported, EngineError, TypeError) as error:
        return fail(str(error))
    for call in calls:
        file = os.path.relpath(call.file)
        why = f": {call.why}" if call.why else ""
        print(f"{file}:{call.line}: {call.fate}: {call.text}{why}")
    counts = Counter(call.fate for call in calls)
    told = ", ".join(f"{counts[each]} {each}" for each in CallFate if counts[each])
    print(f"Calls of add_task: {told or 'none was found'}.")
    return int(counts[CallFate.REFUSED] > 0)
