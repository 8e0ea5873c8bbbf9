"""What asks the database for files and writes them: sessions, and what is remembered."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Final

import psycopg

from desktop.engine.postgres.connection import Connection, is_refusal, not_writable
from desktop.engine.postgres.cursor import without_nul
from desktop.engine.postgres.translation import translated

SESSIONS: Final = 4
"""Sessions of one process that read and write files."""
REMEMBERED: Final = 10_000
"""Answers that are remembered of one folder."""
ROOM: Final = 32 * 1024 * 1024
"""Bytes of files that were read, kept for the next message."""
_READ: Final = (
    "SELECT stamp, CASE WHEN stamp = ? THEN NULL ELSE content END FROM files WHERE path = ?"
)
"""The content only where it is another one than that of a stamp."""
BRING: Final = (
    "INSERT INTO files (path, content, at) VALUES (?, ?, to_timestamp(?))"
    " ON CONFLICT (path) DO NOTHING RETURNING 1"
)
_MAKE_WAY: Final = (
    "DELETE FROM files WHERE (path = ? OR (path >= ? AND path < ?)) AND EXISTS"
    " (SELECT 1 FROM files WHERE path = ? OR (path >= ? AND path < ?))"
)
_MOVE: Final = (
    "UPDATE files SET path = ?::text || substr(path, ?::int)"
    " WHERE path = ? OR (path >= ? AND path < ?)"
)
_LAST: Final = chr(0x10FFFF)

Fetched = list[tuple[Any, ...]]
Statement = tuple[str, tuple[Any, ...]]


class FileStore:
    """The files of the database at ``url``; thread-safe. ``NotWritable`` where it is away."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._room = threading.BoundedSemaphore(SESSIONS)
        self._spare: list[Connection] = []
        self._reading = threading.Lock()
        self._read: dict[str, tuple[int, bytes]] = {}
        self._alone: frozenset[str] = frozenset()
        self._known: dict[str, dict[Hashable, Fetched]] = {}  # by the first part of the path

    def write_alone(self, names: Iterable[str]) -> None:
        """Remember what is asked of these until it is written: no other process writes there.

        A request must not wait for the server.
        """
        self._alone = frozenset(names)

    def ask(self, path: str, statement: str, *parameters: Any) -> Fetched:
        """Read what is known of a path."""
        if _top(path) not in self._alone:
            return self._run((statement, parameters))
        # What is asked while something is written goes to a dictionary that is given up.
        known, question = self._known.setdefault(_top(path), {}), (statement, *parameters)
        answer = known.get(question)
        if answer is None:
            answer = self._run((statement, parameters))
            if len(known) >= REMEMBERED:  # requests may name what there never was
                known.clear()
            known[question] = answer
        return answer

    def read(self, path: str) -> bytes | None:
        """Read a file; what many messages carry travels once."""
        before = self._read.get(path, (0, b""))
        rows = self._run((_READ, (before[0], path)))
        if not rows:
            return None
        stamp, content = rows[0]
        if content is None:
            return before[1]
        self._keep(path, stamp, content)
        return bytes(content)

    def _keep(self, path: str, stamp: int, content: bytes) -> None:
        """Keep what was read, as far as there is room; what was read first goes first."""
        with self._reading:
            self._read.pop(path, None)
            self._read[path] = stamp, content
            while sum(len(kept) for _, kept in self._read.values()) > ROOM:
                del self._read[next(iter(self._read))]

    def bring(self, path: str, content: bytes, at: float) -> bool:
        """Write what was written elsewhere at that moment (epoch s), unless there is a file."""
        return bool(self.change(path, BRING, path, content, at))

    def change(self, path: str, statement: str, *parameters: Any) -> Fetched:
        """Write at a path; it is written again where the first answer was lost."""
        return self._change(path, (statement, parameters))

    def move(self, before: str, now: str) -> None:
        """Give a file or folder another path, in place of what is there, if it has not got it."""
        there, here = (before, *inside(f"{before}/")), (now, *inside(f"{now}/"))
        moved = (now, len(before) + 1, *there)
        self._change(now, (_MAKE_WAY, (*here, *there)), (_MOVE, moved))

    def _change(self, path: str, *statements: Statement) -> Fetched:
        try:
            return self._run(*statements)
        finally:
            self._known.pop(_top(path), None)

    def close(self) -> None:
        """End the sessions; later calls make new ones."""
        while self._spare:
            self._spare.pop().close()

    def _run(self, *statements: Statement) -> Fetched:
        """Run statements, all or none; returns what the last one found."""
        try:
            with self._room:
                return self._answer(statements)
        except psycopg.Error as error:
            if is_refusal(error):
                raise not_writable(error) from error
            raise

    def _answer(self, statements: tuple[Statement, ...]) -> Fetched:
        """Ask in a session that was left, or in a new one where that was lost."""
        while self._spare:
            try:
                with self._lent(self._spare.pop()) as session:
                    return _fetched(session, statements)
            except (IndexError, psycopg.OperationalError):
                continue
        with self._lent(Connection(self._url)) as session:
            return _fetched(session, statements)

    @contextmanager
    def _lent(self, session: Connection) -> Iterator[Connection]:
        try:
            yield session
        except BaseException:
            session.close()
            raise
        self._spare.append(session)


def inside(folder: str) -> tuple[str, str]:
    """Return between which texts the paths below a folder are: ``0`` comes after ``/``."""
    return folder, f"{folder[:-1]}0" if folder else _LAST


def _fetched(session: Connection, statements: tuple[Statement, ...]) -> Fetched:
    with session.real.transaction() if len(statements) > 1 else nullcontext():
        for statement, parameters in statements:
            values = without_nul(parameters)  # a name from a request
            cursor = psycopg.RawCursor(session.real)
            cursor.execute(translated(statement), values, binary=True)
    return cursor.fetchall() if cursor.description else []


def _top(path: str) -> str:
    return path.partition("/")[0]
