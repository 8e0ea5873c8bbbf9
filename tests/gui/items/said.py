"""All that is said of an item: ``python -m tests.library.words.said`` writes it.

A line has its look, all of its lead, why its person is informed or not, and its tasks in words.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from desktop.gui.items.item_words import informed_lead, look_of, tasks_in_words, why_words
from desktop.gui.kit.words.states import sentences
from sendoff_tasks.model.times import epoch
from tests.gui.items.test_item_table import item
from tests.gui.locales import BRITAIN, in_locale
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from collections.abc import Iterator

APPROVED: Final = Path(__file__).with_name("said.txt")
NOW: Final = epoch("2026-11-21T12:00:00.000Z") or 0.0
TOMORROW: Final = "2026-11-22T12:00:00.000Z"
SINCE: Final = {"since": "2026-11-21T10:00:00.000Z"}
GONE: Final = "127.0.0.1 cannot be reached (Connection refused)"
UNKNOWN: Final = {"error": "550 unknown"}
RECEIPT: Final = {"title": "Receipt", "queue": "receipt"}


def held(**data: Any) -> dict[str, Any]:
    """Return what a message waits for."""
    return {"reason": "held_for_person", "run_at": None, "reason_data": data}


def stopped(reason: str) -> dict[str, Any]:
    """Return what a pause does to a message that has met an error before."""
    return {"reason": reason, "reason_data": SINCE, "error": GONE}


def of(informed: str | None, *tasks: tuple[str, dict[str, Any]], **given: Any) -> Any:
    """Make an item with tasks of these states."""
    rows = [task_row(number, state, **told) for number, (state, told) in enumerate(tasks, 1)]
    return item(1, informed, tasks=rows, **given)


ITEMS: Final[dict[str, Any]] = {
    "on its way": of("not_yet", ("queued", {})),
    "for tomorrow": of("not_yet", ("scheduled", {"run_at": TOMORROW})),
    "for tomorrow, after a pause": of(
        "not_yet", ("scheduled", {"run_at": TOMORROW, "reason_data": {"paused": TOMORROW}})
    ),
    "on hold": of("not_yet", ("waiting", held(text="The template needs “Foo”."))),
    "on hold, fixed": of("not_yet", ("waiting", held(text="It needs “Foo”.", fixed=True))),
    "tried again": of("not_yet", ("waiting", {"reason": "retry_later", "run_at": TOMORROW})),
    "batch paused": of("not_yet", ("scheduled", stopped("batch_paused"))),
    "all paused": of("not_yet", ("queued", stopped("all_paused"))),
    "queue paused": of("not_yet", ("queued", stopped("queue_paused"))),
    "uncertain": of("not_sure", ("uncertain", {})),
    "uncertain, cancelled": of("not_sure", ("cancelled", {})),
    "uncertain, refused at last": of(
        "not_sure",
        (
            "uncertain",
            {"reason": "final_answer", "reason_data": {"may_have_arrived": True}} | UNKNOWN,
        ),
    ),
    "uncertain, no tasks any more": of("not_sure"),
    "failed": of("no", ("failed", UNKNOWN)),
    "failed, seen": of("no", ("failed", {**UNKNOWN, "seen": True})),
    "failed, seen, sent again": of(
        "no", ("failed", {**UNKNOWN, "seen": True, "reason_data": {"task_id": 9}})
    ),
    "failed, beside a copy": of(
        "no", ("failed", UNKNOWN), ("succeeded", {"to": "cy@example.org", "copy": True})
    ),
    "cancelled": of("no", ("cancelled", {})),
    "failed and cancelled": of("no", ("failed", {}), ("cancelled", {})),
    "erased": of("no", erased=True),
    "sent": of("yes", ("succeeded", {})),
    "marked as sent": of("yes", ("succeeded", {"reason": "settled_by_person", "attempt": 2})),
    "sent, its message is removed": of(
        "yes", ("failed", UNKNOWN), ("succeeded", {"reason": "kept"})
    ),
    "sent, no tasks any more": of("yes", informed_at="2026-09-03T10:00:00.000Z"),
    "sent, with tasks of its own": of(
        "not_sure",
        ("succeeded", {}),
        ("running", RECEIPT),
        ("failed", RECEIPT),
        ("succeeded", {"to": "cy@example.org", "reason": "kept", "copy": True}),
    ),
    "kept": of("kept", ("succeeded", {"reason": "kept"})),
    "asked for none": of(None, ("succeeded", {})),
    "asked for none, no tasks": of(None),
}


def said() -> str:
    """Return it all, with times as in Britain."""
    with in_locale(BRITAIN), patch.object(time, "time", lambda: NOW):
        return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    for name, one in ITEMS.items():
        look = look_of(one)
        seen = "–" if look is None else f"{look.icon} {look.token}"
        told = (sentences(*informed_lead(one, NOW)), why_words(one), tasks_in_words(one))
        yield f"{name}: {' | '.join((seen, *told))}".rstrip()
