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
from sendoff_tasks.model.program import PROGRAM, command
from sendoff_tasks.model.times import DAY_MS, clock_days, local_time, wire_time
from sendoff_tasks.shell.command_line import fail, say, until_unheard
from sendoff_tasks.words.reasons import paused_words, reason_words
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path


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
        yield look(f"SQLite {sqlite3.sqlite_version} is too old: use a Python with {needed} or up.")
    else:
        yield ok(f"SQLite {sqlite3.sqlite_version}")
    if not folder.root.exists():
        yield ok(f"Data folder {folder.root}: it is made at the first start")
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
    text = f"{free // _MIB} MiB are free on the disk of {root}"
    if free >= ROOM:
        return ok(text)
    return look(f"{text}: free some space, or nothing new can be kept soon.")


def _mode(root: Path) -> Finding:
    """Check only the folder's mode: it protects the files in it as well."""
    if os.name != "posix":
        return ok(f"Data folder {root}")
    if is_shut(root) or not os.access(root, os.W_OK):
        barred = "opened" if is_shut(root) else "written"
        return look(
            f"Data folder {root} cannot be {barred}: give your user the right to, make its disk "
            "writable, or name another folder with --data-dir."
        )
    if _is_roots_guest(root):
        user = root.stat().st_uid
        again = f"sudo -u '#{user}' {PROGRAM.name} doctor"
        return look(f"Data folder {root} belongs to user {user}: run `{again}`.")
    mode = root.stat().st_mode
    if mode & _OTHERS:
        can = "change" if mode & _OTHERS_CHANGE else "read"
        return look(f"Others can {can} {root}: run `chmod go-rwx {shlex.quote(str(root))}`.")
    return ok(f"Data folder {root}: only you can read it")


def _task_files(tasks: Path) -> Iterator[Finding]:
    """Tell which task files are not used, because other users can change them or made them."""
    try:
        check_own(tasks)
    except NotOwn as error:
        yield look(f"No file in {tasks} is used: {error}.")
        return
    except OSError:
        return
    for file in sorted(tasks.glob("*.py")):
        try:
            check_own(file)
        except NotOwn as error:
            yield look(f"{file} is not used: {error}.")
        except OSError:
            continue


OLD: Final = timedelta(days=3)
"""A backup that is this much older than the store is overdue."""
_ACCESS: Final = "give your user the right to read and write it and its folder."
_ADVICE: Final[dict[int | None, str]] = {
    errno.EACCES: _ACCESS,
    errno.EPERM: _ACCESS,
    errno.EROFS: "make its disk writable, or name another folder with --data-dir.",
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
            again = f"move it away, then run {command('doctor')} again."
            yield look(f"Store {database} is not a file: {again}")
            return
        yield _checked(database)
        yield _copied(database)
    except (OSError, sqlite3.OperationalError) as error:
        yield look(f"Store {describe_barrier(database, error)}")


def describe_barrier(database: Path, error: OSError | sqlite3.OperationalError) -> str:
    """Say in sentences why a database cannot be opened, and what to do about it."""
    barrier = _barrier(database) or error
    otherwise = "check its disk, and what else uses it."
    if barrier is error and is_held(store_lock(database)):
        otherwise = _stop_first()
    advice = _ADVICE.get(getattr(barrier, "errno", None), otherwise)
    reason = getattr(barrier, "strerror", None) or str(barrier)
    return f"{database} cannot be opened ({reason}), so it cannot be checked: {advice}"


def _stop_first() -> str:
    """Ask for rest: the files may have been exchanged under the backend."""
    return f"end the program that is at work on it, and run {command('doctor')} again."


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
        return look(f"Store {database} is damaged ({fault}): {_way_out(database)}")
    barrier = _barrier(database)
    if barrier is not None:
        advice = _ADVICE.get(barrier.errno, "check its disk.")
        return look(
            f"Store {database} is sound, but cannot be written ({barrier.strerror}): {advice}"
        )
    return _described(database)


def _missing(database: Path) -> Finding:
    if not was_there(database):
        return ok(f"Store {database}: it is made at the first start")
    return look(f"Store {database} is gone: {_way_out(database)}")


def _described(database: Path) -> Finding:
    with opened(database) as connection:
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        (count,) = connection.execute("SELECT coalesce(sum(n), 0) FROM counts").fetchone()
    log = database.with_name(f"{database.name}-wal")
    size = sum(part.stat().st_size for part in (database, log) if part.exists()) / _MIB
    used = "a backend is at work on it" if is_held(store_lock(database)) else "no backend runs"
    tasks = "1 task" if count == 1 else f"{count:,} tasks"
    return ok(f"Store {database}: sound, version {version}, {tasks}, {size:.1f} MiB; {used}")


def _way_out(database: Path) -> str:
    if is_held(store_lock(database)):
        return _stop_first()
    backup = newest_backup(database)
    if backup is None:
        files = files_of(database)
        return f"there is no backup; move {files} away to begin with an empty list."
    return (
        f"end the program and run {command('doctor --restore')}, which puts its backup of "
        f"{backup.when} in its place; what came after that is lost."
    )


def _copied(database: Path) -> Finding:
    backup = newest_backup(database)
    if backup is None:
        return ok("Backups: none yet; the first is made while the program has nothing to do")
    text = f"Backups: the newest is of {backup.when}, {backup.size / _MIB:.1f} MiB"
    changed = datetime.fromtimestamp(database.stat().st_mtime, UTC)
    if changed - backup.at < OLD:
        return ok(text)
    folder = backups_folder(database)
    return look(f"{text}: see whether there is room in {folder}, and what the log says.")


NOTED: Final = "SELECT key, value FROM meta WHERE key IN ('doubted_until', 'paused_why')"
PAUSED: Final = "SELECT queue, since FROM pauses ORDER BY queue"
HELD_QUEUES: Final = "SELECT name, reason, held_at, until FROM queues ORDER BY name"
HELD_TASKS: Final = (
    "SELECT count(*), min(id), reason, reason_data FROM tasks "
    "WHERE held <> '' AND held NOT IN ('queue', 'aside', 'anyway', 'task') "
    "GROUP BY reason, reason_data ORDER BY min(id) LIMIT 20"
)
UNCERTAIN: Final = "SELECT coalesce(sum(n), 0) FROM counts WHERE state = 'uncertain'"


def look_for_standstill(database: Path) -> Iterator[Finding]:
    """Report everything that waits for a person."""
    if not has_content(database):
        return
    try:
        with opened(database) as connection:
            yield from _waiting(connection)
    except sqlite3.Error:
        return  # ``look_at_store`` reports a fault of the store


def _waiting(connection: sqlite3.Connection) -> Iterator[Finding]:
    noted = dict(connection.execute(NOTED).fetchall())
    now, until = round(time.time() * 1000), int(noted.get("doubted_until", 0))
    if now < until <= now + DAY_MS:
        yield look(ENGLISH.fill("engine", "clock", fields=clock_days(now, until)))
    for queue, since in connection.execute(PAUSED):
        said, resume = paused_words(queue, wire_time(since)), command(f"resume {queue}".rstrip())
        why = "" if queue else noted.get("paused_why", "")
        yield look(f"{said}. {why} ({resume})" if why else f"{said}: {resume} resumes it.")
    for queue, reason, since, until in connection.execute(HELD_QUEUES):
        if until is not None:
            waits = f"{queue} has waited for its server since {local_time(since)}"
            yield look(f"{waits}, and continues by itself: {reason}")
            continue
        yield look(f"The queue {queue} is on hold: {reason}")
    for number, first, reason, data in connection.execute(HELD_TASKS):
        why = reason_words(ENGLISH, reason, json.loads(data or "{}"), now / 1000)
        are = f" and {number - 1} more are" if number > 1 else " is"
        yield look(f"Task {first}{are} on hold: {why}")
    ((uncertain,),) = connection.execute(UNCERTAIN)
    if uncertain:
        yield look(f"{uncertain} uncertain: see {command('tasks --state uncertain')}.")


ON_SERVER: Final = "Store: in a database on a server, which checks and copies it itself"
NAME_IT: Final = "; --database URL looks at it"


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
        yield ok(f"{ON_SERVER}{NAME_IT}")
        return
    yield from look_at_store(data.db)
    yield from beside(data)
    yield from look_for_standstill(data.db)


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
