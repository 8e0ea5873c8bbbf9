"""The table of transitions says what was promised, and leads everywhere."""

from __future__ import annotations

import pytest

from desktop.contract.states import CANCELLABLE, OPEN, RETRYABLE, TRANSITIONS, State, may_become

PROMISED = {
    "scheduled": "queued cancelled failed uncertain",
    "queued": "scheduled running cancelled waiting failed uncertain",
    "running": "succeeded failed waiting cancelled uncertain queued",
    "waiting": "queued cancelled failed uncertain",
    "succeeded": "",
    "cancelled": "queued",
    "failed": "queued",
    "uncertain": "succeeded queued",
}


@pytest.mark.parametrize("before", list(State))
def test_a_state_may_become_what_was_promised_and_nothing_else(before: State) -> None:
    promised = PROMISED[before].split()
    assert [after for after in State if may_become(before, after)] == [
        after for after in State if after in promised
    ]


def test_what_is_done_stays_done() -> None:
    assert TRANSITIONS[State.SUCCEEDED] == frozenset()
    assert not OPEN & {State.SUCCEEDED, State.FAILED, State.CANCELLED, State.UNCERTAIN}


@pytest.mark.parametrize("state", sorted(CANCELLABLE))
def test_what_can_be_cancelled_may_become_cancelled(state: State) -> None:
    assert may_become(state, State.CANCELLED)


@pytest.mark.parametrize("state", sorted(RETRYABLE))
def test_what_can_be_retried_may_become_queued(state: State) -> None:
    assert may_become(state, State.QUEUED)


def test_no_state_is_out_of_reach() -> None:
    reached = {State.SCHEDULED, State.QUEUED}
    for _ in State:
        reached |= {after for before in reached for after in TRANSITIONS[before]}
    assert reached == set(State)


def test_only_what_was_kept_in_practice_may_be_done_for_real() -> None:
    assert may_become("succeeded", State.QUEUED, "kept")
    assert not may_become("succeeded", State.QUEUED, "settled_by_person")
    assert not may_become("succeeded", State.FAILED, "kept")


def test_only_a_person_leads_out_of_uncertain() -> None:
    assert TRANSITIONS[State.UNCERTAIN] == {State.SUCCEEDED, State.QUEUED}
    assert State.UNCERTAIN not in RETRYABLE | CANCELLABLE
