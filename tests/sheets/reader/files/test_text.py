"""Separated values: what separates them is found, and text stays as it is."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from desktop.sheets.description import Kind, SheetChoice
from desktop.sheets.reader.describing import describe
from desktop.sheets.reader.files.source import opened
from desktop.sheets.reader.files.text import DEFUSED, shape_of
from desktop.sheets.reader.tables import table_of
from desktop.sheets.writer import Report
from tests.property_based import examples

LETTERS = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\r\t")
RISKY = ["=cmd|' /C calc'!A0", "+1", "-1+1", "@x", "\t=1", '"', "'", "a;b", "a\rb", "1,5", "\x19"]
CELL = st.text(LETTERS, max_size=12).filter(lambda text: not DEFUSED.match(text))
CELLS = CELL | st.sampled_from(RISKY)
TABLES = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8)
HEADER = ("Name", "E-mail", "Note")


def is_certain(text: str, delimiter: str) -> bool:
    """Tell whether a cell reads in one way.

    That is not as rows, as cells of which one is an address, a formula with a text, or an escape.
    """
    return not (delimiter in text and {*"\r\n@"} & {*text}) and not any(
        sign in text for sign in ('="', "\\'", "\\N")
    )


@settings(max_examples=examples(50))
@example([("", "", RISKY[0])] * 3, ",", "utf-8")
@given(TABLES, st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_text_stays_as_it_is_there_and_back(
    rows: list[tuple[str, str, str]], delimiter: str, encoding: str
) -> None:
    assume(all(is_certain(cell, delimiter) for cells in rows for cell in cells))
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([HEADER, *rows])
    with tempfile.TemporaryDirectory() as folder:
        path, report = Path(folder) / "a.csv", Path(folder) / "report.csv"
        path.write_bytes(written.getvalue().encode(encoding))
        with opened(path) as source:
            table = table_of(source, Kind.TEXT, SheetChoice())
            assert table.delimiter == delimiter
            assert [tuple(cells) for _, cells in table.rows()] == [HEADER, *rows]
            given = iter([(2, ["=answer"])])
            Report(source, HEADER, None, ["answer"], only_given=False).write(Path(folder), given)
        raw = report.read_bytes().decode(encoding)
        for cells in csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter):
            assert not any(re.match(r"[=@\t\r]|[+-](?!\d)", cell) for cell in cells)
        with opened(report) as source:
            again = [cells for _, cells in table_of(source, Kind.TEXT, SheetChoice()).rows()]
    assert [tuple(cells[:3]) for cells in again] == [HEADER, *rows]
    assert again[1][3:] == ["=answer"]


@pytest.mark.parametrize(
    ("sample", "delimiter"),
    [
        ("Name;Betrag\r\nAda;1,50\r\nBo;2,50\r\n", ";"),
        ("Name;Anschrift\r\nAda;Weg 1, Dresden, DE\r\nBo;Ring 2, Köln, DE\r\n", ";"),
        ('Name,Note\r\n"a;b;c","d;e"\r\n', ","),
        ("Verein e. V.\r\n\r\nName\tOrt\r\nAda\tUlm\r\n", "\t"),
        ("E-mail\r\nada@example.org\r\n", ","),
    ],
)
def test_the_delimiter_is_what_divides_the_header_too(sample: str, delimiter: str) -> None:
    assert shape_of(sample, None)[0] == delimiter


def read(path: Path, data: bytes) -> list[tuple[list[str], bool]]:
    """Give the cells of each row of a file, and whether they are unclear."""
    path.write_bytes(data)
    with opened(path) as source:
        table = table_of(source, Kind.TEXT, SheetChoice())
        rows = table.rows()
        _, header = next(rows)
        found = [(list(header), table.is_unclear(header, 0))]
        found += [(list(cells), table.is_unclear(cells, len(header))) for _, cells in rows]
    return [([*map(str, cells)], unclear) for cells, unclear in found]


@pytest.mark.parametrize(
    ("end", "within"), [("\r\n", "\n"), ("\n", "\r"), ("\r", "\n"), ("\r\r\n", "\r\n")]
)
def test_lines_end_as_most_of_them_do(end: str, within: str, tmp_path: Path) -> None:
    lines = ["E-Mail;Street", f'a@example.org;"Way 1{within}1000 Town"', "b@example.org;Way 2", ""]
    path = tmp_path / "a.csv"
    cells = [cells for cells, _ in read(path, end.join(lines).encode())]
    assert cells[1:] == [["a@example.org", f"Way 1{within}1000 Town"], ["b@example.org", "Way 2"]]
    with opened(path) as source:
        Report(source, cells[0], None, ["answer"], only_given=False).write(
            tmp_path, iter([(2, ["sent"]), (3, ["sent"])])
        )
    written = [f"{line};sent" for line in lines[1:-1]]
    whole = end.replace("\r\r", "\r").join(["E-Mail;Street;answer", *written, ""])
    assert (tmp_path / "report.csv").read_bytes().decode() == whole


def test_the_end_mark_of_old_programs_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "dos.csv"
    for end in (b"\x1a", b"\r\n\x1a", b"\r\n\x1a\x1a"):
        path.write_bytes(b"Name;E-Mail\r\nAda;ada@example.org" + end)
        with opened(path) as source:
            rows = [cells for _, cells in table_of(source, Kind.TEXT, SheetChoice()).rows()]
        assert rows == [["Name", "E-Mail"], ["Ada", "ada@example.org"]]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a@x.org; b@x.org; c@x.org\n", ["a@x.org", "b@x.org", "c@x.org"]),
        ("To: Ada <a@x.org>, Bo <b@x.org>", ["Ada <a@x.org>", "Bo <b@x.org>"]),
        (
            "Lovelace, Ada <a@x.org>\nBerg, Bo <b@x.org>\n",
            ["Lovelace, Ada <a@x.org>", "Berg, Bo <b@x.org>"],
        ),
        ("E-Mail\na@x.org;b@x.org\nc@x.org", ["E-Mail", "a@x.org", "b@x.org", "c@x.org"]),
        ("a@x.org|b@x.org\nnone;c@x.org", ["a@x.org", "b@x.org", "none", "c@x.org"]),
        ("Board; A <a@x.org>; B <b@x.org>", ["Board", "A <a@x.org>", "B <b@x.org>"]),
        ("To: Board; A <a@x.org>, Kit; b@x.org", ["Board", "A <a@x.org>", "Kit", "b@x.org"]),
        ("a@x.org, b@x.org, Kit, c@x.org", ["a@x.org", "b@x.org", "Kit", "c@x.org"]),
        ("A <a@x.org>; not c@x.org; b@x.org", ["A <a@x.org>", "not c@x.org", "b@x.org"]),
        (
            "A <a@x.org>;Undisclosed recipients:;;b@x.org",
            ["A <a@x.org>", "Undisclosed recipients:", "b@x.org"],
        ),
        (
            "A <a@x.org>; Kit; b@x.org\nc@x.org; D <d@x.org>; e@x.org",
            ["A <a@x.org>", "Kit", "b@x.org", "c@x.org", "D <d@x.org>", "e@x.org"],
        ),
        (
            'A <a@x.org>, "B, Jr." <b@x.org>,\n c@x.org, D',
            ["A <a@x.org>", "B, Jr. <b@x.org>", "c@x.org", "D"],
        ),
        ('"A @ B" <a@x.org>; b@x.org', ['"A @ B" <a@x.org>', "b@x.org"]),
        ("a@x.org,Kit,\nb@x.org,Ulf,\n", None),
        ("a@x.org;Kit;b@x.org\nc@x.org;Ulf;d@x.org", None),
        ("Ida, a@x.org, b@x.org\nJo, c@x.org, d@x.org", None),
        ("Ida;a@x.org;b@x.org\nJo;c@x.org", None),
        ("Ida;a@x.org;5", None),
        ("Name;E-Mail\nAda;a@x.org", None),
        ("E-Mail;E-Mail 2\na@x.org;b@x.org", None),
    ],
)
def test_each_contact_of_a_list_is_a_row(text: str, rows: list[str] | None, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text(text)
    with opened(path) as source:
        found = [cells for _, cells in table_of(source, Kind.TEXT, SheetChoice()).rows()]
    assert (found == [[row] for row in rows]) if rows else max(map(len, found)) > 1


def test_an_unknown_first_entry_is_no_header(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("Board; Ada <a@x.org>; Bo <b@x.org>\nCy <c@x.org>")
    with opened(path) as source:
        found = describe(source, SheetChoice())
    assert (found.header, found.rows, found.mapping) == (0, 4, {"A": "email"})


def test_a_long_list_of_contacts_is_read_whole(tmp_path: Path) -> None:
    addresses = [f"member{n}@example.org" for n in range(5_000)]
    path = tmp_path / "list.txt"
    path.write_text("; ".join(addresses[:2_500]) + "\n" + ";".join(addresses[2_500:]))
    with opened(path) as source:
        found = [cells for _, cells in table_of(source, Kind.TEXT, SheetChoice()).rows()]
    assert found == [[address] for address in addresses]
