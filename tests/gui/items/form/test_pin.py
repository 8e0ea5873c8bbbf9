"""A pin says which field it keeps, shows its state by shape, and leaves the cursor where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication

from desktop.gui.items.form.form_fields import Pin
from desktop.gui.items.form.item_form import ItemForm
from desktop.gui.items.form.item_kind import NAME, TITLE, item

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


def opaque_pixels(pin: Pin) -> int:
    image = pin.icon().pixmap(pin.iconSize()).toImage()
    places = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return sum(image.pixelColor(x, y).alpha() > 128 for x, y in places)


def test_a_click_sets_it_shows_it_and_leaves_the_cursor(
    qtbot: QtBot, themes: ThemeSource, settings: QSettings
) -> None:
    form = ItemForm(item(), settings)
    qtbot.addWidget(form)
    form.show()
    qtbot.waitUntil(form.isActiveWindow)
    pin, before = form.pins[TITLE], opaque_pixels(form.pins[TITLE])
    assert QApplication.focusWidget() is form.fields[NAME].editor
    qtbot.mouseClick(pin, Qt.MouseButton.LeftButton)
    assert pin.isChecked()
    assert opaque_pixels(pin) > before
    assert QApplication.focusWidget() is form.fields[NAME].editor
    assert pin.accessibleName() == "Keep “Title” for the next item"


def test_an_item_that_comes_back_shows_its_own_title_and_the_pin_keeps_its(
    qtbot: QtBot, themes: ThemeSource, settings: QSettings
) -> None:
    form = ItemForm(item(), settings)
    qtbot.addWidget(form)
    qtbot.keyClicks(form.fields[TITLE].editor, "Spring concert, 2nd")
    form.pins[TITLE].click()
    form.restore({"number": "", "values": {NAME: "Fay", TITLE: "Summer"}, "tasks": []})
    assert form.fields[TITLE].text() == "Summer"
    form.clear()
    assert form.is_empty()
    assert form.fields[TITLE].text() == "Spring concert, 2nd"
