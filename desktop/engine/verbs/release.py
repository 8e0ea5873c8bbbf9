"""Release: the cure of a held queue has come."""

from __future__ import annotations

from desktop.engine.group import Group
from desktop.engine.recovery import release_held
from desktop.engine.store.records import Hold


def release(group: Group, queue: str) -> int:
    """Let the queue go on, and the tasks that were held with it; returns how many those were."""
    group.free_queue(queue)
    functions = [f for f in group.memory.functions.values() if f.queue == queue]
    return sum(release_held(group, function.id, Hold.QUEUE) for function in functions)
