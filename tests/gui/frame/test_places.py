"""Places: what was on the desk before is there again, and the ways out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget

from desktop.gui.frame.desk import DeskMode
from desktop.gui.frame.places import WindowPlace
from desktop.gui.kit.widgets.surfaces import stacked

if TYPE_CHECKING:
    from desktop.gui.assembly import AppWindow


class Shelf(WindowPlace):
    """A place with a list, and a line on the desk."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = QListWidget()
        self.mode = DeskMode(QLineEdit(), "Shelf")
        stacked(self, self.back, self.rows)


def test_escape_clears_the_search_of_a_place_before_it_leaves_it(window: AppWindow) -> None:
    window.menu.older_chosen.emit()
    window.items.search.set_now("ada")
    for is_open in (True, False):
        QTest.keyClick(window.items.table, Qt.Key.Key_Escape)
        assert (window.items.search.text(), window.items.is_open) == ("", is_open)


def open_of(*places: Shelf) -> list[Shelf]:
    return [each for each in places if each.is_open]


def test_back_leads_from_a_place_to_the_one_it_was_opened_from(window: AppWindow) -> None:
    first, second = Shelf(), Shelf()
    for each in (first, second):
        window.places.add(each)
    window.page.table.setFocus()
    first.open()
    first.mode.page.setFocus()
    second.open()
    second.back.click()
    assert open_of(first, second) == [first]
    assert first.mode.page.isVisible()
    assert QApplication.focusWidget() is first.mode.page
    second.open()
    first.open()  # from the second one: there is no way round
    first.back.click()
    assert open_of(first, second) == []
    second.open()
    first.open()
    window.places.go_home()
    assert open_of(first, second) == []
    assert QApplication.focusWidget() is window.page.table


def test_what_stops_everything_is_said_above_a_place_and_what_needs_you_above_a_lone_desk(
    window: AppWindow,
) -> None:
    px = window.themes.theme.px
    for rank, beside, alone in ((11, True, True), (16, False, True), (24, False, False)):
        window.resize(px(1200), 700)
        window.say_state(rank, "The mail server refuses the password")
        assert not window.state.isVisible(), "the sentence itself is in sight"
        window.items.open()
        assert window.state.isVisible() is beside
        window.places.go_home()
        assert not window.state.isVisible()
        window.resize(px(900), 700)
        window.enter_desk(window.form)
        assert window.desk.state.isVisible() is alone
