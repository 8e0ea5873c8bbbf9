"""Values of users' own classes as JSON: the class's name and its fields.

Encoding refuses a class that cannot be imported by its name, and a value of which JSON would lose
a part. Decoding reports a class that is gone or has changed.
"""

from __future__ import annotations

import dataclasses
import json
import math
import sys
from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from copy import copy, deepcopy
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeGuard, TypeVar

from sendoff_tasks.errors import BadCall
from sendoff_tasks.functions.source import FunctionSource

if TYPE_CHECKING:
    from pydantic import BaseModel

AnyKind = TypeVar("AnyKind")
Pack = Callable[[Any, str], Any]
"""Encodes a part of a value, given its path for errors."""


def is_model(value: Any) -> TypeGuard[BaseModel]:
    """Tell whether ``value`` is a pydantic model, without importing pydantic."""
    pydantic = sys.modules.get("pydantic")
    return pydantic is not None and isinstance(value, pydantic.BaseModel)


def dump_model(model: BaseModel, path: str, pack: Pack) -> list[Any]:
    """Return ``["module:qualname", fields]``, and if needed what JSON's fields do not say.

    That is which fields were set, private attributes, and the types of extras; each value is
    encoded by ``pack(value, path)``. Raises ``BadCall``, beginning with ``path``, for a class that
    cannot be imported by its name and where something would be lost all the same: a masked secret,
    an excluded field.
    """
    kind = type(model)
    name = name_of_class(kind, path)
    _check_whole(path, name, _beside(model, kind.model_fields))
    try:
        told = _fields(model, exclude_unset=True)
        with suppress(ValueError):  # a field without which it is not valid may not count as set
            if same(_validated(kind, told), model):
                return [name, told]
        told, beyond = _fields(model), pack(_beyond(model), path)
        again = _restored(_validated(kind, told), _beyond(model))
    except ValueError as error:
        raise BadCall(f"{path} is a {name}, which JSON cannot keep: {error}") from error
    own, back = _parts(model), _parts(again)
    lost = [part for part in own if not same(back.get(part, ...), own[part])]
    _check_whole(path, name, lost)
    return [name, told, beyond]


def load_model(name: str, fields: Any, beyond: Mapping[str, Any] | None = None) -> BaseModel:
    """Rebuild a model; ``ImportError`` if its class is gone, ``ValueError`` if it has changed."""
    from pydantic import BaseModel, ValidationError

    try:
        model = _as_when_added(_class(name, BaseModel, "model"), fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{name} is not valid any more: {where}: {first['msg']}") from error
    if beyond is not None:
        _restored(model, beyond)
    lost: list[str] = []
    known = _known(fields, _fields(model), "", lost)
    if lost and _makes(known, beyond, model):
        raise ValueError(f"{name} has changed: it has no {', '.join(lost)}")
    return model


_PROGRAM: Final = Path(sys.executable)
_VALID: Final[dict[str, tuple[type, str]]] = {
    "datetime_future": (datetime, "9999-12-30T00:00:00Z"),
    "date_future": (date, "9999-12-30"),
    "path_not_file": (Path, str(_PROGRAM)),
    "path_not_directory": (Path, str(_PROGRAM.parent)),
    "path_exists": (Path, f"{_PROGRAM}.new"),
    "parent_does_not_exist": (Path, f"{_PROGRAM}.new"),
}
"""What pydantic says of a value that was valid once → its type, and one that is valid now."""


def _as_when_added(kind: type[BaseModel], fields: Any) -> BaseModel:
    """Rebuild a model; since it was added, a moment may have passed, or a file may have gone."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return _validated(kind, fields)
    except ValidationError as error:
        passed = [each for each in error.errors() if each["type"] in _VALID]
        if len(passed) < error.error_count():
            raise
    fields = deepcopy(fields)
    for each in passed:
        *way, last = each["loc"]
        _at(fields, way)[last] = _VALID[each["type"]][1]
    model = _validated(kind, fields)
    for each in passed:
        *way, last = each["loc"]
        real: TypeAdapter[Any] = TypeAdapter(_VALID[each["type"]][0])
        inner = _at(model, way)
        inside: Any = vars(inner) if is_model(inner) else inner
        inside[last] = real.validate_python(each["input"])
    return model


def _at(whole: Any, way: Iterable[Any]) -> Any:
    """Return the part of a model, or of its fields, at a place that pydantic names."""
    for step in way:
        whole = getattr(whole, step) if is_model(whole) else whole[step]
    return whole


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


def _parts(model: BaseModel) -> dict[str, Any]:
    """Return all that belongs to a model, by name."""
    shown = {name: value for name, value in vars(model).items() if name in type(model).model_fields}
    hidden = (model.__pydantic_extra__ or {}) | (model.__pydantic_private__ or {})
    return shown | hidden | {"the set of fields that were given": model.model_fields_set}


def _beyond(value: Any) -> dict[str, Any]:
    """Return what JSON's fields do not say of a model and of those in it, by their places."""
    if not is_model(value):
        each = _members(value)
        return {place: told for place, inner in each.items() if (told := _beyond(inner))}
    inside = {name: told for name, inner in vars(value).items() if (told := _beyond(inner))}
    told = {"set": value.model_fields_set, "extra": value.__pydantic_extra__, "inside": inside}
    return told | {"private": value.__pydantic_private__}


def _members(value: Any) -> dict[str, Any]:
    if isinstance(value, list | tuple):
        return {str(place): each for place, each in enumerate(value)}
    if isinstance(value, dict):
        return {str(key): each for key, each in value.items()}
    return {}


def _restored(value: Any, beyond: Mapping[str, Any]) -> Any:
    """Give a model, and those in it, what JSON's fields do not say."""
    if is_model(value):
        for part, told in (("fields_set", "set"), ("extra", "extra"), ("private", "private")):
            object.__setattr__(value, f"__pydantic_{part}__", copy(beyond[told]))
        members, inside = vars(value), beyond["inside"]
    else:
        members, inside = _members(value), beyond
    for place, told in inside.items():
        if place in members:
            _restored(members[place], told)
    return value


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are equal in all their parts, of the same types; NaN is."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if is_model(one):
        return same(_parts(one), _parts(other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) or (one != one and other != other)


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

    Raises ``BadCall`` as for models, and for a value that its fields do not make again.
    """
    kind = type(value)
    name = name_of_class(kind, path)
    own = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    _check_whole(path, name, _beside(value, own))
    made = [field.name for field in dataclasses.fields(value) if field.init]
    try:
        again = kind(**{field: own[field] for field in made})
    except Exception as error:
        raise BadCall(f"{path} is a {name}, which its fields do not make: {error}") from error
    lost = [field for field, kept in own.items() if not same(getattr(again, field), kept)]
    _check_whole(path, name, lost)
    return [name, {field: pack(own[field], f"{path}.{field}") for field in made}]


def load_dataclass(name: str, fields: dict[str, Any]) -> Any:
    """Rebuild a dataclass; raises as :func:`load_model` does."""
    kind = _class(name, object, "dataclass")
    if not dataclasses.is_dataclass(kind):
        raise ValueError(f"{name} is no dataclass any more")
    try:
        made = kind(**fields)
        lost = [field for field in fields if not hasattr(made, field)]  # pydantic ignores them
        known = {field: fields[field] for field in fields if field not in lost}
        is_lost = bool(lost) and same(kind(**known), made)
    except Exception as error:
        raise ValueError(f"{name} has changed: {error}") from error
    if is_lost:
        raise ValueError(f"{name} has changed: it has no {', '.join(lost)}")
    return made


def _beside(value: Any, fields: Container[str]) -> list[str]:
    """Return what a value has beside its fields: a relationship that was loaded, say.

    What a class computes once, what is empty, and SQLAlchemy's own mark make no difference.
    """
    kind, found = type(value), getattr(value, "__dict__", {})
    return [
        name
        for name, each in found.items()
        if name not in fields
        and name != "_sa_instance_state"
        and not (each is None or (isinstance(each, list | dict) and not each))
        and not isinstance(getattr(kind, name, None), cached_property)
    ]


def _check_whole(path: str, name: str, lost: list[str]) -> None:
    """Raise ``BadCall`` if any fields were lost."""
    if lost:
        raise BadCall(f"{path} is a {name}, of which JSON would lose a part: {', '.join(lost)}")


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
