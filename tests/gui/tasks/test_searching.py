"""A search in the running program: keys narrow the table, and the chips count what is left."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.client.api import new_key
from desktop.gui.frame.views import BATCHES, ITEMS, TASKS
from tests.gui.batches.test_batch_model import batch
from tests.gui.hands import press

if TYPE_CHECKING:
    from tests.gui.play import Perform, Play


def test_the_chips_count_what_a_search_leaves_and_an_empty_list_says_what_all_have(
    perform: Perform,
) -> None:
    async def look(play: Play) -> None:
        for name in ("Zoe Lin", "Bo", "Zoe Lin"):
            body = {"recipient": {"name": name, "email": "a@example.org"}}
            await asyncio.to_thread(play.api.items.submit, None, body, new_key())  # type: ignore[arg-type]
        window, search = play.window, play.window.page.search
        chips = window.page.chips.chips
        await play.until(lambda: (chips[0].count, chips[6].count) == ("3", "3"))
        QTest.keyClicks(search, "to:lin state:done")
        QTest.keyClick(search, Qt.Key.Key_Return)
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
        await play.until(lambda: (chips[0].count, chips[6].count) == ("2", "2"))
        await play.until(lambda: "Confirmation e-mail" in window.page.search_menu.names["task"])
        QTest.keyClick(search, Qt.Key.Key_Escape)
        await play.until(lambda: chips[0].count == "3")
        window.page.chips.choose(("uncertain",))
        search.set_now("zoe")
        empty, others = window.page.table.empty, "Nothing in this group matches “zoe”."
        await play.until(lambda: empty.isVisible() and empty.sentence.text() == others)
        press(empty.link)
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
        assert search.text() == "zoe"
        play.window.switch.choose(ITEMS)
        items = window.items
        items.chips.choose("no")
        await play.until(lambda: items.empty.isVisible() and items.empty.sentence.text() == others)
        press(items.empty.link)
        await play.until(lambda: items.model.rowCount() == 2)
        window.page.chips.choose(("uncertain",))
        play.window.switch.choose(BATCHES)
        QTest.keyClick(play.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert play.window.switch.choice.value() == TASKS
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)

        search.set_now("wheelchair")  # it is found as soon as the index has followed
        await play.until(lambda: play.model.is_loaded and not play.model.rowCount())
        play.window.switch.choose(ITEMS)
        items.chips.choose("")
        await play.until(lambda: items.model.is_loaded and not items.model.rowCount())
        asked = {"recipient": {"email": "a@example.org"}, "fields": {"note": "Wheelchair"}}
        await asyncio.to_thread(play.api.items.submit, None, asked, new_key())  # type: ignore[arg-type]
        await play.until(lambda: items.model.rowCount() == 1)
        await play.until(lambda: play.model.rowCount() == 1)
        play.window.switch.choose(TASKS)
        await play.until(lambda: chips[0].count == "1")

    perform(look)


def test_a_draft_does_not_hide_the_started_batch_of_its_file(
    perform: Perform,
) -> None:
    async def look(play: Play) -> None:
        model, shown = play.window.batches.model, play.window.page.table.shown
        await play.until(lambda: model.is_loaded)
        started, draft = batch(7, name="members.csv"), batch(8, name="members.csv", state="draft")
        model.follow({"rows": [started], "gone": []})
        model.follow({"rows": [draft], "gone": []})
        assert shown.batches == {"members.csv": 7}
        model.follow({"rows": [batch(8, 2, name="members.csv")], "gone": []})
        assert shown.batches == {"members.csv": 8}

    perform(look)
