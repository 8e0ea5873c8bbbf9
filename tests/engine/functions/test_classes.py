"""Enum members and dataclasses come back as themselves, or are refused by name."""

from __future__ import annotations

import datetime as dt
import enum
import json
from dataclasses import InitVar, dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from desktop.engine.functions.arguments import Unreadable, decode, encode, plain


class Colour(enum.StrEnum):
    RED = "red"


class Size(enum.Enum):
    SMALL = (1, 2)


class Seats(enum.Flag):
    AISLE = 1
    WINDOW = 2


@dataclass(frozen=True, slots=True)
class Price:
    amount: Decimal
    valid_for: dt.timedelta


@dataclass
class Order:
    number: int
    price: Price
    colours: set[Colour]
    total: int = field(init=False, default=0)


@dataclass
class Halved:
    number: int

    def __post_init__(self) -> None:
        self.number //= 2


@dataclass
class Keyed:
    number: int
    key: InitVar[str]


def order() -> Order:
    return Order(7, Price(Decimal("9.90"), dt.timedelta(days=-1, microseconds=1)), {Colour.RED})


def test_they_come_back_as_themselves() -> None:
    given = [Colour.RED, Size.SMALL, Seats.AISLE, order()]
    text = encode(given, {})
    assert decode(text) == (given, {})
    assert type(decode(text)[0][0]) is Colour
    shown = {"number": 7, "price": {"amount": "9.90", "valid_for": "-86399.999999"}}
    assert plain(text)[0] == ["RED", "SMALL", "AISLE", {**shown, "colours": ["RED"]}]


def changed_after() -> Order:
    made = order()
    made.total = 3
    return made


def local() -> Any:
    @dataclass
    class Local:
        pass

    return Local()


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (Seats.AISLE | Seats.WINDOW, "which is no single member of"),
        (Halved(8), "of which JSON would lose a part: "),
        (changed_after(), "of which JSON would lose a part"),
        (Keyed(8, "x"), "which its fields do not make"),
        (local(), "which cannot be imported by that name"),
        (Order(7, object(), set()), r"\.price is of type object"),  # type: ignore[arg-type]
    ],
)
def test_what_would_come_back_otherwise_is_refused(value: Any, why: str) -> None:
    with pytest.raises(TypeError, match=rf"argument 1 \(`what`\).*{why}"):
        encode([value], {}, ["what"])


@pytest.mark.parametrize(
    ("tag", "value", "why"),
    [
        ("enum", [f"{__name__}:Colour", "BLUE"], "Colour has changed: it has no BLUE."),
        ("enum", [f"{__name__}:Price", "RED"], "Price is no enum any more."),
        ("dataclass", [f"{__name__}:Price", {"amount": 1}], "Price has changed: .* 'valid_for'."),
        ("dataclass", [f"{__name__}:Colour", {}], "Colour is no dataclass any more."),
        ("dataclass", [f"{__name__}:Gone", {}], "Gone is not there any more."),
    ],
)
def test_one_that_is_gone_or_changed_is_told(tag: str, value: Any, why: str) -> None:
    text = json.dumps([[{"$type": tag, "value": value}], {}])
    with pytest.raises(Unreadable, match=why):
        decode(text)
