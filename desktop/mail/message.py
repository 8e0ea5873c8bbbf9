"""Builds a message: MIME with a text, an HTML part and attachments, and the envelope for SMTP.

RFC 5322, 2045, 2047 and 2231. ``email.message.EmailMessage`` takes thirty times as much processor
time (1.05 ms a message), which is the interpreter's lock when sixteen messages leave at once.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import time
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import format_datetime
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from desktop.contract.rules.addresses import Address, AddressProblem, check_address, sentence
from desktop.contract.rules.mailbox import Mailbox, copies_of, listed
from desktop.mail.errors import MailFinal, WrongAddress
from desktop.mail.file_types import type_of
from sendoff_tasks.model.text import NAME_LIMIT
from sendoff_tasks.words.typed import line_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from email.message import Message as Parsed


_PLAIN_LIMIT: Final = 60
"""Characters that fit on a header line of 78 after any name; longer text is encoded and folded."""
_WORD_LENGTH: Final = 54
"""Characters of text in an encoded word: 76 with ``Subject:`` before it (RFC 2047, 2)."""
_WORD_BYTES: Final = _WORD_LENGTH // 4 * 3
"""UTF-8 bytes that have this length in base64."""
_WORD: Final = re.compile(r"=\?[^?\s]+\?[bq]\?[^?\s]*\?=", re.IGNORECASE)
_BETWEEN_WORDS: Final = re.compile(r"\?=\s+=\?")
_READABLE: Final = {ord(c): c for c in ascii_letters + digits} | {ord(" "): "_"}
"""The bytes that are written without hexadecimal."""


def text_value(text: str) -> str:
    """Write a line of text, such as a subject; runs of white space become one space."""
    text = " ".join(text.split())
    return text if _is_plain(text) else _encoded_words(text)


def mailbox_value(name: str, address: Address) -> str:
    """Write a mailbox; runs of white space in the name become one space."""
    name = " ".join(name.split())
    if not name:
        return str(address)
    if not _is_plain(name):
        return f"{_encoded_words(name)}\r\n <{address}>"
    quoted = name.replace("\\", r"\\").replace('"', r"\"")
    return f'"{quoted}" <{address}>'


def read_value(value: str) -> str:
    """Decode a header value with line breaks and encoded words.

    The standard library's parsers fail on long names, and on encoded words beside UTF-8.
    """
    unfolded = value.replace("\r", "").replace("\n", "")
    return _WORD.sub(_decoded, _BETWEEN_WORDS.sub("?==?", unfolded))


def _decoded(word: re.Match[str]) -> str:
    try:
        ((content, charset),) = decode_header(word[0])
        return str(content, charset or "ascii")
    except (HeaderParseError, LookupError, UnicodeError):
        return word[0]  # not written by us: shown unchanged


def _is_plain(text: str) -> bool:
    """Tell whether the text needs no encoding; ``=?`` would be read as an encoded word."""
    return len(text) <= _PLAIN_LIMIT and text.isascii() and text.isprintable() and "=?" not in text


def _encoded_words(text: str) -> str:
    """Write text as one readable word if it fits, else as base64 words, one per line (RFC 2047).

    No character is split, and line breaks between words do not count as spaces.
    """
    readable = "".join(_READABLE.get(byte, f"={byte:02X}") for byte in text.encode())
    if len(readable) <= _WORD_LENGTH:
        return f"=?utf-8?q?{readable}?="
    words: list[bytes] = []
    chunk = b""
    for character in text:
        encoded = character.encode()
        if len(chunk) + len(encoded) > _WORD_BYTES:
            words.append(chunk)
            chunk = b""
        chunk += encoded
    words.append(chunk)
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words)


_SIDES, _PICTURES, _FILES = "=_sides_sendoff", "=_pictures_sendoff", "=_files_sendoff"
"""Boundaries; none begins with another. Neither base64 nor quoted-printable contains ``=_``, so no
part does (RFC 2046, 5.1.1)."""
_METHOD: Final = re.compile(rb"^METHOD:([A-Za-z-]+)[ \t]*\r?$", re.MULTILINE)
_PLAIN_NAME: Final = re.compile(r"[\w .,()+-]{1,60}", re.ASCII)
"""Names that every program reads alike without an encoding."""
_NOTED: Final = ".txt"
_NOTED_SIZE: Final = "X-Sendoff-Size"
"""The header of a note in place of a file: the file's size in bytes."""


@dataclass(frozen=True, slots=True)
class AttachedContent:
    """An attachment with its content; ``kind`` is its MIME type."""

    name: str
    content: bytes = field(repr=False)
    kind: str = ""
    noted_size: int | None = None
    """The size in bytes of the file, if ``content`` is only a note in its place."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment by name; ``size`` is in bytes, ``None`` if the file is missing or unknown."""

    file: str
    size: int | None


def with_files(sides: bytes, files: Sequence[AttachedContent]) -> bytes:
    """Return the MIME entity of a message: its text parts, and its files if it has any."""
    if not files:
        return sides
    return _joined("mixed", _FILES, [sides, *map(_file_part, files)])


def noted(file: AttachedContent) -> AttachedContent:
    """Return a note of a file's name and size, which is kept in place of the file."""
    words = f"{file.name}, {len(file.content):,} bytes: sent along, not kept here.\n"
    size = len(file.content)
    return AttachedContent(
        f"{file.name}{_NOTED}", words.encode(), "text/plain; charset=utf-8", size
    )


def attachments_of(parsed: Parsed) -> list[Attachment]:
    """List the attachments of a parsed message, also if only notes of them are kept."""
    found = []
    for part in parsed.walk():
        name = part.get_filename()
        if name is None or part.get_content_disposition() != "attachment":
            continue
        size, content = part[_NOTED_SIZE], part.get_payload(decode=True)
        if size is not None and size.isdecimal():
            found.append(Attachment(name.removesuffix(_NOTED), int(size)))
        else:
            found.append(Attachment(name, len(content) if isinstance(content, bytes) else None))
    return found


def _file_part(file: AttachedContent) -> bytes:
    """Write one file."""
    kind = file.kind or type_of(file.name)
    if kind.startswith("text/") and not file.kind:
        kind += _about_text(file.content)
    noted = f"{_NOTED_SIZE}: {file.noted_size}\r\n" if file.noted_size is not None else ""
    head = (
        f"Content-Type: {kind};\r\n name={_old_name(file.name)}\r\n{noted}"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;\r\n {_file_name(file.name)}\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(file.content).replace(b"\n", b"\r\n")


def _about_text(content: bytes) -> str:
    """Tell the encoding of a text, and the method of a calendar file (RFC 5545, 3.7.2)."""
    method = _METHOD.search(content)
    told = "" if method is None else f"; method={method[1].decode()}"
    try:
        content.decode()
    except UnicodeDecodeError:
        return told
    return f"; charset=utf-8{told}"


def _old_name(name: str) -> str:
    """Write a file's name for programs that know no RFC 2231, such as Outlook over POP or IMAP."""
    return f'"{name if _PLAIN_NAME.fullmatch(name) else _encoded_words(name)}"'


def _file_name(name: str) -> str:
    """Write a file's name in UTF-8 (RFC 2231, 4); no name makes the line too long."""
    if _PLAIN_NAME.fullmatch(name):
        return f'filename="{name}"'
    return f"filename*=utf-8''{quote(name, safe='')}"


SUBJECT_LIMIT: Final = 900
"""Characters."""

_MESSAGE_ID: Final = re.compile(r"<[\w.+=-]{1,100}@[\w.-]{1,253}>", re.ASCII)
_FROM: Final = b"\nFrom "
_UNLIKE_FROM: Final = b"\n=46rom=\r\n "
"""Replaces a line that begins with ``From ``: servers that keep mail in one file take it for the
next message and write ``>From``. The rest gets a line of its own, because the two added characters
could make the line too long (RFC 2045, 6.7)."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to be sent; ``source`` is all of it, with CRLF line ends.

    ``envelope_from``, ``envelope_to``, ``cc`` and ``bcc`` are the addresses for the server, with
    ASCII domains, each once. ``record`` is the source with the blind copies in its head, and with
    names and sizes in place of the attached files.
    """

    message_id: str
    sender: Mailbox
    to: Mailbox
    subject: str
    text: str
    html: str
    source: bytes
    envelope_from: str
    envelope_to: str
    reply_to: str
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    record: bytes
    files: tuple[Attachment, ...]
    pictures: tuple[AttachedContent, ...]

    @property
    def summary(self) -> str:
        """The subject, size and recipients in a few words."""
        to = ", ".join((str(self.to), *self.cc, *self.bcc))
        return f"The e-mail “{self.subject}”, {len(self.source):,} bytes, for {to}"

    @property
    def with_blind_copies(self) -> bytes:
        """The source with the blind copies in its head, for a service that has no envelope."""
        return "".join(f"{line}\r\n" for line in _listed("Bcc", self.bcc)).encode() + self.source

    @property
    def needs_smtputf8(self) -> bool:
        """Whether an address in the head has letters beyond ASCII before the @.

        Not every server accepts them. A blind copy does not count: a message can leave without.
        """
        return not "".join((self.envelope_from, self.envelope_to, *self.cc)).isascii()


def new_message_id(sender_address: str) -> str:
    """Make a unique Message-ID: ``<time.random@domain of the sender>``.

    Message-IDs sort by their time (ms, hexadecimal). Raises ``ValueError`` for an invalid address.
    """
    match check_address(sender_address):
        case Address(domain=domain):
            return f"<{time.time_ns() // 1_000_000:012x}.{secrets.token_hex(8)}@{domain}>"
        case AddressProblem() as problem:
            raise ValueError(sentence(problem))


def is_message_id(text: str) -> bool:
    """Tell whether the text is a Message-ID of our form, with angle brackets."""
    return _MESSAGE_ID.fullmatch(text) is not None


def build(
    *,
    message_id: str,
    sender: Mailbox,
    to: Mailbox,
    subject: str,
    text: str,
    html: str,
    date: datetime,
    reply_to: str = "",
    cc: str = "",
    bcc: str = "",
    files: Sequence[AttachedContent] = (),
    pictures: Sequence[AttachedContent] = (),
) -> Message:
    """Build the MIME message.

    Args:
        message_id: with its angle brackets, made when the task was accepted.
        sender: for the envelope and ``From``.
        to: for the envelope and ``To``.
        subject: one line; runs of white space become one space.
        text: the plain part.
        html: the HTML part.
        date: for ``Date``; with a time zone.
        reply_to: an address for answers, or empty.
        cc: a line of addresses for copies, which all who get the message see.
        bcc: a line of addresses for blind copies: in the envelope, but in no header. Who is named
            twice gets one message.
        files: the attachments.
        pictures: shown within the HTML part, which names them ``cid:`` and their name.

    Raises:
        MailFinal: if an address, a name or the subject cannot be used in a message.
    """
    subject = " ".join(subject.split())
    if not is_message_id(message_id):
        raise MailFinal("no_message_id", message_id=repr(message_id))
    problem = line_problem(subject, SUBJECT_LIMIT)
    if problem:
        raise MailFinal("bad_subject", why=problem)
    envelope_from, envelope_to = _address("sender", sender), _recipient(to)
    addressed = [
        f"From: {mailbox_value(sender.name, envelope_from)}",
        f"To: {mailbox_value(to.name, envelope_to)}",
    ]
    if reply_to:
        addressed.append(f"Reply-To: {_address('address for replies', Mailbox('', reply_to))}")
    for each in (*listed(cc), *listed(bcc)):
        _address("copy", Mailbox("", each))
    seen, blind = copies_of(str(envelope_to), cc, bcc)
    addressed += _listed("Cc", seen)
    rest = _head(message_id, subject, date)
    try:
        head, kept = (
            "\r\n".join([*addressed, *more, *rest]).encode() for more in ([], _listed("Bcc", blind))
        )
        plain, page = _text_part("plain", text), _text_part("html", html)
    except UnicodeEncodeError as error:
        raise MailFinal("half_character") from error
    sides = _joined("alternative", _SIDES, [plain, _with_pictures(page, pictures)])
    source = head + with_files(sides, files)
    return Message(
        message_id=message_id,
        sender=sender,
        to=to,
        subject=subject,
        text=text,
        html=html,
        source=source,
        envelope_from=str(envelope_from),
        envelope_to=str(envelope_to),
        reply_to=reply_to,
        cc=seen,
        bcc=blind,
        files=tuple(Attachment(file.name, len(file.content)) for file in files),
        pictures=tuple(pictures),
        record=kept + with_files(sides, [noted(file) for file in files]),
    )


def _recipient(mailbox: Mailbox) -> Address:
    try:
        return _address("recipient", mailbox)
    except MailFinal as error:
        raise WrongAddress(str(error)) from error


def _address(what: str, mailbox: Mailbox) -> Address:
    """Parse a mailbox's address; ``MailFinal`` if the mailbox cannot be used in a message."""
    name_problem = line_problem(mailbox.name, NAME_LIMIT)
    match check_address(mailbox.address):
        case Address() as address if not name_problem:
            return address
        case AddressProblem() as problem:
            reason = sentence(problem)
        case _:
            reason = str(name_problem)
    raise MailFinal("bad_address", what=what, address=repr(mailbox.address), why=reason)


def _listed(name: str, addresses: Sequence[str]) -> list[str]:
    """Write the header that names copies, a line each."""
    return [f"{name}: " + ",\r\n ".join(addresses)] if addresses else []


def _head(message_id: str, subject: str, date: datetime) -> list[str]:
    return [
        f"Subject: {text_value(subject)}",
        f"Date: {format_datetime(date)}",
        f"Message-ID: {message_id}",
        "Auto-Submitted: auto-generated",  # RFC 3834: asks for no out-of-office answers
        "MIME-Version: 1.0",
        "",
    ]


def _text_part(subtype: str, text: str) -> bytes:
    head = (
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    lines = "\r\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    # b2a_qp uses CRLF for soft line breaks only if the text has a CRLF, so one is added.
    encoded = binascii.b2a_qp(f"{lines}\r\n".encode(), istext=True)
    return (head.encode() + encoded).replace(_FROM, _UNLIKE_FROM)


def _with_pictures(page: bytes, pictures: Sequence[AttachedContent]) -> bytes:
    """Return the HTML part, with the pictures that it shows (RFC 2387)."""
    parts = [_picture_part(each) for each in pictures]
    return _joined('related; type="text/html"', _PICTURES, [page, *parts]) if parts else page


def pictures_of(parsed: Parsed) -> list[AttachedContent]:
    """List the pictures within the HTML of a parsed message."""
    named = [(part, str(part["Content-ID"] or "")) for part in parsed.walk()]
    found = [(part, name[1:-1], part.get_payload(decode=True)) for part, name in named if name]
    return [
        AttachedContent(name, content, part.get_content_type())
        for part, name, content in found
        if isinstance(content, bytes)
    ]


def with_pictures_inside(html: str, pictures: Iterable[AttachedContent]) -> str:
    """Return an HTML part that can be shown alone: its pictures are in it (RFC 2397)."""
    for each in pictures:
        inside = f"data:{each.kind};base64,{base64.b64encode(each.content).decode()}"
        html = html.replace(f"cid:{each.name}", inside)
    return html


def _picture_part(picture: AttachedContent) -> bytes:
    head = (
        f"Content-Type: {picture.kind}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-ID: <{picture.name}>\r\n"
        "Content-Disposition: inline\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(picture.content).replace(b"\n", b"\r\n")


def _joined(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    """Return a MIME entity of several parts; each of them ends with a line break."""
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    between = f"--{boundary}\r\n".encode()
    inner = [piece for part in parts for piece in (between, part)]
    return b"".join([head, *inner, f"--{boundary}--\r\n".encode()])
