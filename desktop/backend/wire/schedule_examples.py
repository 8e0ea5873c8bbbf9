"""The examples of schedules in the API's description."""

from __future__ import annotations

from typing import Any, Final

from desktop.backend.wire.examples import TASK_ROW

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
