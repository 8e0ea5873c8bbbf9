"""The cards of the overview: no figure is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.overview.cards import Curve, Dot, FigureCard

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


def test_a_figure_has_two_lines_where_one_has_no_room(qtbot: QtBot, themes: ThemeSource) -> None:
    card = FigureCard("Done", QWidget())
    qtbot.addWidget(card)
    card.show_figure("1,204,233 in the last hour", "")
    line = card.figure.fontMetrics()
    card.resize(line.horizontalAdvance(card.figure.text()) * 2 // 3, 300)
    card.show()
    QApplication.processEvents()
    assert card.figure.height() >= 2 * line.lineSpacing()
    card.resize(line.horizontalAdvance(card.figure.text()) * 2, 300)
    QApplication.processEvents()
    assert card.figure.height() < 2 * line.lineSpacing()


@pytest.mark.parametrize("few", [[4.0], [4.0, 4.0]])
def test_few_values_stand_on_the_line_below_them(
    qtbot: QtBot, themes: ThemeSource, few: list[float]
) -> None:
    curve = Curve("Running", "accent")
    qtbot.addWidget(curve)
    curve.resize(300, 150)
    curve.show_dots([*(Dot(value) for value in few), *[Dot(None)] * 20, Dot(0.0)], ())
    picture = curve.grab().toImage()
    middle = [picture.pixelColor(x, 70) for x in range(curve.width())]
    assert themes.theme.color("accent") in middle
