"""Items by number: the ways to find them, and their pages."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from desktop.items.reads import items as reading
from desktop.items.reads.items import DEEDS, FoundItems, ItemSearch, read_items
from sendoff_tasks.model.tasks import Deed
from sendoff_tasks.store.reads import searches
from sendoff_tasks.store.reads.searches import Extent
from sendoff_tasks.store.tables.cursor import to_text
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.words.table import ENGLISH
from tests.engine.stepped import Stepped
from tests.items.reads.letters import (
    DONE,
    REFUSED,
    UNSURE,
    items,
    submit,
)


def test_a_text_finds_items_by_their_tasks(stepped: Stepped) -> None:
    submit(stepped, 3, "letter", "receipt", title="Opera")
    submit(stepped, 1, "letter", title="Opera")
    (ballet,) = submit(stepped, 2, "letter", title="Ballet")
    stepped.end(ballet, REFUSED)
    assert [item["item_id"] for item in items(stepped, text="oper")] == [3, 1]
    assert [item["item_id"] for item in items(stepped, text="oper", after=3)] == [1]
    assert [item["item_id"] for item in items(stepped, text="2")] == [2]
    assert items(stepped, text="oper", informed=("no",)) == []
    page = read_items(stepped.connection, ItemSearch(text="ball"))
    assert [len(item["tasks"]) for item in page["items"]] == [1]
    assert (page["counts"]["no"], page["counts_are_exact"]) == (1, True)


STOPPING = {"PATIENCE": -1, "GOING_ON": -1}
WAYS: dict[str, dict[str, Any]] = {
    "gathered": {},
    "gathered, merged": {"FEW": 0, "RARE": 0, "LEG": 3},
    "along items": {"GATHERED": 0},
    "along items in short legs": {"GATHERED": 0, "SHORTEST": 1, "LONGEST": 2},
    "passing over some": {"GATHERED": 0, "SHORTEST": 1, "LONGEST": 1, "SKIPPED": 2},
    "stopping": {"GATHERED": 0, "SHORTEST": 2, "LONGEST": 2, **STOPPING},
    "stopping while gathering": {
        "FEW": 0,
        "RARE": 0,
        "LEG": 2,
        "SHORTEST": 2,
        "LONGEST": 2,
        **STOPPING,
    },
}
"""The ways to find items by a text, each by the limits that lead to it in a small store."""
SEARCHES: list[tuple[str, bool, tuple[str, ...], int | None, int]] = [
    ("opera", True, (), None, 5),
    ("opera", False, ("no",), 21, 3),
    ("opera", True, ("no",), None, 3),
    ("let op", False, (), None, 3),
    ("let op", True, ("no", "yes"), 21, 5),
    ("let op", True, ("no",), 21, 3),
    ("opera ballet", True, (), None, 5),
    ("opera ballet", False, ("no",), 21, 3),
]
"""Texts, orders, kinds, and where pages begin and how long they are."""


def test_however_items_are_found_by_a_text_their_pages_are_the_same(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [8, 3, 50, 21, 2, 34, 5, 13, 1, 40, 41, 7]
    for place, number in enumerate(numbers):
        names = ["letter", "receipt"][: 1 + place % 2]
        own = submit(stepped, number, *names, title="Opera" if place % 3 else "Ballet")
        for task in own:
            stepped.end(task, DONE if place % 4 else REFUSED)
    told = {n: "yes" if place % 4 else "no" for place, n in enumerate(numbers)}
    operas = [n for place, n in enumerate(numbers) if place % 3]
    for way, limits in WAYS.items():
        with monkeypatch.context() as patch:
            for module, name in product((reading, searches), limits):
                if hasattr(module, name):
                    patch.setattr(module, name, limits[name])
            for text, descending, informed, after, limit in SEARCHES:
                having = [] if text == "opera ballet" else operas
                meant = [n for n in having if not informed or told[n] in informed]
                if after is not None:
                    meant = [n for n in meant if (n < after if descending else n > after)]
                query = ItemSearch(text, None, informed, after, descending, limit)
                found = sorted(meant, reverse=descending)
                assert walked(stepped, query) == found, (way, query)


def walked(stepped: Stepped, query: ItemSearch) -> list[int]:
    """Read page after page; one may be short, even empty, and not the last."""
    found: list[int] = []
    while True:
        page = read_items(stepped.connection, query)
        found += [item["item_id"] for item in page["items"]]
        if page["next"] is None:
            return found
        assert page["next"] != query.after
        query = replace(query, after=page["next"])


@pytest.mark.usefixtures("in_file")
def test_items_of_a_batch_are_found_by_a_text_and_kind(stepped: Stepped) -> None:
    """Without the index of kinds, which would be walked once for each of its items."""
    query = ItemSearch(text="opera", batch_id=3, informed=("no",))
    told = plan_of(stepped, query)
    assert "tasks USING COVERING INDEX tasks_by_batch_item" in told
    assert "items USING INTEGER PRIMARY KEY (rowid=?)" in told


def plan_of(stepped: Stepped, query: ItemSearch) -> str:
    found = reading.WordedItems(stepped.connection, query)
    text, values = to_text(found.walk(9, 2, Extent(1, 9), 100))
    rows = stepped.connection.execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall()
    return "\n".join(row[3] for row in rows)


@pytest.mark.usefixtures("in_file")
def test_walks_for_a_text_read_indexes_alone(stepped: Stepped) -> None:
    """Whichever is in the order of items; tasks with the words are not read one by one."""
    walks: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "tasks USING COVERING INDEX tasks_by_item (item_id>? AND item_id<?)"),
        ({"batch_id": 3}, "tasks USING COVERING INDEX tasks_by_batch_item"),
        ({"informed": ("no",)}, "items USING COVERING INDEX items_by_informed"),
    )
    for wanted, index in walks:
        told = plan_of(stepped, ItemSearch(text="opera", **wanted))
        assert index in told
        assert "TEMP B-TREE" not in told


PAGES = [
    (ItemSearch(after=5), ["SEARCH items USING INTEGER PRIMARY KEY (rowid<?)"]),
    (ItemSearch(after=5, informed=("no",)), ["INDEX items_by_informed (informed=? AND rowid<?)"]),
    (
        ItemSearch(after=5, batch_id=3),
        ["INDEX tasks_by_batch_item (batch_id=? AND item_id>? AND item_id<?)"],
    ),
    (
        ItemSearch(after=5, batch_id=3, informed=("no",), descending=False),
        ["INDEX tasks_by_batch_item (batch_id=? AND item_id>?)"],
    ),
]


@pytest.mark.usefixtures("in_file")
@pytest.mark.parametrize(("query", "parts"), PAGES)
def test_pages_of_many_items_walk_an_index(
    stepped: Stepped, query: ItemSearch, parts: list[str]
) -> None:
    text, values = to_text(FoundItems(stepped.connection, query).page(query.after, 100))
    rows = stepped.connection.execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall()
    told = "\n".join(row[3] for row in rows)
    for part in parts:
        assert part in told
    assert "SCAN items" not in told
    assert "SCAN of_batch" not in told
    assert told.count("TEMP B-TREE") == 1  # of the page itself, which is short


def test_a_task_that_writes_what_a_person_would_have_done_is_none(stepped: Stepped) -> None:
    (task,) = submit(stepped, 1, "letter")

    def write(group: Group) -> None:
        group.log(group.read(task), group.now, "info", ENGLISH.say("deed", Deed.DONE))

    stepped.do(write)
    (item,) = items(stepped, deeds=True)
    assert item["deeds"] == []
    stepped.end(task, UNSURE)
    stepped.change(resolve, task, "done")
    (item,) = items(stepped, deeds=True)
    assert [each["deed"] for each in item["deeds"]] == [Deed.DONE]


@pytest.mark.usefixtures("in_file")
def test_what_persons_did_is_read_off_the_index_of_the_log(stepped: Stepped) -> None:
    rows = stepped.connection.execute(f"EXPLAIN QUERY PLAN {DEEDS}", ("[1]",)).fetchall()
    assert "SEARCH log USING INDEX ix_log_task_id (task_id=?)" in "\n".join(row[3] for row in rows)
