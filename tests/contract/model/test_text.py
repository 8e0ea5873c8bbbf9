"""What may be typed, and what is said of the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendoff_tasks.model.text import NAME_LIMIT, trimmed, whole_characters, whole_number
from sendoff_tasks.words.table import ENGLISH
from sendoff_tasks.words.typed import line_problem

TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters=TURNS),
        max_size=NAME_LIMIT,
    )
)
def test_any_other_line_of_text_is_fine(text: str) -> None:
    assert line_problem(text, NAME_LIMIT) is None


@given(st.text(), st.sampled_from("\r\n\t\x00\x0b\x1b\x7f\x85\u2028\u2029"), st.text())
def test_line_breaks_and_control_characters_are_refused(before: str, bad: str, after: str) -> None:
    problem = line_problem(before + bad + after, 10**6)
    assert problem == ENGLISH.say("value", "line")


@given(st.text(), st.sampled_from(TURNS), st.text())
def test_what_turns_the_direction_of_text_is_refused(before: str, bad: str, after: str) -> None:
    assert line_problem(before + bad + after, 10**6) is not None
    assert line_problem(f"ada{bad}gro.elpmaxe@eve", NAME_LIMIT) == ENGLISH.say("value", "direction")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("עדה לאבלייס", None),  # written from right to left
        ("آدا لوفلايس", None),
        ("Ada \u200fעדה\u200e (2)", None),
        ("a\ud83d", ENGLISH.say("value", "half")),
        ("x" * 200, None),
        ("x" * 201, "This is longer than 200 characters."),
    ],
)
def test_a_line_is_fine_or_refused_with_a_sentence(text: str, problem: str | None) -> None:
    assert line_problem(text, 200) == problem


@given(st.integers(1, 10_000))
def test_a_number_is_read_as_it_is_written(number: int) -> None:
    assert whole_number(f" {number} ", 10_000) == number
    assert whole_number(f"{number:020}", 10_000) == number


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "1_0", "²", "١", "10001", "9" * 5000])
def test_any_other_text_is_no_number_however_long(text: str) -> None:
    assert whole_number(text, 10_000) is None


UNSEEN = st.text(" \t\r\n\x07\u00a0\u200b\u202a\u202c\u2028\ufeff")


@given(UNSEEN, st.from_regex(r"\S(.*\S)?", fullmatch=True), UNSEEN)
def test_only_what_cannot_be_seen_goes_from_the_ends(before: str, text: str, after: str) -> None:
    assert trimmed(before + after) == ""
    assert trimmed(f"{before}a{text}b{after}") == f"a{text}b"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("caf\udce9.csv", "caf\ufffd.csv"),
        ("\ud83d", "\ufffd"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("Gäste \U0001f600\0", "Gäste \U0001f600\0"),
    ],
)
def test_half_characters_are_replaced_and_nothing_else(text: str, whole: str) -> None:
    assert whole_characters(text) == whole
