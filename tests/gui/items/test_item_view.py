"""The view of items: keys and clicks, chips, and when it is read again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop.client.api import ApiSource
from desktop.gui.items.item_model import ItemColumn, ItemModel
from desktop.gui.items.item_view import ItemView
from desktop.gui.items.item_words import why_words
from desktop.gui.look.appearance import ThemeSource
from desktop.gui.tasks.task_row import epoch
from desktop.gui.widgets.lists.list_widths import title_width
from desktop.gui.widgets.texts import ElidedLabel
from desktop.gui.words.ages import day_and_time
from tests.gui.items.test_item_model import Later, Shelf, item
from tests.gui.tasks.task_source import task_row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytestqt.qtbot import QtBot

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.items.item_card import ItemCard

TAB = Qt.FocusPolicy.TabFocus


class Watched:
    """A view of items on a shelf."""

    def __init__(self, qtbot: QtBot, themes: ThemeSource) -> None:
        self.shelf, self.jobs = Shelf(), Later()
        for number in (1, 2, 3):
            self.shelf.kept[number] = item(number, "no" if number == 2 else "yes")
        source = ApiSource(self.shelf)  # type: ignore[arg-type]
        self.view = ItemView(ItemModel(source, self.jobs), themes)  # type: ignore[arg-type]
        qtbot.addWidget(self.view)
        qtbot.addWidget(self.view.chips)
        self.view.resize(900, 400)

    def show(self) -> None:
        self.view.show()
        self.view.chips.show()
        self.jobs.go()

    @property
    def numbers(self) -> list[int]:
        return [each["item_id"] for each in self.view.model.rows]


def test_nothing_is_cut_beside_a_column_that_stands_empty(qtbot: QtBot, watched: Watched) -> None:
    """Name, title and task were cut, and *Why* kept its room though nothing went wrong."""
    for number in (1, 2, 3):
        watched.shelf.kept[number] = item(number, "yes")
    watched.show()
    table = watched.view.table
    qtbot.waitUntil(lambda: ItemColumn.TASKS in table._widths._needed)
    needed = [table._width_needed(0, column) for column in ItemColumn]
    assert needed[ItemColumn.WHY] == 0
    titled = [title_width(table, table._themes.theme, column) for column in ItemColumn]
    table.resize(sum(map(max, needed, titled)) + 30, 400)
    assert all(table.columnWidth(column) >= needed[column] for column in ItemColumn)


@pytest.fixture
def watched(qtbot: QtBot, themes: ThemeSource) -> Watched:
    return Watched(qtbot, themes)


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


def test_tab_leads_to_the_chosen_chip_and_arrows_choose_another(
    qtbot: QtBot, watched: Watched
) -> None:
    """Also to one that was chosen elsewhere; Qt leads to the one that was in focus last."""
    watched.show()
    row = watched.view.chips
    qtbot.waitUntil(row.isActiveWindow)
    chips = row.chips
    heard: list[str] = []
    row.kind_chosen.connect(heard.append)
    qtbot.mouseClick(chips["not_sure"], Qt.MouseButton.LeftButton)
    row.choose("yes")
    assert [kind for kind, chip in chips.items() if chip.focusPolicy() & TAB] == ["yes"]
    chips["yes"].setFocus()
    qtbot.keyClick(chips["yes"], Qt.Key.Key_Right)
    qtbot.keyClick(chips["not_yet"], Qt.Key.Key_Right)
    assert heard == ["not_sure", "yes", "not_yet", "no"]
    assert chips["no"].hasFocus()
    assert [kind for kind, chip in chips.items() if chip.focusPolicy() & TAB] == ["no"]


def test_enter_or_a_double_click_wants_the_tasks_of_an_item(qtbot: QtBot, watched: Watched) -> None:
    watched.show()
    table = watched.view.table
    qtbot.keyClick(table, Qt.Key.Key_Down)
    with qtbot.waitSignal(watched.view.tasks_wanted) as wanted:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert wanted.args == [2]
    where = table.visualRect(table.model().index(2, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    with qtbot.waitSignal(watched.view.tasks_wanted) as wanted:
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert wanted.args == [1]


def test_in_a_narrow_window_it_is_still_seen_who_was_told(watched: Watched) -> None:
    watched.view.resize(700, 300)
    watched.show()
    header = watched.view.table.horizontalHeader()
    edge = header.sectionViewportPosition(ItemColumn.INFORMED) + header.sectionSize(
        ItemColumn.INFORMED
    )
    assert edge < watched.view.table.viewport().width()


def test_a_chip_narrows_the_list_and_what_is_empty_says_so(qtbot: QtBot, watched: Watched) -> None:
    watched.show()
    view, chips = watched.view, watched.view.chips.chips
    assert chips[""].accessibleName() == "All, 3"
    assert chips["kept"].isHidden()
    qtbot.mouseClick(chips["no"], Qt.MouseButton.LeftButton)
    watched.jobs.go()
    assert watched.numbers == [2]
    qtbot.mouseClick(chips["not_sure"], Qt.MouseButton.LeftButton)
    watched.jobs.go()
    assert view.empty.isVisible()
    assert view.model.index(0, 0).isValid() is False
    with qtbot.waitSignal(view.cleared):
        view.empty.cleared.emit()
    watched.jobs.go()
    assert watched.numbers == [3, 2, 1]
    assert view.empty.isHidden()


def test_items_that_were_found_are_counted_and_not_their_tasks(watched: Watched) -> None:
    """It was: 4 found, above three items."""
    watched.show()
    heard: list[str] = []
    watched.view.found_changed.connect(heard.append)
    for text in ("person", ""):
        watched.view.show_text(text)
        watched.jobs.go()
    assert heard == ["3 found", ""]
    watched.view.chips.choose("no")
    watched.view.show_text("person")
    watched.jobs.go()
    assert watched.view.found == "1 found"


def test_keys_lead_to_the_items_and_search_stays_there(qtbot: QtBot, window: MainWindow) -> None:
    view = window.parts.items
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert view.isVisible()
    assert view.chips.isVisible()
    assert not window.parts.chips.isVisible()
    assert QApplication.focusWidget() is view.table
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(window.parts.search, "ada")
    qtbot.keyClick(window.parts.search, Qt.Key.Key_Return)
    assert view.isVisible()
    assert view.model.query.text == "ada"
    assert view.table.accessibleName() == "Items"


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


def test_in_a_narrow_window_why_has_room_for_some_words(qtbot: QtBot, watched: Watched) -> None:
    refused = task_row(2, "failed", to="ada@example.org", error="550 5.1.1 No such user here")
    watched.shelf.kept[2] = item(2, "no", tasks=[refused])
    watched.view.resize(640, 300)
    watched.show()
    header = watched.view.table.horizontalHeader()
    room = 12 * header.fontMetrics().horizontalAdvance("0")
    qtbot.waitUntil(lambda: header.sectionSize(ItemColumn.WHY) >= room)


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
