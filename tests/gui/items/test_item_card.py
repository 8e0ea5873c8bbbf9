"""The card of one item, and of several."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from desktop.gui.items import item_table
from desktop.gui.items.item_table import ItemColumn
from desktop.gui.items.item_words import why_words
from desktop.gui.kit.look.appearance import LOOK, ThemeSource
from desktop.gui.kit.widgets.texts import WholeLabel
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.states import ASIDE
from sendoff_tasks.model.times import epoch
from tests.gui.items.test_item_table import item
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytestqt.qtbot import QtBot

    from desktop.gui.items.item_card import ItemCard
    from desktop.gui.kit.words.task_row import Row
    from sendoff_tasks.model.tasks import TaskRow
    from tests.gui.items.watched_items import Watched


def names_of(card: ItemCard) -> list[QLabel]:
    """Return the names of the facts that are shown, the upmost first."""
    names = [each for each in card.facts.findChildren(QLabel) if each.buddy() and each.isVisible()]
    return sorted(names, key=lambda name: name.y())


def middles(card: ItemCard, parts: Iterable[QWidget]) -> list[int]:
    """Return where parts are in height."""
    return [each.mapTo(card, each.rect().center()).y() for each in parts]


def states(card: ItemCard, part: str) -> list[WholeLabel]:
    """Return the labels of tasks' states that say a part."""
    return [
        label
        for label in card.findChildren(WholeLabel)
        if part in label.text() and " · to " in label.text()
    ]


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
    informed = watched.view.model.index(1, ItemColumn.INFORMED)
    assert (informed.data(), informed.siblingAtRow(0).data()) == ("no · 550 unknown", "yes")
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
    watched.view.resize(1400, 700)  # no state takes two lines
    qtbot.waitUntil(lambda: middles(card, tasks) == middles(card, names_of(card))[:2])
    assert len({name.width() for name in names_of(card)}) == 1
    assert len({name.buddy().x() for name in names_of(card)}) == 1
    assert len({link.x() for link in tasks}) == 1
    assert len({link.width() for link in tasks}) == 2  # each as wide as its words
    assert "550 unknown" in card.tasks[2].accessibleName()
    with qtbot.waitSignal(card.task_chosen) as chosen:
        qtbot.mouseClick(card.tasks[2], Qt.MouseButton.LeftButton)
    assert chosen.args == [2]
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


def test_with_large_text_the_title_has_its_room_beside_the_buttons(
    qtbot: QtBot, watched: Watched, themes: ThemeSource
) -> None:
    themes.set_text_size(200)
    watched.view.resize(1024, 500)
    watched.show()
    card = watched.view.card
    line = card.title.fontMetrics().horizontalAdvance("Item 3")
    qtbot.waitUntil(lambda: card.title.width() > line)
    themes.set_text_size(100)


def test_with_large_text_in_the_smallest_window_no_button_squeezes_the_title(
    qtbot: QtBot, watched: Watched, themes: ThemeSource
) -> None:
    themes.set_text_size(200)
    watched.view.resize(818, 500)
    person = {"name": "Maximiliane von Hohenstein", "email": "p@example.org"}
    failed = task_row(3, state="failed")
    watched.shelf.kept[3] = item(3, "no", recipient=person, tasks=[failed])
    watched.show()
    title = watched.view.card.title
    longest = title.fontMetrics().horizontalAdvance("Maximiliane")
    qtbot.waitUntil(lambda: title.width() > longest, timeout=1000)
    themes.set_text_size(100)


def test_what_was_replaced_is_grey_as_in_the_table(watched: Watched) -> None:
    first = task_row(2, "failed", to="ada@example.com", error="550 unknown", seen=True)
    watched.shelf.kept[3] = item(3, "yes", tasks=[first])
    watched.show()
    (said,) = states(watched.view.card, "ada@example.com")
    assert said.palette().windowText().color() == LOOK.theme.ink(ASIDE)


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


@pytest.mark.parametrize("state", ["succeeded", "failed"])
def test_in_a_narrow_window_to_whom_and_when_a_message_went_is_whole(
    qtbot: QtBot, watched: Watched, state: str
) -> None:
    replaced = {"seen": state == "failed", "reason_data": {"task_id": 9}}
    error = "550 5.7.1 The policy of this server takes no such message from this sender"
    went = task_row(2, state, to="Hana Ito <hana.ito@example.org>", error=error, **replaced)
    watched.shelf.kept[2] = item(2, "yes", tasks=[went])
    watched.view.resize(731, 500)
    watched.show()
    watched.view.table.selectRow(1)
    card = watched.view.card
    (said,) = states(card, "hana.ito")
    qtbot.waitUntil(lambda: said.height() >= said.heightForWidth(said.width()) > 0)


SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def title(watched: Watched) -> str:
    """What stands below the table: of several items, or of one."""
    several = watched.view.several
    shown = several.tasks.title if several.isVisible() else watched.view.card.title
    assert isinstance(shown, QLabel)
    return shown.text()


def buttons(watched: Watched) -> list[str]:
    return [each.text() for each in watched.view.several.buttons.row.buttons.values()]


def test_shift_chooses_more_and_escape_the_current_one_alone(
    qtbot: QtBot, watched: Watched
) -> None:
    watched.shelf.kept[2] = item(2, "no", tasks=[task_row(2, "failed"), task_row(7, "waiting")])
    watched.show()
    table = watched.view.table
    watched.view.activateWindow()
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    assert title(watched).startswith("Item 3")
    QTest.keyClick(table, Qt.Key.Key_Down, SHIFT)
    assert (table.chosen(), title(watched)) == ([0, 1], "2 items selected · 3 tasks")
    assert watched.view.selection.selected.count == 3
    assert buttons(watched) == ["Retry (2)", "Send again (1)", "Cancel (1)"]
    assert table.give_up_selection()
    assert (table.chosen(), title(watched)) == ([1], "Item 2 · Person 2")
    assert not table.give_up_selection()


def test_all_means_those_that_were_not_read_yet_and_none_that_comes_later(
    qtbot: QtBot, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_table, "BULK_LIMIT", 12)
    for number in range(1, 11):
        watched.shelf.kept[number] = item(number)
    watched.show()
    view = watched.view
    assert len(watched.numbers) < 10
    QTest.keyClick(view.table, Qt.Key.Key_A, CTRL)
    watched.jobs.go()
    assert (len(watched.numbers), title(watched)) == (10, "10 items selected · 10 tasks")
    watched.shelf.kept[11] = item(11)
    view.rereading.note()
    qtbot.waitUntil(lambda: bool(watched.jobs.waiting))
    watched.jobs.go()
    assert (len(watched.numbers), title(watched)) == (11, "10 items selected · 10 tasks")


def test_more_than_one_call_takes_are_said_to_be_left_out(
    qtbot: QtBot, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_table, "BULK_LIMIT", 6)
    for number in range(1, 11):
        watched.shelf.kept[number] = item(number)
    watched.show()
    watched.view.table.selectAll()
    watched.jobs.go()
    words = "The first 6 items are selected: more are not possible at once · 6 tasks"
    qtbot.waitUntil(lambda: title(watched) == words)


def test_what_is_chosen_is_copied_as_a_table_and_its_addresses_each_once(
    watched: Watched,
) -> None:
    watched.show()
    view = watched.view
    view.table.selectAll()
    view.table.copy_rows()
    rows = QGuiApplication.clipboard().text().splitlines()
    assert QGuiApplication.clipboard().mimeData().html().startswith("<table><tr><th>Item</th>")
    assert [row.split("\t")[0] for row in rows] == ["3", "2", "1"]
    entries = {each.text(): each for each in view.several.menu().actions()}
    assert {"Copy as text", "Copy address"} <= entries.keys()
    entries["Copy address"].trigger()
    assert QGuiApplication.clipboard().text() == "p@example.org"


def test_their_tasks_are_followed_out_of_sight(qtbot: QtBot, watched: Watched) -> None:
    watched.shelf.kept[3] = item(3, "not_yet", tasks=[task_row(3, "queued")])
    watched.show()
    view = watched.view
    view.table.selectAll()
    assert "Cancel (1)" in buttons(watched)
    view.selection.apply({"rows": [task_row(3, "failed", rev=9)], "gone": [1]})
    qtbot.waitUntil(lambda: "Retry (1)" in buttons(watched))
    assert "Cancel (1)" not in buttons(watched)
    assert view.selection.selected.count == 2


def test_the_tasks_of_very_many_are_taken_up_a_few_at_a_time(
    qtbot: QtBot, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_table, "STEP", 4)
    for number in range(1, 11):
        tasks = [task_row(number, "failed"), task_row(100 + number, "succeeded")]
        watched.shelf.kept[number] = item(number, tasks=tasks)
    watched.show()
    selection, taken = watched.view.selection, list[int]()
    newest = selection._newest

    def counted(task: TaskRow) -> Row:
        taken.append(task["id"])
        return newest(task)

    monkeypatch.setattr(selection, "_newest", counted)
    watched.view.table.selectAll()
    watched.jobs.go()
    assert 0 < len(taken) <= 2 * 4  # so far: of what was there, then of what was read
    qtbot.waitUntil(lambda: title(watched) == "10 items selected · 20 tasks")
    assert "Retry (10)" in buttons(watched)
    for number in range(1, 11):
        watched.shelf.kept[number] = item(number, tasks=[task_row(number, "queued", rev=9)])
    watched.view.table.clearSelection()
    watched.view.table.selectAll()
    selection.apply({"rows": [task_row(n, "queued", rev=9) for n in range(1, 11)], "gone": []})
    qtbot.waitUntil(lambda: "Cancel (10)" in buttons(watched))
