"""Reads bounces in files of e-mails; run in a child process, as anybody may have written them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from typing import IO, Final

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
_STATUS: Final = re.compile(r"\s*([45]\.\d{1,3}\.\d{1,3})\b")
_ENHANCED: Final = re.compile(r"(?<![\w.])[45]\.[0-7]\.\d{1,3}(?!\.?\w)")
"""An enhanced code among words (RFC 3463), which is no part of a server's address or version."""
_CODE: Final = re.compile(r"(?<![\w.-])(?<![\d\]]:)[45]\d\d(?!\w|\.\d)")
_UNDEFINED: Final = ".0.0"
"""A status that says no more than its class."""
_DSN: Final = "message/delivery-status"


def read_bounces(file: Path) -> tuple[list[ReadBounce], int]:
    """Return the bounces in an ``.eml`` or ``.mbox`` file, and how many other messages it has.

    Raises ``OSError``.
    """
    found: list[ReadBounce] = []
    others = 0
    with file.open("rb") as opened:
        for content in islice(_messages(opened), MESSAGES):
            try:
                room = min(ADDRESSES, MOST - len(found))
                bounced = list(islice(_bounces(content), room))
            except Exception:  # noqa: BLE001 - whatever a wrong message does to its reader
                bounced = []
            found += bounced
            others += not bounced
            if len(found) == MOST:
                break
    return found, others


def _messages(opened: IO[bytes]) -> Iterator[bytes]:
    """Yield the messages of a file; those of an mbox file begin with a line ``From ``."""
    lines: list[bytes] = []
    size, is_mbox, is_blank = 0, False, True
    while line := opened.readline(MESSAGE_BYTES):
        if is_blank and line.startswith(b"From ") and (is_mbox or not lines):
            if lines:
                yield b"".join(lines)
            lines, size, is_mbox = [], 0, True
        elif size < MESSAGE_BYTES:
            lines.append(line)
            size += len(line)
        is_blank = not line.strip()
    if lines:
        yield b"".join(lines)


def _bounces(content: bytes) -> Iterator[ReadBounce]:
    """Yield an entry for each address to which the message could not be delivered for good."""
    message = message_from_bytes(content)
    ids = [*dict.fromkeys(_MESSAGE_ID.findall(content.decode("ascii", "replace")))][:_IDS]
    at = _moment(message)
    blocks = [each for part in message.walk() for each in _recipients(part)]
    if blocks:
        for block in blocks:
            if str(block.get("Action", "")).strip().lower() == "failed":
                yield _of_block(block, ids, at)
        return
    text = "\n".join(_text(part) for part in message.walk())
    for address in sorted(all_failures(message)[1]):
        plain = address.decode("utf-8", "replace")
        yield _bounce(plain, _around(text, plain), ids, at)


def _recipients(part: Message) -> list[Message]:
    """Return the blocks of a report's part, each about one recipient (RFC 3464)."""
    blocks = part.get_payload() if part.get_content_type() == _DSN else []
    if not isinstance(blocks, list):
        return []
    return [each for each in blocks if isinstance(each, Message) and "Final-Recipient" in each]


def _of_block(block: Message, ids: list[str], at: int | None) -> ReadBounce:
    to = str(block.get("Original-Recipient", "")) or str(block["Final-Recipient"])
    said = " ".join(str(block.get("Diagnostic-Code", "")).partition(";")[2].split())
    status = str(block.get("Status", "")).strip()
    made = _bounce(to.partition(";")[2] or to, said or status, ids, at)
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
    if part.get_content_maintype() != "text":
        return ""
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _moment(message: Message) -> int | None:
    try:
        return round(parsedate_to_datetime(str(message["Date"])).timestamp() * 1000)
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def run() -> int:
    """Read the file that stdin names, and write what it has to stdout; return the exit status."""
    found, others = read_bounces(Path(sys.stdin.readline().rstrip("\n")))
    sys.stdout.write(json.dumps([found, others]))
    return 0
