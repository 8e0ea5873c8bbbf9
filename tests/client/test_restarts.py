"""A lost backend is started again, later each time; after some failed starts a person acts."""

from __future__ import annotations

import pytest

from desktop.client import supervisor as module
from desktop.client.supervisor import BACKOFF, GIVE_UP_AFTER, Restarts


@pytest.fixture
def restarts() -> Restarts:
    return Restarts()


def test_each_pause_is_longer_up_to_the_last(restarts: Restarts) -> None:
    pauses = [restarts.next_delay() for _ in range(len(BACKOFF) + 1)]
    assert pauses == [*BACKOFF, BACKOFF[-1]]


@pytest.mark.parametrize(("steady_after", "expected"), [(0.0, BACKOFF[0]), (60.0, BACKOFF[1])])
def test_a_backend_that_was_ready_for_long_begins_the_row_again(
    restarts: Restarts, monkeypatch: pytest.MonkeyPatch, steady_after: float, expected: float
) -> None:
    restarts.next_delay()
    monkeypatch.setattr(module, "STEADY_AFTER", steady_after - 1)
    restarts.ready()
    restarts.lost()
    assert restarts.next_delay() == expected


def test_starts_that_fail_in_a_row_are_given_up(restarts: Restarts) -> None:
    for _ in range(GIVE_UP_AFTER - 1):
        restarts.failed(is_hopeless=False)
    assert not restarts.are_over
    restarts.ready()  # so the row is over
    restarts.failed(is_hopeless=False)
    assert not restarts.are_over
    restarts.failed(is_hopeless=True)
    assert restarts.are_over
