"""What is asked of the word index: beginnings of words, however long and however many."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.engine.store.reads.vocabulary import MOST, Vocabulary, words
from desktop.engine.store.tables.schema import BEGINNINGS, VOCABULARY, WORDS


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
    query = Vocabulary(connection).match(text)
    assert query is not None
    sql = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid"
    return [number for (number,) in connection.execute(sql, (query,))]


def test_nothing_to_look_for_is_no_query(connection: sqlite3.Connection) -> None:
    assert Vocabulary(connection).match(" … ") is None


def test_a_long_beginning_is_asked_for_by_the_words_that_begin_so(
    connection: sqlite3.Connection,
) -> None:
    add(connection, "example", "examples", "exam", "exampled zoo", "exampl", "examplf")
    assert Vocabulary(connection).match("Example") == '("example" OR "exampled" OR "examples")'
    assert found(connection, "example") == [1, 2, 4]
    assert found(connection, "example zo") == [4]
    assert found(connection, "exampled") == [4]


def test_a_short_beginning_and_an_unknown_one_are_asked_for_as_they_are(
    connection: sqlite3.Connection,
) -> None:
    add(connection, "example")
    assert Vocabulary(connection).match("exam unknowns") == '"exam"* AND "unknowns"*'
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


def test_what_is_not_there_is_left_out() -> None:
    assert words(None, "", "a", None, "b") == "a b"
