"""The example of an overview in the API's description."""

from __future__ import annotations

from typing import Any, Final

from desktop.backend.wire.examples import QUEUE

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
