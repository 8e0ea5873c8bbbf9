"""Examples of settings, messages and templates."""

from __future__ import annotations

from typing import Any, Final

from desktop.backend.wire.examples.tasks import NEW_ITEM

SETTINGS: Final[dict[str, Any]] = {
    "mail": {
        "transport": "smtp",
        "host": "mail.example.org",
        "port": 587,
        "security": "starttls",
        "user": "desk",
        "sender": "Box office <desk@example.org>",
        "default_recipient": "you@example.org",
        "password_set": True,
        "password_kept": "keyring",
    },
    "window": {"grace_seconds": 5.0},
    "queues": {"mail": {"concurrency": 16, "rate": "30/min", "per_day": 1500}},
}
SETTINGS_CHANGE: Final = {
    "mail": {"host": "mail.example.org", "password": "correct horse"},
    "queues": {"mail": {"rate": "30/min"}},
}
MAIL_TEST: Final = {"to": "desk@example.org", "mail": {"port": 465, "security": "tls"}}
MAIL_TESTED: Final = {
    "ok": True,
    "message_id": "0195a1b2c3d4.8c2f1e@example.org",
    "text": "mail.example.org took the test mail for desk@example.org.",
    "log": ["220 mail.example.org ESMTP", "250 2.0.0 Ok: queued as 4F2A"],
}
_SUBJECT: Final = "Your booking 1204"
MESSAGE: Final[dict[str, Any]] = {
    "message_id": "0195a1b2c3d4.8c2f1e@example.org",
    "at": "2026-03-01T09:30:05.431Z",
    "from": "Box office <desk@example.org>",
    "to": "Ada Lovelace <ada@example.org>",
    "subject": _SUBJECT,
    "text": "Dear Ada Lovelace,\n\nyour booking 1204 is registered.\n",
    "html": "<p>Dear Ada Lovelace,</p><p>your booking 1204 is registered.</p>\n",
    "source": "From: Box office <desk@example.org>\r\nTo: Ada Lovelace <ada@example.org>\r\n…",
    "files": [{"file": "seats.pdf", "size": 48_213}],
}
OUTBOX_PAGE: Final = {
    "messages": [{key: MESSAGE[key] for key in ("message_id", "at", "to", "subject")}],
    "next": None,
}
TEMPLATE_MESSAGES: Final = {
    "open": 31,
    "again": 2,
    "stuck": [17, 18],
    "rows": 12,
    "batches": [{"batch_id": 3, "rows": 12}],
    "fields": ["Seat row"],
    "fault": "The template “renewal” needs “Seat row”, which is missing.",
}

PREVIEW: Final = {"template": "confirmation", "item": NEW_ITEM, "item_id": 1204}
PREVIEWED: Final = {
    **{key: MESSAGE[key] for key in MESSAGE if key not in {"message_id", "at"}},
    "subject_html": _SUBJECT,
    "unknown": [{"field": "titel", "block": "text", "line": 3, "column": 9, "nearest": "title"}],
}
TEMPLATE_NAMES: Final = {
    "templates": ["renewal"],
    "details": [
        {
            "name": "renewal",
            "earlier": ["renewal 2025"],
            "own": True,
            "built_in": False,
            "subject": "Your membership {{ year }}",
            "fields": ["year"],
        }
    ],
    "deleted": [{"name": "summer", "version": "1795000000000", "at": "2026-11-18T11:06:40.000Z"}],
}
_SIDES: Final = {
    "subject": "Your membership {{ year }}",
    "text": "Dear {{ first_name }},\n\nthank you for renewing your membership.",
    "html": None,
    "reply_to": "office@example.org",
    "copy_to": "",
}
_TEMPLATE_SOURCE: Final = "---\nreply_to: office@example.org\n---\n{% block subject %}…"
ATTACHED_FILE: Final = {"file": "statutes.pdf", "size": 212_417}
TEMPLATE_CHANGE: Final = {"parts": _SIDES, "copy_of": "confirmation"}
TEMPLATE: Final = {
    "name": "renewal",
    "source": _TEMPLATE_SOURCE,
    "own": True,
    "built_in": False,
    "parts": _SIDES,
    "attachments": [ATTACHED_FILE],
    "fields": ["year"],
    "versions": [{"version": "1772357405431", "at": "2026-03-01T09:30:05.431Z"}],
    "held": [17],
}
TEMPLATE_VERSION: Final = {
    "version": "1772357405431",
    "at": "2026-03-01T09:30:05.431Z",
    "source": _TEMPLATE_SOURCE,
    "parts": _SIDES,
}
