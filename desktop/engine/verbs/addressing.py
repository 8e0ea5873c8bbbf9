"""Addressing: whom a task goes to once its item was corrected, and under which reference."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Final

from desktop.contract.reasons import ReasonData
from desktop.contract.rules.mailbox import same_address
from desktop.contract.states import State
from desktop.engine.errors import Conflict
from desktop.engine.functions.spec import TaskSpec
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.text import sentence
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.searching import ItemTexts
from desktop.engine.verbs.submit.items import corrected

ELSEWHERE: Final = "It goes to {} from now on, under a reference of its own; it was {}."


def readdress(group: Group, record: TaskRecord) -> None:
    """Show the corrected recipient of its item on a task that is done again."""
    if record.item_id is None or record.addressee is not None:
        return
    _, body, recipient, _ = corrected(group, record.item_id) or (0, "", None, 0)
    if recipient is not None:
        item = ItemTexts(body, recipient)
        rename(group, record, recipient, item, item)


def rename(
    group: Group, record: TaskRecord, recipient: str, before: ItemTexts, after: ItemTexts
) -> None:
    """Change the recipient a task shows, and the words that search finds it by.

    ``before`` and ``after`` is what its item says. What may have reached someone keeps
    its reference for them: at another address it is another message.
    """
    old = group.search.of(record, before)
    if recipient != record.recipient:
        if record.state == State.WAITING:
            group.change(record, reason_data=_of_answer(record, recipient))
        if record.attempt and not same_address(recipient, record.recipient):
            _give_new_reference(group, record, recipient)
        group.change(record, recipient=recipient)
    group.search.put(record.id, old, group.search.of(record, after))


def new_reference(spec: TaskSpec) -> str | None:
    """Make the name its effect is known by; what makes it may be the person's own code."""
    try:
        return spec.reference() if spec.reference else None
    except Exception as error:
        raise Conflict(f"No new reference could be made: {sentence(error)}") from error


def _give_new_reference(group: Group, record: TaskRecord, recipient: str) -> None:
    """Give a task another reference; where none can be made it has none, and nothing is refused."""
    if record.reference is None:
        return
    spec, reference = group.spec(record), None
    with suppress(Conflict):
        reference = None if spec is None else new_reference(spec)
    group.log(record, group.now, "info", ELSEWHERE.format(recipient, record.reference))
    group.change(record, reference=reference)


def _of_answer(record: TaskRecord, recipient: str) -> str | None:
    """Return what belongs to the reason of a task that waits, JSON: whom its answer was about."""
    data: ReasonData = json.loads(record.reason_data or "{}")
    about = data.pop("to", record.recipient)
    if about and about != recipient:
        data["to"] = about
    return json.dumps(data, ensure_ascii=False) if data else None
