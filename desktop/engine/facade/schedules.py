"""The façade's verbs and reads of schedules."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from desktop.contract.functions import Schedule
from desktop.engine import schedules
from desktop.engine.errors import UnknownSchedule
from desktop.engine.facade.running_engine import EngineConfig, RunningEngine
from desktop.engine.schedules import MadeTask
from desktop.engine.submission import Idempotency
from desktop.engine.transaction.group import Group

Ask = Callable[[Callable[[Group], Any]], Future[Any]]
"""Makes the writer do a verb."""


class EngineSchedules:
    """The verbs and reads of schedules; every method is thread-safe.

    The futures are done after the COMMIT and raise ``UnknownSchedule``.
    """

    def __init__(
        self, ask: Ask, running: Callable[[], RunningEngine], config: EngineConfig
    ) -> None:
        self._ask = ask
        self._running = running
        self._config = config

    def pause(self, name: str) -> Future[None]:
        """Make no tasks at due times until the schedule is resumed, even after restarts."""
        return self._ask(lambda group: schedules.pause(group, name))

    def resume(self, name: str) -> Future[None]:
        """Continue with the next due time."""
        return self._ask(lambda group: schedules.resume(group, name))

    def run_now(self, name: str, key: Idempotency | None = None) -> Future[MadeTask]:
        """Make the task now; due times stay as they are. ``Conflict`` if it cannot be made."""
        return self._ask(lambda group: schedules.run_now(group, name, key))

    def get(self, name: str) -> Schedule:
        """Return one schedule; raise ``UnknownSchedule``."""
        found = next((each for each in self.list() if each["name"] == name), None)
        if found is None:
            raise UnknownSchedule(name)
        return found

    def list(self) -> builtins.list[Schedule]:
        """Return all schedules, by name."""
        with self._running().reader.snapshot() as connection:
            now = self._config.clock.now()
            return schedules.read_schedules(connection, self._config.registry, now)
