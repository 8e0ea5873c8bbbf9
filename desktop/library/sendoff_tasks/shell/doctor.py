"""``doctor``: checks the machine and the store, and says what to do."""

from __future__ import annotations

import errno
import json
import os
import platform
import shlex
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from sendoff_tasks.folder.database_backups import (
    EMPTY,
    RestoreError,
    backups_folder,
    files_of,
    find_fault,
    newest_backup,
    restore,
    was_there,
)
from sendoff_tasks.folder.lock_file import is_held, store_lock
from sendoff_tasks.folder.paths import DataFolder, data_dir
from sendoff_tasks.folder.safe_files import NotOwn, check_own
from sendoff_tasks.folder.standstill import read_standstill
from sendoff_tasks.model.program import PROGRAM, command
from sendoff_tasks.model.times import DAY_MS, clock_days, local_time, wire_time
from sendoff_tasks.shell.command_line import fail, say, until_unheard
from sendoff_tasks.words.reasons import paused_words, reason_words
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from sendoff_tasks.folder.standstill import Standstill


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's output.

    If not ``ok``, a person has to act, and ``text`` says how.
    """

    ok: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok' if self.ok else 'look':<5}{self.text}"


def ok(text: str) -> Finding:
    """Return a finding without a problem."""
    return Finding(ok=True, text=text)


def look(text: str) -> Finding:
    """Return a finding with a problem; the text says what to do."""
    return Finding(ok=False, text=text)


_said: Final = partial(ENGLISH.say, "doctor")


def has_content(database: Path) -> bool:
    """Tell whether a store can be opened; SQLite would delete the log of an empty one."""
    return database.is_file() and database.stat().st_size > 0


def opened(database: Path) -> closing[sqlite3.Connection]:
    """Open a store for reading."""
    return closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True))


SQLITE: Final = (3, 37, 0)
"""The first version with strict tables."""
ROOM: Final = 256 << 20
"""Bytes that should be free on the disk of the data folder."""
_MIB: Final = 1 << 20
_OTHERS: Final = 0o077
_OTHERS_CHANGE: Final = 0o022


def look_at_machine(folder: DataFolder) -> Iterator[Finding]:
    """Check Python, SQLite, the disk and the data folder."""
    yield ok(f"Python {platform.python_version()} on {platform.system()}")
    if sqlite3.sqlite_version_info < SQLITE:
        needed = ".".join(map(str, SQLITE))
        yield look(_said("old_sqlite", found=sqlite3.sqlite_version, needed=needed))
    else:
        yield ok(f"SQLite {sqlite3.sqlite_version}")
    if not folder.root.exists():
        yield ok(_said("no_folder", folder=folder.root))
        return
    yield _room(folder.root)
    yield _mode(folder.root)
    if not is_shut(folder.root):
        yield from _task_files(folder.tasks)


def is_shut(root: Path) -> bool:
    """Tell whether the data folder exists, but this user may not enter it."""
    return root.exists() and not os.access(root, os.X_OK)


def _is_roots_guest(root: Path) -> bool:
    """Tell whether root looks at another user's folder, whose files would seem to be bad."""
    return os.name == "posix" and os.geteuid() == 0 and root.exists() and root.stat().st_uid != 0


def _room(root: Path) -> Finding:
    free = shutil.disk_usage(root).free
    text = _said("room", size=free // _MIB, folder=root)
    return ok(text) if free >= ROOM else look(_said("no_room", found=text))


def _mode(root: Path) -> Finding:
    """Check only the folder's mode: it protects the files in it as well."""
    if os.name != "posix":
        return ok(f"Data folder {root}")
    if is_shut(root) or not os.access(root, os.W_OK):
        return look(_said("shut" if is_shut(root) else "read_only", folder=root))
    if _is_roots_guest(root):
        user = root.stat().st_uid
        return look(_said("of_user", folder=root, user=user, program=PROGRAM.name))
    mode = root.stat().st_mode
    if mode & _OTHERS:
        can = "others_change" if mode & _OTHERS_CHANGE else "others_read"
        return look(_said(can, folder=root, quoted=shlex.quote(str(root))))
    return ok(_said("own_folder", folder=root))


def _task_files(tasks: Path) -> Iterator[Finding]:
    """Tell which task files are not used, because other users can change them or made them."""
    try:
        check_own(tasks)
    except NotOwn as error:
        yield look(_said("no_file_used", folder=tasks, why=error))
        return
    except OSError:
        return
    for file in sorted(tasks.glob("*.py")):
        try:
            check_own(file)
        except NotOwn as error:
            yield look(ENGLISH.say("function", "unusable", file=file, why=error))
        except OSError:
            continue


OLD: Final = timedelta(days=3)
"""A backup that is this much older than the store is overdue."""
_ADVICE: Final[dict[int | None, str]] = {
    errno.EACCES: "access",
    errno.EPERM: "access",
    errno.EROFS: "writable",
}
"""What to do about an error number of the system."""


def look_at_store(database: Path) -> Iterator[Finding]:
    """Check every page of the database file, and its backups.

    Only a file that was read can be called damaged; for any other, say why it cannot be read.
    """
    try:
        if not database.exists():
            yield _missing(database)
            return
        if not database.is_file():
            yield look(_said("no_store_file", file=database, command=command("doctor")))
            return
        yield _checked(database)
        yield _copied(database)
    except (OSError, sqlite3.OperationalError) as error:
        yield look(_said("barred", barrier=describe_barrier(database, error)))


def describe_barrier(database: Path, error: OSError | sqlite3.OperationalError) -> str:
    """Say in sentences why a database cannot be opened, and what to do about it."""
    barrier = _barrier(database) or error
    otherwise = "disk_or_use"
    if barrier is error and is_held(store_lock(database)):
        otherwise = _STOP_FIRST
    advice = _advice(_ADVICE.get(getattr(barrier, "errno", None), otherwise))
    reason = getattr(barrier, "strerror", None) or str(barrier)
    return _said("not_opened", file=database, why=reason, advice=advice)


_STOP_FIRST: Final = "stop_first"
"""Asks for rest: the files may have been exchanged under the backend."""


def _advice(name: str, **fields: object) -> str:
    fields["command"] = command("doctor")
    return ENGLISH.fill("doctor_advice", name, fields=fields)


def _barrier(database: Path) -> OSError | None:
    """Return the system's error if the file or its folder cannot be written.

    SQLite needs both, but does not say why it cannot open a file.
    """
    try:
        os.close(os.open(database, os.O_RDWR))
    except OSError as error:
        return error
    if not os.access(database.parent, os.W_OK | os.X_OK):
        return PermissionError(errno.EACCES, f"its folder: {os.strerror(errno.EACCES)}")
    return None


def _checked(database: Path) -> Finding:
    fault = find_fault(database, at_rest=False)
    if fault == EMPTY and not was_there(database):
        return _missing(database)
    if fault is not None:
        return look(_said("damaged", file=database, why=fault, advice=_way_out(database)))
    barrier = _barrier(database)
    if barrier is not None:
        advice = _advice(_ADVICE.get(barrier.errno, "disk"))
        return look(_said("not_written", file=database, why=barrier.strerror, advice=advice))
    return _described(database)


def _missing(database: Path) -> Finding:
    if not was_there(database):
        return ok(_said("no_store", file=database))
    return look(_said("gone", file=database, advice=_way_out(database)))


def _described(database: Path) -> Finding:
    with opened(database) as connection:
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        (count,) = connection.execute("SELECT coalesce(sum(n), 0) FROM counts").fetchone()
    log = database.with_name(f"{database.name}-wal")
    size = sum(part.stat().st_size for part in (database, log) if part.exists()) / _MIB
    row = "sound_in_use" if is_held(store_lock(database)) else "sound"
    tasks = ENGLISH.say("count", "tasks", n=count)
    return ok(_said(row, file=database, version=version, tasks=tasks, size=f"{size:.1f}"))


def _way_out(database: Path) -> str:
    if is_held(store_lock(database)):
        return _advice(_STOP_FIRST)
    backup = newest_backup(database)
    if backup is None:
        return _advice("no_backup", files=files_of(database))
    return _advice("restore", backup=backup.when, restore=command("doctor --restore"))


def _copied(database: Path) -> Finding:
    backup = newest_backup(database)
    if backup is None:
        return ok(_said("no_backups"))
    text = _said("backups", backup=backup.when, size=f"{backup.size / _MIB:.1f}")
    changed = datetime.fromtimestamp(database.stat().st_mtime, UTC)
    if changed - backup.at < OLD:
        return ok(text)
    return look(_said("old_backups", found=text, folder=backups_folder(database)))


def look_for_standstill(database: Path) -> Iterator[Finding]:
    """Report everything that waits for a person."""
    if not has_content(database):
        return
    try:
        with opened(database) as connection:
            found = read_standstill(connection.execute)
    except sqlite3.Error:
        return  # ``look_at_store`` reports a fault of the store
    yield from tell_standstill(found)


def tell_standstill(found: Standstill) -> Iterator[Finding]:
    """Say each thing that waits for a person, and what to do."""
    noted = found.noted
    now, until = round(time.time() * 1000), int(noted.get("doubted_until", 0))
    if now < until <= now + DAY_MS:
        yield look(ENGLISH.fill("engine", "clock", fields=clock_days(now, until)))
    for queue, since in found.pauses:
        said, resume = paused_words(queue, wire_time(since)), command(f"resume {queue}".rstrip())
        why = "" if queue else noted.get("paused_why", "")
        row = "paused_why" if why else "paused"
        yield look(_said(row, paused=said, why=why, command=resume))
    for queue, reason, since, until in found.held_queues:
        if until is not None:
            yield look(_said("awaits", name=queue, at=local_time(since), why=reason))
            continue
        yield look(_said("queue_held", name=queue, why=reason))
    for number, first, reason, data in found.held_tasks:
        why = reason_words(ENGLISH, reason, json.loads(data or "{}"), now / 1000)
        row = "tasks_held" if number > 1 else "task_held"
        yield look(_said(row, task_id=first, more=number - 1, why=why))
    if found.uncertain:
        yield look(
            _said("uncertain", n=found.uncertain, command=command("tasks --state uncertain"))
        )


def run(
    folder: str | None,
    *,
    restores: bool,
    on_server: Iterable[Finding] = (),
    beside: Callable[[DataFolder], Iterable[Finding]] = lambda _: (),
) -> int:
    """Check everything, or restore a backup; return 0 if all is well afterwards, else 1.

    If the tasks are in a database on a server, ``on_server`` holds the findings there. ``beside``
    looks at what else the folder has.
    """
    data = DataFolder(data_dir(folder))
    found = on_server or _look_inside(data, beside)
    return until_unheard(lambda: _restore(data) if restores else _look(data, found))


def _look(data: DataFolder, found: Iterable[Finding]) -> int:
    is_well = True
    for finding in chain(look_at_machine(data), found):
        say(str(finding))
        is_well = is_well and finding.ok
    return 0 if is_well else 1


def _look_inside(
    data: DataFolder, beside: Callable[[DataFolder], Iterable[Finding]]
) -> Iterator[Finding]:
    if is_shut(data.root) or _is_roots_guest(data.root):
        return
    if data.server_mark.exists():  # the database also holds the settings
        yield ok(_said("on_server"))
        return
    yield from look_at_store(data.db)
    if (away := data.worker_away) and not is_held(data.backend_lock):
        yield look(away)
    yield from beside(data)
    yield from look_for_standstill(data.db)


def _restore(data: DataFolder) -> int:
    database = data.db
    try:
        if data.server_mark.exists():
            return fail(_said("not_here"))
        if database.exists() and find_fault(database, at_rest=False) is None:
            return fail(_said("is_sound", file=database))
    except (OSError, sqlite3.OperationalError) as error:
        return fail(ENGLISH.both(describe_barrier(database, error), _said("nothing_done")))
    try:
        done = restore(database)
    except RestoreError as error:
        return fail(str(error))
    say(done.sentence)
    return 0
