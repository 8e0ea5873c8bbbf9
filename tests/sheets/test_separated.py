"""A quotation mark quotes a whole cell only, so that no row is taken into another's cell."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.sheets.separated import CELL_LIMIT, line_end_of, line_of, rows_of

PEOPLE = [
    ["Name", "E-Mail", "Room"],
    ["Ada", "ada@example.org", '"Krone'],
    ["Bo", "bo@example.org", "Room 5"],
    ["Cy", "cy@example.org", "19"],
    ["Di", "di@example.org", '"Post" and "Rail"'],
]


def read(text: str, delimiter: str = ";", width: int = 0) -> list[tuple[list[str], bool]]:
    return list(rows_of(io.StringIO(text, newline=line_end_of(text)[-1]), delimiter, width))


def cells(text: str, delimiter: str = ";", width: int = 0) -> list[list[str]]:
    return [row for row, _ in read(text, delimiter, width)]


@pytest.mark.parametrize("last", ['19" rack', '19"', 'the "Krone"', '"', "19"])
@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("delimiter", ["\t", ";", ",", "|"])
def test_no_row_is_swallowed_by_a_mark_at_the_beginning_of_a_cell(
    delimiter: str, place: int, last: str
) -> None:
    rows = [[*row] for row in PEOPLE]
    for row in rows:
        row[2], row[place] = row[place], row[2]
    rows[3][place] = last
    text = "".join(delimiter.join(row) + "\n" for row in rows)
    found = read(text, delimiter, 3)
    assert [row for row, _ in found] == rows
    assert any(unclear for _, unclear in found) == (delimiter != "\t")


def test_swallowed_rows_that_lack_cells_are_seen_by_their_addresses() -> None:
    text = 'a;b;c\nAda;a@example.org;"Krone\nBo;b@example.org\nCy;c@example.org;19"\nDi;d@x.org;5\n'
    found = read(text, width=3)
    assert [row[0] for row, _ in found] == ["a", "Ada", "Bo", "Cy", "Di"]
    assert [unclear for _, unclear in found] == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('"Zur Post" first floor;x', ['"Zur Post" first floor', "x"]),
        ('5" pipe;a "b" c;6"', ['5" pipe', 'a "b" c', '6"']),
        ('"a;b"; "c;d" ;"e ""f"""', ["a;b", "c;d", 'e "f"']),
        (' "a" b; c', [' "a" b', " c"]),
        ('="01067";"=""0049""";=""', ["01067", "0049", ""]),
        ('"";"""";x', ["", '"', "x"]),
        ('"a";="1"', ["a", "1"]),
    ],
)
def test_marks_are_read_as_programs_and_people_write_them(line: str, found: list[str]) -> None:
    for delimiter in ";,\t":
        other = [each.replace(";", delimiter) for each in found]
        if delimiter != "\t" or not any("\t" in each for each in other):
            text = f"{line}\n".replace(";", delimiter)
            assert read(text, delimiter) == [(other, False)]


@pytest.mark.parametrize("cell", ['"Klaus "Kalle" Meier"', '"Krone', '"Weg "Nord" 1', '"""'])
def test_marks_that_may_have_lost_their_partner_are_unclear(cell: str) -> None:
    assert read(f"x;{cell};y\n") == [(["x", cell, "y"], True)]
    assert read(f"x\t{cell}\ty\n", "\t") == [(["x", cell, "y"], False)]


def test_a_copied_cell_has_breaks_and_no_tabs() -> None:
    text = 'Ada\t"Way 1\n1000 Town"\tx\nBo\t"Way\t2"\tx\n'
    assert cells(text, "\t", 3) == [["Ada", "Way 1\n1000 Town", "x"], ["Bo", "Way\t2", "x"]]
    (row,) = read('Ada\t"says ""yes"", but\nlater,\talone"\tx\n', "\t", 3)
    assert row == (["Ada", 'says "yes", but\nlater,\talone', "x"], True)
    assert read('Ada\t"Krone\tx\t19"\ty\n', "\t", 5) == [
        (["Ada", '"Krone', "x", '19"', "y"], False)
    ]


def test_a_cell_that_ends_the_next_line_s_first_one_takes_no_row() -> None:
    text = 'Ada\ta@x.org\t"Krone\nPost"\tb@x.org\t5\n'
    found = [["Ada", "a@x.org", '"Krone'], ['Post"', "b@x.org", "5"]]
    assert read(text, "\t", 3) == [(row, False) for row in found]
    assert read(text.replace("\t", ";"), ";", 3) == [(row, True) for row in found]


def test_breaks_stay_within_cells_that_do_not_look_like_rows() -> None:
    text = 'Ada;"12 Mill Lane; Oxford\nEngland";x\r\nBo;"\n\n";"a\r\nb"\r\n'
    assert read(text, width=3) == [
        (["Ada", "12 Mill Lane; Oxford\nEngland", "x"], False),
        (["Bo", "\n\n", "a\r\nb"], False),
    ]


CELLS = st.text(st.sampled_from("ab;\"'\\ =\t"), max_size=6)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=1, max_size=4))
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    certain = [[cell.replace('="', "=") for cell in row] for row in rows]
    for delimiter in ";,":
        text = "".join(line_of(row, delimiter) + "\n" for row in certain)
        assert read(text, delimiter) == [(row, False) for row in certain]
        assert list(csv.reader(io.StringIO(text), delimiter=delimiter)) == certain


@given(st.text(st.sampled_from('ab;"\\ =\t\r\n@.'), max_size=40), st.sampled_from(";\t"))
def test_no_cell_has_more_text_than_its_file(text: str, delimiter: str) -> None:
    found = cells(text, delimiter, 2)
    assert sum(len(cell) for row in found for cell in row) <= len(text)


def test_a_mark_takes_no_rows_beyond_the_limit_of_a_cell() -> None:
    rows = CELL_LIMIT // 10
    near, far = (
        cells('Ada;"Krone\n' + "123456789\n" * n + 'Bo";b\n') for n in (rows - 1, rows + 1)
    )
    assert (len(near), len(far)) == (1, 1 + rows + 1 + 1)


LINES: dict[str, Callable[[int], str]] = {
    "plain": lambda n: f"Ada {n};ada{n}@example.org;Opera;Wien;12,50\r\n",
    "quoted": lambda n: f'"Ada {n}";"ada{n}@example.org";"Opera";"Wien";"12,50"\r\n',
    "open marks": lambda n: f'Ada {n};ada{n}@example.org;"Opera;Wien;12,50\r\n',
}


@pytest.mark.parametrize("kind", LINES)
def test_marks_that_nothing_closes_cost_little(kind: str) -> None:
    """Each one is followed by so many lines; the text is not searched again and again."""
    lines = [LINES[kind](n) for n in range(20_000)]
    begin = time.process_time()
    assert len(list(rows_of(lines, ";", 5))) == len(lines)
    assert time.process_time() - begin < 2
