"""Queues as ``GET /queues`` tells them."""

from __future__ import annotations

from typing import TypedDict


class Held(TypedDict):
    """Since when a queue waits for a person or a cure, and why."""

    since: str
    reason: str


class Queue(TypedDict):
    """One queue: ``concurrency`` of its tasks run at once at most, or any number; O(1) in tasks."""

    name: str
    concurrency: int | None
    held: Held | None
    counts: dict[str, int]


class Queues(TypedDict):
    """``GET /queues``, by name."""

    queues: list[Queue]
