"""The cards of the overview: no figure is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.overview.cards import FigureCard

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


def test_a_figure_has_two_lines_where_one_has_no_room(qtbot: QtBot, themes: ThemeSource) -> None:
    """Large text beside the form said *233 in the last h…*."""
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
