"""Rows are cut into pieces by number and by size; one that no piece holds is a problem."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.contract.batches import NewRow, Target
from desktop.sheets.description import SheetChoice, Writing
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader import rows
from desktop.sheets.reader.files.cells import CellValue, Wording
from desktop.sheets.reader.files.source import opened
from desktop.sheets.reader.rows import RowMapper
from tests.sheets.files import described, rows_of, write_csv, write_xlsx

TARGETS = [
    "number", "name", "first_name", "email", "cc", "bcc", "title", "note", "send_at", "attachment",
    "fields.x",
]  # fmt: skip
GERMAN = Wording("dd.mm.yyyy", ",")


def item_of(cells: Sequence[CellValue], targets: Sequence[str] = TARGETS) -> NewRow | None:
    headers = list(map(str, range(len(targets))))
    mapping: dict[str, str | None] = dict(zip(headers, targets, strict=True))
    return RowMapper(headers, mapping, GERMAN, (), {}).item_of(7, cells)


def mapped(cells: Sequence[CellValue], targets: Sequence[str] = TARGETS) -> NewRow:
    row = item_of(cells, targets)
    assert row is not None
    return row


def test_each_cell_goes_to_its_place() -> None:
    assert {*TARGETS} == {*Target, "fields.x"}
    at = datetime(2026, 12, 1, 9, 0).astimezone()
    row = mapped(
        [17.0, " Lovelace", "Ada ", "\u200bada@example.org ", "bo@x.org;\nCy <cy@x.org>",
         "dee@x.org", "Concert", "a\nb", "01.12.2026 09:00", "a.pdf; Meier, Anna.pdf\nb.pdf", 12.5]
    )  # fmt: skip
    assert row == {
        "row": 7,
        "item": {
            "item_id": 17,
            "recipient": {
                "name": "Ada Lovelace",
                "email": "ada@example.org",
                "last_name": "Lovelace",
            },
            "cc": "bo@x.org; Cy <cy@x.org>",
            "bcc": "dee@x.org",
            "title": "Concert",
            "run_at": at.isoformat(timespec="seconds"),
            "attachments": ["a.pdf", "Meier, Anna.pdf", "b.pdf"],
            "fields": {"note": "a\nb", "x": "12,5"},
        },
        "plain": {"fields.x": "12.5"},
    }


@pytest.mark.parametrize(
    ("headers", "cells", "name", "last"),
    [
        (
            "Voornaam,Tussenvoegsel,Achternaam",
            "Eva,van der,Berg",
            "Eva van der Berg",
            "van der Berg",
        ),
        ("Achternaam,Voornaam,Tussenvoegsels", "Vos,Jan,", "Jan Vos", "Vos"),
        ("Nombre,Apellido 1,Apellido 2", "Luis,García,López", "Luis García López", "García López"),
        ("Tussenvoegsel,Achternaam", "de,Wit", "de Wit", "de Wit"),
        ("Voornaam,Tussenvoegsel,Naam", "Eva,van der,", "Eva", ""),
    ],
)
def test_a_last_name_in_two_columns_is_one(
    headers: str, cells: str, name: str, last: str, tmp_path: Path
) -> None:
    rows = [("E-mail", *headers.split(",")), ("a@b.example", *cells.split(","))]
    (row,) = rows_of(described(write_csv(tmp_path / "l.csv", rows)))
    assert row["item"]["recipient"] == {"name": name, "last_name": last, "email": "a@b.example"}


@pytest.mark.parametrize(
    "cell",
    ["Ada Lovelace <ada@x.org>", "'Ada Lovelace' <mailto:ada@x.org>;", "ada@x.org (Ada Lovelace)"],
)
def test_an_address_is_taken_apart_and_its_name_counts_if_there_is_no_other(cell: str) -> None:
    alone, named = mapped([cell], ["email"]), mapped([cell, "Mrs Lovelace"], ["email", "name"])
    assert alone["item"]["recipient"] == {"name": "Ada Lovelace", "email": "ada@x.org"}
    assert named["item"]["recipient"] == {"name": "Mrs Lovelace", "email": "ada@x.org"}


def test_signs_of_other_keyboards_and_unseen_marks_stop_no_row() -> None:
    row = mapped(
        ["ａｄａ＠example．jp", "\u2068Ada\u2069 \u2068Berg\u2069", "\u202aCourse\u202c 1"],
        ["email", "name", "title"],
    )
    assert row["item"]["recipient"] == {"name": "Ada Berg", "email": "ada@example.jp"}
    assert row["item"]["title"] == "Course 1"


@pytest.mark.parametrize("cell", ["a@x.org; b@x.org", "'a@x.org", "x|a@x.org", "none"])
def test_an_address_that_may_mean_several_things_stays_as_it_is(cell: str) -> None:
    row = mapped([cell], ["email"])
    assert row["item"]["recipient"] == {"email": cell}


@pytest.mark.parametrize(
    ("columns", "cells", "recipient"),
    [
        ("name first_name", ["Huber", "Dr. Eva"], ("Dr. Eva Huber", "Huber")),
        (
            "name first_name",
            ["Maier, geb. Huber", "Émile"],
            ("Émile Maier, geb. Huber", "Maier, geb. Huber"),
        ),
        ("name first_name", ["von Ahn, Eva", "Eva"], ("Eva von Ahn", "von Ahn")),
        ("name first_name", ["Huber, Eva", "Pia"], ("Pia Huber, Eva", "Huber, Eva")),
        ("Nachname", ["Krüger, Sabine"], ("Sabine Krüger", "Krüger")),
        ("name first_name", ["Groß", ""], ("Groß", "Groß")),
        ("name first_name", ["", "Eva"], ("Eva", "")),
        ("Name", ["Eva Huber"], ("Eva Huber", None)),
        ("Vorname", ["Hans Peter"], ("Hans Peter", "")),
        ("Nachname", ["Del Monte"], ("Del Monte", "Del Monte")),
    ],
)
def test_a_name_of_two_cells_keeps_where_its_last_name_begins(
    columns: str, cells: Sequence[CellValue], recipient: tuple[str, str | None]
) -> None:
    headers = columns.split()
    mapping = dict.fromkeys(headers, "name") | {"first_name": "first_name"}
    targets = {header: mapping[header] for header in headers}
    row = RowMapper(headers, targets, GERMAN, (), {}).item_of(7, cells)
    assert row is not None
    read = dict(row["item"]["recipient"])
    assert (read["name"], read.get("last_name")) == recipient
    assert "fields" not in row["item"]


def test_a_left_out_column_in_which_the_person_opts_out_goes_along() -> None:
    headers = ["E-Mail", "Status", "Kein Mailing", "Sendoff status"]
    mapping = dict.fromkeys(headers) | {"E-Mail": "email", "Status": "fields.Status"}
    mapper = RowMapper(headers, mapping, GERMAN, (), {})
    made = [
        mapper.item_of(2, ["a@example.org", "unsubscribed", "nein", "unsubscribed"]),
        mapper.item_of(3, ["b@example.org", "active", True, ""]),
        mapper.item_of(4, ["c@example.org", "active"]),
    ]
    told = [each.get("opted_out") if each else None for each in made]
    assert told == [None, {"column": "Kein Mailing", "text": GERMAN.text(True)}, None]


@pytest.mark.parametrize(
    ("cells", "is_total"),
    [
        (["Summe", "", "12.345,00 €", ""], True),
        (["", "", 12345.0, ""], True),  # below the amounts alone
        (["Total 2027:", "", 12345.0, 3], True),
        (["Summe", "", "", ""], False),  # no number
        (["Summe", "ada@example.org", 12.5, ""], False),
        (["Berg", "", 12.5, ""], False),
        (["", "", 12.5, 7], False),  # a number that is no amount
        (["Total", "", 12.5, "Wien"], False),  # a person's
    ],
)
def test_a_row_of_totals_is_told_from_a_person_without_an_address(
    cells: Sequence[CellValue], is_total: bool
) -> None:
    headers = ["Name", "E-Mail", "Beitrag", "Hof"]
    mapping: dict[str, str | None] = {"Name": "name", "E-Mail": "email", "Hof": "fields.Hof"}
    mapper = RowMapper(headers, {**mapping, "Beitrag": "fields.Beitrag"}, GERMAN, (), {})
    row = mapper.item_of(7, cells)
    assert row is not None
    assert row["item"].get("skip") == ("total" if is_total else None)


def test_a_missing_address_is_told_and_empty_cells_are_left_out() -> None:
    assert mapped([""] * 10 + ["x"]) == {
        "row": 7,
        "item": {"recipient": {"email": ""}, "fields": {"x": "x"}},
    }
    assert mapped(["x"], ["fields.x"]) == {"row": 7, "item": {"fields": {"x": "x"}}}
    assert item_of([" ", "", "\t"]) is None


@pytest.mark.parametrize(
    ("target", "cell", "problem", "path"),
    [
        ("number", "A-17", "bad_number", "item_id"),
        ("number", -1, "bad_number", "item_id"),
        ("number", 1.5, "bad_number", "item_id"),
        ("number", 1e300, "bad_number", "item_id"),
        ("send_at", "soon", "bad_time", "run_at"),
        ("send_at", 46000.5, "bad_time", "run_at"),
        ("send_at", "32.12.2026", "bad_time", "run_at"),
    ],
)
def test_what_cannot_be_read_is_the_rows_problem(
    target: str, cell: CellValue, problem: str, path: str
) -> None:
    row = mapped([cell], [target])
    assert row["item"] == {}
    assert row["problem"] == {"problem": problem, "path": path, "text": GERMAN.exact(cell)}


def test_what_cannot_be_read_either_is_kept_for_when_the_first_is_corrected() -> None:
    row = mapped(["soon", "A-17"], ["send_at", "number"])
    assert row["item"] == {"item_id": "A-17"}
    assert row["problem"] == {"problem": "bad_time", "path": "run_at", "text": "soon"}
    row = mapped(["A-17", "soon"], ["number", "send_at"])
    assert row["item"] == {"run_at": "soon"}
    assert row["problem"]["path"] == "item_id"


def test_a_row_whose_cells_are_unclear_is_to_be_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "No,Name,E-Mail,Fee\n1,Ada,a@x.org,8\nX,Bo,b@x.org,12,50\n3,Cy,c@x.org,9,,\n"
        '4,"Di,d@x.org,7\n'
    )
    found = described(path)
    targets = ["number", "name", "email", "fields.Fee", "fields.E"]
    mapping: dict[str, str | None] = dict(zip(found.mapping, targets, strict=True))
    read: list[Any] = rows_of(found, mapping)
    told = "X | Bo | b@x.org | 12 | 50"
    assert [row.get("problem") for row in read] == [
        None,
        {"problem": "unreadable", "path": "fields.Fee", "text": told},
        None,
        {"problem": "unreadable", "path": "fields.Fee", "text": '4 | "Di | d@x.org | 7'},
    ]
    assert read[1]["item"]["item_id"] == "X"
    assert read[1]["item"]["fields"] == {"Fee": "12", "E": "50"}


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        ("Name,E-Mail,Betrag,Bemerkung\nA,a@x.org,12,50\nB,b@x.org,8,\nC,c@x.org,9,late\n", "2"),
        ("Name,E-Mail,Betrag,Bemerkung\nA,a@x.org,12,50\nB,b@x.org,8,00\n", "2 3"),
        ("E-Mail,Mitgliedsbeitrag,Ort\na@x.org,12,Ulm\nb@x.org,12,50 €\n", "3"),
        ("E-Mail,Price,Seat\na@x.org,12,05\nb@x.org,8,50\n", "2 3"),
        ("Name,E-Mail,Fee,Row\nA,a@x.org,12,50,\nB,b@x.org,8,4\nC,c@x.org,9,5\n", "2"),
        ("E-Mail,Fee,Note\na@x.org,12,5\nb@x.org,8,late\n", "2"),
        ("E-Mail,Fee,Note\na@x.org,1,234.50\nb@x.org,8,late\n", "2"),
        ("E-Mail,Fee,Weight\na@x.org,12,234.50\nb@x.org,8,9.5\n", ""),
        ("E-Mail,Fee,Age\na@x.org,12,50\nb@x.org,8,9\nc@x.org,9,101\n", ""),
        ("E-Mail,Row,Seat\na@x.org,12,50\nb@x.org,8,B7\n", ""),
        ("E-Mail;Betrag;Ort\na@x.org;12;50\nb@x.org;8;Ulm\n", ""),
        ('E-Mail,Betrag,Ort\na@x.org,"12,50",Ulm\nb@x.org,8,Bonn\n', ""),
    ],
)
def test_an_amount_with_a_decimal_comma_is_looked_at(
    text: str, unclear: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    found = described(path)
    read = rows_of(found)
    assert " ".join(str(row["row"]) for row in read if "problem" in row) == unclear


def test_an_order_number_is_read_as_shops_write_it() -> None:
    for text in ("#1001", "№ 1001", "# 1001", "1001"):
        row = mapped([text], ["number"])
        assert row["item"] == {"item_id": 1001}


@pytest.mark.parametrize(
    "text",
    [
        "0/0/00",
        "00/00/0000",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "00.00.00",
        "0.0.00",
        "0-0-0000",
        "1/0/1900",
        "00.01.1900",
        "1/0/00",
        "0001-01-01T00:00:00",
        "01.01.0001 00:00:00",
        "1/1/0001 12:00:00 AM",
        "1899-12-30",
        "30.12.1899",
        "12/30/1899 0:00:00",
    ],
)
def test_a_date_of_no_day_is_an_empty_cell(text: str) -> None:
    row = mapped(["Ada", text], ["name", "fields.Birthday"])
    assert "fields" not in row["item"]


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "00",
        "0:00",
        "00:00",
        "01/00/2000",
        "0-0",
        "000",
        "1/1/2001",
        "01.01.2000",
        "30.12.1999",
        "10/10/1900",
    ],
)
def test_a_cell_with_zeros_is_not_empty(text: str) -> None:
    row = mapped(["Ada", text], ["name", "fields.Score"])
    assert row["item"]["fields"] == {"Score": text}


def test_a_mapping_must_fit() -> None:
    with pytest.raises(SheetError) as caught:
        RowMapper(["Name"], {"Name": "name", "Mail": "email"}, GERMAN, (), {})
    assert caught.value.fault is SheetFault.DIFFERENT_COLUMNS
    assert caught.value.data == {"missing": ["Mail"]}
    with pytest.raises(ValueError, match="fields"):
        RowMapper(["Name"], {"Name": "fields."}, GERMAN, (), {})


CELLS: st.SearchStrategy[Any] = (
    st.text() | st.integers() | st.floats() | st.booleans() | st.dates() | st.datetimes()
    | st.times() | st.timedeltas()
)  # fmt: skip


@given(st.lists(CELLS, max_size=len(TARGETS)))
def test_no_cell_stops_a_row(cells: list[CellValue]) -> None:
    row = item_of(cells)
    assert row is None or set(row) <= {"row", "item", "plain", "problem"}


def test_a_piece_has_no_more_bytes_than_a_call_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "BYTES", 400)
    notes = ["x" * 100] * 5 + ["x" * 500] + ["x"] * 3
    path = write_csv(tmp_path / "a.csv", [["Name", "Note"], *(["Ada", note] for note in notes)])
    found = described(path)
    with opened(path) as source:
        columns = {**found.mapping, "Note": "note"}
        pieces = list(rows.pieces(source, found, columns, (), {}))
    read = [json.loads(body)["rows"] for _, body in pieces]
    assert all(len(body) <= 400 + len('{"rows":[]}') for _, body in pieces)
    assert [ahead["count"] for ahead, _ in pieces] == [len(each) for each in read]
    assert [row["row"] for each in read for row in each] == list(range(2, 11))
    (unread,) = (row for each in read for row in each if "problem" in row)
    assert (unread["row"], unread["item"]) == (7, {})
    assert unread["problem"]["problem"] == "unreadable"


def test_a_name_with_a_line_break_is_one_line() -> None:
    row = mapped(["Ada\r\nLovelace\n", "Concert\n2026"], ["name", "title"])
    assert row["item"]["recipient"]["name"] == "Ada Lovelace"
    assert row["item"]["title"] == "Concert 2026"


@pytest.mark.parametrize(
    "box", [False, "FALSE", "FALSCH", "☐", 0, 0.0, "0", "0,00 €", "- €", "€ -", "£0.00", "0.00 CHF"]
)
def test_a_row_with_only_a_number_and_an_empty_check_box_is_empty(box: CellValue) -> None:
    targets = ["fields.no", "name", "email", "fields.paid"]
    assert item_of([12.0, "", "", box], targets) is None
    assert item_of(["12", "", "", box], targets) is None
    assert item_of(["", "Ada", "", box], targets) is not None
    assert item_of([12.0, "", "", True], targets) is not None
    assert item_of([12.0, "", "", ""], targets) is not None
    assert item_of([12.0, box], ["number", "fields.paid"]) is not None


def test_a_date_that_its_program_may_have_turned_is_a_problem(tmp_path: Path) -> None:
    days = [date(2031, 3, 4), date(2031, 4, 25), date(2031, 4, 4)]
    for last, problems in (("25/04/2031", [2]), ("25.04.2031", [])):
        cells: list[Any] = [*days, last]
        rows = [["E-mail", "Send at"], *(["a@x.org", cell] for cell in cells)]
        found = described(write_xlsx(tmp_path / "a.xlsx", rows))
        read = rows_of(found, {"E-mail": "email", "Send at": "send_at"})
        assert [row["row"] for row in read if "problem" in row] == problems


def test_a_column_of_send_times_tells_which_number_is_the_day(tmp_path: Path) -> None:
    rows = [["E-mail", "Send at"], ["a@x.org", "03/04/2031"], ["b@x.org", "25/04/2031"]]
    found = described(write_csv(tmp_path / "a.csv", rows), SheetChoice(writing=Writing("m/d/yyyy")))
    first, second = rows_of(found)
    assert (first["item"]["run_at"][:10], second["item"]["run_at"][:10]) == (
        "2031-04-03",
        "2031-04-25",
    )
