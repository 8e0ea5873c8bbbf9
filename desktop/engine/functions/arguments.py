"""Arguments and results as typed JSON: they come back equal and of the same type.

JSON's own types stand for themselves. Everything else is tagged,
``{"$type": "date", "value": "2026-07-01"}``, and so is a dict that has the key ``$type`` itself.
Only exact types are accepted, because a subclass would come back as its base. Nothing is pickled.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from desktop.engine.errors import BadCall
from desktop.engine.functions.classes import (
    dump_dataclass,
    dump_member,
    dump_model,
    is_dataclass,
    is_model,
    load_dataclass,
    load_member,
    load_model,
)
from desktop.engine.text import sentence, valid_text

DEPTH: Final = 100
"""The deepest nesting of values."""
RESULT_BYTES: Final = 1 << 20
"""Size of the largest stored result, encoded."""
BITS: Final = 13_000
"""Size of the largest integer; CPython reads no more than 4,300 digits."""

CAN_BE_KEPT: Final = (
    "None, bool, int, float, str, bytes, Decimal, datetime, date, time, timedelta, UUID, Path, "
    "enum members, dataclasses, pydantic models, and lists, tuples, sets and dicts of these"
)
"""The types an argument may have, for error messages; docs/arguments.md explains them."""

_TAG = "$type"
_MICROSECOND: Final = dt.timedelta(microseconds=1)
_dump: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
_ATOMS = frozenset({str, bool, type(None)})
_Unpack = Callable[[Any], Any]


def _seconds(span: dt.timedelta) -> str:
    return str(Decimal(span // _MICROSECOND).scaleb(-6).normalize())


def _span(seconds: str) -> dt.timedelta:
    return int(Decimal(seconds).scaleb(6)) * _MICROSECOND


_KINDS: dict[type, tuple[str, Callable[[Any], str], _Unpack]] = {
    dt.datetime: ("datetime", dt.datetime.isoformat, dt.datetime.fromisoformat),
    dt.date: ("date", dt.date.isoformat, dt.date.fromisoformat),
    dt.time: ("time", dt.time.isoformat, dt.time.fromisoformat),
    dt.timedelta: ("timedelta", _seconds, _span),
    Decimal: ("decimal", str, Decimal),
    UUID: ("uuid", str, UUID),
    type(Path()): ("path", str, Path),
    bytes: ("bytes", lambda raw: base64.b64encode(raw).decode(), base64.b64decode),
}
_UNPACK: dict[str, _Unpack] = {
    **{name: unpack for name, _, unpack in _KINDS.values()},
    "dict": lambda value: {key: _unpack(each) for key, each in value.items()},
    "tuple": lambda value: tuple(_unpack(each) for each in value),
    "set": lambda value: {_unpack(each) for each in value},
    "frozenset": lambda value: frozenset(_unpack(each) for each in value),
    "model": lambda value: load_model(*value),
    "enum": lambda value: load_member(*value),
    "dataclass": lambda value: load_dataclass(value[0], _unpack(value[1])),
}


class Unreadable(ValueError):
    """Stored arguments cannot be read: a class is gone or has changed."""


def encode(args: Sequence[Any], kwargs: Mapping[str, Any], names: Iterable[str] = ()) -> str:
    """Encode a call's arguments as ``[args, kwargs]``, in ASCII.

    ``names`` are the function's parameters in order, for the error: ``BadCall`` names the argument
    that cannot be stored and says why.
    """
    packed = [_packed(value, place, names) for place, value in enumerate(args, 1)]
    named = {name: _packed(value, f"argument `{name}`") for name, value in kwargs.items()}
    return _dump([packed, _untagged(named)])


def encode_named(values: Mapping[str, Any], what: str) -> str:
    """Encode values by name; ``BadCall`` says which of ``what`` cannot be stored, and why."""
    packed = {name: _packed(value, f"{what} {name}") for name, value in values.items()}
    return _dump(_untagged(packed))


def encode_result(value: Any) -> str:
    """Encode a task's result; ``TypeError`` or ``ValueError`` says why it cannot be stored."""
    if value is None:  # the most frequent result
        return "null"
    try:
        text = _dump(_packed(value, "the result"))
    except BadCall as error:
        raise TypeError(str(error)) from error.__cause__
    if len(text) > RESULT_BYTES:
        raise ValueError(
            f"the result is {len(text):,} bytes of JSON; at most {RESULT_BYTES:,} are kept"
        )
    return text


def decode(text: str) -> tuple[list[Any], dict[str, Any]]:
    """Reverse :func:`encode`; raise ``Unreadable`` when a class is gone or has changed."""
    try:
        read = json.loads(text)
        args, kwargs = _unpack(read) if _TAG in text else read
    except Exception as error:  # importing a module and validating run the user's code
        is_plain = isinstance(error, ValueError | ImportError)
        said = str(error) if is_plain else sentence(error)
        why = f"The task's arguments cannot be read any more: {said.rstrip('.')}."
        raise Unreadable(why) from error
    return args, kwargs


def decode_result(text: str) -> Any:
    """Reverse :func:`encode_result`; raise ``Unreadable`` when a class is gone or has changed."""
    (value,), _ = decode(f"[[{text}],{{}}]")
    return value


def plain(text: str) -> Any:
    """Return encoded arguments or an encoded result as plain JSON, for display.

    Lone surrogates, which Python allows in text and UTF-8 does not, become U+FFFD.
    """
    whole = valid_text(json.dumps(json.loads(text), ensure_ascii=False))
    return _plain(json.loads(whole))


def _packed(value: Any, what: str | int, names: Iterable[str] = ()) -> Any:
    """Turn a value into JSON; ``what`` names it in errors: a phrase, or an argument's position."""
    try:
        return _pack(value, "", DEPTH)
    except BadCall as error:
        if isinstance(what, int):
            name = next(islice(names, what - 1, None), None)
            what = f"argument {what}" + (f" (`{name}`)" if name else "")
        raise BadCall(f"{what}{error}") from error.__cause__


def _pack(value: Any, path: str, depth: int) -> Any:
    """Turn a value into JSON; ``path`` is its place inside the argument, for errors."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is int:
        if value.bit_length() > BITS:
            raise BadCall(f"{path} is an integer of more than {BITS} bits")
        return value
    if kind is float or kind is Decimal:
        # A large Decimal is finite, but would be infinite as a float.
        if not (value.is_finite() if kind is Decimal else math.isfinite(value)):
            raise BadCall(f"{path} is {value}, which is no number")
        return value if kind is float else _tagged(value)
    if depth == 0:
        raise BadCall(f" is nested more than {DEPTH} deep")
    if kind is list:
        return [_pack(each, f"{path}[{place}]", depth - 1) for place, each in enumerate(value)]
    if kind is tuple:
        return {_TAG: "tuple", "value": _pack(list(value), path, depth)}
    if kind is dict:
        packed = {
            _key(key, path): _pack(v, f"{path}[{key!r}]", depth - 1) for key, v in value.items()
        }
        return _untagged(packed)
    if kind in _KINDS:
        if kind is dt.time and value.tzinfo is not None and value.utcoffset() is None:
            raise BadCall(f"{path} is a time whose zone depends on the date")
        return _tagged(value)
    if kind is set or kind is frozenset:
        members = [_pack(each, f"{path}{{…}}", depth - 1) for each in value]
        return {_TAG: kind.__name__, "value": sorted(members, key=_dump)}
    return _pack_own(value, path, depth)


def _pack_own(value: Any, path: str, depth: int) -> dict[str, Any]:
    """Turn a value of a user's own class into JSON."""
    if is_model(value):
        return {_TAG: "model", "value": dump_model(value, path)}
    if isinstance(value, Enum):
        return {_TAG: "enum", "value": dump_member(value, path)}
    if is_dataclass(value):
        fields = dump_dataclass(value, path, lambda each, where: _pack(each, where, depth - 1))
        return {_TAG: "dataclass", "value": fields}
    kind = type(value).__qualname__
    raise BadCall(f"{path} is of type {kind}, which cannot be kept as JSON; {CAN_BE_KEPT} can")


def _tagged(value: Any) -> dict[str, str]:
    name, pack, _ = _KINDS[type(value)]
    return {_TAG: name, "value": pack(value)}


def _untagged(packed: dict[str, Any]) -> dict[str, Any]:
    """Wrap a dict that looks like a tagged value."""
    return {_TAG: "dict", "value": packed} if _TAG in packed else packed


def _key(key: Any, path: str) -> str:
    if type(key) is not str:
        raise BadCall(f"{path} has the key {key!r}; only text can be a key")
    return key


def _unpack(value: Any) -> Any:
    if type(value) is list:
        return [_unpack(each) for each in value]
    if type(value) is not dict:
        return value
    if _TAG in value:
        return _UNPACK[value[_TAG]](value["value"])
    return {key: _unpack(each) for key, each in value.items()}


def _plain(value: Any) -> Any:
    if type(value) is list:
        return [_plain(each) for each in value]
    if type(value) is not dict:
        return value
    if _TAG not in value:
        return {key: _plain(each) for key, each in value.items()}
    held = value["value"]
    match value[_TAG]:
        case "model" | "enum":
            return held[1]
        case "dataclass":
            return _plain(held[1])
        case "dict":
            return {key: _plain(each) for key, each in held.items()}
        case _:
            return _plain(held)
