"""The name of a batch above what is told of it: as much of it as its buttons leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QLabel

from desktop.gui.batches.batch_card import BatchCard
from desktop.gui.kit.widgets.buttons import Link
from tests.gui.batches.test_batch_model import batch

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


def test_a_name_is_cut_only_where_a_button_stands(qtbot: QtBot, themes: ThemeSource) -> None:
    """*Batch 2: guest…o correct.xlsx* stood beside 300 pixels of nothing."""
    card = BatchCard()
    qtbot.addWidget(card)
    name = "guests of the summer concert to correct.xlsx"
    card.resize(1000, 300)
    card.show()
    title = next(each for each in card.findChildren(QLabel) if each.property("role") == "title")

    def show(**counts: int) -> int:
        shown = batch(2, state="done", sheet="a", name=name, counts={"rows": 90, **counts})
        card.show_batch(shown)
        QApplication.processEvents()
        first = min(each.x() for each in card.row.buttons.values() if each.isVisible())
        assert 0 < first - title.geometry().right() <= 2 * card.row.spacing()
        return title.width() - title.fontMetrics().horizontalAdvance(title.text())

    whole = show(sent=90)
    assert whole >= 0
    assert show(sent=70, failed=20) < whole, "*Send the 20 that failed* stands in its end"
    assert show(sent=90) == whole


def test_in_a_narrow_card_nothing_is_to_be_scrolled_sideways(
    qtbot: QtBot, themes: ThemeSource
) -> None:
    """Large text beside the form: *162 of* was cut, and what helps was out of sight."""
    causes = [
        {"cause": "a", "title": "?", "about": {"kind": "task"}, "count": 5, "cure": "resolve"}
    ]
    counts = {"rows": 90, "open": 20, "sent": 60, "uncertain": 5}
    card = BatchCard()
    qtbot.addWidget(card)
    card.show_batch(batch(2, sheet="a", counts=counts, causes=causes))
    (link,) = (each for each in card.causes.findChildren(Link) if each.isVisibleTo(card))
    about = card.causes.abouts[0]
    for units, is_beside in ((900, True), (330, False), (900, True)):
        card.resize(themes.theme.px(units), 600)
        card.show()
        QApplication.processEvents()
        assert card.width() <= themes.theme.px(units)
        assert card.minimumSizeHint().width() <= themes.theme.px(units)
        assert (link.x() > about.geometry().right()) is is_beside
        assert is_beside or link.y() >= about.geometry().bottom()
