"""The header is found among the first rows, and each column has a name of its own."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.sheets.reader.files.cells import Cell
from desktop.sheets.reader.headers import (
    Header,
    guess_header,
    header_at,
    letter,
    unique_headers,
)

Rows = list[list[Cell]]
SHEETS: dict[str, tuple[Rows, Header]] = {
    "plain": ([["Name", "Mail"], ["Ada", "a@x.org"]], Header(1, 1)),
    "titles above": ([["Club"], [], ["Name", "Mail"], ["Ada", "a@x.org"]], Header(3, 1)),
    "unknown words": ([["Foo", "Bar"], ["Ada", 3], ["Bo", 4]], Header(1, 1)),
    "years": ([["Name", "2025", "2026"], ["Ada", 3, 4], ["Bo", 4, 5]], Header(1, 1)),
    "addresses at once": ([["Ada", "a@x.org"], ["Bo", "b@x.org"]], Header()),
    "dates at once": ([["Ada", date(2026, 1, 1)], ["Bo", date(2026, 1, 2)]], Header()),
    "two rows": (
        [["Member", "", "Fee", ""], ["Name", "E-mail", "due", "paid"], ["Ada", "a@x.org", 1, 2]],
        Header(2, 2),
    ),
    "a gap in the header": ([["Name", "", "Mail"], ["Ada", "Mrs", "a@x.org"]], Header(1, 1)),
    "one column": ([["E-mail"], ["a@x.org"], ["b@x.org"]], Header(1, 1)),
    "one column of addresses": ([["a@x.org"], ["b@x.org"]], Header()),
    "nothing": ([], Header()),
}


@pytest.mark.parametrize("name", SHEETS)
def test_the_header_is_found(name: str) -> None:
    rows, header = SHEETS[name]
    assert guess_header(list(enumerate(rows, 1))) == header


def test_a_chosen_row_is_the_header() -> None:
    top = list(enumerate(SHEETS["two rows"][0], 1))
    assert header_at(top, 2) == Header(2, 2)
    assert header_at(top, 1) == Header(1, 1)
    assert header_at(top, 0) == Header()


def test_groups_reach_as_far_as_they_are_merged() -> None:
    top = list(enumerate(SHEETS["two rows"][0], 1))
    names = ["Member Name", "Member E-mail", "Fee due", "Fee paid"]
    assert unique_headers(top, Header(2, 2), 4) == names


def test_letters_are_those_of_spreadsheets() -> None:
    assert [letter(at) for at in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"
    ]  # fmt: skip


@given(st.lists(st.sampled_from(["", "A", "B", "Name", "Name 2", " name\n2 "]), max_size=9))
def test_no_two_columns_have_the_same_name(cells: list[Cell]) -> None:
    names = unique_headers([(1, cells)], Header(1, 1), len(cells))
    assert all(names)
    assert len(set(names)) == len(cells)


def test_a_header_is_no_longer_than_a_batch_takes_and_has_no_control_characters() -> None:
    rows: Rows = [["a" * 2000, "a" * 2000, "Na\x07me"], ["x", "y", "z"]]
    long, second, name = unique_headers(list(enumerate(rows, 1)), Header(1, 1), 3)
    assert len(long) < len(second) < 1000
    assert name == "Na me"
