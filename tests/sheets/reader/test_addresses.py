"""A file of people who get no e-mail: each of its addresses is taken, or named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop.sheets.reader.addresses import list_entries
from desktop.sheets.reader.files.source import opened
from tests.sheets.files import workbook

ADA, BO, CY = "ada@example.org", "bo@example.org", "cy@example.org"


def entries_of(path: Path) -> tuple[list[str], list[str]]:
    with opened(path) as source:
        return list_entries(source)


@pytest.mark.parametrize(
    ("text", "entries", "others"),
    [
        ("E-Mail;Name\nada@example.org;Ada\nBo <bo@example.org>;Bo\n", [ADA, BO], []),
        ("ada@example.org\nbo@example,org\ncy@example.org\n", [ADA, CY], ["bo@example"]),
        ("*@alt.example\n@new.example\n", ["*@alt.example", "@new.example"], []),
        ("ada@example.org; @alt.example, bo@example.org\n", [ADA, "@alt.example", BO], []),
        ('Name,Mail\n"Kern, Bo","ada@example.org; bo@example.org"\n', [ADA, BO], []),
        ("mailto:ada@example.org\n<bo@example.org>\n(cy@example.org)\n", [ADA, BO, CY], []),
        ("Ada @ Club <ada@example.org>\n", [ADA], []),
        ("ada＠example.org\n", [ADA], []),
        ("ada@example.org\nbo @example.org\n", [ADA], ["bo @example.org"]),
        (
            "ada@example.org\nbo(at)example.org\nalt.example\n-\n\n",
            [ADA],
            ["bo(at)example.org", "alt.example"],
        ),
        ("anna.example.org\nada@example.org\n", [ADA], ["anna.example.org"]),
        ("info*@example.org\n@*.alt.example\n", [], ["info*@example.org", "@*.alt.example"]),
        ("ada@example.org\nADA@example.org\nada@example.org\n", [ADA, "ADA@example.org"], []),
    ],
)
def test_each_entry_of_a_text_is_taken_or_named(
    tmp_path: Path, text: str, entries: list[str], others: list[str]
) -> None:
    path = tmp_path / "left.csv"
    path.write_text(text, encoding="utf-8")
    assert entries_of(path) == (entries, others)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_a_text_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "left.txt"
    path.write_bytes("jörg@example.org\nada@bücher.example\n".encode(encoding))
    assert entries_of(path) == (["jörg@example.org", "ada@bücher.example"], [])


def test_letters_that_may_be_others_are_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "left.txt"
    path.write_bytes("françois@example.org\nada@example.org\n".encode("cp1252"))
    assert entries_of(path) == ([ADA], ["françois@example.org"])


def test_all_cells_of_a_workbook_count_on_each_sheet(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Left in 2026"],
        ["E-Mail", "Name", "E-Mail 2"],
        [f"{ADA}; {BO}", "Ada", "ada2@example.org"],
        [CY, "Cy", ""],
        ["no e-mail", "Di", "-"],
        ["", "Eva", "eva@example"],
        [17, "Fay", ""],
    ]
    path = tmp_path / "left.xlsx"
    with workbook(path) as book:
        page, other = book.add_worksheet(), book.add_worksheet()
        for at, cells in enumerate(rows):
            page.write_row(at, 0, cells)
        page.set_row(3, None, None, {"hidden": True})
        page.set_column(2, 2, None, None, {"hidden": True})
        other.write_row(0, 0, ["*@alt.example"])
        other.hide()
    entries, others = entries_of(path)
    assert entries == [ADA, BO, "ada2@example.org", CY, "*@alt.example"]
    assert others == ["eva@example", "no e-mail"]
