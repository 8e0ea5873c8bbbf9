"""What a person is told of the queues that are paused."""

from __future__ import annotations

from typing import Final

from desktop.contract.events import Notice
from desktop.contract.items import MAIL_QUEUE
from desktop.contract.times import local_time
from desktop.engine.store.tables.records import ALL_QUEUES

_WHAT: Final = {ALL_QUEUES: "Everything", MAIL_QUEUE: "Sending"}


def pause_notice(queue: str, since: int, *, active: bool) -> Notice:
    """Say that a queue (``ALL_QUEUES``: everything) is paused, or take that back."""
    return Notice(
        id=f"paused:{queue}",
        level="info",
        text=f"{_WHAT.get(queue, queue)} is paused since {local_time(since)}.",
        action="resume",
        active=active,
    )
