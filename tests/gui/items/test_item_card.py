"""One item in words: its person, its tasks, and what became of each message."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop.gui.items.item_table import ItemColumn
from desktop.gui.items.item_words import why_words
from desktop.gui.kit.look.appearance import ThemeSource
from desktop.gui.kit.widgets.texts import ElidedLabel
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.task_row import epoch
from tests.gui.items.test_item_model import item
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytestqt.qtbot import QtBot

    from desktop.gui.items.item_card import ItemCard
    from tests.gui.items.watched_items import Watched


def names_of(card: ItemCard) -> list[QLabel]:
    """Return the names of the facts that are shown, the upmost first."""
    names = [each for each in card.facts.findChildren(QLabel) if each.buddy() and each.isVisible()]
    return sorted(names, key=lambda name: name.y())


def middles(card: ItemCard, parts: Iterable[QWidget]) -> list[int]:
    """Return where parts are in height."""
    return [each.mapTo(card, each.rect().center()).y() for each in parts]


def test_the_chosen_item_stands_below_with_its_words_and_tasks(
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
    assert card.title.text() == "Item 2 · Person 2"
    assert card.informed.text() == "Not informed. 550 unknown."
    why = watched.view.model.index(1, ItemColumn.WHY)
    assert (why.data(), why.siblingAtRow(0).data()) == ("550 unknown", "")
    assert card.facts.lines() == [
        "To: Person 2 <p@example.org>",
        "Title: Booking 2",
        "Note: aisle seat",
        "Seats: 2",
        "The heading of a column of no use: x",
    ]
    assert [*card.row.buttons][-3:] == ["correct", "tasks", "forget"]  # others come before
    rare = card.row.buttons["forget"]  # it is in the menu
    shown = [each for each in card.row.buttons.values() if each is not rare]
    qtbot.waitUntil(lambda: all(each.isVisible() for each in shown))
    assert list(card.tasks) == [9, 2]
    tasks = card.tasks.values()
    qtbot.waitUntil(lambda: middles(card, tasks) == middles(card, names_of(card))[:2])
    assert len({name.width() for name in names_of(card)}) == 1
    assert len({name.buddy().x() for name in names_of(card)}) == 1
    assert len({link.x() for link in tasks}) == 1
    assert len({link.width() for link in tasks}) == 2  # each as wide as its words
    assert "550 unknown" in card.tasks[2].accessibleName()
    with qtbot.waitSignal(card.task_chosen) as chosen:
        qtbot.mouseClick(card.tasks[2], Qt.MouseButton.LeftButton)
    assert chosen.args == [2, 2]
    with qtbot.waitSignal(card.correction_chosen) as wanted:
        qtbot.mouseClick(card.row.buttons["correct"], Qt.MouseButton.LeftButton)
    assert wanted.args[0] in {2, 9}
    card.show_history(["Until 9:00", "Title: Opera"])
    watched.shelf.kept[2] = item(2, "yes")
    watched.view.rereading.note()
    qtbot.waitUntil(lambda: bool(watched.jobs.waiting))
    watched.jobs.go()
    assert card.informed.text().startswith("Informed: ")
    assert "Opera" in card.history.text()


def test_a_name_without_a_break_makes_the_card_no_wider(
    qtbot: QtBot, watched: Watched, themes: ThemeSource
) -> None:
    name = "unbroken" * 25
    failed = task_row(3, state="failed", error=f"550 {name} is not known", queue="mail")
    person = {"name": name, "email": "p@example.org"}
    watched.shelf.kept[3] = item(3, "no", recipient=person, title="Tour" * 50, tasks=[failed])
    watched.view.resize(700, 500)
    watched.show()
    card = watched.view.card
    assert name in card.title.text()
    assert card.minimumSizeHint().width() <= watched.view.width()
    qtbot.waitUntil(lambda: card.title.height() > 2 * card.fontMetrics().height())
    assert name in card.informed.text()


def test_an_item_says_that_a_person_marked_its_message_as_sent(watched: Watched) -> None:
    marked = task_row(2, to="ada@example.org", reason="settled_by_person", attempt=2)
    watched.shelf.kept[2] = item(2, "yes", tasks=[marked])
    watched.show()
    watched.view.table.selectRow(1)
    assert why_words(watched.shelf.kept[2]) == "Marked as sent by a person"
    card = watched.view.card
    when = day_and_time(epoch(marked["finished_at"]) or 0.0, time.time())
    assert card.informed.text() == f"Informed: marked as sent by a person, {when}."
    line = "Sent · to ada@example.org · Marked as sent by a person"
    assert card.tasks[2].accessibleName() == f"Confirmation e-mail: {line}"


def test_each_message_says_to_whom_and_when_it_went_and_a_copy_that_it_is_one(
    watched: Watched,
) -> None:
    sent = task_row(2, to="Ada <ada@example.org>")
    refused = task_row(3, "failed", to="Ada <ada@example.com>", error="550 unknown")
    copy = task_row(4, to="cy@example.org", copy=True)
    watched.shelf.kept[3] = item(3, "no", tasks=[refused, copy])
    watched.shelf.kept[2] = item(2, "yes", tasks=[refused, sent, copy])
    watched.show()
    card, now = watched.view.card, time.time()
    assert card.informed.text() == "Not informed. 550 unknown."  # by its own message
    watched.view.table.selectRow(1)
    said = {number: link.accessibleName() for number, link in card.tasks.items()}
    moments = [day_and_time(epoch(each["finished_at"]) or 0.0, now) for each in (sent, copy)]
    assert said == {
        4: f"Confirmation e-mail: Sent · {moments[1]} · copy to cy@example.org",
        3: "Confirmation e-mail: Failed · to ada@example.com · 550 unknown",
        2: f"Confirmation e-mail: Sent · {moments[0]} · to ada@example.org",
    }
    assert moments[0] in card.informed.text()


def test_in_a_narrow_window_to_whom_and_when_a_message_went_is_whole(
    qtbot: QtBot, watched: Watched
) -> None:
    """At 1024 pixels it was *Sent · 4:23…example.org* beside facts that left half a line empty."""
    sent = task_row(2, to="Hana Ito <hana.ito@example.org>")
    watched.shelf.kept[2] = item(2, "yes", tasks=[sent])
    watched.view.resize(731, 500)
    watched.show()
    watched.view.table.selectRow(1)
    card = watched.view.card
    (said,) = (each for each in card.findChildren(ElidedLabel) if "hana.ito" in each.text())
    qtbot.waitUntil(lambda: said.width() >= said.fontMetrics().horizontalAdvance(said.text()))
