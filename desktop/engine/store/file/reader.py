"""Reading beside the writer: a few connections of their own, each read one snapshot."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from desktop.engine.errors import Closed
from desktop.engine.store.file.connect import connect_reader
from desktop.engine.store.file.errors import StoreDamaged, is_damage
from desktop.settings.backups import EMPTY

log = logging.getLogger(__name__)

GONE: Final = "it is not there any more"
SPARE: Final = 4
"""Connections kept open between reads."""


class Reader:
    """Lends read-only connections to any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._name = str(path)
        self._opened = path.stat() if path.exists() else None
        self._lock = threading.Lock()
        self._spare: list[sqlite3.Connection] = []
        self._closed = False
        self.damage: StoreDamaged | None = None  # once found, nothing is written any more
        self.on_damage: Callable[[StoreDamaged], object] = lambda _: None

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside a transaction: everything read belongs to one moment.

        Raises ``Closed`` after :meth:`close`, ``StoreDamaged`` where the file is found to be.
        """
        try:
            with self._lent() as connection:
                connection.execute("BEGIN")
                yield connection
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            raise self.note(error) from error

    @contextmanager
    def _lent(self) -> Iterator[sqlite3.Connection]:
        connection = self._take()
        try:
            yield connection
        finally:
            try:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            except sqlite3.Error:  # it must not hide what was raised before it
                log.warning("A connection for reading could not be used again", exc_info=True)
                connection.close()
            else:
                self._give_back(connection)

    def note(self, error: sqlite3.Error) -> StoreDamaged:
        """Remember that the file is damaged; ``on_damage`` hears of the first one who found it."""
        found = StoreDamaged(self._path, str(error))
        with self._lock:
            first = self.damage is None
            self.damage = found
        if first:
            self.on_damage(found)
        return found

    def check_file(self) -> None:
        """Raise ``sqlite3.DatabaseError`` where the open file was deleted, replaced or emptied.

        What is written then is lost, and SQLite does not notice. Takes 2 µs.
        """
        if self._opened is None:
            return
        try:
            there = os.stat(self._name)  # noqa: PTH116 - of a Path it takes twice as long
        except FileNotFoundError as error:
            raise _loss(GONE) from error
        except OSError:
            return
        if not os.path.samestat(there, self._opened):
            raise _loss("another file was put in its place while it was in use")
        if there.st_size == 0:
            raise _loss(EMPTY)

    def close(self) -> None:
        """Close what is spare; what is lent closes when it comes back."""
        with self._lock:
            self._closed = True
            spare, self._spare = self._spare, []
        for connection in spare:
            connection.close()

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise Closed
            if self._spare:
                return self._spare.pop()
        try:
            return connect_reader(self._path)
        except sqlite3.OperationalError as error:
            if self._path.exists():
                raise
            raise self.note(_loss(GONE)) from error

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed and len(self._spare) < SPARE:
                self._spare.append(connection)
                return
        connection.close()


def _loss(what: str) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(what)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error
