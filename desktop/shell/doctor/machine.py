"""The doctor's checks of Python, SQLite, disk space and the data folder's permissions."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
from typing import TYPE_CHECKING, Final

from desktop.shell.doctor import look, ok

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop.settings.paths import DataFolder
    from desktop.shell.doctor import Finding

SQLITE: Final = (3, 37, 0)
"""The first version with strict tables."""
ROOM: Final = 256 << 20
"""Bytes that should be free on the disk of the data folder."""
_MIB: Final = 1 << 20
_OTHERS: Final = 0o077


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


def is_shut(root: Path) -> bool:
    """Tell whether the data folder exists, but this user may not enter it."""
    return root.exists() and not os.access(root, os.X_OK)


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
    if root.stat().st_mode & _OTHERS:
        return look(f"Others can read {root}: run `chmod go-rwx {root}`.")
    return ok(f"Data folder {root}: only you can read it")
