"""Mistakes of tasks that run by themselves."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from desktop.engine.schedules import making
from desktop.engine.store.tables.schedules import ScheduleRecord
from desktop.engine.transaction.group import Group
from tests.simulation.plants.planting import plant


@plant("a due time that is not noted", "a due time has one task")
def not_noted() -> Any:
    return patch.object(making, "INSERT_DUE_TIME", "SELECT ?, ?, ?")


@plant("a schedule that is kept in memory only", "no due time is left out")
def kept_in_memory() -> Any:
    def put(group: Group, record: ScheduleRecord) -> None:
        group.memory.schedules[record.name] = record

    return patch("desktop.engine.duties.due.put", put)
