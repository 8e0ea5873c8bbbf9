"""The desk's page of one item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from desktop.gui.items.item_table import ItemColumn
from desktop.gui.kit.widgets.texts import WholeLabel
from tests.gui.items.test_item_table import item
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.items.item_card import ItemCard
    from tests.gui.items.watched_items import Watched


def states(card: ItemCard, part: str) -> list[WholeLabel]:
    """Return the labels of tasks' states that say a part."""
    return [
        label
        for label in card.history.tasks.findChildren(WholeLabel)
        if part in label.text() and " · to " in label.text()
    ]


def test_the_chosen_item_stands_on_the_desk_with_its_words_and_tasks(
    qtbot: QtBot, watched: Watched
) -> None:
    card = watched.view.card
    failed = task_row(2, state="failed", error="550 unknown", queue="mail")
    fields = {"note": "aisle seat", "seats": 2, "The heading of a column of no use": "x"}
    receipt = task_row(9, item_id=2, title="Receipt")
    watched.shelf.kept[2] = item(2, "no", fields=fields, tasks=[failed, receipt])
    watched.show()
    assert card.item_id == 3
    qtbot.keyClick(watched.view.table, Qt.Key.Key_Down)
    assert (card.head.name.text(), card.head.number.text()) == ("Person 2", "no. 2")
    assert (card.lead.headline.text(), card.lead.line.text()) == ("Not informed", "550 unknown.")
    status = watched.view.model.index(1, ItemColumn.STATUS)
    assert (status.data(), status.siblingAtRow(0).data()) == ("no · 550 unknown", "yes")
    assert card.paper.facts.lines() == [
        "To: Person 2 <p@example.org>",
        "Title: Booking 2",
        "Note: aisle seat",
        "Seats: 2",
        "The heading of a column of no use: x",
    ]
    assert card.foot.texts == ["Show its tasks"]
    assert [each.verb for each in card.shown.head.more] == ["forget"]
    links = card.history.tasks.links
    assert list(links) == [9, 2]
    assert "550 unknown" in links[2].accessibleName()
    with qtbot.waitSignal(card.task_chosen) as chosen:
        links[2].click()
    assert chosen.args == [2]
    with qtbot.waitSignal(card.tasks_chosen) as chosen:
        card.foot.left[0].click()
    assert chosen.args == [2]
    card.show_history(["Until 9:00", "Title: Opera"])
    watched.shelf.kept[2] = item(2, "yes")
    watched.view.rereading.note()
    qtbot.waitUntil(lambda: bool(watched.jobs.waiting))
    watched.jobs.go()
    assert card.lead.headline.text().startswith("Informed: ")
    assert card.history.deeds.text() == "Until 9:00\nTitle: Opera"
    qtbot.keyClick(watched.view.table, Qt.Key.Key_Up)
    assert card.history.deeds.isHidden()
