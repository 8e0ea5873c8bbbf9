"""Examples of queues, of an overview of them, and of schedules."""

from __future__ import annotations

from typing import Any, Final

from desktop.backend.wire.examples.tasks import TASK_ROW
from desktop.contract.states import State

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

_FIGURES: Final[dict[str, Any]] = {
    "done": 1861,
    "failed": 24,
    "again": 31,
    "wait_median": 0.4,
    "wait_p95": 2.0,
    "run_median": 0.4,
    "longest": 2.1,
}
OVERVIEW: Final = {
    "span": "hour",
    "since": "2026-03-01T12:06:00.000Z",
    "until": "2026-03-01T13:05:20.000Z",
    "total": _FIGURES,
    "points": [{"at": "2026-03-01T12:06:00.000Z", **_FIGURES}],
    "queues": [QUEUE],
    "tasks": [
        {"task": "send_confirmation_email", "title": "Confirmation e-mail", **_FIGURES},
    ],
}

SCHEDULE: Final[dict[str, Any]] = {
    "name": "digest",
    "title": "Digest",
    "cron": "0 7 * * mon-fri",
    "every": None,
    "timezone": "Europe/Berlin",
    "missed": "run_once",
    "next_at": "2026-03-02T06:00:00.000Z",
    "last": {"at": "2026-02-27T06:00:00.004Z", "task_id": 17, "state": "succeeded"},
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
