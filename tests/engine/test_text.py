"""Text from a task's code must never harm the store."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.engine.text import SENTENCE, TRACE, sentence, storable, trace


@given(st.text(st.characters()), st.integers(10, 100))
def test_text_is_made_storable(text: str, limit: int) -> None:
    kept = storable(text, limit)
    kept.encode()
    assert not any(unicodedata.category(c) == "Cc" for c in kept if c not in "\n\t")
    if len(text) <= limit and text.isprintable():
        assert kept == text


def test_of_long_text_the_middle_goes() -> None:
    kept = storable("a" * 500 + "z" * 500, 100)
    assert len(kept) == 100
    assert kept.startswith("aaa")
    assert kept.endswith("zzz")
    assert " […] " in kept


def test_what_a_terminal_would_obey_is_shown_instead() -> None:
    said = "550 \x1b]0;owned\x07\x9b31m no\r\nsuch\tuser\x7f\r"
    assert storable(said, 100) == "550 ␛]0;owned␇�31m no\nsuch\tuser␡␍"
    assert sentence(ValueError("\x1b[2J")) == "ValueError: ␛[2J"
    assert "\x1b" not in trace(ValueError("\x1b[2J"))


class SpeechlessError(Exception):
    def __str__(self) -> str:
        raise ValueError("no words")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("bad"), "ValueError: bad"),
        (ValueError(), "ValueError"),
        (KeyError("a"), "KeyError: 'a'"),
        (SpeechlessError(), "SpeechlessError (its message raised ValueError)"),
    ],
)
def test_an_error_is_said_in_a_sentence(error: Exception, words: str) -> None:
    assert sentence(error) == words


def test_a_huge_error_is_cut() -> None:
    error = ValueError("x" * 10_000_000)
    assert len(sentence(error)) == SENTENCE
    assert len(trace(error)) == TRACE
