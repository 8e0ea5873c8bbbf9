"""Reads typed input as a JSON value, or finds its error; ``typed`` is the opposite."""

from __future__ import annotations

import json
import math
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, NoReturn

from desktop.gui.run.arguments import ABSENT, Argument, ArgumentKind, ArgumentPlace
from desktop.gui.run.typed import is_time, may_be_empty

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DIGITS: Final = 4300
"""Digits of the longest whole number that Python parses."""


class ArgumentFault(Enum):
    """The errors of typed input."""

    MISSING = auto()
    NOT_CHOSEN = auto()
    NOT_WHOLE = auto()
    NOT_A_NUMBER = auto()
    TOO_SMALL = auto()
    TOO_LARGE = auto()
    TOO_SHORT = auto()
    TOO_LONG = auto()
    TOO_FEW = auto()
    TOO_MANY = auto()
    TOO_FEW_CHOSEN = auto()
    TOO_MANY_CHOSEN = auto()
    NOT_A_TIME = auto()
    NOT_JSON = auto()
    NOT_AN_OBJECT = auto()


class Wrong(ValueError):
    """Invalid input: its fault, the bound it breaks, and its line, if any."""

    def __init__(
        self, fault: ArgumentFault, limit: float | None = None, line: int | None = None
    ) -> None:
        super().__init__(fault.name)
        self.fault = fault
        self.limit = limit
        self.line = line


def read(argument: Argument, typed: Any) -> Any:
    """Return the value of an input, or ``ABSENT`` if it is left out; raise ``Wrong``."""
    if typed is None:
        return None if argument.nullable else ABSENT
    match argument.kind:
        case ArgumentKind.CHECK:
            return bool(typed)
        case ArgumentKind.CHOICE:
            if not 0 <= typed < len(argument.choices):
                raise Wrong(ArgumentFault.NOT_CHOSEN)
            return argument.choices[typed].value
        case ArgumentKind.SEVERAL:
            return _read_several(argument, typed)
        case ArgumentKind.GROUP:
            return read_all(argument.members, typed)
        case ArgumentKind.LINES:
            return _read_lines(argument, typed)
        case ArgumentKind.JSON:
            return _read_json(argument, typed)
        case ArgumentKind.WHOLE | ArgumentKind.NUMBER:
            return _read_number(argument, typed.strip())
        case _:
            return _read_text(argument, typed)


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


def values_of(
    arguments: Sequence[Argument], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return all arguments a task was called with by name: the inverse of ``call_of``."""
    by_place = [
        each for each in arguments if each.place in {ArgumentPlace.PLACED, ArgumentPlace.NAMED}
    ]
    values = {each.name: value for each, value in zip(by_place, args, strict=False)}
    known = {each.name for each in by_place}
    values |= {name: value for name, value in kwargs.items() if name in known}
    for each in arguments:
        if each.place is ArgumentPlace.REST:
            values[each.name] = list(args[len(by_place) :])
        elif each.place is ArgumentPlace.OTHERS:
            values[each.name] = {k: value for k, value in kwargs.items() if k not in known}
    return values


def _read_text(argument: Argument, text: str) -> str:
    if not text and not may_be_empty(argument):
        raise Wrong(ArgumentFault.MISSING)
    if argument.kind in {ArgumentKind.DATE, ArgumentKind.MOMENT} and not is_time(
        argument.kind, text
    ):
        raise Wrong(ArgumentFault.NOT_A_TIME)
    if len(text) < argument.shortest:
        raise Wrong(ArgumentFault.TOO_SHORT, argument.shortest)
    if argument.longest is not None and len(text) > argument.longest:
        raise Wrong(ArgumentFault.TOO_LONG, argument.longest)
    return text


def _read_number(argument: Argument, text: str) -> int | float:
    if not text:
        raise Wrong(ArgumentFault.MISSING)
    try:
        number: int | float = int(text) if len(text) <= DIGITS else math.inf
    except ValueError:
        number = _real(argument, text)
    if not math.isfinite(number):
        raise Wrong(ArgumentFault.NOT_A_NUMBER)
    if argument.least is not None and number < argument.least:
        raise Wrong(ArgumentFault.TOO_SMALL, argument.least)
    if argument.most is not None and number > argument.most:
        raise Wrong(ArgumentFault.TOO_LARGE, argument.most)
    return number


def _real(argument: Argument, text: str) -> float:
    if argument.kind is ArgumentKind.WHOLE:
        raise Wrong(ArgumentFault.NOT_WHOLE)
    try:
        return float(text)
    except ValueError:
        raise Wrong(ArgumentFault.NOT_A_NUMBER) from None


def _read_several(argument: Argument, places: Sequence[int]) -> list[Any]:
    if len(places) < argument.shortest:
        raise Wrong(ArgumentFault.TOO_FEW_CHOSEN, argument.shortest)
    if argument.longest is not None and len(places) > argument.longest:
        raise Wrong(ArgumentFault.TOO_MANY_CHOSEN, argument.longest)
    return [argument.choices[place].value for place in places]


def _read_lines(argument: Argument, text: str) -> list[Any]:
    """Read one value per line; empty lines are skipped."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and argument.each is not None:
            try:
                found.append(read(argument.each, line.strip()))
            except Wrong as wrong:
                raise Wrong(wrong.fault, wrong.limit, number) from None
    if len(found) < argument.shortest:
        raise Wrong(ArgumentFault.TOO_FEW, argument.shortest)
    if argument.longest is not None and len(found) > argument.longest:
        raise Wrong(ArgumentFault.TOO_MANY, argument.longest)
    return found


def _read_json(argument: Argument, text: str) -> Any:
    if not text.strip():
        raise Wrong(ArgumentFault.MISSING)
    try:
        value = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise Wrong(ArgumentFault.NOT_JSON, line=error.lineno) from None
    except (ValueError, RecursionError):
        raise Wrong(ArgumentFault.NOT_JSON) from None
    if argument.place is ArgumentPlace.OTHERS and not isinstance(value, dict):
        raise Wrong(ArgumentFault.NOT_AN_OBJECT)
    return value


def _refuse(constant: str) -> NoReturn:
    """Reject NaN and infinities, which Python accepts but JSON does not have."""
    raise ValueError(constant)
