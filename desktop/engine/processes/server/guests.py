"""Tasks of guests: database users who may hand tasks over, but not say where functions are."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from desktop.engine.errors import EngineError
from desktop.engine.facade.engine import Engine
from desktop.engine.functions.arguments import modules_in
from desktop.engine.functions.registry import Registry
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.submit.prepare import PreparedSubmission, PreparedTask

UNKNOWN: Final = (
    "The app has no task “{}”. A database user who may not write to sendoff.sources can add tasks"
    " that the app describes with @task, or has run before."
)
NOT_LOADED: Final = (
    "This names the module “{}”, which the app has not loaded. A database user who may not write to"
    " sendoff.sources cannot have it imported."
)


async def admitted(
    wanted: PreparedSubmission, engine: Engine, registry: Registry
) -> PreparedSubmission:
    """Return the tasks with each function as the app describes it, not as the guest does.

    Raises ``EngineError`` for a function that the app does not know, and if reading the arguments
    would import a module.
    """
    missing = {t.spec.name for t in wanted.tasks if registry.get(t.spec.name) is None}
    if missing:
        places = await engine.ask(lambda group: _places(group, missing))
        await asyncio.to_thread(_look_for, registry, missing, places)
    return replace(wanted, tasks=[_admitted(task, registry) for task in wanted.tasks])


def _places(group: Group, names: set[str]) -> dict[str, str]:
    """Return where the functions are that the app has run before."""
    known = {function.name for function in group.memory.functions.values()}
    return {name: group.memory.sources.get(name, name) for name in names & known}


def _look_for(registry: Registry, names: set[str], places: Mapping[str, str]) -> None:
    for name in names:
        registry.find(name)
    registry.recall(places)


def _admitted(task: PreparedTask, registry: Registry) -> PreparedTask:
    spec = registry.get(task.spec.name)
    if spec is None:
        raise EngineError(UNKNOWN.format(task.spec.name))
    variables: Mapping[str, object] = json.loads(task.task.variables or "{}")
    named = {place.partition(":")[0] for place in variables}
    for text in (task.arguments, task.task.variables or "{}"):
        named |= modules_in(text)
    for module in sorted(named):
        if module not in sys.modules:
            raise EngineError(NOT_LOADED.format(module))
    return replace(task, spec=spec)
