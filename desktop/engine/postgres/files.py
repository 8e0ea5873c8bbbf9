"""Files in the database, for every process that sends mail; each has a path, as in a folder.

``sendoff move`` brings those of a folder with its tasks, ``sendoff serve`` those of one without
tasks.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Hashable, Iterable, Iterator
from pathlib import Path
from typing import Final

from desktop.engine.postgres.file_store import Fetched, FileStore, inside

_HAS: Final = "SELECT 1 FROM files WHERE path = ? OR (path >= ? AND path < ?) LIMIT 1"
_SIZE: Final = "SELECT octet_length(content) FROM files WHERE path = ?"
_STAMP: Final = "SELECT stamp FROM files WHERE path = ?"
_AT: Final = "SELECT extract(epoch FROM at)::float8 FROM files WHERE path = ?"
_PATHS: Final = "SELECT path FROM files WHERE path >= ? AND path < ? ORDER BY path"
_OLDER: Final = (
    "SELECT path FROM files WHERE path >= ? AND path < ? AND at < to_timestamp(?) ORDER BY path"
)
_WRITE: Final = (
    "INSERT INTO files (path, content) VALUES (?, ?) ON CONFLICT (path) DO UPDATE"
    " SET content = excluded.content, at = excluded.at, stamp = excluded.stamp"
)
_COPY: Final = (
    "INSERT INTO files (path, content) SELECT ?::text || substr(path, ?::int), content FROM files"
    " WHERE path >= ? AND path < ?"
    " AND (?::text[] IS NULL OR substr(path, ?::int) = ANY(?::text[]))"
    " ON CONFLICT (path) DO UPDATE"
    " SET content = excluded.content, at = excluded.at, stamp = excluded.stamp"
)
_REMOVE: Final = "DELETE FROM files WHERE path = ? OR (path >= ? AND path < ?)"
MOVED: Final = "moved"
"""The folder below the root that receives the files put aside."""
log = logging.getLogger(__name__)


class DatabaseFiles:
    """Files below a path of the database; see ``desktop.mail.files``."""

    def __init__(self, store: FileStore, staging: Path, prefix: str = "") -> None:
        self._store = store
        self._staging = staging
        self._prefix = prefix

    def below(self, folder: str) -> DatabaseFiles:
        """Return the files below a folder."""
        return DatabaseFiles(self._store, self._staging, f"{self._prefix}{folder}/")

    def where(self, path: str) -> str:
        """Describe the place of a file to a person."""
        return f"{self._prefix}{path} in the database"

    def read(self, path: str) -> bytes:
        """Read a file; raises ``FileNotFoundError``."""
        content = self._store.read(self._prefix + path)
        if content is None:
            raise FileNotFoundError(self.where(path))
        return content

    def has(self, path: str) -> bool:
        """Return whether a file or folder exists."""
        full = self._prefix + path
        return bool(self._store.ask(full, _HAS, full, *inside(f"{full}/")))

    def size(self, path: str) -> int | None:
        """Return the size of a file in bytes; ``None`` if there is none."""
        rows = self._ask(path, _SIZE)
        return int(rows[0][0]) if rows else None

    def stamp(self, path: str) -> Hashable:
        """Return a value that each write changes; ``None`` if there is no file."""
        rows = self._ask(path, _STAMP)
        return int(rows[0][0]) if rows else None

    def is_whole(self, path: str) -> bool:
        """Tell that a file is whole: each is written in one transaction."""
        return True

    def written_at(self, path: str) -> float:
        """Return the time of the last write, in epoch s; raises ``FileNotFoundError``."""
        rows = self._ask(path, _AT)
        if not rows:
            raise FileNotFoundError(self.where(path))
        return float(rows[0][0])

    def names(self, folder: str = "", before: float | None = None) -> list[str]:
        """List the files directly in a folder; with ``before`` (epoch s), only older ones."""
        found = self._list(folder) if before is None else self._list(folder, before)
        return [rest for rest in found if "/" not in rest]

    def folders(self, folder: str = "") -> list[str]:
        """List the folders directly in a folder."""
        found = (rest.partition("/") for rest in self._list(folder))
        return list(dict.fromkeys(name for name, slash, _ in found if slash))

    def write(self, path: str, content: bytes, *, durable: bool = True) -> None:
        """Write a file; on return it is on the server's disk."""
        self._store.change(self._prefix + path, _WRITE, self._prefix + path, content)

    def place(self, path: str) -> Path:
        """Return the local path at which to store an upload for ``path``."""
        self._staging.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._staging / path.rpartition("/")[2]

    def take_in(self, upload: Path, path: str) -> None:
        """Move a stored upload to its path."""
        self.write(path, upload.read_bytes())
        upload.unlink()

    def remove(self, path: str) -> None:
        """Delete a file, or a folder with its content."""
        full = self._prefix + path
        self._store.change(full, _REMOVE, full, *inside(f"{full}/"))

    def copy(self, before: str, now: str, only: Collection[str] | None = None) -> None:
        """Copy the files of a folder, or those named in ``only``, into another one."""
        there, here = f"{self._prefix}{before}/", f"{self._prefix}{now}/"
        rest, names = len(there) + 1, None if only is None else list(only)
        self._store.change(here, _COPY, here, rest, *inside(there), names, rest, names)

    def _ask(self, path: str, statement: str) -> Fetched:
        return self._store.ask(self._prefix + path, statement, self._prefix + path)

    def _list(self, folder: str, *before: float) -> list[str]:
        """List the paths below a folder, relative to it."""
        full = f"{self._prefix}{folder}/" if folder else self._prefix
        rows = self._store.ask(full, _OLDER if before else _PATHS, *inside(full), *before)
        return [path.removeprefix(full) for (path,) in rows]


def bring_over(root: Path, patterns: Iterable[str], store: FileStore) -> None:
    """Move the files that match the patterns into the database; one that is there already stays.

    If it is interrupted, it can be called again. Raises ``NotWritable`` and ``OSError``.
    """
    number = 0
    for name, path in kept_files(root, patterns):
        content = path.read_bytes()
        is_new = store.bring(name, content, path.stat().st_mtime)
        if not is_new and store.read(name) != content:
            log.warning("%s stays as the database has it; the one in %s is put aside", name, root)
        put_aside(root, name)
        number += is_new
    if number:
        log.info("%s files of %s are in the database now", number, root)


def kept_files(root: Path, patterns: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """Yield the files of a folder that belong to its tasks: the path inside it, and on disk."""
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(root).as_posix(), path


def put_aside(root: Path, name: str) -> None:
    """Move a file that the database has into the folder ``MOVED``; raises ``OSError``."""
    aside = root / MOVED / name
    aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    (root / name).replace(aside)
