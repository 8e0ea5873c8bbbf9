"""The writer thread, its inbox, and how large a group becomes.

Every thread leaves in the inbox what is to be written. The writer waits a moment for more if the
last group had many callers or notes.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Protocol, TypeVar

from sendoff_tasks.clock import Clock, read
from sendoff_tasks.errors import Busy, Closed
from sendoff_tasks.events.notices import RETRY_S
from sendoff_tasks.transaction.replies import (
    Answer,
    CallerPriority,
    More,
    Request,
    Sleepers,
    answer,
    run_logged,
)
from sendoff_tasks.writer.notes import AttemptNote, AwaitedNote, RefusedNote, answer_awaited

log = logging.getLogger(__name__)

GROUP_WEIGHT: Final = 2_000
"""Most weight that the requests of one group have together, 1 for a task or verb; a heavier request
has a group of its own."""
SIBLINGS: Final = 4
"""After a group of this many requests or notes the next group waits: answered callers come back,
and newly started attempts may end at once. Otherwise those that came during a commit and those it
answered would take turns in groups half as large, at a quarter more CPU per task. Source:
PostgreSQL's ``commit_delay`` and ``commit_siblings``."""
DELAY_S: Final = 0.0003
"""How long it waits for ends, and for callers while tasks wait for a slot, s."""
RETURN: Final = 2
"""It waits for callers until all are back, at most this many times the duration of the last group:
a caller who came during that group has waited as long."""
LONGEST_RETURN_S: Final = 0.01
"""The longest wait for callers, however slow the disk is, s."""
LEAST_AWAITED: Final = 2
"""Unless callers are away, a group takes at least this many awaited notes, and of many one in
``AWAITED_SHARE``. The attempts waiting for them all compute at once afterwards, and callers would
wait behind them."""
AWAITED_SHARE: Final = 8
AWAY_GROUPS: Final = 50
"""After so many groups without a request callers are away: groups get larger, at a fifth less CPU
per task. A group takes about 10 ms then."""


def wait_for_more(
    took: float, taken: int, callers: int, patient: bool, needs_workers: bool
) -> tuple[float, float] | None:
    """Return how long the next group waits, s, and how many requests end the wait; else ``None``.

    The last group took ``took`` s. While tasks wait for a worker's slot, only its notes count: more
    callers would queue up.
    """
    if callers >= SIBLINGS and (patient or needs_workers):
        return min(RETURN * took, LONGEST_RETURN_S), callers if patient else 0
    return (DELAY_S, math.inf) if taken >= SIBLINGS else None


class GroupRequest(Protocol):
    """A request that waits for a group, here or in the process that runs the tasks."""

    @property
    def weight(self) -> int:
        """How much of a group it takes up."""


W = TypeVar("W", bound=GroupRequest)


def take_requests(waiting: deque[W]) -> list[W]:
    """Take the requests of one group from those that wait, in order."""
    taken: list[W] = []
    weight = 0
    while waiting and (not taken or weight + waiting[0].weight <= GROUP_WEIGHT):
        taken.append(waiting.popleft())
        weight += taken[-1].weight
    return taken


def notes_of_a_group(
    found: list[AttemptNote], callers: CallerPriority
) -> tuple[list[AttemptNote], list[AttemptNote]]:
    """Divide notes into those of the next group and the rest.

    While callers come, attempts wait for few of those that are taken. An end never waits for other
    attempts' points of no return: until it is on disk, a crash leaves what is past such a point
    uncertain. The notes of one attempt stay in order.
    """
    is_near = callers is not CallerPriority.AWAY
    awaited = sum(isinstance(note, AwaitedNote) for note in found) if is_near else 0
    room = max(LEAST_AWAITED, awaited // AWAITED_SHARE)
    if awaited <= room:
        return found, []
    taken: list[AttemptNote] = []
    left: list[AttemptNote] = []
    behind: set[int] = set()  # tasks with a note that is left
    for note in found:
        is_awaited = isinstance(note, AwaitedNote)
        if note.claim.task_id in behind or (is_awaited and not room):
            behind.add(note.claim.task_id)
            left.append(note)
        else:
            room -= is_awaited
            taken.append(note)
    return taken, left


class Nearness:
    """How near the callers are to the group that was taken last."""

    def __init__(self) -> None:
        self._groups_alone = 0  # groups since the last one that had a request

    def taken(self, requests: Sequence[Request]) -> None:
        """Take note of the requests that wait as a group is taken."""
        self._groups_alone = 0 if requests else self._groups_alone + 1

    @property
    def now(self) -> CallerPriority:
        """How near they are now."""
        if self._groups_alone == 0:
            return CallerPriority.WAITING
        return CallerPriority.NEAR if self._groups_alone < AWAY_GROUPS else CallerPriority.AWAY


class WorkerWait:
    """Whether the next group waits for the request that brings workers' notes.

    It does while workers lack slots for another group like the last one, and that request was
    answered and has not come again. It waits only once, because their attempts may be slow.

    Callers' threads read :attr:`is_on` and call :meth:`came`, under the lock of the inbox. The
    writer thread alone does the rest.
    """

    def __init__(self) -> None:
        self.lacks_slots = False  # whether workers lack slots for another group like the last one
        self._is_away = False  # whether the request that brings workers' notes will come again

    @property
    def is_on(self) -> bool:
        """Whether the next group needs the slots that workers' next notes free."""
        return self.lacks_slots and self._is_away

    def came(self, request: Request) -> None:
        """Take note of a request that was left for the writer."""
        if request.ahead is not None:
            self._is_away = False

    def answered(self, requests: Sequence[Request]) -> int:
        """Take note of the requests of a group; return how many requests to expect after it."""
        callers = sum(request.ahead is None for request in requests)
        if callers < len(requests):
            self._is_away = True
        return callers + self.is_on

    def give_up(self) -> None:
        """End the wait, until the request has been answered again."""
        if self.is_on:
            self._is_away = False


BACKLOG: Final = 50_000
"""Weight of tasks and verbs that may wait for the disk; beyond it callers must come back."""
END_DELAY_S: Final = 0.003
"""How long an attempt's end may wait for the next call, s, to share its commit."""
LONGEST_SLEEP_S: Final = 30.0
"""The longest sleep before a task is due, s; the time of day may jump meanwhile."""


class Inbox:
    """Where every thread leaves work for the writer, without waiting for it."""

    def __init__(self) -> None:
        self.taken = 0  # requests or notes in the last group, whichever were more
        self.callers = 0  # expected callers: those the last group answered, and those waiting
        self.patient = False  # whether no task waits for another one to end
        self.nearness = Nearness()
        self.worker_wait = WorkerWait()
        self._answered = Sleepers()
        self._lock = threading.RLock()  # as the ledger's, from which notes come
        self._requests: deque[Request] = deque()
        self._notes: deque[AttemptNote] = deque()
        self._backlog = 0
        self._closed = False
        self._ended = False
        self._poked = False
        self._has_more = False  # whether the last group left notes, which are due now
        self._holds_attempts = False  # whether an attempt waits for one of the notes
        self._due = math.inf  # when notes have waited long enough, monotonic s
        self._asleep = False
        self._awaited = math.inf  # how many requests end the gathering
        self._awaited_notes = math.inf  # how many notes end it
        self._condition = threading.Condition()

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

    def note(self, note: AttemptNote, within: float = 0.0) -> None:
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

    def note_end(self, note: AttemptNote) -> None:
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

    def take(self) -> tuple[list[AttemptNote], list[Request]]:
        """Take the notes and requests for one group, in order; the rest is due at once."""
        self._answered.wake_all()
        self._poked = self._holds_attempts = False
        with self._lock:
            self._due = math.inf  # later notes set it again
            self.nearness.taken(self._requests)
            found = self._take_notes(len(self._notes))
            notes, left = notes_of_a_group(found, self.nearness.now)
            self._notes.extendleft(reversed(left))
            self._has_more = bool(self._notes)
            if self._has_more:
                self._holds_attempts = True
            requests = take_requests(self._requests)
            self._backlog -= sum(request.weight for request in requests)
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

    def put_back(self, notes: list[AttemptNote]) -> None:
        """Put notes that could not be written in front of the others, for the next try."""
        with self._lock:
            self._has_more = False
            self._notes.extendleft(reversed(notes))

    def answer_all(
        self,
        answers: Sequence[tuple[Request, Answer]],
        refused: Sequence[RefusedNote],
        notes: Sequence[AttemptNote],
    ) -> None:
        """Answer everyone who waits for a group that is on disk; continue unfinished requests."""
        answered = [request for request, _ in answers]
        self.callers = len(self._requests) + self.worker_wait.answered(answered)
        over = ((r.reply, told) for r, told in answers if not isinstance(told[0], More))
        answer(over, self._answered)
        for request, (value, _) in answers:
            if isinstance(value, More):
                run_logged(self.continue_with, request, value)
        answer_awaited(refused, notes)

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
        answer_awaited([(note, Closed()) for note in left if isinstance(note, AwaitedNote)])

    def _take_notes(self, number: int) -> list[AttemptNote]:
        return [self._notes.popleft() for _ in range(number)]


class Writer:
    """Calls ``step``, that of ``core``, in a thread of its own until :meth:`stop`.

    If the thread ends by itself, all callers get ``Closed``, and the thread calls ``on_failure``.
    """

    def __init__(
        self,
        step: Callable[[float, float], float | None],
        inbox: Inbox,
        clock: Clock,
        on_failure: Callable[[], None],
    ) -> None:
        self._step = step
        self._inbox = inbox
        self._clock = clock
        self._on_failure = on_failure
        self._stopping = False
        self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is left, and end; the next start judges what the disk refuses now."""
        self._stopping = True
        self._inbox.wake()
        self._thread.join()

    def _serve(self) -> None:
        try:
            self._work()
        except BaseException:
            log.critical("The writer has ended", exc_info=True)
        self._inbox.end()
        if not self._stopping:
            self._on_failure()

    def _work(self) -> None:
        while True:
            stopping = self._stopping
            began = time.monotonic()
            due = self._write()
            self._gather(time.monotonic() - began)
            if self._inbox.urgent or self._stopping is not stopping:
                continue  # the step may have consumed the wake-up of a stop
            if stopping:
                return
            now = self._clock.now()
            if due is None or due > now:
                self._inbox.wait(None if due is None else min(due - now, LONGEST_SLEEP_S))

    def _gather(self, took: float) -> None:
        """Wait for more before the next group, if the last one (``took`` s) had many."""
        inbox = self._inbox
        needs_workers = inbox.worker_wait.is_on
        wait = wait_for_more(took, inbox.taken, inbox.callers, inbox.patient, needs_workers)
        if wait is not None:
            inbox.gather(*wait)

    def _write(self) -> float | None:
        now, steady = read(self._clock)
        try:
            return self._step(now, steady)
        except Exception:
            # A bug, but without this thread every caller would wait forever.
            log.exception("The writer failed; trying again in %s s", RETRY_S)
            return now + RETRY_S
