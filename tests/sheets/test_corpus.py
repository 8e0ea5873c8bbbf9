"""Ugly files that are read right; ``test_unreadable`` has the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop.contract.batches import NewRow
from desktop.contract.rules.addresses import address_problem
from desktop.contract.rules.corrections import with_values
from desktop.sheets.calls import report_suffix, write_report
from desktop.sheets.description import REPORT_HEADINGS, Description, Note, SheetChoice, Writing
from tests.sheets.files import described, rows_by_piece, rows_of, texts

CORPUS = Path(__file__).parent / "corpus"
NOTE = 'sagt "ja"; kommt\nspäter,\tallein'
PEOPLE = [
    {"recipient": {"name": "Zoë Müller", "email": "zoe@example.org"}, "fields": {"note": NOTE}},
    {"recipient": {"name": "Jörg Groß", "email": "joerg@example.org"}},
    {"recipient": {"name": "Weiß, Ute", "email": "ute@example.org"}, "fields": {"note": "12,50"}},
]
TEXTS = {
    "utf8_comma.csv": ("utf-8", ","),
    "bom_semicolon.csv": ("utf-8", ";"),
    "utf16_tab.tsv": ("utf-16-le", "\t"),
    "utf16_be_without_bom.csv": ("utf-16-be", ";"),
    "latin1_semicolon.csv": ("cp1252", ";"),
    "cp1252_pipe.txt": ("cp1252", "|"),
    "mac_line_ends.csv": ("mac_roman", ";"),
    "excel_sep_line.csv": ("cp1252", ";"),
    "titles_above.csv": ("cp1252", ";"),
}


def items(found: Description) -> list[dict[str, Any]]:
    """Give the items after a person has chosen that recipients read the remarks."""
    note = {"Bemerkung": "note"} if "Bemerkung" in found.mapping else {}
    return [dict(row["item"]) for row in rows_of(found, found.mapping | note)]


def compared(rows: list[NewRow]) -> list[dict[str, Any]]:
    """Give the items as they are compared with earlier ones: with the values before formats."""
    return [with_values(row["item"], row.get("plain", {})) for row in rows]


@pytest.mark.parametrize("name", TEXTS)
def test_the_same_table_is_read_from_each_kind_of_text(name: str) -> None:
    found = described(CORPUS / name)
    assert (found.encoding, found.delimiter) == TEXTS[name]
    assert items(found) == PEOPLE


def test_rows_that_are_too_long_too_short_or_blank() -> None:
    found = described(CORPUS / "ragged.csv")
    assert [column.header for column in found.columns] == ["Name", "E-Mail", "Bemerkung", "D", "E"]
    assert [column.has_header for column in found.columns] == [*[True] * 3, False, False]
    assert [column.target for column in found.columns][3:] == [None, "fields.E"]
    rows = rows_of(found, found.mapping | {"Bemerkung": "note"})
    assert [row["row"] for row in rows] == [2, 3, 6]  # as its lines of cells are numbered
    assert rows[0]["item"]["fields"] == {"note": NOTE, "E": "mehr"}
    assert [row.get("problem", {}).get("problem") for row in rows] == ["unreadable", None, None]


def test_a_table_without_a_header_has_letters() -> None:
    found = described(CORPUS / "no_header.csv")
    assert (found.header, found.rows) == (0, 3)
    assert found.mapping == {"A": "name", "B": "email", "C": "fields.C"}
    rows = rows_of(found, {"A": "name", "B": "email", "C": "note"})
    assert [row["item"] for row in rows] == PEOPLE


@pytest.mark.parametrize(
    "name",
    [f"two_header_rows.{kind}" for kind in ("ods", "xlsx", "xls")]
    + [f"dates_of_1904.{kind}" for kind in ("xlsx", "xls")],
)
def test_two_header_rows_merged_cells_formulas_errors_and_dates(name: str) -> None:
    found = described(CORPUS / name)
    assert (found.sheets, found.sheet) == (("Leer", "Konzert"), "Konzert")
    assert (found.header, found.header_rows, found.rows) == (5, 2, 5)
    assert found.mapping == {
        "Mitglied Nr.": "fields.Mitglied Nr.",
        "Mitglied Name": "name",
        "Kontakt E-Mail": "email",
        "Kontakt Telefon": "fields.Kontakt Telefon",
        "Beitrag fällig am": "fields.Beitrag fällig am",
        "Beitrag Betrag": "fields.Beitrag Betrag",
    }
    assert found.notes[Note.OTHER_SHEETS] == 1
    rows = texts(CORPUS / name, "Konzert")[5:]
    assert rows[0][:4] == ["0017", "Ada Müller", "ada@example.org", "+49 351 123"]
    assert [row[4] for row in rows] == [
        "2026-03-01", "2026-03-01 18:30", "2026-12-24", "09:30", "2026-10-05"
    ]  # fmt: skip
    assert [row[5] for row in rows] == ["24", "48", "#DIV/0!", "60.5", "12"]


@pytest.mark.parametrize("kind", ["ods", "xlsx", "xls"])
def test_what_a_table_of_values_does_not_show_is_noted(kind: str) -> None:
    hidden = {} if kind == "xls" else {Note.HIDDEN_ROWS: 1}
    plain = {Note.PLAIN_VALUES: 1} if kind == "xls" else {}
    notes = described(CORPUS / f"two_header_rows.{kind}").notes
    assert notes == {**hidden, Note.ERROR_CELLS: 1, **plain, Note.OTHER_SHEETS: 1}
    assert described(CORPUS / f"filtered.{kind}").notes == hidden


def test_three_thousand_members_in_german_are_the_same_as_a_workbook_and_as_text() -> None:
    """Where dates and numbers are written as in the text; the text is cp1252."""
    members = {}
    for kind in ("ods", "csv"):
        german = SheetChoice(writing=Writing("dd.mm.yyyy", ","))
        found = described(CORPUS / f"mitglieder.{kind}", german)
        assert found.mapping == {
            "Mitgliedsnummer": "fields.Mitgliedsnummer",
            "Vorname": "first_name",
            "Nachname": "name",
            "E-Mail": "email",
            "Betreff": "title",
            "Beitrag": "fields.Beitrag",
            "Fällig am": "fields.Fällig am",
            "PLZ": "fields.PLZ",
            "Ort": "fields.Ort",
            "Bemerkung": None,
        }
        assert found.rows == 3000
        assert found.notes == ({} if kind == "csv" else {Note.OTHER_SHEETS: 1})
        rows = next(rows_by_piece(found))
        assert rows[0]["item"]["fields"]["PLZ"] == "01067"
        members[kind] = compared(rows)
    read = members["ods"]
    assert len(read) == 1000
    assert sum(address_problem(item["recipient"]["email"]) is not None for item in read) == 6
    assert 1000 - len({item["fields"]["Mitgliedsnummer"] for item in read}) == 1
    assert read[0]["recipient"]["name"] == "Frieda Krüger"
    in_cp1252 = [str(row).encode("cp1252", "replace").decode("cp1252") for row in read]
    assert [str(row) for row in members["csv"]] == in_cp1252


@pytest.mark.usefixtures("forked_readers")
@pytest.mark.parametrize(
    "name",
    ["utf16_tab.tsv", "titles_above.csv", "two_header_rows.ods", "dates_of_1904.xls"],
)
def test_a_report_that_is_imported_has_the_same_items(name: str, tmp_path: Path) -> None:
    """Else its rows count as changed and are sent again."""
    found = described(CORPUS / name)
    out, rows = tmp_path / f"report{report_suffix(CORPUS / name)}", rows_of(found)
    words = ["sent", "2026-11-21 09:00:00", "Bo <bo@x.org>", "250 OK", "<1@example.org>"]
    cells = [[(row["row"], words) for row in rows]]
    assert (
        write_report(CORPUS / name, out, found.mapping, REPORT_HEADINGS, cells, reading=None)
        == found.rows
    )
    report = described(out)
    assert [column.target for column in report.columns[-4:]] == [None] * 4
    assert (report.sheet, report.encoding, report.header, report.header_rows) == (
        found.sheet, found.encoding, found.header, found.header_rows
    )  # fmt: skip
    assert compared(rows_of(report)) == compared(rows)
