"""Values of users' own classes as JSON: the class's name and its fields.

Encoding refuses a class that cannot be imported by its name, and a value of which a part would be
lost. Decoding reports a class that is gone or has changed. A value that was valid when it was
encoded comes back, also if a check of its own refuses it by now.
"""

from __future__ import annotations

import dataclasses
import json
import math
import sys
from collections import deque
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from copy import copy
from datetime import datetime, time
from enum import Enum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeGuard, TypeVar, get_args
from zoneinfo import ZoneInfo

from sendoff_tasks.errors import BadCall
from sendoff_tasks.functions.source import FunctionSource

if TYPE_CHECKING:
    from pydantic import BaseModel

AnyKind = TypeVar("AnyKind")
Pack = Callable[[Any, str], Any]
"""Encodes a part of a value, given its path for errors."""
REGISTER: Final = "register_type can say how such a value is kept"
REFRESH: Final = "refresh it first (session.refresh), or pass the row's id"
_STATE: Final = "_sa_instance_state"
"""SQLAlchemy's mark of a row. What it has not loaded is not read here: that would be a query."""


def is_model(value: Any) -> TypeGuard[BaseModel]:
    """Tell whether ``value`` is a pydantic model, without importing pydantic."""
    pydantic = sys.modules.get("pydantic")
    return pydantic is not None and isinstance(value, pydantic.BaseModel)


def dump_model(model: BaseModel, path: str, pack: Pack) -> list[Any]:
    """Return ``["module:qualname", fields]``, and if needed what JSON's fields do not say.

    That is which fields were set, private attributes, extras, and the ``values`` that validating
    the fields would not make again, or not at any time: then of all fields, if they can be kept.
    If pydantic makes no model of its own JSON, ``fields`` is ``None`` and the values are all there
    is. Each is encoded by ``pack(value, path)``. Raises ``BadCall``, beginning with ``path``, for
    a class that cannot be imported by its name, a field that is not there, and a part that cannot
    be kept.
    """
    kind = type(model)
    name = name_of_class(kind, path)
    _check_whole(model, path, name, kind.model_fields)
    own, once = _parts(model), _once(model)
    try:
        told, made = _remade(model, own, once)
    except Exception as error:
        if hasattr(kind, "__mapper__"):  # SQLAlchemy alone makes rows
            why = f"{path} is a {name}, which JSON cannot keep: {error}"
            raise BadCall(why, REGISTER) from error
        told, made = None, set()
    hidden = [field for field, info in kind.model_fields.items() if info.exclude]
    _check_lost(path, name, [field for field in hidden if field not in made])
    values, is_checked = {}, _has_checks(kind)
    for part in [*kind.model_fields, *once]:
        if part not in made or is_checked:
            with _passing_over(part in made or part in once):
                values[part] = pack(own[part], f"{path}.{part}")
    if not values and made == own.keys():
        return [name, told]
    beyond = {"set": model.model_fields_set, "extra": model.__pydantic_extra__}
    beyond["private"] = model.__pydantic_private__
    is_whole = values.keys() >= kind.model_fields.keys()
    return [name, told, {**pack(beyond, path), "values": values, "is_whole": is_whole}]


def _passing_over(is_needless: bool) -> AbstractContextManager[object]:
    """Leave out a part that cannot be kept, if that makes no difference."""
    return suppress(BadCall) if is_needless else nullcontext()


def load_model(name: str, fields: Any, beyond: Mapping[str, Any] | None = None) -> BaseModel:
    """Rebuild a model; ``ImportError`` if its class is gone, ``ValueError`` if it has changed."""
    from pydantic import BaseModel, ValidationError

    kind = _class(name, BaseModel, "model")
    try:
        model = _validated(kind, fields)
    except Exception as error:
        is_own = fields is None or _is_of_own_check(error)
        if beyond is not None and beyond["is_whole"] and is_own:
            own = _as_it_was(kind, beyond["values"])
            if own is not None:
                object.__setattr__(was := kind.__new__(kind), "__dict__", own)
                return _restored(was, beyond)
            if fields is None:
                had = ", ".join(beyond["values"])
                raise ValueError(f"{name} has changed: it had {had}") from error
        if not isinstance(error, ValidationError):
            raise
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{name} is not valid any more: {where}: {first['msg']}") from error
    if beyond is not None:
        _restored(model, beyond)
    lost: list[str] = []
    try:
        now = _fields(model)
    except Exception:  # noqa: BLE001 - a default that JSON does not have
        now = _parts(model)
    known = _known(fields, now, "", lost)
    if lost and _makes(known, beyond, model):
        raise ValueError(f"{name} has changed: it has no {', '.join(lost)}")
    return model


_PASSING: Final = frozenset({"value_error", "assertion_error", "datetime_future", "date_future"})
"""Of pydantic's own types of errors those of a check that may change its answer."""


def _is_of_own_check(error: Exception) -> bool:
    """Tell whether an error is only of checks that may change their answer: the app's own, mostly.

    Any other says that the class has changed.
    """
    from pydantic import ValidationError
    from pydantic_core.core_schema import ErrorType

    if not isinstance(error, ValidationError):
        return True
    told = {each["type"] for each in error.errors()}
    return (told - _PASSING).isdisjoint(get_args(ErrorType))


@lru_cache(maxsize=512)
def _has_checks(kind: type[BaseModel]) -> bool:
    """Tell whether a model has a check that may change its answer: of a clock, a file, or its own.

    SQLAlchemy alone makes rows.
    """
    return not hasattr(kind, "__mapper__") and _checks(kind.__pydantic_core_schema__)


def _checks(schema: Any) -> bool:
    if isinstance(schema, list | tuple):
        return any(map(_checks, schema))
    if not isinstance(schema, dict):
        return False
    match schema:
        case {"now_op": "future"} | {"post_init": str() | True}:
            return True
        case {"function": {"function": function}}:
            place = f"{getattr(function, '__module__', '')}:{getattr(function, '__qualname__', '')}"
            if not place.startswith("pydantic") or ":PathType." in place:
                return True
    return any(map(_checks, schema.values()))


def _as_it_was(kind: Any, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the fields of a value as they were stored, for a class whose own checks refuse them.

    ``None`` if the class has lost one of them, or has a new one without a default.
    """
    fields = getattr(kind, "model_fields", None) or {f.name: f for f in dataclasses.fields(kind)}
    lost = [part for part in values if part not in fields and not _is_once(kind, part)]
    if lost or hasattr(kind, "__mapper__"):
        return None
    own = {name: values[name] if name in values else _default(fields[name]) for name in fields}
    return None if any(value is dataclasses.MISSING for value in own.values()) else own


def _default(field: Any) -> Any:
    """Return the default of a field of a model or a dataclass; ``MISSING`` if it has none."""
    if not isinstance(field, dataclasses.Field):
        is_required = field.is_required()
        return dataclasses.MISSING if is_required else field.get_default(call_default_factory=True)
    makes = field.default_factory
    return field.default if makes is dataclasses.MISSING else makes()


def _restored(model: BaseModel, beyond: Mapping[str, Any]) -> BaseModel:
    """Give a model what JSON's fields do not say."""
    for part, told in (("fields_set", "set"), ("extra", "extra"), ("private", "private")):
        object.__setattr__(model, f"__pydantic_{part}__", copy(beyond[told]))
    _set(model, beyond["values"], type(model).model_fields)
    return model


def _set(value: Any, parts: Mapping[str, Any], fields: Container[str]) -> None:
    """Set those parts of a value that its class still has, past its own checks."""
    for part, each in parts.items():
        if part in fields or _is_once(type(value), part):
            object.__setattr__(value, part, each)


def _remade(
    model: BaseModel, own: Mapping[str, Any], once: Collection[str]
) -> tuple[Any, set[str]]:
    """Return a model's fields as JSON data, and which of its ``own`` parts they make again.

    The fields are those that were set, if these make all but what is computed ``once``; else all,
    because a field without which it is not valid may not count as set. They make nothing if a check
    of the model's own refuses them by now.
    """

    def made_of(told: Any) -> set[str]:
        again = _parts(_validated(type(model), told))
        return {part for part in own if part in again and same(again[part], own[part])}

    with suppress(Exception):
        told = _fields(model, exclude_unset=True)
        if (made := made_of(told)).issuperset(own.keys() - once):
            return told, made
    told = _fields(model)
    try:
        return told, made_of(told)
    except Exception as error:
        if not _is_of_own_check(error):
            raise
        return told, set()


def _known(told: Any, now: Any, path: str, lost: list[str]) -> Any:
    """Return stored fields without those that the model does not have ``now``, which are ``lost``.

    ``path`` is their place inside the model.
    """
    if isinstance(told, dict) and isinstance(now, dict):
        lost += [f"{path}{name}" for name in told if name not in now]
        return {
            name: _known(each, now[name], f"{path}{name}.", lost)
            for name, each in told.items()
            if name in now
        }
    if isinstance(told, list) and isinstance(now, list) and len(told) == len(now):
        pairs = enumerate(zip(told, now, strict=True))
        return [_known(*pair, f"{path}{place}.", lost) for place, pair in pairs]
    return told


def _makes(fields: Any, beyond: Mapping[str, Any] | None, model: BaseModel) -> bool:
    """Tell whether these fields make the same model."""
    try:
        made = _validated(type(model), fields)
    except Exception:  # noqa: BLE001 - a validator that reads an older class's fields misses them
        return False
    return same(made if beyond is None else _restored(made, beyond), model)


def _fields(model: BaseModel, *, exclude_unset: bool = False) -> Any:
    """Return a model's fields as JSON data."""
    told = model.model_dump(
        mode="json",
        round_trip=True,
        by_alias=False,
        exclude_unset=exclude_unset,
        warnings=False,  # what is lost is found by comparing
    )
    return _finite(told)


def _finite(value: Any) -> Any:
    """Write numbers that JSON does not have as text, from which pydantic reads them."""
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    if isinstance(value, list):
        return [_finite(each) for each in value]
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    return value


def _parts(value: Any) -> dict[str, Any]:
    """Return all that belongs to a model or a dataclass, by name, without a query."""
    own = {name: each for name, each in getattr(value, "__dict__", {}).items() if name != _STATE}
    if is_model(value):
        hidden = (value.__pydantic_extra__ or {}) | (value.__pydantic_private__ or {})
        return own | hidden | {"the set of fields that were given": value.model_fields_set}
    fields = () if _is_row(value) else dataclasses.fields(value)
    return {field.name: getattr(value, field.name, ...) for field in fields} | own


_PLAIN: Final = frozenset({str, int, bool, float, type(None)})


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are equal in all their parts, of the same types; NaN is."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if type(one) in _PLAIN:
        return bool(one == other or (one != one and other != other))
    if is_model(one) or is_dataclass(one):
        return same(_parts(one), _parts(other))
    if isinstance(one, set | frozenset):
        one, other = dict.fromkeys(one), dict.fromkeys(other)
    if isinstance(one, dict):
        pairs = {key: (key, each) for key, each in other.items()}
        each_same = (same(pair, pairs.get(pair[0])) for pair in one.items())
        return len(one) == len(other) and all(each_same)
    if isinstance(one, list | tuple | deque):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, datetime | time):
        return (one.isoformat(), _zone(one)) == (other.isoformat(), _zone(other))
    return bool(one == other) or (one != one and other != other)


def _zone(moment: datetime | time) -> str | None:
    return moment.tzinfo.key if type(moment.tzinfo) is ZoneInfo else None


def dump_member(member: Enum, path: str) -> list[str]:
    """Return ``["module:qualname", name]``; ``BadCall`` as for models, and for combined flags."""
    name = name_of_class(type(member), path)
    known = type(member).__members__.get(str(member.name))
    if known is not member:
        raise BadCall(f"{path} is {member!r}, which is no single member of {name}")
    return [name, known.name]


def load_member(name: str, member: str) -> Enum:
    """Return the member of that name; raises as :func:`load_model` does."""
    found = _class(name, Enum, "enum").__members__.get(member)
    if found is None:
        raise ValueError(f"{name} has changed: it has no {member}")
    return found


def is_dataclass(value: Any) -> bool:
    """Tell whether ``value`` is an instance of a dataclass."""
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def dump_dataclass(value: Any, path: str, pack: Pack) -> list[Any]:
    """Return ``["module:qualname", fields]``, each field encoded by ``pack(value, path)``.

    After them come the ``values`` of parts that these fields do not make again, and whether all
    fields are there. Raises ``BadCall`` as for models.
    """
    kind = type(value)
    name = name_of_class(kind, path)
    fields = dataclasses.fields(value)
    _check_whole(value, path, name, [field.name for field in fields])
    own = {field.name: getattr(value, field.name) for field in fields}
    made = {f.name: pack(own[f.name], f"{path}.{f.name}") for f in fields if f.init}
    again: dict[str, Any] = {}
    with suppress(Exception):  # it takes more than its fields, or its own checks refuse it by now
        if not _is_row(value):  # another row would come into the lists of those related
            again = _parts(kind(**{field: own[field] for field in made}))
    once = {part: vars(value)[part] for part in _once(value)}
    values = {}
    for part, each in (own | once).items():
        is_made = same(again.get(part, ...), each)
        if part not in made or not is_made:
            with _passing_over(is_made or part in once):
                values[part] = made[part] if part in made else pack(each, f"{path}.{part}")
    is_whole = own.keys() == made.keys() | values.keys() - once.keys()
    return [name, made, values, is_whole] if values or not is_whole else [name, made]


def load_dataclass(
    name: str,
    fields: dict[str, Any],
    values: Mapping[str, Any] | None = None,
    is_whole: bool = True,
) -> Any:
    """Rebuild a dataclass; raises as :func:`load_model` does."""
    kind = _class(name, object, "dataclass")
    if not dataclasses.is_dataclass(kind):
        raise ValueError(f"{name} is no dataclass any more")
    values = values or {}
    try:
        made = kind(**fields)
        lost = [field for field in fields if not hasattr(made, field)]  # pydantic ignores them
        is_lost = bool(lost) and same(kind(**{f: fields[f] for f in fields if f not in lost}), made)
    except Exception as error:
        own = None
        if is_whole and _is_of_own_check(error):
            own = _as_it_was(kind, {**fields, **values})
        if own is None:
            raise ValueError(f"{name} has changed: {error}") from error
        made, values, is_lost = object.__new__(kind), {**own, **values}, False
    if is_lost:
        raise ValueError(f"{name} has changed: it has no {', '.join(lost)}")
    _set(made, values, {field.name for field in dataclasses.fields(kind)})
    return made


def _once(value: Any) -> list[str]:
    """Return what a value has computed once, or was given in its place."""
    return [name for name in getattr(value, "__dict__", {}) if _is_once(type(value), name)]


def _is_once(kind: type, name: str) -> bool:
    return isinstance(getattr(kind, name, None), cached_property)


def _check_whole(value: Any, path: str, name: str, fields: Collection[str]) -> None:
    """Raise ``BadCall`` if a value lacks a field, or has more than its fields.

    What is empty beside the fields of a row, such as a relationship, makes no difference.
    """
    _check_loaded(value, path, set())
    own, is_row = getattr(value, "__dict__", {}), _is_row(value)
    lost = [part for part in fields if not (is_row or hasattr(value, part))]
    for part, each in own.items():
        is_empty = each is None or (isinstance(each, list | dict) and not each)
        if not (part in fields or part == _STATE or (is_row and is_empty)):
            lost += [] if _is_once(type(value), part) else [part]
    _check_lost(path, name, lost)


def _check_loaded(value: Any, path: str, seen: set[int]) -> None:
    """Raise ``BadCall`` if a value is, or has, a row with columns that are not loaded."""
    if type(value) in _PLAIN or id(value) in seen:
        return
    if _is_row(value) and (is_model(value) or is_dataclass(value)):
        needed = type(value).model_fields if is_model(value) else _stored(value)
        lacks = [part for part in needed if part not in vars(value)]
        if lacks:
            told = f"{', '.join(lacks)} {'is' if len(lacks) == 1 else 'are'} not loaded"
            what = (
                f"{'has' if seen else 'is'} a {type(value).__module__}:{type(value).__qualname__}"
            )
            raise BadCall(f"{path} {what} of which {told}, as after a commit", REFRESH)
    seen.add(id(value))
    for each in _inside(value):
        _check_loaded(each, path, seen)


def _is_row(value: Any) -> bool:
    return _STATE in getattr(value, "__dict__", ())


def _stored(row: Any) -> Iterator[str]:
    """Yield the fields that a row has of itself; a new one has those without a default."""
    is_new = vars(row)[_STATE].key is None
    for field in dataclasses.fields(row):
        has_default = (field.default, field.default_factory) != (dataclasses.MISSING,) * 2
        if not is_new or (field.init and not has_default):
            yield field.name


def _inside(value: Any) -> Iterator[Any]:
    """Yield what a value has in it, for those kinds of values that an argument can have."""
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list | tuple | set | frozenset | deque):
        yield from value
    elif is_model(value) or is_dataclass(value):
        yield from _parts(value).values()


def _check_lost(path: str, name: str, lost: list[str]) -> None:
    """Raise ``BadCall`` if any parts would be lost."""
    if lost:
        raise BadCall(f"{path} is a {name}, of which JSON would lose a part: {', '.join(lost)}")


def dump_named(value: Any, path: str, pack: Pack) -> list[Any]:
    """Return ``["module:qualname", values]`` of a named tuple; raises as for models."""
    name = name_of_class(type(value), path)
    _check_whole(value, path, name, ())
    return [name, pack(list(value), path)]


def load_named(name: str, values: Iterable[Any]) -> Any:
    """Rebuild a named tuple; raises as :func:`load_model` does."""
    kind = _class(name, tuple, "named tuple")
    try:
        return kind._make(values)  # type: ignore[attr-defined]
    except (AttributeError, TypeError) as error:
        raise ValueError(f"{name} has changed: {error}") from error


def name_of_class(kind: type, path: str) -> str:
    """Return a class's name; ``BadCall`` for one that cannot be imported by it."""
    name = f"{kind.__module__}:{kind.__qualname__}"
    generic = getattr(kind, "__pydantic_generic_metadata__", None) or {}
    if generic.get("origin") is not None and all(
        isinstance(each, type) for each in generic["args"]
    ):
        of = ", ".join(name_of_class(each, path) for each in generic["args"])
        return f"{name_of_class(generic['origin'], path)}[{of}]"
    try:
        known = _class(name, object, "class") is kind
    except (ImportError, ValueError):
        known = False
    if not known:
        raise BadCall(f"{path} is a {name}, which cannot be imported by that name")
    return name


def _class(name: str, base: type[AnyKind], what: str) -> type[AnyKind]:
    name, _, of = name.removesuffix("]").partition("[")
    module, _, qualname = name.partition(":")
    found: Any = FunctionSource(module, qualname).find()
    if of:
        found = found[tuple(_class(each, object, "class") for each in _arguments(of))]
    if isinstance(found, type) and issubclass(found, base):
        return found
    raise ValueError(f"{name} is no {what} any more")


def _arguments(text: str) -> list[str]:
    """Part the names of a generic class's arguments, which may be generic themselves."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]


def _validated(kind: type[BaseModel], fields: Any) -> BaseModel:
    text = json.dumps(fields, allow_nan=False)  # from JSON, strict models accept dates
    return kind.model_validate_json(text, by_alias=False, by_name=True)
