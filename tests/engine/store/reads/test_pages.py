"""Pages of the table against a naive filter and sort; places, and what cannot be answered."""

from __future__ import annotations

import base64
import math
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.reasons import NO_REASON
from sendoff_tasks.model.states import OPEN, TROUBLED, State
from sendoff_tasks.store.database import open_store
from sendoff_tasks.store.reads import pages, searches
from sendoff_tasks.store.reads import walks as tasks_walks
from sendoff_tasks.store.reads.pages import all_ids, count_states, read_ids, read_page
from sendoff_tasks.store.reads.query import (
    BadQuery,
    KeysetPlace,
    TaskQuery,
    read_cursor,
    read_event_id,
    write_cursor,
    write_event_id,
)
from sendoff_tasks.store.reads.vocabulary import words
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN
from sendoff_tasks.store.reads.walks import KEYS
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.text import folded
from tests.engine.store.reads.records import NAMES, TITLES, fill, record
from tests.property_based import examples

PEOPLE = [
    "",
    "Ada Lovelace <ada@example.org>",
    "Bo <bo@example.org>",
    "Zoë <zoe@exämple.org>",
    "JÜRGEN Ärmel-Groß [Ж] <j^r*n@example.org>",
]
ERRORS = [None, "No such person.", "Refused: Ada, 550 5.1.1", "Straße ÜBERALL gesperrt: Ÿ-9"]
SEARCHES: list[dict[str, float]] = [
    {},
    {"FEW": 0},
    {"FEW": 0, "RARE": 0},
    {"FEW": 0, "RARE": 0, "LEG": 7, "LEG_OF_ROWS": 5},
    {"FEW": 0, "RARE": 0, "LISTED": 0, "LEG": 7, "LEG_OF_ROWS": 5},
]
"""Limits that lead to each way of finding tasks by words: the few asked, rows read, and legs."""
SPELLED = [
    "jürgen",
    "jurgen ARMEL-",
    "gross",
    "groß",
    "[ж]",
    "zoe@example",
    "j^r*n@",
    "r?n",
    "org\\",
]
CALLED = {
    "": [1, 2],
    "Send_Mail": [1],
    "receipt": [1],
    "mail": [1, 2],
    "e-mail confirm": [2],
    "mail nothing": [],
    "…": [],
}
"""What tasks may be called, and the functions that are: a whole name comes before words in it."""
REASONS = ["kept", "final_answer"]
SORTS = [sign + key for key in KEYS for sign in "- "]


@st.composite
def tables(draw: st.DrawFn) -> list[TaskRecord]:
    """Draw tasks with many ties; their numbers may have holes."""
    numbers = draw(st.sets(st.integers(1, 60), max_size=30))
    small = st.integers(1, 3)
    states = {number: draw(st.sampled_from(State)) for number in numbers}
    return [
        record(
            number,
            states[number].value,
            item_id=draw(st.none() | small),
            function=draw(st.integers(1, 2)),
            title=draw(st.none() | st.just("Letter to Bo")),
            recipient=draw(st.sampled_from(PEOPLE)),
            created_at=draw(small) * 1000,
            started_at=draw(st.none() | small.map(lambda each: each * 500)),
            finished_at=0 if states[number] in OPEN else draw(small) * 1000,
            error=None if states[number] == "succeeded" else draw(st.sampled_from(ERRORS)),
            batch_id=draw(st.none() | small),
            seen=draw(st.integers(0, 1)) if states[number] in TROUBLED else None,
            reason=draw(st.sampled_from([None, *REASONS])),
        )
        for number in sorted(numbers)
    ]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Give an empty store."""
    connection = open_store(tmp_path_factory.mktemp("pages") / "store.db")
    yield connection
    connection.close()


@contextmanager
def stored(store: sqlite3.Connection, records: list[TaskRecord]) -> Iterator[sqlite3.Connection]:
    """Let these tasks be in the store for a while."""
    store.execute("BEGIN")
    try:
        fill(store, records)
        yield store
    finally:
        store.execute("ROLLBACK")


def begin(own: str, asked: list[str]) -> bool:
    return all(any(o.startswith(w) for o in own.split()) for w in asked)


def means(wanted: TaskFilter, each: TaskRecord) -> bool:
    """Filter as the docstring says, word by word."""
    texts = each.title, each.recipient, TITLES[each.function - 1], NAMES[each.function - 1]
    parts = wanted.text.split()
    out = [part[1:] for part in parts if part.startswith("-")]
    text = " ".join(part for part in parts if not part.startswith("-"))
    asked, of_error = words(text, wanted.to).split(), words(wanted.error).split()
    if any((text, wanted.to, wanted.error)) and not (asked or of_error):
        return False
    if any(begin(words(*texts, each.error), words(part).split()) for part in out):
        return False
    if str(each.item_id) in out:
        return False
    own = begin(words(*texts, each.error), asked)
    is_called = each.function in CALLED[wanted.called]
    is_number = [str(each.item_id)] == asked and not of_error
    return (
        (not wanted.states or each.state in wanted.states)
        and wanted.task in (None, NAMES[each.function - 1], TITLES[each.function - 1])
        and is_called
        and (not wanted.ids or each.id in wanted.ids)
        and (wanted.item_id is None or wanted.item_id == each.item_id)
        and (wanted.batch_id is None or wanted.batch_id == each.batch_id)
        and (wanted.seen is None or wanted.seen == bool(each.seen))
        and (not wanted.reasons or (each.reason or NO_REASON) in wanted.reasons)
        and (wanted.since is None or each.created_at >= wanted.since * 1000)
        and (wanted.until is None or each.created_at < wanted.until * 1000)
        and (wanted.known_at is None or each.created_at < wanted.known_at * 1000)
        and (wanted.known_at is None or each.finished_at < wanted.known_at * 1000)
        and (own or is_number)
        and begin(words(each.error), of_error)
        and all(folded(part) in folded(each.error or "") for part in wanted.error.split())
        and all(folded(part) in folded(each.recipient) for part in wanted.to.split())
    )


def key(sort: str, each: TaskRecord) -> Any:
    began = each.finished_at if each.started_at is None else each.started_at
    others = {
        "to": each.recipient,
        "item_id": each.item_id or 0,
        "task": TITLES[each.function - 1].casefold(),
        "took": each.finished_at - began if each.finished_at else -math.inf,
    }
    name = sort.strip(" -")
    return others[name] if name in others else getattr(each, name), each.id


filters = st.builds(
    TaskFilter,
    states=st.lists(st.sampled_from([state.value for state in State]), max_size=3).map(tuple),
    task=st.none() | st.sampled_from([*NAMES, "nothing", TITLES[0]]),
    called=st.sampled_from([*CALLED, "", ""]),
    to=st.sampled_from(["", "", "", "Ada", "bo example", "love 2", *SPELLED]),
    error=st.sampled_from(
        ["", "", "", "", "ref", "person no", "ada", "5.1.1", "zoe", "überall", "ÿ-9 STRASSE"]
    ),
    text=st.sampled_from(["", "ada", "ADA love", "zoe", "e", "receipt", "rec bo", "2", "x", "…"])
    | st.sampled_from(["-ada", "-e", "-receipt zoe", "ada -love", "-2", "-ada@example -x"]),
    item_id=st.none() | st.integers(1, 4),
    batch_id=st.none() | st.none() | st.integers(1, 4),
    seen=st.none() | st.none() | st.booleans(),
    reasons=st.lists(st.sampled_from([NO_REASON, *REASONS]), max_size=2).map(tuple),
    since=st.none() | st.integers(1, 3),
    until=st.none() | st.integers(1, 4),
    known_at=st.none() | st.integers(1, 4),
    ids=st.just(()) | st.just(()) | st.lists(st.integers(1, 9), min_size=1).map(tuple),
)


queued = partial(record, state="queued", function=1, created_at=1)


@pytest.mark.parametrize(
    ("to", "recipient"),
    [
        ("jürgen", "JÜRGEN Ärmel"),
        ("jurgen", "JÜRGEN Ärmel"),
        ("JÜRGEN", "Jurgen Aermel"),
        ("ada", "Ådå"),
        ("ådå@", "Ada <ada@example.org>"),
        ("groß", "GROSS"),
        ("gross", "Groß"),
        ("иван", "ИВАН"),
        ("김", "김철수"),
        (900 * "ä", 900 * "Ä"),
        ("ệ\\^]-[*?%_", "Ệ\\^]-[*?%_"),
    ],
)
def test_a_recipient_is_found_in_any_case_with_or_without_accents(
    store: sqlite3.Connection, to: str, recipient: str
) -> None:
    is_its_title = queued(2, title=recipient, recipient="Zoë <zoe@example.org>")
    with stored(store, [queued(1, recipient=recipient), is_its_title]) as connection:
        assert list(all_ids(connection, TaskFilter(to=to), known=NOTHING_KNOWN)) == [1]


@pytest.mark.parametrize(("error", "found"), [("überall:", [1]), ("UBERALL:", [1]), ("uber:", [])])
def test_so_is_an_error(store: sqlite3.Connection, error: str, found: list[int]) -> None:
    with stored(store, [queued(1, error="ÜBERALL: gesperrt")]) as connection:
        assert list(all_ids(connection, TaskFilter(error=error), known=NOTHING_KNOWN)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("-13", [1, 4]),
        ("-3", [1, 2, 3]),
        ("-13 -3", [1]),
        ("letter -13", [1, 4]),
        ("-7", [1, 2, 3, 4]),
    ],
)
def test_a_number_keeps_out_no_task_without_one(
    store: sqlite3.Connection, text: str, found: list[int]
) -> None:
    rows = [queued(1), queued(2, item_id=13), queued(3, title="13 letters"), queued(4, item_id=3)]
    for row in rows:
        row.recipient = "letter"
    with stored(store, rows) as connection:
        wanted = TaskFilter(text=text)
        assert list(all_ids(connection, wanted, known=NOTHING_KNOWN)) == found
        assert count_states(connection, wanted, known=NOTHING_KNOWN)["counts"]["queued"] == len(
            found
        )


@settings(max_examples=examples(70))
@given(
    records=tables(),
    wanted=filters,
    sort=st.sampled_from(SORTS),
    limit=st.integers(1, 7),
    offset=st.integers(0, 12),
    ways=st.sampled_from(SEARCHES),
)
def test_walking_and_jumping_are_a_naive_filter_and_sort(
    store: sqlite3.Connection,
    records: list[TaskRecord],
    wanted: TaskFilter,
    sort: str,
    limit: int,
    offset: int,
    ways: dict[str, float],
) -> None:
    expected = sorted(
        (each for each in records if means(wanted, each)),
        key=lambda each: key(sort, each),
        reverse=sort.startswith("-"),
    )
    ids = [each.id for each in expected]
    query = TaskQuery(wanted, sort.strip(), limit=limit)
    with stored(store, records) as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PATIENCE", 60)  # a stalled machine stops no search
        for name, limit_of_way in ways.items():
            patch.setattr(searches, name, limit_of_way)
        walked: list[int] = []
        page = read_page(connection, query, "store", known=NOTHING_KNOWN)
        assert (page["total"], page["total_is_exact"]) == (len(ids), True)
        walked += [row["id"] for row in page["tasks"]]
        while page["next"]:
            page = read_page(
                connection, replace(query, after=page["next"]), "store", known=NOTHING_KNOWN
            )
            walked += [row["id"] for row in page["tasks"]]
        assert walked == ids
        counted = count_states(connection, wanted, known=NOTHING_KNOWN)
        of_any = [each for each in records if means(replace(wanted, states=()), each)]
        assert counted["is_exact"]
        assert counted["counts"] == {
            state.value: sum(each.state == state for each in of_any) for state in State
        }
        seen = [each.state for each in of_any if each.seen]
        assert counted["seen"] == Counter(seen)
        jumped = read_page(connection, replace(query, offset=offset), "store", known=NOTHING_KNOWN)
        assert [row["id"] for row in jumped["tasks"]] == ids[offset : offset + limit]
        patch.setattr(tasks_walks, "UNITED", 2)
        assert (
            read_page(connection, replace(query, offset=offset), "store", known=NOTHING_KNOWN)
            == jumped
        )
        patch.setattr(pages, "GATHERED", limit)
        assert [*all_ids(connection, wanted, known=NOTHING_KNOWN)] == sorted(ids)
        parts = [*read_ids(connection, query, "store", known=NOTHING_KNOWN)]
    assert [number for part in parts for number in part["ids"]] == ids
    assert {part["as_of"] for part in parts} == {page["as_of"]}


@settings(max_examples=examples(60))
@given(records=tables(), wanted=filters, sort=st.sampled_from(["id", "-id"]), leg=st.integers(1, 9))
def test_a_search_that_stops_is_gone_on_with_where_it_stopped(
    store: sqlite3.Connection, records: list[TaskRecord], wanted: TaskFilter, sort: str, leg: int
) -> None:
    expected = [each.id for each in records if means(wanted, each)]
    query: TaskQuery | None = TaskQuery(wanted, sort, limit=3)
    walked: list[int] = []
    with stored(store, records) as connection, pytest.MonkeyPatch.context() as patch:
        limits = {"FEW": 0, "RARE": 0, "LEG": leg, "LEG_OF_ROWS": leg}
        for name, limit in limits.items():
            patch.setattr(searches, name, limit)
        patch.setattr(pages, "PATIENCE", -1)
        patch.setattr(pages, "GOING_ON", -1)
        while query is not None:
            page = read_page(connection, query, "store", known=NOTHING_KNOWN)
            walked += [row["id"] for row in page["tasks"]]
            assert page["total"] <= len(expected)
            assert page["total"] == len(expected) or not page["total_is_exact"]
            query = None if page["next"] is None else replace(query, after=page["next"])
        counted = count_states(connection, wanted, known=NOTHING_KNOWN)
        parts = read_ids(connection, TaskQuery(wanted, sort), "store", known=NOTHING_KNOWN)
        gathered = [number for part in parts for number in part["ids"]]
    assert gathered == walked == sorted(expected, reverse=sort == "-id")
    meant = sum(means(replace(wanted, states=()), each) for each in records)
    assert (sum(counted["counts"].values()) == meant) or not counted["is_exact"]


@pytest.mark.parametrize("task", [None, NAMES[0], "nothing"])
def test_tasks_of_a_batch_in_some_states_are_counted(
    store: sqlite3.Connection, task: str | None
) -> None:
    drawn = [("queued", 1), ("failed", 1), ("queued", 2), ("queued", None), ("running", 1)]
    records = [
        record(n, state, function=1, created_at=1, batch_id=batch)
        for n, (state, batch) in enumerate(drawn, 1)
    ]
    wanted = TaskFilter(states=("queued", "failed"), batch_id=1, task=task)
    with stored(store, records) as connection:
        page = read_page(connection, TaskQuery(wanted), "store", known=NOTHING_KNOWN)
    expected = [] if task == "nothing" else [2, 1]
    assert [row["id"] for row in page["tasks"]] == expected
    assert (page["total"], page["total_is_exact"]) == (len(expected), True)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (TaskFilter(reasons=(NO_REASON,)), {1, 3}),
        (TaskFilter(reasons=(NO_REASON, "kept")), {1, 2, 3}),
        (TaskFilter(reasons=(NO_REASON,), states=("succeeded",)), {1}),
        (TaskFilter(reasons=(NO_REASON,), text="ada"), {3}),
    ],
)
def test_tasks_without_a_reason_are_found_in_each_order_and_by_words(
    store: sqlite3.Connection, sort: str, wanted: TaskFilter, found: set[int]
) -> None:
    drawn = [("succeeded", None), ("succeeded", "kept"), ("running", None), ("failed", "no_room")]
    records = [
        record(
            n,
            state,
            function=1,
            created_at=1,
            finished_at=0 if state in OPEN else 1,
            reason=reason,
            title="Ada" if n > 2 else None,
        )
        for n, (state, reason) in enumerate(drawn, 1)
    ]
    with stored(store, records) as connection:
        page = read_page(connection, TaskQuery(wanted, sort.strip()), "store", known=NOTHING_KNOWN)
        counts = count_states(connection, wanted, known=NOTHING_KNOWN)["counts"]
    assert {row["id"] for row in page["tasks"]} == found
    assert page["total"] == len(found)
    assert sum(counts[state] for state in wanted.states or counts) == len(found)


def test_seen_tasks_are_counted_as_seen_when_the_filter_asks_for_them(
    store: sqlite3.Connection,
) -> None:
    drawn = [("failed", True), ("failed", False), ("uncertain", True), ("succeeded", False)]
    records = [
        record(n, state, function=1, created_at=1, seen=seen)
        for n, (state, seen) in enumerate(drawn, 1)
    ]
    with stored(store, records) as connection:
        seen = count_states(connection, TaskFilter(seen=True), known=NOTHING_KNOWN)
        unseen = count_states(connection, TaskFilter(seen=False), known=NOTHING_KNOWN)
    assert seen["seen"] == {"failed": 1, "uncertain": 1}
    assert (unseen["counts"]["failed"], unseen["seen"]) == (1, {})


STORE = "0123456789abcdef0123456789abcdef"


@given(
    st.integers(0, 2**53) | st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 2**53)
)
def test_a_place_comes_back_as_it_was(key: int | str, number: int) -> None:
    place = KeysetPlace(key, number)
    assert read_cursor("-to", write_cursor("-to", place)) == place


@given(st.text(max_size=30))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadQuery):
        read_cursor("-id", text)


@pytest.mark.parametrize(
    "read",
    [
        "0",
        "null",
        '{"a":1}',
        "[]",
        '["-id",1]',
        '["-id",null,1]',
        '["-id",1.5,1]',
        '["-id",1,1e3]',
        f'["-id",1,{2**63}]',
        f'["-id",{2**63},1]',
        '["id",1,1]',
        "[" * 100_000,
    ],
)
def test_what_was_read_well_but_is_no_place_of_this_order_is_refused(read: str) -> None:
    with pytest.raises(BadQuery):
        read_cursor("-id", base64.urlsafe_b64encode(read.encode()).decode())


def test_an_event_belongs_to_its_store() -> None:
    told = write_event_id(STORE, 12)
    assert read_event_id(STORE, told) == 12
    assert read_event_id("f" * 32, told) is None


@pytest.mark.parametrize("text", ["", "12", "0123456789ab-", "0123456789ab-x", "0123456789ab-²"])
def test_what_is_no_event_is_unknown(text: str) -> None:
    assert read_event_id(STORE, text) is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (TaskQuery(sort="age"), "sort"),
        (TaskQuery(after="nonsense"), "after"),
        (TaskQuery(after="WzEsMiwzXQ"), "after"),
        (TaskQuery(after="…"), "after"),
        (TaskQuery(sort="to", after="WyItaWQiLDM4LDM4XQ"), "after"),
        (TaskQuery(limit=0), "limit"),
        (TaskQuery(limit=1001), "limit"),
        (TaskQuery(offset=-1), "offset"),
        (TaskQuery(offset=1, after="WyItaWQiLDM4LDM4XQ"), "offset"),
    ],
)
def test_what_cannot_be_answered_names_the_parameter(
    tmp_path: Path, query: TaskQuery, field: str
) -> None:
    connection = open_store(tmp_path / "store.db")
    with pytest.raises(BadQuery) as refused:
        read_page(connection, query, "store", known=NOTHING_KNOWN)
    assert refused.value.field == field
    connection.close()
