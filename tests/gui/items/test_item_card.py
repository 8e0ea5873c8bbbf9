"""The desk's page of one item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from desktop.gui.items.item_table import ItemColumn
from desktop.gui.kit.look.appearance import LOOK, ThemeSource
from desktop.gui.kit.widgets.texts import WholeLabel
from desktop.gui.kit.words.states import ASIDE
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


def test_a_name_without_a_break_makes_the_page_no_wider(
    qtbot: QtBot, watched: Watched, themes: ThemeSource
) -> None:
    name = "unbroken" * 25
    failed = task_row(3, state="failed", error=f"550 {name} is not known", queue="mail")
    person = {"name": name, "email": "p@example.org"}
    watched.shelf.kept[3] = item(3, "no", recipient=person, title="Tour" * 50, tasks=[failed])
    watched.view.card.resize(700, 500)
    watched.show()
    card = watched.view.card
    assert card.head.name.text() == name
    assert card.minimumSizeHint().width() <= watched.view.width()
    assert name in card.lead.line.text()


def test_what_was_replaced_is_grey_as_in_the_table(watched: Watched) -> None:
    first = task_row(2, "failed", to="ada@example.com", error="550 unknown", seen=True)
    watched.shelf.kept[3] = item(3, "yes", tasks=[first])
    watched.show()
    (said,) = states(watched.view.card, "ada@example.com")
    assert said.palette().windowText().color() == LOOK.theme.ink(ASIDE)


@pytest.mark.parametrize("state", ["succeeded", "failed"])
def test_to_whom_and_when_a_message_went_is_whole_in_a_narrow_window(
    qtbot: QtBot, watched: Watched, state: str
) -> None:
    replaced = {"seen": state == "failed", "reason_data": {"task_id": 9}}
    error = "550 5.7.1 The policy of this server takes no such message from this sender"
    went = task_row(2, state, to="Hana Ito <hana.ito@example.org>", error=error, **replaced)
    watched.shelf.kept[2] = item(2, "yes", tasks=[went])
    watched.view.card.resize(731, 500)
    watched.show()
    watched.view.table.selectRow(1)
    (said,) = states(watched.view.card, "hana.ito")
    qtbot.waitUntil(lambda: said.height() >= said.heightForWidth(said.width()) > 0)
