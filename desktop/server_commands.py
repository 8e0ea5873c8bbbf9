"""``sendoff serve``, ``migrate``, ``move`` and ``doctor``: they know engine and backend."""

from __future__ import annotations

from argparse import ArgumentTypeError
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.paths import data_dir
from sendoff_tasks.shell import engine_commands
from sendoff_tasks.shell.command_line import fail, path, url
from sendoff_tasks.shell.engine_commands import database_url, migrate

if TYPE_CHECKING:
    import argparse

NUL: Final = "Rows whose NUL characters became U+FFFD, because PostgreSQL stores none: {:,}."


def serve_options(parser: argparse.ArgumentParser) -> str:
    """Add the options of ``sendoff serve``; return what its help says more."""
    more = (
        "When it is ready it prints one line of JSON with its url and pid; logs go to stderr. "
        "SIGTERM or Ctrl+C lets running tasks end (up to 10 s) and hands the rest back."
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="loopback address to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=0,
        help="port to listen on (default: 0, the system picks one)",
    )
    parser.add_argument(
        "--database", metavar="URL", help="postgresql://… (default: sendoff.db in the data folder)"
    )
    parser.add_argument(
        "--token-file",
        dest="own_token",
        type=path,
        metavar="FILE",
        help="a file that only you can read, with the token that requests bring (default: a new "
        "one at each start, in backend.json)",
    )
    parser.add_argument(
        "--address",
        type=url,
        metavar="URL",
        help="https://…, where others reach this backend: the spares of its database tell it",
    )
    parser.add_argument("--parent-pipe", action="store_true", help="end when stdin closes, too")
    parser.set_defaults(run=_serve)
    return more


def _port(typed: str) -> int:
    """Parse a port; 0 lets the system pick one."""
    if not (typed.isascii() and typed.isdigit() and int(typed) < 65536):
        raise ArgumentTypeError(f"{typed!r} is not a port from 0 to 65535")
    return int(typed)


def move_options(parser: argparse.ArgumentParser) -> str:
    """Add the options of ``sendoff move``; return what its help says more."""
    more = (
        "Nothing may run on the folder, and the database has to be empty. All is brought over in "
        "one transaction and compared. If it ends before that, both stay as they were; run it "
        "again. Spreadsheets, tokens and your own tasks stay in the folder."
    )
    parser.add_argument(
        "--to", type=database_url, metavar="URL", required=True, help="postgresql://…"
    )
    parser.set_defaults(run=_move)
    return more


def migrate_options(parser: argparse.ArgumentParser) -> str:
    """Add the options of ``sendoff migrate``; return what its help says more."""
    more = engine_commands.migrate_options(parser)
    parser.set_defaults(run=_migrate)
    return more


def doctor_options(parser: argparse.ArgumentParser) -> str:
    """Add the options of ``sendoff doctor``; return what its help says more."""
    more = engine_commands.doctor_options(parser)
    parser.set_defaults(run=_doctor)
    return more


def _serve(options: argparse.Namespace) -> int:
    from desktop.backend import process

    return process.serve(
        process.ServeOptions(
            data_dir=options.data_dir,
            host=options.host,
            port=options.port,
            database=options.database,
            parent_pipe=options.parent_pipe,
            token_file=options.own_token,
            address=options.address,
        )
    )


def _move(options: argparse.Namespace) -> int:
    from desktop.contract.office import PURPOSE
    from desktop.items.feature import domain
    from desktop.mail.files import STORED_FILES
    from desktop.settings.preferences import check_all_keys
    from sendoff_tasks.errors import EngineError
    from sendoff_tasks.facade.opening import move
    from sendoff_tasks.folder.queue_limits import SettingsError

    folder = OfficeFolder(data_dir(options.data_dir))
    try:
        if not folder.app_mark.exists():
            check_all_keys(folder.settings_file)
        rows, changed, files = move(folder, options.to, PURPOSE, STORED_FILES, domain())
    except PermissionError:
        raise  # the folder is another user's
    except (SettingsError, EngineError, OSError) as error:
        return fail(str(error))
    items = rows.get("items", 0)  # an app has none
    moved = f"{items:,} items, {rows['tasks']:,} tasks and {len(files):,} files were moved"
    print(f"{moved}; {sum(rows.values()):,} rows and all files are equal there.")  # noqa: T201
    if changed:
        print(NUL.format(changed))  # noqa: T201
    return 0


def _migrate(options: argparse.Namespace) -> int:
    from desktop.items.tables.schema import metadata

    return migrate(options.database, metadata.sorted_tables)  # it may be for an app, too


def _doctor(options: argparse.Namespace) -> int:
    from desktop.items.tables.schema import metadata
    from desktop.mail.files import SETTINGS
    from desktop.shell.mail_doctor import look_at_stored, look_beside
    from sendoff_tasks.shell import doctor
    from sendoff_tasks.shell.engine_doctor import look_at_database, look_at_version

    tables = metadata.sorted_tables
    if options.database is None:
        return doctor.run(
            options.data_dir,
            restores=options.restore,
            beside=lambda data: chain(look_at_version(data, tables), look_beside(data)),
        )
    folder = OfficeFolder(data_dir(options.data_dir))
    found = look_at_database(
        options.database, partial(look_at_stored, folder), settings=SETTINGS, tables=tables
    )
    return doctor.run(options.data_dir, restores=False, on_server=found)
