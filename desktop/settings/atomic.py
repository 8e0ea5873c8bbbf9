"""Writes files atomically: whole or not at all."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

UPLOAD: Final = ".upload-"
"""The prefix of files that are still being received."""


def write_atomic(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write a file so that a crash or a power cut at any time leaves the old or the new one.

    A temporary file is written beside it, flushed to the disk, and renamed to it; then the folder
    is flushed. Only the owner may read the file (0600). Without ``durable`` nothing is flushed: the
    file survives a killed process, but may be lost in a power cut.

    Raises:
        OSError: if it cannot be written; the old file is still there. If only its folder cannot be
            flushed, the new one is there, and a power cut may bring back the old one.
    """
    with replacing(path, durable=durable) as file:
        file.write(content)


@contextmanager
def replacing(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """Do as :func:`write_atomic` with what is written to the file that it gives."""
    # A name has at most 255 bytes, and a character up to four.
    temporary = path.with_name(f".{path.name[:50]}.{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb", opener=_owners) as file:
            yield file
            if durable:
                file.flush()
                flush_to_disk(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        flush_folder(path.parent)


def _owners(path: str, flags: int) -> int:
    """Open a file that only the owner may read."""
    return os.open(path, flags, 0o600)


def sweep_uploads(folder: Path, before: float) -> None:
    """Delete unfinished uploads below a folder that are older than ``before`` (epoch s)."""
    for path in folder.rglob(f"{UPLOAD}*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()


def flush_to_disk(descriptor: int) -> None:
    """Wait until an open file is on the disk; on macOS also past the drive's cache."""
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def flush_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; Windows does so by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
