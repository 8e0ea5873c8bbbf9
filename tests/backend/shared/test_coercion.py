"""Arguments become what the function is annotated with, or the field that cannot is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel

from desktop.backend.shared.coercion import coerced
from desktop.engine import CURRENT, TaskContext
from desktop.engine.functions.spec import spec_for


class Colour(StrEnum):
    RED = "red"


class Address(BaseModel):
    city: str
    number: int = 1


@dataclass
class Order:
    price: Decimal
    until: dt.date


class Unknown:
    pass


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


def open_ended(first: Any, *rest: Decimal, ctx: TaskContext = CURRENT, **others: dt.date) -> None:
    """Take any number of arguments."""


def plain(first, second=None): ...  # type: ignore[no-untyped-def]


def of_its_own_kind(thing: Unknown, later: NotThere) -> None: ...  # type: ignore[name-defined]  # noqa: F821


def half_known(count: int, thing: NotThere) -> None: ...  # type: ignore[name-defined]  # noqa: F821


def test_each_argument_becomes_what_is_wanted() -> None:
    ident = "00000000-0000-0000-0000-000000000007"
    args = [7, "2026-07-01T09:30:00Z", "PT90S", "ab", ident, ["a", "b"], "red"]
    kwargs = {"address": {"city": "Bonn"}, "order": {"price": "9.90", "until": "2026-07-01"}}
    placed, named, errors = coerced(spec_for(all_kinds), args, kwargs)
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
        spec_for(open_ended), [{"a": 1}, "1.1", 2], {"begin": "2026-07-01"}
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


@pytest.mark.parametrize("function", [plain, of_its_own_kind])
def test_without_annotations_that_are_known_it_stays_as_it_came(
    function: Callable[..., Any],
) -> None:
    given = coerced(spec_for(function), ["2026-07-01", 5], {"unknown": [1]})
    assert given == (["2026-07-01", 5], {"unknown": [1]}, [])


def test_one_annotation_that_is_not_known_leaves_the_others() -> None:
    placed, _, errors = coerced(spec_for(half_known), ["5"], {"thing": 7})
    assert (placed, errors) == ([5], [])
