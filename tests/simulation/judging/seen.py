"""What a listener reads of an event, and keeps of a task."""

from __future__ import annotations

from typing import NamedTuple


class Event(NamedTuple):
    id: int
    task_id: int
    state: str | None
    attempt: int
    at: int  # epoch ms


class Seen(NamedTuple):
    """A task as the listener knows it."""

    state: str
    attempt: int
