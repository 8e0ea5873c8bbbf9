"""Follows the orders of a worker: begins and stops attempts, and sends their notes.

``WorkerSession`` has the worker's statements, ``Lease`` what it holds under one name.
"""

from __future__ import annotations

import json
import logging
import math
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from secrets import token_hex
from selectors import EVENT_READ, DefaultSelector
from typing import Final, NamedTuple, TypedDict

import psycopg

from sendoff_tasks.attempts.claim import Claim, read_claim
from sendoff_tasks.attempts.context import hear_logging
from sendoff_tasks.attempts.control import CancelReason
from sendoff_tasks.attempts.outcomes import Deferred, GivenBack, Held, Misfit, NotBegun
from sendoff_tasks.clock import SystemClock
from sendoff_tasks.errors import Fenced
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.functions.spec import TaskSpec, describe, elsewhere
from sendoff_tasks.functions.worker_offer import WorkerOffer
from sendoff_tasks.lanes import Lane, stop_all
from sendoff_tasks.lanes.cpu import CpuLane
from sendoff_tasks.lanes.io import DaemonThreads, IoLane
from sendoff_tasks.lanes.loop import LoopLane
from sendoff_tasks.log_rate_limit import LogRateLimit
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.postgres.connection import Connection, why_unopened
from sendoff_tasks.postgres.orders import (
    ANSWERS,
    APPLIED,
    BEAT,
    JOIN,
    LEAVE,
    NOTE,
    NOTE_ENDS,
    ORDERS,
    channel_of,
)
from sendoff_tasks.text import sentence
from sendoff_tasks.transaction.replies import settle
from sendoff_tasks.words.table import ENGLISH
from sendoff_tasks.writer.notes import AttemptNote, AwaitedNote, EndNote, Ledger, encode, error_of
from sendoff_tasks.writer.writer import SIBLINGS, Inbox

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
        self._session.execute(JOIN, (worker.id, name, worker.encode())).fetchall()

    def beat(self, worker: str) -> None:
        """Send a heartbeat; raise ``LeaseOver``."""
        cursor = self._session.cursor()
        cursor.execute(BEAT, (worker,))
        if cursor.rowcount == 0:
            raise LeaseOver

    def leave(self, worker: str, stage: str) -> None:
        """Record that the worker takes no more orders (``leaving``) or has ended (``gone``)."""
        self._session.execute(LEAVE, (stage, worker)).fetchall()

    def write_notes(self, worker: str, rows: Sequence[NoteRow]) -> None:
        """Write notes of attempts; raise ``LeaseOver``."""
        are_ends = all(row["kind"] == "end" for row in rows)
        statement = NOTE_ENDS if are_ends else NOTE
        if not self._session.execute(statement, (worker, json.dumps(rows))).fetchall():
            raise LeaseOver

    def read_orders(self, worker: str, known: int, oldest: int) -> list[Order]:
        """Return the worker's orders from the number ``oldest`` on; raise ``LeaseOver``.

        Orders after the number ``known`` include their claims.
        """
        rows = self._session.execute(ORDERS, (known, oldest, worker)).fetchall()
        if not rows:
            raise LeaseOver
        return sorted((Order(*row) for row in rows if row[0] is not None), key=_by_number)

    def read_answers(self, worker: str) -> list[tuple[int, str]]:
        """Return the answers to notes that attempts wait for, with the numbers of the notes."""
        return list(self._session.execute(ANSWERS, (worker,)).fetchall())

    def delete_answered(self, worker: str, numbers: list[int]) -> None:
        """Delete notes whose answers have been read."""
        self._session.execute(APPLIED, (worker, numbers))


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
            log.info("Could not listen to the database (will retry): %s", why_unopened(error))
        ended.wait(AGAIN_S)


Key = tuple[int, int]
"""The number of a task, and of its attempt."""


@dataclass(slots=True)
class Lease:
    """One name of a worker; it is over when the worker's attempts are taken away."""

    worker: WorkerOffer
    stage: str = ""  # as the database has it; empty before the worker has joined
    known: int = 0  # the number of the newest order that was begun
    oldest: int = 0  # the number of the oldest order that may still exist; numbers only rise
    unsent: list[NoteRow] = field(default_factory=list)
    attempts: dict[Key, Claim] = field(default_factory=dict)  # those whose orders exist
    asked: set[int] = field(default_factory=set)  # notes whose answers are still in the database
    _noted: int = 0
    _ended: dict[Key, NoteRow] = field(default_factory=dict)  # kept until their orders are gone
    _logged: set[str] = field(default_factory=set)
    _awaited: dict[int, AwaitedNote] = field(default_factory=dict)

    def collect(self, notes: Iterable[AttemptNote]) -> None:
        """Collect the notes of attempts; drop those of attempts that were taken over.

        An attempt that waits for an answer to a dropped note gets ``Fenced``.
        """
        for note in notes:
            key = note.claim.task_id, note.claim.attempt
            if self.attempts.get(key) is not note.claim:
                if isinstance(note, AwaitedNote):
                    settle(note.future, (None, Fenced(*key)))
                continue
            self._noted += 1
            kind, told = encode(note)
            row: NoteRow = {
                "number": self._noted,
                "task_id": key[0],
                "attempt": key[1],
                "kind": kind,
                "told": told,
            }
            self.unsent.append(row)
            if isinstance(note, AwaitedNote):
                self._awaited[self._noted] = note
                self.asked.add(self._noted)
            elif isinstance(note, EndNote):
                self._ended[key] = row
                self._log_obstacle(note)

    def _log_obstacle(self, note: EndNote) -> None:
        """Log once why this worker cannot run a queue; that must be fixed on this machine."""
        match note.outcome:
            case Held(said, whole_queue=True) | Deferred(said, why=Reason.OFFLINE):
                if said not in self._logged:
                    self._logged.add(said)
                    queue = note.claim.spec.queue
                    log.warning("This worker cannot run tasks of %s: %s", queue, said)

    def send_ends_again(self) -> None:
        """Send the ends of attempts again if their orders exist; the server may have lost them."""
        first = self.unsent[0]["number"] if self.unsent else self._noted + 1
        self.unsent[:0] = [row for row in self._ended.values() if row["number"] < first]

    def pass_answer(self, number: int, answer: str) -> None:
        """Pass the answer to a note on to the attempt that waits for it."""
        note = self._awaited.pop(number, None)
        if note is not None:
            settle(note.future, (None, error_of(note.claim, answer)))

    def drop(self, orders: Iterable[Order]) -> list[Claim]:
        """Forget the attempts whose orders are gone; return those that had not ended."""
        left = {(order.task_id, order.attempt) for order in orders}
        gone = {key: self.attempts.pop(key) for key in self.attempts.keys() - left}
        fenced = [claim for key, claim in gone.items() if key not in self._ended]
        for key in gone:
            self._ended.pop(key, None)
        for number, note in list(self._awaited.items()):
            if note.claim in fenced:
                key = note.claim.task_id, note.claim.attempt
                settle(self._awaited.pop(number).future, (None, Fenced(*key)))
        return fenced


LOOK_S: Final = 1.0
"""The interval at which a worker reads its orders and answers without a notification, s."""
GATHER_S: Final = 0.001
"""The longest wait until all attempts that began together have sent their notes, s. Attempts that
end at once would otherwise take two commits, here and where their notes are applied."""
BEAT_S: Final = 2.0
"""The interval between heartbeats, s."""
LEAVE_S: Final = 5.0
"""How long a worker that stops tries to send its last notes, s."""
UNREAD: Final = "unread"
"""The name used for the function of an order that cannot be read."""


class OrderFollower:
    """Runs attempts for the process that runs the tasks of the database at ``url``.

    ``offer`` is what it can run; each lease replaces its id. ``name`` is shown to people.
    """

    def __init__(self, url: str, registry: Registry, offer: WorkerOffer, name: str) -> None:
        self._url = url
        self._registry = registry
        self._offer = offer
        self._name = name
        hear_logging()
        self._inbox = Inbox()
        self._ledger = Ledger(self._inbox, SystemClock())
        self._lanes: Mapping[str, Lane] = {
            lane.name: lane for lane in self._make_lanes(offer.slots)
        }
        self._process, self._leases = token_hex(8), 0
        self._lease = self._new_lease()
        self._link: WorkerSession | None = None
        self._is_told = False  # whether orders or answers have changed since they were read
        self._look_at = self._beat_at = 0.0  # monotonic s
        self._begun = 0  # attempts begun since the last wait
        self._is_leaving = False
        self._grace_ends = math.inf  # monotonic s
        self._is_last = False  # whether the lanes have ended
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="worker", daemon=True)

    def _make_lanes(self, slots: Mapping[str, int]) -> Iterable[Lane]:
        yield IoLane(DaemonThreads(), self._ledger, slots["io"])
        yield CpuLane(self._ledger, slots["cpu"])
        lifespan = self._registry.lifespan
        loop = None if lifespan is None else lifespan.enter()
        yield LoopLane(self._ledger, slots["async"], loop)

    def _new_lease(self) -> Lease:
        self._leases += 1
        return Lease(replace(self._offer, id=f"{self._process}.{self._leases}"))

    def start(self) -> None:
        """Start to take orders."""
        self._thread.start()
        told = (self._url, channel_of(self._lease.worker.id), self._on_notification, self._ended)
        threading.Thread(target=listen, args=told, name="listening", daemon=True).start()

    def _on_notification(self) -> None:
        self._is_told = True
        self._inbox.wake()

    def stop(self, grace: float) -> bool:
        """Take no more orders, wait up to ``grace`` s for attempts to end, give back the rest.

        Returns whether no function runs on; the process has to end at once if one does, because
        its task may run elsewhere now.
        """
        self._is_leaving = True
        self._grace_ends = time.monotonic() + grace
        self._inbox.wake()
        stop_all(self._lanes.values(), grace)
        if self._registry.lifespan is not None:
            self._registry.lifespan.leave()
        self._is_last = True
        self._inbox.wake()
        self._thread.join(LEAVE_S)
        self._ended.set()
        return all(lane.wait_over(0) for lane in self._lanes.values())

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                if self._step():
                    break
            except LeaseOver:
                self._drop_lease()
                continue
            except psycopg.Error as error:
                log.info(
                    "Could not connect to the database (will retry): %s",
                    why_unopened(error),
                )
                self._hang_up()
            except Exception:
                log.exception("The worker failed; connecting again")
                self._hang_up()
            if self._link is None:
                self._ended.wait(AGAIN_S)
            else:
                self._inbox.wait(LOOK_S)
                if self._begun >= SIBLINGS:
                    self._inbox.gather(GATHER_S, notes=self._begun)
                self._begun = 0
        self._hang_up()

    def _hang_up(self) -> None:
        link, self._link = self._link, None
        self._is_told = True  # the last orders may not have been followed
        self._lease.send_ends_again()
        if link is not None:
            link.close()

    def _step(self) -> bool:
        """Follow the orders and send notes; tell whether the worker has left."""
        link = self._link = self._link or WorkerSession(self._url)
        lease, is_last = self._lease, self._is_last
        id_ = lease.worker.id
        if not lease.stage and not self._is_leaving:
            link.join(lease.worker, self._name)
            lease.stage = "ready"
        notes, _ = self._inbox.take()
        if time.monotonic() >= self._grace_ends:  # some of these still run: the leave is their end
            notes = [each for each in notes if not _is_given_back(each)]
        lease.collect([*self._ledger.take_progress(), *notes])
        if not lease.stage:
            return is_last
        looks = self._is_look_due()
        if looks:
            # First, because reading waits for no disk, and new attempts must not wait for one.
            self._follow(lease, link.read_orders(id_, lease.known, lease.oldest))
        if lease.unsent:
            link.write_notes(id_, lease.unsent)
            lease.unsent.clear()
        self._write_stage(link, lease, is_last=is_last and self._inbox.empty)
        if time.monotonic() >= self._beat_at:
            link.beat(id_)
            self._beat_at = time.monotonic() + BEAT_S
        if looks and lease.asked:
            self._take_answers(link, lease)
        return lease.stage == "gone"

    def _is_look_due(self) -> bool:
        """Tell whether to read the orders: after a notification, or ``LOOK_S`` after a look."""
        now = time.monotonic()
        if not self._is_told and now < self._look_at:
            return False
        self._is_told = False
        self._look_at = now + LOOK_S
        return True

    def _take_answers(self, link: WorkerSession, lease: Lease) -> None:
        answers = link.read_answers(lease.worker.id)
        for number, answer in answers:
            lease.pass_answer(number, answer)
        if answers:
            numbers = [number for number, _ in answers]
            link.delete_answered(lease.worker.id, numbers)
            lease.asked.difference_update(numbers)

    def _write_stage(self, link: WorkerSession, lease: Lease, *, is_last: bool) -> None:
        wanted = "gone" if is_last else "leaving" if self._is_leaving else "ready"
        if lease.stage != wanted:
            link.leave(lease.worker.id, wanted)
            lease.stage = wanted

    def _follow(self, lease: Lease, orders: list[Order]) -> None:
        """Begin new attempts, stop those that should stop, fence those whose orders are gone."""
        for order in orders:
            key = order.task_id, order.attempt
            if order.claim is not None and key not in lease.attempts:
                self._begin(lease, order, order.claim)
            lease.known = max(lease.known, order.number)
            claim = lease.attempts.get(key)
            if order.stop and claim is not None:
                self._lanes[claim.spec.lane].cancel(*key, CancelReason.PERSON)
        lease.oldest = min((order.number for order in orders), default=lease.known)
        self._fence(lease.drop(orders))

    def _begin(self, lease: Lease, order: Order, text: str) -> None:
        key = order.task_id, order.attempt
        try:
            name, told = read_claim(text)
            spec = self._find(name)
            claim = Claim(spec=spec or _missing(name), around=self._registry.around, **told)
            claim.lifespan = self._registry.lifespan
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            log.exception("Could not read the order of task %s", order.task_id)
            lease.attempts[key] = unread = Claim(*key, 0, _missing(UNREAD), "[]")
            self._ledger.finish(
                unread, NotBegun(ENGLISH.say("attempt", "not_read", why=sentence(error)))
            )
            return
        lease.attempts[key] = claim
        if spec is None:
            self._ledger.finish(claim, Misfit(self._registry.why_unknown(name), ""))
            return
        self._ledger.begin(claim)
        self._lanes[spec.lane].start(claim)
        self._begun += 1

    def _find(self, name: str) -> TaskSpec | None:
        """Return the task of this name; a plain function is found by its module."""
        if self._registry.get(name) is None:
            self._registry.recall({name: name})
        return self._registry.get(name)

    def _fence(self, claims: list[Claim]) -> None:
        for claim in claims:
            lane = self._lanes[claim.spec.lane]
            lane.cancel(claim.task_id, claim.attempt, CancelReason.FENCED)

    def _drop_lease(self) -> None:
        """Drop all attempts, because they were taken from this worker, and begin a new lease."""
        log.warning("The worker did not respond in time; its attempts were given to others")
        self._fence(self._lease.drop([]))
        self._lease, self._is_told = self._new_lease(), True


def _is_given_back(note: AttemptNote) -> bool:
    return isinstance(note, EndNote) and isinstance(note.outcome, GivenBack) and note.outcome.begun


def _missing(name: str) -> TaskSpec:
    """Return the description of a function that this worker does not have."""
    return describe(elsewhere, name)
