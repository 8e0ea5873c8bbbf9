"""The files of templates: which are there, their sizes, what uploads have left, and moves."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from desktop.settings.atomic import flush_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SUFFIX: Final = ".jinja"
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


def is_there(path: Path) -> bool:
    """Tell whether something of exactly this name is there; some disks do not know capitals."""
    return path.exists() and path in path.parent.iterdir()


def move_folder(before: Path, now: Path) -> None:
    """Give a folder another name, in place of what has that; the second time it does nothing."""
    if is_same(before, now) and is_there(now):
        return
    if before.exists():
        if now.exists() and not is_same(before, now):
            shutil.rmtree(now)
        before.rename(now)
        flush_folder(now.parent)


def merge_folder(before: Path, now: Path) -> None:
    """Move the files of a folder to those of another one; the second time it does nothing."""
    if not now.exists() or is_same(before, now):
        move_folder(before, now)
    elif before.exists():
        for file in before.iterdir():
            file.replace(now / file.name)
        flush_folder(now)
        before.rmdir()


def is_same(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one place: by names that differ by capitals only they may."""
    return one.exists() and other.exists() and one.samefile(other)
