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

from desktop.backend.shared.signatures import parameters_of
from desktop.gui.run.arguments import ABSENT, Argument, ArgumentKind, ArgumentPlace, arguments_of
from desktop.gui.run.reading import ArgumentFault, Wrong, call_of, read, read_all, values_of
from desktop.gui.run.typed import fitted, shown, told_value


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
        "pages": "WHOLE",
        "share": "NUMBER",
        "name": "LINE",
        "price": "LINE",
        "ident": "LINE",
        "loud": "CHECK",
        "shape": "CHOICE",
        "size": "CHOICE",
        "side": "CHOICE",
        "to": "LINE",
        "home": "GROUP",
        "names": "LINES",
        "sizes": "SEVERAL",
        "tree": "GROUP",
        "table": "JSON",
        "either": "JSON",
        "unknown": "JSON",
    }
    pages = found["pages"]
    assert (pages.label, pages.help, pages.least, pages.most) == ("Pages", "How many.", 1, 9)
    assert [each.words for each in found["size"].choices] == ["Very small", "Large"]
    assert [each.words for each in found["shape"].choices] == ["pdf", "csv"]
    assert [each.label for each in found["home"].members] == ["Town", "Number", "Kind"]
    assert found["tree"].members[0].kind is ArgumentKind.JSON  # it holds itself
    new = {name: shown(fitted(each)) for name, each in found.items()}
    assert (new["loud"], new["shape"], new["size"], new["pages"]) == (True, 1, 1, "")
    assert (new["to"], new["home"], new["names"]) == ("office@example.org", None, "a\nb")
    assert (new["sizes"], [each.value for each in found["sizes"].choices]) == ([1], [1, 2])
    twice = fitted(found["sizes"], [2, 1])
    assert twice.kind is ArgumentKind.JSON  # boxes have no order


@pytest.mark.parametrize(
    ("name", "typed", "fault"),
    [
        ("pages", "0", ArgumentFault.TOO_SMALL),
        ("pages", "10", ArgumentFault.TOO_LARGE),
        ("pages", "1.5", ArgumentFault.NOT_WHOLE),
        ("pages", "9" * 5000, ArgumentFault.NOT_A_NUMBER),
        ("share", "inf", ArgumentFault.NOT_A_NUMBER),
        ("share", "", ArgumentFault.MISSING),
        ("name", "", ArgumentFault.MISSING),
        ("shape", -1, ArgumentFault.NOT_CHOSEN),
        ("sizes", [], ArgumentFault.TOO_FEW_CHOSEN),
        ("month", "2026-02-30", ArgumentFault.NOT_A_TIME),
        ("table", '{"a": NaN}', ArgumentFault.NOT_JSON),
    ],
)
def test_what_is_no_such_value_is_said(name: str, typed: Any, fault: ArgumentFault) -> None:
    known = {each.name: each for each in arguments_of(parameters_of(everything))}
    with pytest.raises(Wrong) as wrong:
        read(known[name], typed)
    assert wrong.value.fault is fault


def test_arguments_go_where_they_came_from() -> None:
    asked = arguments_of(parameters_of(by_place))
    assert [each.place for each in asked] == [
        *[ArgumentPlace.PLACED] * 2,
        ArgumentPlace.REST,
        ArgumentPlace.OTHERS,
    ]
    values = values_of(asked, [1, "b", 3, 4], {"x": 5})
    assert call_of(asked, values) == ([1, "b", 3, 4], {"x": 5})
    named = arguments_of(parameters_of(everything))
    given = {"pages": 2, "size": "VERY_SMALL", "sizes": ["VERY_SMALL", "LARGE"], "shape": "csv"}
    told = values_of(named, ["2026-10-01"], given)
    back = {each.name: told_value(each, told[each.name]) for each in named if each.name in told}
    sizes = {"size": 1, "sizes": [1, 2]}
    assert back == {"month": "2026-10-01", "pages": 2, "shape": "csv", **sizes}
    assert call_of(named, back) == ([], back)


def test_what_a_task_tells_otherwise_is_given_as_it_was() -> None:
    raw, span = (Argument("x", ArgumentKind.LINE, format=each) for each in ("binary", "duration"))
    assert [told_value(raw, each) for each in ("YWI=", "/w==")] == ["ab", ABSENT]
    assert [told_value(span, each) for each in ("90", "-0.5", "P1D")] == ["PT90S", "-PT0.5S", "P1D"]


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
    assert (asked.optional, shown(asked), read(asked, None)) == (True, None, ABSENT)
