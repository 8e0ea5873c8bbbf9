"""The thread around the core: awake when there is something to do, and what it waits for."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import replace
from unittest.mock import Mock, patch

import pytest

from sendoff_tasks.attempts.control import HandOver
from sendoff_tasks.attempts.outcomes import Succeeded
from sendoff_tasks.clock import SystemClock
from sendoff_tasks.errors import Busy, Closed
from sendoff_tasks.functions.spec import spec_for
from sendoff_tasks.transaction.replies import LoopReply, More, Request, ThreadReply, answer, settle
from sendoff_tasks.writer import writer as writing
from sendoff_tasks.writer.notes import PROGRESS_DELAY_S, AttemptNote, EndNote, LogNote, MarkNote
from sendoff_tasks.writer.writer import (
    AWAITED_SHARE,
    AWAY_GROUPS,
    GROUP_WEIGHT,
    LEAST_AWAITED,
    SIBLINGS,
    Inbox,
    Writer,
)
from tests import WITHIN
from tests.engine.book import claim
from tests.engine.lanes import tasks


class Core:
    """Counts its steps and says when the next one is due."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.due: float | None = None
        self.steps = threading.Semaphore(0)
        self.taken: list[Request] = []

    def step(self, now: float, steady: float) -> float | None:
        _, requests = self.inbox.take()
        self.taken += requests
        self.inbox.answer_all([(request, (None, None)) for request in requests], [], [])
        due, self.due = self.due, None
        self.steps.release()
        return due


class RecordingInbox(Inbox):
    """Notes how long the writer would sleep."""

    def __init__(self) -> None:
        super().__init__()
        self.sleeps: list[float | None] = []
        self.asleep = threading.Semaphore(0)

    def wait(self, timeout: float | None) -> None:
        self.sleeps.append(timeout)
        self.asleep.release()
        super().wait(timeout)


@pytest.fixture
def inbox() -> RecordingInbox:
    return RecordingInbox()


@pytest.fixture
def core(inbox: RecordingInbox) -> Core:
    return Core(inbox)


@pytest.fixture
def writer(core: Core, inbox: RecordingInbox, failures: list[str]) -> Iterator[Writer]:
    writer = Writer(
        lambda *at: core.step(*at), inbox, SystemClock(), lambda: failures.append("failed")
    )
    yield writer
    writer.stop()


@pytest.fixture
def failures() -> list[str]:
    return []


def ask(inbox: Inbox) -> Request:
    request = Request(lambda group: None, Future())
    inbox.ask(request)
    return request


def leave_end(inbox: Inbox) -> None:
    inbox.note_end(EndNote(None, Succeeded("null")))  # type: ignore[arg-type]


def test_with_nothing_due_it_sleeps_until_it_is_asked(
    writer: Writer, core: Core, inbox: RecordingInbox
) -> None:
    writer.start()
    inbox.asleep.acquire()
    request = ask(inbox)
    inbox.asleep.acquire()
    assert core.taken == [request]
    assert inbox.sleeps == [None, None]


def test_it_sleeps_until_the_next_is_due_but_looks_at_the_clock_between(
    writer: Writer, core: Core, inbox: RecordingInbox
) -> None:
    core.due = SystemClock().now() + 1e6
    writer.start()
    inbox.asleep.acquire()
    assert inbox.sleeps == [writing.LONGEST_SLEEP_S]


def test_what_is_due_is_done_without_being_asked(
    writer: Writer, core: Core, inbox: RecordingInbox
) -> None:
    core.due = SystemClock().now() + 0.01
    writer.start()
    assert core.steps.acquire(timeout=WITHIN)
    assert core.steps.acquire(timeout=WITHIN)


def test_stopping_writes_what_is_left(core: Core, inbox: RecordingInbox) -> None:
    writer = Writer(lambda *at: core.step(*at), inbox, SystemClock(), lambda: None)
    requests = [ask(inbox) for _ in range(10)]
    writer.start()
    writer.stop()
    assert core.taken == requests


def test_a_stop_that_comes_as_a_step_begins_is_not_slept_through(
    core: Core, inbox: RecordingInbox
) -> None:
    writer = Writer(lambda *at: core.step(*at), inbox, SystemClock(), lambda: None)
    stopping = threading.Thread(target=writer.stop, daemon=True)
    step, wake, woken = core.step, inbox.wake, threading.Event()

    def wake_and_tell() -> None:
        wake()
        woken.set()

    def stopped_meanwhile(now: float, steady: float) -> float | None:
        core.step = step  # type: ignore[method-assign]
        stopping.start()
        assert woken.wait(WITHIN)
        return step(now, steady)

    inbox.wake = wake_and_tell  # type: ignore[method-assign]
    core.step = stopped_meanwhile  # type: ignore[method-assign]
    writer.start()
    assert woken.wait(WITHIN)
    stopping.join(WITHIN)
    assert inbox.sleeps == []
    assert not stopping.is_alive()


def test_a_bug_in_a_step_is_told_and_does_not_end_the_writing(
    writer: Writer, core: Core, inbox: RecordingInbox, caplog: pytest.LogCaptureFixture
) -> None:
    step = core.step

    def stumble(now: float, steady: float) -> float | None:
        core.step = step  # type: ignore[method-assign]
        raise ZeroDivisionError

    core.step = stumble  # type: ignore[method-assign]
    writer.start()
    inbox.asleep.acquire()
    request = ask(inbox)
    inbox.asleep.acquire()
    assert core.taken == [request]
    assert "The writer failed" in caplog.text


def test_a_writer_that_ends_by_itself_says_so_and_closes_the_inbox(
    writer: Writer, core: Core, inbox: RecordingInbox, failures: list[str]
) -> None:
    waiting = ask(inbox)
    mark: Future[None] = Future()
    inbox.note(MarkNote(None, mark, HandOver(0)))  # type: ignore[arg-type]

    def end(now: float, steady: float) -> float | None:
        raise SystemExit

    core.step = end  # type: ignore[method-assign]
    writer.start()
    with pytest.raises(Closed):
        waiting.reply.result(WITHIN)  # type: ignore[union-attr]
    with pytest.raises(Closed):
        mark.result(WITHIN)
    with pytest.raises(Closed):
        ask(inbox)
    writer.stop()
    assert failures == ["failed"]


def test_a_mark_that_comes_after_the_end_is_refused(writer: Writer, inbox: RecordingInbox) -> None:
    writer.start()
    writer.stop()
    mark: Future[None] = Future()
    inbox.note(MarkNote(None, mark, HandOver(0)))  # type: ignore[arg-type]
    with pytest.raises(Closed):
        mark.result(0)


@pytest.fixture
def gathered(inbox: RecordingInbox, monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    """How long the writer lets more come, and how many callers end that."""
    gathered: list[tuple[float, float]] = []

    def gather(seconds: float, callers: float = math.inf) -> None:
        gathered.append((seconds, callers))

    monkeypatch.setattr(inbox, "gather", gather)
    return gathered


@pytest.mark.parametrize("number", [SIBLINGS - 1, SIBLINGS])
@pytest.mark.parametrize("leave", [ask, leave_end])
def test_after_a_group_of_many_it_waits_for_those_who_follow(
    writer: Writer,
    inbox: RecordingInbox,
    gathered: list[tuple[float, float]],
    leave: Callable[[Inbox], object],
    number: int,
) -> None:
    for _ in range(number):
        leave(inbox)
    writer.start()
    inbox.asleep.acquire()
    assert gathered == ([(writing.DELAY_S, math.inf)] if number >= SIBLINGS else [])


def test_while_no_task_waits_for_a_place_it_waits_for_all_callers(
    writer: Writer, core: Core, inbox: RecordingInbox, gathered: list[tuple[float, float]]
) -> None:
    inbox.patient = True
    step = core.step

    def step_as_one_comes(now: float, steady: float) -> float | None:
        core.step = step  # type: ignore[method-assign]
        requests = inbox.take()[1]
        ask(inbox)
        inbox.answer_all([(request, (None, None)) for request in requests], [], [])
        return None

    core.step = step_as_one_comes  # type: ignore[method-assign]
    for _ in range(SIBLINGS - 1):
        ask(inbox)
    writer.start()
    inbox.asleep.acquire()
    ((seconds, callers),) = gathered
    assert callers == SIBLINGS, "those that were answered, and the one that came meanwhile"
    assert 0 < seconds <= writing.LONGEST_RETURN_S


@pytest.mark.parametrize(("patient", "callers"), [(True, SIBLINGS + 1), (False, 0)])
def test_while_tasks_wait_for_a_worker_only_what_it_notes_is_waited_for(
    writer: Writer,
    inbox: RecordingInbox,
    gathered: list[tuple[float, float]],
    patient: bool,
    callers: int,
) -> None:
    inbox.patient, inbox.worker_wait.lacks_slots = patient, True
    inbox.ask(Request(lambda group: None, Future(), ahead=lambda group: None))
    for _ in range(SIBLINGS):
        ask(inbox)
    writer.start()
    inbox.asleep.acquire()
    assert [each for _, each in gathered] == [callers]


def test_a_group_without_callers_waits_for_none(
    writer: Writer, core: Core, inbox: RecordingInbox, gathered: list[tuple[float, float]]
) -> None:
    inbox.patient = True
    for _ in range(SIBLINGS):
        ask(inbox)
    writer.start()
    inbox.asleep.acquire()
    inbox.wake()
    inbox.asleep.acquire()
    assert len(gathered) == 1


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
    notes: list[AttemptNote] = [mark() for _ in range(waiting)]
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
    inbox.ask(request(writing.BACKLOG + 1))
    with pytest.raises(Busy):
        inbox.ask(request())
    inbox.take()
    inbox.ask(request())


@pytest.mark.parametrize("go_on", [Inbox.take, lambda inbox: inbox.wait(0), Inbox.end])
def test_a_slow_thread_holds_up_the_others_only_until_the_writer_goes_on(
    go_on: Callable[[Inbox], object],
) -> None:
    inbox, replies = Inbox(), [ThreadReply() for _ in range(3)]
    slow, *others = [Request(lambda group: None, reply) for reply in replies]
    inbox.answer_all([(each, (7, None)) for each in (slow, *others)], [], [])
    go_on(inbox)
    assert [reply.wait() for reply in replies[1:]] == [7, 7]


def stopped_clock() -> AbstractContextManager[object]:
    """Let no time pass for the inbox."""
    return patch.object(writing, "time", Mock(monotonic=Mock(return_value=time.monotonic())))


def test_what_can_wait_wakes_the_writer_a_little_later() -> None:
    inbox = Inbox()
    with stopped_clock():
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
    with stopped_clock():
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


def test_more_come_until_all_callers_are_back() -> None:
    inbox = Inbox()
    found: list[int] = []

    def gather() -> None:
        inbox.gather(WITHIN, callers=3)
        found.append(len(inbox.take()[1]))

    inbox.note(mark())
    inbox.take()  # no attempt waits any more
    gathering = threading.Thread(target=gather)
    gathering.start()
    inbox.note(END)
    for _ in range(3):
        inbox.ask(request())
    gathering.join(WITHIN / 2)
    assert found == [3]


@pytest.mark.parametrize("comes_first", [False, True])
def test_an_attempt_that_waits_does_not_wait_for_callers(comes_first: bool) -> None:
    inbox = Inbox()
    gathering = threading.Thread(target=inbox.gather, args=(WITHIN, 3))
    if comes_first:
        inbox.note(mark())
    gathering.start()
    if not comes_first:
        inbox.note(mark())
    gathering.join(WITHIN / 2)
    assert not gathering.is_alive()


def test_attempts_that_a_group_left_do_not_wait_for_callers() -> None:
    inbox = Inbox()
    for _ in range(LEAST_AWAITED + 1):
        inbox.note(mark())
    inbox.take()
    gathering = threading.Thread(target=inbox.gather, args=(WITHIN, 3))
    gathering.start()
    gathering.join(WITHIN / 2)
    assert not gathering.is_alive()


def test_ends_do_not_wait_for_the_points_of_no_return_of_others() -> None:
    inbox = Inbox()
    marks = [replace(mark(), claim=replace(CLAIM, task_id=number)) for number in range(1, 9)]
    end_of_the_last = EndNote(marks[-1].claim, END.outcome)
    for each in marks:
        inbox.note(each)
    inbox.note(END)
    inbox.note(end_of_the_last)
    inbox.ask(request())
    notes, _ = inbox.take()
    assert notes == [*marks[:LEAST_AWAITED], END], "the notes of one attempt stay in order"
    rest: list[AttemptNote] = []
    while not inbox.empty:
        notes, _ = inbox.take()
        rest += notes
    assert rest == [*marks[LEAST_AWAITED:], end_of_the_last]


def test_callers_who_are_back_already_are_not_waited_for() -> None:
    inbox = Inbox()
    inbox.ask(request())
    gathering = threading.Thread(target=inbox.gather, args=(WITHIN, 1))
    gathering.start()
    gathering.join(WITHIN / 2)
    assert not gathering.is_alive()


def bringing() -> Request:
    return Request(lambda group: None, Future(), ahead=lambda group: None)


def told(inbox: Inbox, *requests: Request) -> None:
    inbox.answer_all([(each, (None, None)) for each in requests], [], [])


@pytest.mark.parametrize(("lacks_slots", "callers"), [(False, 2), (True, 3)])
def test_what_workers_note_next_is_waited_for_only_while_they_lack_slots(
    lacks_slots: bool, callers: int
) -> None:
    inbox = Inbox()
    inbox.worker_wait.lacks_slots = lacks_slots
    inbox.ask(request())
    told(inbox, request(), bringing())
    assert inbox.callers == callers


def test_who_was_answered_in_an_earlier_group_is_waited_for_once_slots_are_lacking() -> None:
    inbox = Inbox()
    told(inbox, request(), bringing())
    inbox.gather(0, inbox.callers)
    inbox.worker_wait.lacks_slots = True
    told(inbox, request())
    assert (inbox.callers, inbox.worker_wait.is_on) == (2, True)


def test_what_workers_have_noted_ends_the_wait_for_their_slots() -> None:
    inbox = Inbox()
    inbox.worker_wait.lacks_slots = True
    told(inbox, bringing())
    gathering = threading.Thread(target=inbox.gather, args=(WITHIN, 0))
    gathering.start()
    inbox.ask(request())
    gathering.join(0.01)
    assert gathering.is_alive(), "more callers would be put in the queue"
    inbox.ask(bringing())
    gathering.join(WITHIN / 2)
    assert not gathering.is_alive()


def test_slow_attempts_are_waited_for_once() -> None:
    inbox = Inbox()
    inbox.worker_wait.lacks_slots = True
    told(inbox, bringing())
    assert inbox.worker_wait.is_on
    inbox.gather(0.001, 0)
    told(inbox, request())
    assert (inbox.callers, inbox.worker_wait.is_on) == (1, False)


def test_reports_of_attempts_wait_until_as_many_are_there() -> None:
    inbox = Inbox()
    gathering = threading.Thread(target=lambda: inbox.gather(WITHIN, notes=2))
    gathering.start()
    inbox.note(END)
    inbox.note(END)
    gathering.join(WITHIN / 2)
    assert not gathering.is_alive()
