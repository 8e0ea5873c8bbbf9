"""The writer's inbox: requests of callers and notes of attempts, and what wakes the writer."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from desktop.engine.errors import Busy, Closed
from desktop.engine.transaction.replies import (
    Answer,
    Callers,
    More,
    Request,
    Sleepers,
    answer,
    run_logged,
    settle,
)
from desktop.engine.writer.note_kinds import AwaitedNote, Note, Refusal
from desktop.engine.writer.worker_wait import WorkerWait

BACKLOG: Final = 50_000
"""Weight of tasks and verbs that may wait for the disk; beyond it callers must come back."""
GROUP_WEIGHT: Final = 2_000
"""Most weight that the requests of one group have together, 1 for a task or verb; a heavier request
has a group of its own."""
END_DELAY_S: Final = 0.003
"""How long an attempt's end may wait for the next call, s, to share its commit."""
LEAST_AWAITED: Final = 2
"""Unless callers are away, a group takes at least this many awaited notes, and of many one in
``AWAITED_SHARE``. The attempts waiting for them all compute at once afterwards, and callers would
wait behind them."""
AWAITED_SHARE: Final = 8
AWAY_GROUPS: Final = 50
"""After so many groups without a request callers are away: groups get larger, at a fifth less CPU
per task. A group takes about 10 ms then."""
SIBLINGS: Final = 4
"""After a group of this many requests or notes the next group waits: answered callers come back,
and newly started attempts may end at once. Otherwise those that came during a commit and those it
answered would take turns in groups half as large, at a quarter more CPU per task. Source:
PostgreSQL's ``commit_delay`` and ``commit_siblings``."""
PROGRESS_DELAY_S: Final = 0.1
"""How long progress and log lines, which no caller waits for, may wait for a commit, s."""


class Inbox:
    """Where every thread leaves work for the writer, without waiting for it."""

    def __init__(self) -> None:
        self.taken = 0  # requests or notes in the last group, whichever were more
        self.callers = 0  # expected callers: those the last group answered, and those waiting
        self.patient = False  # whether no task waits for another one to end
        self.worker_wait = WorkerWait()
        self._answered = Sleepers()
        self._lock = threading.Lock()
        self._requests: deque[Request] = deque()
        self._notes: deque[Note] = deque()
        self._backlog = 0
        self._closed = False
        self._ended = False
        self._poked = False
        self._has_more = False  # whether the last group left notes, which are due now
        self._groups_alone = 0  # groups since the last one that had a request
        self._holds_attempts = False  # whether an attempt waits for one of the notes
        self._due = math.inf  # when notes have waited long enough, monotonic s
        self._asleep = False
        self._awaited = math.inf  # how many requests end the gathering
        self._awaited_notes = math.inf  # how many notes end it
        self._condition = threading.Condition()

    # for everyone

    def ask(self, request: Request) -> None:
        """Leave a request; raise ``Busy`` if too much is waiting, ``Closed`` at the end."""
        with self._lock:
            if self._closed:
                raise Closed
            if self._backlog > BACKLOG:
                raise Busy(1.0)
            self._backlog += request.weight
            self._requests.append(request)
            self.worker_wait.came(request)
        self._wake(is_awaited=self._has_enough)

    def note(self, note: Note, within: float = 0.0) -> None:
        """Leave a note; it may wait ``within`` s for the next commit."""
        self._notes.append(note)  # atomic under the GIL, as is taking one, so no lock
        if self._ended:
            self._refuse_awaited()
        self.expect(within)
        if isinstance(note, AwaitedNote):
            self._holds_attempts = True
            self._wake(is_awaited=self._awaited < math.inf)
        elif len(self._notes) >= self._awaited_notes:
            self._wake(is_awaited=True)

    def note_end(self, note: Note) -> None:
        """Leave an attempt's end; it may wait for the next call if no task needs the slot."""
        self.note(note, END_DELAY_S if self.patient else 0.0)

    def expect(self, within: float) -> None:
        """Make the writer look within ``within`` s, including at what is left elsewhere."""
        due = time.monotonic() + within
        if due < self._due:
            with self._lock:
                self._due = min(due, self._due)
            self._wake()

    def close(self) -> None:
        """Accept no more requests; notes are still accepted."""
        with self._lock:
            self._closed = True

    def wake(self) -> None:
        """Wake the writer although nothing was left."""
        self._poked = True
        self._wake()

    # for the writer

    def take(self) -> tuple[list[Note], list[Request]]:
        """Take the notes and requests for one group, in order; the rest is due at once."""
        self._answered.wake_all()
        self._poked = self._holds_attempts = False
        requests: list[Request] = []
        weight = 0
        with self._lock:
            self._due = math.inf  # later notes set it again
            self._groups_alone = 0 if self._requests else self._groups_alone + 1
            notes = self._take_notes(self._notes_of_a_group())
            self._has_more = bool(self._notes)
            if self._has_more:
                self._holds_attempts = True
            while self._requests and (
                not requests or weight + self._requests[0].weight <= GROUP_WEIGHT
            ):
                requests.append(self._requests.popleft())
                weight += requests[-1].weight
            self._backlog -= weight
        self.taken, self.callers = max(len(requests), len(notes)), 0
        return notes, requests

    def gather(self, seconds: float, callers: float = math.inf, notes: float = math.inf) -> None:
        """Let more come for ``seconds``, or until there are so many requests, or so many notes.

        An attempt that waits ends it like the callers. While ``worker_wait`` is on, callers do not
        end it.
        """
        with self._condition:
            self._awaited, self._awaited_notes = callers, notes
            is_awaited = self._holds_attempts and callers < math.inf
            if not self._has_enough and not is_awaited:
                self._condition.wait(seconds)
            self._awaited = self._awaited_notes = math.inf
            self.worker_wait.give_up()

    @property
    def _has_enough(self) -> bool:
        """Whether there is enough to end the gathering."""
        if len(self._notes) >= self._awaited_notes:
            return True
        return len(self._requests) >= self._awaited and not self.worker_wait.is_on

    def put_back(self, notes: list[Note]) -> None:
        """Put notes that could not be written in front of the others, for the next try."""
        with self._lock:
            self._has_more = False
            self._notes.extendleft(reversed(notes))

    def answer_all(
        self,
        answers: Sequence[tuple[Request, Answer]],
        refused: Sequence[Refusal],
        notes: Sequence[Note],
    ) -> None:
        """Answer everyone who waits for a group that is on disk; continue unfinished requests."""
        answered = [request for request, _ in answers]
        self.callers = len(self._requests) + self.worker_wait.answered(answered)
        over = ((r.reply, told) for r, told in answers if not isinstance(told[0], More))
        answer(over, self._answered)
        for request, (value, _) in answers:
            if isinstance(value, More):
                run_logged(self.continue_with, request, value)
        for awaited, error in refused:
            run_logged(settle, awaited.future, (None, error))
        for note in notes:
            if isinstance(note, AwaitedNote) and not note.future.done():
                run_logged(settle, note.future, (None, None))

    def continue_with(self, request: Request, more: More) -> None:
        """Continue a request in the next group; once closed, answer ``Closed`` instead."""
        with self._lock:
            if not self._closed:
                self._backlog += request.weight
                self._requests.append(replace(request, verb=more.verb))
                return
        answer([(request.reply, (None, Closed()))])

    def end(self) -> None:
        """Answer ``Closed`` to everyone who waits; nothing is written any more."""
        self._answered.wake_all()
        with self._lock:
            self._closed = self._ended = True
            requests = list(self._requests)
            self._requests.clear()
        answer((request.reply, (None, Closed())) for request in requests)
        self._refuse_awaited()

    def wait(self, timeout: float | None) -> None:
        """Sleep until there is something urgent to write, or for ``timeout`` s."""
        self._answered.wake_all()
        end = math.inf if timeout is None else time.monotonic() + timeout
        with self._condition:
            self._asleep = True
            while not self.urgent:
                left = min(end, self._due) - time.monotonic()
                if left <= 0:
                    break
                self._condition.wait(None if left == math.inf else left)
            self._asleep = False

    @property
    def nearness(self) -> Callers:
        """How near the callers are to the group that was taken last."""
        if self._groups_alone == 0:
            return Callers.WAITING
        return Callers.NEAR if self._groups_alone < AWAY_GROUPS else Callers.AWAY

    @property
    def urgent(self) -> bool:
        """Whether callers or notes wait for the writer now."""
        if self._requests or self._poked or self._has_more:
            return True
        return self._due <= time.monotonic()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self._requests or self._notes)

    def _wake(self, *, is_awaited: bool = False) -> None:
        # The work is left before this check; the writer checks again after it set `_asleep`.
        if self._asleep or is_awaited:
            with self._condition:
                self._condition.notify()

    def _refuse_awaited(self) -> None:
        with self._lock:
            left = self._take_notes(len(self._notes))
        for note in left:
            if isinstance(note, AwaitedNote):
                settle(note.future, (None, Closed()))

    def _notes_of_a_group(self) -> int:
        """Return how many notes to take so that few attempts wait for them while callers come."""
        if self.nearness is Callers.AWAY:
            return len(self._notes)
        found = list(self._notes)
        awaited = [place for place, note in enumerate(found) if isinstance(note, AwaitedNote)]
        most = max(LEAST_AWAITED, len(awaited) // AWAITED_SHARE)
        return len(found) if len(awaited) <= most else awaited[most]

    def _take_notes(self, number: int) -> list[Note]:
        return [self._notes.popleft() for _ in range(number)]
