"""Judges what an earlier run left behind: tasks that were running, or a store from a backup."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sendoff_tasks.attempts.outcomes import Crashed, GivenBack, LeftUncertain
from sendoff_tasks.dispatch.after_attempt import BEGUN_MS, UNSUSPECTED_MS, SuspectQueue, end
from sendoff_tasks.duties.pruner import PrunerProgress, drop_events
from sendoff_tasks.errors import EngineError
from sendoff_tasks.events.notices import notice_of
from sendoff_tasks.folder.database_backups import RESTORED_AT, Backup
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.store.tables.statements import read_meta
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.memory import NEVER
from sendoff_tasks.transaction.parts import Part
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.transaction.rate_windows import forget_old_starts
from sendoff_tasks.transaction.uncertain import cut_short_words, uncertain_because
from sendoff_tasks.verbs.pause_queue import pause
from sendoff_tasks.words.table import ENGLISH


class Life(Part):
    """What the next start learns of this process, should it end without a word."""

    def __init__(self) -> None:
        self.next_age = NEVER  # when an attempt reaches an age that matters after a crash
        self.stop_noted = False  # whether the store records that the engine stops
        self._before = NEVER

    def load(self, source: Source) -> None:
        """Read whether a stop was recorded."""
        self.stop_noted = read_meta(source, statements.STOPPING) is not None

    def begin(self, group: Group) -> None:
        """Remember the next age."""
        self._before = self.next_age

    def undo(self) -> None:
        """Put the next age back."""
        self.next_age = self._before

    def shift(self, group: Group, ms: int) -> None:
        """Look at the ages at once."""
        self.next_age = group.now


def recover(group: Group) -> None:
    """Judge the tasks that ran when the program ended.

    The lock on the store means that no other engine runs, so each *running* task was cut short,
    except those that a worker continues. After its point of no return a task becomes *uncertain*;
    before it, the task may have begun and is safe to repeat. The attempt ends as a crash, unless
    the engine was stopping and was killed before it had given its tasks back. When the attempt
    ended is not known. *Queued* tasks never started, and stay as they are.
    """
    adopted = group.memory.running
    orphans = [each for each in group.select(statements.RUNNING) if each.id not in adopted]
    was_stopping = _was_stopping(group)
    lived = int(read_meta(group.cursor, statements.LIVED) or 0)
    group.cursor.execute(statements.DELETE_META, (statements.LIVED,))  # the clock may be set back
    cut_short = [(each.id, each.attempt) for each in orphans]
    for record, crashed in suspect(group, orphans, lived):
        end(group, record, GivenBack() if was_stopping else crashed)
    group.flush()
    for attempt in cut_short:
        group.cursor.execute(statements.FORGET_END, attempt)
    group.part(SuspectQueue).start_over(group.now)
    forget_old_starts(group)


def suspect(
    group: Group, cut_short: Sequence[TaskRecord], lived: int
) -> Iterator[tuple[TaskRecord, Crashed]]:
    """Tell which of the attempts may have ended their process, which still ran at ``lived``.

    That is the only one, or one that had just begun, unless a feature trusts its function. One that
    ran for long is not suspected.
    """
    lived = max([lived, *(each.started_at or 0 for each in cut_short)])
    for record in cut_short:
        age = lived - (record.started_at or lived)
        if age >= UNSUSPECTED_MS:
            crashed = Crashed(ENGLISH.say("history", "orphaned"), is_evidence=False)
        elif len(cut_short) == 1:
            crashed = Crashed(ENGLISH.say("history", "alone"))
        elif age < BEGUN_MS and not _is_trusted(group, record):
            crashed = Crashed(ENGLISH.say("history", "just_begun"))
        else:
            crashed = Crashed(ENGLISH.say("history", "orphaned"), is_evidence=False)
        yield record, replace(crashed, error=cut_short_words(record)) if record.passed else crashed


def _is_trusted(group: Group, record: TaskRecord) -> bool:
    """Tell whether a feature trusts the function."""
    spec = group.spec(record)
    return spec is not None and any(each.trusts(spec) for each in group.memory.features)


def note_life(group: Group) -> None:
    """Record that the process lives when an attempt reaches an age that matters after a crash."""
    life, now = group.part(Life), group.now
    if group.claimed:
        life.next_age = min(life.next_age, now + BEGUN_MS)
    if life.next_age <= now:
        running = [*group.memory.running.values(), *group.claimed]
        begun = [each.record.started_at or now for each in running if not each.worker]
        if min(begun, default=now) <= now - BEGUN_MS:
            group.cursor.execute(statements.PUT_META, (statements.LIVED, str(now)))
        ages = (at + age for at in begun for age in (BEGUN_MS, UNSUSPECTED_MS))
        life.next_age = min((at for at in ages if at > now), default=NEVER)


def note_stop(group: Group) -> None:
    """Record once that the engine stops, if anything runs that a kill could cut short."""
    life = group.part(Life)
    if group.memory.running and not life.stop_noted:
        group.cursor.execute(statements.PUT_META, (statements.STOPPING, str(group.now)))
        life.stop_noted = True


def _was_stopping(group: Group) -> bool:
    """Tell whether the earlier run recorded a stop, and delete the record."""
    life = group.part(Life)
    was_stopping = life.stop_noted
    if was_stopping:
        group.cursor.execute(statements.DELETE_META, (statements.STOPPING,))
        life.stop_noted = False
    return was_stopping


TASKS: Final = 10_000_000
EVENTS: Final = 1_000_000_000
"""More numbers than were assigned since any backup; none of them is assigned again."""


def _doubt_again(group: Group, record: TaskRecord) -> None:
    reason = uncertain_because(Reason.MAY_BE_DONE, None, group.now)
    group.move(record, State.UNCERTAIN, reason, deadline=record.deadline)


def doubt_lost(group: Group, done: Collection[int], cut_off: Mapping[int, int]) -> None:
    """Doubt what a store lacks and the process remembers: the tasks that may be ``done`` since.

    ``cut_off`` are the attempts that were under way. Those still in memory go on; the others can
    write nothing any more, also when their task has another attempt.
    """
    running = group.memory.running
    for record in group.select(statements.RUNNING):
        if record.id not in running:
            end(
                group,
                record,
                LeftUncertain(ENGLISH.say("history", "went_back"), "")
                if record.id in done
                else GivenBack(),
            )
    for record in filter(None, map(group.find, done)):
        if record.id in running:
            group.change(record, passed=1)
        elif record.state in OPEN:
            _doubt_again(group, record)
    for task_id, attempt in cut_off.items():
        found = group.find(task_id)
        if found is not None and (more := attempt - found.attempt) > 0:
            group.change(found, attempt=attempt, max_attempts=found.max_attempts + more)


def settle_restored(group: Group) -> None:
    """Pause everything in a restored, older or copied store: what waits may have been done since.

    What a person had run again becomes uncertain once more, as it may have run. People get a
    notice. Numbers continue far beyond those of the lost store. Windows
    then read everything again, and nothing new gets the number or idempotency key of what has
    left traces outside.
    """
    copied_at = read_meta(group.cursor, RESTORED_AT)
    if copied_at is None:
        return
    memory = group.memory
    memory.last_task += TASKS
    for feature in memory.features:
        feature.restored(group)
    group.cursor.execute(statements.FORGET_LAST_TASK)
    group.cursor.execute(statements.SET_LAST_TASK, (memory.last_task,))
    group.flush()
    drop_events(group, memory.last_event + EVENTS)
    memory.last_event = group.part(PrunerProgress).events_floor
    group.all_changed()  # the next start compares the clock with this event
    group.part(PendingRecords).delete_all(group)
    _was_stopping(group)  # its attempts may have gone on since, so they count as crashed
    for record in group.select(statements.OPEN_AGAIN):
        _doubt_again(group, record)
    pause(group, None)
    group.cursor.execute(statements.DELETE_META, (RESTORED_AT,))
    check = {"refusal": "restored.check", "data": {}}
    older = EngineError("restored.older", check=check)
    match json.loads(copied_at or "null"):
        case int(at):
            when = Backup(Path(), datetime.fromtimestamp(at / 1000, UTC), 0).when
            older = EngineError("restored.backup", backup=when, check=check)
        case [groups, tasks]:
            counts = {"changes": groups, "tasks": tasks}
            lost = {
                name: {"refusal": f"restored.{name}", "data": {"count": count}}
                for name, count in counts.items()
            }
            older = EngineError("restored.went_back", **lost, check=check)
    group.cursor.execute(statements.PUT_META, (statements.PAUSED_WHY, str(older)))
    notice = notice_of(NoticeId.RESTORED, "warning", older)
    group.notices.append(notice)
