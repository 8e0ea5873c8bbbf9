"""What columns become."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.gui.importing.columns_form import ColumnsForm
from desktop.gui.look.appearance import ThemeSource


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
