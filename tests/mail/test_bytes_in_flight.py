"""Large messages share a room in the order they came; small ones never wait, any can give up."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from desktop.mail import mailer as module
from desktop.mail.mailer import SMALL, BytesInFlight
from tests import WITHIN

MIB = 1024 * 1024


def nothing() -> None:
    """Check nothing."""


def raising() -> None:
    raise InterruptedError


def test_few_large_messages_are_on_their_way_at_a_time() -> None:
    room, lock, now, most = BytesInFlight(10 * MIB), threading.Lock(), [0], [0]

    def send(size: int) -> None:
        with room.take(size * MIB, nothing):
            with lock:
                now[0] += size
                most[0] = max(most[0], now[0])
            with lock:
                now[0] -= size

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(send, [4, 3, 10, 1, 25] * 40))
    assert now == [0]
    assert most[0] == 25  # alone


def test_they_get_room_in_the_order_they_came() -> None:
    room, order = BytesInFlight(32 * MIB), list[int]()

    def send(size: int, waits: threading.Event) -> None:
        with room.take(size * MIB, waits.set):
            order.append(size)

    with ThreadPoolExecutor(2) as pool, room.take(20 * MIB, nothing):
        for size in (25, 30):
            waits = threading.Event()
            pool.submit(send, size, waits)
            assert waits.wait(WITHIN)
        with pytest.raises(InterruptedError), room.take(8 * MIB, raising):
            pytest.fail("it would fit, but another came first")
        assert order == []
    assert order == [25, 30]


def test_small_ones_never_wait() -> None:
    room = BytesInFlight(10 * MIB)
    with room.take(10 * MIB, nothing), room.take(SMALL, raising), room.take(0, raising):
        pass
    with room.take(SMALL, nothing), room.take(10 * MIB, raising):
        pass


def test_one_that_waits_can_be_cancelled_and_leaves_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LOOK_AGAIN", 0.001)
    room, looks = BytesInFlight(10 * MIB), iter([nothing, nothing, raising])
    with (
        room.take(10 * MIB, nothing),
        pytest.raises(InterruptedError),
        room.take(MIB, lambda: next(looks)()),
    ):
        pytest.fail("there is no room")
    with room.take(5 * MIB, raising), room.take(5 * MIB, raising):
        pass


def test_the_first_that_gives_up_lets_the_next_one_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_AGAIN", 0.001)
    room, is_cancelled = BytesInFlight(10 * MIB), threading.Event()

    def look(waits: threading.Event) -> None:
        waits.set()
        if is_cancelled.is_set():
            raise InterruptedError

    def send(size: int, check: partial[None]) -> None:
        with room.take(size * MIB, check):
            pass

    with ThreadPoolExecutor(2) as pool, room.take(5 * MIB, nothing):
        first, second = threading.Event(), threading.Event()
        large = pool.submit(send, 10, partial(look, first))
        assert first.wait(WITHIN)
        little = pool.submit(send, 5, partial(second.set))
        assert second.wait(WITHIN)
        is_cancelled.set()
        assert isinstance(large.exception(WITHIN), InterruptedError)
        little.result(WITHIN)
