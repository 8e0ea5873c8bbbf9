"""The evidence of what was handed over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.engine.attempts.handover import HandOver


@given(st.builds(HandOver, st.integers(0, 2**53), st.text(), st.text()))
def test_what_was_written_is_read_again(handover: HandOver) -> None:
    assert HandOver.decode(handover.encode()) == handover


@pytest.mark.parametrize(
    ("what", "to", "said"),
    [
        ("A letter for Ada", "the post", "Handed over to the post: A letter for Ada"),
        ("A letter for Ada", "", "Handed over: A letter for Ada"),
        ("", "the post", "Handed over to the post"),
        ("", "", ""),
    ],
)
def test_it_is_said_in_one_sentence(what: str, to: str, said: str) -> None:
    assert HandOver(0, what, to).sentence == said
