"""A function's arguments are described as JSON Schema, and converted from JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from desktop.backend.routes.tasks import takes_item
from sendoff_tasks import CURRENT, TaskContext, task
from sendoff_tasks.functions.spec import spec_for
from sendoff_tasks.http.arguments import coerced, described_function, parameters_of
from sendoff_tasks.model.tasks import BY_PLACE, MEMBERS, REST


class Format(Enum):
    PDF = "pdf"
    CSV = "csv"


class Only(Enum):
    ONE = 1


class Address(BaseModel):
    city: str
    number: int = 1


class Unknown:
    pass


class Odd:
    @classmethod
    def __get_pydantic_core_schema__(cls, *_: Any) -> Any:
        raise RuntimeError("not today")


@task(name="report", title="Nightly report", lane="cpu", queue="reports")
def report(  # type: ignore[no-untyped-def]
    month: dt.date,
    pages: Annotated[int, Field(ge=1, le=9, description="How many.")] = 2,
    shape: Format = Format.CSV,
    *,
    only: Only = Only.ONE,
    to: Address | None = None,
    side: Literal["left", "right"] = "left",
    thing: Unknown = Unknown(),  # noqa: B008
    odd: Odd = Odd(),  # noqa: B008
    untold=None,
    ctx: TaskContext = CURRENT,
) -> None:
    """Write the report.

    It takes a while.
    """


def open_ended(first: int, /, second: str, *rest: dt.date, **others: int) -> None: ...


def broken(item_id: int, later: NotThere = 3) -> None: ...  # type: ignore[name-defined]  # noqa: F821


def of_a_name(name: str) -> None: ...


def by_name(*, item_id: int) -> None: ...


def of_two(item_id: int, when: str) -> None: ...


def test_a_signature_is_described_with_its_bounds_and_defaults() -> None:
    told = described_function(spec_for(report))
    schema = told["parameters"]
    assert (told["name"], told["title"]) == ("report", "Nightly report")
    assert told["doc"] == "Write the report.\n\nIt takes a while."
    assert (told["lane"], told["queue"]) == ("cpu", "reports")
    shared, found = schema["$defs"], schema["properties"]
    assert (schema["required"], schema["additionalProperties"]) == (["month"], False)
    assert " ".join(found) == "month pages shape only to side thing odd untold"
    assert found["month"] == {"type": "string", "format": "date"}
    bounds = {"minimum": 1, "maximum": 9, "description": "How many.", "default": 2}
    assert found["pages"] == {"type": "integer", **bounds}
    assert found["shape"] == {"$ref": "#/$defs/Format", "default": "csv"}
    assert (shared["Format"]["enum"], shared["Format"][MEMBERS]) == (["pdf", "csv"], ["PDF", "CSV"])
    assert shared["Only"][MEMBERS] == ["ONE"]
    assert found["to"]["anyOf"] == [{"$ref": "#/$defs/Address"}, {"type": "null"}]
    assert shared["Address"]["required"] == ["city"]
    assert found["side"]["enum"] == ["left", "right"]
    assert (found["thing"], found["odd"], found["untold"]) == ({}, {}, {"default": None})


def test_what_is_given_by_place_says_so() -> None:
    schema = parameters_of(open_ended)
    found: dict[str, dict[str, Any]] = schema["properties"]
    assert [bool(each.get(BY_PLACE)) for each in found.values()] == [True, True, False]
    assert found["rest"][REST]
    assert found["rest"]["items"]["format"] == "date"
    assert schema["additionalProperties"] == {"type": "integer"}
    assert schema["required"] == ["first", "second"]


def test_a_task_takes_an_item_by_a_first_parameter_of_that_name() -> None:
    assert takes_item(spec_for(broken))
    assert parameters_of(broken)["properties"] == {
        "item_id": {"type": "integer"},
        "later": {"default": 3},
    }
    assert not any(takes_item(spec_for(each)) for each in (of_a_name, by_name, of_two, open_ended))


class Colour(StrEnum):
    RED = "red"


@dataclass
class Order:
    price: Decimal
    until: dt.date


def all_kinds(
    count: int,
    when: dt.datetime,
    span: dt.timedelta,
    raw: bytes,
    number: UUID,
    places: set[Path],
    colour: Colour,
    address: Address | None = None,
    *,
    order: Order,
    ctx: TaskContext = CURRENT,
) -> None: ...


def any_number(first: Any, *rest: Decimal, ctx: TaskContext = CURRENT, **others: dt.date) -> None:
    """Take any number of arguments."""


def plain(first, second=None): ...  # type: ignore[no-untyped-def]


def of_its_own_kind(thing: Unknown, later: NotThere) -> None: ...  # type: ignore[name-defined]  # noqa: F821


def half_known(count: int, thing: NotThere) -> None: ...  # type: ignore[name-defined]  # noqa: F821


def test_each_argument_becomes_what_is_wanted() -> None:
    ident = "00000000-0000-0000-0000-000000000007"
    args = [7, "2026-07-01T09:30:00Z", "PT90S", "ab", ident, ["a", "b"], "red"]
    kwargs = {"address": {"city": "Bonn"}, "order": {"price": "9.90", "until": "2026-07-01"}}
    placed, named, errors = coerced(spec_for(all_kinds), args, kwargs, "")
    assert errors == []
    assert placed == [
        7,
        dt.datetime(2026, 7, 1, 9, 30, tzinfo=dt.UTC),
        dt.timedelta(seconds=90),
        b"ab",
        UUID(ident),
        {Path("a"), Path("b")},
        Colour.RED,
    ]
    assert named == {
        "address": Address(city="Bonn"),
        "order": Order(Decimal("9.90"), dt.date(2026, 7, 1)),
    }


def test_what_is_collected_is_looked_at_too() -> None:
    placed, named, errors = coerced(
        spec_for(any_number),
        [{"a": 1}, "1.1", 2],
        {"begin": "2026-07-01"},
        "",
    )
    assert (placed, named, errors) == (
        [{"a": 1}, Decimal("1.1"), Decimal(2)],
        {"begin": dt.date(2026, 7, 1)},
        [],
    )


def test_what_cannot_is_named_with_its_path() -> None:
    args = ["many", "soon", "PT90S", "ab", 7, [], "blue", {"city": 5, "number": "x"}]
    _, _, errors = coerced(spec_for(all_kinds), args, {"order": {"price": "x"}}, "3.")
    told = {error["path"]: error["message"] for error in errors}
    assert told["3.args.0"] == "This must be a whole number."
    assert told["3.args.1"].startswith("This should be a valid datetime")
    assert told["3.args.1"].endswith(".")
    assert "3.args.6" in told
    assert told["3.args.7.city"] == "This must be text."
    assert told["3.kwargs.order.until"] == "Required."


def test_without_annotations_that_are_known_it_stays_as_it_came() -> None:
    for function in (plain, of_its_own_kind):
        given = coerced(spec_for(function), ["2026-07-01", 5], {"unknown": [1]}, "")
        assert given == (["2026-07-01", 5], {"unknown": [1]}, [])


def test_one_annotation_that_is_not_known_leaves_the_others() -> None:
    placed, _, errors = coerced(spec_for(half_known), ["5"], {"thing": 7}, "")
    assert (placed, errors) == ([5], [])
