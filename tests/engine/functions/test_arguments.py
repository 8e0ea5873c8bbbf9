"""Arguments come out of the store as they went in, or are refused by name."""

from __future__ import annotations

import datetime as dt
import enum
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Annotated, Any, Generic, NamedTuple, TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    FutureDate,
    FutureDatetime,
    PrivateAttr,
    RootModel,
    SecretStr,
)

from sendoff_tasks.functions import arguments
from sendoff_tasks.functions.arguments import (
    BITS,
    CAN_BE_KEPT,
    DEPTH,
    Unreadable,
    decode,
    decode_result,
    encode,
    encode_result,
    plain,
    register_type,
)
from tests.property_based import examples

CANNOT = f"which cannot be kept as JSON; {CAN_BE_KEPT} can"
TEXT = st.text(st.characters())  # half characters too
ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**BITS) + 1, 2**BITS - 1),
    st.floats(),
    TEXT,
    st.binary(),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.from_regex(r"/?[a-z.]{1,9}(/[a-z.]{1,9})*", fullmatch=True).map(Path),
    st.decimals(allow_nan=False),
    st.uuids(),
)
KEYS = TEXT | st.just("$type")
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.dictionaries(KEYS | st.integers() | st.dates() | st.none(), inner, max_size=4)
        | st.sets(ATOMS, max_size=4)
        | st.frozensets(ATOMS.map(lambda atom: (atom,)), max_size=4)
    ),
    max_leaves=20,
)

T = TypeVar("T")
U = TypeVar("U")


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same types all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, set | frozenset):  # a time that comes twice equals none of another zone
        return len(one) == len(other) and all(any(same(a, b) for b in other) for a in one)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, dt.datetime):
        return (one.isoformat(), one.tzname()) == (other.isoformat(), other.tzname())
    if isinstance(one, Decimal):
        return bool(one.as_tuple() == other.as_tuple())
    if one != one:
        return bool(other != other)
    return bool(one == other) and (one != 0 or math.copysign(1, one) == math.copysign(1, other))


@example([Decimal("1e400"), Decimal("-1E-400")], {})
@example([{dt.datetime(1992, 1, 19, 2, tzinfo=ZoneInfo("Asia/Novokuznetsk"))}], {})
@settings(max_examples=examples(50))
@given(st.lists(VALUES, max_size=4), st.dictionaries(KEYS, VALUES, max_size=4))
def test_arguments_come_back_equal_and_of_the_same_types_and_a_result_can_be_shown(
    args: list[Any], kwargs: dict[str, Any]
) -> None:
    text = encode(args, kwargs)
    assert text.isascii()
    back_args, back_kwargs = decode(text)
    assert same(back_args, args)
    assert same(back_kwargs, kwargs)
    shown = plain(encode_result(args))
    json.dumps(shown, allow_nan=False, ensure_ascii=False).encode()


def test_what_is_shown_is_plain() -> None:
    when = dt.datetime(2026, 7, 1, 9, 30, tzinfo=dt.UTC)
    text = encode([when, (1, Address(city="Bonn"))], {"raw": b"ab", "$type": {"$type": 1}})
    assert plain(text) == [
        ["2026-07-01T09:30:00+00:00", [1, {"city": "Bonn"}]],
        {"raw": "YWI=", "$type": {"$type": 1}},
    ]


class Local(dt.date):
    pass


class Labelled(dict[str, int]):
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
        (Labelled({}), f" is of type Labelled, {CANNOT}"),
        (test_what_is_shown_is_plain, f" is of type function, {CANNOT}"),
        (dt.time(9, tzinfo=ZoneInfo("Europe/Berlin")), " is a time whose zone depends on the date"),
        ({(1, object())}, f"{{…}}[1] is of type object, {CANNOT}"),
        ({object: 2}, f" key {object!r} is of type type, {CANNOT}"),
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


class Patch(BaseModel):
    name: str | None = None
    phone: str | None = None


class Ticket(BaseModel):
    number: UUID = Field(default_factory=uuid4)
    changes: list[Patch] = []
    by_name: dict[str, Patch] = {}
    _tenant: str = PrivateAttr(default="none")
    _seen: list[int] = PrivateAttr(default_factory=list)

    @cached_property
    def label(self) -> str:
        return f"{self.number}"


class Event(BaseModel):
    model_config = ConfigDict(extra="allow")

    kind: str


class Locked(BaseModel):
    _lock: Any = PrivateAttr(default_factory=Lock)


class Kept(NamedTuple):
    number: int
    when: dt.date


class Money:
    def __init__(self, cents: int) -> None:
        self.cents = cents

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Money) and other.cents == self.cents

    def __hash__(self) -> int:
        return self.cents


class Till(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    money: Money


class Secret(BaseModel):
    password: SecretStr


class Hidden(BaseModel):
    shown: int
    hidden: int = Field(exclude=True)


class Score(BaseModel):
    points: float


class Scores(BaseModel):
    of: dict[str, list[float]]


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


def ticket() -> Ticket:
    made = Ticket(changes=[Patch(name="Ada")], by_name={"a": Patch(), "b": Patch(phone=None)})
    made._tenant = "acme"
    made._seen.append(7)
    assert made.label
    return made


@pytest.mark.parametrize(
    "model",
    [
        Patch(name="Ada"),
        Patch(),
        ticket(),
        Ticket(changes=[Patch(name=None)]),
        Event(kind="k", at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), share=math.inf, of={1: (2,)}),  # type: ignore[call-arg]
        Score(points=math.nan),
        Score(points=-math.inf),
        Scores(of={"a": [1.0, math.inf]}),
        Patch.model_construct(name="Ada"),
    ],
)
def test_all_of_a_model_comes_back(model: BaseModel) -> None:
    ((back,), _) = decode(encode([model], {}))
    assert_same(back, model)
    json.dumps(plain(encode([model], {})), allow_nan=False)


def assert_same(one: Any, other: Any) -> None:
    assert type(one) is type(other)
    if isinstance(one, BaseModel):
        assert one.model_fields_set == other.model_fields_set
        assert one.__pydantic_private__ == other.__pydantic_private__
        assert_same(one.__pydantic_extra__, other.__pydantic_extra__)
        for name in type(one).model_fields:
            assert_same(getattr(one, name), getattr(other, name))
    elif isinstance(one, dict):
        assert one.keys() == other.keys()
        for key, value in one.items():
            assert_same(value, other[key])
    elif isinstance(one, list):
        assert len(one) == len(other)
        for pair in zip(one, other, strict=True):
            assert_same(*pair)
    else:
        assert one == other or (math.isnan(one) and math.isnan(other))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({2026: 3.5, None: 1, True: 2}, {"2026": 3.5, "null": 1, "true": 2}),
        ({(1, 2): 3}, [[[1, 2], 3]]),
        (Kept(1, dt.date(2026, 1, 1)), [1, "2026-01-01"]),
        (
            dt.datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1),
            "2026-10-25T02:30:00+01:00",
        ),
        (math.inf, "inf"),
        (nested(DEPTH), nested(DEPTH)),
    ],
)
def test_values_of_the_standard_library_come_back(value: Any, shown: Any) -> None:
    text = encode_result(value)
    back = decode_result(text)
    assert type(back) is type(value)
    assert back == value
    assert plain(text) == shown
    if isinstance(value, dt.datetime | dt.time):
        assert repr(back) == repr(value)


async def later(_: Any) -> Any: ...


def test_a_registered_type_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arguments, "_OWN", {})
    monkeypatch.setattr(arguments, "_LOADED", {})
    with pytest.raises(TypeError, match="of type Money"):
        encode([Money(7)], {})
    register_type(Money, lambda money: {"cents": money.cents}, lambda told: Money(told["cents"]))
    text = encode([{Money(7): [Money(8)]}], {})
    assert decode(text) == ([{Money(7): [Money(8)]}], {})
    assert plain(encode([Money(7)], {})) == [[{"cents": 7}], {}]
    kept = encode([Till(money=Money(7))], {})
    assert plain(kept) == [[{"money": {"cents": 7}}], {}]
    with pytest.raises(Unreadable, match="Till has changed: it had cash"):
        decode(kept.replace('"money"', '"cash"'))
    arguments._LOADED.clear()
    with pytest.raises(Unreadable, match="Money is not registered with register_type here"):
        decode(text)
    with pytest.raises(TypeError, match="takes a class"):
        register_type("Money", str, str)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="load must be a plain function, got an async def"):
        register_type(Money, lambda money: money.cents, later)  # type: ignore[arg-type]


class Visit(BaseModel):
    starts: FutureDatetime
    days: list[FutureDate] = []


class Page(BaseModel, Generic[T]):
    items: list[T]


class Pair(BaseModel, Generic[T, U]):
    first: T
    second: U


def test_generic_models_come_back_of_the_same_type() -> None:
    given = [Page[int](items=[1]), Pair[str, Page[Visit]](first="a", second=Page[Visit](items=[]))]
    back, _ = decode(encode(given, {}))
    assert back == given
    assert [type(each) for each in back] == [type(each) for each in given]


class Counted(BaseModel):
    number: int

    @cached_property
    def doubled(self) -> int:
        return 2 * self.number


def with_more() -> BaseModel:
    """A model with what an ORM loads beside its fields."""
    made = Counted(number=1)
    vars(made)["lines"] = ["a line"]
    return made


def test_what_a_model_computes_once_is_no_part_of_it() -> None:
    made = Counted(number=4)
    assert made.doubled == 8
    assert decode(encode([made], {}))[0] == [Counted(number=4)]


def a_local_model() -> BaseModel:
    class Local(BaseModel):
        pass

    return Local()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: Secret(password=SecretStr("x")), r"\.password is of type SecretStr, which cannot"),
        (lambda: Hidden(shown=1, hidden=2), "of which JSON would lose a part: hidden"),
        (lambda: Till(money=Money(1)), r"\.money is of type Money, which cannot"),
        (Locked, r"\['_lock'\] is of type lock"),
        (a_local_model, "which cannot be imported by that name"),
        (with_more, "of which JSON would lose a part: lines"),
    ],
)
def test_a_model_that_would_lose_something_is_refused(
    make: Callable[[], BaseModel], why: str
) -> None:
    with pytest.raises(TypeError, match=rf"argument 1 \(`who`\).*{why}"):
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
        f"The task's arguments cannot be read any more: {__name__}:Address is not valid any more: "
        "city: Field required."
    )


@pytest.mark.parametrize("text", ["", "[", "[[]]", '[[{"$type": "new", "value": 1}], {}]'])
def test_what_this_program_never_wrote_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        decode(text)


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


def order() -> Order:
    return Order(7, Price(Decimal("9.90"), dt.timedelta(days=-1, microseconds=1)), {Colour.RED})


def test_they_come_back_as_themselves() -> None:
    given = [Colour.RED, Size.SMALL, Seats.AISLE, order()]
    text = encode(given, {})
    assert decode(text) == (given, {})
    assert type(decode(text)[0][0]) is Colour
    shown = {"number": 7, "price": {"amount": "9.90", "valid_for": "-86399.999999"}}
    assert plain(text)[0] == ["RED", "SMALL", "AISLE", {**shown, "colours": ["RED"]}]


def noted() -> Order:
    made = order()
    vars(made)["note"] = "by hand"
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
        (noted(), "of which JSON would lose a part: note"),
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
