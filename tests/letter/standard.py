"""What the standard library reads in a raw e-mail, in the form in which all parsers tell it."""

from __future__ import annotations

import hashlib
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any


def read(raw: bytes) -> dict[str, Any]:
    """Read subject, mailboxes, both texts, and each file as [name, type, SHA-256]."""
    mail = message_from_bytes(raw, EmailMessage, policy=default)
    mailboxes = {
        name: [[box.display_name, box.addr_spec] for box in mail[header].addresses]
        if mail[header]
        else []
        for name, header in (
            *(("from", "From"), ("to", "To"), ("cc", "Cc")),
            *(("bcc", "Bcc"), ("reply_to", "Reply-To")),
        )
    }
    files = [
        [part.get_filename() or "", part.get_content_type(), _digest(part)]
        for part in mail.walk()
        if part.get_content_maintype() not in {"text", "multipart"}
    ]
    text, html = (_content(mail, kind) for kind in ("plain", "html"))
    return {"subject": mail["Subject"], **mailboxes, "text": text, "html": html, "files": files}


def _content(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    return "" if body is None else str(body.get_content())


def _digest(part: Any) -> str:
    return hashlib.sha256(part.get_payload(decode=True)).hexdigest()
