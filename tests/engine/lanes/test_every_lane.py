"""What every lane promises, asked of each of them, and of the io lane on both executors."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from sendoff_tasks.attempts.control import CancelReason
from sendoff_tasks.attempts.outcomes import (
    Cancelled,
    Failed,
    GivenBack,
    Held,
    Later,
    LeftUncertain,
    Succeeded,
)
from sendoff_tasks.errors import Fenced, NotWritable, TaskCancelled
from sendoff_tasks.functions.arguments import NOT_KEPT, encode_result
from sendoff_tasks.functions.backoff import Retry
from sendoff_tasks.lanes import Lane
from tests import WITHIN
from tests.engine.book import Book
from tests.engine.lanes.conftest import of


def test_arguments_and_results_keep_their_types(lane: Lane, book: Book) -> None:
    value = [dt.datetime(2026, 7, 1, tzinfo=dt.UTC), Decimal("1.20"), b"\0", (1, 2)]
    lane.start(of(lane, "returns", value))
    assert book.outcome() == Succeeded(encode_result(value))


def test_all_a_function_raises_fails_that_attempt_alone(lane: Lane, book: Book) -> None:
    kinds = ("ValueError", "SystemExit", "KeyboardInterrupt", "Untraceable")
    for number, kind in enumerate(kinds, 1):
        lane.start(of(lane, "raises", kind, "out of paper", task_id=number))
        outcome = book.outcome(number)
        assert isinstance(outcome, Failed)
        assert (outcome.error, outcome.final) == (f"{kind}: out of paper", False)
        assert "in raises" in outcome.trace
        assert "attempt.py" not in outcome.trace
    lane.start(of(lane, "returns", 2, task_id=9))
    assert book.outcome(9) == Succeeded("2")


def test_a_task_sees_nothing_of_the_context_of_an_earlier_one(lane: Lane, book: Book) -> None:
    for number in range(1, 4):
        lane.start(of(lane, "sets_its_context", task_id=number))
        assert book.outcome(number) == Succeeded('["none","28"]')


NO = "no such address"


def test_a_task_says_its_own_fate(lane: Lane, book: Book) -> None:
    fates: list[tuple[str, tuple[Any, ...], Any]] = [
        ("raises", ("GiveUp", NO), Failed(NO, "", final=True)),
        ("raises", ("RetryLater", NO), Later(NO, "")),
        ("raises", ("NeedsPerson", NO), Held(NO, "")),
        ("raises", ("Uncertain", NO), LeftUncertain(NO, "")),
    ]
    for number, (name, args, expected) in enumerate(fates, 1):
        lane.start(of(lane, name, *args, task_id=number))
        outcome: Any = book.outcome(number)
        assert replace(outcome, trace="") == expected
        assert "in raises" in outcome.trace
    lane.start(of(lane, "raises", "TaskCancelled", "no longer wanted", task_id=7))
    assert book.outcome(7) == Cancelled("no longer wanted")
    lane.start(of(lane, "asks_later", 7.5, task_id=8))
    later: Any = book.outcome(8)
    assert (type(later), later.after) == (Later, 7.5)
    lane.start(of(lane, "holds_queue", task_id=9))
    held: Any = book.outcome(9)
    assert (type(held), held.whole_queue, held.action) == (Held, True, "mail_settings")


def test_a_task_whose_result_cannot_be_kept_is_done_all_the_same(lane: Lane, book: Book) -> None:
    why = {"returns_what_json_cannot_keep": "type object", "returns_a_broken_model": "type Ink"}
    for number, (name, said) in enumerate(why.items(), 1):
        lane.start(of(lane, name, task_id=number))
        assert book.outcome(number) == Succeeded(NOT_KEPT)
        _, level, text = book.lines[-1]
        assert level == "warning"
        assert said in text


def test_a_function_that_asks_for_its_context_gets_it_in_its_place(lane: Lane, book: Book) -> None:
    lane.start(of(lane, "tells_its_context", 8, 9, deadline=4e9))
    told = [8, 9, 1, {"part": 1200}, 1, 4e9, "key-1", "<ref@example.org>"]
    assert book.outcome() == Succeeded(encode_result(told))


def test_notes_travel_live_and_the_point_of_no_return_waits_for_the_disk(
    lane: Lane, book: Book
) -> None:
    held: list[Future[None]] = []
    book.answer_marks = held.append
    lane.start(of(lane, "reports_then_crosses"))
    book.wait_for(lambda: bool(held))
    assert book.reports == [(1, 1.0, 3.0, "begun")]
    assert book.texts() == ["before"]
    assert book.marks == [(1, "a letter", "the post")]
    assert book.finished == []
    held[0].set_result(None)
    assert book.outcome() == Succeeded("null")
    assert book.texts() == ["before", "after"]


def refusing(refusal: BaseException) -> Callable[[Future[None]], None]:
    return lambda mark: mark.set_exception(refusal)


def test_nothing_is_done_when_the_point_of_no_return_is_refused(lane: Lane, book: Book) -> None:
    refusals: list[tuple[BaseException, type]] = [
        (Fenced(1, 1), GivenBack),
        (TaskCancelled("cancelled meanwhile"), Cancelled),
        (NotWritable("the disk is full"), Failed),
    ]
    for number, (refusal, expected) in enumerate(refusals, 1):
        book.answer_marks = refusing(refusal)
        lane.start(of(lane, "reports_then_crosses", task_id=number))
        assert isinstance(book.outcome(number), expected)
        assert book.texts() == ["before"] * number


def test_a_step_is_kept_and_one_that_was_kept_is_not_run(
    lane: Lane, book: Book, tmp_path: Path
) -> None:
    pair = encode_result([Decimal(1), Decimal(2)])
    lane.start(of(lane, "takes_steps", str(tmp_path / "mark")))
    assert book.outcome() == Succeeded(encode_result([True, [Decimal(1), Decimal(2)]]))
    assert book.steps == {(1, "touch"): "null", (1, "add"): pair}
    known = {name: result for (_, name), result in book.steps.items()}
    again = of(lane, "takes_steps", str(tmp_path / "never"), task_id=2)
    lane.start(replace(again, steps=known | {"add": "7"}))
    assert book.outcome(2) == Succeeded("[false,7]")
    assert len(book.steps) == 2


def test_a_step_that_is_not_on_disk_is_the_attempt_s_last(
    lane: Lane, book: Book, tmp_path: Path
) -> None:
    refusals: list[tuple[BaseException, type]] = [
        (Fenced(1, 1), GivenBack),
        (NotWritable("it is full"), Failed),
    ]
    for number, (refusal, expected) in enumerate(refusals, 1):
        book.answer_marks = refusing(refusal)
        lane.start(of(lane, "takes_steps", str(tmp_path / f"mark {number}"), task_id=number))
        assert isinstance(book.outcome(number), expected)
    assert list(book.steps) == [(1, "touch"), (2, "touch")]


def test_cancel_stops_a_running_attempt(lane: Lane, book: Book) -> None:
    lane.start(of(lane, "works_until_stopped"))
    book.wait_for(lambda: bool(book.lines))
    lane.cancel(1, 1, CancelReason.PERSON)
    assert isinstance(book.outcome(), Cancelled)


def test_cancel_past_the_point_of_no_return_is_uncertain(lane: Lane, book: Book) -> None:
    lane.start(of(lane, "crosses_then_works_until_stopped"))
    book.wait_for(lambda: bool(book.lines))
    lane.cancel(1, 1, CancelReason.PERSON)
    assert isinstance(book.outcome(), LeftUncertain)


def test_cancel_of_another_attempt_is_ignored(lane: Lane, book: Book) -> None:
    lane.start(of(lane, "works_until_stopped"))
    book.wait_for(lambda: bool(book.lines))
    lane.cancel(1, 2, CancelReason.PERSON)
    lane.cancel(2, 1, CancelReason.PERSON)
    lane.start(of(lane, "returns", 2, task_id=2))
    assert book.outcome(2) == Succeeded("2")
    assert [task_id for task_id, _ in book.finished] == [2]
    lane.cancel(1, 1, CancelReason.PERSON)
    assert isinstance(book.outcome(), Cancelled)


def test_each_attempt_has_a_timeout_of_its_own(lane: Lane, book: Book) -> None:
    lane.start(of(lane, "works_until_stopped", timeout=WITHIN))
    lane.start(of(lane, "works_until_stopped", timeout=0.1, task_id=2))
    assert book.outcome(2) == Failed("The attempt did not end within 0.1 s.", "")
    assert [task_id for task_id, _ in book.finished] == [2]
    lane.cancel(1, 1, CancelReason.PERSON)
    assert isinstance(book.outcome(), Cancelled)


def test_timeout_is_a_timeout_error_to_what_is_tried_again(lane: Lane, book: Book) -> None:
    work = of(lane, "works_until_stopped", timeout=0.1)
    only = replace(work.spec, retry=Retry(3, on=(ConnectionError,)))
    lane.start(replace(work, spec=only))
    outcome = book.outcome()
    assert isinstance(outcome, Failed)
    assert outcome.final


def test_deadline_ends_a_running_attempt(lane: Lane, book: Book) -> None:
    lane.start(of(lane, "returns", 1, task_id=2))
    assert book.outcome(2) == Succeeded("1")  # a process has started and loaded the functions
    lane.start(of(lane, "works_until_stopped", timeout=WITHIN, deadline=time.time() + 0.2))
    assert book.outcome() == Failed("It was not done by its deadline.", "")


def test_the_timeout_ends_at_the_point_of_no_return(lane: Lane, book: Book) -> None:
    lane.start(of(lane, "returns", 1, task_id=2))
    assert book.outcome(2) == Succeeded("1")  # a process has started and loaded the functions
    for number in range(8):  # a busy machine may need longer than the first times to cross
        timeout, task_id = 0.5 * 2**number, 3 + number
        work = of(lane, "crosses_then_works", timeout + 0.2, timeout=timeout, task_id=task_id)
        lane.start(work)
        outcome = book.outcome(task_id)
        if any(crossed == task_id for crossed, *_ in book.marks):
            break
    assert outcome == Succeeded('"done"')
    assert task_id not in dict(book.late)


def test_stop_gives_back_what_asks_to_stop(ending_lane: Lane, book: Book) -> None:
    ending_lane.start(of(ending_lane, "works_until_stopped"))
    book.wait_for(lambda: bool(book.lines))
    ending_lane.stop(WITHIN)
    assert book.finished == [(1, GivenBack())]


def test_stop_waits_for_what_can_end(ending_lane: Lane, book: Book) -> None:
    ending_lane.start(of(ending_lane, "crosses_then_works", 0.2))
    book.wait_for(lambda: bool(book.marks))
    ending_lane.stop(WITHIN)
    assert book.finished == [(1, Succeeded('"done"'))]


def test_stop_gives_back_what_does_not_end_and_its_end_no_longer_counts(
    ending_lane: Lane, book: Book, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    ending_lane.start(of(ending_lane, "waits_for", str(go)))
    book.wait_for(lambda: bool(book.lines))
    ending_lane.stop(0.05)
    assert book.finished == [(1, GivenBack())]
    assert ending_lane.wait_over(0) == (ending_lane.name == "cpu")  # whose process was killed
    go.touch()
    assert ending_lane.wait_over(WITHIN)


def test_a_stopped_lane_gives_back_at_once(ending_lane: Lane, book: Book) -> None:
    ending_lane.stop(0)
    ending_lane.start(of(ending_lane, "returns", 1))
    assert book.finished == [(1, GivenBack(begun=False))]


def test_many_tasks_each_end_once_with_their_own_result(lane: Lane, book: Book) -> None:
    for number in range(1, 201):
        book.wait_for(lambda begun=number - 1: len(book.finished) > begun - lane.slots)  # type: ignore[misc]
        name, args = ("returns", (number,)) if number % 3 else ("raises", ("ValueError", "x"))
        lane.start(of(lane, name, *args, task_id=number))
    book.wait_for(lambda: len(book.finished) == 200)
    ended = dict(book.finished)
    assert len(ended) == 200
    assert all(ended[n] == Succeeded(str(n)) for n in ended if n % 3)
    assert all(isinstance(ended[n], Failed) for n in ended if n % 3 == 0)
