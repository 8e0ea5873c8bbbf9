"""What becomes of a task when its attempt ends, by what was seen of the attempt from outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from desktop.contract.states import State
from desktop.engine.outcomes import (
    Cancelled,
    Crashed,
    Failed,
    Held,
    Later,
    Outcome,
    Succeeded,
    Unknown,
)
from tests.simulation.errand import Attempt

CRASHES: Final = 3
"""So many crashes stop a task for a person."""


def after(attempt: Attempt, stops: set[bool]) -> set[State]:
    """Return the states that may follow; ``stops`` tells whether a person wants it to stop.

    Where the program ended with it, a report may have been written or not; an attempt that is
    under way and has said nothing cannot end.
    """
    outcomes: list[Outcome] = [] if attempt.said is None else [attempt.said]
    if attempt.vanished:
        outcomes.append(Crashed("The program ended while it ran."))
    return {
        state
        for outcome in outcomes
        for stop in stops
        for state in _after(attempt, outcome, stops=stop)
    }


def _after(attempt: Attempt, outcome: Outcome, *, stops: bool) -> set[State]:
    match outcome:
        case Succeeded():
            return {State.SUCCEEDED}
        case Unknown():
            return {State.UNCERTAIN}
        case Cancelled():
            return {State.CANCELLED}
        case Failed(final=True):
            return {State.FAILED}
        case Failed() | Later() if attempt.claim.attempt >= attempt.claim.max_attempts:
            return {State.FAILED}
        case Failed() | Later() | Held():
            return {State.CANCELLED if stops else State.WAITING}
        case _:
            return set(_cut_short(attempt, stops=stops, crashed=isinstance(outcome, Crashed)))


def _cut_short(attempt: Attempt, *, stops: bool, crashed: bool) -> Iterator[State]:
    """Only what is past its point of no return is uncertain, and all of that is."""
    for passed in attempt.passed:
        if passed:
            yield State.UNCERTAIN
            continue
        yield State.CANCELLED if stops else State.QUEUED
        if crashed and not stops and attempt.claim.attempt >= CRASHES:
            yield State.WAITING
