"""Mistakes about queues whose server takes nothing."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from sendoff_tasks.dispatch import claimer
from sendoff_tasks.dispatch.claimer import Claimer
from sendoff_tasks.model.states import State
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.records import HeldQueue, TaskRecord
from sendoff_tasks.transaction.group import Group
from tests.simulation.plants.planting import plant


@plant("an outage that spends attempts", "an outage costs no attempt")
def costly_outage() -> Any:
    real = Group.move

    def move(self: Group, record: TaskRecord, to: State, *given: Any, **changes: Any) -> None:
        if to is State.QUEUED and changes.get("error"):
            changes.pop("max_attempts", None)
        real(self, record, to, *given, **changes)

    return patch.object(Group, "move", move)


@plant("a server that all tasks try together", "one task tries a server")
def crowd_of_probes() -> Any:
    return patch.object(Claimer, "_count_probes", lambda *_: 0)


@plant("a server that is tried all the time", "one task tries a server")
def hasty_probes() -> Any:
    return patch.object(HeldQueue, "may_probe", lambda self, now: self.until is not None)


@plant("a wait that outlives its tasks", "a wait ends with its tasks")
def lasting_wait() -> Any:
    return patch.object(claimer, "free_queue", lambda *_: None)


@plant("an outage whose first tries are not told", "the history tells every attempt")
def lost_tries() -> Any:
    real = statements.CONTINUE_LINE
    return patch.object(statements, "CONTINUE_LINE", real.replace("+ 1", "+ 0"))
