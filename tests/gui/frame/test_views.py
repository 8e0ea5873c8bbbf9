"""Lists of some tasks: they stay until a person leaves them, and the view before has its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QWidget

from desktop.client.api import new_key
from desktop.gui.kit.widgets.buttons import Link
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.hands import is_bare, press
from tests.gui.play import post

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.gui.assembly import AppWindow
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Perform, Play

WIRE = """
from desktop.engine import CURRENT, TaskContext, Uncertain, task

@task(title="Wire")
def wire(item_id: int, ctx: TaskContext = CURRENT) -> None:
    if ctx.attempt == 1:
        raise Uncertain("No answer came")
"""


async def run_again(play: Play) -> None:
    """Select all that is shown, press the button that has it run again, and say yes."""
    play.window.page.table.selectAll()

    def again(place: QWidget) -> list[QPushButton]:
        buttons = place.findChildren(QPushButton)
        return [
            each for each in buttons if each.isVisible() and each.text().startswith("Run again")
        ]

    for place in (play.window.page.detail, play.window.notices):
        await play.until(partial(again, place))
        press(again(place)[0])


def test_the_list_of_a_cause_stays_when_a_person_has_dealt_with_all_of_it(
    perform: Perform, data: DataFolder, tmp_path: Path
) -> None:
    (data.tasks / "own.py").write_text(WIRE)

    async def confirm(play: Play) -> None:
        window, card = play.window, play.window.batches.card
        number = bring(play, tmp_path / "members.csv", 3, tasks=["wire"])
        play.api.batches.start(number, new_key())
        window.switch.choose("batches")
        await play.until(lambda: any(map(is_bare, card.causes.findChildren(Link))))
        await play.until(lambda: [label.text()[0] for label in card.causes.counts] == ["3"])
        (what_happened,) = card.causes.findChildren(Link)
        press(what_happened)
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 3)
        await play.until(
            lambda: len(play.window.page.table.selection.ids) == 1
        )  # its verbs stand there
        await run_again(play)
        empty = play.window.page.table.empty
        await play.until(lambda: empty.isVisible() and play.has(0))
        named = window.views.row.narrowed_to
        assert (window.switch.choice.value(), named[:7]) == ("tasks", "Batch 1")
        assert empty.sentence.text() == f"“{named}” has no tasks now."
        press(empty.link)
        await play.until(lambda: play.states() == ["succeeded"] * 3)
        assert window.views.row.narrowed_to == ""

    perform(confirm)


def test_a_list_stays_when_all_in_it_are_seen_and_the_search_finds_them(
    perform: Perform, data: DataFolder
) -> None:
    (data.tasks / "own.py").write_text(WIRE)

    async def look(play: Play) -> None:
        views, table = play.window.views, play.window.page.table
        post(play.api, "/tasks", [{"task": "wire", "args": [n]} for n in range(3)])
        await play.until(lambda: play.states() == ["uncertain"] * 3)
        play.window.switch.choose("causes")
        await play.until(lambda: play.window.causes.model.rowCount() == 1)
        play.window.causes.action_chosen.emit("tasks", play.api.causes()[0])
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
        page = play.window.page
        page.search.clear_now()
        page.chips.choose(("uncertain",))
        dealt_with = "3 others were sent again or marked as seen."
        await play.until(lambda: play.has(0) and page.dealt_with.words.text() == dealt_with)
        assert page.dealt_with.isVisible()
        press(page.dealt_with.link)
        await play.until(partial(play.has, 3))
        await play.until(lambda: page.chips.chips[5].count == "3")
        assert (page.search.text(), page.dealt_with.isVisible()) == ("seen:yes", False)

    perform(look)


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
