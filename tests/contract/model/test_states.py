"""The table of transitions says what was promised."""

from __future__ import annotations

from sendoff_tasks.model.states import CANCELLABLE, OPEN, RETRYABLE, State, may_become

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


def test_a_state_may_become_what_was_promised_and_nothing_else() -> None:
    for before in State:
        allowed = {after for after in State if may_become(before, after)}
        assert allowed == set(PROMISED[before].split()), before


def test_the_verbs_act_where_the_table_lets_them() -> None:
    assert all(may_become(state, State.CANCELLED) for state in CANCELLABLE)
    assert all(may_become(state, State.QUEUED) for state in RETRYABLE)
    assert not OPEN & {State.SUCCEEDED, State.FAILED, State.CANCELLED, State.UNCERTAIN}
    assert State.UNCERTAIN not in RETRYABLE | CANCELLABLE  # only a person leads out of it


def test_only_what_was_kept_in_practice_may_be_done_for_real() -> None:
    assert may_become("succeeded", State.QUEUED, "kept")
    assert not may_become("succeeded", State.QUEUED, "settled_by_person")
    assert not may_become("succeeded", State.FAILED, "kept")
