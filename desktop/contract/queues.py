"""Queues as ``GET /queues`` tells them."""

from __future__ import annotations

from typing import Literal, TypedDict

from desktop.contract.reasons import Reason

WayOut = Literal["mail_settings", "tasks_folder"]
"""Where the window can lead to what ends a hold."""
HoldKind = Literal[Reason.QUEUE_HELD, Reason.OFFLINE, Reason.QUOTA]
"""Whether a person has to fix something, or the queue tries by itself until its server answers."""


class QueueHold(TypedDict):
    """Since when a queue waits, and why; *resume* does not end it.

    Where ``kind`` is ``queue_held``, a retry of one of its tasks ends it, or where ``action`` is
    ``mail_settings``, mail settings that are saved or a test message that arrives. Else its server
    is ``offline`` or takes no more (``quota``): then one task tries at ``until``, or when one of
    these happens, and the server's answer ends it.
    """

    since: str
    kind: HoldKind
    until: str | None
    reason: str
    action: WayOut | None


class Paused(TypedDict):
    """Since when a queue is paused, alone or with all others."""

    since: str


class Queue(TypedDict):
    """One queue; O(1) in tasks.

    ``concurrency`` of its tasks run at once at most, or any number; they begin as often as ``rate``
    (``30/min``) allows, or at once, and not more than ``per_day`` in any 24 hours.
    """

    name: str
    concurrency: int | None
    rate: str | None
    per_day: int | None
    paused: Paused | None
    held: QueueHold | None
    counts: dict[str, int]


class Queues(TypedDict):
    """``GET /queues``, by name."""

    queues: list[Queue]
