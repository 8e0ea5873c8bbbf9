"""Arguments come out of the store as they went in, or are refused by name."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections import OrderedDict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, RootModel, SecretStr

from desktop.engine.functions.arguments import (
    BITS,
    CAN_BE_KEPT,
    DEPTH,
    Unreadable,
    decode,
    encode,
    encode_result,
    plain,
)

CANNOT = f"which cannot be kept as JSON; {CAN_BE_KEPT} can"
TEXT = st.text(st.characters())  # half characters too
ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**BITS) + 1, 2**BITS - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXT,
    st.binary(),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.from_regex(r"/?[a-z.]{1,9}(/[a-z.]{1,9})*", fullmatch=True).map(Path),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.uuids(),
)
KEYS = TEXT | st.just("$type")
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.sets(ATOMS, max_size=4)
        | st.frozensets(ATOMS.map(lambda atom: (atom,)), max_size=4)
    ),
    max_leaves=20,
)


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same types all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, list(other)))
    if isinstance(one, set | frozenset):  # a time that comes twice equals none of another zone
        return len(one) == len(other) and all(any(same(a, b) for b in other) for a in one)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, set | frozenset):  # a time that clocks skip is equal to none of another zone
        return len(one) == len(other) and all(any(same(a, b) for b in other) for a in one)
    if isinstance(one, dt.datetime):
        return one.isoformat() == str(other.isoformat())
    if isinstance(one, Decimal):
        return bool(one.as_tuple() == other.as_tuple())
    return bool(one == other) and (one != 0 or math.copysign(1, one) == math.copysign(1, other))


@example([Decimal("1e400"), Decimal("-1E-400")], {})
@example([{dt.datetime(1992, 1, 19, 2, tzinfo=ZoneInfo("Asia/Novokuznetsk"))}], {})
@given(st.lists(VALUES, max_size=4), st.dictionaries(KEYS, VALUES, max_size=4))
def test_arguments_come_back_equal_and_of_the_same_types(
    args: list[Any], kwargs: dict[str, Any]
) -> None:
    text = encode(args, kwargs)
    assert text.isascii()
    back_args, back_kwargs = decode(text)
    assert same(back_args, args)
    assert same(back_kwargs, kwargs)


@given(VALUES)
def test_a_result_can_be_shown(value: Any) -> None:
    json.dumps(plain(encode_result(value)), allow_nan=False, ensure_ascii=False).encode()


def test_what_is_shown_is_plain() -> None:
    when = dt.datetime(2026, 7, 1, 9, 30, tzinfo=dt.UTC)
    text = encode([when, (1, Address(city="Bonn"))], {"raw": b"ab", "$type": {"$type": 1}})
    assert plain(text) == [
        ["2026-07-01T09:30:00+00:00", [1, {"city": "Bonn"}]],
        {"raw": "YWI=", "$type": {"$type": 1}},
    ]


class Local(dt.date):
    pass


def nested(depth: int) -> Any:
    value: Any = "end"
    for _ in range(depth):
        value = [value]
    return value


def endless() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (object(), f" is of type object, {CANNOT}"),
        (Local(2026, 7, 1), f" is of type Local, {CANNOT}"),
        (OrderedDict(), f" is of type OrderedDict, {CANNOT}"),
        (test_what_is_shown_is_plain, f" is of type function, {CANNOT}"),
        (dt.time(9, tzinfo=ZoneInfo("Europe/Berlin")), " is a time whose zone depends on the date"),
        ({(1, object())}, f"{{…}}[1] is of type object, {CANNOT}"),
        (math.nan, " is nan, which is no number"),
        (-math.inf, " is -inf, which is no number"),
        (Decimal("NaN"), " is NaN, which is no number"),
        ({1: 2}, " has the key 1; only text can be a key"),
        (2**BITS, f" is an integer of more than {BITS} bits"),
        (nested(DEPTH + 1), f" is nested more than {DEPTH} deep"),
        (endless(), f" is nested more than {DEPTH} deep"),
        ([{"a": object()}], f"[0]['a'] is of type object, {CANNOT}"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(value: Any, why: str) -> None:
    with pytest.raises(TypeError) as by_position:
        encode([1, value], {}, ["number", "when"])
    assert str(by_position.value) == f"argument 2 (`when`){why}"
    with pytest.raises(TypeError) as by_name:
        encode([], {"when": value})
    assert str(by_name.value) == f"argument `when`{why}"
    with pytest.raises(TypeError) as unnamed:
        encode([value], {})
    assert str(unnamed.value) == f"argument 1{why}"
    with pytest.raises(TypeError) as result:
        encode_result(value)
    assert str(result.value) == f"the result{why}"


def test_values_are_nested_as_deep_as_allowed() -> None:
    assert decode(encode([nested(DEPTH)], {})) == ([nested(DEPTH)], {})


class Address(BaseModel):
    city: str


class Booking(BaseModel):
    model_config = ConfigDict(strict=True)

    number: UUID
    when: dt.datetime
    price: Decimal
    seats: tuple[int, ...] = ()
    home: Address | None = None
    note: Annotated[str, Field(alias="theNote")] = ""


class Secret(BaseModel):
    password: SecretStr


class Hidden(BaseModel):
    shown: int
    hidden: int = Field(exclude=True)


class Score(BaseModel):
    points: float


class Roll(RootModel[list[int]]):
    pass


def test_models_come_back_as_themselves() -> None:
    booking = Booking(
        number=UUID(int=7),
        when=dt.datetime(2026, 7, 1, tzinfo=dt.UTC),
        price=Decimal("9.90"),
        seats=(3, 4),
        home=Address(city="Bonn"),
        theNote="by the aisle",  # type: ignore[call-arg]
    )
    ((back, roll), _) = decode(encode([booking, Roll([1, 2])], {}))
    assert back == booking
    assert type(back.home) is Address
    assert roll == Roll([1, 2])


def a_local_model() -> BaseModel:
    class Local(BaseModel):
        pass

    return Local()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: Secret(password=SecretStr("x")), "of which JSON would lose a part: password"),
        (lambda: Hidden(shown=1, hidden=2), "which JSON cannot keep"),
        (lambda: Score(points=math.nan), "which JSON cannot keep"),
        (a_local_model, "which cannot be imported by that name"),
    ],
)
def test_a_model_that_would_lose_something_is_refused(
    make: Callable[[], BaseModel], why: str
) -> None:
    with pytest.raises(TypeError, match=rf"argument 1 \(`who`\) is a .*{why}"):
        encode([make()], {}, ["who"])


@pytest.mark.parametrize(
    "name", ["no.such.module:Model", f"{__name__}:Gone", "os:getcwd", f"{__name__}:Address"]
)
def test_a_model_that_is_gone_or_changed_makes_the_arguments_unreadable(name: str) -> None:
    text = json.dumps([[{"$type": "model", "value": [name, {"town": "Bonn"}]}], {}])
    with pytest.raises(Unreadable, match="The task's arguments cannot be read any more"):
        decode(text)


def test_a_model_that_changed_is_told_with_the_field() -> None:
    text = json.dumps(
        [[{"$type": "model", "value": [f"{__name__}:Address", {"town": "Bonn"}]}], {}]
    )
    with pytest.raises(Unreadable) as refused:
        decode(text)
    assert str(refused.value) == (
        f"The task's arguments cannot be read any more: {__name__}:Address has changed: "
        "city: Field required."
    )


@pytest.mark.parametrize("text", ["", "[", "[[]]", '[[{"$type": "new", "value": 1}], {}]'])
def test_what_this_program_never_wrote_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        decode(text)


def test_half_characters_can_be_shown() -> None:
    assert plain(encode_result({"a\ud800": ["\udfff", ("☃",)]})) == {"a\ufffd": ["\ufffd", ["☃"]]}
