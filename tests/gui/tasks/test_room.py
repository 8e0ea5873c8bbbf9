"""A new task that a filter hides is told of, until the list shows others."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop.gui.tasks.room import HIDDEN

if TYPE_CHECKING:
    from tests.gui.play import Perform, Play


def hidden(play: Play) -> str:
    bars = play.window.notices
    return bars.text(HIDDEN) if HIDDEN in bars.names() else ""


async def a_booking_behind_an_old_filter_is_told_of(play: Play) -> None:
    play.submit("Ada")
    await play.until(partial(play.has, 1))
    assert not hidden(play)
    play.window.page.search.set_now("to:bo@example.org")
    play.submit("Ada Lovelace")
    await play.until(lambda: hidden(play) == "1 new task is hidden by the filter.")
    play.submit("Ada Byron")
    await play.until(lambda: hidden(play) == "2 new tasks are hidden by the filter.")
    play.window.notices.choose(HIDDEN, "clear")
    await play.until(partial(play.has, 3))
    assert not hidden(play)


async def what_the_filter_shows_is_not(play: Play) -> None:
    play.window.page.search.set_now("to:ada@example.org")
    play.submit("Ada King")
    await play.until(partial(play.has, 4))
    await play.until(lambda: not play.program.jobs.under_way)
    assert not hidden(play)
    play.window.page.chips.choose("failed")
    play.submit("Ada Byron")
    await play.until(lambda: hidden(play))
    play.window.page.chips.choose("all")
    await play.until(lambda: not hidden(play))


async def it_is_told_of_behind_one_task_too(play: Play) -> None:
    play.window.page.show_part("Task 1", ids=(1,))
    play.submit("Ada Lovelace")
    await play.until(lambda: hidden(play))
    play.window.page.show_all()
    await play.until(lambda: not hidden(play))


def test_new_tasks_that_the_list_hides(perform: Perform) -> None:
    perform(
        a_booking_behind_an_old_filter_is_told_of,
        what_the_filter_shows_is_not,
        it_is_told_of_behind_one_task_too,
    )
