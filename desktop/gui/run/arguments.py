"""Turns the JSON Schema of a function's parameters into the arguments a form asks for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final

from desktop.contract.functions import BY_PLACE, DECIMAL, MEMBERS, REST

if TYPE_CHECKING:
    from collections.abc import Mapping

Schema = dict[str, Any]


class ArgumentKind(Enum):
    """The kind of editor for an argument."""

    CHECK = auto()
    """A check box."""
    CHOICE = auto()
    """One of the values of a ``Literal`` or an ``Enum``."""
    DATE = auto()
    MOMENT = auto()
    """A day and a time."""
    WHOLE = auto()
    """A whole number."""
    NUMBER = auto()
    LINE = auto()
    """One line of text, also for values with a text form of their own, such as a UUID."""
    TEXT = auto()
    """Text of several lines."""
    LINES = auto()
    """A list of simple values, one per line."""
    SEVERAL = auto()
    """A list of the values of a ``Literal`` or an ``Enum``, each checked or not."""
    GROUP = auto()
    """An object with fields of its own."""
    JSON = auto()
    """Anything else, as JSON."""


class ArgumentPlace(Enum):
    """How an argument is passed to the function."""

    NAMED = auto()
    PLACED = auto()
    REST = auto()
    """Further positional arguments (``*args``)."""
    OTHERS = auto()
    """Further named arguments (``**kwargs``)."""


class Absent(Enum):
    """The marker for no value, as ``None`` is a value."""

    ABSENT = auto()


ABSENT: Final = Absent.ABSENT
SEVERAL_LINES: Final = frozenset({ArgumentKind.TEXT, ArgumentKind.LINES, ArgumentKind.JSON})
"""Kinds that are typed in a multi-line field."""
SIMPLE: Final = frozenset({ArgumentKind.WHOLE, ArgumentKind.NUMBER, ArgumentKind.LINE})
"""Kinds whose lists are typed with one value per line."""


@dataclass(frozen=True, slots=True)
class ArgumentChoice:
    """A value that can be chosen; a task's record names it by its enum ``member``, if any."""

    value: Any
    words: str
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a function, or one field of an object.

    An ``optional`` one can be left without a value: it is null then if it is ``nullable``, or else
    left out. ``least`` and ``most`` are inclusive bounds of a number; ``shortest`` and ``longest``
    are those of a text's or list's length.
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
    shortest: int = 0
    longest: int | None = None
    format: str = ""
    choices: tuple[ArgumentChoice, ...] = ()
    members: tuple[Argument, ...] = ()
    each: Argument | None = None


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads schemas with references to ``shared`` ones; ``inside`` are those being read now."""

    shared: Mapping[str, Schema]
    inside: frozenset[str] = field(default_factory=frozenset)

    def argument(self, name: str, schema: Schema, *, required: bool) -> Argument:
        """Read the schema of one parameter or field."""
        plain, nullable = _without_null(schema)
        default = schema.get("default", ABSENT)
        known = self.read(name, plain)
        optional = nullable or (not required and default is ABSENT)
        if (
            optional and known.kind is ArgumentKind.CHECK
        ):  # people do not expect a third state of a check box
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

    def read(self, name: str, schema: Schema) -> Argument:
        """Read a schema without null."""
        reference = schema.get("$ref")
        if isinstance(reference, str):
            return self._referred(name, reference.rpartition("/")[2])
        if "enum" in schema or "const" in schema:
            return Argument(name, ArgumentKind.CHOICE, choices=_choices(schema))
        if _are_numbers(schema):
            return _number(name, schema, ArgumentKind.NUMBER)
        match schema.get("type"):
            case "boolean":
                return Argument(name, ArgumentKind.CHECK)
            case "integer":
                return _number(name, schema, ArgumentKind.WHOLE)
            case "number":
                return _number(name, schema, ArgumentKind.NUMBER)
            case "string":
                return _text(name, schema)
            case "array":
                return self._list(name, schema)
            case "object":
                return self._object(name, schema)
        # A Decimal is a number or a text; the text keeps all digits.
        return Argument(
            name, ArgumentKind.LINE if schema.get("format") == DECIMAL else ArgumentKind.JSON
        )

    def _referred(self, name: str, shared: str) -> Argument:
        if shared in self.inside or shared not in self.shared:
            return Argument(name, ArgumentKind.JSON)
        return _Reader(self.shared, self.inside | {shared}).read(name, self.shared[shared])

    def _list(self, name: str, schema: Schema) -> Argument:
        of = schema.get("items")
        each = self.argument("", of, required=True) if isinstance(of, dict) and of else None
        shortest, longest = schema.get("minItems", 0), schema.get("maxItems")
        if each is None or each.nullable or "prefixItems" in schema:
            return Argument(name, ArgumentKind.JSON)
        if each.kind is ArgumentKind.CHOICE:
            several = Argument(name, ArgumentKind.SEVERAL, choices=each.choices)
            return replace(several, shortest=shortest, longest=longest)
        if each.kind not in SIMPLE:
            return Argument(name, ArgumentKind.JSON)
        return Argument(name, ArgumentKind.LINES, each=each, shortest=shortest, longest=longest)

    def _object(self, name: str, schema: Schema) -> Argument:
        properties = schema.get("properties")
        if not properties or schema.get("additionalProperties"):
            return Argument(name, ArgumentKind.JSON)
        return Argument(name, ArgumentKind.GROUP, members=self.members(schema))

    def members(self, schema: Schema) -> tuple[Argument, ...]:
        """Read the properties of an object."""
        needed = schema.get("required", ())
        return tuple(
            self.argument(name, each, required=name in needed)
            for name, each in schema.get("properties", {}).items()
        )


def arguments_of(parameters: Schema) -> tuple[Argument, ...]:
    """Return the arguments to ask for, in the order of the function's parameters."""
    found = _Reader(parameters.get("$defs", {})).members(parameters)
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
    kinds = {each.get("type") for each in schema.get("anyOf", ())}
    return bool(kinds) and kinds <= {"integer", "number"}


def _number(name: str, schema: Schema, kind: ArgumentKind) -> Argument:
    """Read a number; an exclusive bound of a whole number becomes the next inclusive one."""
    least, most = schema.get("minimum"), schema.get("maximum")
    if kind is ArgumentKind.WHOLE:
        above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
        least = above + 1 if above is not None else least
        most = below - 1 if below is not None else most
    return Argument(name, kind, least=least, most=most)


def _text(name: str, schema: Schema) -> Argument:
    form = str(schema.get("format", ""))
    kind = {"date": ArgumentKind.DATE, "date-time": ArgumentKind.MOMENT}.get(
        form, ArgumentKind.LINE
    )
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength")
    return Argument(name, kind, format=form, shortest=shortest, longest=longest)


def _choices(schema: Schema) -> tuple[ArgumentChoice, ...]:
    values = schema["enum"] if "enum" in schema else [schema["const"]]
    members: list[str | None] = list(schema.get(MEMBERS) or [None] * len(values))
    return tuple(
        ArgumentChoice(value, _choice_words(value, member), member)
        for value, member in zip(values, members, strict=True)
    )


def _choice_words(value: Any, member: str | None) -> str:
    """Return the text of a value: text itself, or the name of its enum member."""
    if isinstance(value, str) and value:
        return value
    if member is not None:
        return in_words(member.lower())
    return json.dumps(value, ensure_ascii=False)
