"""The window remembers files by their columns."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSettings

from desktop.gui.importing.known_columns import KnownColumns
from desktop.sheets.description import Column, Description, Kind


def file(*headers: str, empty: Collection[str] = ()) -> Description:
    columns = tuple(
        Column(header, () if header in empty else ("7",), "name" if header == "Name" else None)
        for header in headers
    )
    return Description("a.csv", Kind.TEXT, (), None, "utf-8", ",", 1, 1, columns, 3, {}, stamp="1")


def test_what_was_chosen_comes_back_for_the_same_columns_only(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat)
    known = KnownColumns(settings, lambda: "renewal")
    found, other = file("Name", "Seats", "Part, paid"), file("Name")
    guessed = {"Name": "name", "Seats": None, "Part, paid": None}
    assert (known.of(found), known.plain_of(found)) == (guessed, [])
    assert known.templates_of(found) == ["renewal"], "that of the form"
    chosen = {"Name": None, "Seats": "fields.seats", "Part, paid": None}
    known.keep_columns(found, chosen, ["Seats", "Part, paid"], {})
    known.keep_template(found, "fees")
    found = file("Seats", "Part, paid", "Name")
    assert (known.of(found), known.templates_of(found)) == (chosen, ["fees", "renewal"])
    assert known.plain_of(found) == ["Seats", "Part, paid"]
    assert (known.of(other), known.templates_of(other)) == ({"Name": "name"}, ["renewal"])
    known.keep_columns(found, guessed, [], {})
    assert (known.of(found), known.plain_of(found)) == (guessed, [])


def test_an_empty_column_is_not_remembered_as_left_out(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat)
    known, headers = KnownColumns(settings, str), ("Seats", "Remarks")
    left_out = {"Seats": None, "Remarks": None}
    known.keep_columns(file(*headers, empty=headers), left_out, [], {})
    attached = Column("Seats", ("a.pdf",), "attachment"), Column("Remarks", ("new",), "note")
    found = replace(file(*headers), columns=attached)
    assert known.of(found) == {"Seats": "attachment", "Remarks": "note"}
    known.keep_columns(found, {"Seats": "attachment", "Remarks": None}, [], {})
    known.keep_columns(file(*headers, empty=["Remarks"]), left_out, [], {})
    assert known.of(found) == left_out, "what a person left out stays so through an empty column"


def test_what_was_changed_by_hand_is_left(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat)
    known, found = KnownColumns(settings, str), file("Name", "Seats")
    known.keep_columns(found, {"Name": "name", "Seats": "fields.seats"}, [], {})
    (key,) = settings.allKeys()
    wrong = '{"columns": {"Name": 3, "Seats": "nowhere"}, "plain": 7}'
    for broken in ("no JSON", "[]", '{"columns": []}', wrong):
        settings.setValue(key, broken)
        assert known.of(found) == {"Name": "name", "Seats": None}
        assert known.plain_of(found) == []


def test_what_columns_count_as_comes_back_with_the_form_of_the_file(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat)
    known = KnownColumns(settings, str)
    kinds = {"Fee": "number 0.00 €", "Nr": "number", "Paid": "text", "Left": "text"}
    kinds["Anrede"] = "text de"
    columns = tuple(Column(name, ("7",), None, kind=kind) for name, kind in kinds.items())
    found = replace(file(*kinds), columns=columns)
    assert known.kinds_of(found) == kinds
    chosen = {**kinds, "Nr": "text", "Paid": "yes_no", "Anrede": "text de 1=man"}
    known.keep_columns(found, dict.fromkeys(kinds), [], chosen)
    later = replace(found, columns=tuple(replace(each, kind="number $0.00") for each in columns))
    assert known.kinds_of(later) == {
        "Fee": "number $0.00", "Nr": "text", "Paid": "yes_no", "Left": "number $0.00",
        "Anrede": "text de 1=man",
    }  # fmt: skip
