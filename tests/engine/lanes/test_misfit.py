"""A task that was stored for other code than there is: nothing of it runs, and it is kept."""

from __future__ import annotations

import json
from dataclasses import replace

from desktop.engine.attempts.outcomes import Failed, Misfit
from desktop.engine.lanes import Lane
from tests.engine.book import Book
from tests.engine.lanes.conftest import of

GONE = [[{"$type": "model", "value": ["tests.engine.lanes.tasks:Gone", {}]}], {}]


def test_arguments_that_do_not_fit_any_more_wait_for_other_code(lane: Lane, book: Book) -> None:
    lane.start(of(lane, "returns", 1, 2))
    outcome = book.outcome()
    assert isinstance(outcome, Misfit)
    assert outcome.error == "Its function takes other arguments now: too many positional arguments."


def test_arguments_that_cannot_be_read_any_more_wait_for_other_code(lane: Lane, book: Book) -> None:
    lane.start(replace(of(lane, "returns", 1), arguments=json.dumps(GONE)))
    outcome = book.outcome()
    assert isinstance(outcome, Misfit)
    assert outcome.error == (
        "The task's arguments cannot be read any more: "
        "tests.engine.lanes.tasks:Gone is not there any more."
    )


def test_a_type_error_of_the_function_itself_is_its_failure(lane: Lane, book: Book) -> None:
    lane.start(of(lane, "raises", "TypeError", "two of a kind"))
    outcome = book.outcome()
    assert isinstance(outcome, Failed)
    assert outcome.error == "TypeError: two of a kind"
