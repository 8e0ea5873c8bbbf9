"""The files of templates, attachments, kept messages and settings, in a folder or a database.

Paths are relative, with ``/`` between their parts. A folder exists while it has files.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import threading
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from desktop.contract.rules.file_names import is_upload, shown_name
from desktop.contract.rules.templates import RESERVED
from desktop.mail.errors import BadName, BadTemplate, MissingBatchFile, unread
from sendoff_tasks.folder.safe_files import (
    QuietFiles,
    flush_folder,
    open_file,
    read_own,
    target_of,
    write_atomic,
)
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Set


TEMPLATES: Final = "templates"
BATCHES: Final = "batches"
UPLOADS: Final = "uploads"
OUTBOX: Final = "outbox"
SENT: Final = "sent"
SETTINGS: Final = "settings.toml"
"""The folders and files in a data folder or a database; each has its own module.

``uploads`` is in ``batches``.
"""
STORED_FILES: Final = (
    f"{TEMPLATES}/**/*",
    f"{BATCHES}/*/attachments/*",
    f"{BATCHES}/{UPLOADS}/*",
    f"{OUTBOX}/*.eml",
    f"{SENT}/*.eml",
    SETTINGS,
)
"""Patterns of these files."""
WRITTEN_ALONE: Final = (TEMPLATES, BATCHES, SETTINGS)
"""Paths whose answers the process that decides remembers, because no other one writes there."""


class Files(Protocol):
    """Files below one folder; thread-safe.

    A disk raises ``OSError``. A database server, which may be away for a moment, raises the
    engine's ``NotWritable``: then tasks try again later, and requests are answered with 503.
    """

    def below(self, folder: str) -> Files:
        """Return the files below a folder."""

    def where(self, path: str) -> str:
        """Describe the place of a file to a person."""

    def read(self, path: str) -> bytes:
        """Read a file; raises ``FileNotFoundError``."""

    def has(self, path: str) -> bool:
        """Tell whether a file or folder of exactly this name exists."""

    def size(self, path: str) -> int | None:
        """Return the size of a file in bytes; ``None`` if there is none."""

    def stamp(self, path: str) -> Hashable:
        """Return a value that differs after each write; ``None`` if there is no file."""

    def is_whole(self, path: str) -> bool:
        """Tell whether no other program can be in the middle of writing or replacing a file."""

    def names(self, folder: str = "", before: float | None = None) -> list[str]:
        """List the files directly in a folder; with ``before`` (epoch s), only older ones."""

    def folders(self, folder: str = "") -> list[str]:
        """List the folders directly in a folder."""

    def write(self, path: str, content: bytes, *, durable: bool = True) -> None:
        """Write a file atomically; ``durable`` as in ``write_atomic``."""

    def place(self, path: str) -> Path:
        """Return the local path at which to store an upload for ``path``."""

    def take_in(self, upload: Path, path: str) -> None:
        """Move a stored upload to its path."""

    def remove(self, path: str) -> None:
        """Delete a file, or a folder with its content; a missing one is fine."""

    def copy(
        self, before: str, now: str, only: Collection[str] | None = None, *, share: bool = False
    ) -> None:
        """Copy the files of a folder, or those named in ``only``, into another one.

        With ``share`` both may be one on the disk: they are only ever replaced or deleted.
        """


class FolderFiles:
    """Files in a folder of this machine.

    Folders in ``top`` that were deleted are made again, but not ``top``, which may have been moved.
    """

    def __init__(
        self, root: Path, quiet: QuietFiles | None = None, top: Path | None = None
    ) -> None:
        self._root = root
        self._top = top or root
        self._quiet = quiet or QuietFiles()

    def below(self, folder: str) -> FolderFiles:
        """Return the files below a folder."""
        return FolderFiles(self._root / folder, self._quiet, self._top)

    def where(self, path: str) -> str:
        """Return the full path."""
        return str(self.path(path))

    def path(self, path: str) -> Path:
        """Return the path of a file on the disk."""
        return self._root / path

    def read(self, path: str) -> bytes:
        """Read a file; raises ``FileNotFoundError``, and ``NotOwn`` for settings of others."""
        place = self._root / path
        if path == SETTINGS:
            return read_own(place)
        with open_file(place) as file:
            return file.read()

    def has(self, path: str) -> bool:
        """Tell whether it exists with these capitals, which some disks ignore."""
        place = self._root / path
        try:
            place.stat()
            return place.name in os.listdir(place.parent)  # noqa: PTH208 - paths take ten times more
        except (FileNotFoundError, NotADirectoryError):
            return False

    def size(self, path: str) -> int | None:
        """Return the size in bytes; ``None`` if there is no file."""
        try:
            return (self._root / path).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None

    def stamp(self, path: str) -> Hashable:
        """Return what each write or change of rights changes; ``None`` if there is no file."""
        try:
            found = (self._root / path).stat()
        except OSError:
            return None
        times = found.st_mtime_ns, found.st_ctime_ns  # two writes may have one time
        return *times, found.st_size, found.st_ino

    def is_whole(self, path: str) -> bool:
        """Tell whether a file has had no write for a second, or was missing for one."""
        return self._quiet.is_quiet(self._root / path)

    def names(self, folder: str = "", before: float | None = None) -> list[str]:
        """List the files directly in a folder, or only older ones."""
        return [
            each.name
            for each in self._entries(folder)
            if _shown(each).is_file() and (before is None or _is_older(each, before))
        ]

    def folders(self, folder: str = "") -> list[str]:
        """List the folders directly in a folder."""
        return [each.name for each in self._entries(folder) if _shown(each).is_dir()]

    def write(self, path: str, content: bytes, *, durable: bool = True) -> None:
        """Write a file atomically."""
        place = self._root / path
        try:
            write_atomic(place, content, durable=durable)
        except FileNotFoundError:
            if not self._top.is_dir():
                raise
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_atomic(place, content, durable=durable)

    def place(self, path: str) -> Path:
        """Return the path, and create its folder."""
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
        """Delete a file, or a folder with its content."""
        place = self._root / path
        if place.is_dir():
            shutil.rmtree(place, ignore_errors=True)
        else:
            place.unlink(missing_ok=True)

    def copy(
        self, before: str, now: str, only: Collection[str] | None = None, *, share: bool = False
    ) -> None:
        """Copy a folder's files, or link them."""
        there, here = self._root / before, self._root / now
        if not there.is_dir() or _is_same(there, here):
            return
        here.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in self.names(before):
            if only is None or name in only:
                (_link if share else shutil.copy2)(there / name, here / name)

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._root / folder) as entries:
                return list(entries)
        except FileNotFoundError:
            return []


def _shown(entry: os.DirEntry[str]) -> os.DirEntry[str] | Path:
    """Return what tells a file from a folder, and takes a link to itself for neither."""
    return Path(entry.path) if entry.is_symlink() else entry


def _is_older(entry: os.DirEntry[str], moment: float) -> bool:
    try:
        return entry.stat().st_mtime < moment
    except FileNotFoundError:  # it was deleted meanwhile
        return False


def _link(there: Path, here: Path) -> None:
    """Give a file a second name, or copy it where the disk cannot do that."""
    here.unlink(missing_ok=True)
    try:
        here.hardlink_to(there)
    except OSError:
        shutil.copy2(there, here)


def _is_same(one: Path, other: Path) -> bool:
    """Tell whether two paths are the same file, as names that differ only by capitals may be."""
    return one.exists() and other.exists() and one.samefile(other)


def content_of(files: Files, path: str, what: str, lasting: type[BadTemplate]) -> bytes:
    """Read an attachment; empty if it is missing. Raises as ``unread`` if it cannot be read."""
    try:
        return files.read(path)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        raise unread(what, error, lasting) from error


class BatchFiles:
    """The attachments of items: in one folder for each batch, and uploads; thread-safe.

    An upload is for any item that names its id: the hash of its content, a slash and its name.
    Where a ``batch_id`` is asked for, it does not matter for an upload.
    """

    def __init__(self, files: Files) -> None:
        self._files = files

    def place_for(self, batch_id: int, file: str) -> Path:
        """Return the path at which to store an attachment; raises ``BadName``."""
        return self._files.place(_attached(batch_id, file))

    def attach(self, upload: Path, batch_id: int, file: str) -> None:
        """Move a stored upload to its path; raises ``OSError``."""
        self._files.take_in(upload, _attached(batch_id, file))

    def detach(self, batch_id: int, file: str) -> bool:
        """Delete an attachment; returns whether it existed. Raises ``BadName``."""
        path = _attached(batch_id, file)
        is_there = self._files.stamp(path) is not None
        self._files.remove(path)
        return is_there

    def take_from(self, other: int, batch_id: int, files: Collection[str] | None) -> None:
        """Add the attachments of another batch, or those named, to a batch; raises ``OSError``."""
        names = self.attachments(other) if files is None else files
        self._files.copy(_attachments(other), _attachments(batch_id), names, share=True)

    def attachments(self, batch_id: int) -> dict[str, int]:
        """Map the names of a batch's attachments to their sizes in bytes, as ``size`` does."""
        folder = _attachments(batch_id)
        names = [name for name in self._files.names(folder) if target_of(name) is None]
        return {name: self._size(f"{folder}/{name}") for name in sorted(names)}

    def size(self, batch_id: int, file: str) -> int:
        """Return the size of an attachment in bytes; 0 if it is missing or cannot be read."""
        try:
            return self._size(_attached(batch_id, file))
        except BadName:
            return 0

    def _size(self, path: str) -> int:
        try:
            return self._files.size(path) or 0
        except OSError:
            return 0

    def place_for_upload(self, file: str) -> Path:
        """Return a path beside which to store an upload; raises ``BadName``."""
        return self._files.place(f"{UPLOADS}/{check_file_name(file)}")

    def take_upload(self, upload: Path, file: str) -> str:
        """Keep a stored upload, and return its id; raises ``OSError``.

        The same file has the same id, and begins a new time until it is forgotten.
        """
        digest = hashlib.sha256(upload.read_bytes()).hexdigest()
        named = f"{digest[:_HASH_DIGITS]}/{check_file_name(file)}"
        self._files.take_in(upload, _attached(0, named))
        return named

    def forget_uploads(self, before: float, named: Callable[[], Set[str]]) -> None:
        """Delete the uploads from before a time (epoch, s) that are not among those ``named``."""
        old = [name for name in self._files.names(UPLOADS, before) if target_of(name) is None]
        needed = {_stored(each) for each in named()} if old else ()
        for name in old:
            if f"{UPLOADS}/{name}" not in needed:
                self._files.remove(f"{UPLOADS}/{name}")

    def attachment(self, batch_id: int, file: str) -> bytes:
        """Read an attachment; raises ``MissingBatchFile`` or ``Unread``."""
        about: dict[str, Any] = {"file": shown_name(file), "batch": batch_id}
        what = ENGLISH.fill(
            "attachment", "of_item" if is_upload(file) else "of_batch", fields=about
        )
        try:
            path = _attached(batch_id, file)
        except BadName:
            content = b""
        else:
            content = content_of(self._files, path, what, MissingBatchFile)
        if not content:
            if is_upload(file):
                raise MissingBatchFile("lost_of_item", **about)
            if not isinstance(self._files, FolderFiles):  # no person can put a file in a database
                raise MissingBatchFile("lost_of_batch_in_database", **about)
            folder = self._files.where(_attachments(batch_id))
            raise MissingBatchFile("lost_of_batch", folder=folder, **about)
        return content

    def place_of(self, batch_id: int, file: str) -> tuple[Files, str]:
        """Return the files of all batches, and the path of an attachment in them."""
        return self._files, _attached(batch_id, file)

    def forget(self, batch_id: int) -> None:
        """Delete the attachments of a batch; if that fails, the sweeper deletes them later."""
        self._files.remove(str(batch_id))

    def batches(self) -> list[int]:
        """List the batches that have files here."""
        return [int(name) for name in self._files.folders() if name.isdecimal()]


def _attachments(batch_id: int) -> str:
    return f"{batch_id}/attachments"


def _attached(batch_id: int, file: str) -> str:
    if is_upload(file):
        return _stored(file)
    return f"{_attachments(batch_id)}/{check_file_name(file)}"


_HASH_DIGITS: Final = 24
_HASH: Final = re.compile(rf"[0-9a-f]{{{_HASH_DIGITS}}}")


def _stored(upload: str) -> str:
    """Return the path of an upload; raises ``BadName``."""
    digest, _, name = upload.partition("/")
    if not _HASH.fullmatch(digest):
        raise BadName("no_id")
    return f"{UPLOADS}/{digest}-{check_file_name(name)}"


class ReplacedTemplates:
    """The names of built-in templates whose messages were made of a file of the person's own.

    A lost file brings none of them back.
    ``remember`` is called after each change, before a message is made; thread-safe.
    """

    def __init__(self, remember: Callable[[], object] = lambda: None) -> None:
        self.names: frozenset[str] = frozenset()
        self._remember = remember
        self._lock = threading.Lock()

    def put(self, name: str, *, is_replaced: bool) -> None:
        """Note whether the person has replaced a template, or wants the built-in one back."""
        with self._lock:
            if (name in self.names) == is_replaced:
                return
            self.names ^= {name}
        self._remember()


_FORBIDDEN: Final = frozenset('<>:"/\\|?*')
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_FILE_NAME_BYTES: Final = 200


def check_file_name(file: str) -> str:
    """Return the normalized name of an attachment.

    Raises:
        BadName: if a file cannot have this name on every system.
    """
    name = unicodedata.normalize("NFC", file)
    categories = {unicodedata.category(character) for character in name}
    if not name.strip(" .") or name != name.strip() or name.startswith("."):
        raise BadName("no_name")
    if not _FORBIDDEN.isdisjoint(name) or not categories.isdisjoint(_UNSEEN):
        raise BadName("characters", signs=" ".join(sorted(_FORBIDDEN)))
    if RESERVED.fullmatch(name) or name.endswith("."):
        raise BadName("reserved", file=name)
    if len(name.encode()) > _FILE_NAME_BYTES:
        raise BadName("long_name")
    return name
