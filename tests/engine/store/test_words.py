"""Cutting text into words."""

from __future__ import annotations

import pytest

from desktop.engine.store.tables.words import words


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
