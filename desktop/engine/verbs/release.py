"""Release: the cure of a held queue has come."""

from __future__ import annotations

from desktop.engine.queues.holds import STEP, free_queue, release_held
from desktop.engine.store.tables.records import Hold
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.replies import More


def release(group: Group, queue: str) -> int | More:
    """Let the queue go on, and the tasks that were held with it; returns how many those were.

    One of them tries alone whether that was the cure: a wrong password reaches its server once.
    """
    if queue in group.memory.held_queues:
        group.memory.trials.add(queue)
    free_queue(group, queue)
    return _go_on(group, queue, 0)


def _go_on(group: Group, queue: str, before: int) -> int | More:
    """Release the next few tasks, unless one of the first has found that nothing was cured."""
    if queue in group.memory.held_queues:
        return before
    functions = [f for f in group.memory.functions.values() if f.queue == queue]
    counts = [release_held(group, function, Hold.QUEUE) for function in functions]
    released = before + sum(counts)
    return More(lambda later: _go_on(later, queue, released)) if STEP in counts else released
