"""Cutting text into words."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.engine.store.schema import WORDS
from desktop.engine.store.words import match, words


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


def test_nothing_to_look_for_is_no_query() -> None:
    assert match(" … ") is None


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_every_text_is_found_by_each_of_its_words_and_leaves_no_trace(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(WORDS)
    cut = words(text)
    connection.execute("INSERT INTO words (rowid, text) VALUES (7, ?)", (cut,))
    for word in cut.split():
        for part in (word, word[:1], text):
            query = match(part)
            found = "SELECT rowid FROM words WHERE words MATCH ?"
            assert query is not None
            assert connection.execute(found, (query,)).fetchall() == [(7,)]
    connection.execute("INSERT INTO words (words, rowid, text) VALUES ('delete', 7, ?)", (cut,))
    connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    connection.close()
