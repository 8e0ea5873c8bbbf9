"""Where templates, attachments and kept messages lie: files with a path, in a folder or elsewhere.

Paths are relative, with ``/`` between their parts. A folder is there while it has files.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final, Protocol

from desktop.settings.atomic import flush_folder, write_atomic

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable
    from pathlib import Path

TEMPLATES: Final = "templates"
BATCHES: Final = "batches"
OUTBOX: Final = "outbox"
SENT: Final = "sent"
SETTINGS: Final = "settings.toml"
"""What there is in a data folder, or in what stands for it; each has its own module."""
KEPT: Final = (
    f"{TEMPLATES}/**/*", f"{BATCHES}/*/attachments/*", f"{OUTBOX}/*.eml", f"{SENT}/*.eml", SETTINGS
)  # fmt: skip
"""The files in there, as patterns."""
WRITTEN_ALONE: Final = (TEMPLATES, BATCHES, SETTINGS)
"""What only the process that decides writes; workers keep messages too."""


class Files(Protocol):
    """Files below one place; thread-safe.

    What a disk refuses raises ``OSError``; what a server does, which may be away for a moment, the
    engine's ``NotWritable``. Tasks try again later, requests are answered with 503.
    """

    def below(self, folder: str) -> Files:
        """Give those of a folder."""

    def where(self, path: str) -> str:
        """Tell a person where a file is."""

    def read(self, path: str) -> bytes:
        """Read a file; raises ``FileNotFoundError``."""

    def has(self, path: str) -> bool:
        """Tell whether there is a file or folder of exactly this name."""

    def size(self, path: str) -> int | None:
        """Return how many bytes a file has; ``None`` where there is none."""

    def stamp(self, path: str) -> Hashable:
        """Return what is another value after each write; ``None`` where there is no file."""

    def written_at(self, path: str) -> float:
        """Return when a file was written, in epoch s; raises ``FileNotFoundError``."""

    def names(self, folder: str = "", before: float | None = None) -> list[str]:
        """List the files directly in a folder; with ``before`` (epoch s) those of older writes."""

    def folders(self, folder: str = "") -> list[str]:
        """List the folders directly in a folder."""

    def write(self, path: str, content: bytes, *, durable: bool = True) -> None:
        """Write a file whole or not at all; ``durable`` as for the disk."""

    def place(self, path: str) -> Path:
        """Return where on this machine's disk an upload belongs that is for ``path``."""

    def take_in(self, upload: Path, path: str) -> None:
        """Move an upload, which is on the disk, to its path."""

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all that is in it; none is fine."""

    def copy(self, before: str, now: str, only: Collection[str] | None = None) -> None:
        """Copy a folder's files, all or those named ``only``, into another one."""

    def move(self, before: str, now: str) -> None:
        """Give a file or folder another name, in place of what has that, in one step.

        The second time it does nothing.
        """

    def merge(self, before: str, now: str) -> None:
        """Move the files of a folder to those of another one; the second time it does nothing."""


class FolderFiles:
    """Files in a folder of this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def below(self, folder: str) -> FolderFiles:
        """Give those of a folder."""
        return FolderFiles(self._root / folder)

    def where(self, path: str) -> str:
        """Name the path, in full."""
        return str(self.path(path))

    def path(self, path: str) -> Path:
        """Return where a file is on the disk."""
        return self._root / path

    def read(self, path: str) -> bytes:
        """Read one; raises ``FileNotFoundError``."""
        return (self._root / path).read_bytes()

    def has(self, path: str) -> bool:
        """Tell whether it is there; some disks do not know capitals."""
        place = self._root / path
        if not place.exists():
            return False
        return place.name in os.listdir(place.parent)  # noqa: PTH208 - paths take ten times as long

    def size(self, path: str) -> int | None:
        """Return its bytes; ``None`` where there is none."""
        try:
            return (self._root / path).stat().st_size
        except OSError:
            return None

    def stamp(self, path: str) -> Hashable:
        """Return what each write changes; ``None`` where there is none."""
        try:
            found = (self._root / path).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino  # two may be written in one tick

    def written_at(self, path: str) -> float:
        """Return when it was written, in epoch s; raises ``FileNotFoundError``."""
        return (self._root / path).stat().st_mtime

    def names(self, folder: str = "", before: float | None = None) -> list[str]:
        """List the files directly in a folder, or those of older writes."""
        return [
            each.name
            for each in self._entries(folder)
            if each.is_file() and (before is None or _is_older(each, before))
        ]

    def folders(self, folder: str = "") -> list[str]:
        """List the folders directly in a folder."""
        return [each.name for each in self._entries(folder) if each.is_dir()]

    def write(self, path: str, content: bytes, *, durable: bool = True) -> None:
        """Write it whole or not at all."""
        place = self._root / path
        try:
            write_atomic(place, content, durable=durable)
        except FileNotFoundError:
            if place.parent == self._root:
                raise
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_atomic(place, content, durable=durable)

    def place(self, path: str) -> Path:
        """Do as above; its folder is there then."""
        place = self._root / path
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return place

    def take_in(self, upload: Path, path: str) -> None:
        """Move an upload to its path."""
        place = self._root / path
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        upload.replace(place)
        flush_folder(place.parent)

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all that is in it."""
        place = self._root / path
        if place.is_dir():
            shutil.rmtree(place, ignore_errors=True)
        else:
            place.unlink(missing_ok=True)

    def copy(self, before: str, now: str, only: Collection[str] | None = None) -> None:
        """Copy a folder's files."""
        there, here = self._root / before, self._root / now
        if not there.is_dir() or _is_same(there, here):
            return
        here.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in self.names(before):
            if only is None or name in only:
                shutil.copy2(there / name, here / name)

    def move(self, before: str, now: str) -> None:
        """Move a file, or a folder in more than one step where ``now`` has one already."""
        there, here = self._root / before, self._root / now
        if not there.exists() or (_is_same(there, here) and self.has(now)):
            return
        if here.is_dir() and not _is_same(there, here):
            shutil.rmtree(here)
        there.replace(here)
        flush_folder(here.parent)

    def merge(self, before: str, now: str) -> None:
        """Move a folder's files to those of another one."""
        there, here = self._root / before, self._root / now
        if not here.exists() or _is_same(there, here):
            self.move(before, now)
        elif there.exists():
            for file in there.iterdir():
                file.replace(here / file.name)
            flush_folder(here)
            there.rmdir()

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._root / folder) as entries:
                return list(entries)
        except FileNotFoundError:
            return []


def _is_older(entry: os.DirEntry[str], moment: float) -> bool:
    try:
        return entry.stat().st_mtime < moment
    except FileNotFoundError:  # it went meanwhile
        return False


def _is_same(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one place: by names that differ by capitals only they may."""
    return one.exists() and other.exists() and one.samefile(other)
