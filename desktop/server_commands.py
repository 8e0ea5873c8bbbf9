"""``sendoff serve``, ``migrate``, ``move`` and ``doctor``: they know engine and backend."""

from __future__ import annotations

from argparse import ArgumentTypeError
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.paths import data_dir
from sendoff_tasks.shell.command_line import fail
from sendoff_tasks.shell.engine_commands import migrate

if TYPE_CHECKING:
    import argparse

NUL: Final = "Rows whose NUL characters became U+FFFD, because PostgreSQL stores none: {:,}."


def typed_port(typed: str) -> int:
    """Parse a port; 0 lets the system pick one."""
    if not (typed.isascii() and typed.isdigit() and int(typed) < 65536):
        raise ArgumentTypeError(f"{typed!r} is not a port from 0 to 65535")
    return int(typed)


def serve(options: argparse.Namespace) -> int:
    """Run the backend until a signal."""
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


def move_folder(options: argparse.Namespace) -> int:
    """Move a folder's contents into a database."""
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


def make_tables(options: argparse.Namespace) -> int:
    """Make the tables, with those of items."""
    from desktop.items.tables.schema import metadata

    return migrate(options.database, metadata.sorted_tables)  # it may be for an app, too


def examine(options: argparse.Namespace) -> int:
    """Check everything, or restore a backup."""
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
