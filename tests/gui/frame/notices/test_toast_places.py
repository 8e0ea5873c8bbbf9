"""Toasts lie in the corner, beside a sheet or above it, and over no button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.gui.frame.notices.toasts import Toasts
from desktop.gui.widgets.sheets.sheet import Sheet
from tests.gui.frame.notices.test_toast import show

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource


@pytest.mark.parametrize("width", [1200, 600])
def test_toasts_lie_above_a_sheet_and_beside_it_where_there_is_room(
    host: QWidget, themes: ThemeSource, width: int
) -> None:
    toasts = Toasts(host, host, themes)
    host.resize(width, 400)
    sheet = Sheet(560, host, themes)
    save = QPushButton("Save")
    sheet.foot.addWidget(save)
    toasts.stay_above(sheet)
    before = show(toasts)
    sheet.open()
    after = show(toasts)
    for toast in (before, after):
        place = toast.button.mapTo(host, toast.button.rect().center())
        assert host.childAt(place) is toast.button
        assert toast.geometry().intersects(sheet.geometry()) == (width == 600)
        assert not toast.geometry().intersects(save.rect().translated(save.mapTo(host, QPoint())))
    sheet.close()
    assert before.geometry().right() > width - 40


def beside_sheet(host: QWidget, themes: ThemeSource) -> tuple[Toasts, Sheet]:
    """Open a sheet in a window whose form is at the left; returns its toasts, and the sheet."""
    host.resize(1024, 400)
    area = QWidget(host)
    area.setGeometry(300, 0, 724, 400)
    area.show()
    toasts = Toasts(host, area, themes)
    sheet = Sheet(420, host, themes)
    toasts.stay_above(sheet)
    sheet.open()
    return toasts, sheet


def test_a_toast_covers_the_form_rather_than_the_sheet_that_is_used(
    host: QWidget, themes: ThemeSource
) -> None:
    toasts, sheet = beside_sheet(host, themes)
    shown = show(toasts).geometry()
    assert shown.right() < sheet.x()
    assert shown.left() > 0


def test_a_toast_beside_a_sheet_covers_no_button_there(host: QWidget, themes: ThemeSource) -> None:
    """*The form was cleared* lay over *Preview* and *Submit*, with room above them."""
    toasts, sheet = beside_sheet(host, themes)
    submit = QPushButton("Submit", host)
    submit.setGeometry(310, 360, 270, 30)
    submit.stackUnder(sheet)
    submit.show()
    shown = show(toasts).geometry()
    assert shown.right() < sheet.x()
    assert shown.bottom() < submit.y()


def test_a_toast_stays_in_the_corner_of_the_window_while_its_area_is_hidden(
    host: QWidget, themes: ThemeSource
) -> None:
    area = QWidget(host)
    area.setGeometry(0, 0, 600, 200)
    area.show()
    toast = show(Toasts(host, area, themes))
    assert toast.geometry().bottom() < 200
    area.hide()
    host.resize(900, 500)
    assert 840 < toast.geometry().right() < 900
    assert 440 < toast.geometry().bottom() < 500
