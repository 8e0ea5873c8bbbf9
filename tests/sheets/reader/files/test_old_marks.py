"""Marks of .xls are found in small and in large files, and damaged ones have none."""

from __future__ import annotations

import io
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from desktop.sheets.reader.files.marks import Marks
from desktop.sheets.reader.files.old_marks import old_marks_of

CORPUS = Path(__file__).parents[2] / "corpus"
SMALL, LARGE = (CORPUS / name for name in ("two_header_rows.xls", "long.xls"))


def test_marks_are_those_of_the_sheet() -> None:
    with SMALL.open("rb") as file:
        assert old_marks_of(file, "Konzert") == Marks({8}, errors={8: {5: "#DIV/0!"}})
        assert old_marks_of(file, "Leer") == Marks()
        assert old_marks_of(file, "Mai") == Marks()
    with LARGE.open("rb") as file:
        assert len(old_marks_of(file, "Gäste €").hidden_rows) == 1


HEADS = st.tuples(st.integers(0, 600), st.integers(0, 255))
PLACES = st.tuples(st.integers(0, SMALL.stat().st_size - 1), st.integers(0, 255))


@given(st.lists(HEADS | PLACES, max_size=30), st.integers(0, SMALL.stat().st_size))
def test_damaged_files_end_the_search(changes: list[tuple[int, int]], length: int) -> None:
    data = bytearray(SMALL.read_bytes())
    for at, value in changes:
        data[at] = value
    old_marks_of(io.BytesIO(data[:length]), "Konzert")
