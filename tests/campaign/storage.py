"""What a drive has after a power cut, from the record of ``powercut.c``."""

from __future__ import annotations

import ctypes.util
import shutil
import struct
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

SECTOR: Final = 512
"""Bytes a drive writes whole or not at all."""
_HEAD: Final = struct.Struct("=cBQI")
SOURCE: Final = Path(__file__).with_name("powercut.c")


def compiler() -> str | None:
    """Find a C compiler, which the power cuts need."""
    return shutil.which("cc") or shutil.which("gcc")


def build(folder: Path) -> Path:
    """Compile what is preloaded into the backend."""
    library = folder / "powercut.so"
    command = [compiler() or "cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE)]
    libraries = ["-ldl", "-lpthread"] if ctypes.util.find_library("dl") else []
    subprocess.run([*command, *libraries], check=True)
    return library


@dataclass
class DiskFile:
    """One file: what is surely on the disk, and what was written since the last fsync."""

    durable: bytearray = field(default_factory=bytearray)
    exists: bool = True
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        """Everything written so far is on the disk."""
        for offset, data in self.pending:
            self._apply(offset, data)
        self.pending.clear()

    def fail(self) -> None:
        """The fsync failed: the system forgets that these pages were to be written."""
        self.pending.clear()

    def cut(self, random: Random) -> None:
        """The power goes: of what was pending all, nothing, or any part is on the disk."""
        how = random.choice(("all", "nothing", "any", "any"))
        for offset, data in self.pending:
            if how == "all" or (how == "any" and random.random() < 0.5):
                self._apply(offset, data if data is None else _torn(data, random, how))
        self.pending.clear()

    def _apply(self, offset: int, data: bytes | None) -> None:
        if data is None:  # a truncation
            if offset <= len(self.durable):
                del self.durable[offset:]
            else:
                self.durable.extend(bytes(offset - len(self.durable)))
            return
        if offset > len(self.durable):
            self.durable.extend(bytes(offset - len(self.durable)))
        self.durable[offset : offset + len(data)] = data


def _torn(data: bytes, random: Random, how: str) -> bytes:
    if how == "all" or random.random() < 0.7:
        return data
    return data[: random.randrange(0, len(data), SECTOR)]


def cut(database: Path, record: Path, random: Random, before: tuple[bytes, bytes | None]) -> None:
    """Put on ``database`` what would be on the disk; ``before`` is what the process began with."""
    content, wal = before
    files = {1: DiskFile(bytearray(content)), 2: DiskFile(bytearray(wal or b""), wal is not None)}
    _replay(record.read_bytes() if record.exists() else b"", files)
    paths = {1: database, 2: database.with_name(database.name + "-wal")}
    for kind, file in files.items():
        file.cut(random)
        if file.exists:
            paths[kind].write_bytes(file.durable)
        else:
            paths[kind].unlink(missing_ok=True)
    database.with_name(database.name + "-shm").unlink(missing_ok=True)
    record.unlink(missing_ok=True)


def contents(database: Path) -> tuple[bytes, bytes | None]:
    """Read what the next process begins with."""
    wal = database.with_name(database.name + "-wal")
    return database.read_bytes(), wal.read_bytes() if wal.exists() else None


def _replay(log: bytes, files: dict[int, DiskFile]) -> None:
    place = 0
    while place + _HEAD.size <= len(log):
        op, kind, offset, length = _HEAD.unpack_from(log, place)
        place += _HEAD.size
        file = files[kind]
        match op:
            case b"W":
                file.exists = True
                file.pending.append((offset, log[place : place + length]))
                place += length
            case b"T":
                file.pending.append((offset, None))
            case b"S":
                file.sync()
            case b"F":
                file.fail()
            case b"U":
                file.durable.clear()
                file.pending.clear()
                file.exists = False
