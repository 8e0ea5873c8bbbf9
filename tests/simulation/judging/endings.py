"""What becomes of a task when its attempt ends, by what was seen of the attempt from outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from sendoff_tasks.attempts.outcomes import (
    Cancelled,
    Crashed,
    Deferred,
    Failed,
    GivenBack,
    Later,
    LeftUncertain,
    NotBegun,
    Outcome,
    Succeeded,
)
from sendoff_tasks.model.states import State
from sendoff_tasks.model.tasks import OutcomeWord
from sendoff_tasks.queues.holds import WORDS
from tests.simulation.judging.errand import Attempt, Errand

CRASHES: Final = 3
"""So many crashes in a row stop a task for a person."""
EITHER: Final = (False, True)


class Ending(NamedTuple):
    """The task's state afterwards, and the word for the attempt in its history."""

    state: State
    word: OutcomeWord


UNSEEN: Final = {
    *(Ending(State.QUEUED, "crashed"), Ending(State.WAITING, "crashed")),
    Ending(State.QUEUED, "given back"),  # it was asked to end, and that is on the disk, too
    Ending(State.WAITING, "too early"),  # its lane could not start it
}
"""What follows where the attempt had not reached its lane before the program ended."""
_CERTAIN: Final[dict[type[Outcome], Ending]] = {
    Succeeded: Ending(State.SUCCEEDED, "succeeded"),
    LeftUncertain: Ending(State.UNCERTAIN, "uncertain"),
    Cancelled: Ending(State.CANCELLED, "cancelled"),
}


def endings(attempt: Attempt, *stops: bool) -> set[Ending]:
    """Return what may follow; ``stops`` tells whether a person wants it to stop.

    Where the program ended with it, a report may have been written or not; an attempt that is
    under way and has said nothing cannot end.
    """
    outcomes: list[Outcome] = [] if attempt.said is None else [attempt.said]
    if attempt.vanished:
        if not attempt.is_noted:
            outcomes.append(Crashed("The program ended while the task ran."))
        if attempt.was_stopping:
            outcomes.append(GivenBack(begun=True))
    return {
        ending
        for outcome in outcomes
        for stop in stops
        for ending in _endings(attempt, outcome, stops=stop)
    }


def states_after(allowed: set[Ending], errand: Errand) -> set[State]:
    """Return the states that may follow: a message that may have arrived never just fails."""
    return {
        State.UNCERTAIN if unsure and ending.state == State.FAILED else ending.state
        for ending in allowed
        for unsure in errand.unsure
    }


def crashed(attempt: Attempt | None) -> bool:
    """Tell whether an attempt surely crashed by itself, not only with its program."""
    return attempt is not None and isinstance(attempt.said, Crashed)


def _endings(attempt: Attempt, outcome: Outcome, *, stops: bool) -> Iterator[Ending]:
    if type(outcome) in _CERTAIN:
        yield _CERTAIN[type(outcome)]
        return
    if isinstance(outcome, Crashed | GivenBack):
        yield from _cut_short(attempt, outcome, stops=stops)
        return
    if isinstance(outcome, Failed | Later) and (
        attempt.claim.attempt >= attempt.claim.max_attempts
        or (isinstance(outcome, Failed) and outcome.final)
    ):
        yield Ending(State.FAILED, "failed")
        return
    if isinstance(outcome, Deferred):
        yield Ending(State.CANCELLED if stops else State.QUEUED, WORDS[outcome.why])
        return
    again = State.CANCELLED if stops else State.WAITING
    if isinstance(outcome, NotBegun) or (isinstance(outcome, Later) and not outcome.counts):
        yield Ending(again, "too early")
    elif isinstance(outcome, Failed | Later):
        word: OutcomeWord = "failed" if isinstance(outcome, Failed) else "waiting"
        for late in attempt.late:
            yield Ending(State.FAILED, "failed") if late else Ending(again, word)
    else:
        yield Ending(again, "waiting")


def _cut_short(attempt: Attempt, outcome: Crashed | GivenBack, *, stops: bool) -> Iterator[Ending]:
    """Only what is past its point of no return is uncertain, and all of that is."""
    word: OutcomeWord = "crashed" if isinstance(outcome, Crashed) else "given back"
    for passed in attempt.passed:
        if passed:
            yield Ending(State.UNCERTAIN, "uncertain")
            continue
        yield Ending(State.CANCELLED if stops else State.QUEUED, word)
        if word == "crashed" and not stops and attempt.claim.attempt >= CRASHES:
            yield Ending(State.WAITING, word)
