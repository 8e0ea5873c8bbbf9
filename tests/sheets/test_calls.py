"""A file is described and read by a child process, piece by piece, and can be stopped."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from desktop.sheets.calls import describe, read_rows, save_pasted
from desktop.sheets.child import Stop
from desktop.sheets.description import Description, Kind, SheetChoice
from desktop.sheets.faults import SheetError, SheetFault, sentence
from tests.sheets.files import ROWS, workbook, write_csv, write_xlsx

pytestmark = pytest.mark.usefixtures("forked_readers")
MAPPING = {"Number": "number", "Name": "name", "E-mail": "email", "Title": "title"}


def test_a_file_is_described_and_its_rows_are_items(tmp_path: Path) -> None:
    found = describe(write_csv(tmp_path / "members.csv", encoding="cp1252"))
    assert (found.kind, found.encoding, found.delimiter) == (Kind.TEXT, "cp1252", ";")
    assert (found.header, found.header_rows, found.rows) == (1, 1, 2)
    assert found.mapping == MAPPING
    assert Description.from_dict(json.loads(json.dumps(found.as_dict()))) == found
    (chunk,) = read_rows(found, found.mapping)
    assert (chunk.count, chunk.read, chunk.share) == (2, 2, 1.0)
    recipient = {"name": "Bo Müller", "email": "bo@example.org"}
    assert chunk.rows[1] == {
        "row": 3,
        "item": {"item_id": 18, "title": "Concert", "recipient": recipient},
    }


def test_rows_come_in_pieces_with_their_own_numbers(tmp_path: Path) -> None:
    rows: list[list[str]] = [[str(n), "Ada", "ada@example.org", "x"] for n in range(1, 2501)]
    rows[10] = []  # row 12: a blank one is left out
    found = describe(write_csv(tmp_path / "long.csv", [ROWS[0], *rows]))
    pieces = list(read_rows(found, found.mapping))
    assert [piece.count for piece in pieces] == [1000, 1000, 499]
    assert [piece.read for piece in pieces] == [1000, 2000, 2499]
    assert 0 < pieces[0].share < pieces[1].share < pieces[2].share == 1.0
    assert [round(piece.share * found.rows) for piece in pieces] == [1000, 2000, 2499]
    numbers = [row["row"] for piece in pieces for row in piece.rows]
    assert numbers == [n for n in range(2, 2502) if n != 12]


def test_another_sheet_and_another_header_can_be_chosen(tmp_path: Path) -> None:
    found = describe(write_xlsx(tmp_path / "a.xlsx"), SheetChoice(sheet="Members", header=0))
    assert [column.header for column in found.columns] == ["A", "B", "C", "D"]
    assert (found.header, found.rows) == (0, 3)


def test_a_file_that_changed_since_is_not_read(tmp_path: Path) -> None:
    found = describe(write_csv(tmp_path / "members.csv"))
    write_csv(tmp_path / "members.csv", ROWS[:2])
    with pytest.raises(SheetError) as caught:
        next(read_rows(found, found.mapping))
    assert caught.value.fault is SheetFault.CHANGED


def test_a_file_that_changes_while_it_is_read_says_so_at_the_end(tmp_path: Path) -> None:
    rows = [[str(n), "Ada", "ada@example.org", "x" * 150] for n in range(3000)]
    path = write_csv(tmp_path / "members.csv", [ROWS[0], *rows])
    found = describe(path)
    chunks = read_rows(found, found.mapping)
    next(chunks)  # the child waits far from the end: a pipe holds less than the next chunk
    os.utime(path, ns=(1, 1))
    with pytest.raises(SheetError) as caught:
        list(chunks)
    assert caught.value.fault is SheetFault.CHANGED


def test_a_copy_is_read_as_the_file_was_whatever_becomes_of_that(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "members.csv")
    before = path.read_bytes()
    found = describe(path, copy_in=tmp_path)
    write_csv(path, [ROWS[0], ["19", "Cy", "cy@example.org", "Opera"]])
    (chunk,) = read_rows(found, found.mapping)
    assert [row["item"]["item_id"] for row in chunk.rows] == [17, 18]
    assert (found.path, found.source.name) == (str(path), path.name)
    assert found.source.read_bytes() == before
    again = describe(path, SheetChoice(header=0), copy_in=tmp_path)  # what it holds by now
    (chunk,) = read_rows(again, {"C": "email"})
    assert [row["item"]["recipient"]["email"] for row in chunk.rows][1:] == ["cy@example.org"]


def test_a_file_that_cannot_be_copied_is_not_said_to_be_unreadable(tmp_path: Path) -> None:
    with pytest.raises(SheetError) as caught:
        describe(write_csv(tmp_path / "members.csv"), copy_in=tmp_path / "gone")
    assert caught.value.fault is SheetFault.NOT_COPIED
    assert "copied: No such file or directory." in sentence(caught.value)


def test_reading_can_be_stopped_before_it_begins_and_in_the_middle(tmp_path: Path) -> None:
    stopped, stop = Stop(), Stop()
    stopped.now()
    path = write_csv(tmp_path / "a.csv", [ROWS[0], *([ROWS[1]] * 3000)])
    with pytest.raises(SheetError) as caught:
        describe(path, stop=stopped)
    assert caught.value.fault is SheetFault.CANCELLED
    chunks = read_rows(describe(path), MAPPING, stop=stop)
    next(chunks)
    stop.now()
    with pytest.raises(SheetError) as caught:
        list(chunks)
    assert caught.value.fault is SheetFault.CANCELLED


def test_pasted_cells_are_a_file_like_any_other(tmp_path: Path) -> None:
    pasted = "Name\tE-Mail\r\nMüller\tm@example.org\r\n\ud83d\tx@example.org\r\n"
    path = save_pasted(pasted, tmp_path)
    found = describe(path)
    assert (path.suffix, found.delimiter, found.encoding) == (".tsv", "\t", "utf-8")
    (chunk,) = read_rows(found, found.mapping)
    names = [row["item"]["recipient"].get("name") for row in chunk.rows]
    assert names == ["Müller", "\N{REPLACEMENT CHARACTER}"]


def test_of_several_sheets_the_first_with_an_address_is_read(tmp_path: Path) -> None:
    path = tmp_path / "choir.xlsx"
    with workbook(path) as book:
        notes, choir = book.add_worksheet("Notes"), book.add_worksheet("Choir")
        notes.write_row(0, 0, ["Rehearsals on Monday"])
        choir.write_row(0, 0, ["Name", "E-mail"])
        choir.write_row(1, 0, ["Ada", "ada@example.org"])
    assert describe(path).sheet == "Choir"
