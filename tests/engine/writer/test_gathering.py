"""How long the writer lets more come for one group, what ends that, and when it needs workers."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import replace

import pytest

from desktop.engine.transaction.replies import Request
from desktop.engine.writer.notes import EndNote, Note
from desktop.engine.writer.writer import LEAST_AWAITED, Inbox
from tests import WITHIN
from tests.engine.writer.test_writer import CLAIM, END, mark, request


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
    rest: list[Note] = []
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
