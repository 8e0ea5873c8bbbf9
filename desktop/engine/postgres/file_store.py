"""Reads and writes files in the database, with sessions of its own and a memory of answers."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from desktop.engine.postgres.connection import Connection, is_refusal, not_writable
from desktop.engine.postgres.translation import translated
from desktop.engine.text import storable_values

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
    " ON CONFLICT (path) DO NOTHING RETURNING 1"
)
_LAST: Final = chr(0x10FFFF)

Fetched = list[tuple[Any, ...]]


class FileStore:
    """The files of the database at ``url``; thread-safe.

    Raises ``NotWritable`` while the database cannot be reached.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._room = threading.BoundedSemaphore(SESSIONS)
        self._spare: list[Connection] = []
        self._reading = threading.Lock()
        self._read: dict[str, tuple[int, bytes]] = {}
        self._alone: frozenset[str] = frozenset()
        self._known: dict[str, dict[Hashable, Fetched]] = {}  # by the first part of the path

    def write_alone(self, names: Iterable[str]) -> None:
        """Remember answers about these files and folders until they are written here.

        No other process writes there. So requests need not wait for the server.
        """
        self._alone = frozenset(names)

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

    def change(self, path: str, statement: str, *parameters: Any) -> Fetched:
        """Run a statement that writes at a path; if its answer is lost, it runs again."""
        try:
            return self._run(statement, parameters)
        finally:
            self._known.pop(_top_folder(path), None)

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
    cursor.execute(translated(statement), values, binary=True)
    return cursor.fetchall() if cursor.description else []


def _top_folder(path: str) -> str:
    return path.partition("/")[0]
