"""Mistakes of tasks that run by themselves."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from sendoff_tasks import schedules
from tests.simulation.plants.planting import plant


@plant("a due time that is not noted", "a due time has one task")
def not_noted() -> Any:
    return patch.object(schedules, "INSERT_DUE_TIME", "SELECT ?, ?, ?")


@plant("a due time that leads to nothing", "no due time is left out")
def left_out() -> Any:
    return patch("sendoff_tasks.schedules.take", lambda _group, _spec, record, _due: record)
