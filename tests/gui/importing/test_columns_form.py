"""What columns become."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.gui.importing.columns_form import ColumnsForm
from desktop.gui.look.appearance import ThemeSource
from desktop.gui.widgets.choice import Choice
from desktop.sheets.description import Target


def test_a_target_belongs_to_one_column(qtbot: QtBot, qapp: QApplication) -> None:
    form = ColumnsForm(ThemeSource(qapp))
    qtbot.addWidget(form)
    columns = {"Mail": "email", "Mail 2": "fields.mail_2", "Seats": None}
    form.show_columns(columns, {"Seats": ("", "4")})
    assert form.columns() == columns
    second = form.choices["Mail 2"]
    second.set_value("email")
    with qtbot.waitSignal(form.edited):
        second.chosen.emit("email")
    assert form.columns() == {"Mail": None, "Mail 2": "email", "Seats": None}


def test_what_the_template_asks_for_and_no_column_fills_is_offered(
    qtbot: QtBot, qapp: QApplication
) -> None:
    form = ColumnsForm(ThemeSource(qapp))
    qtbot.addWidget(form)
    form.ask_for(["betrag", "Frist", "fällig am", "E-Mail-Adresse"])
    columns = {
        "E-Mail-Adresse": "email",
        "Beitrag": "fields.Beitrag",
        "Fällig_am": "fields.Fällig_am",
    }
    form.show_columns(columns, {})
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


def offered(choice: Choice) -> list[str]:
    """Give what a choice offers beside what every column can become."""
    values = [str(choice.itemData(n)) for n in range(choice.count())]
    return [value for value in values if value not in list(Target)]
