"""Which rows of the table are said of a batch, in its row and below it."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.gui.batches.batch_numbers import exceptions, numbers, progress
from desktop.gui.batches.batch_words import explanation, headline, look_of, times_words
from tests.gui.batches.said import APPROVED, NOW, at, said
from tests.gui.batches.test_batch_model import batch

pytestmark = pytest.mark.usefixtures("qapp")
IN_ORDER = ("sent", "to_come", "failed")


def test_words_are_those_that_were_approved() -> None:
    """``python -m tests.gui.batches.said`` writes the file; its diff is read like a text."""
    assert said() == APPROVED.read_text(encoding="utf-8")


def test_numbers_keep_their_places_when_sending_begins() -> None:
    for counts in ({"open": 9}, {"open": 8, "sent": 1}, {"sent": 8, "failed": 1}):
        found = numbers(batch(1, counts={"rows": 9, **counts}))
        assert tuple(each.verb for each in found) == IN_ORDER


def test_numbers_have_each_row_once_in_a_fixed_order() -> None:
    counts = {"rows": 45, "open": 1, "sent": 9, "kept": 2, "failed": 3, "uncertain": 4}
    one = batch(2, counts={**counts, "cancelled": 5, "left_out": 21}, marked=6)
    assert [(each.verb, each.rows) for each in numbers(one)] == [
        ("sent", 3),
        ("kept", 2),
        ("to_come", 1),
        ("failed", 3),
        ("uncertain", 4),
        ("marked", 6),
        ("cancelled", 5),
        ("left_out", 21),
    ]
    practice = numbers(batch(1, counts={"rows": 9, "kept": 2, "open": 7}))
    assert [each.verb for each in practice] == ["kept", "to_come", "failed"]
    assert numbers(batch(1, counts={"rows": 9})) == []


def test_progress_of_a_batch_that_is_over_accounts_for_all_its_rows() -> None:
    counts = {"rows": 117, "open": 0, "sent": 114, "failed": 2, "uncertain": 1}
    ended = progress(batch(7, state="done", counts=counts, marked=1), NOW)
    assert ended.split(" · ")[1:] == ["2 failed", "1 uncertain", "1 marked as sent"]


def test_headline_of_a_replaced_batch_names_the_others_and_its_explanation_nothing() -> None:
    begins: Any = {"run_at": at("later"), "state": "done"}
    gone = batch(2, counts={"rows": 3, "cancelled": 3}, **begins)
    gone["replaced_by"] = [{"batch_id": 5, "count": 3}]
    assert "batch 5" in headline(gone, NOW)
    assert explanation(gone, NOW) == ""
    some = batch(2, counts={"rows": 3, "sent": 2, "cancelled": 1}, **begins)
    some["replaced_by"] = [{"batch_id": 5, "count": 1}]
    assert "batch 5" not in headline(some, NOW)
    assert "batch 5" in explanation(some, NOW)


@pytest.mark.parametrize(
    ("counts", "icon", "token"),
    [
        ({"failed": 8}, "circle-x", "failed"),
        ({"sent": 6, "failed": 2}, "triangle-alert", "failed"),
        ({"sent": 6, "uncertain": 2}, "circle-help", "uncertain"),
        ({"cancelled": 8}, "ban", "cancelled"),
        ({"kept": 8}, "inbox", "kept"),
        ({"sent": 5, "kept": 3}, "inbox", "kept"),
        ({"sent": 8}, "circle-check", "succeeded"),
    ],
)
def test_look_of_a_batch_that_is_over_is_that_of_its_worst_rows(
    counts: dict[str, int], icon: str, token: str
) -> None:
    assert look_of(batch(1, state="done", counts={"rows": 8, **counts}), NOW)[:2] == (icon, token)


def test_exceptions_are_in_order_of_gravity_and_count_only_what_needs_a_look() -> None:
    counts = {"rows": 42, "failed": 2, "cancelled": 38, "left_out": 2, "problems": 2}
    inks = [ink for _, ink in exceptions(batch(2, state="done", counts=counts))]
    assert inks == ["failed", "soft text", "soft text"]
    same = {"rows": 9, "sent": 4, "left_out": 5, "same": 5}
    assert exceptions(batch(2, state="done", counts=same)) == [("none", "soft text")]
    draft = batch(2, state="draft", counts={"rows": 9, "ready": 7, "problems": 2})
    assert [ink for _, ink in exceptions(draft)] == ["failed"]


def test_times_of_a_draft_do_not_count_rows_that_are_left_out() -> None:
    counts = {"rows": 3, "ready": 2, "changed": 1}
    draft = batch(2, state="draft", counts=counts, next_at=at("soon"), last_at=at("soon"))
    started = batch(2, counts={"rows": 3, "open": 2}, next_at=at("soon"), last_at=at("soon"))
    assert times_words(draft, NOW) == times_words(started, NOW)
