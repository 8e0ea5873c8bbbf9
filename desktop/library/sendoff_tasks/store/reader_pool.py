"""A pool of read connections, lent to any thread; a few stay open between reads."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from sendoff_tasks.errors import Closed, EngineError
from sendoff_tasks.store.errors import StoreDamaged
from sendoff_tasks.store.tables.cursor import Source

log = logging.getLogger(__name__)

SPARE: Final = 16
"""Connections kept open between reads: so many messages are sent at once, and each reads."""


class ReadConnection(Source, Protocol):
    """A connection that the pool lends."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""

    def close(self) -> None:
        """Close the connection."""


class ReaderPool(ABC):
    """Lends read-only connections, each inside a transaction."""

    errors: type[Exception]
    """The exceptions that connections raise."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._spare: list[ReadConnection] = []
        self._closed = False
        self.damage: StoreDamaged | None = None  # once set, nothing is written any more
        self.on_damage: Callable[[StoreDamaged], object] = lambda _: None
        self.on_surprise: Callable[[], object] = lambda: None

    @abstractmethod
    def connect(self) -> ReadConnection:
        """Open one more connection."""

    @abstractmethod
    def translate(self, error: Exception) -> Exception | None:
        """Translate an error for readers; ``None`` keeps the error."""

    @contextmanager
    def snapshot(self) -> Iterator[Source]:
        """Lend a connection inside a transaction: all reads see one moment.

        Raises ``Closed`` after :meth:`close`. Calls ``on_surprise`` for an error that no reader
        expects: rows and indexes of a damaged store may disagree without an error of its own.
        """
        try:
            with self._lent() as connection:
                yield connection
        except EngineError:
            raise
        except Exception as error:
            told = self.translate(error) if isinstance(error, self.errors) else None
            if told is None:
                self.on_surprise()
                raise
            raise told from error

    @contextmanager
    def _lent(self) -> Iterator[ReadConnection]:
        connection = self._begun()
        try:
            yield connection
        finally:
            try:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            except self.errors:  # must not hide an exception of the body
                log.warning("Could not reuse a connection for reading", exc_info=True)
                connection.close()
            else:
                self._give_back(connection)

    def close(self) -> None:
        """Close the spare connections; lent ones close when they come back."""
        with self.lock:
            self._closed = True
            spare, self._spare = self._spare, []
        for connection in spare:
            connection.close()

    def _begun(self) -> ReadConnection:
        """Begin a transaction in a spare connection, or in a new one if that fails."""
        spare = self._take_spare()
        if spare is not None:
            try:
                spare.execute("BEGIN")
            except self.errors:
                spare.close()
            else:
                return spare
        connection = self.connect()
        try:
            connection.execute("BEGIN")
        except BaseException:
            connection.close()
            raise
        return connection

    def _take_spare(self) -> ReadConnection | None:
        with self.lock:
            if self._closed:
                raise Closed
            return self._spare.pop() if self._spare else None

    def _give_back(self, connection: ReadConnection) -> None:
        with self.lock:
            if not self._closed and len(self._spare) < SPARE:
                self._spare.append(connection)
                return
        connection.close()
