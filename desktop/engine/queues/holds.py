"""Queues of which nothing starts, held for a person or paused by one; one notice says why."""

from __future__ import annotations

from typing import Final

from desktop.contract.events import Notice
from desktop.contract.items import MAIL_QUEUE
from desktop.contract.times import local_time
from desktop.engine.attempts.outcomes import Held
from desktop.engine.store.tables import statements
from desktop.engine.store.tables.records import ALL_QUEUES, HeldQueue
from desktop.engine.transaction.group import Group

_WHAT: Final = {ALL_QUEUES: "Everything", MAIL_QUEUE: "Sending"}


def queue_notice(held: HeldQueue, *, active: bool) -> Notice:
    """Say that a queue is held, or take that back."""
    return Notice(
        id=f"queue:{held.name}",
        level="error",
        text=held.reason,
        action=held.action,
        active=active,
    )


def pause_notice(queue: str, since: int, *, active: bool) -> Notice:
    """Say that a queue (``ALL_QUEUES``: everything) is paused, or take that back."""
    return Notice(
        id=f"paused:{queue}",
        level="info",
        text=f"{_WHAT.get(queue, queue)} is paused since {local_time(since)}.",
        action="resume",
        active=active,
    )


def hold_queue(group: Group, name: str, outcome: Held) -> None:
    """Hold the queue with one notice, however many of its tasks find the same."""
    if name not in group.memory.held_queues:
        held = HeldQueue(name, outcome.reason, outcome.action, group.now, *outcome.answer)
        group.cursor.execute(statements.INSERT_QUEUE, held)
        group.memory.held_queues[name] = held
        group.notices.append(queue_notice(held, active=True))
        group.changed_together(name)


def free_queue(group: Group, name: str) -> None:
    """Let a held queue go on and take its notice back."""
    held = group.memory.held_queues.pop(name, None)
    if held is not None:
        group.cursor.execute(statements.DELETE_QUEUE, (name,))
        group.notices.append(queue_notice(held, active=False))
        group.freed.add(name)
        group.changed_together(name)
