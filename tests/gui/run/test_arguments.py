"""What a form asks for, made from real signatures; what is typed is read again as it was."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from desktop.gui.run.arguments import (
    ABSENT,
    Argument,
    ArgumentFault,
    ArgumentPlace,
    InvalidInput,
    arguments_of,
    call_of,
    fitted,
    read,
    read_all,
    shown,
    values_of,
)
from sendoff_tasks.http.arguments import parameters_of


class Format(Enum):
    PDF = "pdf"
    CSV = "csv"


class Size(Enum):
    VERY_SMALL = 1
    LARGE = 2


class Address(BaseModel):
    city: str = Field(title="Town")
    number: int = 1
    kind: Format = Format.PDF


@dataclass
class Node:
    below: Node | None = None


def everything(  # type: ignore[no-untyped-def]
    month: dt.date,
    at: dt.datetime,
    pages: Annotated[int, Field(gt=0, le=9, description="How many.")],
    share: float,
    name: str,
    price: Decimal,
    ident: UUID,
    loud: bool = True,
    shape: Format = Format.CSV,
    size: Size = Size.LARGE,
    side: Literal["left", "right"] = "left",
    to: str | None = "office@example.org",
    home: Address | None = None,
    names: list[str] = ["a", "b"],  # noqa: B006
    sizes: Annotated[list[Size], Field(min_length=1)] = [Size.LARGE],  # noqa: B006
    tree: Node = Node(),  # noqa: B008
    table: dict[str, int] = {},  # noqa: B006
    either: int | str = 3,
    unknown=None,
) -> None: ...


def by_place(first: int, /, second: str, *rest: int, **others: int) -> None: ...


def test_each_kind_of_parameter_is_asked_for_in_its_own_way() -> None:
    found = {each.name: each for each in arguments_of(parameters_of(everything))}
    assert {name: each.kind.name for name, each in found.items()} == {
        "month": "DATE",
        "at": "MOMENT",
        "pages": "NUMBER",
        "share": "NUMBER",
        "name": "LINE",
        "price": "LINE",
        "ident": "LINE",
        "loud": "CHECK",
        "shape": "CHOICE",
        "size": "CHOICE",
        "side": "CHOICE",
        "to": "LINE",
        "home": "JSON",
        "names": "JSON",
        "sizes": "JSON",
        "tree": "JSON",
        "table": "JSON",
        "either": "JSON",
        "unknown": "JSON",
    }
    pages = found["pages"]
    assert (pages.label, pages.help, pages.most) == ("Pages", "How many.", 9)
    assert [each.words for each in found["size"].choices] == ["Very small", "Large"]
    assert [each.words for each in found["shape"].choices] == ["pdf", "csv"]
    assert found["home"].example == {"city": "…", "number": 1, "kind": "pdf"}
    assert found["sizes"].example == [2]  # the default
    assert found["tree"].example == {"below": None}
    assert found["unknown"].example is ABSENT
    new = {name: shown(fitted(each, ABSENT)) for name, each in found.items()}
    assert (new["loud"], new["shape"], new["size"], new["pages"]) == (True, 1, 1, "")
    assert (new["to"], new["home"]) == ("office@example.org", "")
    assert new["names"] == '[\n  "a",\n  "b"\n]'


@pytest.mark.parametrize(
    ("name", "typed", "fault"),
    [
        ("pages", "five", ArgumentFault.NOT_A_NUMBER),
        ("pages", "9" * 5000, ArgumentFault.NOT_A_NUMBER),
        ("share", "inf", ArgumentFault.NOT_A_NUMBER),
        ("share", "", ArgumentFault.MISSING),
        ("name", "", ArgumentFault.MISSING),
        ("shape", -1, ArgumentFault.NOT_CHOSEN),
        ("sizes", " ", ArgumentFault.MISSING),
        ("month", "2026-02-30", ArgumentFault.NOT_A_TIME),
        ("table", '{"a": NaN}', ArgumentFault.NOT_JSON),
        ("rest", "{}", ArgumentFault.NOT_A_LIST),
        ("", "[]", ArgumentFault.NOT_AN_OBJECT),
    ],
)
def test_what_is_no_such_value_is_said(name: str, typed: Any, fault: ArgumentFault) -> None:
    both = (parameters_of(everything), parameters_of(by_place))
    known = {each.name: each for schema in both for each in arguments_of(schema)}
    with pytest.raises(InvalidInput) as wrong:
        read(known[name], typed)
    assert wrong.value.fault is fault


def own_defaults(first: Any = ..., second: int = 2, /, *rest: int) -> None: ...


def test_arguments_go_where_they_came_from() -> None:
    schema = parameters_of(by_place)
    asked = arguments_of(schema)
    assert [each.place for each in asked] == [
        *[ArgumentPlace.PLACED] * 2,
        ArgumentPlace.REST,
        ArgumentPlace.OTHERS,
    ]
    values = values_of(schema, [1, "b", 3, 4], {"x": 5})
    assert call_of(asked, values) == ([1, "b", 3, 4], {"x": 5})
    ended = arguments_of(parameters_of(own_defaults))
    assert call_of(ended, {"second": 3, "rest": [4]}) == ([], {}), "none takes another's place"
    assert values_of(schema, [1], {"second": "b", "x": 5}) == {
        "first": 1,
        "second": "b",
        "rest": [],
        "": {"x": 5},
    }


def recorded(
    size: Size,
    sizes: list[Size],
    shape: Format,
    home: Address | None,
    raw: bytes,
    span: dt.timedelta,
) -> None: ...


def test_what_a_task_tells_otherwise_is_given_as_it_was() -> None:
    schema = parameters_of(recorded)
    given = {"sizes": ["VERY_SMALL", "LARGE"], "shape": "csv", "home": {"city": "a", "kind": "PDF"}}
    told = values_of(schema, ["VERY_SMALL"], {**given, "raw": "YWI=", "span": "90"})
    home = {"city": "a", "kind": "pdf"}
    assert told == {
        "size": 1,
        "sizes": [1, 2],
        "shape": "csv",
        "home": home,
        "raw": "ab",
        "span": "PT90S",
    }
    spans = [values_of(schema, [], {"span": each})["span"] for each in ("-0.5", "P1D")]
    assert spans == ["-PT0.5S", "P1D"]
    assert values_of(schema, [], {"raw": "/w=="}) == {}  # no text, so it cannot be typed


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=5,
)
DAY = st.dates().map(dt.date.isoformat)
KNOWN = {
    "month": DAY,
    "at": st.datetimes(timezones=st.just(dt.UTC)).map(dt.datetime.isoformat),
    "pages": st.integers(1, 9),
    "share": st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
    "name": st.text(),
    "loud": st.booleans(),
    "shape": st.sampled_from(["pdf", "csv"]),
    "size": st.sampled_from([1, 2]),
    "to": st.none() | st.text(),
    "home": st.none()
    | st.fixed_dictionaries(
        {"city": st.text(), "number": st.integers(), "kind": st.sampled_from(["pdf", "csv"])}
    ),
    "names": st.lists(st.text()),
    "sizes": st.lists(st.sampled_from([1, 2])),
    "table": JSON,
    "unknown": JSON,
}


@given(st.fixed_dictionaries({}, optional={name: JSON | kind for name, kind in KNOWN.items()}))
def test_every_value_is_shown_and_read_again(values: dict[str, Any]) -> None:
    known = [each for each in arguments_of(parameters_of(everything)) if each.name in values]
    asked: list[Argument] = [fitted(each, values[each.name]) for each in known]
    typed = {each.name: shown(each, values[each.name]) for each in asked}
    assert read_all(asked, typed) == values
    again = read_all(asked, typed)
    assert [type(again[name]) for name in values] == [type(each) for each in values.values()]


def test_a_value_left_out_stays_out() -> None:
    (asked,) = arguments_of({"properties": {"thing": {"type": "string"}}})
    assert (asked.optional, shown(asked), read(asked, "")) == (True, "", ABSENT)
