"""A correction takes the place of the value that it was typed for, and of no other."""

from __future__ import annotations

from typing import Any

from desktop.contract.rules.corrections import (
    Correction,
    as_read,
    changes_by,
    corrected_again,
    corrections_in,
    stored_form,
    with_corrections,
)

READ: dict[str, Any] = {"recipient": {"email": "ada@@example.org"}, "attachments": ["a.pdf"]}
ADA = {"email": "ada@example.org", "name": "Ada"}
TYPED = {"recipient": ADA, "attachments": ["b.pdf"], "fields": {"a.b": "1"}}


def test_what_was_typed_comes_back_where_it_is_read_as_before() -> None:
    made = corrected_again(READ, [], TYPED)
    assert corrections_in(stored_form(made)) == made
    assert with_corrections(READ, made) == TYPED
    assert as_read(TYPED, made) == READ | {"fields": {}}
    other = {**READ, "recipient": {"email": "bo@@example.org"}}
    assert with_corrections(other, made)["recipient"] == {"email": "bo@@example.org", "name": "Ada"}
    assert READ["recipient"] == {"email": "ada@@example.org"}


def test_a_correction_that_fits_no_more_waits_until_it_does() -> None:
    made = [Correction("recipient.email", "ada@@example.org", "ada@example.org")]
    other = {"recipient": {"email": "ada@home.org"}}
    assert changes_by(with_corrections(other, made), made) == []
    titled = {**other, "title": "Opera"}
    again = corrected_again(other, made, titled)
    assert {each.path for each in again} == {"title", "recipient.email"}
    assert with_corrections(READ, again)["recipient"]["email"] == "ada@example.org"


def test_what_is_typed_back_is_no_correction() -> None:
    made = corrected_again(READ, [], TYPED)
    assert corrected_again(TYPED, made, READ) == []
    assert stored_form([]) is None


def test_what_is_typed_as_it_was_read_stands_where_that_is_asked_for() -> None:
    made = corrected_again(READ, (), READ, ["recipient.email", "recipient.name"])
    email = READ["recipient"]["email"]
    assert made == [
        Correction("recipient.email", email, email),
        Correction("recipient.name", None, None),
    ]
    assert corrected_again(READ, made, {**READ, "title": "Opera"})[1:] == made
    assert changes_by(READ, made) == []
    assert with_corrections(READ, made) == as_read(READ, made) == READ
