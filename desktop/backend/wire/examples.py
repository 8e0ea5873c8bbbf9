"""The examples of the API's description: one item, its task, and what is said about them."""

from __future__ import annotations

from typing import Any, Final

from desktop import __version__
from desktop.contract.states import State

SCHEDULED: Final = {
    "Location": "Where the item is.",
    "X-Task-Ids": "Numbers of its tasks, separated by commas.",
}
"""Headers of an answer that tells what was scheduled, explained."""
REPLAYED: Final = {"Idempotent-Replayed": "`true` when this answer was given before."}

HEALTH: Final = {"status": "ok", "version": __version__}

NEW_ITEM: Final[dict[str, Any]] = {
    "title": "Booking 1204",
    "recipient": {"name": "Ada Lovelace", "email": "ada@example.org"},
    "fields": {"seats": 2},
    "delay": 5,
}
ITEM_NUMBER: Final = {"item_id": 1204}

TASK_ROW: Final[dict[str, Any]] = {
    "id": 17,
    "rev": 3,
    "item_id": 1204,
    "task": "send_confirmation_email",
    "title": "Confirmation e-mail",
    "to": "Ada Lovelace <ada@example.org>",
    "state": "succeeded",
    "why": "",
    "reason": None,
    "reason_data": {},
    "attempt": 1,
    "max_attempts": 8,
    "progress": None,
    "lane": "io",
    "queue": "mail",
    "priority": 0,
    "created_at": "2026-03-01T09:30:00.000Z",
    "run_at": None,
    "started_at": "2026-03-01T09:30:05.012Z",
    "finished_at": "2026-03-01T09:30:05.431Z",
    "error": None,
    "resend_of": None,
    "seen": False,
    "batch_id": None,
    "cause": None,
}
CAUSES: Final = {
    "causes": [
        {
            "cause": "5f0c1b7a94d2e386",
            "title": "mx.example.org refused the recipient: 550 5.1.1 <…>: no such user",
            "about": {
                "kind": "answer",
                "task": "send_confirmation_email",
                "task_title": "Confirmation e-mail",
                "server": "mx.example.org",
                "code": 550,
                "enhanced": "5.1.1",
                "text": "mx.example.org refused the recipient: 550 5.1.1 <…>: no such user",
            },
            "count": 2,
            "first_at": "2026-03-01T09:12:00.000Z",
            "last_at": "2026-03-01T10:31:00.000Z",
            "where": ["exmaple.org", "example.org"],
            "states": {"failed": 2},
            "cure": "correct_address",
            "retried_at": None,
            "new_since_retry": 0,
        }
    ]
}
CANCELLED_ROW: Final = {
    **TASK_ROW,
    "state": "cancelled",
    "why": "It was cancelled.",
    "reason": "cancelled_by_person",
}
ITEM: Final = {
    "item_id": 1204,
    "created_at": "2026-03-01T09:30:00.000Z",
    "title": "Booking 1204",
    "recipient": {"name": "Ada Lovelace", "email": "ada@example.org"},
    "template": None,
    "fields": {"seats": 2},
    "tasks": [TASK_ROW],
    "informed": "not_yet",
}
ITEM_DETAIL: Final = {
    **ITEM,
    "item": NEW_ITEM,
    "corrected_at": "2026-03-01T10:15:00.000Z",
    "versions": [
        {
            "at": "2026-03-01T09:30:00.000Z",
            "item": {**NEW_ITEM, "recipient": {"name": "Ada Lovelace", "email": "ada@example.com"}},
        }
    ],
}
CORRECTION: Final = {"item": NEW_ITEM, "send": True, "delay": 5}
CORRECTED_ITEM: Final = {"item_id": 1204, "using": [], "added": [23], "uncertain": []}
RESEND: Final = {"to": {"name": "Ada Lovelace", "email": "ada@example.org"}, "delay": 5}
RESENT_ROW: Final = {
    **TASK_ROW,
    "id": 23,
    "rev": 9,
    "state": "scheduled",
    "reason": "delayed",
    "reason_data": {"until": "2026-03-01T10:15:05.000Z"},
    "attempt": 0,
    "created_at": "2026-03-01T10:15:00.000Z",
    "run_at": "2026-03-01T10:15:05.000Z",
    "started_at": None,
    "finished_at": None,
    "resend_of": 17,
}
TASK_CHANGE: Final = {"run_at": "2026-03-02T09:00:00Z"}
ITEM_PAGE: Final = {
    "items": [ITEM],
    "next": None,
    "counts": {"yes": 1, "not_sure": 0, "not_yet": 0, "no": 0, "kept": 0, "none": 0},
    "counts_are_exact": True,
}
MANY_ITEMS: Final = {"items": [{"item_id": 1204, **NEW_ITEM}, {"title": "Booking 1205"}]}
ITEM_RESULTS: Final = {
    "results": [
        {"item_id": 1204, "status": 200},
        {
            "item_id": None,
            "status": 422,
            "error": "recipient.email: There is no @ in this address.",
        },
    ]
}

NEW_TASK: Final = {
    "task": "send_confirmation_email",
    "args": [1204],
    "key": "booking 1204",
    "priority": 10,
}
TASK_PAGE: Final = {
    "tasks": [TASK_ROW],
    "next": None,
    "as_of": "4711",
    "total": 1,
    "total_is_exact": True,
}
TASK_COUNTS: Final = {
    "counts": {"queued": 1, "running": 0, "succeeded": 12, "failed": 2},
    "standing": 0,
    "is_exact": True,
}
TASK_DETAIL: Final = {
    **TASK_ROW,
    "history": [
        {
            "attempt": 1,
            "started_at": "2026-03-01T09:30:05.012Z",
            "finished_at": "2026-03-01T09:30:05.431Z",
            "outcome": "succeeded",
            "error": None,
            "traceback": None,
        }
    ],
    "log": [
        {
            "at": "2026-03-01T09:30:05.400Z",
            "attempt": 1,
            "level": "info",
            "text": "250 2.0.0 Ok: queued as 4F2A",
        }
    ],
    "args": [1204],
    "kwargs": {},
    "result": None,
    "message_id": "177234.1204@example.org",
    "handed_over": {
        "at": "2026-03-01T09:30:05.390Z",
        "what": "The e-mail “Your booking 1204”, 4,213 bytes, for Ada Lovelace <ada@example.org>",
        "to": "mail.example.org:587",
        "message_id": "177234.1204@example.org",
    },
    "addressee": None,
}
RESOLUTION: Final = {"outcome": "done"}
BULK: Final = {"action": "retry", "filter": {"state": "failed", "text": "example.org"}}
BULK_ANSWER: Final = {"touched": 38, "skipped": [{"why": "It is running.", "count": 2}]}
STATS: Final = {
    "counts": {"queued": 3, "running": 12, "waiting": 2, "succeeded": 1204, "failed": 2},
    "standing": 0,
    "seen": {"failed": 1, "uncertain": 0},
    "batch_rows": 0,
    "rates": {"started": 38.0, "finished": 37.5},
    "lanes": {"io": {"slots": 32, "busy": 12}, "cpu": {"slots": 2, "busy": 0}},
}

METRICS: Final = """\
# HELP sendoff_tasks Tasks by queue and state.
# TYPE sendoff_tasks gauge
sendoff_tasks{queue="mail",state="running"} 12
# HELP sendoff_attempts_started_total Attempts begun.
# TYPE sendoff_attempts_started_total counter
sendoff_attempts_started_total{queue="mail"} 1204
# HELP sendoff_attempts_finished_total Attempts ended.
# TYPE sendoff_attempts_finished_total counter
sendoff_attempts_finished_total{queue="mail",outcome="succeeded"} 1192
"""

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
PREVIEW: Final = {"template": "confirmation", "item": NEW_ITEM, "item_id": 1204}
PREVIEWED: Final = {
    **{key: MESSAGE[key] for key in MESSAGE if key not in {"message_id", "at"}},
    "unknown": [{"field": "titel", "block": "text", "line": 3, "column": 9, "nearest": "title"}],
}
TEMPLATE_NAMES: Final = {
    "templates": ["renewal"],
    "details": [
        {
            "name": "renewal",
            "own": True,
            "built_in": False,
            "subject": "Your membership {{ year }}",
            "fields": ["year"],
        }
    ],
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
}
TEMPLATE_VERSION: Final = {
    "version": "1772357405431",
    "at": "2026-03-01T09:30:05.431Z",
    "source": _TEMPLATE_SOURCE,
    "parts": _SIDES,
}

QUEUE: Final[dict[str, Any]] = {
    "name": "mail",
    "concurrency": 16,
    "rate": "30/min",
    "per_day": 1500,
    "paused": {"since": "2026-03-01T13:05:00.000Z"},
    "held": None,
    "counts": {state.value: 17 if state is State.SUCCEEDED else 0 for state in State},
}
QUEUES: Final = {"queues": [QUEUE]}
