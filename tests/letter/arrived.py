"""A letter with all that a letter can have, as a mail server gets it."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from desktop.mail.files import BATCHES, TEMPLATES, BatchFiles, FolderFiles
from desktop.mail.mailer import open_mailer
from desktop.mail.templates.letter import Letterhead
from desktop.mail.templates.store import Templates, built_in_templates
from tests.mail.server import running

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.contract.items import NewItem

TICKET: Final = ("Plätze, Reihe 7.pdf", b"%PDF-1.4\n" + bytes(range(256)) * 20)
HALL: Final = "https://tc-aurach.example/hall?plan=1&floor=2"
SOURCE: Final = f"""---
format: markdown
sender: Tennis Club Aurach, Büro <office@tc-aurach.example>
reply_to: marta@tc-aurach.example
cc: board@tc-aurach.example
bcc: archive@tc-aurach.example
---
{{% block subject %}}Your seats for the {{{{ title }}}}: {{{{ Seats }}}}{{% endblock %}}
{{% block text %}}
# Your seats are reserved

Dear {{{{ first_name }}}},

thank you for coming to our **{{{{ title }}}}**. These are yours:

{{{{ all_fields }}}}

- Doors open at 19:00.
- Tickets wait at the box office under **no. {{{{ number }}}}**.

Here is [the plan of the hall]({HALL}). If anything is wrong, simply reply.
{{% endblock %}}
"""
ITEM: Final[dict[str, Any]] = {
    "title": "summer concert – „Sommer“",
    "recipient": {"name": "Zoë Duarte", "email": "ines@example.org"},
    "cc": "noor@example.org",
    "template": "seats",
    "fields": {
        "Seats": "Row 7, seats 12 & 13",
        "Date": "Sat 12 December, 20:00",
        "Hall": "Stadtsaal Aurach <oben>",
        "Price": "48.00 €",
    },
}


@dataclass(frozen=True)
class ArrivedLetter:
    """The bytes that the server got, and for whom."""

    raw: bytes
    recipients: list[str]


def logo(side: int = 160) -> bytes:
    """Make a PNG: a green disc with a lighter curve."""
    rows = bytearray()
    for y in range(side):
        rows.append(0)
        for x in range(side):
            from_middle = ((x - side / 2) ** 2 + (y - side / 2) ** 2) ** 0.5
            is_curve = abs(((x - side) ** 2 + y**2) ** 0.5 - side * 0.6) < side / 36
            ink = (255, 255, 255) if is_curve else (11, 107, 87)
            rows += bytes((*ink, 255 if from_middle < side / 2 else 0))

    def chunk(kind: bytes, content: bytes) -> bytes:
        whole = kind + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    packed = zlib.compress(bytes(rows), 9)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", packed), chunk(b"IEND", b"")
    return b"".join([b"\x89PNG\r\n\x1a\n", *parts])


def letterhead() -> Letterhead:
    """Return the letterhead, with a logo and a signature."""
    signature = "Marta Lindqvist\nOffice, Tennis Club Aurach\nVereinsweg 4, 90000 Aurach"
    return Letterhead("Tennis Club Aurach", "since 1952", "#0B6B57", signature, logo())


def arrived_letter(folder: Path) -> ArrivedLetter:
    """Send the letter to a mail server, with its files in ``folder``; return what it got."""
    (folder / TEMPLATES).mkdir(parents=True)
    files = FolderFiles(folder)
    templates = Templates(files.below(TEMPLATES), built_in_templates())
    templates.save_letterhead(letterhead())
    templates.save("seats", SOURCE)
    uploads, (name, content) = BatchFiles(files.below(BATCHES)), TICKET
    upload = uploads.place_for_upload(name).with_name(".upload-x")
    upload.write_bytes(content)
    item: NewItem = {**ITEM, "attachments": [uploads.take_upload(upload, name)]}  # type: ignore[typeddict-item]
    with running() as server:
        mailer = open_mailer(server.settings(), files)
        message = mailer.compose(item, 1211, mailer.new_message_id())
        mailer.send(message, lambda: None, lambda _: None)
        mailer.close()
        (envelope,) = server.mails
    return ArrivedLetter(envelope.original_content or b"", list(envelope.rcpt_tos))
