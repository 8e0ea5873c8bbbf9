"""From rows to what is sent, and what is asked of the word index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendoff_tasks.functions.arguments import encode
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.store.database import open_store
from sendoff_tasks.store.reads.pages import read_page
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.store.reads.rows import with_arguments
from sendoff_tasks.store.reads.vocabulary import MOST, Vocabulary, words
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN
from sendoff_tasks.store.tables.schema import BEGINNINGS, VOCABULARY, WORDS
from tests.engine.store.reads.records import TITLES, fill, record


@pytest.mark.parametrize(
    ("args", "kwargs", "title"),
    [
        ((), {}, "Note"),
        ((7, "a@example.com"), {}, "Note: 7, a@example.com"),
        (
            (date(2026, 7, 1), Decimal("2.50")),
            {"loudly": True},
            "Note: 2026-07-01, 2.50, loudly True",
        ),
        ((State.FAILED,), {"why": "it rains"}, "Note: why it rains"),
        (([1, 2], {"a": 1}, None), {"rows": [3]}, "Note"),
        (("two\nlines", "", 7), {}, "Note: 7"),
        (("a" * 900, 7), {}, f"Note: {'a' * 39}…"),
        (("a" * 1000, 7), {}, "Note"),
        (("a" * 30, "b" * 30), {}, f"Note: {'a' * 30}, {'b' * 7}…"),
    ],
)
def test_values_of_one_line_are_shown(
    args: tuple[Any, ...], kwargs: dict[str, Any], title: str
) -> None:
    assert with_arguments("Note", encode(args, kwargs)) == title


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_782_864_000_007, "2026-07-01T00:00:00.007Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (10**18, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_a_time_is_written_as_the_format_can(ms: int, text: str) -> None:
    assert wire_time(ms) == text


def test_a_row_is_told_as_the_contract_says(tmp_path: Path) -> None:
    connection = open_store(tmp_path / "store.db")
    one = record(
        7,
        "waiting",
        rev=12,
        item_id=3,
        function=1,
        recipient="Bo <bo@example.org>",
        attempt=2,
        max_attempts=8,
        priority=-1,
        created_at=1_800_000_000_123,
        run_at=1_800_000_040_000,
        started_at=1_800_000_000_200,
        progress='{"done":1,"total":null,"text":"half"}',
        error="451",
    )
    fill(connection, [one])
    (row,) = read_page(connection, TaskQuery(), "store", known=NOTHING_KNOWN)["tasks"]
    assert row == {
        "id": 7,
        "rev": 12,
        "task": "send_mail",
        "title": TITLES[0],
        "state": "waiting",
        "why": "",
        "reason": None,
        "reason_data": {},
        "attempt": 2,
        "max_attempts": 8,
        "progress": {"done": 1, "total": None, "text": "half"},
        "lane": "io",
        "queue": "send_mail",
        "priority": -1,
        "created_at": "2027-01-15T08:00:00.123Z",
        "run_at": "2027-01-15T08:00:40.000Z",
        "started_at": "2027-01-15T08:00:00.200Z",
        "finished_at": None,
        "error": "451",
        "resend_of": None,
        "seen": False,
        "batch_id": None,
        "cause": None,
    }
    connection.close()


def index() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(WORDS)
    connection.execute(VOCABULARY)
    return connection


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = index()
    yield connection
    connection.close()


def add(connection: sqlite3.Connection, *texts: str) -> None:
    connection.executemany("INSERT INTO words (text) VALUES (?)", [(text,) for text in texts])


def found(connection: sqlite3.Connection, text: str) -> list[int]:
    query = Vocabulary(connection).match(words(text).split())
    assert query is not None
    sql = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid"
    return [number for (number,) in connection.execute(sql, (query,))]


def test_nothing_to_look_for_is_no_query(connection: sqlite3.Connection) -> None:
    assert Vocabulary(connection).match(words(" … ").split()) is None


def test_a_long_beginning_is_asked_for_by_the_words_that_begin_so(
    connection: sqlite3.Connection,
) -> None:
    add(connection, "example", "examples", "exam", "exampled zoo", "exampl", "examplf")
    assert (
        Vocabulary(connection).match(words("Example").split())
        == '("example" OR "exampled" OR "examples")'
    )
    assert found(connection, "example") == [1, 2, 4]
    assert found(connection, "example zo") == [4]
    assert found(connection, "exampled") == [4]


def test_a_short_beginning_and_an_unknown_one_are_asked_for_as_they_are(
    connection: sqlite3.Connection,
) -> None:
    add(connection, "example")
    assert Vocabulary(connection).match(words("exam unknowns").split()) == '"exam"* AND "unknowns"*'
    assert found(connection, "exampleß") == []


@pytest.mark.parametrize("number", [MOST - 1, MOST, MOST + 1, 3 * MOST])
def test_however_many_words_begin_so_all_are_found(
    connection: sqlite3.Connection, number: int
) -> None:
    add(connection, *(f"invoice{each}" for each in range(number)), "other")
    assert found(connection, "invoice") == list(range(1, number + 1))


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.lists(st.text(st.sampled_from("aäß1 0"), max_size=20), max_size=4),
)
def test_every_text_is_found_by_each_of_its_words_and_leaves_no_trace(
    text: str, others: list[str]
) -> None:
    connection = index()
    texts = [words(each) for each in (text, *others)]
    add(connection, *texts)
    for word in {word for cut in texts for word in cut.split()}:
        for part in {word, word[:1], word[: BEGINNINGS + 1]}:
            having = [
                number
                for number, cut in enumerate(texts, 1)
                if any(each.startswith(words(part)) for each in cut.split())
            ]
            assert found(connection, part) == having
    for number, cut in enumerate(texts, 1):
        delete = "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)"
        connection.execute(delete, (number, cut))
    connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    connection.close()


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Zoë Ångström <zoe@example.org>", "zoe angstrom zoe example org"),
        ("Straße", "strasse"),
        ("ﬁne", "fine"),
        ("…", ""),
    ],
)
def test_case_accents_and_signs_do_not_count(text: str, cut: str) -> None:
    assert words(text).split() == cut.split()
