"""Files in the database: what every process that sends needs, under a path, as in a folder."""

from __future__ import annotations

import threading
from collections.abc import Collection, Hashable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

import psycopg

from desktop.engine.postgres.connection import Connection, is_refusal, not_writable
from desktop.engine.postgres.texts import translated
from desktop.settings.atomic import sweep_uploads

SESSIONS: Final = 4
"""Sessions of one process that read and write files."""
_LAST: Final = chr(0x10FFFF)
_HAS: Final = "SELECT 1 FROM files WHERE path = ? OR (path >= ? AND path < ?) LIMIT 1"
_SIZE: Final = "SELECT octet_length(content) FROM files WHERE path = ?"
_STAMP: Final = "SELECT stamp FROM files WHERE path = ?"
_AT: Final = "SELECT extract(epoch FROM at)::float8 FROM files WHERE path = ?"
_READ: Final = "SELECT content FROM files WHERE path = ?"
_PATHS: Final = "SELECT path FROM files WHERE path >= ? AND path < ? ORDER BY path"
_OLDER: Final = (
    "SELECT path FROM files WHERE path >= ? AND path < ? AND at < to_timestamp(?) ORDER BY path"
)
_WRITE: Final = (
    "INSERT INTO files (path, content) VALUES (?, ?) ON CONFLICT (path) DO UPDATE"
    " SET content = excluded.content, at = excluded.at, stamp = excluded.stamp"
)
_BRING: Final = (
    "INSERT INTO files (path, content, at) VALUES (?, ?, to_timestamp(?))"
    " ON CONFLICT (path) DO NOTHING RETURNING 1"
)
_COPY: Final = (
    "INSERT INTO files (path, content) SELECT ?::text || substr(path, ?::int), content FROM files"
    " WHERE path >= ? AND path < ?"
    " AND (?::text[] IS NULL OR substr(path, ?::int) = ANY(?::text[]))"
    " ON CONFLICT (path) DO UPDATE"
    " SET content = excluded.content, at = excluded.at, stamp = excluded.stamp"
)
_MAKE_WAY: Final = (
    "DELETE FROM files WHERE (path = ? OR (path >= ? AND path < ?)) AND EXISTS"
    " (SELECT 1 FROM files WHERE path = ? OR (path >= ? AND path < ?))"
)
_MOVE: Final = (
    "UPDATE files SET path = ?::text || substr(path, ?::int)"
    " WHERE path = ? OR (path >= ? AND path < ?)"
)
_REMOVE: Final = "DELETE FROM files WHERE path = ? OR (path >= ? AND path < ?)"

Answer = list[tuple[Any, ...]]
Statement = tuple[str, tuple[Any, ...]]


class FileStore:
    """The files of the database at ``url``; thread-safe. ``NotWritable`` where it is away."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._room = threading.BoundedSemaphore(SESSIONS)
        self._spare: list[Connection] = []
        self._alone: frozenset[str] = frozenset()
        self._known: dict[str, dict[Hashable, Answer]] = {}  # by the first part of the path

    def files(self, staging: Path) -> DatabaseFiles:
        """Give all files; uploads come to the folder ``staging`` of this machine first."""
        return DatabaseFiles(self, staging)

    def write_alone(self, names: Iterable[str]) -> None:
        """Remember what is asked of these until it is written: no other process writes there.

        A request must not wait for the server.
        """
        self._alone = frozenset(names)

    def ask(self, path: str, statement: str, *parameters: Any) -> Answer:
        """Read what is known of a path."""
        if _top(path) not in self._alone:
            return self._run((statement, parameters))
        # What is asked while something is written goes to a dictionary that is given up.
        known, question = self._known.setdefault(_top(path), {}), (statement, *parameters)
        if question not in known:
            known[question] = self._run((statement, parameters))
        return known[question]

    def read(self, path: str) -> bytes | None:
        """Read a file, which may be large."""
        rows = self._run((_READ, (path,)))
        return bytes(rows[0][0]) if rows else None

    def bring(self, path: str, content: bytes, at: float) -> bool:
        """Write what was written elsewhere at that moment (epoch s), unless there is a file."""
        return bool(self.change(path, _BRING, path, content, at))

    def change(self, path: str, statement: str, *parameters: Any) -> Answer:
        """Write at a path; it is written again where the first answer was lost."""
        return self._change(path, (statement, parameters))

    def move(self, before: str, now: str) -> None:
        """Give a file or folder another path, in place of what is there, if it has not got it."""
        there, here = (before, *_range(f"{before}/")), (now, *_range(f"{now}/"))
        moved = (now, len(before) + 1, *there)
        self._change(now, (_MAKE_WAY, (*here, *there)), (_MOVE, moved))

    def _change(self, path: str, *statements: Statement) -> Answer:
        try:
            return self._run(*statements)
        finally:
            self._known.pop(_top(path), None)

    def close(self) -> None:
        """End the sessions; later calls make new ones."""
        while self._spare:
            self._spare.pop().close()

    def _run(self, *statements: Statement) -> Answer:
        """Run statements, all or none; returns what the last one found."""
        try:
            with self._room:
                return self._answer(statements)
        except psycopg.Error as error:
            if is_refusal(error):
                raise not_writable(error) from error
            raise

    def _answer(self, statements: tuple[Statement, ...]) -> Answer:
        """Ask in a session that was left, or in a new one where that was lost."""
        while self._spare:
            try:
                with self._kept(self._spare.pop()) as session:
                    return _fetched(session, statements)
            except (IndexError, psycopg.OperationalError):
                continue
        with self._kept(Connection(self._url)) as session:
            return _fetched(session, statements)

    @contextmanager
    def _kept(self, session: Connection) -> Iterator[Connection]:
        try:
            yield session
        except BaseException:
            session.close()
            raise
        self._spare.append(session)


class DatabaseFiles:
    """Files below a path of the database; see ``desktop.mail.files``."""

    def __init__(self, store: FileStore, staging: Path, prefix: str = "") -> None:
        self._store = store
        self._staging = staging
        self._prefix = prefix

    def below(self, folder: str) -> DatabaseFiles:
        """Give those of a folder."""
        return DatabaseFiles(self._store, self._staging, f"{self._prefix}{folder}/")

    def where(self, path: str) -> str:
        """Name the path, in full."""
        return f"{self._prefix}{path} in the database"

    def read(self, path: str) -> bytes:
        """Read one; raises ``FileNotFoundError``."""
        content = self._store.read(self._prefix + path)
        if content is None:
            raise FileNotFoundError(self.where(path))
        return content

    def has(self, path: str) -> bool:
        """Tell whether it is there."""
        full = self._prefix + path
        return bool(self._store.ask(full, _HAS, full, *_range(f"{full}/")))

    def size(self, path: str) -> int | None:
        """Return its bytes; ``None`` where there is none."""
        rows = self._of(path, _SIZE)
        return int(rows[0][0]) if rows else None

    def stamp(self, path: str) -> Hashable:
        """Return what each write changes; ``None`` where there is none."""
        rows = self._of(path, _STAMP)
        return int(rows[0][0]) if rows else None

    def written_at(self, path: str) -> float:
        """Return when it was written, in epoch s; raises ``FileNotFoundError``."""
        rows = self._of(path, _AT)
        if not rows:
            raise FileNotFoundError(self.where(path))
        return float(rows[0][0])

    def names(self, folder: str = "", before: float | None = None) -> list[str]:
        """List the files directly in a folder, or those of older writes."""
        found = self._in(folder) if before is None else self._in(folder, before)
        return [rest for rest in found if "/" not in rest]

    def folders(self, folder: str = "") -> list[str]:
        """List the folders directly in a folder."""
        found = (rest.partition("/") for rest in self._in(folder))
        return list(dict.fromkeys(name for name, slash, _ in found if slash))

    def write(self, path: str, content: bytes, *, durable: bool = True) -> None:
        """Write a file; the server's disk has it then."""
        self._store.change(self._prefix + path, _WRITE, self._prefix + path, content)

    def place(self, path: str) -> Path:
        """Return where an upload belongs; what killed ones have left long ago is removed."""
        self._staging.mkdir(parents=True, exist_ok=True, mode=0o700)
        sweep_uploads(self._staging)
        return self._staging / path.rpartition("/")[2]

    def take_in(self, upload: Path, path: str) -> None:
        """Move an upload to its path."""
        self.write(path, upload.read_bytes())
        upload.unlink()

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all that is in it."""
        full = self._prefix + path
        self._store.change(full, _REMOVE, full, *_range(f"{full}/"))

    def copy(self, before: str, now: str, only: Collection[str] | None = None) -> None:
        """Copy a folder's files."""
        there, here = f"{self._prefix}{before}/", f"{self._prefix}{now}/"
        rest, names = len(there) + 1, None if only is None else list(only)
        self._store.change(here, _COPY, here, rest, *_range(there), names, rest, names)

    def move(self, before: str, now: str) -> None:
        """Move a file or folder."""
        if before != now:
            self._store.move(self._prefix + before, self._prefix + now)

    def merge(self, before: str, now: str) -> None:
        """Move a folder's files to those of another one."""
        for name in self.names(before):
            self.move(f"{before}/{name}", f"{now}/{name}")

    def _of(self, path: str, statement: str) -> Answer:
        return self._store.ask(self._prefix + path, statement, self._prefix + path)

    def _in(self, folder: str, *before: float) -> list[str]:
        """List the paths in a folder, as seen from there."""
        full = f"{self._prefix}{folder}/" if folder else self._prefix
        rows = self._store.ask(full, _OLDER if before else _PATHS, *_range(full), *before)
        return [path.removeprefix(full) for (path,) in rows]


def _fetched(session: Connection, statements: tuple[Statement, ...]) -> Answer:
    with session.real.transaction() if len(statements) > 1 else nullcontext():
        for statement, parameters in statements:
            cursor = session.real.execute(translated(statement).encode(), parameters, binary=True)
    return cursor.fetchall() if cursor.description else []


def _range(folder: str) -> tuple[str, str]:
    """Return between which texts the paths below a folder are: ``0`` comes after ``/``."""
    return folder, f"{folder[:-1]}0" if folder else _LAST


def _top(path: str) -> str:
    return path.partition("/")[0]
