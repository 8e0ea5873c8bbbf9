"""What columns became before is remembered for files with the same columns."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

from desktop.gui.importing.imports import KnownColumns
from desktop.sheets.description import Column, Description, Kind


def file(*headers: str) -> Description:
    columns = tuple(Column(header, (), "name" if header == "Name" else None) for header in headers)
    return Description("a.csv", Kind.TEXT, (), None, "utf-8", ",", 1, 1, columns, 3, {}, stamp="1")


def form_template() -> str:
    return "renewal"


def test_a_choice_comes_back_for_the_same_columns_only(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat)
    known = KnownColumns(settings, form_template)
    found = file("Name", "Seats")
    assert known.of(found) == {"Name": "name", "Seats": None}
    known.keep(found, {"Name": None, "Seats": "fields.seats"})
    assert known.of(file("Seats", "Name")) == {"Name": None, "Seats": "fields.seats"}
    assert known.of(file("Name")) == {"Name": "name"}
    known.keep(found, found.mapping)
    assert known.of(found) == {"Name": "name", "Seats": None}


def test_a_choice_of_plain_values_comes_back(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat)
    known, found = KnownColumns(settings, form_template), file("Name", "Fee", "Part, paid")
    known.keep(found, found.mapping, ["Fee", "Part, paid"])
    assert known.plain_of(found) == ["Fee", "Part, paid"]
    assert known.plain_of(file("Name")) == []
    known.keep(found, found.mapping, [])
    assert known.plain_of(found) == []


def test_new_columns_begin_with_the_template_of_the_form(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat)
    known, found = KnownColumns(settings, form_template), file("Name", "Seats")
    assert known.template_of(found) == "renewal"
    known.keep_template(found, None)
    assert known.template_of(found) == "confirmation"
    assert known.template_of(file("Name")) == "renewal"


def test_what_was_changed_by_hand_is_left(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat)
    known, found = KnownColumns(settings, form_template), file("Name", "Seats")
    known.keep(found, {"Name": "name", "Seats": "fields.seats"})
    (key,) = settings.allKeys()
    for broken in ("no JSON", "[]", '{"Name": 3, "Seats": "nowhere"}'):
        settings.setValue(key, broken)
        assert known.of(found) == {"Name": "name", "Seats": None}
