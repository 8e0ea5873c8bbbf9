"""Reads bounces in files of e-mails; run in a child process, as anybody may have written them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Final

from flufl.bounce import all_failures

from desktop.contract.do_not_send import ReadBounce

MESSAGES: Final = 10_000
"""The most messages that are read of a file."""
MESSAGE_BYTES: Final = 1024 * 1024
"""What is read of one message; a bounce says why at its beginning."""
ADDRESSES: Final = 100
"""The most addresses that one bounce names."""
MOST: Final = 10_000
"""The most addresses that the bounces of one file name."""
_SAID: Final = 300
_IDS: Final = 100
"""The most of what may be its message's Message-ID that is told of one bounce."""
_MESSAGE_ID: Final = re.compile(r"<[^<>@\s]{1,200}@[^<>@\s]{1,200}>")
_RECIPIENTS: Final = ("Original-Recipient", "Final-Recipient")
_FAILED: Final = ("fail", "error")
"""How the action of a block begins that is about a failure for good."""
_STATUS: Final = re.compile(r"\s*([45]\.\d{1,3}\.\d{1,3})\b")
_ENHANCED: Final = re.compile(r"(?<![\w.])[45]\.[0-7]\.\d{1,3}(?!\.?\w)")
"""An enhanced code among words (RFC 3463), which is no part of a server's address or version."""
_CODE: Final = re.compile(r"(?<![\w.-])(?<![\d\]]:)[45]\d\d(?!\w|\.\d)")
_UNDEFINED: Final = ".0.0"
"""A status that says no more than its class."""
_REPORT: Final = re.compile(rb"message/(?:global-)?delivery-status", re.IGNORECASE)
"""The type of a report's part (RFC 3464); RFC 6533 has one that may be encoded."""
_AS_TEXT: Final = "application/x-delivery-status"
"""The type under which it is read as a text, which is decoded."""
_BETWEEN: Final = re.compile(r"\n[ \t]*\n")
"""What stands between a report's blocks."""
_UTF_8: Final = re.compile(r"\\x\{([0-9A-F]{1,6})\}")
"""A character of an address that a report has in ASCII (RFC 6533, 3)."""
_WIDE: Final = {
    "utf-16-le": re.compile(rb"\xff\xfe|[^\0]\0"),
    "utf-16-be": re.compile(rb"\xfe\xff|\0[^\0]"),
}
"""How UTF-16 begins, with or without its mark."""
_BOM: Final = "\ufeff"
_LENGTH: Final = re.compile(r"\d+\s*")
"""The first line of an ``.emlx``."""
_CLOCK: Final = re.compile(r"\d:\d\d")
_HEAD: Final = (
    *("From", "To", "Subject", "Date", "Received", "Return-Path", "Message-ID"),
    *("MIME-Version", "Content-Type"),
)
"""What has none of these is no message."""
_HEADER: Final = re.compile(
    r"(?:from|to|cc|subject|date|received|sender|status|\w+(?:-\w+)+)[ \t]*:", re.IGNORECASE
)
"""How one of a message's first lines begins."""


def read_bounces(file: Path) -> tuple[list[ReadBounce], int, int]:
    """Return the bounces in a file of e-mails, and how many other and unread messages it has.

    Raises ``OSError``.
    """
    found: list[ReadBounce] = []
    others = unread = 0
    for number, content in enumerate(_messages(file), 1):
        room = min(ADDRESSES, MOST - len(found))
        if number > MESSAGES or not room:
            unread += 1
            continue
        try:
            bounced = list(islice(_bounces(content), room))
        except Exception:  # noqa: BLE001 - whatever a wrong message does to its reader
            unread += 1
            continue
        found += bounced
        others += not bounced
    return found, others, unread


def _messages(file: Path) -> Iterator[bytes]:
    """Yield the messages of a file: all of an mbox, or the one of an ``.eml`` or ``.emlx``."""
    lines: list[str] = []
    size, is_mbox, was_blank = 0, False, True
    for line, following in pairwise(chain(_lines(file), [""])):
        is_blank = not line.strip()
        begins = is_mbox and _begins(line, following, was_blank)
        if line.startswith("From ") and (begins or not (lines or is_mbox)):
            if lines:
                yield _encoded(lines)
            lines, size, is_mbox = [], 0, True
        elif not lines and (is_blank or _LENGTH.fullmatch(line)):
            continue
        elif size < MESSAGE_BYTES:
            lines.append(line)
            size += len(line)
        was_blank = is_blank
    if lines:
        yield _encoded(lines)


def _begins(line: str, following: str, was_blank: bool) -> bool:
    """Tell whether a line *From …* begins a message; in a text it may be *From now on …*."""
    return bool(_HEADER.match(following) and (was_blank or _CLOCK.search(line)))


def _encoded(lines: Sequence[str]) -> bytes:
    return "".join(lines).encode("utf-8", "surrogateescape")


def _lines(file: Path) -> Iterator[str]:
    """Yield the lines of a file, whatever ends them; it may be UTF-16, as Windows saves it."""
    with file.open("rb") as opened:
        start = opened.read(2)
    wide = next((name for name, begins in _WIDE.items() if begins.match(start)), None)
    errors = "replace" if wide else "surrogateescape"
    with file.open(encoding=wide or "utf-8", errors=errors) as text:
        while line := text.readline(MESSAGE_BYTES):
            yield line.removeprefix(_BOM)


def _bounces(content: bytes) -> Iterator[ReadBounce]:
    """Yield an entry for each address to which the message could not be delivered for good.

    Raises ``ValueError`` for what is no message.
    """
    message = message_from_bytes(_REPORT.sub(_AS_TEXT.encode(), content))
    if not any(name in message for name in _HEAD):
        raise ValueError("It has no header of a message.")
    ids = [*dict.fromkeys(_MESSAGE_ID.findall(content.decode("ascii", "replace")))][:_IDS]
    at = _moment(message)
    blocks = [each for part in message.walk() for each in _recipients(part)]
    if blocks:
        for block in blocks:
            if str(block.get("Action", "")).strip().lower().startswith(_FAILED):
                yield _of_block(block, ids, at)
        return
    text = "\n".join(_text(part) for part in message.walk())
    for address in sorted(all_failures(message)[1]):
        plain = address.decode("utf-8", "replace")
        yield _bounce(plain, _around(text, plain), ids, at)


def _recipients(part: Message) -> list[Message]:
    """Return the blocks of a report's part, each about one recipient (RFC 3464)."""
    if part.get_content_type() != _AS_TEXT:
        return []
    text = _decoded(part)
    blocks = (message_from_string(each.strip("\n")) for each in _BETWEEN.split(text))
    return [each for each in blocks if any(name in each for name in _RECIPIENTS)]


def _of_block(block: Message, ids: list[str], at: int | None) -> ReadBounce:
    named = [str(block.get(each, "")) for each in _RECIPIENTS]
    kind, _, to = next((each for each in named if "@" in each), named[-1]).rpartition(";")
    if kind.strip().lower() == "utf-8":
        to = _UTF_8.sub(lambda found: chr(int(found[1], 16)), to)
    said = " ".join(str(block.get("Diagnostic-Code", "")).partition(";")[2].split())
    status = str(block.get("Status", "")).strip()
    made = _bounce(to, said or status, ids, at)
    told = _STATUS.match(status)
    if told and not (told[1].endswith(_UNDEFINED) and made["enhanced"]):
        made["enhanced"] = told[1]
    return made


def _bounce(address: str, said: str, ids: list[str], at: int | None) -> ReadBounce:
    said = " ".join(said.split())[:_SAID]
    code, enhanced = _CODE.search(said), _ENHANCED.search(said)
    return ReadBounce(
        address=address.strip().strip("<>")[:_SAID],
        code=int(code[0]) if code else None,
        enhanced=enhanced[0] if enhanced else None,
        said=said,
        message_ids=ids,
        at=at,
    )


def _around(text: str, address: str) -> str:
    """Return the words of a free text behind an address, from its first code on."""
    at = text.lower().find(address.lower())
    about = text[at + len(address) :][: 4 * _SAID] if at >= 0 else ""
    said = _ENHANCED.search(about) or _CODE.search(about)
    return about[max(0, said.start() - 4) :].lstrip(" :(<>-") if said else ""


def _text(part: Message) -> str:
    return _decoded(part) if part.get_content_maintype() == "text" else ""


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _moment(message: Message) -> int | None:
    try:
        return round(parsedate_to_datetime(str(message["Date"])).timestamp() * 1000)
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def run() -> int:
    """Read the file that stdin names, and write what it has to stdout; return the exit status."""
    sys.stdout.write(json.dumps(read_bounces(Path(sys.stdin.readline().rstrip("\n")))))
    return 0
