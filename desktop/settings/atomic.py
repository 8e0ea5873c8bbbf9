"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

UPLOAD: Final = ".upload-"
"""How the name of a file begins that is still being received."""


def write_atomic(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Put the content at the path in a way that survives a crash or a power cut at any instant.

    A temporary file beside it is written, flushed to the disk and renamed over it; then the
    folder is flushed. Only the owner may read the file (0600). What is not ``durable`` is not
    flushed: it survives a killed process, and may be lost in a power cut.

    Raises:
        OSError: when it cannot be written; what was at the path before is still there.
    """
    # A name has 255 bytes at most, and a character up to four of them.
    temporary = path.with_name(f".{path.name[:50]}.{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb", opener=_owners) as file:
            file.write(content)
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
    """Remove what uploads that were killed have left below a folder ``before`` a time, epoch s."""
    for path in folder.rglob(f"{UPLOAD}*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()


def flush_to_disk(descriptor: int) -> None:
    """Wait until an open file is on the disk itself, on macOS past the drive's cache too."""
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
