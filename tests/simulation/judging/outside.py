"""The world outside: it remembers what was started and what took effect, through every crash."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Container
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sendoff_tasks.attempts.claim import Claim
from sendoff_tasks.attempts.control import CancelReason
from sendoff_tasks.attempts.outcomes import AGAIN_S, Deferred, NotBegun, Outcome
from sendoff_tasks.errors import NotWritable
from sendoff_tasks.functions.arguments import decode
from sendoff_tasks.model.states import State
from tests.simulation.computer.clock import Clock
from tests.simulation.computer.disk import Disk, DiskError, Operation
from tests.simulation.judging.allowance import Allowance
from tests.simulation.judging.broken import expect
from tests.simulation.judging.errand import Attempt, Errand, renewed
from tests.simulation.stage.functions import CHIME, LETTER

if TYPE_CHECKING:
    from sendoff_tasks.model.tasks import LaneName, TaskRow
    from sendoff_tasks.writer.notes import Ledger

EARLY_S = 1.0
"""How much too soon a task may start by its own measure."""


@dataclass(eq=False)
class Ask:
    """What a person wants done to tasks, until the answer was given and its events were read."""

    verb: str
    future: Future[Any]
    tasks: frozenset[int] | None = None  # ``None``: any may be meant


@dataclass(eq=False)
class Later(Ask):
    """What a person wants done after a while, until it was carried out or undone.

    While it has no ``number`` it may be on disk or not.
    """

    number: int | None = None
    not_before: float = 0.0  # steady s
    is_undone: bool = False  # and was told so
    may_be_gone: bool = False  # later actions may have taken all its tasks


@dataclass
class Outside:
    """Errands by token, the attempts under way, and those whose end was told for them."""

    clock: Clock
    allowance: Allowance
    row_of: Callable[[int], str | None]  # the token of the row that a task came with
    is_to_be_cancelled: Callable[[int], bool]  # as it is on disk now
    are_ours: bool  # the tasks; the product's own are suspected only where they ran alone
    errands: dict[str, Errand] = field(default_factory=dict)
    live: dict[int, Attempt] = field(default_factory=dict)
    late: list[Attempt] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    laters: list[Later] = field(default_factory=list)
    ever: list[Later] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    trusts: bool = True  # the disk; else limits, pauses and times may have been lost with it
    paused: set[str] = field(default_factory=set)  # queues, as they were read last; "": all
    paused_sheets: set[str] = field(default_factory=set)
    held: dict[str, float | None] = field(default_factory=dict)  # until when one may probe
    on_disk: dict[str, int | None] = field(default_factory=dict)  # the holds as they were read
    answered: set[str] = field(default_factory=set)  # queues whose server answered since

    def see_holds(self, holds: list[tuple[str, int | None]]) -> None:
        """Note what is held, and from which steady s on one task of it may try.

        Of a hold that is on disk as it was, an answer that was heard stays heard, and its moment is
        the earlier one where the clock was set: neither may have been written down yet.
        """
        off = self.clock.steady() - self.clock.now()
        before, self.held = self.held, {}
        for name, until in holds:
            due = None if until is None else until / 1000 + off
            if self.on_disk.get(name, 0) != until:
                self.answered.discard(name)
            elif due is not None:
                due = min(due, before[name] or due)
            self.held[name] = due
        self.answered &= self.held.keys()
        self.on_disk = dict(holds)

    def errand_of(self, task_id: int, arguments: str, addressee: str | None) -> Errand:
        """Find what a task is for: by its own addressee or arguments, or by its row."""
        if addressee is not None:
            return self.errands[json.loads(addressee)["email"].partition("@")[0]]
        args = decode(arguments)[0]
        if not args:
            token = f"{CHIME}{task_id}"
            return self.errands.setdefault(token, Errand(token, CHIME, CHIME))
        last = args[-1]
        named = last if isinstance(last, str) else self.row_of(task_id)
        if named is None:  # an older store, put back after months, has the task alone
            token = f"{LETTER}{task_id}"
            past = Errand(token, LETTER, LETTER, is_past=True, unsure={False, True})
            return self.errands.setdefault(token, past)
        return self.errands[named]

    def lose(self, tasks: frozenset[int] | None) -> None:
        """Note that what waits may lose its tasks to something else that is done to some."""
        for later in self.laters:
            if tasks is None or later.tasks is None or tasks & later.tasks:
                later.may_be_gone = True

    def asked(self, task_id: int, *verbs: str) -> bool:
        """Whether a person or caller wants this of the task, and may have been heard."""
        return any(
            ask.verb in verbs and (ask.tasks is None or task_id in ask.tasks)
            for ask in (*self.asks, *self.laters)
            if not (isinstance(ask, Later) and ask.is_undone)
        )

    def wanted(self, task_id: int) -> bool:
        """Whether a person or caller wants the task to run now."""
        return self.asked(task_id, "retry", "again")

    def drop_answered(self, *, in_doubt: bool) -> None:
        """Forget who was answered, once the events that go with it were read.

        What was refused because a sync failed is ``in_doubt`` until the program starts again.
        """
        self.asks[:] = [
            ask
            for ask in self.asks
            if not ask.future.done()
            or (in_doubt and isinstance(ask.future.exception(), NotWritable))
        ]

    def forget_waits(self, function: str) -> None:
        """Expect nothing of waits that only the function could tell."""
        for errand in self.errands.values():
            if errand.function == function:
                errand.waits.clear()

    def come_due(self) -> None:
        """Let what has its time of day now keep it, before the clock is set."""
        for errand in self.errands.values():
            if errand.not_before_wall is not None and errand.not_before_wall <= self.clock.now():
                errand.not_before_wall = None

    def excuse(self, jump: float) -> None:
        """Excuse that delays and rates are off by a jump of the clock that was not seen."""
        for errand in self.errands.values():
            ahead = max(0.0, jump)
            if errand.not_before is not None:
                errand.not_before -= ahead
            errand.waits = {attempt: until - ahead for attempt, until in errand.waits.items()}
        self.allowance.changed()

    def begin(self, claim: Claim, ledger: Ledger) -> Attempt:
        """See an attempt begin, and judge whether it may."""
        own = (claim.given or {}).get("addressee")
        own = None if own is None else json.dumps(own)
        errand = self.errand_of(claim.task_id, claim.arguments, own)
        told = f"attempt {claim.attempt} of {errand}"
        number = claim.task_id, claim.attempt
        expect(number not in errand.attempts, "started once", f"{told} starts again")
        self.happened["attempts"] += 1
        expect(not errand.done, "only what was in flight repeats", f"{told} starts, it was done")
        stands = not (self.laters and self.is_to_be_cancelled(claim.task_id))
        expect(stands, "what is to be cancelled does not start", told)
        expect(claim.task_id not in self.live, "one at a time", f"{told} starts beside another")
        queue = claim.spec.queue
        if self.trusts:
            self._judge_time(claim, errand, told)
            self._judge_standing(claim.task_id, queue, told)
            self._judge_sheet(claim.task_id, errand, told)
            busy = sum(attempt.queue == queue for attempt in self.live.values())
            self.allowance.begin(queue, busy, self.clock, told)
        self._judge_budget(claim, errand, told)
        attempt = Attempt(claim, errand, queue, ledger, self.clock.steady())
        self.live[claim.task_id] = errand.attempts[number] = attempt
        return attempt

    def _judge_time(self, claim: Claim, errand: Errand, told: str) -> None:
        now = self.clock.now()
        in_time = claim.deadline is None or now < claim.deadline
        expect(in_time, "deadlines", f"{told} starts after its deadline")
        self.due(errand, told)

    def due(self, errand: Errand, told: str) -> None:
        """See that a task may start from now on."""
        number = errand.task_id
        if number is None or not (self.wanted(number) or self.asked(number, "run_now")):
            for due, measure in (
                (errand.not_before, self.clock.steady()),
                (errand.not_before_wall, self.clock.now()),
            ):
                early = 0.0 if due is None else due - measure
                expect(early <= EARLY_S, "not early", f"{told} is {early:.1f} s early")
        errand.not_before = errand.not_before_wall = None

    def _judge_standing(self, task_id: int, queue: str, told: str) -> None:
        if self.paused & {queue, ""}:
            expect(self.asked(task_id, "resume"), "paused queues start nothing", told)
        freed = self.asked(task_id, "release") or self.wanted_in(queue)
        due = self.held.get(queue)
        if due is not None:
            self._judge_probe(queue, due, told, freed=freed or queue in self.answered)
        elif queue in self.held:
            expect(freed, "held queues start nothing", told)

    def _judge_sheet(self, task_id: int, errand: Errand, told: str) -> None:
        if errand.row_of is None or errand.resend_of is not None or errand.is_past:
            return
        sheet = errand.row_of[0]
        resumed = sheet not in self.paused_sheets or self.asked(task_id, "resume batch")
        over = self.asked(task_id, "cancel") or not self._others_open(sheet, errand)
        ended = self.wanted(task_id) and over  # and its pause with it
        expect(resumed or ended, "paused spreadsheets start nothing", told)
        if errand.is_urged or self.wanted(task_id):
            return  # it goes by itself, not in the turn of its spreadsheet
        self.allowance.begin_row(sheet, errand.rate, self.clock, told)

    def _others_open(self, sheet: str, errand: Errand) -> bool:
        """Whether another row of a spreadsheet has yet to begin, or is under way."""
        under_way = [id(attempt.errand) for attempt in self.live.values()]
        return any(
            id(other) in under_way or not (other.attempts or other.is_taken_back)
            for other in self.errands.values()
            if other is not errand and other.row_of is not None and other.row_of[0] == sheet
        )

    def _judge_probe(self, queue: str, due: float, told: str, *, freed: bool) -> None:
        """See that one task alone tries a server that took nothing, and not too soon."""
        early = due - self.clock.steady()
        how = f"{told} tries its server {early:.1f} s early"
        expect(freed or early <= EARLY_S, "one task tries a server", how)
        others = [a for a in self.live.values() if a.queue == queue and a.began >= due]
        alone = freed or not others or self.clock.has_jumped
        expect(alone, "one task tries a server", f"{told} tries it beside another")

    def _judge_budget(self, claim: Claim, errand: Errand, told: str) -> None:
        """See that an attempt without a server was none of those a task has."""
        before = errand.attempts.get((claim.task_id, claim.attempt - 1))
        if self.trusts and before is not None and isinstance(before.said, Deferred):
            more = claim.max_attempts > before.claim.max_attempts
            sure = before.is_over  # else it may have been cut short before that was written
            expect(more or not sure, "an outage costs no attempt", told)

    def told_to_stop(self, row: TaskRow) -> None:
        """See that the lane was told of an attempt that a person has cancelled."""
        attempt = self.live.get(row["id"])
        if row["state"] == State.RUNNING and attempt is not None:
            other = attempt.claim.attempt != row["attempt"]
            how = f"attempt {row['attempt']} of {attempt.errand} runs on"
            expect(other or attempt.asked_to_stop, "who is cancelled is asked to stop", how)

    def wanted_in(self, queue: str) -> bool:
        """Whether a person or caller wants some task to run now: that lets its queue go on."""
        return any(ask.verb == "retry" for ask in (*self.asks, *self.laters))

    def finish(self, attempt: Attempt, outcome: Outcome) -> None:
        """Tell the engine how an attempt has ended; its body may write for a while."""
        attempt.ledger.finish(attempt.claim, outcome)
        attempt.said = outcome
        if isinstance(attempt.said, Deferred):
            self.allowance.take_back(attempt.queue, attempt.began)
            if attempt.errand.row_of is not None:
                self.allowance.take_back(attempt.errand.row_of[0], attempt.began)
        else:
            self.answered.add(attempt.queue)
        self.live.pop(attempt.claim.task_id, None)
        self.late.append(attempt)

    def go_back(self, crossed: Container[str] | None) -> None:
        """Note that an older store is there, in which these had passed points of no return."""
        self.errands = renewed(
            self.errands, lambda e: e.past(had_crossed=crossed is None or e.token in crossed)
        )
        self.asks.clear()
        for later in self.ever:  # in the older store it may still wait
            later.number, later.is_undone = None, False
        self.laters = [*self.ever]
        self.see_holds([])
        self.allowance.changed()

    def forget_notes(self) -> None:
        """Expect nothing of a stop that was noted: in an older store it is none of its attempts."""
        for errand in self.errands.values():
            for attempt in errand.attempts.values():
                attempt.is_noted = False

    def stopped(self) -> None:
        """Everything that ran is gone."""
        for attempt in (*self.live.values(), *self.late):
            attempt.vanished |= not attempt.is_over
            attempt.had_company |= len(self.live) > 1
        self.live.clear()
        self.late.clear()


class Lane:
    """Runs nothing: the history says how far each attempt gets, and how it ends."""

    def __init__(
        self,
        name: LaneName,
        slots: int,
        outside: Outside,
        ledger: Callable[[], Ledger],
        disk: Disk,
    ) -> None:
        self.name = name
        self.slots = slots
        self._outside = outside
        self._ledger = ledger
        self._disk = disk

    def start(self, claim: Claim) -> None:
        attempt = self._outside.begin(claim, self._ledger())
        busy = sum(a.claim.spec.lane == self.name for a in self._outside.live.values())
        expect(busy <= self.slots, "slots", f"{busy} attempts in a lane of {self.slots}")
        try:
            self._disk.ask(Operation.THREAD)
        except DiskError:
            self._outside.finish(attempt, NotBegun("The system gave no thread."))
            attempt.errand.waits[claim.attempt] = self._outside.clock.steady() + AGAIN_S

    def cancel(self, task_id: int, attempt: int, reason: CancelReason) -> None:
        running = self._outside.live.get(task_id)
        if running is not None and running.claim.attempt == attempt:
            running.asked_to_stop = True

    def stop(self, grace: float) -> Any:
        raise NotImplementedError
