"""A workbook whose parts calamine does not find is to be saved again."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.sheets.description import Note
from desktop.sheets.faults import SheetError, SheetFault, sentence
from tests.sheets.files import HEADER, ROWS, described, rezipped, texts, workbook, write_xlsx
from tests.sheets.test_unreadable import CORPUS


def at_the_root(name: str) -> str:
    return name.removeprefix("xl/")


def called_otherwise(name: str) -> str:
    """Every part has another name; the relations' own files follow their parts."""
    for usual, odd in (
        ("xl/workbook", "Books/the book"),
        ("xl/_rels/workbook", "Books/_rels/the book"),
        ("xl/sharedStrings", "Books/words/all"),
        ("xl/styles", "Books/looks"),
        ("xl/worksheets/sheet", "Books/pages/page "),
    ):
        name = name.replace(usual, odd)
    return name


def backwards(name: str) -> str:
    return name.replace("/", "\\")


def in_capitals(name: str) -> str:
    return name.replace("xl/workbook", "XL/Workbook")


def renamed(path: Path, rename: Callable[[str], str]) -> Path:
    """Write a workbook again with other names of its parts, and with relations that lead there."""
    with zipfile.ZipFile(path) as parts:
        content = {name: parts.read(name).decode() for name in parts.namelist()}
    other = path.with_name(f"{rename.__name__}.xlsx")
    with zipfile.ZipFile(other, "w") as parts:
        for name, text in content.items():
            for each in content:
                inside = each.removeprefix("xl/")
                text = text.replace(f'Target="{each}"', f'Target="/{called(rename, each)}"')
                text = text.replace(f'Target="{inside}"', f'Target="/{called(rename, each)}"')
            parts.writestr(rename(name), text)
    return other


def called(rename: Callable[[str], str], name: str) -> str:
    return rename(name).replace("\\", "/")


def with_other_styles(name: str) -> str:
    return name.replace("xl/styles", "xl/styles2")


@pytest.mark.parametrize("rename", [called_otherwise, with_other_styles])
def test_a_workbook_with_other_names_of_its_parts_is_to_be_saved_again(
    rename: Callable[[str], str], tmp_path: Path
) -> None:
    path = renamed(write_xlsx(tmp_path / "usual.xlsx"), rename)
    with pytest.raises(SheetError) as caught:
        described(path)
    assert caught.value.fault is SheetFault.DAMAGED
    assert "save it again" in sentence(caught.value)


@pytest.mark.parametrize("rename", [at_the_root, backwards, in_capitals])
def test_a_workbook_is_read_wherever_its_parts_are(
    rename: Callable[[str], str], tmp_path: Path
) -> None:
    with workbook(tmp_path / "usual.xlsx") as book:
        book.add_worksheet("First").write("A1", "nothing here")
        page = book.add_worksheet("Members")
        for at, cells in enumerate(ROWS):
            page.write_row(at, 0, cells)
        page.set_row(2, options={"hidden": True})
    path = renamed(tmp_path / "usual.xlsx", rename)
    found = described(path)
    assert (found.sheet, found.rows) == ("Members", 2)
    assert Note.HIDDEN_ROWS in found.notes
    assert texts(path, "Members")[0] == HEADER


def test_an_indented_ods_is_to_be_saved_again(tmp_path: Path) -> None:
    def indented(name: str, text: bytes) -> bytes:
        row = b"<table:table-row"
        return text.replace(row, b"\n  " + row, 9) if name == "content.xml" else text

    path = rezipped(CORPUS / "two_header_rows.ods", tmp_path / "indented.ods", indented)
    with pytest.raises(SheetError) as caught:
        described(path)
    assert caught.value.fault is SheetFault.DAMAGED
    assert "save it again" in sentence(caught.value)
