"""Examples of batches and their rows."""

from __future__ import annotations

from typing import Any, Final

from desktop.backend.wire.examples.tasks import TASK_ROW

BATCH_NUMBER: Final = {"batch_id": 3}
BATCH_SETTINGS: Final[dict[str, Any]] = {
    "name": "Renewals 2027",
    "key": ["email", "title"],
    "template": "renewal",
    "rate": "500/day",
    "run_at": "2026-03-01T08:00:00Z",
    "columns": {"Name": "name", "E-Mail": "email", "Year": "fields.year", "Remarks": None},
}
NEW_BATCH: Final = {**BATCH_SETTINGS, "continues": 2}
_NONE: Final = dict.fromkeys(
    (
        "rows",
        "unchecked",
        "ready",
        "problems",
        "same",
        "changed",
        "twice",
        "left_out",
        "open",
        "sent",
        "kept",
        "failed",
        "uncertain",
        "cancelled",
    ),
    0,
)
COUNTS: Final = {**_NONE, "rows": 3000, "ready": 2985, "problems": 12, "twice": 3}
BATCH: Final[dict[str, Any]] = {
    **NEW_BATCH,
    "batch_id": 3,
    "rev": 41,
    "tasks": ["send_confirmation_email"],
    "run_at": "2026-03-01T08:00:00.000Z",
    "created_at": "2026-02-27T16:12:00.000Z",
    "changed_at": "2026-02-27T16:14:30.000Z",
    "started_at": None,
    "finished_at": None,
    "state": "draft",
    "sheet": "renewals.xlsx",
    "continued_by": None,
    "corrected": 0,
    "unused": 0,
    "older": 0,
    "older_is_exact": True,
    "failed_before": 0,
    "failed_before_is_exact": True,
    "later": None,
    "overtaken": None,
    "sent_later": None,
    "left_out_later": None,
    "left_out_again": 0,
    "cancelled_tasks": 0,
    "cancelled_before": 0,
    "to_come": 0,
    "marked": 0,
    "sent_since": 0,
    "removed": 0,
    "failed_seen": 0,
    "again_failed": 0,
    "counts": COUNTS,
    "next_leaves_at": None,
    "last_leaves_at": "2026-03-06T08:00:00.000Z",
    "reason": None,
    "reason_data": {},
    "put_off": None,
    "limited_by": None,
    "causes": [],
    "seen_causes": [],
}
STARTED_BATCH: Final = {
    **BATCH,
    "rev": 611,
    "started_at": "2026-02-27T16:15:00.000Z",
    "state": "running",
    "counts": {**COUNTS, "left_out": 15, "open": 2475, "sent": 509, "failed": 1},
}
BATCH_PAGE: Final = {"batches": [STARTED_BATCH], "next": None}
START_BATCH: Final = {"leave_changed": False, "send_same": False, "delay": 10}
RETRY_BATCH: Final = {"delay": 10}

_ITEM: Final[dict[str, Any]] = {
    "title": "Renewal",
    "recipient": {"name": "Ada Lovelace", "email": "ada@example.org"},
    "fields": {"year": "2027"},
}
NEW_ROWS: Final = {"rows": [{"row": 2, "item": _ITEM}]}
ROW_CORRECTION: Final = {"item": _ITEM}
ROW: Final[dict[str, Any]] = {
    "row": 2,
    "item": _ITEM,
    "check": "ready",
    "problem": None,
    "data": {},
    "message": "It can be sent.",
    "path": None,
    "corrections": [],
    "item_id": None,
    "task_id": None,
    "outcome": None,
    "state": None,
    "sent_at": None,
    "answer": None,
    "message_id": None,
    "to": None,
}
ROW_PAGE: Final = {
    "rows": [
        ROW,
        {
            **ROW,
            "row": 3,
            "item": {**_ITEM, "recipient": {"name": "Alan Turing", "email": "alan"}},
            "check": "problem",
            "problem": "bad_address",
            "data": {"fault": "no_at", "position": 4, "detail": ""},
            "message": "There is no @ in this address.",
            "path": "recipient.email",
        },
    ],
    "next": None,
}
COPY_ROW: Final = {
    **TASK_ROW,
    "id": 18,
    "item_id": None,
    "task": "send_row_to_me",
    "title": "Copy of a row’s e-mail",
    "to": "Box office <desk@example.org>",
    "state": "queued",
    "started_at": None,
    "finished_at": None,
    "attempt": 0,
}
FILE: Final = {"file": "statutes.pdf", "size": 212_417}
FILES: Final = {"attachments": [FILE]}
SHEET: Final = "Name;E-Mail;Year\nAda Lovelace;ada@example.org;2027\n"
