"""The types of ``/functions`` and ``/schedules``: registered tasks and their schedules."""

from __future__ import annotations

from typing import Any, Final

from typing_extensions import TypedDict

from desktop.contract.tasks import LaneName

BY_PLACE: Final = "x-by-place"
"""Key in a parameter's schema: it is passed in ``args``, in the order of ``properties``."""
REST: Final = "x-rest"
"""Key in a parameter's schema: a list whose members are passed at the end of ``args``."""
MEMBERS: Final = "x-members"
"""Key in an enum's schema: the names of its members, in the order of ``enum``."""

DECIMAL: Final = "decimal"
"""``format`` of a number that may be passed as a text, to keep all its digits."""


class TaskFunction(TypedDict):
    """A registered task; with ``takes_item`` it can be named in an item's ``tasks``.

    ``doc`` is the function's docstring. ``parameters`` is the JSON Schema of an object with the
    arguments, without the context. A parameter without a schema takes any JSON value.
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
    """The last task of a schedule; ``state`` is null once that task was removed."""

    at: str
    task_id: int
    state: str | None


class Schedule(TypedDict):
    """A schedule of a task: either a ``cron`` line in a ``timezone``, or a span ``every``.

    ``next_at`` is null while it is paused. ``missed`` decides about due times that pass while
    nothing runs: ``run_once`` or ``skip``.
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
