"""Large messages share a room: few at a time, none larger than it is kept out, any can give up."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from desktop.mail import room as module
from desktop.mail.room import Room


def nothing() -> None:
    """Check nothing."""


def test_few_large_messages_are_on_their_way_at_a_time() -> None:
    room, lock, now, most = Room(10), threading.Lock(), [0], [0]

    def send(size: int) -> None:
        with room.take(size, nothing):
            with lock:
                now[0] += size
                most[0] = max(most[0], now[0])
            with lock:
                now[0] -= size

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(send, [4, 3, 10, 1, 25] * 40))
    assert now == [0]
    assert most[0] == 25  # alone


def test_one_that_waits_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_AGAIN", 0.001)
    room = Room(10)
    with room.take(10, nothing):
        with pytest.raises(InterruptedError), room.take(1, raising):
            pytest.fail("there is no room")
        with room.take(0, raising):
            pass
    with room.take(10, raising):
        pass


def raising() -> None:
    raise InterruptedError
