"""Values whose class has changed since they were stored are told, unless the class reads them."""

from __future__ import annotations

import json
import re
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
    NewPath,
    PrivateAttr,
    computed_field,
    model_serializer,
    model_validator,
)
from pydantic.dataclasses import dataclass

from sendoff_tasks.functions.arguments import Unreadable, decode, encode


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
