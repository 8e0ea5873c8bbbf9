"""Overwrites the unused middle of a database file's pages, where SQLite may leave deleted rows.

``secure_delete`` overwrites a row where it is deleted. A page that was split before may still have
a copy of the row, between its list of cells and the first cell. See "B-tree Pages" in SQLite's
description of its file format.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import Final

from sendoff_tasks.folder.safe_files import flush_to_disk

STEP: Final = 1000
"""Pages read in one step, which takes 5 ms."""
END: Final = -1
_HEAD: Final = 100
"""Bytes of the first page before its b-tree."""
_CELLS_AT: Final = {2: 12, 5: 12, 10: 8, 13: 8}
"""Where the list of cells begins, by the kind of a b-tree's page, which is its first byte."""
_LARGEST: Final = 2 << 24
"""Pages of a file from which on another page may begin with such a byte."""
_LOCKED: Final = 1 << 30
"""The place in a file of the page that SQLite locks and never writes."""


class FileGaps:
    """The unused bytes in the pages of a store; only the store's writer may call it.

    The file stays open: a process that closes it would lose SQLite's own locks on it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def overwrite(self, first: int) -> int:
        """Overwrite those of ``STEP`` pages, and return the page to go on with, or ``END``.

        The file must have the newest version of each page: its log is empty. Connections may still
        have the former bytes in memory. Raises ``OSError``.
        """
        if self._file is None:
            if not self._path.exists():
                return END
            self._file = os.open(self._path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        file = self._file
        head = _read(file, 0, _HEAD)
        if len(head) < _HEAD:
            return END
        size = int.from_bytes(head[16:18], "big")
        size = 1 << 16 if size == 1 else size
        used, count = size - head[20], os.fstat(file).st_size // size
        has_map = head[52:56] != bytes(4)
        if count >= _LARGEST:
            return END
        pages = _read(file, (first - 1) * size, STEP * size)
        last = min(count, first - 1 + len(pages) // size)
        is_changed = False
        for number in range(first, last + 1):
            at = (number - 1) * size
            if at == _LOCKED or (has_map and _is_map(number, used, size)):
                continue
            page = pages[(number - first) * size : (number - first + 1) * size]
            begin, end = _gap(page, _HEAD if number == 1 else 0, used)
            if page[begin:end].strip(b"\0"):
                os.lseek(file, at + begin, os.SEEK_SET)
                os.write(file, bytes(end - begin))
                is_changed = True
        if is_changed:
            flush_to_disk(file)
        return END if last in {count, first - 1} else last + 1

    def close(self) -> None:
        """Close the file, after all connections."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _read(file: int, at: int, size: int) -> bytes:
    os.lseek(file, at, os.SEEK_SET)
    return os.read(file, size)


def _gap(page: bytes, head: int, used: int) -> tuple[int, int]:
    """Return the first unused byte of a page, and the first used one after it; equal for none."""
    cells = _CELLS_AT.get(page[head])
    if cells is None:
        return 0, 0
    count, content = struct.unpack_from(">HH", page, head + 3)
    begin, end = head + cells + 2 * count, content or 1 << 16
    return (begin, end) if begin <= end <= used else (0, 0)


def _is_map(number: int, used: int, size: int) -> bool:
    """Tell whether a page of a file with ``auto_vacuum`` says to what other pages belong."""
    each = used // 5 + 1
    found = (number - 2) // each * each + 2
    return number == (found + 1 if (found - 1) * size == _LOCKED else found)
