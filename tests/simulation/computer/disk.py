"""A disk that can lose its power: what programs read of a file, and what the platter holds.

A computer that is short of files, memory or threads refuses these here, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from random import Random
from typing import Final

SECTOR: Final = 512
"""Bytes that reach the platter together, or not at all."""


class Kept(StrEnum):
    """What becomes of writes that were not synced when the computer stops."""

    ALL = "all"
    """Only the program was killed: the system writes everything in its own time."""
    NONE = "none"
    """The power was cut before any of it reached the platter."""
    FIRST = "first"
    """The first ones reached it, in their order."""
    SOME = "some"
    """Any of them reached it, each wholly."""
    TORN = "torn"
    """Any of their sectors reached it."""


class File:
    """The bytes of one file, and the writes of them that were not synced yet."""

    def __init__(self, content: bytes = b"", *, is_new: bool = False, inode: int = 1) -> None:
        self.content = bytearray(content)
        self.inode = inode
        self.version = 0  # in place of the time of the last write
        self.is_readable = True
        self.is_foreign = False  # another user owns it
        self.rests = False  # the time of its last write tells that it is whole
        self.is_new = is_new  # its folder was not synced yet
        self._platter = bytearray(content)
        self._waiting: list[_Write] = []
        # What the system shows and the platter will not get: a sync of it has failed.
        self._forgotten: set[tuple[int, int]] = set()

    def write(self, offset: int, data: bytes) -> None:
        self.version += 1
        _apply(self.content, (offset, data))
        self._waiting.append((offset, data))

    def truncate(self, size: int) -> None:
        _apply(self.content, (size, None))
        self._waiting.append((size, None))

    def sync(self) -> None:
        """Bring everything that waits to the platter."""
        for offset, data in self._waiting:
            _apply(self._platter, (offset, data))
            if self._forgotten:
                self._forgotten -= {
                    part for part in self._forgotten if _replaces(offset, data, part)
                }
        self._waiting.clear()

    def drop(self, random: Random) -> None:
        """Forget some of what waits, as a system does that could not write its pages.

        All writes of one place have one fate: the system holds its last state only.
        """
        waiting, self._waiting = self._waiting, []
        stays: dict[tuple[int, int], bool] = {}
        for offset, data in waiting:
            part = (offset, len(data or b""))
            if data is None or stays.setdefault(part, random.random() < 0.5):
                self._waiting.append((offset, data))
            else:
                self._forgotten.add(part)

    @property
    def misleads(self) -> bool:
        """Whether it shows what no later sync brings to the platter."""
        return bool(self._forgotten)

    def left(self, kept: Kept, random: Random) -> File:
        """Return the file as it is found after the power went."""
        left = bytearray(self._platter)
        for write in _survivors(self._waiting, kept, random):
            _apply(left, write)
        file = File(bytes(left), inode=self.inode)
        file.is_foreign, file.rests = self.is_foreign, self.rests
        return file


_Write = tuple[int, bytes | None]
"""Where, and what; ``None`` for the new end of the file."""


def _apply(content: bytearray, write: _Write) -> None:
    offset, data = write
    if data is None:
        del content[offset:]
        return
    if offset > len(content):
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _replaces(offset: int, data: bytes | None, part: tuple[int, int]) -> bool:
    begin, length = part
    return begin >= offset if data is None else part == (offset, len(data)) and length > 0


def _survivors(writes: list[_Write], kept: Kept, random: Random) -> Iterator[_Write]:
    match kept:
        case Kept.FIRST:
            yield from writes[: random.randint(0, len(writes))]
        case Kept.SOME:
            yield from (write for write in writes if random.random() < 0.5)
        case Kept.TORN:
            for write in writes:
                yield from (part for part in _sectors(write) if random.random() < 0.5)


def _sectors(write: _Write) -> Iterator[_Write]:
    offset, data = write
    if data is None:
        yield write
        return
    begin = 0
    while begin < len(data):
        end = begin + SECTOR - (offset + begin) % SECTOR
        yield offset + begin, data[begin:end]
        begin = end


class Operation(StrEnum):
    """What programs ask of a computer, and may be refused."""

    OPEN = "open"
    WRITE = "write"
    SYNC = "sync"
    STATEMENT = "statement"
    """A statement of SQLite, which takes memory."""
    THREAD = "thread"
    """A thread begins."""


class Trouble(StrEnum):
    """What can be wrong with an operation."""

    CUT = "cut"
    """The power goes in the middle of it."""
    FULL = "full"
    """A write finds no room."""
    BROKEN = "broken"
    """A write fails."""
    UNSYNCED = "unsynced"
    """A sync fails; the system forgets some of what it could not write."""
    LIE = "lie"
    """A sync says that all is well, and nothing has reached the platter."""

    UNOPENED = "unopened"
    """A file is not opened: too many are open."""
    NO_MEMORY = "no memory"
    """There is no memory for a statement."""
    NO_THREAD = "no thread"
    """The system gives no thread."""

    MISSING = "missing"
    """There is no such file."""
    UNREADABLE = "unreadable"
    """The system does not let the program read it."""


STRIKES: Final = {
    Trouble.CUT: {Operation.WRITE, Operation.SYNC},
    Trouble.FULL: {Operation.WRITE},
    Trouble.BROKEN: {Operation.WRITE},
    Trouble.UNSYNCED: {Operation.SYNC},
    Trouble.LIE: {Operation.SYNC},
    Trouble.UNOPENED: {Operation.OPEN},
    Trouble.NO_MEMORY: {Operation.STATEMENT},
    Trouble.NO_THREAD: {Operation.THREAD},
}
STRUCK: Final = {
    Trouble.CUT: "power cuts in the middle of a write or sync",
    Trouble.FULL: "writes on a full disk",
    Trouble.BROKEN: "writes that failed",
    Trouble.UNSYNCED: "syncs that failed",
    Trouble.LIE: "syncs that lied",
    Trouble.UNOPENED: "files that were not opened",
    Trouble.NO_MEMORY: "statements without memory",
    Trouble.NO_THREAD: "attempts without a thread",
}


@dataclass
class Fault:
    """``trouble`` that strikes ``times`` operations it can strike, after ``after`` others."""

    trouble: Trouble
    after: int = 0
    times: int = 1


class DiskError(Exception):
    """What the system says of an operation that failed."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(eq=False)
class Disk:
    """Files by name. A name made or deleted is on the platter once its folder was synced.

    ``off`` is true from the power cut on: nothing is read or written any more.
    """

    random: Random = field(default_factory=lambda: Random(0))
    files: dict[str, File] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    off: bool = False
    has_lied: bool = False
    struck: Counter[str] = field(default_factory=Counter)
    in_doubt: bool = False  # a sync has failed: what was refused then may be found after all
    inodes: Iterator[int] = field(default_factory=lambda: count(2))
    boot: int = 1  # how often the computer was started

    def __post_init__(self) -> None:
        self._names = dict(self.files)

    def open(self, name: str, *, durable: bool) -> File:
        """Open a file, made where it is missing; ``durable`` syncs its name at once."""
        self.ask(Operation.OPEN)
        file = self.files.get(name)
        if file is None:
            file = self.files[name] = File(is_new=not durable, inode=next(self.inodes))
            if durable:
                self._names[name] = file
        return file

    def find(self, name: str) -> File:
        """Return a file; ``DiskError`` where there is none, or no power."""
        self.check_power()
        if name not in self.files:
            raise DiskError(Trouble.MISSING)
        return self.files[name]

    def read(self, name: str) -> bytes:
        """Open a file and read it."""
        self.ask(Operation.OPEN)
        file = self.find(name)
        if not file.is_readable:
            raise DiskError(Trouble.UNREADABLE)
        return bytes(file.content)

    def create(self, name: str) -> File:
        """Make a file; a sync of it does not sync its name."""
        self.ask(Operation.OPEN)
        file = self.files[name] = File(inode=next(self.inodes))
        return file

    def rename(self, name: str, to: str) -> None:
        """Give a file another name, in the place of a file that has it."""
        trouble = self._strike(Operation.WRITE) if self.faults or self.off else None
        if trouble in {None, Trouble.CUT}:  # under way: either may be there
            self.files[to] = self.files.pop(name)
        if trouble is not None:
            raise DiskError(trouble)

    def sync_folder(self) -> None:
        """Bring all names to the platter."""
        trouble = self._strike(Operation.SYNC) if self.faults or self.off else None
        self.has_lied |= trouble is Trouble.LIE
        if trouble not in {None, Trouble.LIE}:
            raise DiskError(trouble)
        if trouble is None:
            self._names = dict(self.files)

    def lock_away(self, name: str, *, is_readable: bool) -> None:
        """Have another program take away, or give back, the right to read a file."""
        file = self.files[name]
        file.is_readable = is_readable
        file.version += 1

    def put(self, name: str, content: bytes | None, *, in_place: bool = True) -> None:
        """Have another program put a file there, durably, or take it away."""
        old = self.files.pop(name, None)
        self._names.pop(name, None)
        if content is not None:
            inode = old.inode if old is not None and in_place else next(self.inodes)
            self.files[name] = self._names[name] = file = File(content, inode=inode)
            file.version = 0 if old is None else old.version + 1

    def delete(self, name: str, *, durable: bool) -> None:
        self.check_power()
        if self.files.pop(name, None) is None:
            raise DiskError(Trouble.MISSING)
        if durable:
            self._names.pop(name, None)

    def write(self, file: File, offset: int, data: bytes) -> None:
        if self.faults or self.off:
            trouble = self._strike(Operation.WRITE)
            if trouble is Trouble.CUT:
                file.write(offset, data)  # under way: any part of it may be there
            if trouble is not None:
                raise DiskError(trouble)
        file.write(offset, data)

    def truncate(self, file: File, size: int) -> None:
        if self.faults or self.off:
            trouble = self._strike(Operation.WRITE)
            if trouble is not None:
                raise DiskError(trouble)
        file.truncate(size)

    def sync(self, file: File) -> None:
        if self.faults or self.off:
            trouble = self._strike(Operation.SYNC)
            if trouble is Trouble.LIE:
                self.has_lied = True
                return
            if trouble is Trouble.UNSYNCED:
                self.in_doubt = True
                file.drop(self.random)
            if trouble is not None:
                raise DiskError(trouble)
        file.sync()
        if file.is_new:  # SQLite syncs the folder with the first sync of a new log
            file.is_new = False
            self._names = dict(self.files)

    def ask(self, operation: Operation) -> None:
        """Raise :class:`DiskError` where there is no power, or it fails for another reason."""
        if self.faults or self.off:
            trouble = self._strike(operation)
            if trouble is not None:
                raise DiskError(trouble)

    def check_power(self) -> None:
        """Raise :class:`DiskError` when there is none."""
        if self.off:
            raise DiskError(Trouble.CUT)

    def stop(self, kept: Kept) -> Disk:
        """Return the disk as the next program finds it.

        After a kill the system still holds what was not synced. After a power cut the disk has
        lied where a sync had failed and what it should have written was relied on all the same.
        """
        if kept is Kept.ALL:
            after = replace(self, off=False, faults=[])
            after._names = self._names
            return after
        names = self.files if self.random.random() < 0.5 else self._names
        held = (*self.files.values(), *names.values())  # a name may be lost together with its file
        self.has_lied |= any(file.misleads for file in held)
        files = {name: file.left(kept, self.random) for name, file in names.items()}
        return Disk(
            self.random,
            files,
            has_lied=self.has_lied,
            struck=self.struck,
            inodes=self.inodes,
            boot=self.boot + 1,
        )

    def _strike(self, operation: Operation) -> Trouble | None:
        """Count the operation, and return what is wrong with it."""
        self.check_power()
        for fault in self.faults:
            trouble = fault.trouble
            if operation not in STRIKES[trouble]:
                continue
            fault.after -= 1
            if fault.after >= 0:
                continue
            fault.times -= 1
            if not fault.times:
                self.faults.remove(fault)
            self.off = trouble is Trouble.CUT
            self.struck[STRUCK[trouble]] += 1
            return trouble
        return None
