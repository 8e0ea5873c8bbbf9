"""Two halves stand beside each other where both have room, else one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QLineEdit, QScrollArea, QSplitter, QVBoxLayout, QWidget

from desktop.gui.kit.widgets.sheet import LEAST_HEIGHT, LEAST_WIDTH, Halves

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource

CONTENT = 300


def half(*parts: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        column.addWidget(part)
    return made


@pytest.fixture
def halves(qtbot: QtBot, themes: ThemeSource) -> Halves:
    wide = QLabel("left")
    wide.setMinimumWidth(CONTENT)
    content = half(wide)
    left = QScrollArea(widgetResizable=True)
    left.setWidget(content)
    made = Halves(left, half(QLabel("right"), QLineEdit()), (1, 2), "Width")
    qtbot.addWidget(made)
    made.resize(1000, 250)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def place_of_second(halves: Halves) -> QPoint:
    line = halves.widget()
    assert isinstance(line, QSplitter)
    second = line.widget(1)
    assert second is not None
    return second.pos()


def is_in_sight(halves: Halves, field: QWidget) -> bool:
    return halves.viewport().rect().contains(field.mapTo(halves.viewport(), QPoint(0, 0)))


def test_halves_go_below_each_other_before_one_is_too_narrow(
    halves: Halves, themes: ThemeSource, qtbot: QtBot
) -> None:
    least = themes.theme.px(LEAST_WIDTH)
    for width in (1000, CONTENT + least + 40, CONTENT + least - 1, CONTENT, 1000):
        halves.resize(width, 250)
        assert halves.is_below == (width < CONTENT + least)
        qtbot.waitUntil(lambda: (place_of_second(halves).y() > 0) == halves.is_below)
        if not halves.is_below:
            qtbot.waitUntil(
                lambda: CONTENT <= place_of_second(halves).x() <= halves.width() - least
            )


def test_below_each_other_each_has_its_height_and_the_focus_comes_into_sight(
    halves: Halves, themes: ThemeSource, qtbot: QtBot
) -> None:
    halves.resize(CONTENT + 100, 250)
    qtbot.waitUntil(lambda: place_of_second(halves).y() >= themes.theme.px(LEAST_HEIGHT))
    field = halves.findChild(QLineEdit)
    assert field is not None
    assert not is_in_sight(halves, field)
    field.setFocus()
    qtbot.waitUntil(lambda: is_in_sight(halves, field))


def test_what_is_typed_in_stays_in_sight_when_the_height_shrinks(
    halves: Halves, qtbot: QtBot
) -> None:
    """The line below grew when an address was checked, and covered half of its field."""
    (field,) = halves.findChildren(QLineEdit)
    halves.resize(CONTENT, 400)
    qtbot.waitUntil(lambda: place_of_second(halves).y() > 0)
    field.setFocus()
    qtbot.waitUntil(lambda: is_in_sight(halves, field))
    halves.resize(CONTENT, 120)
    end = field.rect().bottomLeft()
    room = halves.viewport().rect()
    qtbot.waitUntil(lambda: room.contains(field.mapTo(halves.viewport(), end)))
    assert is_in_sight(halves, field)
