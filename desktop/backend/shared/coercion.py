"""Converts JSON arguments to the types of a function's annotations, as a text to a date.

An argument without an annotation, or with one that pydantic does not know, stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from inspect import Parameter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import TypeAdapter, ValidationError
from pydantic.errors import PydanticUserError

from desktop.backend.shared.signatures import annotation_of
from desktop.backend.wire.validation import field_errors
from desktop.engine.functions.spec import spec_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.contract.problems import FieldError
    from desktop.engine.functions.spec import TaskSpec

_AS_THEY_COME: Final = (str, int, bool)
"""Types of JSON itself: a value of the wanted type is not converted."""
_BY_PLACE: Final = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


class _Wanted(NamedTuple):
    """The annotation of one parameter."""

    kind: Any
    adapter: TypeAdapter[Any]

    def of(self, value: Any) -> Any:
        """Convert a value; raises ``ValidationError``."""
        if type(value) is self.kind and self.kind in _AS_THEY_COME:
            return value
        # In JSON mode, pydantic takes a text for a date and a list for a set.
        return self.adapter.validate_json(json.dumps(value))


class _Plan(NamedTuple):
    """The annotations of a function's parameters."""

    by_place: list[_Wanted | None]
    rest: _Wanted | None
    by_name: dict[str, _Wanted]
    others: _Wanted | None

    def at(self, place: int) -> _Wanted | None:
        """Return the annotation of the positional argument at this place."""
        return self.by_place[place] if place < len(self.by_place) else self.rest


def coerced(
    spec: TaskSpec, args: Sequence[Any], kwargs: Mapping[str, Any], at: str = ""
) -> tuple[Sequence[Any], Mapping[str, Any], list[FieldError]]:
    """Convert a task's arguments, and list those that cannot be converted.

    ``at`` is the path of the task in the request's body (``3.``).
    """
    plan = _plan(spec.function)
    if plan is None:
        return args, kwargs, []
    errors: list[FieldError] = []

    def one(wanted: _Wanted | None, value: Any, path: str) -> Any:
        if wanted is None:
            return value
        try:
            return wanted.of(value)
        except ValidationError as error:
            found = field_errors(error.errors(include_url=False))
            errors.extend(
                {
                    "path": f"{at}{path}.{each['path']}".rstrip("."),
                    "message": f"{each['message'].replace('Input', 'This', 1).rstrip('.')}.",
                }
                for each in found
            )
            return value

    placed = [one(plan.at(n), value, f"args.{n}") for n, value in enumerate(args)]
    named = {
        name: one(plan.by_name.get(name, plan.others), value, f"kwargs.{name}")
        for name, value in kwargs.items()
    }
    return placed, named, errors


@lru_cache(maxsize=512)
def _plan(function: Callable[..., Any]) -> _Plan | None:
    """Read a function's annotations once; ``None`` if it has none."""
    plan = _Plan([], None, {}, None)
    for parameter in spec_for(function).signature.parameters.values():
        wanted = _wanted(annotation_of(function, parameter))
        if parameter.kind in _BY_PLACE:
            plan.by_place.append(wanted)
        if parameter.kind is Parameter.VAR_POSITIONAL:
            plan = plan._replace(rest=wanted)
        elif parameter.kind is Parameter.VAR_KEYWORD:
            plan = plan._replace(others=wanted)
        elif wanted is not None and parameter.kind is not Parameter.POSITIONAL_ONLY:
            plan.by_name[parameter.name] = wanted
    return plan if any((*plan.by_place, plan.rest, plan.by_name, plan.others)) else None


def _wanted(kind: Any) -> _Wanted | None:
    if kind in (Any, object):
        return None
    try:
        return _Wanted(kind, TypeAdapter(kind))
    except PydanticUserError:
        return None
