"""Examples of items, tasks, causes, counts and metrics."""

from __future__ import annotations

from typing import Any, Final

from desktop import __version__
from desktop.contract.access import CONTRACT

HEALTH: Final = {"status": "ok", "version": __version__, "contract": CONTRACT}
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
    "next_to": None,
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
    "copy": False,
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
            "behind": 0,
            "paused": {},
            "cure": "correct_address",
            "retried_at": None,
            "new_since_retry": 0,
        },
        {
            "cause": "8d3e07c1f25b946a",
            "title": "The batch Members is paused",
            "about": {
                "kind": "reason",
                "reason": "batch_paused",
                "batch_id": 3,
                "batch": "Members",
            },
            "count": 16,
            "first_at": "2026-03-01T10:40:00.000Z",
            "last_at": "2026-03-01T10:40:00.000Z",
            "where": [],
            "states": {"waiting": 16},
            "behind": 2984,
            "paused": {},
            "cure": "resume",
            "retried_at": None,
            "new_since_retry": 0,
        },
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
            "worker": None,
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
    "parameters": ["item_id"],
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
    "lacks": [],
    "template": None,
    "repeated_by": None,
}
RESOLUTION: Final = {"outcome": "done"}
BULK: Final = {"action": "retry", "filter": {"state": "failed", "text": "example.org"}}
BULK_ANSWER: Final = {
    "touched": 38,
    "skipped": [{"why": "It is running.", "count": 2, "refusal": "running"}],
}
BULK_PROGRESS: Final = {"done": 1500, "total": 12041, "touched": 1498, "is_over": False}
STATS: Final = {
    "counts": {"queued": 3, "running": 12, "waiting": 2, "succeeded": 1204, "failed": 2},
    "standing": 0,
    "seen": {"failed": 1, "uncertain": 0},
    "batch_rows": 0,
    "paused_rows": 0,
    "rates": {"started": 38.0, "finished": 37.5},
    "done_in": 0.4,
    "next_at": None,
    "practice": False,
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
