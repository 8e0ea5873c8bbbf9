"""A worker's sessions with the database: one that asks, and one that listens."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from selectors import EVENT_READ, DefaultSelector
from typing import Final, NamedTuple, TypedDict

import psycopg

from desktop.engine.lanes.worker_offer import WorkerOffer
from desktop.engine.log_rate_limit import LogRateLimit
from desktop.engine.postgres import orders
from desktop.engine.postgres.connection import Connection
from desktop.engine.postgres.database.unopened import unopened

AGAIN_S: Final = 0.5
"""How soon a session that was lost is opened again."""

log = logging.getLogger(__name__)
log.addFilter(LogRateLimit())


class Order(NamedTuple):
    """An attempt that shall run here; ``claim`` where the worker does not know it yet."""

    task_id: int
    attempt: int
    number: int
    stop: bool
    claim: str | None


class NoteRow(TypedDict):
    """What an attempt says; ``number`` is its place among all that the worker says."""

    number: int
    task_id: int
    attempt: int
    kind: str
    told: str


class LeaseOver(Exception):
    """The worker has lost its name: its attempts were taken from it."""


class WorkerSession:
    """Asks the database at ``url``; raises ``psycopg.Error`` where there is no session."""

    def __init__(self, url: str) -> None:
        self._session = Connection(url)

    def close(self) -> None:
        """End the session."""
        self._session.close()

    def join(self, worker: WorkerOffer, name: str) -> None:
        """Offer to run attempts."""
        self._session.execute(orders.JOIN, (worker.id, name, worker.encode())).fetchall()

    def offer(self, worker: str, offer: WorkerOffer) -> None:
        """Offer something else from now on."""
        self._session.execute(orders.OFFER, (offer.encode(), worker)).fetchall()

    def beat(self, worker: str) -> None:
        """Show that the worker lives; raises ``LeaseOver``."""
        cursor = self._session.cursor()
        cursor.execute(orders.BEAT, (worker,))
        if cursor.rowcount == 0:
            raise LeaseOver

    def leave(self, worker: str, stage: str) -> None:
        """Take no more orders (``leaving``), or end (``gone``)."""
        self._session.execute(orders.LEAVE, (stage, worker)).fetchall()

    def note(self, worker: str, rows: Sequence[NoteRow]) -> None:
        """Write what attempts say; raises ``LeaseOver``."""
        are_ends = all(row["kind"] == "end" for row in rows)
        statement = orders.NOTE_ENDS if are_ends else orders.NOTE
        if not self._session.execute(statement, (worker, json.dumps(rows))).fetchall():
            raise LeaseOver

    def orders(self, worker: str, known: int, oldest: int) -> list[Order]:
        """Read what shall run here from the ``oldest`` number on; raises ``LeaseOver``.

        Those beyond number ``known`` have their claims.
        """
        rows = self._session.execute(orders.ORDERS, (known, oldest, worker)).fetchall()
        if not rows:
            raise LeaseOver
        return sorted((Order(*row) for row in rows if row[0] is not None), key=_by_number)

    def answers(self, worker: str) -> list[tuple[int, str]]:
        """Read how notes fared that attempts wait for."""
        return list(self._session.execute(orders.ANSWERS, (worker,)).fetchall())

    def forget(self, worker: str, numbers: list[int]) -> None:
        """Delete notes whose answers have been read."""
        self._session.execute(orders.APPLIED, (worker, numbers))


def _by_number(order: Order) -> int:
    return order.number


def listen(url: str, channel: str, wake: Callable[[], None], ended: threading.Event) -> None:
    """Call ``wake`` when something is notified, until ``ended``; what is missed costs time only.

    The driver's own way to wait for it looks ten times a second.
    """
    while not ended.is_set():
        try:
            with closing(Connection(url)) as session, DefaultSelector() as readable:
                session.real.execute(f'LISTEN "{channel}"'.encode())
                readable.register(session.real.fileno(), EVENT_READ)
                wake()  # for what was notified before
                while True:
                    readable.select()
                    session.real.pgconn.consume_input()
                    while session.real.pgconn.notifies() is not None:
                        wake()
        except psycopg.Error as error:
            log.info("Nothing is heard from the database: %s", unopened(error))
        ended.wait(AGAIN_S)
