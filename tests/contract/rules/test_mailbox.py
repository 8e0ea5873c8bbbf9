"""Mailboxes as people write them, and what is said of the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.contract.rules.mailbox import (
    LINE_LIMIT,
    Mailbox,
    addresses_meant,
    contacts_in,
    parse_mailbox,
)


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
    for name in ("Team @ Club", 'Ada; "Al" \\ Bo'):
        assert contacts_in(str(Mailbox(name, "a@x.org"))) == [Mailbox(name, "a@x.org")]


ADA = Mailbox("", "ada@x.org")
NAMED = Mailbox("Ada Lovelace", "ada@x.org")
SORTED = Mailbox("Lovelace, Ada", "ada@x.org")


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("ada@x.org", ADA),
        (" ada@x.org\u200b", ADA),
        ("ada@x.org;", ADA),
        ("ada@x.org.", ADA),
        ("<ada@x.org>,", ADA),
        ("'ada@x.org'", ADA),
        ("„ada@x.org“", ADA),
        ("mailto:ada@x.org", ADA),
        ("MAILTO:ada%40x.org?subject=Tickets", ADA),
        ("E-Mail: ada@x.org", ADA),
        ("[ada@x.org](mailto:ada@x.org)", ADA),
        ("ada@x.org<mailto:ada@x.org>", ADA),
        ("'ada@x.org' <ada@x.org>", ADA),
        ("ada@x.org, Ada@X.org", ADA),
        ("O'Brien@x.org", Mailbox("", "O'Brien@x.org")),
        ("ada@localhost", Mailbox("", "ada@localhost")),
        ("Ada Lovelace <ada@x.org>", NAMED),
        ("'Ada Lovelace' <'ada@x.org'>", NAMED),
        ("Ada Lovelace <mailto:ada@x.org>", NAMED),
        ("Ada Lovelace <ada@x.org<mailto:ada@x.org>>", NAMED),
        ("Team @ Club <ada@x.org>", Mailbox("Team @ Club", "ada@x.org")),
        ("1. Ada Lovelace <ada@x.org>", NAMED),
        ("- Ada Lovelace <ada@x.org>", NAMED),
        ("Ada Lovelace [ada@x.org]", NAMED),
        ("Ada Lovelace (ada@x.org)", NAMED),
        ("ada@x.org (Ada Lovelace)", NAMED),
        ("Lovelace, Ada <ada@x.org>", SORTED),
        ('"Lovelace, Ada" <ada@x.org>;', SORTED),
        ("mailto:%22Lovelace,%20Ada%22%20%3Cada@x.org%3E?body=x", SORTED),
    ],
)
def test_a_contact_is_read_however_it_is_written(text: str, contact: Mailbox) -> None:
    assert contacts_in(text) == [contact]


@pytest.mark.parametrize(
    "between", ["; ", ", ", " ", " / ", "/", "|", "\n", "\r\n", " und ", " and ", ";;", " & ", "、"]
)
def test_a_line_of_contacts_is_read_one_by_one(between: str) -> None:
    bo = Mailbox("", "bo@y.org")
    assert contacts_in(f"ada@x.org{between}bo@y.org") == [ADA, bo]
    assert contacts_in(f"To: Lovelace, Ada <ada@x.org>{between}bo@y.org;") == [SORTED, bo]


@pytest.mark.parametrize(
    "text",
    ["", "Ada", "@", "Fay < 3 Ada", "'ada@x.org", "ada@x.org'", "x|ada@x.org", "Ada ada@x.org",
     "ada@x.org; none", "not ada@x.org", "ada@x@y.org", "ada@x.org " * LINE_LIMIT],
)  # fmt: skip
def test_a_text_with_anything_else_has_no_contacts(text: str) -> None:
    assert contacts_in(text) == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ada@x.org", []),
        ("none", []),
        ("'ada@x.org", ["ada@x.org"]),
        ("x|ada@x.org", ["ada@x.org"]),
        ("Ada ada@x.org", ["ada@x.org"]),
        ("Ada <ada@x.org>; bo@y.org; ada@x.org", ["ada@x.org", "bo@y.org"]),
        ("ada@x.org, or none", ["ada@x.org"]),
        ("a" * 70 + "@x.org", []),
        ("o’brien@example.org", ["o'brien@example.org"]),
        ("anna–berg@example.org", ["anna-berg@example.org"]),
        ("o’brien@gmial.com", ["o'brien@gmail.com"]),
        ("jörg@example.org", []),
        ("’@example.org", []),
    ],
)
def test_the_addresses_in_a_refused_text_are_found(text: str, meant: list[str]) -> None:
    assert addresses_meant(text) == meant


@given(st.text(alphabet="a@.<>()[]'\",; :|mailto\n%40", max_size=60))
def test_any_text_is_read_in_a_moment_and_its_contacts_are_in_it(text: str) -> None:
    for contact in contacts_in(text):
        assert contact.address in text.replace("%40", "@").replace("%4", "@") or "%" in text
        assert contacts_in(str(contact)) or contact.name


@pytest.mark.parametrize("text", ["a" * 90_000 + "@", "<" * 90_000 + "@", '"' * 90_000 + "@",
                                  "a@b.org," * 12_000, "a " * 40_000 + "<@"])  # fmt: skip
def test_a_long_text_costs_no_more_than_its_length(text: str) -> None:
    assert len(contacts_in(text)) <= 1
    assert len(addresses_meant(text)) <= 1
