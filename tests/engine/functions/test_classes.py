"""Values whose class has changed since they were stored are told, unless the class reads them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass as plain_dataclass
from dataclasses import field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest
from pydantic import (
    BaseModel,
    ConfigDict,
    DirectoryPath,
    Field,
    FilePath,
    FutureDate,
    FutureDatetime,
    NewPath,
    PrivateAttr,
    RootModel,
    computed_field,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic.dataclasses import dataclass

from sendoff_tasks.functions.arguments import Unreadable, decode, encode
from tests.looking import eventually


class Address(BaseModel):
    city: str


class Guest(BaseModel):
    """Has lost the field ``room``, and its ``home`` the field ``street``."""

    name: str = ""
    home: Address | None = None
    friends: list[Address] = []


class Ticket(BaseModel):
    number: UUID = Field(default_factory=uuid4)
    title: str = ""
    _tenant: str = PrivateAttr(default="none")


class Untitled(BaseModel):
    number: UUID = Field(default_factory=uuid4)
    _tenant: str = PrivateAttr(default="none")


class Mended(BaseModel):
    """Has renamed a field, and reads the old name."""

    number: int = 0

    @model_validator(mode="before")
    @classmethod
    def of_before(cls, given: dict[str, int]) -> dict[str, int]:
        return {"number": given["count"], **given} if "count" in given else given


class Required(Mended):
    """Reads only the old name."""

    @model_validator(mode="before")
    @classmethod
    def of_before(cls, given: dict[str, int]) -> dict[str, int]:
        return {"number": given["count"]}


class Cat(BaseModel):
    model_config = ConfigDict(frozen=True)

    claws: int


class Dog(BaseModel):
    model_config = ConfigDict(frozen=True)

    teeth: int


class Pets(BaseModel):
    """Writes itself in its own way, in the order of a set."""

    of: frozenset[Cat | Dog]
    nearest: Annotated[Address | None, Field(alias="theNearest")] = None

    @computed_field
    def count(self) -> int:
        return len(self.of)

    @model_serializer(mode="wrap")
    def packed(self, pack: Any) -> dict[str, Any]:
        return {"in": pack(self)}

    @model_validator(mode="before")
    @classmethod
    def unpacked(cls, given: dict[str, Any]) -> Any:
        return given.get("in", given)


@dataclass
class Seat:
    row: int = 0


def stored(kind: type, fields: dict[str, Any]) -> str:
    of = "model" if issubclass(kind, BaseModel) else "dataclass"
    return json.dumps([[{"$type": of, "value": [f"{__name__}:{kind.__name__}", fields]}], {}])


@pytest.mark.parametrize(
    ("fields", "lost"),
    [
        ({"name": "Ada", "room": 7}, "room"),
        ({"home": {"city": "Bonn", "street": "A"}}, "home.street"),
        ({"friends": [{"city": "Bonn", "street": "A"}], "room": 7}, "room, friends.0.street"),
    ],
)
def test_a_field_that_a_model_has_lost_is_told(fields: dict[str, Any], lost: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(f"Guest has changed: it has no {lost}.")):
        decode(stored(Guest, fields))


def test_a_field_that_a_dataclass_of_pydantic_has_lost_is_told() -> None:
    assert decode(stored(Seat, {"row": 2})) == ([Seat(2)], {})
    with pytest.raises(Unreadable, match=r"Seat has changed: it has no number\.$"):
        decode(stored(Seat, {"row": 2, "number": 3}))


def test_a_field_is_told_also_beside_private_attributes(monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = Ticket(title="front row")
    ticket._tenant = "acme"
    text = encode([ticket], {})
    monkeypatch.setattr(f"{__name__}.Ticket", Untitled)
    with pytest.raises(Unreadable, match=r"Ticket has changed: it has no title\.$"):
        decode(text)


@pytest.mark.parametrize("kind", [Mended, Required])
def test_a_model_may_read_the_fields_of_an_older_one(kind: type[Mended]) -> None:
    ((back,), _) = decode(stored(kind, {"count": 7}))
    assert back == kind.model_validate({"count": 7})
    assert back.number == 7


def test_a_model_that_writes_itself_its_own_way_comes_back() -> None:
    cats, dogs = [Cat(claws=n) for n in range(9)], [Dog(teeth=n) for n in range(9)]
    pets = Pets(of=frozenset([*cats, *dogs]), theNearest=Address(city="Bonn"))  # type: ignore[call-arg]
    ((back,), _) = decode(encode([pets], {}))
    assert back == pets


class Files(BaseModel):
    report: FilePath
    folder: DirectoryPath
    new: NewPath
    newer: list[NewPath]


def test_files_that_have_gone_or_come_since_are_as_they_were(tmp_path: Path) -> None:
    report, folder = tmp_path / "report", tmp_path / "folder"
    folder.mkdir()
    report.touch()
    given = Files(report=report, folder=folder, new=tmp_path / "new", newer=[folder / "new"])
    text = encode([given], {})
    report.unlink()
    folder.rmdir()
    (tmp_path / "new").touch()
    assert decode(text)[0] == [given]


IS_OPEN = True


def check_open() -> None:
    if not IS_OPEN:
        raise ValueError("the shop is closed")


class Visit(BaseModel):
    at: datetime
    guests: int = Field(gt=0, default=1)
    _seen: list[int] = PrivateAttr(default_factory=list)

    @field_validator("at")
    @classmethod
    def open_then(cls, at: datetime) -> datetime:
        check_open()
        return at


class Tour(BaseModel):
    visits: dict[str, list[Visit]]


class Tours(RootModel[list[Tour]]):
    pass


class Late(Visit):
    def model_post_init(self, _: Any) -> None:
        check_open()


class Asked(BaseModel):
    number: int

    @model_validator(mode="after")
    def asks(self) -> Asked:
        if not IS_OPEN:
            raise ConnectionError("the other server is away")
        return self


@plain_dataclass
class Seating:
    visit: Visit
    ends: datetime = field(init=False)

    def __post_init__(self) -> None:
        check_open()
        self.ends = self.visit.at + timedelta(hours=1)


@plain_dataclass(frozen=True, slots=True)
class Fixed:
    at: datetime

    def __post_init__(self) -> None:
        check_open()


@dataclass
class Checked:
    at: datetime

    @field_validator("at")
    @classmethod
    def open_then(cls, at: datetime) -> datetime:
        check_open()
        return at


class Plan(BaseModel):
    seating: Seating
    fixed: list[Fixed]


AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
CHECKED: list[Any] = [
    Visit(at=AT),
    Late(at=AT, guests=3),
    Tour(visits={"a": [Visit(at=AT), Visit(at=AT, guests=2)]}),
    Tours([Tour(visits={})]),
    Tours([Tour(visits={"a": [Visit(at=AT)]})]),
    Asked(number=7),
    Seating(Visit(at=AT)),
    Fixed(AT),
    Checked(AT),
    Plan(seating=Seating(Visit(at=AT)), fixed=[Fixed(AT)]),
    [{"a": (Fixed(AT), Seating(Late(at=AT)))}],
]


@pytest.mark.parametrize("value", CHECKED)
@pytest.mark.parametrize("is_open_when_added", [True, False])
def test_a_value_comes_back_that_its_own_check_refuses_by_now(
    monkeypatch: pytest.MonkeyPatch, value: Any, is_open_when_added: bool
) -> None:
    monkeypatch.setattr(f"{__name__}.IS_OPEN", is_open_when_added)
    text = encode([value], {})
    monkeypatch.setattr(f"{__name__}.IS_OPEN", False)
    ((back,), _) = decode(text)
    assert back == value
    assert repr(back) == repr(value)


class VisitWithMore(Visit):
    since: list[str] = Field(default_factory=list)


@plain_dataclass
class FixedWithMore:
    at: datetime
    since: list[str] = field(default_factory=list)
    note: str = ""

    def __post_init__(self) -> None:
        check_open()


def test_a_field_with_a_default_may_be_new_though_a_check_refuses_the_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = [VisitWithMore(at=AT), FixedWithMore(AT)]
    text = encode([Visit(at=AT), Fixed(AT)], {})
    text = text.replace(":Visit", ":VisitWithMore").replace(":Fixed", ":FixedWithMore")
    monkeypatch.setattr(f"{__name__}.IS_OPEN", False)
    assert decode(text)[0] == given


class Soon(BaseModel):
    starts: FutureDatetime
    days: list[FutureDate] = []


def test_a_moment_that_was_in_the_future_has_passed() -> None:
    """Pydantic asks the clock itself."""
    soon = Soon(starts=datetime.now(UTC) + timedelta(seconds=0.1), days=[date(2999, 1, 1)])
    text = encode([soon], {})
    eventually(lambda: datetime.now(UTC) > soon.starts)
    assert decode(text)[0] == [soon]


@pytest.mark.parametrize(
    ("value", "fields", "why"),
    [
        (Visit(at=AT), {"at": 7.5, "since": None}, "Visit is not valid any more: "),
        (Asked(number=7), {"number": "seven"}, "Asked is not valid any more: number: "),
        (Fixed(AT), {"at": None, "until": None}, "Fixed has changed: "),
    ],
)
def test_a_class_that_has_changed_is_told_though_its_own_check_refuses_too(
    monkeypatch: pytest.MonkeyPatch, value: Any, fields: dict[str, Any], why: str
) -> None:
    ((stored,), _) = json.loads(encode([value], {}))
    stored["value"][1] = fields
    for beyond in stored["value"][2:]:
        beyond["values"] = fields
    monkeypatch.setattr(f"{__name__}.IS_OPEN", False)
    with pytest.raises(Unreadable, match=why):
        decode(json.dumps([[stored], {}]))
