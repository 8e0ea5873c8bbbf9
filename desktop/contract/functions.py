"""Registered tasks as ``/functions`` and ``/schedules`` tell them: what can be run, and when."""

from __future__ import annotations

from typing import Any, Final, TypedDict

from desktop.contract.tasks import LaneName

BY_PLACE: Final = "x-by-place"
"""Key in a parameter's schema: it is given in ``args``, in the order of ``properties``."""
REST: Final = "x-rest"
"""Key in a parameter's schema: a list whose members stand at the end of ``args``."""
MEMBERS: Final = "x-members"
"""Key in an enum's schema: the names of its members, in the order of ``enum``."""

DECIMAL: Final = "decimal"
"""``format`` of a number that may be given as text, which keeps all its digits."""


class TaskFunction(TypedDict):
    """A registered task; one that ``takes_item`` can be named in an item's ``tasks``.

    ``doc`` is the function's docstring, ``parameters`` a JSON Schema of an object: what a caller
    gives, without the context. A parameter that it says nothing about takes any JSON value.
    """

    name: str
    title: str
    doc: str
    lane: LaneName
    queue: str
    takes_item: bool
    parameters: dict[str, Any]


class TaskFunctions(TypedDict):
    """``GET /functions``, by title."""

    functions: list[TaskFunction]


class LastRun(TypedDict):
    """The task a schedule made last; ``state`` is null once that was forgotten."""

    at: str
    task_id: int
    state: str | None


class Schedule(TypedDict):
    """When a task is due, either by the line ``cron`` in a ``timezone`` or by the span ``every``.

    ``next_at`` is null while it is paused. ``missed`` says what becomes of due times that pass
    while nothing runs: ``run_once`` or ``skip``.
    """

    name: str
    title: str
    cron: str | None
    every: str | None
    timezone: str | None
    missed: str
    next_at: str | None
    last: LastRun | None
    paused_at: str | None


class Schedules(TypedDict):
    """``GET /schedules``, by name."""

    schedules: list[Schedule]
