"""Attachments of a message as MIME parts."""

from __future__ import annotations

import base64
import mimetypes
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from desktop.contract.rules.templates import RESERVED
from desktop.mail.errors import BadName

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import Message

_BOUNDARY: Final = "=_sendoff_files"
"""Neither base64 nor quoted-printable contains ``=_``, so no part does (RFC 2046, 5.1.1)."""
_BINARY: Final = "application/octet-stream"
_SECTION: Final = 60
"""Characters of a file's name on one line (RFC 2231, 3)."""
_WORD_BYTES: Final = 45
"""Bytes in one encoded word, which has at most 75 characters (RFC 2047, 2)."""
_METHOD: Final = re.compile(rb"^METHOD:([A-Za-z-]+)[ \t]*\r?$", re.MULTILINE)
_PLAIN: Final = re.compile(rf"[\w .,()+-]{{1,{_SECTION}}}", re.ASCII)
"""Names that every program reads alike without an encoding."""
_FORBIDDEN: Final = frozenset('<>:"/\\|?*')
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_FILE_NAME_BYTES: Final = 200
_NOTED: Final = ".txt"
_NOTED_SIZE: Final = "X-Sendoff-Size"
"""The header of a note in place of a file: the file's size in bytes."""


@dataclass(frozen=True, slots=True)
class Attached:
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


def check_file_name(file: str) -> str:
    """Return the normalized name of an attachment.

    Raises:
        BadName: if a file cannot have this name on every system.
    """
    name = unicodedata.normalize("NFC", file)
    categories = {unicodedata.category(character) for character in name}
    if not name.strip(" .") or name != name.strip() or name.startswith("."):
        raise BadName("A file's name cannot be empty or begin with a dot.")
    if not _FORBIDDEN.isdisjoint(name) or not categories.isdisjoint(_UNSEEN):
        signs = " ".join(sorted(_FORBIDDEN))
        raise BadName(f"A file's name cannot have {signs} or control characters.")
    if RESERVED.fullmatch(name) or name.endswith("."):
        raise BadName(f"“{name}” cannot be the name of a file on every system.")
    if len(name.encode()) > _FILE_NAME_BYTES:
        raise BadName("This file's name is too long.")
    return name


def with_files(sides: bytes, files: Sequence[Attached]) -> bytes:
    """Return the MIME entity of a message: its text parts, and its files if it has any."""
    if not files:
        return sides
    head = f'Content-Type: multipart/mixed; boundary="{_BOUNDARY}"\r\n\r\n'.encode()
    between = f"--{_BOUNDARY}\r\n".encode()
    parts = [piece for file in files for piece in (between, _part(file))]
    return b"".join([head, between, sides, *parts, f"--{_BOUNDARY}--\r\n".encode()])


def noted(file: Attached) -> Attached:
    """Return a note of a file's name and size, which is kept in place of the file."""
    words = f"{file.name}, {len(file.content):,} bytes: sent along, not kept here.\n"
    size = len(file.content)
    return Attached(f"{file.name}{_NOTED}", words.encode(), "text/plain; charset=utf-8", size)


def attachments_of(parsed: Message) -> list[Attachment]:
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


def _part(file: Attached) -> bytes:
    """Write one file; compressed files and messages are sent as plain bytes."""
    guessed, packing = mimetypes.guess_type(file.name)
    kind = file.kind or (None if packing else guessed) or _BINARY
    kind = _BINARY if kind.partition("/")[0] in {"message", "multipart"} else kind
    if kind.startswith("text/") and not file.kind:
        kind += _about_text(file.content)
    noted = f"{_NOTED_SIZE}: {file.noted_size}\r\n" if file.noted_size is not None else ""
    head = (
        f"Content-Type: {kind};\r\n name={_old_name(file.name)}\r\n{noted}"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;{_file_name(file.name)}\r\n\r\n"
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
    if _PLAIN.fullmatch(name):
        return f'"{name}"'
    words, piece = [], b""
    for character in name:
        if len(piece) + len(character.encode()) > _WORD_BYTES:
            words.append(piece)
            piece = b""
        piece += character.encode()
    encoded = (base64.b64encode(each).decode() for each in [*words, piece])
    return '"' + "\r\n ".join(f"=?utf-8?B?{each}?=" for each in encoded) + '"'


def _file_name(name: str) -> str:
    """Write a file's name in UTF-8, in several sections if needed (RFC 2231, 3 and 4)."""
    if _PLAIN.fullmatch(name):
        return f'\r\n filename="{name}"'
    written = quote(name, safe="")
    sections = [""]
    for piece in _whole_octets(written):
        if len(sections[-1]) + len(piece) > _SECTION:
            sections.append("")
        sections[-1] += piece
    if len(sections) == 1:
        return f"\r\n filename*=utf-8''{written}"
    sections[0] = f"utf-8''{sections[0]}"
    lines = [f"\r\n filename*{number}*={each}" for number, each in enumerate(sections)]
    return ";".join(lines)


def _whole_octets(written: str) -> list[str]:
    """Split a percent-encoded text into characters and whole ``%XX`` octets."""
    pieces, at = [], 0
    while at < len(written):
        length = 3 if written[at] == "%" else 1
        pieces.append(written[at : at + length])
        at += length
    return pieces
