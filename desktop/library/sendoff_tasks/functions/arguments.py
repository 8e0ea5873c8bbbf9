"""Typed JSON: the arguments and result of a call, and the context variables that travel with it."""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from decimal import Decimal
from enum import Enum
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sendoff_tasks.errors import BadCall
from sendoff_tasks.functions.classes import (
    dump_dataclass,
    dump_member,
    dump_model,
    dump_named,
    is_dataclass,
    is_model,
    load_dataclass,
    load_member,
    load_model,
    load_named,
)
from sendoff_tasks.functions.eligibility import brief, check_plain
from sendoff_tasks.functions.source import PROGRAM, loaded_modules
from sendoff_tasks.text import sentence, valid_text

T = TypeVar("T")

DEPTH: Final = 100
"""The deepest nesting of values."""
RESULT_BYTES: Final = 1 << 20
"""Size of the largest stored result, encoded."""
BITS: Final = 13_000
"""Size of the largest integer; CPython reads no more than 4,300 digits."""

CAN_BE_KEPT: Final = (
    "None, bool, int, float, str, bytes, Decimal, datetime, date, time, timedelta, UUID, Path, "
    "enum members, dataclasses, pydantic models, types with register_type, and lists, tuples, sets "
    "and dicts of these"
)
"""The types an argument may have, for error messages; docs/arguments.md explains them."""
BY_ID: Final = "pass the row's id and open a session in the task"
"""What to do instead of passing a session or a row of SQLAlchemy, for error messages."""
BY_PATH: Final = "save it and pass its path, or pass its bytes (file.read())"
"""What to do instead of passing an open file, or one that was uploaded."""

_TAG = "$type"
_MICROSECOND: Final = dt.timedelta(microseconds=1)
_dump: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
_ATOMS: frozenset[type] = frozenset({str, bool, type(None)})
_Unpack = Callable[[Any], Any]


def _seconds(span: dt.timedelta) -> str:
    return str(Decimal(span // _MICROSECOND).scaleb(-6).normalize())


def _span(seconds: str) -> dt.timedelta:
    return int(Decimal(seconds).scaleb(6)) * _MICROSECOND


def _load_zoned(value: Any) -> dt.datetime:
    moment, zone, fold = value
    return dt.datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone), fold=fold)


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
    "map": lambda value: {_unpack(key): _unpack(each) for key, each in value},
    "namedtuple": lambda value: load_named(value[0], map(_unpack, value[1])),
    "float": float,
    "zoned": _load_zoned,
    "own": lambda value: _load_own(value[0], _unpack(value[1])),
    "tuple": lambda value: tuple(_unpack(each) for each in value),
    "set": lambda value: {_unpack(each) for each in value},
    "frozenset": lambda value: frozenset(_unpack(each) for each in value),
    "model": lambda value: load_model(*value[:2], *map(_unpack, value[2:])),
    "enum": lambda value: load_member(*value),
    "dataclass": lambda value: load_dataclass(value[0], *map(_unpack, value[1:])),
}


_OWN: Final[dict[type, Callable[[Any], Any]]] = {}
_LOADED: Final[dict[str, Callable[[Any], Any]]] = {}
"""Own types: how each is written, by the type, and read, by its name."""


def register_type(kind: type[T], dump: Callable[[T], Any], load: Callable[[Any], T]) -> None:
    """Let values of a type be arguments, results and values of steps.

    ``dump`` makes something of a value that can be an argument already; ``load`` makes the value of
    that. Subclasses are types of their own. Call it at the top of a module that the functions'
    modules import, because other processes read the values, too.
    """
    if not isinstance(kind, type):
        raise TypeError(f"register_type takes a class, got {kind!r}")
    check_plain("dump", dump)
    check_plain("load", load)
    _OWN[kind] = dump
    _LOADED[f"{kind.__module__}:{kind.__qualname__}"] = load


def _load_own(name: str, value: Any) -> Any:
    load = _LOADED.get(name)
    if load is None:
        raise ValueError(f"the type {name} is not registered with register_type here")
    return load(value)


def kept_types() -> set[type]:
    """Return the classes of which each value can be kept, but those made of parts."""
    return {*_ATOMS, int, float, *_KINDS, Path, *_OWN}


class Unreadable(ValueError):
    """What is stored cannot be read: a class is gone or has changed."""


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


def decode(text: str, what: str = "The task's arguments") -> tuple[list[Any], dict[str, Any]]:
    """Reverse :func:`encode`; raise ``Unreadable`` when a class is gone or has changed.

    The error names ``what`` was to be read.
    """
    try:
        read = json.loads(text)
        args, kwargs = _unpack(read) if _TAG in text else read
    except Exception as error:  # importing a module and validating run the user's code
        is_plain = isinstance(error, ValueError | ImportError)
        said = str(error) if is_plain else sentence(error)
        why = f"{what} cannot be read any more: {said.rstrip('.')}."
        raise Unreadable(why) from error
    return args, kwargs


def decode_result(text: str, what: str = "The task's result") -> Any:
    """Reverse :func:`encode_result`; raise ``Unreadable`` as :func:`decode` does."""
    (value,), _ = decode(f"[[{text}],{{}}]", what)
    return value


NOT_KEPT: Final = json.dumps({_TAG: "not kept", "value": None})
"""The encoded result of a task whose result could not be kept."""


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
        why, *more = error.args
        raise BadCall(f"{what}{why}", *more) from error.__cause__


def _pack(value: Any, path: str, depth: int) -> Any:
    """Turn a value into JSON; ``path`` is its place inside the argument, for errors."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is int:
        if value.bit_length() > BITS:
            raise BadCall(f"{path} is an integer of more than {BITS} bits")
        return value
    if kind is float:
        return value if math.isfinite(value) else {_TAG: "float", "value": repr(value)}
    if depth == 0:
        raise BadCall(f" is nested more than {DEPTH} deep")
    if kind is list:
        return [_pack(each, f"{path}[{place}]", depth - 1) for place, each in enumerate(value)]
    if kind is tuple:
        return {_TAG: "tuple", "value": _pack(list(value), path, depth)}
    if kind is dict:
        if not all(type(key) is str for key in value):
            pairs = [
                [_pack(k, f"{path} key {k!r}", depth - 1), _pack(v, f"{path}[{k!r}]", depth - 1)]
                for k, v in value.items()
            ]
            return {_TAG: "map", "value": pairs}
        return _untagged({k: _pack(v, f"{path}[{k!r}]", depth - 1) for k, v in value.items()})
    if kind in _KINDS:
        if kind is dt.datetime and type(value.tzinfo) is ZoneInfo and value.tzinfo.key:
            moment = value.replace(tzinfo=None, fold=0).isoformat()
            return {_TAG: "zoned", "value": [moment, value.tzinfo.key, value.fold]}
        if kind is dt.time and value.tzinfo is not None and value.utcoffset() is None:
            raise BadCall(f"{path} is a time whose zone depends on the date")
        name, write, _ = _KINDS[kind]
        return {_TAG: name, "value": write(value)}
    if kind is set or kind is frozenset:
        members = [_pack(each, f"{path}{{…}}", depth - 1) for each in value]
        return {_TAG: kind.__name__, "value": sorted(members, key=_dump)}
    return _pack_other(value, path, depth)


def _pack_other(value: Any, path: str, depth: int) -> dict[str, Any]:
    """Turn a value of another class into JSON, first as the app has registered it."""
    kind: Any = type(value)

    def pack(each: Any, where: str) -> Any:
        return _pack(each, where, depth - 1)

    if kind in _OWN:
        name = f"{kind.__module__}:{kind.__qualname__}"
        return {_TAG: "own", "value": [name, pack(_OWN[kind](value), path)]}
    if is_model(value):
        return {_TAG: "model", "value": dump_model(value, path, pack)}
    if isinstance(value, Enum):
        return {_TAG: "enum", "value": dump_member(value, path)}
    if is_dataclass(value):
        return {_TAG: "dataclass", "value": dump_dataclass(value, path, pack)}
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        return {_TAG: "namedtuple", "value": dump_named(value, path, pack)}
    why, *more = why_not_kept(kind)
    raise BadCall(f"{path}{why}", *more)


def why_not_kept(kind: type) -> tuple[str, ...]:
    """Return why no value of a type can be kept, and if it helps, what can be."""
    why = f" is of type {kind.__qualname__}, which cannot be kept as JSON"
    packages = {each.__module__.partition(".")[0] for each in kind.__mro__}
    is_of_session = "sqlalchemy" in packages or hasattr(kind, "__mapper__")  # it or a row
    if is_of_session or hasattr(kind, "read"):
        return (f"{why}: {BY_ID if is_of_session else BY_PATH}",)
    if any(each.__name__.lower().endswith("url") for each in kind.__mro__):
        return (f"{why}: pass str(url)",)
    return why, f"{CAN_BE_KEPT} can"


def _untagged(packed: dict[str, Any]) -> dict[str, Any]:
    """Wrap a dict that looks like a tagged value."""
    return {_TAG: "dict", "value": packed} if _TAG in packed else packed


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
        case "model" if held[1] is None and held[2:]:
            return _plain(held[2]["values"])
        case "model" | "enum":
            return held[1]
        case "dataclass" | "namedtuple" | "own":
            return _plain(held[1])
        case "map":
            return _plain_pairs(held)
        case "zoned":
            return _load_zoned(held).isoformat()
        case "dict":
            return {key: _plain(each) for key, each in held.items()}
        case _:
            return _plain(held)


def _plain_pairs(pairs: list[list[Any]]) -> Any:
    """Return a dict as JSON has it, where each key is text; pairs if that is not possible."""
    plain = [(_plain(key), _plain(value)) for key, value in pairs]
    if all(key is None or isinstance(key, str | int | float) for key, _ in plain):
        return {key if isinstance(key, str) else json.dumps(key): value for key, value in plain}
    return [list(pair) for pair in plain]


UNSET: Final = object()


class Variables:
    """The context variables an app has named; their values are stored with each added task."""

    def __init__(self, variables: Iterable[ContextVar[Any]] = ()) -> None:
        self._variables = tuple(variables)
        for each in self._variables:
            if not isinstance(each, ContextVar):
                raise TypeError(f"contextvars takes variables of contextvars, got {brief(each)}")
        self._places: dict[str, ContextVar[Any]] = {}

    def locate(self) -> None:
        """Find where the variables are defined; ``TypeError`` for one that could not be found."""
        if len(self._places) < len(self._variables):
            self._places = {_place(each): each for each in self._variables}

    def capture(self) -> str | None:
        """Encode the values of the variables that are set; ``None`` if none is.

        ``BadCall`` names a value that cannot be stored.
        """
        if not self._variables:
            return None
        self.locate()
        given = {place: each.get(UNSET) for place, each in self._places.items()}
        values = {place: value for place, value in given.items() if value is not UNSET}
        return encode_named(values, "the context variable") if values else None


NO_VARIABLES: Final = Variables()


def captured(text: str) -> Iterator[tuple[ContextVar[Any], Any]]:
    """Yield the variables that travelled, with their values.

    Raises ``Unreadable`` where a variable or the class of a value is gone.
    """
    for place, value in decode_result(text, "The context variables").items():
        module, _, name = place.partition(":")
        try:
            found = getattr(import_module(module), name, None)
        except ImportError:
            found = None
        if not isinstance(found, ContextVar):
            raise Unreadable(f"The context variable {place} is no longer there.")
        yield found, value


def _place(variable: ContextVar[Any]) -> str:
    """Return ``module:name`` of a variable defined at the top of a module."""
    places = [
        f"{module}:{name}"
        for module, names in loaded_modules()
        if module not in PROGRAM
        for name, value in names.items()
        if value is variable
    ]
    if not places:
        raise TypeError(
            f"the context variable {variable.name!r} cannot travel with a task: it is not at the "
            "top of a module that can be imported"
        )
    return min(places, key=lambda place: (len(place), place))
