"""The examples of ``/openapi.json``, by the operation: its body, if it has one, and its answer.

``python -m tests.backend.wire.example_files`` writes them to the files of the parts.
"""

from __future__ import annotations

from typing import Any, Final

from desktop.contract.batches import BatchCounts
from sendoff_tasks.model import VERSION
from sendoff_tasks.model.acts import ActPage
from sendoff_tasks.model.problems import CONTRACT
from sendoff_tasks.model.states import State
from tests.backend.wire import settings_examples
from tests.backend.wire.list_examples import OF_THE_LIST

HEALTH: Final = {"status": "ok", "version": VERSION, "contract": CONTRACT}
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
    "why": "after 1 attempt",
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
    "informed_at": "2026-03-01T09:30:00.000Z",
    "erased": False,
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
BACKUP: Final = {
    "file": "/backups/sendoff-20260301-220000-12.db",
    "at": "2026-03-01T22:00:00.000Z", "until": "2026-03-08T22:00:00.000Z",
}  # fmt: skip
FORGOTTEN: Final = {"items": [1204, 1388], "batches": [7], "backups": [BACKUP]}
CORRECTION: Final = {"item": NEW_ITEM, "send": True}
CORRECTED_ITEM: Final = {"item_id": 1204, "using": [], "added": [23], "uncertain": []}
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
    "seen": {"failed": 1},
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
            "deed": None,
        }
    ],
    "steps": [],
    "followers": [],
    "args": [1204],
    "parameters": ["item_id"],
    "kwargs": {},
    "result": None,
    "message_id": "177234.1204@example.org",
    "reference": "177234.1204@example.org",
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
_DUE: Final = {"id": 90211, "key": "8c1d", "due_in": 5.0, "tasks": [[7, 8]]}
_WHAT: Final = {"action": "cancel", "touched": 2, "done": 0}
PENDING: Final = _DUE | _WHAT | {"filter": None, "batch_id": None, "subject": None, "answer": None}
STATS: Final = {
    "counts": {"queued": 3, "running": 12, "waiting": 2, "succeeded": 1204, "failed": 2},
    "standing": 0,
    "seen": {"failed": 1, "uncertain": 0},
    "batch_rows": 0,
    "paused_rows": 0,
    "pending": 0,
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
"""
QUEUE: Final[dict[str, Any]] = {
    "name": "mail",
    "concurrency": 16,
    "rate": "30/min",
    "per_day": 1500,
    "paused": {"since": "2026-03-01T13:05:00.000Z"},
    "held": None,
    "counts": {state.value: 17 if state is State.SUCCEEDED else 0 for state in State},
    "waits_since": None,
}
QUEUES: Final = {
    "queues": [QUEUE],
    "processes": [{"name": "", "lanes": {"io": {"slots": 32, "busy": 2}}}],
}

_ENDS: Final = {"done": 1861, "failed": 24, "again": 31}
_TIMES: Final = {"wait_median": 0.4, "wait_p95": 2.0, "run_median": 0.4, "longest": 2.1}
_FIGURES: Final[dict[str, Any]] = {**_ENDS, **_TIMES}
OVERVIEW: Final = {
    "span": "hour",
    "since": "2026-03-01T12:06:00.000Z",
    "until": "2026-03-01T13:05:20.000Z",
    "total": _FIGURES,
    "points": [{"at": "2026-03-01T12:06:00.000Z", **_FIGURES}],
    "queues": [QUEUE],
    "tasks": [{"task": "send_confirmation_email", "title": "Confirmation e-mail", **_FIGURES}],
}

SCHEDULE: Final[dict[str, Any]] = {
    "name": "digest",
    "title": "Digest",
    "queue": "report",
    "cron": "0 7 * * mon-fri",
    "every": None,
    "timezone": "Europe/Berlin",
    "missed": "run_once",
    "next_at": "2026-03-02T06:00:00.000Z",
    "last": {"at": "2026-02-27T06:00:00.004Z", "task_id": 17, "state": "succeeded"},
    "runs": [{"task_id": 17, "state": "succeeded", "took": 1.2}],
    "paused_at": None,
}
SCHEDULES: Final = {"schedules": [SCHEDULE]}
MADE_ROW: Final[dict[str, Any]] = {
    **TASK_ROW,
    "item_id": None,
    "task": "digest",
    "title": "Digest",
    "to": None,
    "state": "queued",
    "attempt": 0,
    "max_attempts": 5,
    "queue": "digest",
    "started_at": None,
    "finished_at": None,
}
MESSAGE: Final[dict[str, Any]] = {
    "message_id": "0195a1b2c3d4.8c2f1e@example.org",
    "at": "2026-03-01T09:30:05.431Z",
    "from": "Box office <desk@example.org>",
    "to": "Ada Lovelace <ada@example.org>",
    **dict.fromkeys(("reply_to", "cc", "bcc"), "treasurer@example.org"),
    "subject": "Your booking 1204",
    "text": "Dear Ada Lovelace,\n\nyour booking 1204 is registered.\n",
    "html": "<p>Dear Ada Lovelace,</p><p>your booking 1204 is registered.</p>\n",
    "source": "From: Box office <desk@example.org>\r\nTo: Ada Lovelace <ada@example.org>\r\n…",
    "files": [{"file": "seats.pdf", "size": 48_213}],
}
TEMPLATE_MESSAGES: Final = {
    "open": 31,
    "again": 2,
    "counts_are_exact": True,
    "older": [{"kind": "open", "count": 14, "at": "2026-12-01T08:00:00.000Z", "stuck": 2}],
    "fields": ["Seat row"],
    "fault": "The template “renewal” needs “Seat row”, which is missing.",
}

PREVIEW: Final = {"template": "confirmation", "item": NEW_ITEM, "item_id": 1204}
PREVIEWED: Final = {
    **{key: MESSAGE[key] for key in MESSAGE if key not in {"message_id", "at"}},
    "subject_html": "Your booking 1204",
    "marked": ["titel"],
    "values": {"title": "Opera night"},
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
            "standard": ["name"],
            "left_over": [],
        }
    ],
    "deleted": [{"name": "summer", "version": "1795000000000", "at": "2026-11-18T11:06:40.000Z"}],
}
_SIDES: Final[dict[str, Any]] = {
    "subject": "Your membership {{ year }}",
    "text": "Dear {{ first_name }},\n\nthank you for renewing your membership.",
    "html": None,
    "format": "",
    **dict.fromkeys(("sender", "cc", "bcc"), ""),
    "reply_to": "office@example.org",
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
BATCH_NUMBER: Final = {"batch_id": 3}
_WAY = {"locale": "de_DE", "short_date": "dd.mm.yyyy", "point": ",", "group": ".", "names": []}
BATCH_SETTINGS: Final[dict[str, Any]] = {
    "name": "Renewals 2027",
    "key": ["email", "title"],
    "template": "renewal",
    "rate": "500/day",
    "run_at": "2026-03-01T08:00:00Z",
    "columns": {"Name": "name", "E-Mail": "email", "Year": "fields.year", "Remarks": None},
    "reading": {**_WAY, "long_date": "dddd, d. mmmm yyyy", "plain": ["Year"]},
}
NEW_BATCH: Final = {**BATCH_SETTINGS, "continues": 2}
_NO_ROWS: Final = dict.fromkeys(BatchCounts.__annotations__, 0)
COUNTS: Final = {**_NO_ROWS, "rows": 3000, "ready": 2985, "problems": 12, "twice": 3}
BATCH: Final[dict[str, Any]] = {
    **NEW_BATCH,
    "batch_id": 3,
    "rev": 41,
    "tasks": ["send_confirmation_email"],
    "run_at": "2026-03-01T08:00:00.000Z",
    "created_at": "2026-02-27T16:12:00.000Z",
    "changed_at": "2026-02-27T16:14:30.000Z",
    "state": "draft",
    "sheet": "renewals.xlsx",
    "subject": "Your membership {{ year }}",
    **dict.fromkeys(("sender", "reply_to", "cc", "bcc"), "Box office <desk@example.org>"),
    **dict.fromkeys(("started_at", "finished_at", "continued_by", "replaces")),
    **dict.fromkeys(("opted_out", "copies")),
    "replaced_by": [{"batch_id": 4, "count": 2}],
    **dict.fromkeys(("corrected", "unused", "marked", "bounced", "to_retry"), 0),
    "counts": COUNTS,
    "leaves": {
        **dict.fromkeys(("next_at", "reason", "put_off", "limited_by", "taken", "closes_at")),
        "last_at": "2026-03-06T08:00:00.000Z",
        "reason_data": {},
    },
    "causes": [],
}
STARTED_BATCH: Final = {
    **BATCH,
    "rev": 611,
    "started_at": "2026-02-27T16:15:00.000Z",
    "state": "running",
    "counts": {**COUNTS, "left_out": 15, "open": 2475, "sent": 509, "failed": 1},
    "to_retry": 1,
}
BATCH_PAGE: Final = {"batches": [STARTED_BATCH], "next": None}
START_BATCH: Final = {"changed": False, "send_same": False}
ACT_ON_BATCH: Final = {"delay": 5}
_ON_BATCH: Final = PENDING | {"tasks": [], "touched": 2475, "batch_id": 4}
WAITING_BATCH: Final = STARTED_BATCH | {"pending": _ON_BATCH}

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
    "message": "Ready to be sent.",
    "path": None,
    "corrections": [],
    "item_id": None,
    "task_id": None,
    "outcome": None,
    "state": None,
    "sent_at": None,
    "answer": None,
    "message_id": None,
    "bounced": None,
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
    "title": "Copy of row 2’s e-mail, batch 3",
    "to": "Box office <desk@example.org>",
    "state": "queued",
    "started_at": None,
    "finished_at": None,
    "attempt": 0,
}
FILE: Final = {"file": "statutes.pdf", "size": 212_417}
FILES: Final = {"attachments": [FILE]}
SHEET: Final = "Name;E-Mail;Year\nAda Lovelace;ada@example.org;2027\n"
FUNCTIONS: Final = {
    "functions": [
        {
            "name": "nightly_report",
            "title": "Nightly report",
            "doc": "Write the report of one month.",
            "lane": "cpu",
            "queue": "reports",
            "takes_item": False,
            "parameters": {
                "type": "object",
                "properties": {
                    "month": {"type": "string", "format": "date"},
                    "format": {"type": "string", "enum": ["pdf", "csv"], "default": "pdf"},
                },
                "required": ["month"],
                "additionalProperties": False,
            },
        }
    ]
}

LETTERHEAD: Final = {
    "name": "Tennis Club Aurach",
    "line": "since 1952",
    "colour": "#0B6B57",
    "signature": "Marta Lindqvist\nOffice, Tennis Club Aurach",
    "logo": None,
}
ACTS: ActPage = {
    "acts": [
        {
            "id": 12,
            "at": "2026-03-01T09:30:00.000Z",
            "who": "Ann",
            "verb": "cancel",
            "kind": "task",
            "name": "",
            "tasks": [[42, 44], [51, 51]],
            "count": 4,
        }
    ],
    "next": None,
}
BY_OPERATION: Final[dict[str, tuple[Any, Any]]] = {
    **settings_examples.BY_OPERATION,
    "get_health": (None, HEALTH),
    "get_stats": (None, STATS),
    "get_metrics": (None, METRICS),
    **dict.fromkeys(("keep_sheet", "get_batch"), (None, BATCH)),
    "get_sheet": (None, SHEET),
    "list_attachments": (None, FILES),
    "copy_attachments": ({"batch_id": 3}, FILES),
    "attach_to_batch": (None, FILE),
    "add_rows": (NEW_ROWS, COUNTS),
    "list_rows": (None, ROW_PAGE),
    "correct_row": (ROW_CORRECTION, ROW),
    "take_back_value": (None, ROW),
    "send_row": (None, COPY_ROW),
    "create_batch": (NEW_BATCH, BATCH_NUMBER),
    "list_batches": (None, BATCH_PAGE),
    "change_batch": (BATCH_SETTINGS, BATCH),
    "start_batch": (START_BATCH, STARTED_BATCH),
    **dict.fromkeys(("pause_batch", "resume_batch"), (None, STARTED_BATCH)),
    "limit_batch": ({"rate": "500/day"}, STARTED_BATCH),
    "put_off_batch": ({"run_at": "2026-03-01T08:00:00.000Z"}, STARTED_BATCH),
    **dict.fromkeys(("cancel_batch", "retry_batch"), (ACT_ON_BATCH, WAITING_BATCH)),
    "delete_batch": (None, _ON_BATCH | {"action": "delete"}),
    "act_on_tasks": (BULK, BULK_ANSWER),
    "list_pending": (None, {"pending": [PENDING]}),
    "get_pending": (None, PENDING),
    "make_page_code": (None, {"code": "0f" * 32, "seconds": 60}),
    "list_acts": (None, ACTS),
    "export_acts": (None, "at,who,verb,kind,name,count,tasks\r\n"),
    "change_task": (TASK_CHANGE, TASK_ROW),
    "list_functions": (None, FUNCTIONS),
    **dict.fromkeys(("create_next_item", "create_item"), (NEW_ITEM, ITEM_NUMBER)),
    "correct_item": (CORRECTION, CORRECTED_ITEM),
    "list_items": (None, ITEM_PAGE),
    "get_next_number": (None, ITEM_NUMBER),
    "get_item": (None, ITEM_DETAIL),
    "get_task_message": (None, MESSAGE),
    "create_items": (MANY_ITEMS, ITEM_RESULTS),
    **dict.fromkeys(("list_queues", "pause_queues", "resume_queues"), (None, QUEUES)),
    **dict.fromkeys(("pause_queue", "resume_queue", "retry_queue"), (None, QUEUE)),
    "get_overview": (None, OVERVIEW),
    "list_schedules": (None, SCHEDULES),
    **dict.fromkeys(("pause_schedule", "resume_schedule"), (None, SCHEDULE)),
    "run_schedule": (None, MADE_ROW),
    "create_task": (NEW_TASK, TASK_ROW),
    "list_tasks": (None, TASK_PAGE),
    "count_tasks": (None, TASK_COUNTS),
    "list_ids": (None, '{"ids":[17,16,12],"as_of":"5f3a9c1e7b20-9001"}\n'),
    "get_task": (None, TASK_DETAIL),
    "cancel_task": (None, CANCELLED_ROW),
    "retry_task": (None, TASK_ROW),
    "resolve_task": (RESOLUTION, TASK_ROW),
    "list_causes": (None, CAUSES),
    "list_templates": (None, TEMPLATE_NAMES),
    "forget_item": (None, FORGOTTEN),
    "get_template": (None, TEMPLATE),
    "replace_template": (TEMPLATE_CHANGE, TEMPLATE),
    "get_template_messages": (None, TEMPLATE_MESSAGES),
    "take_newest_template": ({"kinds": ["open", "kept"]}, {"taken": 14, "held": []}),
    "get_template_version": (None, TEMPLATE_VERSION),
    "attach_file": (None, ATTACHED_FILE),
    "upload_attachment": (None, {"id": "9f86d081884c7d659a2feaa0/a.pdf", "size": 9}),
    "preview_template": (PREVIEW, PREVIEWED),
    "get_letterhead": (None, LETTERHEAD),
    "replace_letterhead": (LETTERHEAD, LETTERHEAD),
    **OF_THE_LIST,
}
