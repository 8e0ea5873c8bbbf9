"""Values of users' own classes as JSON: the class's name and its fields.

Encoding refuses a class that cannot be imported by its name, and a value of which JSON would lose
a part. Decoding reports a class that is gone or has changed.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar

from desktop.engine.errors import BadCall
from desktop.engine.functions.source import FunctionSource

if TYPE_CHECKING:
    from pydantic import BaseModel

Kind = TypeVar("Kind")


def is_model(value: Any) -> TypeGuard[BaseModel]:
    """Return whether ``value`` is a pydantic model, without importing pydantic."""
    pydantic = sys.modules.get("pydantic")
    return pydantic is not None and isinstance(value, pydantic.BaseModel)


def dump_model(model: BaseModel, path: str) -> list[Any]:
    """Return ``["module:qualname", fields]``.

    Raises ``BadCall``, beginning with ``path``, for a class that cannot be imported by its name and
    where JSON would lose something: a masked secret, an excluded field.
    """
    kind = type(model)
    name = _name(kind, path)
    try:
        fields = model.model_dump(mode="json", round_trip=True, by_alias=False)
        again, own = vars(_validated(kind, fields)), vars(model)
    except ValueError as error:
        raise BadCall(f"{path} is a {name}, which JSON cannot keep: {error}") from error
    lost = [field for field in {**own, **again} if again.get(field, ...) != own.get(field, ...)]
    _check_whole(path, name, lost)
    return [name, fields]


def load_model(name: str, fields: Any) -> BaseModel:
    """Rebuild a model; ``ImportError`` if its class is gone, ``ValueError`` if it has changed."""
    from pydantic import BaseModel, ValidationError

    try:
        return _validated(_class(name, BaseModel, "model"), fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{name} has changed: {where}: {first['msg']}") from error


def dump_member(member: Enum, path: str) -> list[str]:
    """Return ``["module:qualname", name]``; ``BadCall`` as for models, and for combined flags."""
    name = _name(type(member), path)
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
    """Return whether ``value`` is an instance of a dataclass."""
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def dump_dataclass(value: Any, path: str, pack: Callable[[Any, str], Any]) -> list[Any]:
    """Return ``["module:qualname", fields]``, each field encoded by ``pack(value, path)``.

    Raises ``BadCall`` as for models, and for a value that its fields do not make again.
    """
    kind = type(value)
    name = _name(kind, path)
    own = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    made = [field.name for field in dataclasses.fields(value) if field.init]
    try:
        again = kind(**{field: own[field] for field in made})
    except Exception as error:
        raise BadCall(f"{path} is a {name}, which its fields do not make: {error}") from error
    lost = [field for field, kept in own.items() if getattr(again, field) != kept]
    _check_whole(path, name, lost)
    return [name, {field: pack(own[field], f"{path}.{field}") for field in made}]


def load_dataclass(name: str, fields: dict[str, Any]) -> Any:
    """Rebuild a dataclass; raises as :func:`load_model` does."""
    kind = _class(name, object, "dataclass")
    if not dataclasses.is_dataclass(kind):
        raise ValueError(f"{name} is no dataclass any more")
    try:
        return kind(**fields)
    except Exception as error:
        raise ValueError(f"{name} has changed: {error}") from error


def _check_whole(path: str, name: str, lost: list[str]) -> None:
    """Raise ``BadCall`` if any fields were lost."""
    if lost:
        raise BadCall(f"{path} is a {name}, of which JSON would lose a part: {', '.join(lost)}")


def _name(kind: type, path: str) -> str:
    name = f"{kind.__module__}:{kind.__qualname__}"
    try:
        known = _class(name, object, "class") is kind
    except (ImportError, ValueError):
        known = False
    if not known:
        raise BadCall(f"{path} is a {name}, which cannot be imported by that name")
    return name


def _class(name: str, base: type[Kind], what: str) -> type[Kind]:
    module, _, qualname = name.partition(":")
    found = FunctionSource(module, qualname).find()
    if isinstance(found, type) and issubclass(found, base):
        return found
    raise ValueError(f"{name} is no {what} any more")


def _validated(kind: type[BaseModel], fields: Any) -> BaseModel:
    text = json.dumps(fields, allow_nan=False)  # from JSON, strict models accept dates
    return kind.model_validate_json(text, by_alias=False, by_name=True)
