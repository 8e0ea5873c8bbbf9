"""Notes of attempts: their kinds, left by any thread without waiting, and written by the writer.

Those of workers come as rows.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sendoff_tasks.attempts.claim import (
    LOG_BYTES,
    LOG_LINES,
    Claim,
    decode_outcome,
    encode_outcome,
)
from sendoff_tasks.attempts.control import CancelReason, HandOver, stop_sentence
from sendoff_tasks.attempts.outcomes import LeftUncertain, Outcome, Succeeded, unrecorded
from sendoff_tasks.causes import because
from sendoff_tasks.clock import Clock
from sendoff_tasks.dispatch.after_attempt import end
from sendoff_tasks.errors import EngineError, Fenced, TaskCancelled
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import Refusal, State
from sendoff_tasks.model.tasks import Level
from sendoff_tasks.queues.holds import Trials
from sendoff_tasks.store.tables.beside_tasks import INSERT_STEP
from sendoff_tasks.text import LINE, sentence, storable
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.replies import run_logged, settle
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from sendoff_tasks.writer.writer import Inbox


@dataclass(frozen=True, slots=True)
class LogNote:
    """A line for an attempt's log; ``at`` in epoch ms."""

    claim: Claim
    at: int
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class ProgressNote:
    """An attempt's progress, as JSON."""

    claim: Claim
    text: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """An attempt runs past its timeout; ``stops`` if that cancels it."""

    claim: Claim
    stops: bool


@dataclass(frozen=True, slots=True)
class MarkNote:
    """An attempt reaches its point of no return; ``future`` resolves once that is on disk."""

    claim: Claim
    future: Future[None]
    handover: HandOver


@dataclass(frozen=True, slots=True)
class StepNote:
    """A step has returned; ``future`` resolves once its encoded result is on disk."""

    claim: Claim
    future: Future[None]
    at: int
    name: str
    result: str


@dataclass(slots=True)  # a frozen one takes three times as long to make
class EndNote:
    """An attempt has ended."""

    claim: Claim
    outcome: Outcome


AwaitedNote = MarkNote | StepNote
"""A note that an attempt waits for until it is on disk."""
AttemptNote = LogNote | ProgressNote | Overdue | AwaitedNote | EndNote
RefusedNote = tuple[AwaitedNote, BaseException]
"""A note that could not be written, and why."""


def answer_awaited(refused: Sequence[RefusedNote], notes: Sequence[AttemptNote] = ()) -> None:
    """Answer the attempts that wait for notes: the refused ones, then the others, now on disk."""
    for awaited, error in refused:
        run_logged(settle, awaited.future, (None, error))
    for note in notes:
        if isinstance(note, AwaitedNote) and not note.future.done():
            run_logged(settle, note.future, (None, None))


WRITTEN: Final = "written"
"""The answer to an awaited note that is on disk."""
_FENCED: Final = "fenced"


def encode(note: AttemptNote) -> tuple[str, str]:
    """Encode a note as its kind and its content."""
    match note:
        case LogNote(_, _, level, text):
            return "log", json.dumps([level, text])
        case ProgressNote(_, text):
            return "progress", text
        case Overdue(_, stops):
            return "overdue", json.dumps(stops)
        case MarkNote(_, _, handover):
            return "mark", json.dumps([handover.what, handover.to])
        case StepNote(_, _, _, name, result):
            return "step", json.dumps([name, result])
        case EndNote(_, outcome):
            return "end", encode_outcome(outcome)


def decode(claim: Claim, kind: str, told: str, now: int) -> AttemptNote:
    """Reverse :func:`encode`; times are ``now``, epoch ms, because machines' clocks differ.

    Raises ``ValueError`` for anything else.
    """
    match kind:
        case "log":
            level, text = json.loads(told)
            return LogNote(claim, now, level, text)
        case "progress":
            return ProgressNote(claim, told)
        case "overdue":
            return Overdue(claim, json.loads(told))
        case "mark":
            return MarkNote(claim, Future(), HandOver(now, *json.loads(told)))
        case "step":
            return StepNote(claim, Future(), now, *json.loads(told))
        case "end":
            return EndNote(claim, decode_outcome(told))
        case _:
            raise ValueError(f"a worker cannot note {kind!r}")


def answer_to(error: BaseException | None) -> str:
    """Encode the answer to an awaited note."""
    if error is None:
        return WRITTEN
    if isinstance(error, Fenced):
        return _FENCED
    kind = "cancelled" if isinstance(error, TaskCancelled) else "error"
    return json.dumps({kind: str(error)})


def error_of(claim: Claim, answer: str) -> BaseException | None:
    """Reverse :func:`answer_to`."""
    if answer == WRITTEN:
        return None
    if answer == _FENCED:
        return Fenced(claim.task_id, claim.attempt)
    told = json.loads(answer)
    if "cancelled" in told:
        return TaskCancelled(told["cancelled"])
    return EngineError(Refusal.OTHER, text=told["error"])


PROGRESS_DELAY_S: Final = 0.1
"""How long progress and log lines, which no caller waits for, may wait for a commit, s."""

_Key = tuple[int, int]
_OVER: Final = LOG_LINES + 1, 0
ANSWERED: Final = frozenset({State.SUCCEEDED, State.FAILED, State.UNCERTAIN})
"""The states that show whether a queue released from a hold works again."""


class Ledger:
    """Where attempts leave their notes; it keeps floods of progress and log lines off the disk."""

    def __init__(self, inbox: Inbox, clock: Clock) -> None:
        self._inbox = inbox
        self._clock = clock
        # A signal handler, or what the garbage collector frees, may log inside the lock.
        self._lock = threading.RLock()
        self._progress: dict[_Key, ProgressNote] = {}
        self._logged: dict[_Key, tuple[int, int]] = {}  # lines and bytes of running attempts

    def begin(self, claim: Claim) -> None:
        """Keep the log of an attempt from now until its end."""
        with self._lock:
            self._logged[_key(claim)] = 0, 0

    def progress(self, claim: Claim, done: float, total: float | None, text: str) -> None:
        """Record progress; of many reports in a row only the last is written."""
        told = {"done": _finite(done) or 0, "total": _finite(total), "text": storable(text, LINE)}
        with self._lock:
            self._progress[_key(claim)] = ProgressNote(claim, json.dumps(told))
        self._inbox.expect(PROGRESS_DELAY_S)

    def take_progress(self) -> list[ProgressNote]:
        """Return the progress that the writer has not seen yet."""
        with self._lock:
            taken = list(self._progress.values())
            self._progress.clear()
        return taken

    def put_back(self, taken: list[ProgressNote]) -> None:
        """Put back progress that could not be written, unless there is newer."""
        with self._lock:
            for progress in taken:
                self._progress.setdefault(_key(progress.claim), progress)

    def log(self, claim: Claim, level: Level, text: str) -> None:
        """Add a line to the attempt's log, up to its limits; after its end no line is kept."""
        with self._lock:
            lines, size = self._logged.get(_key(claim), _OVER)
            if lines > LOG_LINES:
                return
            size += len(text.encode("utf-8", "replace"))
            if lines == LOG_LINES or size > LOG_BYTES:
                level, text, lines = "warning", ENGLISH.say("history", "capped"), LOG_LINES
            self._logged[_key(claim)] = (lines + 1, size)
        self._inbox.note(LogNote(claim, self._now(), level, storable(text, LINE)), PROGRESS_DELAY_S)

    def overdue(self, claim: Claim, *, stops: bool) -> None:
        """Record that the attempt runs past its timeout, and whether that cancels it."""
        self._inbox.note(Overdue(claim, stops), PROGRESS_DELAY_S)

    def point_of_no_return(self, claim: Claim, what: str = "", to: str = "") -> Future[None]:
        """Mark the attempt, with what is handed over to whom; resolved once that is on disk."""
        future: Future[None] = Future()
        self._inbox.note(MarkNote(claim, future, HandOver(self._now(), what, to)))
        return future

    def step(self, claim: Claim, name: str, result: str) -> Future[None]:
        """Store a step's encoded result; resolved once that is on disk."""
        future: Future[None] = Future()
        self._inbox.note(StepNote(claim, future, self._now(), name, result))
        return future

    def finish(self, claim: Claim, outcome: Outcome) -> None:
        """Record the end of the attempt."""
        with self._lock:
            self._logged.pop(_key(claim), None)
        self._inbox.note_end(EndNote(claim, outcome))

    def _now(self) -> int:
        return round(self._clock.now() * 1000)


def _key(claim: Claim) -> _Key:
    return claim.task_id, claim.attempt


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def plain_ends(end: EndNote, error: Exception, now: int) -> Iterator[list[AttemptNote]]:
    """Yield what to write instead of an end that cannot be written, ever plainer; ``now`` in ms.

    First without the details; a success has no error to tell what is missing, so its log does. Then
    without any words that are not ours, as the error's own may be what cannot be stored. At last as
    *uncertain*: only the bare state is left.
    """
    why = ENGLISH.say("history", "not_stored_why", why=sentence(error))
    bare = ENGLISH.say("history", "not_stored")
    outcome = unrecorded(end.outcome, why)
    plain = EndNote(end.claim, outcome)
    is_success = isinstance(outcome, Succeeded)
    yield [LogNote(end.claim, now, "warning", why), plain] if is_success else [plain]
    yield [EndNote(end.claim, unrecorded(end.outcome, bare))]
    yield [EndNote(end.claim, LeftUncertain(bare, ""))]


def write_notes(group: Group, notes: list[AttemptNote]) -> list[RefusedNote]:
    """Write notes in order; late ones change nothing.

    Returns the points of no return and steps that were refused, with the reasons.
    """
    refused: list[RefusedNote] = []
    logged: set[int] = set()
    for note in notes:
        try:
            _write(group, note, logged)
        except (EngineError, TaskCancelled) as error:
            if isinstance(note, AwaitedNote):
                refused.append((note, error))
            elif not isinstance(error, Fenced):
                raise
    for task_id in logged:
        record = group.memory.running[task_id].record
        if record.state == State.RUNNING:  # otherwise its change of state makes the event
            group.change(record)
    return refused


def _write(group: Group, note: AttemptNote, logged: set[int]) -> None:
    running = group.memory.under_way(note.claim)
    record = running.record
    match note:
        case EndNote(_, outcome):
            end(group, record, outcome)
            group.leave(running)
            if record.state in ANSWERED:
                group.part(Trials).tried.add(running.queue)
        case LogNote(_, at, level, text):
            group.log(record, at, level, text)
            logged.add(record.id)
        case ProgressNote(_, text):
            group.change(record, progress=text)
        case Overdue(claim, stops):
            limit = claim.spec.timeout or 0.0
            group.explain(record, because(Reason.OVERDUE, limit=limit, stops=stops))
        case MarkNote(_, _, handover):
            if record.stopping:
                raise TaskCancelled(stop_sentence(CancelReason.PERSON))
            group.change(record, passed=1, handover=handover.encode())
            group.passed.append(record.id)
        case StepNote(_, _, at, name, result):
            step = (record.id, name, record.attempt, at, result)
            group.cursor.execute(INSERT_STEP, step)
