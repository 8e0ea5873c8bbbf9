"""What columns become, and how numbers and dates are written."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.contract.batches import Target
from desktop.contract.rules.locales import strftime_of
from desktop.gui.importing.reading_form import ColumnsForm, ReadAs
from desktop.gui.importing.writings import locale_name, writing_of, writings
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.surfaces import tab_stops_in
from desktop.gui.kit.widgets.texts import ElidedLabel, WholeLabel
from desktop.sheets.description import Column, SheetChoice
from tests.gui.hands import pick
from tests.sheets.files import described
from tests.sheets.test_unreadable import CORPUS


@pytest.fixture
def form(qtbot: QtBot) -> ColumnsForm:
    made = ColumnsForm()
    qtbot.addWidget(made)
    return made


def test_a_target_belongs_to_one_column(qtbot: QtBot, form: ColumnsForm) -> None:
    columns = {"Mail": "email", "Mail 2": "fields.mail_2", "Seats": None}
    form.show_columns(columns, [Column("Seats", ("", "4"), None)])
    assert form.columns() == columns
    second = form.choices["Mail 2"]
    second.set_value("email")
    with qtbot.waitSignal(form.edited):
        second.chosen.emit("email")
    assert form.columns() == {"Mail": None, "Mail 2": "email", "Seats": None}


def test_tab_leads_through_the_columns_before_what_follows(qtbot: QtBot) -> None:
    sheet = QWidget()
    qtbot.addWidget(sheet)
    column = QVBoxLayout(sheet)
    before, form, after = QPushButton(), ColumnsForm(), QPushButton()
    for each in (before, form, after):
        column.addWidget(each)
    for _ in range(2):  # the lists are made anew with each file
        form.show_columns({"Name": "name", "Note": "note"})
        form.ask_for([], ["note"])
    stops = [before, form.used, *form.choices.values(), *form.ticks.values(), after]
    assert form.ticks
    assert [each for each in tab_stops_in(sheet) if each in stops] == stops


def test_what_the_template_asks_for_and_no_column_fills_is_offered(
    qtbot: QtBot, form: ColumnsForm
) -> None:
    form.ask_for(["betrag", "Frist", "fällig am", "E-Mail-Adresse"])
    columns = {
        "E-Mail-Adresse": "email",
        "Beitrag": "fields.Beitrag",
        "Fällig_am": "fields.Fällig_am",
    }
    form.show_columns(columns)
    assert form.unfilled() == ["betrag", "Frist"]
    fee = form.choices["Beitrag"]
    assert offered(fee) == ["fields.Beitrag", "fields.betrag", "fields.Frist", ""]
    fee.set_value("fields.betrag")
    with qtbot.waitSignal(form.edited):
        fee.chosen.emit("fields.betrag")
    assert form.columns() == {**columns, "Beitrag": "fields.betrag"}
    assert offered(fee) == ["fields.Beitrag", "fields.betrag", "fields.Frist", ""]
    assert offered(form.choices["Fällig_am"]) == ["fields.Fällig_am", "fields.Frist", ""]
    form.ask_for([])
    assert (form.unfilled(), fee.value()) == ([], "fields.betrag")


def test_a_column_without_a_header_says_so(qtbot: QtBot, form: ColumnsForm) -> None:
    form.show_columns(
        {"Name": "name", "D": "fields.D", "E": None}, [Column("D", (), None, has_header=False)]
    )
    named = [label.text() for label in form.findChildren(ElidedLabel) if label.text()]
    assert named == ["Name", "Column D", "E"]
    field = form.choices["D"]
    assert field.currentText() == "Field “D” (Column D, without a header)"
    assert form.choices["E"].findText("Field “E”") >= 0
    assert form.columns() == {"Name": "name", "D": "fields.D", "E": None}


def test_a_field_is_shown_under_its_heading(qtbot: QtBot, form: ColumnsForm) -> None:
    columns = {"Title": "fields.Title 2", "Anything else?": "fields.Anything_else"}
    columns |= {"Fee (€)": "fields.Fee", "Number": "fields.Number 2", "Mail": "email"}
    form.show_columns({**columns})
    shown = [form.choices[header].currentText() for header in columns]
    assert shown[:3] == ["Field “Title”", "Field “Anything else?”", "Field “Fee (€)”"]
    assert shown[3] == "Field “Number”"
    assert offered(form.choices["Mail"]) == ["fields.Mail", ""]
    assert offered(form.choices["Title"]) == ["fields.Title 2", ""]


def test_long_headers_that_differ_late_can_be_told_apart(qtbot: QtBot, form: ColumnsForm) -> None:
    columns = [Column(f"Column number {n} with a long header", ("4",), None) for n in (1, 2)]
    form.show_columns({each.header: f"fields.{each.header}" for each in columns}, columns)
    letter = form.fontMetrics().averageCharWidth()
    for letters in (54, 64, 90):
        form.resize(letters * letter, 200)
        form.show()
        names = form.findChildren(ElidedLabel)
        assert len({each.cut_to(each.contentsRect().width()) for each in names}) == 2


def test_empty_columns_are_counted_unless_something_was_chosen(
    qtbot: QtBot, form: ColumnsForm
) -> None:
    columns = {"Mail": "email", "Fax": None, "Pager": None, "Note": None, "Room": "fields.Room"}
    samples = {"Mail": ("a@x.org",), "Fax": (), "Pager": (), "Note": ("late",), "Room": ()}
    form.show_columns(columns, [Column(name, each, None) for name, each in samples.items()])
    assert [*form.choices] == ["Mail", "Note", "Room"]
    assert form.columns() == columns
    said = [each.text() for each in form.findChildren(WholeLabel) if each.isVisibleTo(form)]
    assert said == ["2 empty columns are left out."]
    form.show_columns(columns)
    assert [*form.choices] == [*columns]


NUMBER = "number 0.00 €"
FEE = Column("Fee", ("12.50 €",), None, shown="12.50 €", plain="12.5", kind=NUMBER)
WORD = Column(
    "Anrede", ("Frau", "Herr"), "fields.A", kind="text de", words=(("Frau", 1), ("Herr", 1))
)


def ways(form: ColumnsForm) -> dict[str, Choice]:
    """Give the choices of how a column is read, by its header."""
    found = {each.accessibleName(): each for each in form.findChildren(Choice)}
    return {name: each for name in form.choices if (each := found.get(f"How “{name}” is read"))}


def test_a_value_that_is_shown_in_another_way_can_be_written_plainly(
    qtbot: QtBot, form: ColumnsForm
) -> None:
    form.show_columns({"Name": "name", "Fee": None}, [Column("Name", ("Ada",), None), FEE])
    written = ways(form)["Fee"]
    assert written.currentText() == "12.50 € · number"
    assert form.plain() == []
    with qtbot.waitSignal(form.edited):
        pick(written, "plain")
    assert (form.plain(), form.kinds()["Fee"]) == (["Fee"], NUMBER)
    for wide, words in ((3, "12.5 (plain value)"), (1, "12.5")):  # the value, in a narrow window
        written.resize(written.sizeHint().width() * wide, 30)
        assert written.words().startswith(words)
    form.show_columns({"Fee": None}, [FEE], ["Fee"])
    assert form.plain() == ["Fee"]


def test_a_column_counts_as_what_it_is_or_as_chosen(qtbot: QtBot, form: ColumnsForm) -> None:
    columns: dict[str, str | None] = {"Name": "name", "Fee": "fields.Fee", "Anrede": "fields.A"}
    name = Column("Name", ("Ada",), "name")
    town = Column("Ort", ("Ulm",), "fields.Ort")
    form.show_columns({**columns, "Ort": town.target}, [name, FEE, WORD, town])
    assert form.kinds() == {"Name": "text", "Fee": NUMBER, "Anrede": "text de", "Ort": "text"}
    read_as = ways(form)
    assert "Name" not in read_as
    assert read_as["Ort"].findData("text de") < 0
    assert read_as["Fee"].currentText() == "12.50 € · number"
    assert read_as["Anrede"].currentText() == "Frau · salutation (Deutsch)"
    for column, kind in (("Fee", "yes_no"), ("Anrede", "text fr"), ("Anrede", "text")):
        with qtbot.waitSignal(form.edited):
            pick(read_as[column], kind)
        assert (form.kinds()[column], form.plain()) == (kind, [])
    form.show_columns(columns, [name, FEE, WORD], (), {"Anrede": "text fr"})
    assert form.kinds() == {"Fee": "text", "Anrede": "text fr"}


def offered(choice: Choice) -> list[str]:
    """Give what a choice offers beside what every column can become."""
    values = [str(choice.itemData(n)) for n in range(choice.count())]
    return [value for value in values if value not in list(Target)]


def ticked(form: ColumnsForm) -> dict[str, bool]:
    return {header: tick.isChecked() for header, tick in form.ticks.items()}


def test_the_columns_that_the_message_lists_have_a_tick(qtbot: QtBot, form: ColumnsForm) -> None:
    columns = {"Mail": "email", "Room": "fields.Room", "Bemerkung": None, "Nr": None, "C": None}
    samples = {"Room": ("Blue",), "Bemerkung": ("pays late",), "Nr": ("1", "2"), "C": ()}
    form.show_columns(columns, [Column(name, each, None) for name, each in samples.items()])
    assert ticked(form) == {}
    form.ask_for([], ["name", "note", "all_fields"])
    assert ticked(form) == {"Room": True, "Bemerkung": False, "Nr": False}
    with qtbot.waitSignal(form.edited):
        form.ticks["Room"].click()
    assert form.columns()["Room"] is None
    with qtbot.waitSignal(form.edited):
        form.ticks["Bemerkung"].click()
    assert form.columns()["Bemerkung"] == "fields.Bemerkung"
    assert ticked(form) == {"Room": False, "Bemerkung": True, "Nr": False}
    with qtbot.waitSignal(form.edited):
        form.ticks["Room"].click()
    assert form.columns() == {**columns, "Bemerkung": "fields.Bemerkung"}


def test_a_template_with_fields_of_its_own_lists_only_these(
    qtbot: QtBot, form: ColumnsForm
) -> None:
    columns = {"Mail": "email", "Room": "fields.Room", "Fee": "fields.Fee", "Note": None}
    form.show_columns(columns, [Column("Note", ("late",), None)])
    form.ask_for(["fee"], ["name"])
    assert ticked(form) == {"Fee": True}
    form.ask_for(["fee"], ["name", "note"])
    assert ticked(form) == {"Fee": True, "Note": False}
    form.ticks["Note"].click()
    assert form.columns()["Note"] == Target.NOTE


@pytest.mark.parametrize(
    ("name", "written", "point"),
    [
        ("de_DE", "02.01.2001", ","),
        ("de_CH", "02.01.2001", "."),
        ("en_US", "01/02/2001", "."),
        ("en_GB", "02/01/2001", "."),
        ("sv_SE", "2001-01-02", ","),
        ("hu_HU", "2001. 01. 02.", ","),
        ("bg_BG", "02.01.2001\u202fг.", ","),
    ],
)
def test_a_date_has_four_digits_of_its_year(name: str, written: str, point: str) -> None:
    writing = writing_of(QLocale(name))
    assert writing is not None
    assert (date(2001, 1, 2).strftime(strftime_of(writing.short_date)), writing.point) == (
        written,
        point,
    )
    assert writing_of(QLocale.c()) is None


def test_chosen_encoding_is_named_in_words(qtbot: QtBot) -> None:
    read_as = ReadAs()
    qtbot.addWidget(read_as)
    choice = SheetChoice(encoding="mac_roman")
    read_as.show_description(described(CORPUS / "mac_line_ends.csv", choice))
    assert read_as.encoding.currentText() == "Western Europe (Mac)"


def test_the_way_in_use_and_the_systems_are_offered_first() -> None:
    swiss = writing_of(QLocale("de_CH"))
    assert swiss is not None
    offered = writings(swiss)
    assert next(iter(offered)) == "de_CH"
    assert offered["de_CH"] == swiss
    assert offered["en_US"].example == "1,234.50 · 12/31/2026"
    assert offered["de_DE"].long_date == "dddd, d. mmmm yyyy"
    assert offered["de_DE"].names[2][11] == "Dez"
    assert locale_name("de_DE") == "Deutsch (Deutschland)"
    assert locale_name("") == ""
