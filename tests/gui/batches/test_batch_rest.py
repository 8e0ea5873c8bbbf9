"""Rows of a batch that are no plain successes: who was not informed, and why."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from desktop.gui.batches.batch_look import look_of
from desktop.gui.batches.batch_rest import about_the_rest, about_trouble, cancelled_words
from desktop.gui.batches.batch_words import (
    explanation,
    headline,
    next_words,
    not_informed,
    not_informed_words,
)
from tests.gui.batches.test_batch_model import batch

if TYPE_CHECKING:
    from desktop.contract.batches import BatchCause

pytestmark = pytest.mark.usefixtures("qapp")


def test_rows_that_a_later_batch_has_are_not_to_be_imported_again() -> None:
    counts = {"rows": 9, "sent": 4, "left_out": 5, "twice": 3, "same": 2}
    one = batch(2, state="done", counts=counts, later={"count": 1, "first": 7, "last": 7})
    assert about_the_rest(one, may_act=True) == [
        "1 row is in batch 7 with newer data.",
        "4 rows are the same as before or appear twice.",
    ]
    assert not_informed_words(one) == "1 in batch 7"  # it may not have left there yet
    more = batch(2, state="done", counts=counts, later={"count": 3, "first": 7, "last": 9})
    assert about_the_rest(more, may_act=True) == [
        "3 rows are in later batches, 7 to 9, with newer data.",
        "2 rows are the same as before.",
    ]


def test_rows_that_wait_and_are_in_a_later_batch_are_told_at_once() -> None:
    """A batch that another had overtaken was said to go on tomorrow with 700 messages."""
    counts, later = {"rows": 1200, "sent": 500, "open": 700}, {"count": 700, "first": 5, "last": 5}
    one = batch(4, counts=counts, overtaken=later)
    said = "700 waiting rows are also in batch 5, which was started later. They are sent only once."
    assert about_the_rest(one, may_act=True) == [said]
    assert not_informed_words(one) == "700 in batch 5"
    assert (next_words(one, 0.0), look_of(one, 0.0).word) == ("nothing more", "Waiting")
    assert explanation(one, 0.0) == f"You need not do anything. {said}"
    paused = batch(4, counts={**counts, "open": 703}, overtaken=later, state="paused")
    assert next_words(paused, 0.0) == "until you resume"
    assert explanation(paused, 0.0).startswith("3 messages wait until you resume.")


def test_cancelled_rows_that_a_later_batch_has_are_not_to_be_imported_again() -> None:
    """It asked for an import of 1,516 rows that the next batch had sent."""
    counts = {"rows": 2000, "sent": 484, "cancelled": 1516}
    offer = "Import the spreadsheet again to send them."
    rows = batch(6, state="done", counts=counts, cancelled_before=1516, sheet="a.csv")
    assert offer in about_the_rest(rows, may_act=True)
    all_of_them = {"count": 1516, "first": 7, "last": 7}
    one = batch(6, state="done", counts=counts, sent_later=all_of_them)
    said = ["1,516 rows were cancelled.", "1,516 of them are in batch 7."]
    assert about_the_rest(one, may_act=True) == said
    assert not_informed_words(one) == "1,516 in batch 7"
    some = batch(6, state="done", counts=counts, sent_later={"count": 1, "first": 7, "last": 9})
    some["cancelled_before"], some["cancelled_tasks"], some["sheet"] = 1500, 16, "a.csv"
    assert about_the_rest(some, may_act=True) == [
        "1,516 rows were cancelled.",
        "1 of them is in later batches, 7 to 9.",
        "Rows whose turn had not come are not in the list of tasks.",
        "Import the spreadsheet again to send those that are in no later batch.",
    ]
    assert not_informed_words(some) == "1,515 rows cancelled"


def test_what_sends_cancelled_rows_is_said_of_those_there_are() -> None:
    """An import was asked for where all that was cancelled were tasks."""
    tasks = "24 of them are in the list of tasks. To send them, press Retry there."
    rows = "Rows whose turn had not come are not in the list of tasks."
    sheet = "Import the spreadsheet again to send them."
    counts = {"rows": 30, "sent": 6, "cancelled": 24}
    for there, before, said in (
        (24, 0, [tasks]),
        (0, 24, [rows, sheet]),
        (0, 0, [sheet]),  # their tasks were removed
        (24 - 1, 1, ["23" + tasks[2:], rows, sheet]),
    ):
        numbers = {"cancelled_tasks": there, "cancelled_before": before}
        one = batch(6, state="done", counts=counts, sheet="a.csv", **numbers)
        assert about_the_rest(one, may_act=True)[1:] == said
        without = batch(6, state="done", counts=counts, **numbers)
        assert about_the_rest(without, may_act=True)[1:] == [e for e in said if e != sheet]
    one = batch(6, state="done", counts=counts, cancelled_tasks=24)
    assert about_the_rest(one, may_act=False) == ["24 rows were cancelled."]


def test_left_out_rows_that_a_later_batch_has_are_told_there() -> None:
    """Who was corrected and sent stayed *left out*, and was counted in both batches."""
    counts = {"rows": 20, "sent": 16, "left_out": 4, "problems": 4}
    later = {"count": 3, "first": 3, "last": 3}
    one = batch(2, state="done", counts=counts, left_out_later=later)
    assert not_informed_words(one) == "1 left out"
    assert about_the_rest(one, may_act=True) == [
        "4 rows with a problem were left out.",
        "3 of them are in batch 3.",
    ]
    all_of_them = batch(2, state="done", counts=counts, left_out_later={**later, "count": 4})
    assert not_informed_words(all_of_them) == "4 in batch 3"


def test_who_is_left_is_said_though_a_later_batch_has_left_out_that_one_too() -> None:
    """*2 failed · 40 in a later batch* stood there in red; that one had sent 39 of the 40."""
    counts = {"rows": 42, "failed": 2, "cancelled": 38, "left_out": 2, "problems": 2}
    later: Any = {
        "sent_later": {"count": 38, "first": 6, "last": 6},
        "left_out_later": {"count": 2, "first": 5, "last": 6},
    }
    one = batch(2, state="done", counts=counts, **later, left_out_again=1)
    assert not_informed(one) == [("2 failed", "failed"), (" · 1 left out", "soft text")]
    told = "2 of them are in later batches, 5 to 6.", "1 of them was left out there, too."
    assert about_the_rest(one, may_act=True)[-2:] == [*told]
    sent = batch(2, state="done", counts={**counts, "failed": 0}, **later)
    assert not_informed(sent) == [("40 in batches 5 to 6", "soft text")]


def test_a_batch_of_which_nothing_was_left_to_send_says_so() -> None:
    """It was: 0 of 0 are sent."""
    taken = batch(2, state="done", counts={"rows": 1, "left_out": 1, "twice": 1})
    assert headline(taken, time.time()) == "Nothing was sent"


def test_what_failed_and_was_sent_again_since_is_told_apart() -> None:
    """It was: 13 failed, of which each had been sent by a later batch."""
    counts = {"rows": 20, "sent": 15, "failed": 5}
    refused: BatchCause = {"cause": "a", "title": "550", "about": {}, "count": 2, "cure": "retry"}
    one = batch(1, state="done", counts=counts, sent_since=3, causes=[refused])
    assert not_informed_words(one) == "2 failed · 3 sent again since"
    assert about_trouble(one, may_act=True) == [
        "2 messages failed.",
        "3 failed messages have been sent again since, or are on their way.",
    ]
    settled = batch(1, state="done", counts=counts, sent_since=5)
    assert look_of(settled, time.time()).icon == "circle-check"


def test_of_what_failed_the_tasks_that_were_removed_are_told() -> None:
    """*Send the 40 that failed* did nothing, and the 40 were not informed."""
    counts = {"rows": 20, "sent": 15, "failed": 5}
    one = batch(1, state="done", counts=counts, removed=5, sheet="members.csv")
    assert not_informed_words(one) == "5 failed"
    assert about_trouble(one, may_act=True) == [
        "5 messages failed.",
        "The tasks of 5 were removed.",
        "The report still names them.",
    ]


def test_what_was_sent_and_failed_when_it_was_sent_again_is_told_beside() -> None:
    """It was: 0 of 1 are sent, where the item of that row was informed."""
    one = batch(6, state="done", counts={"rows": 1, "sent": 1}, again_failed=1)
    assert headline(one, time.time()) == "The message is sent"
    assert not_informed_words(one) == "all informed · 1 repeat failed or uncertain"
    assert about_trouble(one, may_act=True) == [
        "1 message was sent; sending it again failed or is uncertain."
    ]


def test_rows_with_a_problem_are_left_out_also_where_the_same_ones_are_sent() -> None:
    """It was *all informed*, and 12 rows that are the same or appear twice."""
    counts = {"rows": 20, "sent": 8, "same": 15, "left_out": 12, "problems": 9, "twice": 3}
    one = batch(2, state="done", counts=counts)
    assert not_informed_words(one) == "9 left out"
    assert about_the_rest(one, may_act=True) == [
        "9 rows with a problem were left out.",
        "3 rows appear twice in the spreadsheet.",
    ]


def test_what_left_before_the_rest_was_cancelled_is_told() -> None:
    """It was said that 31 are to be cancelled, and six had left."""
    before = batch(2, counts={"rows": 40, "sent": 9, "open": 31})["counts"]
    after = batch(2, counts={"rows": 40, "sent": 15, "cancelled": 24, "open": 1})["counts"]
    said = "24 messages are cancelled · 6 were sent before that · 1 is being sent"
    assert cancelled_words(before, after) == said
    failed = {"failed": 3, "uncertain": 1}
    after = batch(2, counts={"rows": 40, "sent": 15, "cancelled": 21, **failed})["counts"]
    others = "6 were sent before that · 3 failed before that · 1 became uncertain"
    assert cancelled_words(before, after) == f"21 messages are cancelled · {others}"
    whole = batch(2, counts={"rows": 40, "sent": 9, "cancelled": 31})["counts"]
    assert cancelled_words(before, whole) == "31 messages are cancelled"
