"""A rate is said with its unit in full."""

from __future__ import annotations

import pytest

from desktop.gui.words.rates import rate_words


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        ("3/s", "3 a second"),
        ("1500/min", "1,500 a minute"),
        ("20/h", "20 an hour"),
        ("500/day", "500 a day"),
        (None, ""),
    ],
)
def test_a_rate_is_said_with_its_unit(rate: str | None, words: str) -> None:
    assert rate_words(rate) == words
