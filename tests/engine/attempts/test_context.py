"""What a task may say about itself while it runs, and its steps: kept once, also after a crash."""

from __future__ import annotations

import asyncio
import math
from datetime import date
from typing import Any

import pytest

from desktop.engine.attempts.context import CURRENT, TaskContext
from desktop.engine.attempts.control import Control
from desktop.engine.attempts.outcomes import Failed, Succeeded
from desktop.engine.errors import Fenced
from desktop.engine.functions.arguments import encode_result
from desktop.engine.functions.spec import spec_for
from desktop.engine.text import LINE
from desktop.engine.verbs.remove import forget
from tests.engine.book import Book, claim
from tests.engine.lanes import tasks
from tests.engine.stepped import BACKOFF, Make


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
    stepped.do(lambda group: forget(group, [group.read(number)]))
    for table in ("steps", "contexts"):
        (count,) = stepped.connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        assert count == 0
    stepped.check()
