"""Lists of some tasks: they stay until a person leaves them, and the view before has its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from desktop.gui.tasks.filters import FILTERS
from tests.gui.play import post

if TYPE_CHECKING:
    from desktop.gui.assembly import AppWindow
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play

WIRE = """
from sendoff_tasks import CURRENT, TaskContext, Uncertain, task

@task(title="Wire")
def wire(item_id: int, ctx: TaskContext = CURRENT) -> None:
    if ctx.attempt == 1:
        raise Uncertain("No answer came")
"""


def test_a_list_stays_when_all_in_it_are_seen_and_the_search_finds_them(
    perform: Perform, data: OfficeFolder
) -> None:
    (data.tasks / "own.py").write_text(WIRE)

    async def look(play: Play) -> None:
        views, table = play.window.views, play.window.page.table
        post(play.api, "/tasks", [{"task": "wire", "args": [n]} for n in range(3)])
        await play.until(lambda: play.states() == ["uncertain"] * 3)
        page, (cause,) = play.window.page, play.api.causes()
        page.show_part("No answer came", cause=cause["cause"], seen=False)
        await play.until(lambda: play.model.is_loaded and play.has(3))
        shown = views.row.narrowed_to
        table.action_chosen.emit("seen", list(play.rows())[:2])
        await play.until(lambda: play.has(1))
        table.action_chosen.emit("seen", list(play.rows()))
        await play.until(lambda: table.empty.sentence.text() == f"“{shown}” has no tasks now.")
        assert (views.switch.choice.value(), table.empty.link.text()) == ("tasks", "Clear filter")
        table.empty.link.click()
        for typed, count in (("seen:no", 0), ("seen:yes", 3)):
            play.window.page.search.set_now(typed)
            await play.until(partial(play.has, count))
        page.search.clear_now()
        page.chips.choose("uncertain")
        await play.until(lambda: play.has(0) and page.chips.chips["seen"].count == "3")
        page.chips.chips["seen"].click()
        await play.until(partial(play.has, 3))

    perform(look)


@pytest.mark.parametrize("before", ["all", "failed"])
def test_the_chip_that_a_link_chose_is_left_with_its_part(window: AppWindow, before: str) -> None:
    page, row = window.page, window.views.row
    page.chips.choose(before)
    for verb in ("sent", "sent again"):  # one part after the other
        page.show_part(f"Batch 3 · {verb}", "done", batch_id=3)
        assert page.chips.chosen is page.table.shown.filter is FILTERS["done"]
    row.narrowed.click()
    assert row.narrowed_to == ""
    assert page.chips.chosen is page.table.shown.filter is FILTERS[before]
    page.show_part("Batch 3 · sent", "done", batch_id=3)
    page.chips.choose("cancelled")
    row.narrowed.click()
    assert page.chips.chosen is FILTERS["cancelled"]  # the person chose it


def test_tasks_that_something_leads_to_are_shown_without_the_search_of_before(
    window: AppWindow,
) -> None:
    page, search, table = window.page, window.page.search, window.page.table
    window.switch.choose("items")
    search.set_now("ada")
    page.show_part("Batch 3", batch_id=3)
    assert (search.text(), table.shown.text, table.shown.part["batch_id"]) == ("", "", 3)
    window.switch.choose("items")
    assert search.text() == "ada"
    page.show_part("Batch 3", batch_id=3)
    search.set_now("bo")
    window.switch.choose("items")
    assert search.text() == "bo"
