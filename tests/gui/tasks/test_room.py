"""What the list does not show is told of: tasks that a filter hides, and people from before."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from sendoff_tasks.client.calls import new_key

if TYPE_CHECKING:
    from tests.gui.play import Perform, Play


def hidden(play: Play) -> str:
    return next((each for each in play.notes() if "hidden by the filter" in each), "")


async def a_booking_behind_an_old_filter_is_told_of(play: Play) -> None:
    play.submit("Ada")
    await play.until(partial(play.has, 1))
    await play.until(lambda: not play.program.jobs.under_way)  # the window knows that it added it
    assert not hidden(play)
    play.window.page.search.set_now("to:bo@example.org")
    play.submit("Ada Lovelace")
    await play.until(lambda: hidden(play) == "1 new task is hidden by the filter.")
    play.submit("Ada Byron")
    await play.until(lambda: hidden(play) == "2 new tasks are hidden by the filter.")
    (await play.note("hidden by the filter")).use()
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


async def a_search_ends_with_the_people_whose_tasks_are_gone(play: Play) -> None:
    window = play.window
    person = {"recipient": {"name": "Zoe", "email": "zoe@example.org"}, "tasks": []}
    await asyncio.to_thread(play.api.items.submit, None, person, new_key())  # type: ignore[arg-type]
    window.page.search.set_now("zoe")
    before = window.page.list.before
    await play.until(before.isVisible)
    assert before.words.text() == "1 person from before"
    before.link.click()
    assert window.items.is_open
    await play.until(lambda: window.items.model.rowCount() == 1)
    window.places.go_home()
    window.page.search.clear_now()
    assert before.isHidden()


def test_new_tasks_that_the_list_hides(perform: Perform) -> None:
    perform(
        a_booking_behind_an_old_filter_is_told_of,
        what_the_filter_shows_is_not,
        it_is_told_of_behind_one_task_too,
        a_search_ends_with_the_people_whose_tasks_are_gone,
    )
