"""A search in the running program: keys narrow the table, and the chips count what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gui.play import Play, Scene


def test_the_chips_count_what_a_search_leaves(perform: Callable[[Scene], None]) -> None:
    async def look(play: Play) -> None:
        for name in ("Ada Lin", "Bo", "Cy Lin"):
            play.submit(name)
        chips = play.parts.chips.chips
        await play.until(lambda: (chips[0].count, chips[6].count) == ("3", "3"))
        QTest.keyClicks(play.parts.search, "to:lin state:done")
        QTest.keyClick(play.parts.search, Qt.Key.Key_Return)
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
        await play.until(lambda: (chips[0].count, chips[6].count) == ("2", "2"))
        play.submit("Di Lin")
        await play.until(lambda: chips[0].count == "3")
        QTest.keyClick(play.parts.search, Qt.Key.Key_Escape)
        await play.until(lambda: chips[0].count == "4")
        await play.until(lambda: "Confirmation e-mail" in play.parts.search_menu.names["task"])

    perform(look)
