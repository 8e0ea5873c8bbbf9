"""What waits for the writer, and waking it."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future

import pytest

from desktop.engine.errors import Busy, Closed
from desktop.engine.inbox import BACKLOG, GROUP, LATER, Inbox, Request
from desktop.engine.replies import LoopReply, answer, settle


def request(weight: int = 1) -> Request:
    return Request(lambda group: None, Future(), weight)


def test_a_group_takes_requests_up_to_its_size_in_order() -> None:
    inbox = Inbox()
    requests = [request(GROUP // 2) for _ in range(3)] + [request(GROUP * 3), request()]
    for each in requests:
        inbox.ask(each)
    taken = [inbox.take()[1] for _ in range(4)]
    assert taken == [requests[:2], requests[2:3], requests[3:4], requests[4:]]
    assert inbox.empty


def test_a_full_backlog_refuses_until_it_is_taken() -> None:
    inbox = Inbox()
    inbox.ask(request(BACKLOG + 1))
    with pytest.raises(Busy):
        inbox.ask(request())
    inbox.take()
    inbox.ask(request())


def test_closed_it_takes_no_requests() -> None:
    inbox = Inbox()
    inbox.close()
    with pytest.raises(Closed):
        inbox.ask(request())


def test_it_sleeps_no_longer_than_it_is_told() -> None:
    Inbox().wait(0.001)


def test_a_request_wakes_the_writer() -> None:
    inbox = Inbox()
    woken = threading.Event()

    def sleep() -> None:
        inbox.wait(None)
        woken.set()

    sleeper = threading.Thread(target=sleep)
    sleeper.start()
    inbox.ask(request())
    assert woken.wait(30)
    sleeper.join()


def test_what_can_wait_wakes_the_writer_a_little_later() -> None:
    inbox = Inbox()
    inbox.expect(LATER)
    assert not inbox.urgent
    inbox.wait(None)  # returns by itself


def test_an_answer_nobody_waits_for_any_more_is_dropped() -> None:
    future: Future[int] = Future()
    future.cancel()
    settle(future, (1, None))
    assert future.cancelled()


def test_a_coroutine_that_gave_up_does_not_disturb_the_others() -> None:
    async def ask() -> int:
        loop = asyncio.get_running_loop()
        first, second = LoopReply(loop), LoopReply(loop)
        first.future.cancel()
        answer([(first, (1, None)), (second, (2, None))])
        return int(await second.future)

    assert asyncio.run(ask()) == 2


def test_a_loop_that_has_ended_is_left_alone() -> None:
    async def reply() -> LoopReply:
        return LoopReply(asyncio.get_running_loop())

    answer([(asyncio.run(reply()), (1, None))])
