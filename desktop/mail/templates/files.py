"""The files of templates: their sizes, what uploads have left, and what a rename leaves behind."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ATTACHMENTS: Final = "attachments"
"""The folder of the files that go along, one folder for each template."""
UPLOAD: Final = ".upload-"
"""How the name of a file begins that is still being received."""
UPLOAD_TAKES: Final = 3600.0
"""Seconds after which such a file belongs to no upload any more."""


def sweep_uploads(folder: Path) -> None:
    """Remove what uploads have left that were killed long ago."""
    for path in folder.glob(f"{UPLOAD}*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - UPLOAD_TAKES:
                path.unlink()


def size_of(path: Path) -> int | None:
    """Return how many bytes a file has; ``None`` where it is missing."""
    try:
        return path.stat().st_size
    except OSError:
        return None


def others(files: Sequence[str], _folder: str, found: Sequence[str]) -> set[str]:
    """Tell :func:`shutil.copytree` to leave out what is not among ``files``."""
    return set(found) - set(files)


def is_same(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one place: by names that differ by capitals only they may."""
    return one.exists() and other.exists() and one.samefile(other)


def leave(before: Path, now: Path) -> None:
    """Remove a file or folder that was copied to another place, or write its name another way."""
    if is_same(before, now):
        before.rename(now)
    elif before.is_dir():
        shutil.rmtree(before)
    else:
        before.unlink(missing_ok=True)
