"""The state of a batch in its row: icon, colour and word."""

from __future__ import annotations

import pytest

from desktop.gui.batches.batch_look import look_of
from desktop.gui.batches.batch_words import headline
from tests.gui.batches.test_batch_model import batch

NOW = 0.0


@pytest.mark.parametrize(
    ("counts", "look", "said"),
    [
        ({"failed": 8}, ("Failed", "failed"), "None of 8 messages was sent"),
        ({"sent": 6, "failed": 2}, ("Partly sent", "failed"), "6 of 8 are sent"),
        ({"sent": 6, "uncertain": 2}, ("Partly sent", "uncertain"), "6 of 8 are sent"),
        ({"uncertain": 8}, ("Uncertain", "uncertain"), "None of 8 messages is known to be sent"),
        (
            {"uncertain": 3, "failed": 5},
            ("Failed", "failed"),
            "None of 8 messages is known to be sent",
        ),
        ({"cancelled": 8}, ("Cancelled", "cancelled"), "None of 8 messages was sent"),
        ({"sent": 8}, ("Done", "succeeded"), "All 8 messages are sent"),
    ],
)
def test_one_that_is_over_is_done_only_where_all_is_well(
    counts: dict[str, int], look: tuple[str, str], said: str
) -> None:
    """*Done* stood in red beside 0 of 8."""
    over = batch(1, state="done", counts={"rows": 8, **counts})
    found = look_of(over, NOW)
    assert ((found.word, found.token), headline(over, NOW)) == (look, said)
