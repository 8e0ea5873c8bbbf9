"""What a task may say of itself, its steps, its point of no return, and what a claim tells."""

from __future__ import annotations

import asyncio
import json
import math
from dataclasses import replace
from datetime import date
from typing import Any, get_args

import pytest

from sendoff_tasks.attempts import outcomes
from sendoff_tasks.attempts.claim import (
    Claim,
    decode_outcome,
    encode_claim,
    encode_outcome,
    read_claim,
)
from sendoff_tasks.attempts.context import CURRENT, TaskContext
from sendoff_tasks.attempts.control import CancelReason, Control, HandOver
from sendoff_tasks.attempts.outcomes import Failed, Fault, Outcome, Succeeded
from sendoff_tasks.causes import ServerAnswer
from sendoff_tasks.errors import Fenced, NotWritable, TaskCancelled
from sendoff_tasks.functions.arguments import Unreadable, encode_result
from sendoff_tasks.functions.spec import spec_for
from sendoff_tasks.model.causes import CauseKind, Cure
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.text import LINE
from sendoff_tasks.verbs.remove import delete_tasks
from tests.engine.book import Book, claim
from tests.engine.lanes import tasks
from tests.engine.stepped import BACKOFF, Make, work


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def context(book: Book) -> TaskContext:
    return TaskContext(claim(spec_for(tasks.returns), 1), book, Control())


def test_progress_needs_no_total_and_no_words(book: Book, context: TaskContext) -> None:
    context.progress(3)
    context.progress(3, 4, "half\ud800way")
    assert book.reports == [(1, 3.0, None, ""), (1, 3.0, 4.0, "half\ufffdway")]


@pytest.mark.parametrize(("done", "total"), [(math.nan, None), (1, math.inf), (-math.inf, 1)])
def test_progress_that_is_no_number_is_the_task_s_error(
    book: Book, context: TaskContext, done: float, total: float | None
) -> None:
    with pytest.raises(ValueError, match="progress needs finite numbers"):
        context.progress(done, total)
    assert book.reports == []


def test_a_step_of_which_the_result_cannot_be_read_any_more_is_named(book: Book) -> None:
    gone = json.dumps({"$type": "enum", "value": [f"{__name__}:Gone", 1]})
    kept = replace(claim(spec_for(tasks.returns), 1), steps={"fetch": gone})
    with pytest.raises(
        Unreadable, match=r"^What the step 'fetch' returned cannot be read any more"
    ):
        TaskContext(kept, book, Control()).step("fetch", tasks.returns, 1)


def test_a_line_of_the_log_is_cut(book: Book, context: TaskContext) -> None:
    context.log("x" * 10 * LINE)
    ((_, level, text),) = book.lines
    assert (level, len(text)) == ("info", LINE)


def test_a_name_is_used_once_in_an_attempt(book: Book, context: TaskContext) -> None:
    day = date(2026, 3, 1)
    assert context.step("one", tasks.returns, day) is day
    with pytest.raises(ValueError, match="there was a step 'one' in this attempt already"):
        context.step("one", tasks.returns, 2)
    with pytest.raises(ZeroDivisionError):
        context.step("fails", divmod, 1, 0)
    assert book.steps == {(1, "one"): encode_result(day)}


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 201, 7, None])
def test_a_name_that_cannot_be_one_is_refused(context: TaskContext, name: Any) -> None:
    for each in (context, CURRENT):
        with pytest.raises(TypeError, match="the name of a step is 1 to 200"):
            each.step(name, tasks.returns, 1)


def test_what_cannot_be_kept_is_refused(book: Book, context: TaskContext) -> None:
    with pytest.raises(TypeError, match="what the step 'odd' returned cannot be kept: the result"):
        context.step("odd", tasks.returns, object())
    with pytest.raises(TypeError, match="give it the async function"):
        context.step("lost", lambda: tasks.returns_async(1))  # type: ignore[unused-coroutine]
    with pytest.raises(TypeError, match="the step must be a function"):
        context.step("none", 7)  # type: ignore[call-overload]
    assert book.steps == {}


def test_called_directly_a_step_is_a_call() -> None:
    assert [CURRENT.step("one", tasks.returns, n) for n in (1, 2)] == [1, 2]
    assert asyncio.run(CURRENT.step("one", tasks.returns_async, 3)) == 3


def test_a_crash_leaves_the_steps_that_were_on_disk(make: Make) -> None:
    stepped = make()
    number = stepped.add(variables='{"a:b":1}')
    first = stepped.lane.running[number]
    assert first.steps is None
    done = stepped.ledger.step(first, "fetch", "1")
    stepped.settle()
    assert done.result(0) is None
    lost = stepped.ledger.step(first, "send", "2")  # the power is cut before it is written
    stepped.restart()
    second = stepped.lane.running[number]
    assert (second.attempt, second.steps) == (2, {"fetch": "1"})
    assert not lost.done()
    late = stepped.ledger.step(first, "send", "2")
    stepped.settle()
    assert isinstance(late.exception(0), Fenced)
    stepped.ledger.step(second, "send", "3")
    stepped.end(number, Failed("no", ""))
    stepped.wait(BACKOFF)
    assert stepped.lane.running[number].steps == {"fetch": "1", "send": "3"}
    stepped.end(number, Succeeded("null"))
    assert second.variables == '{"a:b":1}'
    stepped.do(lambda group: delete_tasks(group, [group.read(number)]))
    for table in ("steps", "contexts"):
        (count,) = stepped.connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        assert count == 0
    stepped.check()


def test_the_first_reason_to_stop_stays() -> None:
    control = Control()
    control.check()
    control.cancel(CancelReason.TIMEOUT)
    control.cancel(CancelReason.PERSON)
    assert control.reason is CancelReason.TIMEOUT
    with pytest.raises(TaskCancelled, match="It ran past its timeout"):
        control.check()


def test_a_timeout_comes_too_late_after_the_point_of_no_return() -> None:
    control = Control()
    with control.point_of_no_return():
        assert not control.cancel(CancelReason.TIMEOUT)
    assert control.reason is None
    assert control.cancel(CancelReason.PERSON)


def test_way_is_given_after_a_crossing_that_was_written() -> None:
    given: list[str] = []
    control = Control(lambda: given.append("way"))
    control.begin()
    with control.point_of_no_return():
        assert not given
    assert given == ["way"]
    with pytest.raises(NotWritable), control.point_of_no_return():
        raise NotWritable("full")
    assert given == ["way"]


def test_who_should_stop_does_not_cross() -> None:
    control = Control()
    control.cancel(CancelReason.STOP)
    with pytest.raises(TaskCancelled), control.point_of_no_return():
        pytest.fail("crossed")
    assert not control.past_point_of_no_return


def test_a_second_crossing_that_fails_does_not_undo_the_first() -> None:
    control = Control()
    with control.point_of_no_return():
        pass
    with pytest.raises(NotWritable), control.point_of_no_return():
        raise NotWritable("full")
    assert control.past_point_of_no_return


@pytest.mark.parametrize(
    ("refusal", "raised"), [(NotWritable("full"), NotWritable), (Fenced(1, 1), TaskCancelled)]
)
def test_a_crossing_that_cannot_be_written_did_not_happen(
    refusal: Exception, raised: type[BaseException]
) -> None:
    control = Control()
    with pytest.raises(raised), control.point_of_no_return():
        raise refusal
    assert not control.past_point_of_no_return


@pytest.mark.parametrize(
    "handover", [HandOver(0, "", ""), HandOver(2**53, 'Ein “Brief”\n"\x00\\', "mx\u2028é😀")]
)
def test_what_was_written_is_read_again(handover: HandOver) -> None:
    assert HandOver.decode(handover.encode()) == handover


@pytest.mark.parametrize(
    ("what", "to", "said"),
    [
        ("A letter for Ada", "the post", "Handed over to the post: A letter for Ada"),
        ("A letter for Ada", "", "Handed over: A letter for Ada"),
        ("", "the post", "Handed over to the post"),
        ("", "", ""),
    ],
)
def test_it_is_said_in_one_sentence(what: str, to: str, said: str) -> None:
    assert HandOver(0, what, to).sentence == said


ANSWER = ServerAnswer("mx.example.org", 451, "4.7.1")
FAULT = Fault(CauseKind.EXCEPTION, "OSError", "a/b.py", "send", 7, "no", Cure.TASKS_FOLDER)
OUTCOMES: list[Outcome] = [
    outcomes.Succeeded('"\\u0000"', kept=True),
    outcomes.Succeeded("null"),
    outcomes.Succeeded("null", kept=True),
    outcomes.Failed("no", "trace", True, answer=ANSWER, fault=FAULT),
    outcomes.Later("later", "trace", 1.5, answer=ANSWER, fault=outcomes.NO_FAULT),
    outcomes.Later("early", "", counts=False),
    outcomes.NotBegun("full"),
    outcomes.Held("password", "", True, "mail_settings", answer=ANSWER, fault=FAULT),
    outcomes.Deferred("offline", "", Reason.OFFLINE, 3.0, "mail_settings", answer=ANSWER),
    outcomes.Misfit("other code", "trace"),
    outcomes.Cancelled("enough"),
    outcomes.LeftUncertain("no answer", "", fault=FAULT),
    outcomes.Crashed("signal 9"),
    outcomes.GivenBack(begun=False),
]


def test_every_outcome_arrives_as_it_was_sent() -> None:
    assert {type(each) for each in OUTCOMES} == set(get_args(Outcome))
    for sent in OUTCOMES:
        came = decode_outcome(encode_outcome(sent))
        assert came == sent
        assert getattr(came, "fault", None) == getattr(sent, "fault", None)
        assert type(getattr(came, "why", None)) is type(getattr(sent, "why", None))
    for wrong in ('{"ending": "Anything"}', '{"ending": "Crashed", "who": 1}', "[]", "no JSON"):
        with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
            decode_outcome(wrong)


def test_a_claim_arrives_with_what_is_known_there() -> None:
    spec = spec_for(work)
    sent = Claim(1, 2, 3, spec, "[]", {"part": 4}, 5.5, "ref", "key", {"step": "1"}, "{}")
    name, told = read_claim(json.dumps(encode_claim(sent)))
    assert (name, Claim(spec=spec, **told)) == (spec.name, sent)
