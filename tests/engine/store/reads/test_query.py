"""Opaque places, and what is asked for that cannot be answered."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.engine.store.database import open_store
from desktop.engine.store.reads.pages import read_page
from desktop.engine.store.reads.query import (
    BadQuery,
    KeysetPlace,
    Query,
    read_cursor,
    read_event_id,
    write_cursor,
    write_event_id,
)
from desktop.engine.store.reads.waits import NO_BATCHES

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
        (Query(sort="age"), "sort"),
        (Query(after="nonsense"), "after"),
        (Query(after="WzEsMiwzXQ"), "after"),
        (Query(after="…"), "after"),
        (Query(sort="to", after="WyItaWQiLDM4LDM4XQ"), "after"),
        (Query(limit=0), "limit"),
        (Query(limit=1001), "limit"),
        (Query(offset=-1), "offset"),
        (Query(offset=1, after="WyItaWQiLDM4LDM4XQ"), "offset"),
    ],
)
def test_what_cannot_be_answered_names_the_parameter(
    tmp_path: Path, query: Query, field: str
) -> None:
    connection = open_store(tmp_path / "store.db")
    with pytest.raises(BadQuery) as refused:
        read_page(connection, query, "store", known=NO_BATCHES)
    assert refused.value.field == field
    connection.close()
