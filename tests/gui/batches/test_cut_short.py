"""Drafts that are not ready yet, in the list of batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gui.batches.test_batch_model import batch, model, words

if TYPE_CHECKING:
    from desktop.gui.batches.batch_model import BatchModel

__all__ = ["model"]


def test_a_draft_says_how_many_rows_are_checked_until_all_are(model: BatchModel) -> None:
    """It said *0 of 3 ready*."""
    counts = {"rows": 3000, "unchecked": 1800, "ready": 1200}
    model.follow({"rows": [batch(2, 2, state="draft", counts=counts)], "gone": []})
    assert "1,200 of 3,000 checked" in words(model, 0)


def test_a_draft_that_was_not_read_to_the_end_says_so(model: BatchModel) -> None:
    model.follow({"rows": [batch(2, 2, state="draft", counts={"rows": 400})], "gone": []})
    model.show_cut_short({2: 3000})
    assert {"400 of 3,000 read", "not read to the end"} <= {*words(model, 0)}
    model.show_cut_short({})
    assert "not sent yet" in words(model, 0)
