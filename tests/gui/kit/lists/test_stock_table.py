"""Columns share the room: none is cut while another has more than its words need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QStyleOptionViewItem

from desktop.gui.kit.lists.live_rows import Cell, LiveRows
from desktop.gui.kit.lists.stock_table import Share, StockTable, shared

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource

WIDTHS = st.tuples(*[st.integers(0, 900)] * 3)


@given(WIDTHS, st.tuples(st.integers(0, 300), st.integers(0, 300)), st.integers(600, 1200))
def test_no_column_is_cut_while_another_has_room_to_spare(
    needed: tuple[int, int, int], base: tuple[int, int], room: int
) -> None:
    wanted = dict(enumerate(needed))
    found = shared({1: base[0], 2: base[1]}, wanted, 0, room)
    assert sum(found.values()) == room
    cut = any(found[n] < wanted[n] for n in wanted)
    assert not (cut and any(found[n] > wanted[n] for n in wanted))


class Notes(LiveRows):
    """Names, and a text beside each."""

    def __init__(self, *texts: str) -> None:
        super().__init__("name")
        self.titles = {0: "Name", 1: "Status"}
        self.insert(0, [{"name": n, "text": text} for n, text in enumerate(texts)])

    def cell(self, position: int, column: int) -> Cell:
        row: Any = self.rows[position]
        return Cell(row["text"] if column else "Ada")


def test_a_long_text_that_comes_gets_room_and_keeps_it(qtbot: QtBot, themes: ThemeSource) -> None:
    model = Notes("Sent")
    table = StockTable(model, "Notes", 0, {1: Share(0.2, 90)})
    qtbot.addWidget(table)
    table.resize(700, 300)
    table.show()
    before = table.columnWidth(1)
    model.put(0, {"name": 0, "text": "Failed: 550 the mailbox of this person does not exist"})
    needed = table.width_needed(model.index(0, 1))
    qtbot.waitUntil(lambda: table.columnWidth(1) >= needed > before)
    model.put(0, {"name": 0, "text": "Sent"})
    table.fit_columns()
    assert table.columnWidth(1) >= needed
    table.forget_widths()
    assert table.columnWidth(1) == before


def test_a_state_that_is_cut_keeps_its_beginning_and_an_address_its_end(
    qtbot: QtBot, themes: ThemeSource
) -> None:
    table = StockTable(Notes("Failed: the mailbox does not exist"), "Notes", 0, {1: Share(0.2, 90)})
    qtbot.addWidget(table)
    table.show()
    cut, canvas = [], QPixmap(9, 9)
    painter = QPainter(canvas)
    for column in (0, 1):
        option, index = QStyleOptionViewItem(), table.model().index(0, column)
        option.textElideMode = table.textElideMode()
        table.itemDelegateForIndex(index).paint(painter, option, index)
        cut.append(option.textElideMode)
    painter.end()
    assert cut == [Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight]
