"""What may be typed, and what is said of the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.contract.text import (
    ADDRESS_LIMIT,
    NAME_LIMIT,
    address_problem,
    line_problem,
    whole_number,
)

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
    assert problem == "Line breaks and control characters cannot be used here."


@given(st.text(), st.sampled_from(TURNS), st.text())
def test_what_turns_the_direction_of_text_is_refused(before: str, bad: str, after: str) -> None:
    assert line_problem(before + bad + after, 10**6) is not None
    assert line_problem(f"ada{bad}gro.elpmaxe@eve", NAME_LIMIT) == (
        "Characters that turn the direction of text cannot be used here."
    )


@pytest.mark.parametrize("name", ["עדה לאבלייס", "آدا لوفلايس", "Ada \u200fעדה\u200e (2)"])
def test_names_written_from_right_to_left_are_fine(name: str) -> None:
    assert line_problem(name, NAME_LIMIT) is None


def test_half_a_character_is_refused() -> None:
    assert line_problem("a\ud83d", NAME_LIMIT) == "This text holds half a character."


def test_a_line_that_is_too_long_is_refused_with_its_limit() -> None:
    assert line_problem("x" * 200, 200) is None
    assert line_problem("x" * 201, 200) == "This is longer than 200 characters."


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org",
        "a@b.de",
        "sendoff@localhost",
        "ada.lovelace+tickets@mail.example.org",
        "o'brien@example.org",
        "!#$%&'*+-/=?^_`{|}~@example.org",
        "zoë@example.org",
        "ada@bücher.example",
        "用户@例え.jp",
        "x" * 64 + "@example.org",
        "ada@xn--bcher-kva.example",
        "1@2.3.example",
    ],
)
def test_addresses_people_have_are_accepted(address: str) -> None:
    assert address_problem(address) is None


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "An e-mail address is needed."),
        ("ada", "There is no @ in this address."),
        ("@example.org", "There is nothing before the @."),
        ("ada@", "There is nothing after the @."),
        ("ada@@example.org", "There is more than one @ in this address."),
        ("ada lovelace@example.org", "There is a space in this address."),
        ("ada@example.org ", "There is a space in this address."),
        ("ada\u00a0@example.org", "There is a space in this address."),
        (".ada@example.org", "A dot stands in the wrong place before the @."),
        ("ada.@example.org", "A dot stands in the wrong place before the @."),
        ("a..da@example.org", "A dot stands in the wrong place before the @."),
        ("ada@example", "The part after the @ has no dot, as in example.org."),
        ("ada@example..org", "A dot stands in the wrong place after the @."),
        ("ada@example.org.", "A dot stands in the wrong place after the @."),
        ("ada@-example.org", "“-example” cannot be part of a domain name."),
        ("ada@exam_ple.org", "“exam_ple” cannot be part of a domain name."),
        ("ada@[127.0.0.1]", "“[127” cannot be part of a domain name."),
        ("ada@" + "x" * 64 + ".org", f"“{'x' * 64}” cannot be part of a domain name."),
        ('"ada"@example.org', 'The character " cannot stand before the @.'),
        ("ada<eve@example.org", "The character < cannot stand before the @."),
        ("ada,eve@example.org", "The character , cannot stand before the @."),
        ("x" * 65 + "@example.org", "The part before the @ is longer than 64 characters."),
        ("ada@example.org\r\nBcc: eve@example.org",
         "Line breaks and control characters cannot be used here."),
        ("ada@" + "x." * 130 + "org", f"This is longer than {ADDRESS_LIMIT} characters."),
    ],
)  # fmt: skip
def test_what_is_no_address_is_told_in_a_sentence(address: str, sentence: str) -> None:
    assert address_problem(address) == sentence


@given(st.emails())
def test_addresses_of_the_standard_are_accepted(address: str) -> None:
    assert len(address) > ADDRESS_LIMIT or address_problem(address) is None


@given(st.text())
def test_what_is_accepted_can_stand_between_angle_brackets(address: str) -> None:
    if address_problem(address) is None:
        assert address.count("@") == 1
        assert not set(address) & set('<> \r\n\t,;"')


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    problem = address_problem(text)
    assert problem is None or problem.endswith(".")


@given(st.integers(1, 10_000))
def test_a_number_is_read_as_it_is_written(number: int) -> None:
    assert whole_number(f" {number} ", 10_000) == number


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "1_0", "²", "١", "10001", "9" * 5000])
def test_any_other_text_is_no_number_however_long(text: str) -> None:
    assert whole_number(text, 10_000) is None
