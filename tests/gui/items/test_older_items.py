"""The place *Older items*: its search, and when it is read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.gui.items.test_item_table import item

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.gui.items.watched_items import Watched

pytestmark = pytest.mark.dressed


def test_out_of_sight_nothing_is_read_and_in_sight_at_most_twice_a_second(
    qtbot: QtBot, watched: Watched
) -> None:
    view = watched.view
    view.rereading.note()
    view.show_text("ada")
    view.show_text("")
    assert not watched.jobs.waiting
    watched.show()
    assert watched.shelf.asked == 1
    watched.shelf.kept[4] = item(4)
    for _ in range(5):
        view.rereading.note()
        watched.jobs.go()
    assert watched.shelf.asked == 1
    qtbot.waitUntil(lambda: bool(watched.jobs.waiting))
    watched.jobs.go()
    assert (watched.shelf.asked, watched.numbers) == (2, [4, 3, 2, 1])


def test_keys_of_a_search_are_understood_or_said_to_be_of_tasks(watched: Watched) -> None:
    watched.show()
    view = watched.view
    view.batches = {"may.csv": 7}
    for text, words, batch in (
        ("to:ada opera", "opera ada", None),
        ("batch:May.csv error:550", "550", 7),
        ("batch:3", "", 3),
    ):
        view.show_text(text)
        assert (view.model.query.text, view.model.query.batch_id) == (words, batch)
        watched.jobs.go()
    watched.shelf.kept.clear()
    view.show_text("state:failed queue:mail")
    watched.jobs.go()
    said = "Items cannot be searched by “state:”, “queue:”. Go back to the tasks for that."
    assert view.empty.sentence.text() == said
    view.show_text("note:33")
    watched.jobs.go()
    said = "Nothing matches “note:33”. The search does not know “note:”. It knows to:, error:, "
    assert view.empty.sentence.text() == f"{said}batch:."
