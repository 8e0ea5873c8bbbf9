"""A worker's sessions with the database: one runs statements, the other listens."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from selectors import EVENT_READ, DefaultSelector
from typing import Final, NamedTuple, TypedDict

import psycopg

from desktop.engine.functions.worker_offer import WorkerOffer
from desktop.engine.log_rate_limit import LogRateLimit
from desktop.engine.postgres import orders
from desktop.engine.postgres.connection import Connection, why_unopened

AGAIN_S: Final = 0.5
"""The wait before a lost session is opened again, s."""

log = logging.getLogger(__name__)
log.addFilter(LogRateLimit())


class Order(NamedTuple):
    """An attempt that should run here; ``claim`` is ``None`` if the worker knows it already."""

    task_id: int
    attempt: int
    number: int
    stop: bool
    claim: str | None


class NoteRow(TypedDict):
    """A note of an attempt, as a row; ``number`` counts all notes of the worker."""

    number: int
    task_id: int
    attempt: int
    kind: str
    told: str


class LeaseOver(Exception):
    """The worker's name is no longer valid: its attempts were taken away."""


class WorkerSession:
    """Runs the worker's statements at ``url``; raises ``psycopg.Error`` without a session."""

    def __init__(self, url: str) -> None:
        self._session = Connection(url)

    def close(self) -> None:
        """End the session."""
        self._session.close()

    def join(self, worker: WorkerOffer, name: str) -> None:
        """Register the worker with what it offers."""
        self._session.execute(orders.JOIN, (worker.id, name, worker.encode())).fetchall()

    def beat(self, worker: str) -> None:
        """Send a heartbeat; raise ``LeaseOver``."""
        cursor = self._session.cursor()
        cursor.execute(orders.BEAT, (worker,))
        if cursor.rowcount == 0:
            raise LeaseOver

    def leave(self, worker: str, stage: str) -> None:
        """Record that the worker takes no more orders (``leaving``) or has ended (``gone``)."""
        self._session.execute(orders.LEAVE, (stage, worker)).fetchall()

    def write_notes(self, worker: str, rows: Sequence[NoteRow]) -> None:
        """Write notes of attempts; raise ``LeaseOver``."""
        are_ends = all(row["kind"] == "end" for row in rows)
        statement = orders.NOTE_ENDS if are_ends else orders.NOTE
        if not self._session.execute(statement, (worker, json.dumps(rows))).fetchall():
            raise LeaseOver

    def read_orders(self, worker: str, known: int, oldest: int) -> list[Order]:
        """Return the worker's orders from the number ``oldest`` on; raise ``LeaseOver``.

        Orders after the number ``known`` include their claims.
        """
        rows = self._session.execute(orders.ORDERS, (known, oldest, worker)).fetchall()
        if not rows:
            raise LeaseOver
        return sorted((Order(*row) for row in rows if row[0] is not None), key=_by_number)

    def read_answers(self, worker: str) -> list[tuple[int, str]]:
        """Return the answers to notes that attempts wait for, with the numbers of the notes."""
        return list(self._session.execute(orders.ANSWERS, (worker,)).fetchall())

    def delete_answered(self, worker: str, numbers: list[int]) -> None:
        """Delete notes whose answers have been read."""
        self._session.execute(orders.APPLIED, (worker, numbers))


def _by_number(order: Order) -> int:
    return order.number


def listen(url: str, channel: str, wake: Callable[[], None], ended: threading.Event) -> None:
    """Call ``wake`` for each notification until ``ended``; a missed one only costs time.

    The driver's own way to wait for notifications looks ten times a second.
    """
    while not ended.is_set():
        try:
            with closing(Connection(url)) as session, DefaultSelector() as readable:
                session.real.execute(f'LISTEN "{channel}"'.encode())
                readable.register(session.real.fileno(), EVENT_READ)
                wake()  # for notifications before LISTEN
                while True:
                    readable.select()
                    session.real.pgconn.consume_input()
                    while session.real.pgconn.notifies() is not None:
                        wake()
        except psycopg.Error as error:
            log.info("The database sends no notifications: %s", why_unopened(error))
        ended.wait(AGAIN_S)
