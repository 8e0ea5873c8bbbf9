"""What a caller outside wants done once, and every attempt at it that was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from sendoff_tasks.attempts.claim import Claim
from sendoff_tasks.attempts.outcomes import Crashed, Outcome
from sendoff_tasks.model.times import Rate
from sendoff_tasks.writer.notes import Ledger
from tests.simulation.judging.broken import expect
from tests.simulation.stage.functions import LETTER, MARKING


@dataclass(eq=False)
class Errand:
    """A task as the world outside knows it: by the token in its arguments."""

    token: str
    function: str
    label: str  # what it was handed in with
    key: str | None = None
    task_id: int | None = None  # on disk
    accepted: int | None = None  # and told to who handed it in
    not_before: float | None = None  # steady s
    not_before_wall: float | None = None
    deadline: float | None = None  # epoch s, while the clock is not set
    after: tuple[Errand, ...] = ()  # all of them have to succeed first
    resend_of: int | None = None  # the task that a person has had done once more
    row_of: tuple[str, int, str] | None = None  # the spreadsheet, item and title of its row
    rate: Rate | None = None  # of its spreadsheet
    is_sent_again: bool = False  # where it is the same as before
    is_urged: bool = False  # a person has had it tried again
    is_taken_back: bool = False  # it was cancelled or undone
    is_past: bool = False  # it is as an older store had it, so earlier attempts are not known
    first: str | None = None  # the Message-ID with which it made its item
    had_crossed: bool = False  # and may have passed its point of no return in it
    crashes: int = 0  # in a row, that are certain
    may_act: bool = True  # no effect yet, or a person has said *again* since
    done: bool = False  # its success is on disk
    unsure: set[bool] = field(
        default_factory=lambda: {False}
    )  # an earlier attempt may have sent it
    attempts: dict[tuple[int, int], Attempt] = field(default_factory=dict)  # by task and number
    waits: dict[int, float] = field(default_factory=dict)  # after attempts, until steady s

    @property
    def marks(self) -> bool:
        """Whether it declares a point of no return."""
        return self.function in MARKING

    @property
    def is_message(self) -> bool:
        """Whether it sends a message, which may have arrived though a later attempt fails."""
        return self.function == LETTER

    def act(self) -> None:
        """Let the effect happen."""
        expect(not self.done, "only what was in flight repeats", f"{self} was done and acts again")
        if self.marks:
            expect(self.may_act, "no effect twice", f"{self} acts again without being asked to")
        self.may_act = False

    def again(self) -> None:
        """Note that a person has asked for it once more."""
        self.may_act, self.done = True, False

    def be_forgotten(self) -> None:
        """Note that its task is gone: handed in again, another one does it."""
        self.task_id = self.accepted = None
        self.is_taken_back = True
        self.unsure = {False}
        self.not_before = self.not_before_wall = None
        self.waits.clear()
        self.again()

    def evidence(self, task_id: int, upto: int) -> int:
        """Count the attempts that may have ended their process; of those not seen, any may."""
        seen = [self.attempts.get((task_id, number)) for number in range(1, upto + 1)]
        return sum(a is None or isinstance(a.said, Crashed) or not a.had_company for a in seen)

    def take_over(self, other: Errand) -> None:
        """Note that the task of another errand, which had not begun, is for this one now."""
        self.task_id, other.task_id = other.task_id, None
        self.attempts |= other.attempts
        self.waits |= other.waits
        self.crashes, self.unsure = other.crashes, other.unsure
        self.is_past, self.had_crossed = other.is_past, other.had_crossed
        other.is_taken_back = True

    def afresh(self) -> Errand:
        """Return the errand as if nothing of it had been seen yet."""
        return Errand(
            self.token,
            self.function,
            self.label,
            self.key,
            deadline=self.deadline,
            row_of=self.row_of,
            rate=self.rate,
        )

    def past(self, *, had_crossed: bool) -> Errand:
        """Return the errand as an older store may have it: its message stays what it was."""
        past = self.afresh()
        past.resend_of, past.is_sent_again = self.resend_of, self.is_sent_again
        past.is_past, past.had_crossed, past.unsure = True, had_crossed, {False, True}
        past.first = self.first
        past.may_act = self.may_act or not self.is_message
        return past

    def __str__(self) -> str:
        return f"{self.function} {self.token} (task {self.task_id})"


def renewed(errands: Mapping[str, Errand], renew: Callable[[Errand], Errand]) -> dict[str, Errand]:
    """Return new errands by their tokens, each after the new ones of those it was after."""
    new = {token: renew(errand) for token, errand in errands.items()}
    for token, errand in errands.items():
        new[token].after = tuple(new[other.token] for other in errand.after)
    return new


def unsure_before(connection: Any, task_id: int, errands: Mapping[int, Errand]) -> set[bool]:
    """Tell whether the task that this one repeats may have sent its message."""
    ((repeated,),) = connection.execute("SELECT resend_of FROM tasks WHERE id = ?", (task_id,))
    if repeated is None:
        return {False}
    first = errands.get(repeated)
    return {False, True} if first is None else first.unsure


class Phase(Enum):
    """How far an attempt is."""

    BEGUN = auto()
    ASKED = auto()
    """It waits for its point of no return to be on disk."""
    CROSSED = auto()
    ACTED = auto()
    """The effect has happened."""


@dataclass(eq=False)
class Attempt:
    """One attempt in a lane. After its end the body may still run, and write with its claim."""

    claim: Claim
    errand: Errand
    queue: str
    ledger: Ledger
    began: float  # steady s
    phase: Phase = Phase.BEGUN
    mark: Future[None] | None = None
    asked_to_stop: bool = False
    said: Outcome | None = None  # how it has ended, in its own words
    is_over: bool = False  # that was read
    was_stopping: bool = False  # as it ran, the program was asked to end
    is_noted: bool = False  # and this is on disk
    vanished: bool = False  # the program has ended, and perhaps with it what was said
    had_company: bool = False  # others were surely under way then
    ended: float | None = None  # epoch s, where the clock was never set

    @property
    def late(self) -> set[bool]:
        """Whether its end was past its task's deadline, by the engine's word and by its own."""
        due, own = self.claim.deadline, self.errand.deadline
        if due is None or own is None:
            return {False}
        if self.ended is None:
            return {False, True}
        return {self.ended >= due and self.ended > own - 0.01}

    @property
    def passed(self) -> set[bool]:
        """Whether its mark is on disk: that is not known while it was asked for, unanswered."""
        if self.mark is None:
            return {False}
        return {self.mark.exception() is None} if self.mark.done() else {True, False}

    def ask(self, what: str) -> None:
        """Have the point of no return written down, with what is handed over."""
        self.mark = self.ledger.point_of_no_return(self.claim, what, "x.org")
        self.phase = Phase.ASKED

    def act(self) -> None:
        self.errand.act()
        self.phase = Phase.ACTED
