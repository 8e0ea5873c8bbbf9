"""Resend: repeat an ended task as a new task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sendoff_tasks.errors import InTheWay
from sendoff_tasks.model.states import RESENDABLE, Refusal, State
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.submission import NewTask, TaskOptions
from sendoff_tasks.transaction.features import RepeatFor
from sendoff_tasks.transaction.function_rows import variables_of
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.searching import words_at_once
from sendoff_tasks.verbs.repeats import Messages, mark_repeated
from sendoff_tasks.verbs.retry import check_afresh, known_spec
from sendoff_tasks.verbs.submit import PreparedTask, add_task
from sendoff_tasks.words.table import ENGLISH


def resend(
    group: Group,
    record: TaskRecord,
    addressee: Mapping[str, Any] | None = None,
    messages: Messages | None = None,
) -> TaskRecord:
    """Add a task that repeats an ended one, with a new reference.

    It has the newest edition; in place of a task that did not succeed, the edition of that task. A
    failed task then counts as seen, unless only a copy is sent. Without an addressee the new task
    takes the first task's, or else its subject's current recipient. Raises what
    :func:`check_resend` raises.
    """
    check_resend(group, record, messages, is_elsewhere=addressee is not None)
    spec = known_spec(group, record)
    to = _addressed(group, record, addressee)
    group.flush()
    was_done = record.state == State.SUCCEEDED
    texts = {} if record.item_id is None else group.search.texts([record.item_id])
    task = NewTask(
        spec.name,
        to=to.recipient,
        title=record.title,
        options=TaskOptions(priority=record.priority),
        variables=variables_of(group, record.id),
        edition=_newest_edition(group, record) if was_done else record.edition,
    )
    prepared = PreparedTask(
        task,
        spec,
        arguments=record.arguments,
        key=record.key,
        words=words_at_once(record.title, to.recipient, texts.get(record.item_id or 0)),
        reference=spec.new_reference(),
        place=record.place if to.copy_for is None else None,
    )
    again = add_task(group, prepared, record.item_id, record.id, to.addressee, to.copy_for)
    if not again.is_copy:
        mark_repeated(group, record, again)
    group.log(record, group.now, "info", ENGLISH.say("history", "again_as", task_id=again.id))
    group.log(again, group.now, "info", ENGLISH.say("history", "again_of", task_id=record.id))
    return again


def check_resend(
    group: Group,
    record: TaskRecord,
    messages: Messages | None = None,
    *,
    is_elsewhere: bool = False,
) -> None:
    """Raise ``InTheWay`` for a task that has not ended or is uncertain.

    Raises ``Conflict`` if its function is gone, if another open task has its key, or if the same
    call (``messages``) sends the message to the same address by a later task. Also if the task did
    not succeed and was sent again since, unless the message now goes to another addressee.
    """
    if record.state not in RESENDABLE:
        raise InTheWay(Refusal(record.state), task_id=record.id, state=record.state)
    messages = messages or Messages(group)
    if record.state != State.SUCCEEDED and not is_elsewhere:
        messages.check_retry(record)
    messages.check_resend(record)
    check_afresh(group, record)


def _addressed(group: Group, record: TaskRecord, addressee: Mapping[str, Any] | None) -> RepeatFor:
    """Return to whom the new task goes: as asked, as the first task, or to its recipient."""
    told = addressee or json.loads(record.addressee or "null")
    if told is not None:
        for feature in group.memory.features:
            if (found := feature.repeat_for(group, record, told)) is not None:
                return found
    return RepeatFor(None, record.next_to or record.recipient)


def _newest_edition(group: Group, record: TaskRecord) -> str | None:
    """Return the edition of what a task's effect would be made of now."""
    found = (feature.edition_of(group, record) for feature in group.memory.features)
    return next(filter(None, found), None)
