"""Marks of old workbooks are read from their records."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.sheets.reader.files.biff_cells import old_marks_of, with_own_letters
from desktop.sheets.reader.files.xml_cells import Marks
from tests.sheets.files import described, texts

CORPUS = Path(__file__).parents[2] / "corpus"
SMALL = CORPUS / "two_header_rows.xls"


def test_marks_are_those_of_the_sheet() -> None:
    with SMALL.open("rb") as file:
        assert old_marks_of(file, "Konzert") == Marks(errors={8: {5: "#DIV/0!"}})
        assert old_marks_of(file, "Leer") == Marks()
        assert old_marks_of(file, "Mai") == Marks()


@pytest.mark.parametrize(
    ("name", "page"),
    [("two_header_rows.xls", 1252), ("two_header_rows.xls", 932), ("long.xls", 1252)],
)
def test_texts_are_read_by_their_own_flags(name: str, page: int, tmp_path: Path) -> None:
    data = (CORPUS / name).read_bytes()
    begin = data.index(b"\x42\x00\x02\x00\xb0\x04")
    path = tmp_path / "old.xls"
    path.write_bytes(data[: begin + 4] + page.to_bytes(2, "little") + data[begin + 6 :])
    assert texts(path) == texts(CORPUS / name)
    assert described(path).notes == described(CORPUS / name).notes


HEADS = st.tuples(st.integers(0, 600), st.integers(0, 255))
PLACES = st.tuples(st.integers(0, SMALL.stat().st_size - 1), st.integers(0, 255))


@given(st.lists(HEADS | PLACES, max_size=30), st.integers(0, SMALL.stat().st_size))
def test_damaged_files_end_the_search(changes: list[tuple[int, int]], length: int) -> None:
    data = bytearray(SMALL.read_bytes())
    for at, value in changes:
        data[at] = value
    old_marks_of(io.BytesIO(data[:length]), "Konzert")
    with_own_letters(io.BytesIO(data[:length]))
