"""What waits for the writer, and waking it."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

import pytest

from desktop.engine.attempts.control import HandOver
from desktop.engine.attempts.outcomes import Succeeded
from desktop.engine.errors import Busy, Closed
from desktop.engine.functions.spec import spec_for
from desktop.engine.transaction.replies import (
    LoopReply,
    More,
    Request,
    ThreadReply,
    answer,
    settle,
)
from desktop.engine.writer.gathering import (
    AWAITED_SHARE,
    AWAY_GROUPS,
    GROUP_WEIGHT,
    LEAST_AWAITED,
)
from desktop.engine.writer.note_kinds import EndNote, LogNote, MarkNote, Note
from desktop.engine.writer.writer import BACKLOG, PROGRESS_DELAY_S, Inbox
from tests import WITHIN
from tests.engine.book import claim
from tests.engine.lanes import tasks

if TYPE_CHECKING:
    from collections.abc import Callable

CLAIM = claim(spec_for(tasks.returns), 1)
END = EndNote(CLAIM, Succeeded("1"))


def request(weight: int = 1) -> Request:
    return Request(lambda group: None, Future(), weight)


def mark() -> MarkNote:
    return MarkNote(CLAIM, Future(), HandOver(0))


def test_a_group_takes_requests_up_to_its_size_in_order() -> None:
    inbox = Inbox()
    requests = [request(GROUP_WEIGHT // 2) for _ in range(3)] + [
        request(GROUP_WEIGHT * 3),
        request(),
    ]
    for each in requests:
        inbox.ask(each)
    taken = [inbox.take()[1] for _ in range(4)]
    assert taken == [requests[:2], requests[2:3], requests[3:4], requests[4:]]
    assert inbox.empty


@pytest.mark.parametrize(("waiting", "first"), [(2, 2), (16, 2), (80, 10)])
def test_a_group_lets_few_attempts_go_on_of_those_that_wait(waiting: int, first: int) -> None:
    inbox = Inbox()
    notes: list[Note] = [mark() for _ in range(waiting)]
    notes.append(END)
    for note in notes:
        inbox.note(note, within=PROGRESS_DELAY_S)
    taken, found = inbox.take()[0], []
    assert sum(isinstance(note, MarkNote) for note in taken) == first
    assert inbox.urgent is not inbox.empty, "what is left is due at once"
    inbox.put_back(taken)
    assert not inbox.urgent, "what the disk refused waits for the next try"
    taken = inbox.take()[0]
    while taken:
        found += taken
        taken = inbox.take()[0]
    assert found == notes, "all in their order"
    assert not inbox.urgent


def test_a_group_lets_all_attempts_go_on_while_callers_are_away() -> None:
    inbox = Inbox()

    def taken_after(groups: int) -> int:
        for _ in range(groups):
            inbox.take()
        for _ in range(AWAITED_SHARE):
            inbox.note(mark())
        taken = len(inbox.take()[0])
        inbox.take()
        return taken

    assert taken_after(AWAY_GROUPS - 2) == LEAST_AWAITED
    inbox.ask(request())
    assert taken_after(AWAY_GROUPS) == AWAITED_SHARE


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
    woken = threading.Event()

    def sleep() -> None:
        Inbox().wait(0.001)
        woken.set()

    threading.Thread(target=sleep, daemon=True).start()
    assert woken.wait(WITHIN)


def test_a_request_wakes_the_writer() -> None:
    inbox = Inbox()
    woken = threading.Event()

    def sleep() -> None:
        inbox.wait(None)
        woken.set()

    sleeper = threading.Thread(target=sleep)
    sleeper.start()
    inbox.ask(request())
    assert woken.wait(WITHIN)
    sleeper.join()


@pytest.mark.parametrize("go_on", [Inbox.take, lambda inbox: inbox.wait(0), Inbox.end])
def test_a_slow_thread_holds_up_the_others_only_until_the_writer_goes_on(
    go_on: Callable[[Inbox], object],
) -> None:
    inbox, replies = Inbox(), [ThreadReply() for _ in range(3)]
    slow, *others = [Request(lambda group: None, reply) for reply in replies]
    inbox.answer_all([(each, (7, None)) for each in (slow, *others)], [], [])
    go_on(inbox)
    assert [reply.wait() for reply in replies[1:]] == [7, 7]


def test_what_can_wait_wakes_the_writer_a_little_later() -> None:
    inbox = Inbox()
    inbox.expect(PROGRESS_DELAY_S)
    assert not inbox.urgent
    inbox.wait(None)  # returns by itself


def test_an_answer_that_is_no_longer_waited_for_is_dropped() -> None:
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


def test_an_end_waits_for_company_only_while_no_task_waits_for_it() -> None:
    inbox = Inbox()
    inbox.patient = True
    inbox.note_end(END)
    assert not inbox.urgent
    inbox.wait(None)  # returns by itself
    assert inbox.take() == ([END], [])
    inbox.patient = False
    inbox.note_end(END)
    assert inbox.urgent


def test_a_caller_of_the_writer_takes_the_company_along() -> None:
    inbox = Inbox()
    inbox.patient = True
    inbox.note_end(END)
    asked = request()
    inbox.ask(asked)
    assert inbox.urgent
    assert inbox.take() == ([END], [asked])
    assert not inbox.urgent


def test_a_point_of_no_return_never_waits() -> None:
    inbox = Inbox()
    inbox.patient = True
    inbox.note(MarkNote(CLAIM, Future(), HandOver(0)))
    assert inbox.urgent


def test_notes_keep_their_order_however_long_each_may_wait() -> None:
    inbox = Inbox()
    line = LogNote(CLAIM, 0, "info", "first")
    inbox.note(line, PROGRESS_DELAY_S)
    inbox.note(END)
    assert inbox.take()[0] == [line, END]


def test_what_goes_on_at_the_end_is_told_so() -> None:
    inbox = Inbox()
    asked = request()
    inbox.ask(asked)
    inbox.take()
    inbox.close()
    inbox.continue_with(asked, More(lambda group: None))
    assert isinstance(asked.reply, Future)
    with pytest.raises(Closed):
        asked.reply.result(0)
    assert inbox.empty
