"""The open source file, whose stamp identifies its version."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from desktop.contract.batches import SHEET_BYTES
from desktop.sheets.faults import SheetError, SheetFault

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE: Final = 1 << 20
"""Bytes copied at once."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """An open file; ``stamp`` identifies the version that was opened."""

    path: Path
    file: IO[bytes]
    size: int
    stamp: str

    @property
    def suffix(self) -> str:
        """The ending of its name, in lower case."""
        return self.path.suffix.lower()

    def check_unchanged(self) -> None:
        """Raise ``SheetError`` with ``CHANGED`` if the file has changed since it was opened."""
        try:
            now = _stamp(self.path.stat())
        except OSError:
            now = "gone"
        if now != self.stamp or _stamp(os.fstat(self.file.fileno())) != self.stamp:
            raise SheetError(SheetFault.CHANGED)


@contextmanager
def opened(path: Path) -> Iterator[SourceFile]:
    """Open a file for reading; raises ``SheetError``."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise SheetError(SheetFault.NOT_A_FILE)
        file = path.open("rb")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SheetError(SheetFault.GONE) from error
    except PermissionError as error:
        raise SheetError(SheetFault.NOT_ALLOWED) from error
    except OSError as error:
        raise SheetError(SheetFault.NOT_READABLE, text=error.strerror or str(error)) from error
    with file:
        found = os.fstat(file.fileno())
        if found.st_size == 0:
            raise SheetError(SheetFault.EMPTY)
        if found.st_size > SHEET_BYTES:
            raise SheetError(SheetFault.TOO_LARGE, size=found.st_size, limit=SHEET_BYTES)
        yield SourceFile(path, file, found.st_size, _stamp(found))


def copied(path: Path, folder: Path) -> Path:
    """Copy one version of a file into a new folder within ``folder``, under its name.

    Raises:
        SheetError: if it cannot be copied; ``CHANGED`` if it was written meanwhile.
    """
    with opened(path) as source:
        try:
            place = Path(tempfile.mkdtemp(dir=folder)) / path.name
            with place.open("wb") as copy:
                left = source.size  # no more than this, because a file may grow without end
                while left and (piece := source.file.read(min(left, _PIECE))):
                    copy.write(piece)
                    left -= len(piece)
        except OSError as error:
            raise SheetError(SheetFault.NOT_READABLE, text=error.strerror or str(error)) from error
        source.check_unchanged()
    return place


def _stamp(found: os.stat_result) -> str:
    return f"{found.st_size}-{found.st_mtime_ns}-{found.st_ino}"
