"""Release: the cure of a held queue has come."""

from __future__ import annotations

from desktop.engine.queues.holds import STEP, free_queue, release_held
from desktop.engine.queues.outages import probe_now
from desktop.engine.store.tables.records import Hold
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.replies import More


def release(group: Group, queue: str) -> int | More:
    """Let the queue go on, and the tasks that were held with it; returns how many those were.

    One of them tries alone whether that was the cure: a wrong password reaches its server once.
    A queue that waits for its server stays held: one task tries at once, and goes on if it answers.
    """
    if probe_now(group, queue):
        return 0
    if queue in group.memory.held_queues:
        group.on_trial.add(queue)
    free_queue(group, queue)
    return _go_on(group, queue, 0)


def _go_on(group: Group, queue: str, before: int) -> int | More:
    """Release the next few tasks, unless one of the first has found that nothing was cured."""
    held = group.memory.held_queues.get(queue)
    if held is not None and held.until is None:
        return before
    functions = [f for f in group.memory.functions.values() if f.queue == queue]
    counts = [release_held(group, function, Hold.QUEUE) for function in functions]
    released = before + sum(counts)
    return More(lambda later: _go_on(later, queue, released)) if STEP in counts else released
