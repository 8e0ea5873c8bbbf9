"""Registered tasks as ``GET /functions`` tells them: what can be run, and with which arguments."""

from __future__ import annotations

from typing import Any, Final, TypedDict

from desktop.contract.tasks import Lane

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
    lane: Lane
    queue: str
    takes_item: bool
    parameters: dict[str, Any]


class TaskFunctions(TypedDict):
    """``GET /functions``, by title."""

    functions: list[TaskFunction]
