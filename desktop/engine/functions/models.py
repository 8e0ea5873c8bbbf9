"""Pydantic models as task arguments: their class by name and their fields as JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, TypeGuard

from desktop.engine.errors import BadCall
from desktop.engine.functions.source import Source

if TYPE_CHECKING:
    from pydantic import BaseModel


def is_model(value: Any) -> TypeGuard[BaseModel]:
    """Tell whether ``value`` is a pydantic model; pydantic is not imported for the question."""
    pydantic = sys.modules.get("pydantic")
    return pydantic is not None and isinstance(value, pydantic.BaseModel)


def dump(model: BaseModel, path: str) -> list[Any]:
    """Return ``["module:qualname", fields]``.

    Raises ``BadCall``, beginning with ``path``, for a class that cannot be found by its name, and
    where JSON would lose something: a secret that is masked, a field left out.
    """
    kind = type(model)
    name = f"{kind.__module__}:{kind.__qualname__}"
    try:
        known = _class(name) is kind
    except (ImportError, ValueError):
        known = False
    if not known:
        raise BadCall(f"{path} is a {name}, which cannot be imported by that name")
    try:
        fields = model.model_dump(mode="json", round_trip=True, by_alias=False)
        same = vars(_load(kind, fields)) == vars(model)
    except ValueError as error:
        raise BadCall(f"{path} is a {name}, which JSON cannot keep: {error}") from error
    if not same:
        raise BadCall(f"{path} is a {name}, of which JSON would lose a part")
    return [name, fields]


def load(name: str, fields: Any) -> BaseModel:
    """Rebuild a model; ``ImportError`` when its class is gone, ``ValueError`` when it changed."""
    from pydantic import ValidationError

    try:
        return _load(_class(name), fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{name} has changed: {where}: {first['msg']}") from error


def _load(kind: type[BaseModel], fields: Any) -> BaseModel:
    text = json.dumps(fields, allow_nan=False)  # read as JSON, so that strict models take dates
    return kind.model_validate_json(text, by_alias=False, by_name=True)


def _class(name: str) -> type[BaseModel]:
    from pydantic import BaseModel

    module, _, qualname = name.partition(":")
    found = Source(module, qualname).find()
    if isinstance(found, type) and issubclass(found, BaseModel):
        return found
    raise ValueError(f"{name} is no model any more")
