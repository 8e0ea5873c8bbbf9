"""What is built reads back equal by the standard library's parsers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import Parser
from email.policy import SMTPUTF8
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop.contract.rules.addresses import Address, check_address
from desktop.contract.rules.mailbox import Mailbox
from desktop.mail.errors import MailFinal
from desktop.mail.message import AttachedContent, Message, build, is_message_id, new_message_id
from sendoff_tasks.model.text import NAME_LIMIT
from sendoff_tasks.words.typed import line_problem
from tests.property_based import examples

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
]  # fmt: skip

names = st.text(max_size=NAME_LIMIT).filter(lambda text: line_problem(text, NAME_LIMIT) is None)
domains = st.sampled_from(
    [
        "example.org",
        "localhost",
        "bücher.example",
        "xn--bcher-kva.example",
        "EXAMPLE.org",
        "例え.jp",
    ]
)
locals_ = st.text(min_size=1, max_size=20)
addresses = st.one_of(
    st.emails(),
    st.builds(lambda local, domain: f"{local}@{domain}", locals_, domains),
).filter(lambda address: isinstance(check_address(address), Address))
bodies = st.text(st.characters(exclude_categories=["Cs"]))


def letter(**changes: Any) -> Message:
    given = {
        "message_id": "<0123.4567@example.org>",
        "sender": Mailbox("Box office", "box@example.org"),
        "to": Mailbox("Ada", "ada@example.org"),
        "subject": "Your seats",
        "text": "hello\n",
        "html": "<p>hello</p>\n",
        "date": NOW,
    }
    return build(**{**given, **changes})


def parsed(message: Message) -> EmailMessage:
    return Parser(policy=SMTPUTF8).parsestr(message.source.decode())


def display_name(message: Message, header: str) -> str:
    """Read a name; from two encoded words on the newer parser adds spaces, against RFC 2047."""
    raw = message_from_string(message.source.decode())[header]
    newer = parsed(message)[header].addresses[0].display_name
    name, _ = parseaddr(raw.replace("\r\n", ""))
    older = str(make_header(decode_header(name)))
    assert raw.count("=?") > 1 or newer == older
    return older


def test_a_mail_has_what_a_mail_needs() -> None:
    mail = parsed(letter())
    assert mail.keys() == HEADERS
    assert mail["From"] == "Box office <box@example.org>"
    assert mail["To"] == "Ada <ada@example.org>"
    assert mail["Subject"] == "Your seats"
    assert mail["Message-ID"] == "<0123.4567@example.org>"
    assert parsedate_to_datetime(mail["Date"]) == NOW
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert not mail.defects


def test_a_picture_is_within_the_page_that_shows_it() -> None:
    logo = AttachedContent("logo@sendoff", b"\x89PNG" * 100, "image/png")
    plan = AttachedContent("plan.pdf", b"%PDF")
    html = '<img src="cid:logo@sendoff">'
    mail = parsed(letter(html=html, pictures=[logo], files=[plan]))
    assert not mail.defects
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ]
    picture = next(part for part in mail.walk() if part.get_content_type() == "image/png")
    assert picture["Content-ID"] == "<logo@sendoff>"
    assert picture.get_payload(decode=True) == logo.content
    assert [part.get_filename() for part in mail.iter_attachments()] == ["plan.pdf"]


@pytest.mark.parametrize("to", ["ada@bücher.example", "ADA@xn--bcher-kva.example"])
def test_nobody_gets_two(to: str) -> None:
    message = letter(
        to=Mailbox("Ada", to),
        cc="Ada <Ada@Bücher.example>, desk@example.org; DESK@example.org",
        bcc="desk@Example.org, ada@bücher.example, archive@example.org",
    )
    assert (message.cc, message.bcc) == (("desk@example.org",), ("archive@example.org",))


@settings(max_examples=examples(60))
@given(name=names, address=addresses, sender=names)
@example(name="Lovelace, Ada", address="ada@example.org", sender='The "Box" \\ office')
@example(name="=?utf-8?q?Eve?=", address="ada@example.org", sender="a@b, c")
@example(name="Ada <eve@example.org>", address="ada@example.org", sender="(Box) office;")
def test_any_name_and_address_parse_back_equal(name: str, address: str, sender: str) -> None:
    expected = str(check_address(address))
    message = letter(to=Mailbox(name, address), sender=Mailbox(sender, "box@example.org"))
    mail = parsed(message)
    assert mail.keys() == HEADERS
    assert mail["To"].addresses[0].addr_spec == expected == message.envelope_to
    assert display_name(message, "To") == " ".join(name.split())
    assert display_name(message, "From") == " ".join(sender.split())
    assert message.needs_smtputf8 == (not expected.isascii())


@settings(max_examples=examples(60))
@given(name=names, subject=names, text=bodies, html=bodies)
@example(name="", subject="x" * 300, text="From me\n", html="a\nFrom " + "x" * 300 + "From \n")
@example(name="", subject="", text="From " + "x" * 71, html="x" * 75 + "From y")
def test_lines_are_short_and_none_looks_like_the_beginning_of_a_message(
    name: str, subject: str, text: str, html: str
) -> None:
    """Servers that keep mail in one file would write ``>From`` and break signatures."""
    to = Mailbox(name, "a@example.org")
    source = letter(to=to, subject=subject, text=text, html=html).source
    assert source.isascii()
    assert source.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", source)
    lines = source.split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert not [line for line in lines if line.startswith(b"From ")]
    body = lines[lines.index(b"") :]
    assert max(map(len, body)) <= 76  # RFC 2045, 6.7


@pytest.mark.parametrize(
    "changes",
    [
        {"to": Mailbox("Ada\r\nBcc: eve@example.org", "ada@example.org")},
        {"to": Mailbox("Ada", "ada@example.org\r\nRCPT TO:<eve@example.org>")},
        {"to": Mailbox("Ada", "ada@example.org>\nBcc: eve@example.org")},
        {"to": Mailbox("Ada\u2028", "ada@example.org")},
        {"to": Mailbox("Ada\x00", "ada@example.org")},
        {"to": Mailbox("Ada\ud800", "ada@example.org")},
        {"sender": Mailbox("Box\noffice", "box@example.org")},
        {"sender": Mailbox("Box office", "box")},
        {"subject": "seats\x07"},
        {"subject": "seats\ud800"},
        {"text": "half \ud800"},
        {"message_id": "<a@b>\r\nBcc: eve@example.org"},
        {"message_id": "0123@example.org"},
    ],
)
def test_what_cannot_stand_in_a_mail_is_refused_with_a_sentence(changes: dict[str, Any]) -> None:
    with pytest.raises(MailFinal, match=r"\.$"):
        letter(**changes)


def test_a_line_break_in_a_subject_becomes_a_space() -> None:
    mail = parsed(letter(subject="Your seats\r\nBcc: eve@example.org"))
    assert mail["Subject"] == "Your seats Bcc: eve@example.org"
    assert "Bcc" not in mail


def test_message_ids_are_unique_sorted_and_of_the_senders_domain() -> None:
    made = [new_message_id("box@bücher.example") for _ in range(1000)]
    assert len(set(made)) == 1000
    times = [message_id.partition(".")[0] for message_id in made]
    assert times == sorted(times)
    assert all(is_message_id(message_id) for message_id in made)
    assert all(message_id.endswith("@xn--bcher-kva.example>") for message_id in made)


@pytest.mark.parametrize("text", ["", "<a@b", "<../a@b>", "<a/b@c>", "<a b@c>", "<ä@b>", "<a@b>\n"])
def test_anything_else_is_no_message_id(text: str) -> None:
    assert not is_message_id(text)


def test_a_blind_copy_is_in_the_envelope_and_in_no_header() -> None:
    message = letter(bcc="archive@bücher.example")
    assert message.bcc == ("archive@xn--bcher-kva.example",)
    assert b"archive" not in message.source


def test_copies_are_named_in_the_head_and_blind_ones_only_in_what_is_kept() -> None:
    copies = [f"member{n}@example.org" for n in range(20)]
    message = letter(cc=", ".join(copies), bcc="archive@example.org")
    sent, kept = map(message_from_bytes, (message.source, message.record))
    assert [address for _, address in getaddresses([sent["Cc"]])] == copies
    assert message.summary.endswith(
        "for Ada <ada@example.org>, " + ", ".join([*copies, "archive@example.org"])
    )
    assert (sent["Bcc"], kept["Bcc"]) == (None, "archive@example.org")
    assert all(len(line) <= 78 for line in message.source.splitlines())


def test_what_is_kept_has_the_names_of_the_files_only() -> None:
    message = letter(files=[AttachedContent("plan.pdf", b"%PDF" * 1000)])
    kept = message_from_bytes(message.record)
    (note,) = [part for part in kept.walk() if part.get_filename()]
    assert note.get_filename() == "plan.pdf.txt"
    assert b"plan.pdf, 4,000 bytes" in note.get_payload(decode=True)
    assert letter().record == letter().source
