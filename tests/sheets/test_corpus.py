"""Ugly files: each is read right or gets one sentence, in bounded memory, before a row leaves."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from desktop.contract.addresses import address_problem
from desktop.sheets import (
    REPORT_HEADINGS,
    Choice,
    Description,
    Note,
    SheetError,
    SheetFault,
    describe,
    read_rows,
    report_suffix,
    sentence,
    write_report,
)
from desktop.sheets.frames import Frame
from tests.sheets.files import described, texts
from tests.sheets.measured import description_of, measured

if TYPE_CHECKING:
    from collections.abc import Callable

CORPUS = Path(__file__).parent / "corpus"
SMALL = 100 << 20
"""Bytes of memory in which any of the text files below is read; the program itself takes 30 MiB."""
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
    return [dict(row["item"]) for chunk in read_rows(found, found.mapping) for row in chunk.rows]


@pytest.mark.parametrize("name", TEXTS)
def test_the_same_table_is_read_from_each_kind_of_text(name: str) -> None:
    found = describe(CORPUS / name)
    assert (found.encoding, found.delimiter) == TEXTS[name]
    assert items(found) == PEOPLE


def test_rows_that_are_too_long_too_short_or_blank() -> None:
    found = describe(CORPUS / "ragged.csv")
    assert [column.header for column in found.columns] == ["Name", "E-Mail", "Bemerkung", "D", "E"]
    assert [column.target for column in found.columns][3:] == [None, "fields.e"]
    (chunk,) = read_rows(found, found.mapping)
    assert [row["row"] for row in chunk.rows] == [2, 3, 6]  # as its lines of cells are numbered
    assert chunk.rows[0]["item"]["fields"] == {"note": NOTE, "e": "mehr"}


def test_a_table_without_a_header_has_letters() -> None:
    found = describe(CORPUS / "no_header.csv")
    assert (found.header, found.rows) == (0, 3)
    assert found.mapping == {"A": "fields.a", "B": "email", "C": "fields.c"}
    (chunk,) = read_rows(found, {"A": "name", "B": "email", "C": "note"})
    assert [row["item"] for row in chunk.rows] == PEOPLE


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
        "Mitglied Nr.": "number",
        "Mitglied Name": "name",
        "Kontakt E-Mail": "email",
        "Kontakt Telefon": "fields.kontakt_telefon",
        "Beitrag fällig am": "fields.beitrag_fällig_am",
        "Beitrag Betrag": "fields.beitrag_betrag",
    }
    assert {Note.MERGED_CELLS, Note.OTHER_SHEETS} <= set(found.notes)
    rows = texts(CORPUS / name, "Konzert")[5:]
    assert rows[0][:4] == ["0017", "Ada Müller", "ada@example.org", "+49 351 123"]
    assert [row[4] for row in rows] == [
        "2026-03-01", "2026-03-01 18:30", "2026-12-24", "09:30", "2026-10-05"
    ]  # fmt: skip
    assert [row[5] for row in rows] == ["24", "48", "", "60.5", "12"]


@pytest.mark.parametrize("kind", ["ods", "xlsx", "xls"])
def test_what_a_table_of_values_does_not_show_is_noted(kind: str) -> None:
    notes = set(described(CORPUS / f"two_header_rows.{kind}").notes)
    assert {Note.HIDDEN_ROWS, Note.FORMULAS, Note.ERROR_CELLS} <= notes
    filtered = described(CORPUS / f"filtered.{kind}")
    assert filtered.rows == 3
    assert {Note.HIDDEN_ROWS, Note.FILTERED_ROWS} & set(filtered.notes)
    if kind != "xls":
        assert described(CORPUS / f"mitglieder.{kind}").notes == (Note.OTHER_SHEETS,)


@pytest.mark.parametrize("kind", ["ods", "xlsx", "csv"])
def test_three_thousand_members_in_german(kind: str) -> None:
    found = describe(CORPUS / f"mitglieder.{kind}")
    assert found.mapping == {
        "Mitgliedsnummer": "number",
        "Vorname": "first_name",
        "Nachname": "name",
        "E-Mail": "email",
        "Betreff": "title",
        "Beitrag": "fields.beitrag",
        "Fällig am": "fields.fällig_am",
        "PLZ": "fields.plz",
        "Ort": "fields.ort",
        "Bemerkung": "note",
    }
    read = items(found)
    assert (found.rows, len(read)) == (3000, 3000)
    assert sum(address_problem(item["recipient"]["email"]) is not None for item in read) == 12
    assert 3000 - len({item["item_id"] for item in read}) == 3
    assert read[0]["recipient"]["name"] == "Frieda Krüger"
    assert read[0]["fields"]["plz"] == "01067"


@pytest.mark.parametrize(
    "name",
    ["utf16_tab.tsv", "titles_above.csv", "two_header_rows.ods", "dates_of_1904.xls",
     "mitglieder.ods"],
)  # fmt: skip
def test_a_report_that_is_imported_has_the_same_items(name: str, tmp_path: Path) -> None:
    """So that none of its rows counts as changed and is sent again."""
    found = describe(CORPUS / name)
    out = tmp_path / f"report{report_suffix(CORPUS / name)}"
    words = ["sent", "2026-11-21 09:00:00", "250 OK", "<1@example.org>"]
    cells = [[(row["row"], words) for row in each.rows] for each in read_rows(found, found.mapping)]
    assert write_report(CORPUS / name, out, found.mapping, REPORT_HEADINGS, cells) == found.rows
    report = describe(out)
    assert [column.target for column in report.columns[-4:]] == [None] * 4
    assert (report.sheet, report.encoding, report.header, report.header_rows) == (
        found.sheet, found.encoding, found.header, found.header_rows
    )  # fmt: skip
    assert items(report) == items(found)


def cut(name: str, share: float) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        data = (CORPUS / name).read_bytes()
        path = folder / name
        path.write_bytes(data[: int(len(data) * share)])
        return path

    return make


def kept(name: str) -> Callable[[Path], Path]:
    return lambda _: CORPUS / name


def holding(name: str, data: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(data)
        return path

    return make


def old_password(folder: Path) -> Path:
    """The second record of a workbook with a password is FILEPASS."""
    data = (CORPUS / "filtered.xls").read_bytes()
    begin = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    return holding("old.xls", data[:begin] + b"\x2f\x00" + data[begin + 2 :])(folder)


def one_gigabyte(folder: Path) -> Path:
    path = folder / "large.csv"
    with path.open("wb") as file:
        file.write(b"Name;E-Mail\n")
        file.truncate(1 << 30)  # a hole: no byte of it is on the disk
    return path


def zipped(name: str, part: str, data: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as parts:
            parts.writestr(part, data)
        return folder / name

    return make


FAULTS: dict[str, tuple[Callable[[Path], Path], SheetFault]] = {
    "missing": (lambda folder: folder / "no.csv", SheetFault.GONE),
    "folder": (lambda folder: folder, SheetFault.NOT_A_FILE),
    "no bytes": (holding("a.csv", b""), SheetFault.EMPTY),
    "blanks only": (holding("a.csv", b" ;;\r\n;;\r\n"), SheetFault.EMPTY),
    "empty.ods": (kept("empty.ods"), SheetFault.EMPTY),
    "empty.xlsx": (kept("empty.xlsx"), SheetFault.EMPTY),
    "empty.xls": (kept("empty.xls"), SheetFault.EMPTY),
    "1 GB": (one_gigabyte, SheetFault.TOO_LARGE),
    "password.ods": (kept("password.ods"), SheetFault.PASSWORD_PROTECTED),
    "password.xlsx": (kept("password.xlsx"), SheetFault.PASSWORD_PROTECTED),
    "password.xls": (old_password, SheetFault.PASSWORD_PROTECTED),
    "cut.ods": (cut("mitglieder.ods", 0.5), SheetFault.CUT_OFF),
    "cut.xlsx": (cut("mitglieder.xlsx", 0.99), SheetFault.CUT_OFF),
    "cut.xls": (cut("two_header_rows.xls", 0.5), SheetFault.CUT_OFF),
    "cut late.xls": (cut("two_header_rows.xls", 0.9), SheetFault.DAMAGED),
    "open quote": (holding("a.csv", b'Name;Note\r\nAda;"x\r\nBo;y\r\n'), SheetFault.OPEN_QUOTE),
    "open quote, long": (
        holding("a.csv", b'Name;Note\r\nAda;"x\r\n' + b"Bo;y\r\n" * 30_000),
        SheetFault.OPEN_QUOTE,
    ),
    "PDF": (holding("list.pdf", b"%PDF-1.7\n"), SheetFault.UNKNOWN_KIND),
    "web page": (holding("list.xls", b"\r\n<html><table>"), SheetFault.UNKNOWN_KIND),
    "letter": (zipped("a.docx", "word/document.xml", b"<x/>"), SheetFault.UNKNOWN_KIND),
    "hollow workbook": (zipped("a.xlsx", "xl/workbook.xml", b"<x/>"), SheetFault.DAMAGED),
    "hollow ods": (zipped("a.ods", "content.xml", b"<x/>"), SheetFault.DAMAGED),
    "bytes": (holding("a.csv", bytes(range(256)) * 40), SheetFault.NOT_TEXT),
    "bytes named xlsx": (holding("a.xlsx", bytes(range(256)) * 40), SheetFault.DAMAGED),
    "mixed encodings": (
        holding("a.csv", "Müller;Groß\n".encode() * 9000 + b"B\xfchl\n"),
        SheetFault.WRONG_ENCODING,
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_cannot_be_read_gets_one_sentence(case: str, tmp_path: Path) -> None:
    make, fault = FAULTS[case]
    with pytest.raises(SheetError) as caught:
        described(make(tmp_path))
    assert caught.value.fault is fault
    said = sentence(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert len(said) < 160


def test_a_sheet_that_is_not_there_is_said_with_those_that_are() -> None:
    with pytest.raises(SheetError) as caught:
        described(CORPUS / "filtered.ods", Choice(sheet="Mai"))
    assert str(caught.value) == "There is no sheet “Mai”. The sheets are: Gäste."


def test_a_long_text_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Name", "E-mail", "Note"])
        rows.writerows([f"Ada {at}", "ada@example.org", "ü" * 500] for at in range(25_000))
    frames, fault, taken = measured(description_of(path))
    assert fault is None
    found = json.loads(frames[-1][1])
    assert found["rows"] == 25_000
    assert taken < SMALL
    mapping = {column["header"]: column["target"] for column in found["columns"]}
    asked = {"verb": "rows", "path": str(path), "description": found, "mapping": mapping}
    frames, fault, taken = measured(asked)
    assert fault is None
    assert taken < SMALL
    assert sum(json.loads(body)["count"] for kind, body in frames if kind is Frame.AHEAD) == 25_000


@pytest.mark.parametrize(
    ("size", "fault"),
    [(2 << 30, SheetFault.UNPACKS_TOO_LARGE), (1000, SheetFault.DAMAGED)],
    ids=["by its own list", "that lies"],
)
def test_a_zip_bomb_does_not_go_off(size: int, fault: SheetFault, tmp_path: Path) -> None:
    """One of its parts unpacks to 64 MiB of blanks; its list of parts says another size."""
    path, part = tmp_path / "bomb.xlsx", "xl/worksheets/sheet1.xml"
    with (
        zipfile.ZipFile(CORPUS / "filtered.xlsx") as parts,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in parts.namelist():
            copy.writestr(name, b" " * (64 << 20) if name == part else parts.read(name))
    data = bytearray(path.read_bytes())
    listed = data.rindex(part.encode()) - 46
    data[listed + 24 : listed + 28] = size.to_bytes(4, "little")
    path.write_bytes(data)
    _, error, taken = measured(description_of(path))
    assert error is not None
    assert error.fault is fault
    assert taken < SMALL
