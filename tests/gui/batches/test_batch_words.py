"""Which rows of the table are said of a batch, in its row and below it."""

from __future__ import annotations

import pytest

from desktop.gui.batches.batch_numbers import numbers
from desktop.gui.batches.batch_words import headline, sent_words
from tests.gui.batches.said import APPROVED, NOW, said
from tests.gui.batches.test_batch_model import batch

pytestmark = pytest.mark.usefixtures("qapp")


def test_words_are_those_that_were_approved() -> None:
    """``python -m tests.library.words.said`` writes the file; its diff is read like a text."""
    assert said() == APPROVED.read_text(encoding="utf-8")


@pytest.mark.parametrize("how", ["sent", "kept"])
def test_the_headline_says_the_number_that_stands_below_it(how: str) -> None:
    """Those that a person marked or that came back have numbers of their own."""
    counts = {"rows": 30, "open": 3, "failed": 2, how: 22, "left_out": 3}
    of_sent = {"marked": 4, "bounced": 6} if how == "sent" else {}
    one = batch(2, counts=counts, **of_sent)
    (below,) = [each.rows for each in numbers(one) if each.verb == how]
    assert headline(one, NOW).startswith(f"{below} of 27 are {how}")
    assert sent_words(one).startswith(f"{below} of 27")
