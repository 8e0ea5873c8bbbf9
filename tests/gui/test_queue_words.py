"""Queues say in words what they allow, whether they stand still, and what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.gui.queue_words import queue_title, queue_words, still_held_words

if TYPE_CHECKING:
    from desktop.contract.queues import Queue

NOON = 1_790_000_000.0


def queue(**changes: Any) -> Queue:
    same: dict[str, Any] = {
        "name": "mail",
        "concurrency": 16,
        "rate": None,
        "paused": None,
        "held": None,
        "counts": {},
    }
    return same | changes  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "nothing waits"),
        ({"counts": {"queued": 200, "waiting": 12}}, "212 waiting"),
        ({"rate": "30/min", "counts": {"queued": 212}}, "30 a minute · 212 waiting"),
        ({"rate": "1000/h", "counts": {"running": 3}}, "1000 an hour · 3 running"),
        ({"counts": {"running": 3, "waiting": 1}}, "3 running · 1 waiting"),
        (
            {"held": {"since": "2026-09-21T13:33:20Z", "reason": "no", "action": None}},
            "held · nothing waits",
        ),
    ],
)
def test_limit_and_line_are_said(changes: dict[str, Any], words: str) -> None:
    assert queue_words(queue(**changes), NOON) == words


def test_since_when_it_is_paused_is_said_in_local_time(monkeypatch: pytest.MonkeyPatch) -> None:
    paused = queue(paused={"since": "2026-09-21T12:00:00.000Z"})
    said = queue_words(paused, NOON)
    assert said.startswith("paused since ")
    assert said.endswith(":00 · nothing waits")
    days_later = queue_words(paused, NOON + 3 * 86400)
    assert "Sep" in days_later


@pytest.mark.parametrize(
    ("action", "ends"),
    [
        ("mail_settings", "Save working mail settings, or press Try now at one of its tasks."),
        (None, "Fix the problem, then press Try now at one of its tasks."),
    ],
)
def test_a_hold_that_stays_says_what_ends_it(action: str | None, ends: str) -> None:
    held = {"since": "2026-09-21T13:33:20Z", "reason": "535 no", "action": action}
    assert still_held_words(queue(held=held)) == f"Mail is still on hold. {ends}"
    assert still_held_words(queue()) == ""


def test_mail_has_a_word_and_others_their_name() -> None:
    assert queue_title("mail") == "Mail"
    assert queue_title("receipts") == "receipts"
