"""Files in the database, of the process that runs its tasks; each has a path, as in a folder.

``move`` brings those of a folder with its tasks, ``serve`` those of one without
tasks.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import errors

from sendoff_tasks.errors import NotWritable
from sendoff_tasks.postgres.connection import Connection, is_refusal, not_writable
from sendoff_tasks.postgres.translation import translated
from sendoff_tasks.text import storable_values

log = logging.getLogger(__name__)

SESSIONS: Final = 4
"""Sessions of one process that read and write files."""
REMEMBERED: Final = 10_000
"""Answers that are remembered for one folder."""
ROOM: Final = 32 * 1024 * 1024
"""Bytes of files that were read and are kept for the next message."""
_READ: Final = (
    "SELECT stamp, CASE WHEN stamp = ? THEN NULL ELSE content END FROM files WHERE path = ?"
)
"""Reads the content only if the file's stamp differs from the given one."""
BRING: Final = (
    "INSERT INTO files (path, content, at) VALUES (?, ?, to_timestamp(?))"
    " ON CONFLICT (path) DO NOTHING"
)
_LAST: Final = chr(0x10FFFF)
_IN_TERM: Final = (
    "WITH changed AS ({}) SELECT 1 / (SELECT count(*) FROM"
    " (SELECT 1 FROM meta WHERE key = 'term' AND value = ? FOR SHARE) AS own) FROM changed"
)
"""Changes files, or fails by a division by zero in another term; the next term waits for its end.

As one statement it begins when all of a file has arrived: a process that freezes while it sends one
locks nothing.
"""

Fetched = list[tuple[Any, ...]]


class FileStore:
    """The files of the database at ``url``; thread-safe.

    Raises ``NotWritable`` while the database cannot be reached, or another process has the tasks.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._room = threading.BoundedSemaphore(SESSIONS)
        self._spare: list[Connection] = []
        self._reading = threading.Lock()
        self._read: dict[str, tuple[int, bytes]] = {}
        self._alone: frozenset[str] = frozenset()
        self._known: dict[str, dict[Hashable, Fetched]] = {}  # by the first part of the path
        self._term: str | None = None
        self._on_taken: Callable[[], None] = lambda: None

    def write_alone(self, names: Iterable[str]) -> None:
        """Remember answers about these files and folders until they are written here.

        No other process writes there. So requests need not wait for the server.
        """
        self._alone = frozenset(names)

    def write_in_term(self, term: str, on_taken: Callable[[], None]) -> None:
        """Write only in this term of the process that runs the tasks.

        ``on_taken`` is called once a write meets another one.
        """
        self._term, self._on_taken = term, on_taken

    def ask(self, path: str, statement: str, *parameters: Any) -> Fetched:
        """Return the rows that a statement finds about a path, maybe from memory."""
        if _top_folder(path) not in self._alone:
            return self._run(statement, parameters)
        # A write drops the dictionary; what is asked during the write goes into the dropped one.
        known, question = self._known.setdefault(_top_folder(path), {}), (statement, *parameters)
        answer = known.get(question)
        if answer is None:
            answer = self._run(statement, parameters)
            if len(known) >= REMEMBERED:  # requests may name paths that never existed
                known.clear()
            known[question] = answer
        return answer

    def read(self, path: str) -> bytes | None:
        """Return a file's content, ``None`` without a file; unchanged content is not sent again."""
        before = self._read.get(path, (0, b""))
        rows = self._run(_READ, (before[0], path))
        if not rows:
            return None
        stamp, content = rows[0]
        if content is None:
            return before[1]
        self._keep(path, stamp, content)
        return bytes(content)

    def _keep(self, path: str, stamp: int, content: bytes) -> None:
        """Keep content that was read, up to ``ROOM``; what was read first is dropped first."""
        with self._reading:
            self._read.pop(path, None)
            self._read[path] = stamp, content
            while sum(len(kept) for _, kept in self._read.values()) > ROOM:
                del self._read[next(iter(self._read))]

    def bring(self, path: str, content: bytes, at: float) -> bool:
        """Write a file of another place, with the time of its write (epoch s).

        Returns ``False`` if there is a file already, which stays.
        """
        return bool(self.change(path, BRING, path, content, at))

    def change(self, path: str, statement: str, *parameters: Any) -> int:
        """Run a statement that writes at a path, again if its answer is lost; count the rows."""
        statement = f"{statement} RETURNING 1"
        if self._term is not None:
            statement, parameters = _IN_TERM.format(statement), (*parameters, self._term)
        try:
            return len(self._run(statement, parameters))
        except errors.DivisionByZero as error:
            self._on_taken()
            raise NotWritable("database.taken") from error
        finally:
            self._known.pop(_top_folder(path), None)

    def forget(self) -> None:
        """Forget what was read: the server went back in time, and gives old stamps again."""
        self._known.clear()
        with self._reading:
            self._read.clear()

    def close(self) -> None:
        """End the sessions; later calls make new ones."""
        while self._spare:
            self._spare.pop().close()

    def _run(self, statement: str, parameters: tuple[Any, ...]) -> Fetched:
        """Run a statement; return its rows."""
        try:
            with self._room:
                return self._run_in_session(statement, parameters)
        except psycopg.Error as error:
            if is_refusal(error):
                raise not_writable(error) from error
            raise

    def _run_in_session(self, statement: str, parameters: tuple[Any, ...]) -> Fetched:
        """Run a statement in a spare session, or in a new one if the spare ones are lost."""
        while self._spare:
            try:
                with self._lend(self._spare.pop()) as session:
                    return _fetch(session, statement, parameters)
            except (IndexError, psycopg.OperationalError):
                continue
        with self._lend(Connection(self._url)) as session:
            return _fetch(session, statement, parameters)

    @contextmanager
    def _lend(self, session: Connection) -> Iterator[Connection]:
        try:
            yield session
        except BaseException:
            session.close()
            raise
        self._spare.append(session)


def inside(folder: str) -> tuple[str, str]:
    """Return the bounds of the paths below a folder, the upper one excluded.

    ``0`` comes after ``/``.
    """
    return folder, f"{folder[:-1]}0" if folder else _LAST


def _fetch(session: Connection, statement: str, parameters: tuple[Any, ...]) -> Fetched:
    values = storable_values(parameters)  # a request may name any path
    cursor = psycopg.RawCursor(session.real)
    return cursor.execute(translated(statement), values, binary=True).fetchall()


def _top_folder(path: str) -> str:
    return path.partition("/")[0]


_HAS: Final = "SELECT 1 FROM files WHERE path = ? OR (path >= ? AND path < ?) LIMIT 1"
_SIZE: Final = "SELECT octet_length(content) FROM files WHERE path = ?"
_STAMP: Final = "SELECT stamp FROM files WHERE path = ?"
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
"""The folder below the root that receives the files that the database has."""


class DatabaseFiles:
    """Files below a path of the database; as below a path of a folder."""

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
        """Tell whether a file or folder exists."""
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

    def copy(
        self, before: str, now: str, only: Collection[str] | None = None, *, share: bool = False
    ) -> None:
        """Copy the files of a folder, or those named in ``only``; none are shared."""
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
    for name, path in stored_files(root, patterns):
        content = path.read_bytes()
        is_new = store.bring(name, content, path.stat().st_mtime)
        if not is_new and store.read(name) != content:
            log.warning("Kept %s of the database; moved the one in %s away", name, root)
        move_away(root, name)
        number += is_new
    if number:
        log.info("Copied %s files of %s into the database", number, root)


def stored_files(root: Path, patterns: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """Yield the files of a folder that belong to its tasks: the path inside it, and on disk."""
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(root).as_posix(), path


def move_away(root: Path, name: str) -> None:
    """Move a file that the database has into the folder ``MOVED``; raises ``OSError``."""
    aside = root / MOVED / name
    aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    (root / name).replace(aside)
