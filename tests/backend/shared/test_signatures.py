"""What JSON Schema says of a signature: kinds, bounds, defaults, places, and what it cannot say."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from desktop.backend.shared.signatures import described_function, parameters_of, takes_item
from desktop.contract.functions import BY_PLACE, MEMBERS, REST
from desktop.engine import CURRENT, TaskContext, task
from desktop.engine.functions.spec import spec_for


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
    schema = told.pop("parameters")  # type: ignore[misc]
    assert told == {
        "name": "report",
        "title": "Nightly report",
        "doc": "Write the report.\n\nIt takes a while.",
        "lane": "cpu",
        "queue": "reports",
        "takes_item": False,
    }
    shared, found = schema["$defs"], schema["properties"]
    assert (schema["required"], schema["additionalProperties"]) == (["month"], False)
    assert list(found) == [
        "month",
        "pages",
        "shape",
        "only",
        "to",
        "side",
        "thing",
        "odd",
        "untold",
    ]
    assert found["month"] == {"type": "string", "format": "date"}
    assert found["pages"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 9,
        "description": "How many.",
        "default": 2,
    }
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
