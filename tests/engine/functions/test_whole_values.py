"""No kind of argument loses a part in silence: it comes back whole, or is refused by name."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import hashlib
import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    RootModel,
    ValidationInfo,
    field_serializer,
    field_validator,
)
from sqlalchemy import event
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    MappedAsDataclass,
    load_only,
    make_transient,
    mapped_column,
)
from sqlmodel import Field as Column
from sqlmodel import Session, SQLModel, create_engine, select

from sendoff_tasks.functions import arguments
from sendoff_tasks.functions.arguments import (
    decode,
    encode,
    encode_named,
    encode_result,
    register_type,
)


def whole(value: Any) -> Any:
    """Return all that belongs to a value, down to the zones of its times."""
    kind = type(value)
    if isinstance(value, BaseModel) or dataclasses.is_dataclass(value):
        parts = {n: v for n, v in getattr(value, "__dict__", {}).items() if n[0] != "_"}
        if dataclasses.is_dataclass(value):
            parts |= {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
        if isinstance(value, BaseModel):
            parts["set"], parts["extra"] = value.model_fields_set, value.__pydantic_extra__
            parts["private"] = value.__pydantic_private__
        return kind, {name: whole(each) for name, each in parts.items()}
    if isinstance(value, dict):
        return kind, [(whole(key), whole(each)) for key, each in value.items()]
    if isinstance(value, set | frozenset):
        return kind, sorted(repr(whole(each)) for each in value)
    if isinstance(value, list | tuple):
        return kind, [whole(each) for each in value], getattr(value, "__dict__", {})
    if isinstance(value, dt.datetime):
        return value.isoformat(), getattr(value.tzinfo, "key", None)
    return kind, repr(value)


class Money:
    def __init__(self, cents: int) -> None:
        self.cents = cents

    def __repr__(self) -> str:
        return f"Money({self.cents})"


MONEY = Money(1)


class User(SQLModel, table=True):
    id: int | None = Column(default=None, primary_key=True)
    name: str
    plan: str = "free"


class Base(MappedAsDataclass, DeclarativeBase):
    pass


class Member(Base):
    __tablename__ = "members"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str]
    plan: Mapped[str] = mapped_column(default="free")


class Parcel(BaseModel):
    model_config = ConfigDict(extra="allow")

    users: list[User] = []
    anything: Any = None
    _private: Any = PrivateAttr(default=None)


class Bill(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    total: Money = Field(alias="sum")
    taxes: dict[str, list[Money]] = {}
    least: Money = MONEY
    raw: bytes = b"\xff"


class Bills(RootModel[list[Bill]]):
    pass


class Pair(NamedTuple):
    number: int
    of: Any


@dataclasses.dataclass
class Holder:
    of: Any


def hidden(of: Any) -> Parcel:
    parcel = Parcel()
    parcel._private = of
    return parcel


PLACES: list[Callable[[Any], Any]] = [
    lambda of: of,
    lambda of: [1, of],
    lambda of: {"a": (of,), 1: {"b": of}},
    lambda of: Pair(1, of),
    lambda of: Holder({"a": [of]}),
    lambda of: Parcel(anything=of),
    lambda of: Parcel(anything=[Holder(Parcel(anything=(of,)))]),
    lambda of: Parcel(more={"a": of}),  # type: ignore[call-arg]
    lambda of: Parcel(users=[of] if isinstance(of, User) else [], anything=of),
    hidden,
]
"""What can hold a value."""


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def expired_in_part(session: Session, row: Any) -> None:
    session.refresh(row)
    session.expire(row, ["plan"])


NOT_LOADED: list[Callable[[Session, Any], Any]] = [
    lambda session, row: None,  # commit has expired it
    lambda session, row: session.close(),
    lambda session, row: make_transient(row),
    expired_in_part,
]


def added(session: Session, kind: type[Any]) -> Any:
    row = kind(name="ada", plan="gold")
    session.add(row)
    session.commit()
    return row


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", [User, Member])
@pytest.mark.parametrize("leave", NOT_LOADED)
def test_a_row_that_is_not_loaded_is_refused_by_name_without_a_query(
    session: Session, leave: Callable[..., Any], kind: type[Any], place: Callable[[Any], Any]
) -> None:
    row = added(session, kind)
    leave(session, row)
    value = place(row)
    asked: list[Any] = []
    note = lambda *given: asked.append(given)  # noqa: E731
    event.listen(session.get_bind(), "before_cursor_execute", note)
    said = rf":{kind.__name__} of which .* not loaded, as after a commit; refresh it first"
    ways: list[Callable[[], str]] = [
        lambda: encode([value], {}),
        lambda: encode([], {"user": value}),
        lambda: encode_result(value),
        lambda: encode_named({"user": value}, "the context variable"),
    ]
    for encodes in ways:
        with pytest.raises(TypeError, match=said):
            encodes()
    assert asked == []


def test_a_row_of_which_only_some_columns_were_asked_for_is_refused(session: Session) -> None:
    added(session, User)
    session.expunge_all()
    row = session.exec(select(User).options(load_only(User.name))).one()  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"argument 1 \(`user`\) is a .*:User of which plan is not"):
        encode([row], {}, ["user"])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", [User, Member])
def test_a_row_that_is_loaded_comes_back_whole(
    session: Session, kind: type[Any], place: Callable[[Any], Any]
) -> None:
    row = added(session, kind)
    session.refresh(row)
    new = kind(name="bo")
    for each in (row, new):
        (back,), _ = decode(encode([place(each)], {}))
        assert whole(back) == whole(place(each))


NINE = dt.datetime(2026, 10, 24, 9, tzinfo=ZoneInfo("Europe/Berlin"))
TWICE = dt.datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)


class Booking(BaseModel):
    starts: dt.datetime
    ends: dt.datetime | None = None
    by_day: dict[dt.datetime, list[dt.datetime]] = {}
    reminders: frozenset[dt.datetime] = frozenset()
    pairs: tuple[Pair, ...] = ()


class Days(RootModel[list[dt.datetime]]):
    pass


class Price(BaseModel):
    cents: int

    @cached_property
    def total(self) -> int:
        return self.cents * 119 // 100


@dataclasses.dataclass
class Net:
    cents: int
    rate: int = dataclasses.field(init=False, default=19)
    starts: dt.datetime = dataclasses.field(compare=False, default=NINE)

    @cached_property
    def total(self) -> int:
        return self.cents * 119 // 100


@dataclasses.dataclass(frozen=True, slots=True)
class Slotted:
    of: Any


@dataclasses.dataclass
class Halved:
    number: int

    def __post_init__(self) -> None:
        self.number //= 2


@dataclasses.dataclass
class Keyed:
    number: int
    key: dataclasses.InitVar[str]


class Animal(BaseModel):
    name: str


class Dog(Animal):
    teeth: int


class Zoo(BaseModel):
    of: list[Animal]
    net: Net | None = None


class Login(BaseModel):
    word: str
    tenant: str = ""

    @field_validator("word")
    @classmethod
    def hashed(cls, given: str) -> str:
        return hashlib.sha256(given.encode()).hexdigest()


class OfTenant(BaseModel):
    number: str

    @field_validator("number")
    @classmethod
    def of_tenant(cls, given: str, info: ValidationInfo) -> str:
        return f"{info.context['tenant']}-{given}"  # type: ignore[index]


class Rounded(BaseModel):
    share: Decimal

    @field_serializer("share")
    def rounded(self, share: Decimal) -> str:
        return f"{share:.1f}"


class Raw(BaseModel):
    raw: bytes
    unset: bytes = b"\xff"


class Odd(BaseModel):
    number: int

    @field_serializer("number")
    def told(self, number: int) -> str:
        return f"no. {number}"


class Colour(enum.StrEnum):
    RED = "red"


def by_hand(value: Any, **parts: Any) -> Any:
    vars(value).update(parts)
    return value


KINDS: dict[str, list[Any]] = {
    "": [None, True, 7, 1.5, -0.0, "a\ud800", [], [NINE], {}, {"a": NINE}],
    "datetime": [NINE.replace(tzinfo=None), NINE.astimezone(dt.timezone(dt.timedelta(hours=2)))],
    "zoned": [NINE, TWICE],
    "date": [NINE.date()],
    "time": [dt.time(9, 0, 1), dt.time(9, tzinfo=dt.UTC)],
    "timedelta": [dt.timedelta(days=-3, microseconds=1)],
    "decimal": [Decimal("9.90"), Decimal("1E-400")],
    "uuid": [UUID(int=7)],
    "path": [Path("a/b")],
    "bytes": [b"\xff"],
    "float": [math.inf],
    "dict": [{"$type": NINE}],
    "map": [{NINE: TWICE, None: {1: 2}}],
    "tuple": [(), (NINE, (1,))],
    "set": [{NINE, 1, "a"}],
    "frozenset": [frozenset({(NINE,)})],
    "namedtuple": [Pair(1, NINE)],
    "enum": [Colour.RED],
    "own": [Money(7)],
    "dataclass": [
        Holder([NINE, {"a": Slotted(TWICE)}]),
        Net(100, TWICE),
        by_hand(Net(100), rate=7),
        by_hand(Net(100), total=100),
        Halved(8),
        Keyed(8, "a"),
    ],
    "model": [
        Booking(starts=NINE),
        Booking(starts=NINE, ends=TWICE, by_day={NINE: [TWICE]}, reminders=frozenset({TWICE})),
        Booking(starts=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), pairs=(Pair(1, NINE),)),
        Days([NINE, TWICE]),
        Parcel(anything={"starts": NINE, "of": {(1, 2)}}, more=[Days([NINE])]),  # type: ignore[call-arg]
        Price(cents=1),
        by_hand(Price(cents=100), total=100),
        Zoo(of=[Dog(name="a", teeth=3)], net=by_hand(Net(100), total=7)),
        Login(word="a"),
        OfTenant.model_validate({"number": "1"}, context={"tenant": "acme"}),
        Rounded(share=Decimal("1.23456")),
        Bill(sum=MONEY),
        Bills([Bill(sum=Money(7), taxes={"a": [Money(2)]})]),
        Raw(raw=b"a"),
        Odd(number=7),
    ],
}
"""By the name under which it is stored: each kind, with all that belongs to it."""


@pytest.fixture
def money(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arguments, "_OWN", {})
    monkeypatch.setattr(arguments, "_LOADED", {})
    register_type(Money, lambda money: money.cents, Money)


def test_the_walk_has_each_kind() -> None:
    assert KINDS.keys() == {"", *arguments._UNPACK}


@pytest.mark.usefixtures("money")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_comes_back_whole_from_each_place(kind: str, place: Callable[[Any], Any]) -> None:
    for value in KINDS[kind]:
        (back,), named = decode(encode([place(value)], {"it": place(value)}))
        assert whole(back) == whole(named["it"]) == whole(place(value))


class Noted(Pair):
    pass


class Hidden(BaseModel):
    shown: int
    hidden: int = Field(default=0, exclude=True)


class Timed(BaseModel):
    at: dt.time


def without(value: Any, part: str) -> Any:
    del vars(value)[part]
    return value


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: by_hand(Noted(1, 2), note="x"), "note"),
        (lambda: by_hand(Holder(1), note=None), "note"),
        (lambda: by_hand(Price(cents=1), note=[]), "note"),
        (lambda: without(Parcel(), "anything"), "anything"),
        (lambda: Hidden(shown=1, hidden=2), "hidden"),
        (lambda: Bill(sum=Money(1)), "total"),
        (lambda: Bills([Bill(sum=Money(1))]), "total"),
        (lambda: Timed(at=dt.time(9, tzinfo=ZoneInfo("Europe/Berlin"))), "at"),
    ],
)
@pytest.mark.parametrize("place", PLACES)
def test_a_part_that_cannot_be_kept_is_refused_by_name(
    make: Callable[[], Any], part: str, place: Callable[[Any], Any]
) -> None:
    with pytest.raises(TypeError, match=rf"(part: |\.){part}"):
        encode([place(make())], {})
