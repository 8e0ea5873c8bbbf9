"""Whether the next group waits for the notes of workers."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from desktop.engine.transaction.replies import Request
from desktop.engine.writer.worker_wait import WorkerWait

CALL = Request(lambda group: None, Future())
BRINGS = Request(lambda group: None, Future(), ahead=lambda group: None)


@pytest.fixture
def wait() -> WorkerWait:
    made = WorkerWait()
    made.lacks_slots = True
    return made


@pytest.mark.parametrize(
    ("answered", "lacks_slots", "is_on", "callers"),
    [
        ([], True, False, 0),
        ([CALL, CALL], True, False, 2),
        ([CALL, BRINGS], True, True, 2),
        ([CALL, BRINGS], False, False, 1),
    ],
)
def test_it_is_on_once_workers_lack_slots_and_what_brings_notes_was_answered(
    wait: WorkerWait, answered: list[Request], lacks_slots: bool, is_on: bool, callers: int
) -> None:
    wait.lacks_slots = lacks_slots
    assert (wait.answered(answered), wait.is_on) == (callers, is_on)


def test_it_lasts_over_groups_without_notes_until_they_come(wait: WorkerWait) -> None:
    wait.answered([BRINGS])
    wait.came(CALL)
    assert wait.answered([CALL]) == 2
    wait.came(BRINGS)
    assert (wait.is_on, wait.answered([CALL])) == (False, 1)


def test_slots_that_are_free_for_a_while_do_not_end_it(wait: WorkerWait) -> None:
    wait.answered([BRINGS])
    wait.lacks_slots = False
    assert not wait.is_on
    wait.give_up()
    wait.lacks_slots = True
    assert wait.is_on


def test_given_up_it_begins_again_with_the_next_notes_only(wait: WorkerWait) -> None:
    wait.answered([BRINGS])
    wait.give_up()
    assert (wait.answered([CALL]), wait.is_on) == (1, False)
    wait.came(BRINGS)
    wait.answered([BRINGS])
    assert wait.is_on
