"""In a quiet moment tasks are found by their fields, arguments and errors too."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from desktop.items.accepting import ItemSubmission, NewItemRow
from sendoff_tasks.attempts.outcomes import Failed, Later, Succeeded
from sendoff_tasks.events.journal import Subscription
from sendoff_tasks.events.notices import RETRY_S
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.store.reads.pages import all_ids
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN
from sendoff_tasks.submission import NewTask, Submission
from sendoff_tasks.transaction.searching import LATEST_MS, TELL_MS, WAIT_MS
from sendoff_tasks.verbs.retry import retry
from tests.engine.stepped import Stepped
from tests.items.corrections import put

STEP = 10
"""Tasks in a step; fewer than in the product, to be quick."""


@pytest.fixture(autouse=True)
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sendoff_tasks.transaction.searching.STEP", STEP)


def quiet(stepped: Stepped) -> None:
    """Let the quiet moment pass."""
    stepped.clock.time += WAIT_MS / 1000
    for _ in range(3):
        stepped.settle()
        stepped.clock.time += 1


def found(stepped: Stepped, text: str) -> list[int]:
    return asked(stepped, text=text)


def asked(stepped: Stepped, **wanted: Any) -> list[int]:
    return list(all_ids(stepped.connection, TaskFilter(**wanted), known=NOTHING_KNOWN))


def is_poked(subscription: Subscription) -> bool:
    """Tell whether a listener was woken for news outside the journal."""
    was_poked, subscription._poked = subscription._poked, False
    return was_poked


def done(stepped: Stepped, task: int) -> None:
    stepped.settle()
    stepped.end(task, Succeeded("null"))


@pytest.mark.parametrize(
    ("args", "text", "is_found"),
    [
        (["Müller 4711"], "muller 47", True),
        ([{"customer": {"name": "Ada\nLovelace"}}], "lovelace", True),
        ([3.5, True, None], "3.5", True),
        ([b"bytes"], "type", False),
        (["😀 smile\\n"], "smile", True),
        (["x" * 3_000, "behind"], "behind", False),
        (["x" * 3_000, "behind"], "x" * 1_990, True),
    ],
)
def test_arguments_are_found(stepped: Stepped, args: list[Any], text: str, is_found: bool) -> None:
    task = stepped.add("work", *args)
    assert found(stepped, text) == []
    quiet(stepped)
    assert found(stepped, text) == ([task] if is_found else [])


def test_fields_of_the_item_are_found_as_they_are_now(stepped: Stepped) -> None:
    fields = {"seats": 2, "note": "Wheelchair, please", "more": {"row": ["Balcony"]}}
    body = {"title": "Opera", "fields": fields}
    stepped.submit(ItemSubmission([NewItemRow(123, body, [NewTask("work"), NewTask("narrow")])]))
    assert found(stepped, "opera") == [1, 2]
    assert found(stepped, "wheelchair") == []
    quiet(stepped)
    assert found(stepped, "opera wheelchair balcony 2") == [1, 2]
    assert found(stepped, "seats") == []
    assert (found(stepped, "12"), found(stepped, "123")) == ([], [1, 2])
    for task in (1, 2):
        stepped.end(task, Succeeded("null"))
    put(stepped, {"title": "Opera", "fields": {"note": "Aisle"}}, number=123)
    assert (found(stepped, "wheelchair"), found(stepped, "aisle")) == ([], [1, 2])


@pytest.mark.parametrize("is_quiet_before", [True, False])
def test_each_error_of_a_task_finds_it_whatever_becomes_of_it(
    stepped: Stepped, *, is_quiet_before: bool
) -> None:
    task, other = stepped.add("work", "Opera"), stepped.add("work")
    stepped.end(other, Succeeded("null"))
    if is_quiet_before:
        quiet(stepped)
    stepped.end(task, Later("451 4.7.1 greylisted by mx7", "", after=60))
    stepped.wait(60)
    stepped.end(task, Failed("550 5.1.1 unknown mailbox", "", final=True))
    quiet(stepped)
    for change in (lambda: None, lambda: stepped.change(retry, task), lambda: done(stepped, task)):
        change()
        for text in ("greylisted", "greylisted opera", "mailbox 451"):
            assert found(stepped, text) == [task]
        for error in ("greylisted mailbox", "mx7", "4.7.1", "5.1.1 greyl", "unknown"):
            assert asked(stepped, error=error) == [task]
        assert asked(stepped, error="opera") == asked(stepped, error="4.7.2") == []
        assert asked(stepped, error="mx7", states=(stepped.state(task),)) == [task]
        stepped.restart()


def test_many_are_done_in_steps_that_stay_short_and_go_on_after_a_restart(stepped: Stepped) -> None:
    number = 2 * STEP + 7
    stepped.add_many(number, "work", "Opera", delay=600)
    stepped.wait(WAIT_MS / 1000)
    assert len(found(stepped, "opera")) == STEP
    stepped.restart()
    quiet(stepped)
    assert len(found(stepped, "opera")) == number


def test_what_comes_again_and_again_is_looked_at_every_minute(stepped: Stepped) -> None:
    for second in range(70):
        stepped.add("work", "Opera", delay=600)
        stepped.wait(1)
        assert bool(found(stepped, "opera")) == (second >= LATEST_MS / 1000 - 1)


def test_listeners_are_told_how_far_it_has_followed_once_it_is_on_disk(stepped: Stepped) -> None:
    listener = stepped.journal.subscribe()
    task = stepped.add("work", "Opera", delay=600)
    stepped.clock.time += WAIT_MS / 1000
    for statements in count():
        stepped.fuse.set(statements, full=True)
        stepped.settle()
        if found(stepped, "opera"):
            break
        assert (stepped.journal.indexed_to, is_poked(listener)) == (0, False)
        stepped.clock.time += RETRY_S
    assert statements > 5
    assert (stepped.journal.indexed_to, is_poked(listener)) == (task, True)
    assert found(stepped, "opera") == [task]
    stepped.add("work", delay=600)
    stepped.settle()
    assert not is_poked(listener)
    stepped.restart()
    assert stepped.journal.indexed_to == task


def test_listeners_are_told_of_a_long_backlog_now_and_then(stepped: Stepped) -> None:
    number = 20 * STEP + 1
    stepped.add_many(number, "work", "Opera", delay=600)
    listener, told, steps = stepped.journal.subscribe(), [0], 0
    stepped.clock.time += WAIT_MS / 1000
    while told[-1] < number:
        stepped.step()
        steps += 1
        if is_poked(listener):
            told.append(stepped.journal.indexed_to)
            assert len(found(stepped, "opera")) == told[-1]
        stepped.clock.time += 1
    assert steps == number // STEP + 1
    each = TELL_MS // 1000 * STEP
    assert told == [0, *range(STEP, number, each), number]


def test_a_clock_that_is_set_back_does_not_put_it_off(stepped: Stepped) -> None:
    stepped.add("work", "Opera", delay=600)
    stepped.jump(-4_000)
    stepped.wait(LATEST_MS / 1000)
    assert found(stepped, "opera") == [1]


def test_callers_come_first_for_a_minute(stepped: Stepped) -> None:
    stepped.add_many(STEP + 1, "work", "Opera", delay=600)
    for second in range(1, 64):
        stepped.clock.time += 1
        for _ in range(3):
            stepped.ask(lambda group: None)
            stepped.step()
        done = min(max(0, second - LATEST_MS // 1000 + 1), 1) * STEP + (second > LATEST_MS // 1000)
        assert len(found(stepped, "opera")) == done


def test_what_is_forgotten_leaves_no_word(stepped: Stepped) -> None:
    stepped.submit(
        ItemSubmission([NewItemRow(n, {"fields": {"note": "Aisle"}}, ()) for n in (1, 2)])
    )
    stepped.submit(Submission(tasks=[NewTask("work", ("Opera" * 900,), subject=1)]))
    quiet(stepped)
    stepped.end(1, Later("451 greylisted", "", after=60))
    stepped.wait(60)
    stepped.end(1, Failed("550 unknown", "", final=True))
    assert found(stepped, "unknown aisle greylisted") == [1]
    stepped.clock.time += 91 * 86_400
    for _ in range(3):
        stepped.settle()
        stepped.clock.time += 60
    assert stepped.states() == {}
    assert stepped.found_by() == set()
