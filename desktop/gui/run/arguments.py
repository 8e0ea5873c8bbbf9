"""The arguments of a function: asked for by its JSON Schema, shown as typed input, read again.

Texts, numbers, choices, dates and yes or no have fields of their own; everything else is typed as
JSON. The typed input is a bool for a check box, a position for a choice, and a text for all others.
An empty text and ``NOT_CHOSEN`` mean no value. Bounds and lengths are checked by the backend alone.
"""

from __future__ import annotations

import base64
import json
import math
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, NoReturn
from unicodedata import category

from sendoff_tasks.model.tasks import BY_PLACE, DECIMAL, MEMBERS, REST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Schema = dict[str, Any]

LINE_LIMIT: Final = 10_000
"""Longest text, in characters, that is shown in a one-line field."""
NOT_CHOSEN: Final = -1
"""The position of a choice without a chosen value."""
DEPTH: Final = 3
"""Levels of objects and lists that the example of a value shows."""
_UNSEEN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories of characters that a text field would lose."""


class ArgumentKind(Enum):
    """The kind of field for an argument."""

    CHECK = auto()
    """A check box."""
    CHOICE = auto()
    """One of the values of a ``Literal`` or an ``Enum``."""
    DATE = auto()
    MOMENT = auto()
    """A day and a time."""
    NUMBER = auto()
    LINE = auto()
    """One line of text, also for values with a text form of their own, such as a UUID."""
    TEXT = auto()
    """A text of several lines, or a very long one."""
    JSON = auto()
    """Anything else: lists, objects, alternatives."""


class ArgumentPlace(Enum):
    """How an argument is passed to the function."""

    NAMED = auto()
    PLACED = auto()
    REST = auto()
    """Further positional arguments (``*args``), as a list."""
    OTHERS = auto()
    """Further named arguments (``**kwargs``), as an object."""


class Absent(Enum):
    """The marker for no value, as ``None`` is a value."""

    ABSENT = auto()


ABSENT: Final = Absent.ABSENT


class ArgumentFault(Enum):
    """The errors of typed input."""

    MISSING = auto()
    NOT_CHOSEN = auto()
    NOT_A_NUMBER = auto()
    NOT_A_TIME = auto()
    NOT_JSON = auto()
    NOT_A_LIST = auto()
    NOT_AN_OBJECT = auto()


class InvalidInput(ValueError):
    """Invalid input: its fault, and its line, if any."""

    def __init__(self, fault: ArgumentFault, line: int | None = None) -> None:
        super().__init__(fault.name)
        self.fault = fault
        self.line = line


@dataclass(frozen=True, slots=True)
class ArgumentChoice:
    """A value that can be chosen, and its text."""

    value: Any
    words: str


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a function.

    An ``optional`` one can be left without a value: it is null then if it is ``nullable``, or else
    left out. ``least`` and ``most`` are inclusive bounds of a number, for its hint. ``example`` is
    a value of the shape that JSON is asked for, or ``ABSENT`` if any will do.
    """

    name: str
    kind: ArgumentKind
    label: str = ""
    help: str = ""
    place: ArgumentPlace = ArgumentPlace.NAMED
    optional: bool = False
    nullable: bool = False
    default: Any = ABSENT
    least: float | None = None
    most: float | None = None
    format: str = ""
    choices: tuple[ArgumentChoice, ...] = ()
    example: Any = ABSENT


@dataclass(frozen=True, slots=True)
class _Schemas:
    """Reads schemas with references to ``shared`` ones."""

    shared: Mapping[str, Schema]

    def argument(self, name: str, schema: Schema, *, required: bool) -> Argument:
        """Return the argument of one parameter."""
        plain, nullable = _without_null(self.whole(schema))
        default = schema.get("default", ABSENT)
        known = self.read(name, self.whole(plain))
        optional = nullable or (not required and default is ABSENT)
        if optional and known.kind is ArgumentKind.CHECK:
            # People do not expect a third state of a check box.
            known = Argument(name, ArgumentKind.CHOICE, choices=_choices({"enum": [True, False]}))
        return replace(
            known,
            label=str(schema.get("title") or in_words(name)),
            help=str(schema.get("description", "")),
            place=_place(schema),
            default=default,
            nullable=nullable,
            optional=optional,
        )

    def whole(self, schema: Schema) -> Schema:
        """Return the schema that a reference names, or the schema itself without one."""
        while isinstance(reference := schema.get("$ref"), str):
            schema = self.shared.get(reference.rpartition("/")[2], {})
        return schema

    def read(self, name: str, schema: Schema) -> Argument:
        """Return the argument of a schema without null."""
        form = str(schema.get("format", ""))
        if "enum" in schema or "const" in schema:
            return Argument(name, ArgumentKind.CHOICE, choices=_choices(schema))
        if _are_numbers(schema):
            least, most = schema.get("minimum"), schema.get("maximum")
            return Argument(name, ArgumentKind.NUMBER, least=least, most=most)
        if schema.get("type") == "boolean":
            return Argument(name, ArgumentKind.CHECK)
        # A Decimal is a number or a text; the text keeps all digits.
        if schema.get("type") == "string" or form == DECIMAL:
            kinds = {"date": ArgumentKind.DATE, "date-time": ArgumentKind.MOMENT}
            return Argument(name, kinds.get(form, ArgumentKind.LINE), format=form)
        is_shaped = schema.get("type") in {"array", "object"}
        example = self.example(schema, DEPTH) if is_shaped else ABSENT
        return Argument(name, ArgumentKind.JSON, example=example)

    def example(self, schema: Schema, depth: int) -> Any:
        """Return a value of a schema's shape, as a pattern for typing one."""
        if "default" in schema:
            return schema["default"]
        plain = self.whole(_without_null(self.whole(schema))[0])
        if "enum" in plain or "const" in plain:
            return _choices(plain)[0].value
        match plain.get("type"):
            case "object":
                inside = plain.get("properties", {}).items() if depth else ()
                return {name: self.example(each, depth - 1) for name, each in inside}
            case "array" if depth:
                of = self.whole(plain.get("items", {}))
                return of["enum"] if "enum" in of else [self.example(of, depth - 1)]
            case "array":
                return []
            case "integer" | "number":
                return plain.get("minimum", 1)
            case "boolean":
                return True
        return "…"

    def from_record(self, schema: Schema, value: Any) -> Any:
        """Convert a value from a task's record into the one to pass; raise ``ValueError``.

        A record names enums by member, and writes bytes and spans in its own way.
        """
        plain = self.whole(_without_null(self.whole(schema))[0])
        if isinstance(value, dict):
            known = plain.get("properties", {})
            return {name: self.from_record(known.get(name, {}), v) for name, v in value.items()}
        if isinstance(value, list):
            return [self.from_record(plain.get("items", {}), each) for each in value]
        if not isinstance(value, str):
            return value
        if value in plain.get(MEMBERS, ()) and value not in plain["enum"]:
            return plain["enum"][plain[MEMBERS].index(value)]
        return _FROM_RECORD.get(str(plain.get("format", "")), str)(value)


def arguments_of(parameters: Schema) -> tuple[Argument, ...]:
    """Return the arguments to ask for, in the order of the function's parameters."""
    schemas, needed = _Schemas(parameters.get("$defs", {})), parameters.get("required", ())
    found = tuple(
        schemas.argument(name, each, required=name in needed)
        for name, each in parameters.get("properties", {}).items()
    )
    if not parameters.get("additionalProperties"):
        return found
    others = Argument("", ArgumentKind.JSON, place=ArgumentPlace.OTHERS, default={})
    return (*found, others)


def in_words(name: str) -> str:
    """Return a parameter's name as people write it: ``send_to`` is *Send to*."""
    words = name.strip("_").replace("_", " ")
    return words[:1].upper() + words[1:]


def _place(schema: Schema) -> ArgumentPlace:
    if schema.get(REST):
        return ArgumentPlace.REST
    return ArgumentPlace.PLACED if schema.get(BY_PLACE) else ArgumentPlace.NAMED


def _without_null(schema: Schema) -> tuple[Schema, bool]:
    """Return a schema without null, and whether it allows null."""
    several = schema.get("anyOf")
    if not several:
        return schema, False
    others = [each for each in several if each.get("type") != "null"]
    if len(others) == len(several):
        return schema, False
    if len(others) == 1:
        return others[0], True
    return {**schema, "anyOf": others}, True


def _are_numbers(schema: Schema) -> bool:
    kinds = {each.get("type") for each in schema.get("anyOf", [schema])}
    return bool(kinds) and kinds <= {"integer", "number"}


def _choices(schema: Schema) -> tuple[ArgumentChoice, ...]:
    values = schema["enum"] if "enum" in schema else [schema["const"]]
    members: list[str | None] = list(schema.get(MEMBERS) or [None] * len(values))
    return tuple(
        ArgumentChoice(value, _choice_words(value, member))
        for value, member in zip(values, members, strict=True)
    )


def _choice_words(value: Any, member: str | None) -> str:
    """Return the text of a value: text itself, or the name of its enum member."""
    if isinstance(value, str) and value:
        return value
    if member is not None:
        return in_words(member.lower())
    return json.dumps(value, ensure_ascii=False)


def _bytes(text: str) -> str:
    return base64.b64decode(text, validate=True).decode()


def _duration(seconds: str) -> str:
    bare = seconds.removeprefix("-")
    is_number = bare.replace(".", "", 1).isdecimal()
    return f"{'-' * (bare != seconds)}PT{bare}S" if is_number else seconds


_FROM_RECORD: Final[dict[str, Callable[[str], str]]] = {"binary": _bytes, "duration": _duration}
"""Conversions of texts whose format a task's record writes differently."""


def fitted(argument: Argument, value: Any) -> Argument:
    """Return the argument with a kind that can show its value: its own, or else JSON.

    Without a ``value``, its default is used.
    """
    if value is ABSENT:
        value = argument.default
    if value is ABSENT or (value is None and argument.optional):
        return argument
    if argument.kind is not ArgumentKind.JSON:
        try:
            again = read(argument, shown(argument, value))
        except InvalidInput:
            again = ABSENT
        if again != value or type(again) is not type(value):
            return replace(argument, kind=ArgumentKind.JSON)
    if argument.kind is ArgumentKind.LINE:
        if any(category(each) in _UNSEEN for each in value if each != "\n"):
            return replace(argument, kind=ArgumentKind.JSON)
        if "\n" in value or len(value) > LINE_LIMIT:
            return replace(argument, kind=ArgumentKind.TEXT)
    return argument


def shown(argument: Argument, value: Any = ABSENT) -> Any:
    """Return the input for a value that fits; without a value, that of a new field."""
    if value is ABSENT:
        value = argument.default
    if value is ABSENT or (value is None and argument.optional):
        none = {ArgumentKind.CHECK: False, ArgumentKind.CHOICE: NOT_CHOSEN}
        return none.get(argument.kind, "")
    match argument.kind:
        case ArgumentKind.CHECK:
            return value
        case ArgumentKind.CHOICE:
            # true does not equal 1 here
            same = [
                each.value == value and type(each.value) is type(value) for each in argument.choices
            ]
            return same.index(True) if any(same) else NOT_CHOSEN
        case ArgumentKind.JSON:
            return json.dumps(value, ensure_ascii=False, indent=2)
        case _:
            return value if isinstance(value, str) else repr(value)


def read(argument: Argument, typed: Any) -> Any:
    """Return the value of an input, or ``ABSENT`` if it is left out; raise ``InvalidInput``."""
    if argument.optional and typed in ("", NOT_CHOSEN):
        return None if argument.nullable else ABSENT
    match argument.kind:
        case ArgumentKind.CHECK:
            return bool(typed)
        case ArgumentKind.CHOICE:
            if not 0 <= typed < len(argument.choices):
                raise InvalidInput(ArgumentFault.NOT_CHOSEN)
            return argument.choices[typed].value
        case ArgumentKind.JSON:
            return _read_json(argument, typed)
        case ArgumentKind.NUMBER:
            return _read_number(typed.strip())
        case ArgumentKind.DATE | ArgumentKind.MOMENT:
            return _read_time(argument.kind, typed)
    # In a required argument, an empty text is a missing one.
    if not typed and not argument.optional and argument.default is ABSENT:
        raise InvalidInput(ArgumentFault.MISSING)
    return typed


def read_all(arguments: Sequence[Argument], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of several arguments by name, without those left out."""
    found = {each.name: read(each, typed[each.name]) for each in arguments}
    return {name: value for name, value in found.items() if value is not ABSENT}


def call_of(
    arguments: Sequence[Argument], values: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """Return positional and named arguments.

    The first positional argument left out ends the list: the function's own defaults follow.
    """
    placed: list[Any] = []
    named: dict[str, Any] = {}
    gap = False
    for each in arguments:
        gap = gap or (each.place is ArgumentPlace.PLACED and each.name not in values)
        if each.name not in values:
            continue
        value = values[each.name]
        if each.place is ArgumentPlace.PLACED and not gap:
            placed.append(value)
        elif each.place is ArgumentPlace.REST and not gap:
            placed.extend(value)
        elif each.place is ArgumentPlace.OTHERS:
            named.update(value)
        elif each.place is ArgumentPlace.NAMED:
            named[each.name] = value
    return placed, named


def values_of(parameters: Schema, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments a task was called with, by name; those that cannot be typed are absent.

    This is the inverse of ``call_of``.
    """
    properties = parameters.get("properties", {})
    one = [name for name, schema in properties.items() if _place(schema) is not ArgumentPlace.REST]
    values = dict(zip(one, args, strict=False))
    values |= {name: value for name, value in kwargs.items() if name in one}
    values |= {name: list(args[len(one) :]) for name in properties if name not in one}
    if parameters.get("additionalProperties"):
        values[""] = {name: value for name, value in kwargs.items() if name not in one}
    schemas, found = _Schemas(parameters.get("$defs", {})), {}
    for name, value in values.items():
        with suppress(ValueError):
            found[name] = schemas.from_record(properties.get(name, {}), value)
    return found


def _read_number(text: str) -> int | float:
    if not text:
        raise InvalidInput(ArgumentFault.MISSING)
    try:
        number: int | float = int(text) if text.lstrip("+-").isdecimal() else float(text)
    except ValueError:
        raise InvalidInput(ArgumentFault.NOT_A_NUMBER) from None
    if not math.isfinite(number):
        raise InvalidInput(ArgumentFault.NOT_A_NUMBER)
    return number


def _read_time(kind: ArgumentKind, text: str) -> str:
    try:
        (date if kind is ArgumentKind.DATE else datetime).fromisoformat(text)
    except ValueError:
        raise InvalidInput(ArgumentFault.NOT_A_TIME) from None
    return text


def _read_json(argument: Argument, text: str) -> Any:
    if not text.strip():
        raise InvalidInput(ArgumentFault.MISSING)
    try:
        value = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise InvalidInput(ArgumentFault.NOT_JSON, error.lineno) from None
    except (ValueError, RecursionError):
        raise InvalidInput(ArgumentFault.NOT_JSON) from None
    if argument.place is ArgumentPlace.OTHERS and not isinstance(value, dict):
        raise InvalidInput(ArgumentFault.NOT_AN_OBJECT)
    if argument.place is ArgumentPlace.REST and not isinstance(value, list):
        raise InvalidInput(ArgumentFault.NOT_A_LIST)
    return value


def _refuse(constant: str) -> NoReturn:
    """Reject NaN and infinities, which Python accepts but JSON does not have."""
    raise ValueError(constant)
