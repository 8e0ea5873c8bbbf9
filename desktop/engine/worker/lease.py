"""What a worker knows under one name: its attempts, and the notes that it has yet to send."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from desktop.contract.reasons import Reason
from desktop.engine.attempts.claim import Claim
from desktop.engine.attempts.outcomes import Deferred, Held
from desktop.engine.errors import Fenced
from desktop.engine.functions.worker_offer import WorkerOffer
from desktop.engine.transaction.replies import settle
from desktop.engine.worker.link import NoteRow, Order
from desktop.engine.writer.note_kinds import AwaitedNote, EndNote, Note, encode, error_of

log = logging.getLogger(__name__)

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

    def collect(self, notes: Iterable[Note]) -> None:
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
