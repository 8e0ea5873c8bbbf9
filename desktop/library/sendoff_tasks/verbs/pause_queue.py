"""Pause, resume and release: stop a queue, continue it, or end its hold."""

from __future__ import annotations

import logging
import shlex

from sendoff_tasks.causes import because
from sendoff_tasks.log_rate_limit import LogRateLimit
from sendoff_tasks.model.events import Notice, NoticeId
from sendoff_tasks.model.program import command
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.queues.holds import STEP, Trials, free_queue, probe_now, release_held
from sendoff_tasks.queues.workers import Workers
from sendoff_tasks.store.tables.records import ALL_QUEUES, Hold
from sendoff_tasks.store.tables.statements import (
    DELETE_META,
    DELETE_PAUSE,
    INSERT_PAUSE,
    PAUSED_WHY,
    read_meta,
)
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.replies import More
from sendoff_tasks.words.reasons import paused_words

log = logging.getLogger(__name__)
log.addFilter(LogRateLimit(logging.WARNING))


def pause(group: Group, queue: str | None) -> None:
    """Pause a queue, or all queues, present and future. Pausing twice is harmless."""
    name = ALL_QUEUES if queue is None else queue
    if name not in group.memory.pauses:
        _begin(group, name, group.now)
        group.all_changed()


def resume(group: Group, queue: str | None) -> None:
    """Resume a queue, or all queues. If all were paused, the others stay paused."""
    pauses = group.memory.pauses
    if queue is None:
        over = list(pauses)
    else:
        over = [name for name in (queue, ALL_QUEUES) if name in pauses]
    since_all = pauses.get(ALL_QUEUES)
    for name in over:
        _end(group, name)
    if queue is not None and since_all is not None:
        for other in sorted(_queues(group) - {queue} - pauses.keys()):
            _begin(group, other, since_all)
    if over:
        group.all_changed()


def log_pause(group: Group) -> None:
    """Log why nothing runs if no person has paused it: the store is restored, older or a copy."""
    if ALL_QUEUES in group.memory.pauses and (why := read_meta(group.cursor, PAUSED_WHY)):
        folder = group.memory.folder
        where = "" if folder is None else f" --data-dir {shlex.quote(str(folder))}"
        log.warning("%s Until %s or engine.resume(), nothing runs.", why, command(f"resume{where}"))


def _queues(group: Group) -> set[str]:
    """Return all queues: those of registered functions, and those that have had tasks."""
    accepted = {function.queue for function in group.memory.functions.values()}
    return accepted | {spec.queue for spec in group.registry.specs()}


def _begin(group: Group, name: str, since: int) -> None:
    group.cursor.execute(INSERT_PAUSE, (name, since))
    group.memory.pauses[name] = since
    group.notices.append(pause_notice(name, since, active=True))


def _end(group: Group, name: str) -> None:
    since = group.memory.pauses.pop(name)
    group.cursor.execute(DELETE_PAUSE, (name,))
    if name == ALL_QUEUES:
        group.cursor.execute(DELETE_META, (PAUSED_WHY,))
    group.notices.append(pause_notice(name, since, active=False))


def pause_notice(queue: str, since: int, *, active: bool) -> Notice:
    """Return the notice of a paused queue (``ALL_QUEUES``: everything), or its end."""
    kind = Reason.ALL_PAUSED if queue == ALL_QUEUES else Reason.QUEUE_PAUSED
    reason = because(kind, queue=queue or None, since=wire_time(since))
    return Notice(
        id=f"{NoticeId.PAUSED}{queue}",
        level="info",
        text=f"{paused_words(queue, wire_time(since))}.",
        action="resume",
        active=active,
        reason=reason.reason.value,
        reason_data=reason.data,
    )


def release(group: Group, queue: str) -> int | More:
    """End a queue's hold and release the tasks held with it; return how many those are.

    One of them tries alone first, so a wrong password reaches its server only once. A queue that
    waits for its server stays held, but one task probes at once.
    """
    if probe_now(group, queue):
        return 0
    group.part(Workers).unable.pop(queue, None)
    if queue in group.memory.held_queues:
        group.part(Trials).begun.add(queue)
    free_queue(group, queue)
    return _release_more(group, queue, 0)


def _release_more(group: Group, queue: str, before: int) -> int | More:
    """Release the next few tasks, unless one of the first has held the queue again."""
    held = group.memory.held_queues.get(queue)
    if held is not None and held.until is None:
        return before
    functions = [f for f in group.memory.functions.values() if f.queue == queue]
    counts = [release_held(group, function, Hold.QUEUE) for function in functions]
    released = before + sum(counts)
    return More(lambda later: _release_more(later, queue, released)) if STEP in counts else released
