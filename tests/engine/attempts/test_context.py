"""What a task may say about itself while it runs."""

from __future__ import annotations

import math

import pytest

from desktop.engine.attempts.context import TaskContext
from desktop.engine.attempts.control import Control
from desktop.engine.functions.spec import spec_for
from desktop.engine.text import LINE
from tests.engine.book import Book, claim
from tests.engine.lanes import tasks


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
