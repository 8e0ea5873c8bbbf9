"""What cannot be read gets one sentence, in bounded memory, before a row leaves."""

from __future__ import annotations

import csv
import json
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.sheets.child import FrameKind
from desktop.sheets.description import Note, SheetChoice
from desktop.sheets.faults import OtherKind, SheetError, SheetFault, sentence
from tests.sheets.files import described, rezipped
from tests.sheets.measured import description_of, measured

CORPUS = Path(__file__).parent / "corpus"
SMALL = 45 << 20
"""Bytes of memory in which any of the files below is read; the program itself takes 30 MiB."""


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


def two_passwords(folder: Path) -> Path:
    """The record of a password for changes stands before FILEPASS."""
    data = (CORPUS / "filtered.xls").read_bytes()
    begin = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    both = b"\x86\x00\x00\x00\x2f\x00"
    return holding("both.xls", data[:begin] + both + data[begin + 6 :])(folder)


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


def flipped(name: str, part: str) -> Callable[[Path], Path]:
    """Spoil the beginning of the packed bytes of one part."""

    def make(folder: Path) -> Path:
        data = bytearray((CORPUS / name).read_bytes())
        with zipfile.ZipFile(CORPUS / name) as parts:
            at = parts.getinfo(part).header_offset
        lengths = (int.from_bytes(data[at + each : at + each + 2], "little") for each in (26, 28))
        data[at + 30 + sum(lengths)] |= 0b110  # a kind of block that there is not
        return holding(name, bytes(data))(folder)

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
    "wide": (holding("a.csv", b"x;" * 20_000 + b"x\n"), SheetFault.TOO_WIDE),
    "password.ods": (kept("password.ods"), SheetFault.PASSWORD_PROTECTED),
    "password.xlsx": (kept("password.xlsx"), SheetFault.PASSWORD_PROTECTED),
    "password.xls": (old_password, SheetFault.PASSWORD_PROTECTED),
    "two passwords.xls": (two_passwords, SheetFault.PASSWORD_PROTECTED),
    "cut.ods": (cut("mitglieder.ods", 0.5), SheetFault.CUT_OFF),
    "cut.xlsx": (cut("mitglieder.xlsx", 0.99), SheetFault.CUT_OFF),
    "cut.xls": (cut("two_header_rows.xls", 0.5), SheetFault.CUT_OFF),
    "cut late.xls": (cut("two_header_rows.xls", 0.9), SheetFault.DAMAGED),
    "hollow workbook": (zipped("a.xlsx", "xl/workbook.xml", b"<x/>"), SheetFault.DAMAGED),
    "hollow ods": (zipped("a.ods", "content.xml", b"<x/>"), SheetFault.DAMAGED),
    "flipped.xlsx": (flipped("filtered.xlsx", "_rels/.rels"), SheetFault.DAMAGED),
    "flipped.ods": (flipped("two_header_rows.ods", "META-INF/manifest.xml"), SheetFault.DAMAGED),
    "bytes": (holding("a.csv", bytes(range(256)) * 40), SheetFault.NOT_TEXT),
    "noise named xlsx": (holding("a.xlsx", bytes(range(1, 256)) * 40), SheetFault.NOT_TEXT),
    "bytes named xlsx": (holding("a.xlsx", bytes(range(256)) * 40), SheetFault.DAMAGED),
    "mixed encodings": (
        holding("a.csv", "Müller;Groß\n".encode() * 9000 + b"B\xfchl\n"),
        SheetFault.WRONG_ENCODING,
    ),
}


OTHERS: dict[str, tuple[Callable[[Path], Path], OtherKind]] = {
    "PDF": (holding("list.pdf", b"%PDF-1.7\n"), OtherKind.DOCUMENT),
    "page": (holding("list.xls", b"\r\n<html><table>"), OtherKind.WEB_PAGE),
    "table": (holding("list.xls", b"<table><tr><td>E-Mail</td></tr></table>"), OtherKind.WEB_PAGE),
    "wide page": (holding("list.xls", "<!-- x --><table>".encode("utf-16")), OtherKind.WEB_PAGE),
    "XHTML": (holding("a.xls", b'<?xml version="1.0"?>\n<html xmlns="x">'), OtherKind.WEB_PAGE),
    "saved page": (
        holding("a.xls", b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n--x\n<html>"),
        OtherKind.WEB_PAGE,
    ),
    "e-mail": (
        holding("a.csv", b"Received: from x\r\n\tby y\r\nSubject: List\r\nMIME-Version: 1.0\r\n"),
        OtherKind.E_MAIL,
    ),
    "mailbox": (holding("Inbox", b"From - Mon Nov 30 10:00 2026\nTo: x\n"), OtherKind.E_MAIL),
    "Apple's e-mail": (holding("1.emlx", b"812\nTo: x\nMIME-Version: 1.0\n"), OtherKind.E_MAIL),
    "link": (
        holding("a.gsheet", b'{"url":"https://docs.google.com/spreadsheets/d/1","doc_id":"1"}'),
        OtherKind.SHORTCUT,
    ),
    "link of Windows": (
        holding("a.csv", b"[InternetShortcut]\r\nURL=https://x.example"),
        OtherKind.SHORTCUT,
    ),
    "JSON": (holding("a.csv", b'[\n {"email": "ada@example.org"}\n]'), OtherKind.DATA),
    "JSON object": (holding("a.txt", b'{ "email": "ada@example.org"}'), OtherKind.DATA),
    "XML": (holding("a.xls", b'\xef\xbb\xbf<?xml version="1.0"?>\n<Workbook>'), OtherKind.DATA),
    "vCard": (holding("a.csv", b"BEGIN:VCARD\r\nVERSION:3.0\r\n"), OtherKind.CONTACTS),
    "LDIF": (holding("a.txt", b"dn: cn=Ada,mail=ada@example.org\n"), OtherKind.CONTACTS),
    "calendar": (holding("a.csv", b"BEGIN:VCALENDAR\r\n"), OtherKind.CALENDAR),
    "letter": (zipped("a.docx", "word/document.xml", b"<x/>"), OtherKind.DOCUMENT),
    "OpenDocument letter": (
        zipped("a.odt", "mimetype", b"application/vnd.oasis.opendocument.text"),
        OtherKind.DOCUMENT,
    ),
    "slides": (zipped("a.pptx", "ppt/presentation.xml", b"<x/>"), OtherKind.SLIDES),
    "Numbers": (zipped("a.numbers", "Index/Document.iwa", b"x"), OtherKind.NUMBERS),
    "zipped list": (zipped("a.zip", "list.csv", b"E-Mail\n"), OtherKind.ARCHIVE),
    "picture": (holding("a.csv", b"\x89PNG\r\n"), OtherKind.PICTURE),
    "database": (holding("a.csv", b"SQLite format 3\0"), OtherKind.DATABASE),
}


@pytest.mark.parametrize("case", OTHERS)
def test_a_file_of_another_kind_is_called_what_it_is(case: str, tmp_path: Path) -> None:
    make, what = OTHERS[case]
    with pytest.raises(SheetError) as caught:
        described(make(tmp_path))
    assert (caught.value.fault, caught.value.data) == (SheetFault.OTHER_KIND, {"what": what})


def test_a_workbook_in_excels_own_binary_form_is_to_be_saved_as_another(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsb", "w") as parts:
        office = "http://x/officeDocument"
        related = f'<Relationship Id="r" Type="{office}" Target="xl/workbook.bin"/>'
        parts.writestr("_rels/.rels", f"<Relationships>{related}</Relationships>")
        parts.writestr("xl/workbook.bin", b"")
    with pytest.raises(SheetError) as caught:
        described(tmp_path / "a.xlsb")
    assert caught.value.fault is SheetFault.BINARY
    assert "Save it as .xlsx" in sentence(caught.value)


@pytest.mark.parametrize("start", ["[Name]", "<Name>; <Place>", "{Name}", "Date: x", "From: <x>"])
def test_a_text_that_begins_oddly_is_a_table(start: str, tmp_path: Path) -> None:
    path = holding("a.csv", f"{start};E-Mail\nAda;ada@example.org\n".encode())(tmp_path)
    assert described(path).rows == 1


def test_text_in_utf16_that_is_named_like_a_workbook_is_read(tmp_path: Path) -> None:
    for encoding in ("utf-16", "utf-16-le"):
        path = holding("a.xls", "E-Mail\tName\r\nada@x.org\tJürgen\r\n".encode(encoding))(tmp_path)
        assert [column.samples for column in described(path).columns][1] == ("Jürgen",)


@pytest.mark.parametrize("case", FAULTS)
def test_what_cannot_be_read_gets_one_sentence(case: str, tmp_path: Path) -> None:
    make, fault = FAULTS[case]
    with pytest.raises(SheetError) as caught:
        described(make(tmp_path))
    assert caught.value.fault is fault
    if fault is SheetFault.WRONG_ENCODING:
        assert caught.value.data == {"encoding": "utf-8"}
    said = sentence(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert len(said) < 160


def test_a_sheet_that_is_not_there_is_said_with_those_that_are() -> None:
    with pytest.raises(SheetError) as caught:
        described(CORPUS / "two_header_rows.ods", SheetChoice(sheet="Mai"))
    assert str(caught.value) == "There is no sheet “Mai”. The sheets are: Leer, Konzert."


TEXTS = st.text(max_size=60).map(str.encode) | st.text('a;,"\r\n\tä€', max_size=60).map(str.encode)


@given(st.binary(max_size=60) | TEXTS, st.sampled_from(["", "utf-8", "utf-16", "cp1252", "ascii"]))
def test_any_bytes_are_read_or_are_a_fault(data: bytes, encoding: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(data)
        with suppress(SheetError):
            found = described(path, SheetChoice(encoding=encoding or None))
            assert found.columns
            assert found.rows or found.header


def test_a_long_text_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Name", "E-mail", "Note"])
        rows.writerows([f"Ada {at}", "ada@example.org", "ł" * 2500] for at in range(4000))
    frames, fault, taken = measured(description_of(path))
    assert fault is None
    found = json.loads(frames[-1][1])
    assert found["rows"] == 4000
    assert taken < SMALL
    mapping = {column["header"]: column["target"] for column in found["columns"]}
    asked = {"verb": "rows", "path": str(path), "description": found, "mapping": mapping}
    frames, fault, taken = measured({**asked, "plain": [], "kinds": {}})
    assert fault is None
    assert taken < SMALL
    read = (json.loads(body)["count"] for kind, body in frames if kind is FrameKind.AHEAD)
    assert sum(read) == 4000


def test_an_unknown_encoding_of_a_part_leaves_its_plain_values(tmp_path: Path) -> None:
    def odd(name: str, old: bytes) -> bytes:
        return old.replace(b'"UTF-8"', b'"true"') if name == "content.xml" else old

    found = described(rezipped(CORPUS / "mitglieder.ods", tmp_path / "odd.ods", odd))
    assert (found.rows, Note.PLAIN_VALUES in found.notes) == (3000, True)


def test_a_zip_bomb_does_not_go_off(tmp_path: Path) -> None:
    """One of its parts unpacks to 32 MiB of blanks; its list of parts says more, or lies."""
    path, part = tmp_path / "bomb.xlsx", "xl/worksheets/sheet1.xml"
    rezipped(
        CORPUS / "filtered.xlsx",
        path,
        lambda name, old: b" " * (32 << 20) if name == part else old,
    )
    data = bytearray(path.read_bytes())
    listed = data.rindex(part.encode()) - 46
    data[listed + 24 : listed + 28] = (2 << 30).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(SheetError) as told:
        described(path)
    assert told.value.fault is SheetFault.UNPACKS_TOO_LARGE
    data[listed + 24 : listed + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(data)
    _, error, taken = measured(description_of(path))
    assert error is not None
    assert error.fault is SheetFault.DAMAGED
    assert taken < SMALL


def test_sizes_are_said_in_mebibytes() -> None:
    too_large = SheetError(SheetFault.TOO_LARGE, size=300 << 20, limit=100 << 20)
    assert str(too_large) == "The file has 300 MiB; the limit is 100 MiB."
