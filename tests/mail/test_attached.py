"""Messages with files and hostile text read back equal by two parsers that share no code."""

from __future__ import annotations

import base64
import quopri
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message as Part
from email.policy import SMTPUTF8
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop.contract.rules.addresses import Address, check_address
from desktop.contract.rules.mailbox import Mailbox
from desktop.mail.errors import BadName
from desktop.mail.files import check_file_name
from desktop.mail.message import AttachedContent, Message, build, with_files
from sendoff_tasks.model.text import NAME_LIMIT
from sendoff_tasks.words.typed import line_problem
from tests.property_based import examples

HEADERS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
    "Content-Type",
]  # fmt: skip
COPY = "archive@example.net"


def is_file_name(name: str) -> bool:
    try:
        return check_file_name(name) == name
    except BadName:
        return False


lines = st.text(max_size=120).filter(lambda text: line_problem(text, NAME_LIMIT) is None)
bodies = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
addresses = st.emails().filter(lambda text: isinstance(check_address(text), Address))
files = st.lists(
    st.builds(
        AttachedContent,
        st.text(min_size=1, max_size=80).filter(is_file_name),
        st.binary(max_size=300),
    ),
    min_size=1,
    max_size=3,
)


@dataclass(frozen=True)
class Read:
    """What a parser found: headers by name in order, both sides, each file's name and content."""

    headers: list[str]
    subject: str
    text: str
    html: str
    files: list[tuple[str, bytes]]


def by_the_library(source: bytes) -> Read:
    """Read with ``email``: header objects, ``get_body``, ``iter_attachments``."""
    mail = message_from_bytes(source, policy=SMTPUTF8)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    return Read(
        mail.keys(),
        str(mail["Subject"]),
        unix(plain.get_content()),
        unix(html.get_content()),
        [(str(part.get_filename()), decoded(part)) for part in mail.iter_attachments()],
    )


def decoded(part: Part) -> bytes:
    """Give the content of a part that has no parts."""
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def by_hand(source: bytes) -> Read:
    """Read by the words of RFC 5322, 2045, 2046, 2047 and 2231, with no parser of mail."""
    fields, body = halves(source)
    alternative, *attached = entities(fields, body)
    plain, html = (content(*halves(part)) for part in entities(*halves(alternative)))
    return Read(
        list(fields),
        words(fields["Subject"]),
        unix(plain.decode()),
        unix(html.decode()),
        [(file_name(halves(part)[0]), content(*halves(part))) for part in attached],
    )


def halves(entity: bytes) -> tuple[dict[str, str], bytes]:
    """Split headers from the body, which may be left out together with its empty line."""
    head, _, body = entity.partition(b"\r\n\r\n")
    unfolded = re.sub(rb"\r\n(?=[ \t])", b"", head.removesuffix(b"\r\n")).decode().split("\r\n")
    fields = dict(line.split(": ", 1) for line in unfolded)
    assert len(fields) == len(unfolded), "a header stands there twice"
    return fields, body


def entities(fields: dict[str, str], body: bytes) -> list[bytes]:
    found = re.fullmatch(r'multipart/\w+; boundary="(.+)"', fields["Content-Type"])
    assert found is not None
    delimiter = b"--" + found[1].encode()
    inside, end, after = (b"\r\n" + body).partition(b"\r\n" + delimiter + b"--")
    assert end
    assert after.strip() == b""
    _, *parts = re.split(b"\r\n" + re.escape(delimiter) + b"[ \t]*\r\n", inside)
    return parts


def content(fields: dict[str, str], body: bytes) -> bytes:
    if fields["Content-Transfer-Encoding"] == "base64":
        return base64.b64decode(body)
    assert fields["Content-Transfer-Encoding"] == "quoted-printable"
    return quopri.decodestring(body)


def words(value: str) -> str:
    """Decode encoded words (RFC 2047); white space between two of them does not count."""
    joined = re.sub(r"\?=\s+=\?", "?==?", value)
    return re.sub(r"=\?utf-8\?([bq])\?([^?]*)\?=", decoded_word, joined)


def decoded_word(word: re.Match[str]) -> str:
    if word[1] == "b":
        return base64.b64decode(word[2]).decode()
    return quopri.decodestring(word[2].replace("_", " ").encode()).decode()


def file_name(fields: dict[str, str]) -> str:
    """Read a name (RFC 2231, 4)."""
    disposition, *parameters = [part.strip() for part in fields["Content-Disposition"].split(";")]
    assert disposition == "attachment"
    pairs = [parameter.split("=", 1) for parameter in parameters]
    if [key for key, _ in pairs] == ["filename"]:
        (quoted,) = (value for _, value in pairs)
        assert re.fullmatch(r'"[\w .,()+-]+"', quoted, re.ASCII)
        return quoted[1:-1]
    ((key, value),) = pairs
    assert key == "filename*"
    charset, _, written = value.split("'", 2)
    assert re.fullmatch(r"(?:%[0-9A-F]{2}|[\w.~-])*", written, re.ASCII)
    return unquote(written, encoding=charset, errors="strict")


def unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@settings(max_examples=examples(50))
@given(
    names=st.tuples(lines, lines),
    reply_to=addresses,
    subject=lines,
    text=bodies,
    html=bodies,
    attached=files,
)
@example(
    names=('"Bcc: eve@example.org', "Ada <eve@example.org>,"),
    reply_to="desk@example.org",
    subject="=?utf-8?b?ZXZpbA==?= --=_sendoff_files--",
    text="--=_sendoff_files--\r\n--=_sendoff\r\nFrom me\r\n.\r\n..\n \t\n a\rb\x00",
    html="--=_sendoff--\nContent-Type: text/plain\n\nFrom " + "x" * 1200,
    attached=[
        AttachedContent(
            "=_sendoff_files; filename=a.exe", b"--=_sendoff_files--\r\nFrom x\r\n.\r\n"
        ),
        AttachedContent("my" + "Ä" * 60 + ".eml", b"From: eve\r\n\r\n" * 90),
        AttachedContent("%41''x*0*=.html", b""),
    ],
)
def test_hostile_text_in_every_field_survives_two_parsers(
    names: tuple[str, str],
    reply_to: str,
    subject: str,
    text: str,
    html: str,
    attached: list[AttachedContent],
) -> None:
    message = letter(
        attached, names=names, reply_to=reply_to, subject=subject, text=text, html=html
    )
    expected = Read(
        HEADERS,
        " ".join(subject.split()),
        unix(text),
        unix(html),
        [(file.name, file.content) for file in attached],
    )
    assert by_hand(message.source) == expected
    assert by_the_library(message.source) == expected
    assert COPY.encode() not in message.source
    found = message.source.split(b"\r\n")
    assert max(map(len, found)) <= 998
    assert not [line for line in found if line.startswith(b"From ")]
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", message.source)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("plan.pdf", "application/pdf"),
        ("seats.csv", "text/csv"),
        ("PHOTO.JPG", "image/jpeg"),
        ("ticket.pkpass", "application/vnd.apple.pkpass"),
        ("date.ics", "text/calendar"),
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.odt", "application/vnd.oasis.opendocument.text"),
        ("odt", "application/octet-stream"),
        ("photos.tar.gz", "application/octet-stream"),
        ("letter.eml", "application/octet-stream"),
        ("page.mhtml", "application/octet-stream"),
        ("no ending", "application/octet-stream"),
    ],
)
def test_a_file_has_the_type_of_its_ending(name: str, kind: str) -> None:
    """A packed file is not of the type of what is in it; a message inside would be opened."""
    mail = message_from_bytes(letter([AttachedContent(name, b"x")]).source, policy=SMTPUTF8)
    assert [part.get_content_type() for part in mail.iter_attachments()] == [kind]


def letter(
    attached: list[AttachedContent],
    *,
    names: tuple[str, str] = ("Box office", "Ada"),
    reply_to: str = "",
    subject: str = "Your seats",
    text: str = "hello\n",
    html: str = "<p>hello</p>\n",
) -> Message:
    return build(
        message_id="<0123.4567@example.org>",
        sender=Mailbox(names[0], "box@example.org"),
        to=Mailbox(names[1], "ada@example.org"),
        subject=subject,
        text=text,
        html=html,
        date=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
        reply_to=reply_to,
        bcc=COPY,
        files=attached,
    )


@pytest.mark.parametrize(
    ("name", "content", "head"),
    [
        ("plan.pdf", b"%PDF", b'application/pdf;\r\n name="plan.pdf"'),
        ("n.txt", "Grüße".encode(), b'text/plain; charset=utf-8;\r\n name="n.txt"'),
        ("n.txt", "Grüße".encode("latin-1"), b'text/plain;\r\n name="n.txt"'),
        (
            "i.ics",
            b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n",
            b'text/calendar; charset=utf-8; method=REQUEST;\r\n name="i.ics"',
        ),
        ("Grüße.pdf", b"", b'application/pdf;\r\n name="=?utf-8?q?Gr=C3=BC=C3=9Fe=2Epdf?="'),
    ],
)
def test_every_program_shows_a_file_by_its_name(name: str, content: bytes, head: bytes) -> None:
    whole = with_files(b"Content-Type: text/plain\r\n\r\nHi\r\n", [AttachedContent(name, content)])
    assert b"Content-Type: " + head + b"\r\n" in whole
    _, _, part = message_from_bytes(whole).walk()
    assert part.get_filename() == name
