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
    from collections.abc import Callable

    from tests.gui.play import Play, Scene


def test_the_chips_count_what_a_search_leaves(perform: Callable[[Scene], None]) -> None:
    async def look(play: Play) -> None:
        for name in ("Ada Lin", "Bo", "Cy Lin"):
            play.submit(name)
        chips = play.window.page.chips.chips
        await play.until(lambda: (chips[0].count, chips[6].count) == ("3", "3"))
        QTest.keyClicks(play.window.page.search, "to:lin state:done")
        QTest.keyClick(play.window.page.search, Qt.Key.Key_Return)
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
        await play.until(lambda: (chips[0].count, chips[6].count) == ("2", "2"))
        play.submit("Di Lin")
        await play.until(lambda: chips[0].count == "3")
        QTest.keyClick(play.window.page.search, Qt.Key.Key_Escape)
        await play.until(lambda: chips[0].count == "4")
        await play.until(
            lambda: "Confirmation e-mail" in play.window.page.search_menu.names["task"]
        )

    perform(look)


def test_a_search_that_its_chip_leaves_empty_says_what_all_have(
    perform: Callable[[Scene], None],
) -> None:
    async def look(play: Play) -> None:
        for name in ("Zoe", "Zoe"):
            body = {"recipient": {"name": name, "email": "a@example.org"}}
            await asyncio.to_thread(play.api.items.submit, None, body, new_key())  # type: ignore[arg-type]
        await play.until(lambda: play.states() == ["succeeded"] * 2)
        window, search = play.window, play.window.page.search
        window.page.chips.choose(("uncertain",))
        search.set_now("zoe")
        empty, others = (
            window.page.table.empty,
            "Nothing in this group matches “zoe”, but 2 others do.",
        )
        await play.until(lambda: empty.isVisible() and empty.sentence.text() == others)
        search.set_now("nowhere")
        none = "Nothing matches “nowhere”."
        await play.until(lambda: empty.isVisible() and empty.sentence.text() == none)
        assert empty.link.text() == "Clear"
        search.set_now("zoe")
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

    perform(look)


def test_a_draft_does_not_hide_the_started_batch_of_its_file(
    perform: Callable[[Scene], None],
) -> None:
    """``batch:members.csv`` found nothing once the file was imported again."""

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


def test_a_field_finds_its_item_and_task_as_soon_as_the_index_has_followed(
    perform: Callable[[Scene], None],
) -> None:
    async def look(play: Play) -> None:
        play.window.page.search.set_now("wheelchair")
        await play.until(lambda: play.model.is_loaded)
        play.window.switch.choose(ITEMS)
        items = play.window.items.model
        await play.until(lambda: items.is_loaded)
        asked = {"recipient": {"email": "a@example.org"}, "fields": {"note": "Wheelchair"}}
        await asyncio.to_thread(play.api.items.submit, None, asked, new_key())  # type: ignore[arg-type]
        await play.until(lambda: items.rowCount() == 1)
        await play.until(lambda: play.model.rowCount() == 1)
        play.window.switch.choose(TASKS)
        await play.until(lambda: play.window.page.chips.chips[0].count == "1")

    perform(look)
