"""A function's arguments: described as JSON Schema, and converted from JSON, both by pydantic.

A parameter without an annotation, or with one that pydantic does not know, takes any JSON value.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from functools import lru_cache
from inspect import Parameter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic.errors import PydanticUserError
from pydantic.json_schema import GenerateJsonSchema

from sendoff_tasks.functions.spec import spec_for
from sendoff_tasks.http.wire.problems import field_errors
from sendoff_tasks.model.tasks import BY_PLACE, DECIMAL, MEMBERS, REST, TaskFunction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core.core_schema import DecimalSchema, EnumSchema

    from sendoff_tasks.functions.spec import TaskSpec
    from sendoff_tasks.model.problems import FieldError


class _Schemas(GenerateJsonSchema):
    """Adds the names of an enum's members to its schema: arguments are written by these names."""

    def enum_schema(self, schema: EnumSchema) -> JsonSchemaValue:
        """Describe an enum."""
        return {
            **super().enum_schema(schema),
            MEMBERS: [member.name for member in schema["members"]],
        }

    def decimal_schema(self, schema: DecimalSchema) -> JsonSchemaValue:
        """Mark a decimal, to tell it from a union of a number and a text."""
        return {**super().decimal_schema(schema), "format": DECIMAL}

    def emit_warning(self, *_about: Any) -> None:
        """Log nothing about values that JSON Schema cannot express."""


def described_function(spec: TaskSpec) -> TaskFunction:
    """Describe a registered task as ``GET /functions`` lists it."""
    return {
        "name": spec.name,
        "title": spec.title,
        "doc": inspect.getdoc(spec.function) or "",
        "lane": spec.lane,
        "queue": spec.queue,
        "parameters": parameters_of(spec.function),
    }


@lru_cache(maxsize=512)
def parameters_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Describe the parameters as the JSON Schema of one object, in the signature's order."""
    given = spec_for(function).signature.parameters
    adapters = {name: _adapter(annotation_of(function, each)) for name, each in given.items()}
    schemas, definitions = _schemas(adapters)
    has_rest = any(each.kind is Parameter.VAR_POSITIONAL for each in given.values())
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {},
        "required": [name for name, each in given.items() if _is_required(each)],
        "additionalProperties": False,
    }
    for name, parameter in given.items():
        if parameter.kind is Parameter.VAR_KEYWORD:
            schema["additionalProperties"] = schemas[name] or True
        else:
            own = _of_one(parameter, schemas[name], adapters[name])
            schema["properties"][name] = own | _place(parameter, has_rest=has_rest)
    return schema | definitions


def annotation_of(function: Callable[..., Any], parameter: Parameter) -> Any:
    """Resolve one annotation; ``Any`` if there is none or it cannot be resolved.

    Each annotation is resolved by itself, because another one may name an import that exists for
    type checkers only.
    """
    if parameter.annotation is Parameter.empty:
        return Any
    alone = SimpleNamespace(
        __annotations__={parameter.name: parameter.annotation},
        __globals__=getattr(inspect.unwrap(function), "__globals__", {}),
    )
    try:
        return get_type_hints(alone, include_extras=True)[parameter.name]
    except Exception:  # noqa: BLE001 - annotations are the person's code
        return Any


def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Return pydantic's adapter for an annotation, or that of ``Any`` if it has none."""
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(kind)
        adapter.json_schema(schema_generator=_Schemas)
    except Exception:  # noqa: BLE001 - what pydantic does not know, and the person's own code
        return TypeAdapter(Any)
    return adapter


def _schemas(
    adapters: Mapping[str, TypeAdapter[Any]],
) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Return the schema of each parameter, and the definitions that they share."""
    asked = [(name, "validation", adapter) for name, adapter in adapters.items()]
    made, shared = TypeAdapter.json_schemas(asked, schema_generator=_Schemas)  # type: ignore[arg-type]
    return {name: dict(schema) for (name, _), schema in made.items()}, shared


def _of_one(parameter: Parameter, schema: dict[str, Any], adapter: TypeAdapter[Any]) -> Any:
    """Add the default to a parameter's schema, if it can be written as JSON."""
    if parameter.kind is Parameter.VAR_POSITIONAL:
        return {"type": "array", "items": schema, "default": []}
    if parameter.default is Parameter.empty:
        return schema
    try:
        default = adapter.dump_python(parameter.default, mode="json", warnings=False)
        json.dumps(default, allow_nan=False)
    except Exception:  # noqa: BLE001 - a default's class may write itself, or be none of JSON's
        return schema
    return {**schema, "default": default}


def _place(parameter: Parameter, *, has_rest: bool) -> dict[str, Any]:
    """Mark a parameter that is passed by position."""
    if parameter.kind is Parameter.VAR_POSITIONAL:
        return {REST: True}
    by_place = parameter.kind is Parameter.POSITIONAL_ONLY or (
        has_rest and parameter.kind is Parameter.POSITIONAL_OR_KEYWORD
    )
    return {BY_PLACE: True} if by_place else {}


def _is_required(parameter: Parameter) -> bool:
    return parameter.kind not in _OPEN and parameter.default is Parameter.empty


_AS_THEY_COME: Final = (str, int, bool)
"""Types of JSON itself: a value of the wanted type is not converted."""
_OPEN: Final = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
_BY_PLACE: Final = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


class _ParameterAnnotation(NamedTuple):
    """The annotation of one parameter."""

    kind: Any
    adapter: TypeAdapter[Any]

    def of(self, value: Any) -> Any:
        """Convert a value; raises ``ValidationError``."""
        if type(value) is self.kind and self.kind in _AS_THEY_COME:
            return value
        # In JSON mode, pydantic takes a text for a date and a list for a set.
        return self.adapter.validate_json(json.dumps(value))


def completed(
    spec: TaskSpec,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    stored: tuple[Sequence[Any], Mapping[str, Any]],
) -> tuple[Sequence[Any], Mapping[str, Any]]:
    """Return a call with the ``stored`` arguments in place of those that are not given.

    ``kwargs`` may name any parameter, also one that is passed by position. Raises ``TypeError`` if
    the function cannot be called like this any more; what is given is checked later.
    """
    parameters = spec.signature.parameters
    single = {name for name, each in parameters.items() if each.kind not in _OPEN}
    call = spec.signature.bind_partial(*stored[0], **stored[1])
    named = {name: value for name, value in kwargs.items() if name in single}
    others = {name: value for name, value in kwargs.items() if name not in single}
    known_others = {name: value for name, value in stored[1].items() if name not in single}
    try:
        given = spec.signature.bind_partial(*args, **{**known_others, **others}).arguments | named
    except TypeError:
        return args or call.args, {**call.kwargs, **kwargs}
    call.arguments |= given
    if (why := spec.misfit(call.args, call.kwargs)) is not None:
        raise TypeError(why)
    return call.args, call.kwargs


class _Plan(NamedTuple):
    """The annotations of a function's parameters."""

    by_place: list[_ParameterAnnotation | None]
    rest: _ParameterAnnotation | None
    by_name: dict[str, _ParameterAnnotation]
    others: _ParameterAnnotation | None

    def at(self, place: int) -> _ParameterAnnotation | None:
        """Return the annotation of the positional argument at this place."""
        return self.by_place[place] if place < len(self.by_place) else self.rest


def coerced(
    spec: TaskSpec, args: Sequence[Any], kwargs: Mapping[str, Any], at: str
) -> tuple[Sequence[Any], Mapping[str, Any], list[FieldError]]:
    """Convert a task's arguments, and list those that cannot be converted.

    ``at`` is the path of the task in the request's body (``3.``).
    """
    plan = _plan(spec.function)
    if plan is None:
        return args, kwargs, []
    errors: list[FieldError] = []

    def one(wanted: _ParameterAnnotation | None, value: Any, path: str) -> Any:
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
        elif wanted is not None:
            plan.by_name[parameter.name] = wanted
    return plan if any((*plan.by_place, plan.rest, plan.by_name, plan.others)) else None


def _wanted(kind: Any) -> _ParameterAnnotation | None:
    if kind in (Any, object):
        return None
    try:
        return _ParameterAnnotation(kind, TypeAdapter(kind))
    except PydanticUserError:
        return None
