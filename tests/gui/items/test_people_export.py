"""The list of people with whether they were informed: for a fixed store it stays as it is."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from desktop.client.items import ItemQuery
from desktop.gui.frame.exports import HowFar
from desktop.gui.items.older_items import items_table
from tests.gui.items.test_item_table import item
from tests.gui.tasks.table.task_source import task_row

ADDED = "2026-11-21T09:00:00.000Z"

pytestmark = pytest.mark.usefixtures("qapp")


def store() -> list[Any]:
    """Return people of all kinds; the last one was corrected, and tried again by a person."""
    refused = {"queue": "mail", "error": "550 unknown", "to": "Di <di@example.org>"}
    kept = {"queue": "mail", "reason": "kept"}
    own = {"title": "Receipt", "queue": "receipt"}
    corrected = [
        {"at": f"2026-11-2{day}T10:00:00.000Z", "item": {"recipient": {"name": "Di", "email": to}}}
        for day, to in ((3, "di@example.org"), (2, "d@example.org"))
    ]
    deeds = [
        {"task_id": 4, "at": "2026-11-23T10:05:00.000Z", "deed": "retried"},
        {"task_id": 99, "at": "2026-11-23T10:06:00.000Z", "deed": "cancelled"},
    ]
    return [
        item(7, "no", tasks=[], erased=True, recipient=None, title=None, fields=None),
        item(6, None, recipient={"email": "bo@example.org"}, tasks=[task_row(9, "running", **own)]),
        item(5, "kept", fields={"seat": "B 3", "title": 7}, tasks=[task_row(5, **kept)]),
        item(4, "no", fields={"note": "Vegan"}, tasks=[task_row(4, "failed", **refused)])
        | {"deeds": deeds, "bodies": corrected},
        item(3, "not_sure", tasks=[task_row(3, "uncertain", queue="mail", error="no answer")]),
        item(2, "no", tasks=[task_row(2, "failed", **refused, seen=True)]),
        item(1, "yes", tasks=[task_row(1, queue="mail"), task_row(8, "failed", **own)]),
    ]


def exported(**query: Any) -> list[list[Any]]:
    """Return the headings and rows of an export, page by page; moments as an ellipsis."""
    people = store()

    def page(asked: ItemQuery, *, after: str | None = None, **_: object) -> Any:
        start = int(after or 0)
        some = [each for each in people[start : start + 3] if _is_wanted(each, asked)]
        following = str(start + 3) if start + 3 < len(people) else None
        return {"items": some, "next": following, "counts": {}, "counts_are_exact": True}

    api: Any = SimpleNamespace(items=SimpleNamespace(page=page))
    with items_table(ItemQuery(**query), api, HowFar()) as made:
        columns = [[heading for heading, _ in made.columns]]
        rows = [row for page_of in made.pages for row in page_of]
    return columns + [[_still(cell) for cell in row] for row in rows]


def _is_wanted(one: Any, asked: ItemQuery) -> bool:
    return not asked.informed or one["informed"] in asked.informed


def _still(cell: Any) -> Any:
    return re.sub(r"[\d-]{10} [\d:]{5}", "…", cell) if isinstance(cell, str) else cell


def test_it_has_each_person_with_why_and_what_was_done() -> None:
    assert [
        " | ".join("" if each is None else str(each) for each in row) for row in exported()
    ] == [
        (
            "Item | Name | Address | Title | Seat | title | Note | Tasks | Informed | Why"
            " | What was done | Added"
        ),
        (
            "7 |  |  |  |  |  |  |  | no | The item's name, address and fields were deleted."
            f" |  | {ADDED}"
        ),
        f"6 |  | bo@example.org | Booking 6 |  |  |  | Receipt: Running |  |  |  | {ADDED}",
        (
            "5 | Person 5 | p@example.org | Booking 5 | B 3 | 7 |  | Confirmation e-mail: Kept"
            f" | kept |  |  | {ADDED}"
        ),
        (
            "4 | Person 4 | p@example.org | Booking 4 |  |  | Vegan | Confirmation e-mail: Failed"
            " | no | 550 unknown | By a person: corrected … (E-mail: d@example.org →"
            f" di@example.org) · retried … | {ADDED}"
        ),
        (
            "3 | Person 3 | p@example.org | Booking 3 |  |  |  | Confirmation e-mail: Uncertain"
            f" | uncertain | no answer |  | {ADDED}"
        ),
        (
            "2 | Person 2 | p@example.org | Booking 2 |  |  |  | Confirmation e-mail: Failed | no"
            f" | Seen · 550 unknown |  | {ADDED}"
        ),
        (
            "1 | Person 1 | p@example.org | Booking 1 |  |  |  | Confirmation e-mail: Sent;"
            f" Receipt: Failed | yes |  |  | {ADDED}"
        ),
    ]


def test_it_has_those_that_the_list_is_narrowed_to() -> None:
    assert [row[0] for row in exported(informed=("no",))] == ["Item", 7, 4, 2]
