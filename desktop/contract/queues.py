"""Queues as ``GET /queues`` tells them."""

from __future__ import annotations

from typing import Literal, TypedDict

WayOut = Literal["mail_settings", "tasks_folder"]
"""Where the window can lead to what ends a hold."""


class QueueHold(TypedDict):
    """Since when a queue waits for a person or a cure, and why; *resume* does not end it.

    A retry of one of its tasks does, and where ``action`` is ``mail_settings``, mail settings that
    are saved or a test message that arrives.
    """

    since: str
    reason: str
    action: WayOut | None


class Paused(TypedDict):
    """Since when a queue is paused, alone or with all others."""

    since: str


class Queue(TypedDict):
    """One queue; O(1) in tasks.

    ``concurrency`` of its tasks run at once at most, or any number; they begin as often as ``rate``
    (``30/min``) allows, or at once.
    """

    name: str
    concurrency: int | None
    rate: str | None
    paused: Paused | None
    held: QueueHold | None
    counts: dict[str, int]


class Queues(TypedDict):
    """``GET /queues``, by name."""

    queues: list[Queue]
