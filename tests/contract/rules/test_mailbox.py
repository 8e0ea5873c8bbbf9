"""Mailboxes as people write them, and what is said of the rest."""

from __future__ import annotations

import pytest

from desktop.contract.rules.mailbox import Mailbox, parse_mailbox


@pytest.mark.parametrize(
    ("text", "mailbox"),
    [
        ("ada@example.org", Mailbox("", "ada@example.org")),
        ("<ada@example.org>", Mailbox("", "ada@example.org")),
        ("Ada <ada@example.org>", Mailbox("Ada", "ada@example.org")),
        (' "Lovelace, Ada"  <ada@example.org> ', Mailbox("Lovelace, Ada", "ada@example.org")),
        ('"Ada <3" <ada@example.org>', Mailbox("Ada <3", "ada@example.org")),
        ('Ada "A" Lovelace <ada@example.org>', Mailbox('Ada "A" Lovelace', "ada@example.org")),
        (r'"The \"Ada\"" <ada@example.org>', Mailbox('The "Ada"', "ada@example.org")),
        (
            "Zoë, née Ångström <zoë@bücher.example>",
            Mailbox("Zoë, née Ångström", "zoë@bücher.example"),
        ),
        ("Sendoff <sendoff@localhost>", Mailbox("Sendoff", "sendoff@localhost")),
    ],
)
def test_a_mailbox_is_read_as_people_write_it(text: str, mailbox: Mailbox) -> None:
    assert parse_mailbox(text) == mailbox


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ada",
        "Ada <ada>",
        "Ada <a@example.org> b",
        "A\nB <a@example.org>",
        "<<a@example.org>>",
        "a@example.org, b@example.org",
        "n" * 201 + " <a@example.org>",
        " " * 1_000_000,
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        parse_mailbox(text)


def test_a_mailbox_reads_back_from_how_it_is_shown() -> None:
    mailbox = Mailbox("Ada Lovelace", "ada@example.org")
    assert parse_mailbox(str(mailbox)) == mailbox
    assert str(Mailbox("", "ada@example.org")) == "ada@example.org"
