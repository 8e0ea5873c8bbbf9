"""Rows of a batch that are no plain successes: who was not informed, and why."""

from __future__ import annotations

import time

import pytest

from desktop.gui.batches.batch_rest import about_the_rest
from desktop.gui.batches.batch_words import headline, not_informed_words
from tests.gui.batches.test_batch_model import batch

pytestmark = pytest.mark.usefixtures("qapp")


def test_rows_that_a_later_batch_has_are_not_to_be_imported_again() -> None:
    counts = {"rows": 9, "sent": 4, "left_out": 5, "twice": 3, "same": 2}
    one = batch(2, state="done", counts=counts, later={"count": 1, "first": 7, "last": 7})
    assert about_the_rest(one, may_act=True) == [
        "1 row is in batch 7 with newer data.",
        "4 rows are the same as before or appear twice.",
    ]
    assert not_informed_words(one) == "1 in a later batch"  # it may not have left there yet
    more = batch(2, state="done", counts=counts, later={"count": 3, "first": 7, "last": 9})
    assert about_the_rest(more, may_act=True) == [
        "3 rows are in later batches, 7 to 9, with newer data.",
        "2 rows are the same as before.",
    ]


def test_a_batch_of_which_nothing_was_left_to_send_says_so() -> None:
    """It was: 0 of 0 are sent."""
    taken = batch(2, state="done", counts={"rows": 1, "left_out": 1, "twice": 1})
    assert headline(taken, time.time()) == "Nothing was sent"
