"""The command ``sendoff doctor``: print one line for each check, or restore a backup."""

from __future__ import annotations

import sqlite3
from itertools import chain
from typing import TYPE_CHECKING, Final

from desktop.settings.database_backups import find_fault
from desktop.settings.database_restore import RestoreError, restore
from desktop.settings.paths import DataFolder, data_dir
from desktop.shell.doctor import ok
from desktop.shell.doctor.machine import is_shut, look_at_machine
from desktop.shell.doctor.mail import look_at_mail
from desktop.shell.doctor.standstill import look_for_standstill
from desktop.shell.doctor.store import describe_barrier, look_at_store
from desktop.shell.terminal import fail, say, until_unheard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from desktop.shell.doctor import Finding


ON_SERVER: Final = "Store: in a database on a server, which checks and copies it itself"
NAME_IT: Final = "; --database URL looks at it"


def run(folder: str | None, *, restores: bool, on_server: Iterable[Finding] = ()) -> int:
    """Check everything, or restore a backup; return 0 if all is well afterwards, else 1.

    If the tasks are in a database on a server, ``on_server`` holds the findings there.
    """
    data = DataFolder(data_dir(folder))
    return until_unheard(lambda: _restore(data) if restores else _look(data, on_server))


def _look(data: DataFolder, on_server: Iterable[Finding]) -> int:
    is_well = True
    for finding in chain(look_at_machine(data), on_server or _look_inside(data)):
        say(str(finding))
        is_well = is_well and finding.ok
    return 0 if is_well else 1


def _look_inside(data: DataFolder) -> Iterator[Finding]:
    if is_shut(data.root):
        return
    if data.server_mark.exists():  # the database also holds the mail settings
        yield ok(f"{ON_SERVER}{NAME_IT}")
        return
    yield from look_at_store(data.db)
    if not data.app_mark.exists():  # an app sends its own mail
        yield from look_at_mail(data.db, data.settings_file)
    yield from look_for_standstill(data.db, data.settings_file)


def _restore(data: DataFolder) -> int:
    database = data.db
    try:
        if data.server_mark.exists():
            return fail(f"{ON_SERVER}. Nothing was restored.")
        if database.exists() and find_fault(database, at_rest=False) is None:
            return fail(f"{database} is sound, so nothing was restored.")
    except (OSError, sqlite3.OperationalError) as error:
        return fail(f"{describe_barrier(database, error)} Nothing was restored.")
    try:
        done = restore(database)
    except RestoreError as error:
        return fail(str(error))
    say(done.sentence)
    return 0
