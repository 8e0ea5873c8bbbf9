"""Turns JSON values into the input of their editors.

The input is a bool for a check box, a position for a choice, a list of positions for several, a
dict for a group, and a text for all others. ``None`` means no value.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final
from unicodedata import category

from desktop.gui.run.arguments import ABSENT, Argument, ArgumentKind

LINE_LIMIT: Final = 10_000
"""Longest text, in characters, that is shown in a one-line field."""
_UNSEEN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories of characters that a text field would lose."""


def fitted(argument: Argument, value: Any = ABSENT) -> Argument:
    """Return the argument with a kind that can show its value: its own, or else JSON.

    Without a ``value``, its default is used.
    """
    if value is ABSENT:
        value = argument.default
    if value is ABSENT or (value is None and argument.optional):
        return replace(argument, members=tuple(map(fitted, argument.members)))
    match argument.kind:
        case ArgumentKind.CHECK:
            fits = isinstance(value, bool)
        case ArgumentKind.CHOICE:
            fits = _position(argument, value) is not None
        case ArgumentKind.WHOLE:
            fits = type(value) is int and _is_within(argument, value)
        case ArgumentKind.NUMBER:
            fits = type(value) in {int, float} and _is_within(argument, value)
        case ArgumentKind.DATE | ArgumentKind.MOMENT:
            fits = isinstance(value, str) and is_time(argument.kind, value)
        case ArgumentKind.LINE | ArgumentKind.TEXT:
            return _fitted_text(argument, value)
        case ArgumentKind.LINES:
            fits = isinstance(value, list) and all(_is_line(argument.each, each) for each in value)
        case ArgumentKind.SEVERAL:
            places = _positions(argument, value)
            fits = places == sorted(set(places or ())) and len(places) >= argument.shortest
        case ArgumentKind.GROUP:
            return _fitted_group(argument, value)
        case ArgumentKind.JSON:
            fits = True
    return argument if fits else replace(argument, kind=ArgumentKind.JSON)


def shown(argument: Argument, value: Any = ABSENT) -> Any:
    """Return the input for a value that fits; without a value, that of a new field."""
    if value is ABSENT:
        value = argument.default
    if value is ABSENT or (value is None and argument.optional):
        return None if argument.optional else begun(argument)
    match argument.kind:
        case ArgumentKind.CHECK:
            return value
        case ArgumentKind.CHOICE:
            return _position(argument, value)
        case ArgumentKind.SEVERAL:
            return _positions(argument, value)
        case ArgumentKind.GROUP:
            return _shown_group(argument, value)
        case ArgumentKind.LINES:
            return "\n".join(map(_text, value))
        case ArgumentKind.JSON:
            return json.dumps(value, ensure_ascii=False, indent=2)
        case _:
            return _text(value)


def begun(argument: Argument) -> Any:
    """Return the first input of a field that is switched on without a value."""
    match argument.kind:
        case ArgumentKind.CHECK:
            return False
        case ArgumentKind.CHOICE:
            return -1
        case ArgumentKind.SEVERAL:
            return []
        case ArgumentKind.GROUP:
            return _shown_group(argument, {})
        case _:
            return ""


def told_value(argument: Argument, value: Any) -> Any:
    """Convert a value from a task's record into the one to pass: records name enums by member.

    Return ``ABSENT`` if it cannot be typed.
    """
    if argument.kind is ArgumentKind.CHOICE and _position(argument, value) is None:
        named = [each.value for each in argument.choices if each.member == value]
        return named[0] if named and isinstance(value, str) else value
    if argument.kind is ArgumentKind.SEVERAL and isinstance(value, list):
        one = replace(argument, kind=ArgumentKind.CHOICE)
        return [told_value(one, each) for each in value]
    if argument.kind is ArgumentKind.GROUP and isinstance(value, dict):
        known = {each.name: each for each in argument.members}
        return {
            name: told_value(known[name], each) if name in known else each
            for name, each in value.items()
        }
    return _TOLD.get(argument.format, _as_told)(value) if isinstance(value, str) else value


def _as_told(text: str) -> Any:
    return text


def _bytes(text: str) -> Any:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ABSENT


def _duration(seconds: str) -> Any:
    bare = seconds.removeprefix("-")
    is_number = bare.replace(".", "", 1).isdecimal()
    return f"{'-' * (bare != seconds)}PT{bare}S" if is_number else seconds


_TOLD: Final[dict[str, Callable[[str], Any]]] = {"binary": _bytes, "duration": _duration}
"""Conversions for text formats that a task's record writes differently."""


def is_time(kind: ArgumentKind, text: str) -> bool:
    """Tell whether a text is an ISO date, or an ISO date and time."""
    try:
        (date if kind is ArgumentKind.DATE else datetime).fromisoformat(text)
    except ValueError:
        return False
    return True


def may_be_empty(argument: Argument) -> bool:
    """Tell whether an empty text is a value; in a required argument it is a missing one."""
    return argument.optional or argument.default is not ABSENT


def _shown_group(argument: Argument, value: dict[str, Any]) -> dict[str, Any]:
    return {each.name: shown(each, value.get(each.name, ABSENT)) for each in argument.members}


def _position(argument: Argument, value: Any) -> int | None:
    """Return the position of a value among the choices; true does not equal 1 here."""
    same = (
        place
        for place, each in enumerate(argument.choices)
        if each.value == value and type(each.value) is type(value)
    )
    return next(same, None)


def _positions(argument: Argument, value: Any) -> list[int] | None:
    """Return the positions of a list of values; ``None`` if one is not among the choices."""
    found = [_position(argument, each) for each in value] if isinstance(value, list) else [None]
    places = [place for place in found if place is not None]
    return places if len(places) == len(found) else None


def _fitted_text(argument: Argument, value: Any) -> Argument:
    is_seen = isinstance(value, str) and not any(
        category(each) in _UNSEEN for each in value if each != "\n"
    )
    if not is_seen or not (value or may_be_empty(argument)):
        return replace(argument, kind=ArgumentKind.JSON)
    is_long = "\n" in value or len(value) > LINE_LIMIT
    return replace(argument, kind=ArgumentKind.TEXT) if is_long else argument


def _fitted_group(argument: Argument, value: Any) -> Argument:
    """Keep an object as a group if all fields it lacks can be left out, or else use JSON."""
    if not isinstance(value, dict) or not value.keys() <= {each.name for each in argument.members}:
        return replace(argument, kind=ArgumentKind.JSON)
    lacking = [each for each in argument.members if each.name not in value]
    if any(each.nullable or not each.optional for each in lacking):
        return replace(argument, kind=ArgumentKind.JSON)
    members = tuple(fitted(each, value.get(each.name, ABSENT)) for each in argument.members)
    return replace(argument, members=members)


def _is_within(argument: Argument, value: float) -> bool:
    least, most = argument.least, argument.most
    return (least is None or value >= least) and (most is None or value <= most)


def _is_line(each: Argument | None, value: Any) -> bool:
    """Tell whether a list's member can be typed on one line and read back unchanged."""
    fits = each is not None and fitted(each, value).kind is each.kind
    return fits and (not isinstance(value, str) or value == value.strip())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)
