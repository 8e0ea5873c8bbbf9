"""Tells from an annotated type, before there is a value, whether its values can be kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import partial
from inspect import isabstract
from types import UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from sendoff_tasks.errors import BadCall
from sendoff_tasks.functions.arguments import kept_types, why_not_kept
from sendoff_tasks.functions.classes import name_of_class

TypeFault = tuple[str, str]
"""A part's place in the value, and as an error reads after it: why none of its values can be kept.
The empty text where only a value can tell."""

_UNKNOWN: Final = ("", "")
_CONTAINERS: Final = (list, tuple, dict, set, frozenset)
_OF_KEPT: Final = frozenset(
    {"EmailStr", "PastDate", "FutureDate", "AwareDatetime", "NaiveDatetime"}
    | {"PastDatetime", "FutureDatetime"}
)
"""Of pydantic's names for types those whose values have a type that can be kept."""


def type_fault(
    kind: Any, within: tuple[Any, ...] = (), *, in_model: bool = False
) -> TypeFault | None:
    """Return why not every value of an annotated type can be kept; ``None`` if each can.

    ``within`` are the types it is a part of. ``in_model`` tells that one of them is a pydantic
    model: it keeps also what pydantic writes as JSON and reads again.
    """
    if kind in within:
        return None
    judge = partial(type_fault, within=(*within, kind), in_model=in_model)
    meant = getattr(kind, "__supertype__", getattr(kind, "__value__", None))
    if meant is not None and not isinstance(kind, type):  # NewType, and the statement `type`
        return judge(meant)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        told = judge(inner[0])
        return _unclear(told) if in_model and _has_schema(inner[1:]) else told
    if origin is Final:
        return judge(inner[0])
    if origin is Literal:
        return None
    if origin in {Union, UnionType}:
        faults = [judge(each) for each in inner if each is not type(None)]
        is_refused = all(each and each[1] for each in faults)
        return faults[0] if is_refused else _unclear(_worst(faults))
    if isinstance(origin, type):
        fault = _worst(judge(each) for each in inner if each is not ...)
        if origin in _CONTAINERS or (isabstract(origin) and fault and fault[1]):
            return fault
        kind = origin
    if not isinstance(kind, type) or kind is Any or kind in _CONTAINERS:
        return _UNKNOWN
    return _class_fault(kind, within, in_model=in_model)


def _class_fault(kind: Any, within: tuple[Any, ...], *, in_model: bool) -> TypeFault | None:
    kept = kept_types()
    if kind in kept or hasattr(kind, "__mapper__"):  # of a row only a value can tell
        return None
    is_base = kind.__module__ == "pydantic.main" or getattr(kind, "_is_protocol", False)
    if is_base or isabstract(kind):
        return _UNKNOWN
    is_record = is_typeddict(kind) or (issubclass(kind, tuple) and hasattr(kind, "_fields"))
    if is_record or hasattr(kind, "model_fields") or dataclasses.is_dataclass(kind):
        why = "" if in_model or is_typeddict(kind) else _why_nameless(kind)
        return ("", why) if why else _worst(_part_faults(kind, (*within, kind), in_model=in_model))
    if issubclass(kind, Enum):
        why = _why_nameless(kind)
        return ("", why) if why else None
    if any(issubclass(each, kind) for each in kept):
        return _UNKNOWN
    return _other_fault(kind, in_model=in_model)


def _other_fault(kind: Any, *, in_model: bool) -> TypeFault | None:
    """Judge a class whose values are not taken apart."""
    is_of_pydantic = kind.__module__.partition(".")[0] == "pydantic"
    if is_of_pydantic and kind.__name__ in _OF_KEPT:
        return None
    is_name = kind.__init__ is object.__init__  # of a type: its values have another
    if is_name and hasattr(kind, "__get_pydantic_core_schema__"):
        return _UNKNOWN
    if in_model and not hasattr(kind, "get_secret_value") and not hasattr(kind, "read"):
        if is_of_pydantic or kind.__module__ == "ipaddress":
            return None
        if _is_of_pydantics_own(kind):
            return _UNKNOWN
    return "", why_not_kept(kind)[0]


def _is_of_pydantics_own(kind: type) -> bool:
    """Tell whether pydantic knows a type without ``arbitrary_types_allowed``."""
    from pydantic import TypeAdapter

    try:
        TypeAdapter(kind)
    except Exception:  # noqa: BLE001 - a schema of its own runs the app's code
        return False
    return True


def _part_faults(
    kind: Any, within: tuple[Any, ...], *, in_model: bool
) -> Iterator[TypeFault | None]:
    """Judge each annotated field of a model, a dataclass, a named tuple or a ``TypedDict``."""
    hints, judge = hints_of(kind), partial(type_fault, within=within)
    if hasattr(kind, "model_fields"):
        made = kind.__pydantic_decorators__
        is_written = bool(made.field_serializers or made.model_serializers)
        for name, info in kind.model_fields.items():
            fault = judge(info.annotation, in_model=True)
            is_own = is_written or _has_schema(info.metadata) or not info.is_required()
            yield _in_field(name, fault, info.annotation, can_differ=is_own)
        for name in kind.__private_attributes__.keys() & hints.keys():
            yield _in_field(name, judge(hints[name]), hints[name])
    elif dataclasses.is_dataclass(kind):
        for field in dataclasses.fields(kind):
            hint = hints.get(field.name, Any)
            fault = judge(hint, in_model=in_model)
            yield _in_field(field.name, fault, hint, can_differ=not field.init)
    else:
        for name in getattr(kind, "_fields", hints):
            hint = hints.get(name, Any)
            yield _in_field(name, judge(hint, in_model=in_model), hint)


def _in_field(
    name: str, fault: TypeFault | None, hint: Any, *, can_differ: bool = False
) -> TypeFault | None:
    """Return a field's fault, by its name; one that can be ``None`` or a default is unclear."""
    if fault is None:
        return None
    can_differ = can_differ or type(None) in get_args(hint)
    return f".{name}{fault[0]}", "" if can_differ else fault[1]


def _worst(faults: Iterable[TypeFault | None]) -> TypeFault | None:
    found = [*filter(None, faults)]
    return next((each for each in found if each[1]), found[0] if found else None)


def _unclear(fault: TypeFault | None) -> TypeFault | None:
    return fault and (fault[0], "")


def _has_schema(metadata: Iterable[Any]) -> bool:
    """Tell whether an annotation says how pydantic writes or reads the value."""
    return any(hasattr(each, "__get_pydantic_core_schema__") for each in metadata)


def _why_nameless(kind: type) -> str:
    try:
        name_of_class(kind, "")
    except BadCall as error:
        return str(error)
    return ""


def hints_of(of: Any) -> dict[str, Any]:
    """Return annotations, none if they have a name that only type checkers import."""
    try:
        return get_type_hints(of)
    except Exception:  # noqa: BLE001 - reading them runs the app's code
        return {}
