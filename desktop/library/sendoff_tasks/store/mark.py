"""The mark beside the store: an older store or a copy in its place is known at the start."""

from __future__ import annotations

import errno
import json
import logging
import os
import sqlite3
import sys
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from sendoff_tasks.folder.database_backups import RESTORED_AT
from sendoff_tasks.folder.lock_file import store_lock
from sendoff_tasks.folder.paths import store_mark
from sendoff_tasks.folder.safe_files import flush_folder, replacing
from sendoff_tasks.log_rate_limit import LogRateLimit
from sendoff_tasks.store.database import empty_log
from sendoff_tasks.store.errors import StoreDamaged, is_damage, is_the_disk, not_writable
from sendoff_tasks.store.tables import statements

RUN: Final = "run"
"""The key in ``meta`` of the name of the newest run, and the name in the mark when it began."""
_NEVER: Final = ""
"""The name in a mark that is not there."""
_FOREIGN: Final = "foreign"
"""The name in a mark that another program has put there, or has written: no run has it."""
_GET_VERSION: Final = 0x80087601
"""Linux's request for the version of an inode, which differs after each use of its number."""

log = logging.getLogger(__name__)
log.addFilter(LogRateLimit())


@dataclass(frozen=True, slots=True)
class _Mark:
    """What is known of the store that was here last.

    ``event`` is the number of an event that it has. Its file has an ``inode`` on a ``disk``. The
    mark's own inode and its version are in ``itself``. A number of 0 is not known.
    """

    run: str = _NEVER
    event: int = 0
    inode: int = 0
    disk: int = 0
    itself: tuple[int, int] = (0, 0)

    def is_of(self, place: _Mark) -> bool:
        """Tell whether it was written for the file at this place."""
        return _may_be((self.inode, self.disk), (place.inode, place.disk))

    def is_in(self, number: tuple[int, int]) -> bool:
        """Tell whether it was written into the file with this number."""
        return _may_be(self.itself, number)


def _may_be(numbers: tuple[int, int], others: tuple[int, int]) -> bool:
    """Tell whether no number is known to differ."""
    return all(a == b or not a or not b for a, b in zip(numbers, others, strict=True))


class StoreMark:
    """Names each run of the store at ``path``, in the store and then in a file beside it.

    A store is the one that was here last if both have one name, if it has the events that the mark
    knows of, and if it is still the same file. Every other one is treated like a restored backup.
    So is one whose mark another program has put there.
    A new name is in the store first, beside those that the mark may have. So whatever the moment of
    a crash, the mark has one of them.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._file = store_mark(path)
        self._connection = connection
        self._written = self._ours = self._read()
        self._runs = {self._written.run}  # what the file may name: a write may fail when it is done
        self._place = _place_of(path)

    def begin(self) -> None:
        """Judge the store and begin a run.

        Raises ``StoreDamaged``, and ``NotWritable`` if the store has to be paused and cannot be.
        """
        is_past = True
        try:
            is_past, event, is_new = self._judge()
            self._name_run(event, is_past=is_past)
            if is_new:  # its file has a name of its own, should it ever be without its log
                empty_log(self._connection)
                self._name_run(event, is_past=False)
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                raise StoreDamaged(self._path, str(error)) from error
            if not is_the_disk(error):
                raise
            if is_past:
                raise not_writable(error) from error

    def reach(self, event: int) -> None:
        """Record that the store has an event, and this run's name if that could not be written."""
        if event > self._written.event and self._ours.run != _NEVER:
            self._write(replace(self._ours, event=event))

    def end(self, check: Callable[[], object]) -> None:
        """End the run: a copy made during it is older from now on.

        ``check`` raises ``sqlite3.Error`` if the file is gone.
        """
        try:
            check()
            self._name_run(self._written.event, is_past=False)
        except sqlite3.Error as error:
            log.warning("Could not mark the end of the run: %s", error)

    def _judge(self) -> tuple[bool, int, bool]:
        """Tell whether another store was here last, the newest event, and whether it is new."""
        mark = self._written
        told = statements.read_meta(self._connection, RUN)
        event = statements.read_newest_event(self._connection)
        if told is None and not event:  # a new store, also if another was here before
            return False, event, True
        names = told.split(" ") if told else [_NEVER]  # the disk has refused each name so far
        is_known = mark.run in names and mark.event <= event and mark.is_of(self._place)
        if is_known and (mark.run == _NEVER or not self._is_on_disk()):
            self._runs.update(names)  # an older one may come back, or be there and unreadable now
        return not is_known, event, False

    def _name_run(self, event: int, *, is_past: bool) -> None:
        run, former = uuid.uuid4().hex, {_NEVER} if is_past else self._runs
        names = " ".join([run, *sorted(former, reverse=True)])
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            if is_past:
                self._connection.execute(statements.ADD_META, (RESTORED_AT, ""))
            self._connection.execute(statements.PUT_META, (RUN, names))
        self._ours = replace(self._place, run=run)
        self._write(replace(self._ours, event=event))
        if _NEVER in former and self._runs == {run}:  # from now on the store has a mark
            self._connection.execute(statements.PUT_META, (RUN, run))

    def _is_on_disk(self) -> bool:
        try:
            flush_folder(self._file.parent)
        except OSError as error:
            return error.errno in {errno.EINVAL, errno.ENOTSUP}  # some disks flush no folder
        return True

    def _read(self) -> _Mark:
        try:
            if not self._file.is_file():  # a pipe would never answer
                return _Mark()
            with self._file.open("rb") as file:
                told, number = json.loads(file.read()), _number(file.fileno())
            event, inode, disk = int(told["event"]), int(told["inode"]), int(told.get("disk", 0))
            itself, version = told["itself"]
            mark = _Mark(str(told["run"]), event, inode, disk, (itself, version))
        except (OSError, ValueError, TypeError, KeyError):
            return _Mark()
        return mark if mark.is_in(number) else _Mark(_FOREIGN)

    def _write(self, mark: _Mark) -> None:
        try:
            with replacing(self._file) as file:
                if mark.inode:
                    mark = replace(mark, itself=_number(file.fileno()))
                file.write(json.dumps(asdict(mark)).encode())
        except OSError as error:
            log.info("Could not write %s: %s", self._file, error)
            self._runs = {*self._runs, mark.run}
        else:
            self._written, self._runs = mark, {mark.run}


def _place_of(path: Path) -> _Mark:
    """Return a mark of the file at ``path``, without a run."""
    return _Mark(inode=path.stat().st_ino if _keeps_inodes(path) else 0, disk=_disk(path))


def _disk(path: Path) -> int:
    """Return the number of a file system, the same at each mount; 0 if it has none.

    One of 32 bits is that of its device (XFS, FAT, macOS), which another mount may change.
    """
    if sys.platform == "win32":
        return 0
    number = os.statvfs(path).f_fsid
    return number if number >> 32 else 0


def _number(descriptor: int) -> tuple[int, int]:
    """Return the inode of an open file and its version, which is 0 if it is not known."""
    inode = os.fstat(descriptor).st_ino
    if sys.platform != "linux":
        return inode, 0
    import fcntl

    try:
        told = fcntl.ioctl(descriptor, _GET_VERSION, bytes(8))
    except OSError:
        return inode, 0
    return inode, int.from_bytes(told[:4], sys.byteorder)


def _keeps_inodes(path: Path) -> bool:
    """Tell whether files have inodes of their own here.

    FAT has none, and no hard links either; the system makes up other numbers at each mount.
    """
    lock = store_lock(path)
    link = lock.with_name(f".{path.name}.link")
    try:
        link.unlink(missing_ok=True)
        link.hardlink_to(lock)
        link.unlink()
    except OSError:
        return False
    return True
