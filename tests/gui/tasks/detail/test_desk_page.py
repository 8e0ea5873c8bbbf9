"""The page of the desk: its buttons keep their places, and act once they can have been seen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.gui.tasks.detail.desk_content import DeskAction, DeskContent, Foot, Head
from desktop.gui.tasks.detail.desk_page import DeskPage
from tests.gui.cut_words import cut
from tests.gui.hands import LEFT, press
from tests.gui.tasks.detail.scenes import SCENES, SEVERAL, shown_in

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.tasks.detail.foot import VerbButton

pytestmark = pytest.mark.dressed


@pytest.fixture
def page(qtbot: QtBot, themes: ThemeSource) -> DeskPage:
    made = DeskPage()
    qtbot.addWidget(made)
    made.resize(840, 700)
    made.show()
    return made


def in_foot(page: DeskPage) -> list[VerbButton]:
    there = (*page.foot.left, page.foot.second, page.foot.main)
    return [each for each in there if each.isVisible()]


def places(page: DeskPage) -> dict[str, QRect]:
    QApplication.processEvents()
    foot = page.foot
    found = dict[str, QRect]()
    for button in in_foot(page):
        action = button.action
        assert action is not None
        found[action.verb] = QRect(button.mapTo(foot, button.rect().topLeft()), button.size())
    return found


def retrying(n: int) -> DeskContent:
    retry = DeskAction("retry", "Retry", "rotate-cw")
    return DeskContent(Head("Ada"), foot=Foot(right=(retry,), leads=True))


def test_a_double_click_on_retry_does_not_press_the_undo_that_replaces_it(
    page: DeskPage,
) -> None:
    chosen: list[str] = []
    undo = DeskAction("undo", "Undo", "undo-2")

    def act(action: DeskAction) -> None:
        chosen.append(action.verb)
        page.show_mode(DeskContent(Head("Ada"), foot=Foot(right=(undo,))))

    page.acted.connect(act)
    page.show_mode(retrying(1))
    QApplication.processEvents()
    main = page.foot.main
    QTest.mouseDClick(page.windowHandle(), LEFT, pos=main.mapTo(page, main.rect().center()))
    assert main.text() == "Undo"
    assert chosen == ["retry"]
    press(main)
    assert chosen == ["retry", "undo"]


def test_what_comes_under_the_pointer_acts_once_it_can_have_been_seen(
    page: DeskPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[str] = []
    page.acted.connect(lambda action: chosen.append(action.verb))
    change = DeskAction("change_time", "Change time…", "calendar-clock")
    run = DeskAction("run_now", "Run now", "play")
    other = change._replace(verb="tasks_folder")  # it takes no other room
    wider = change._replace(text="Change the time…")  # it moves what is beside it
    page.show_mode(DeskContent(Head("Ada"), foot=Foot(left=(change, run))))
    QApplication.processEvents()
    for left, place in (((other, run), 0), ((wider, run), 1)):
        monkeypatch.setattr("desktop.gui.frame.input.SETTLES_MS", 0)
        page.show_mode(DeskContent(Head("Ada"), foot=Foot(left=(change, run))))
        QApplication.processEvents()
        button = page.foot.left[place]
        press(button)
        assert len(chosen) == 1  # as it was
        before = chosen.pop(), button.geometry()
        monkeypatch.setattr("desktop.gui.frame.input.SETTLES_MS", 60_000)
        button._since = -60.0  # long ago
        press(button)
        assert chosen.pop() == before[0]
        page.show_mode(DeskContent(Head("Ada"), foot=Foot(left=left)))
        QApplication.processEvents()
        assert (button.geometry() == before[1]) is (place == 0)
        press(button)
        assert chosen == []


@pytest.mark.parametrize(("width", "size"), [(840, 100), (360, 100), (600, 200)])
def test_nothing_is_cut_in_any_mode(
    page: DeskPage, themes: ThemeSource, width: int, size: int
) -> None:
    themes.set_text_size(size)
    page.resize(width, 700)
    found = list[str]()
    modes = {name: partial(shown_in, name) for name in SCENES} | SEVERAL
    for name, shown in modes.items():
        page.show_mode(shown())
        if page.history.isHidden() and page.lead.history.isVisible():
            page.lead.history.click()
        for _ in range(12):
            QApplication.processEvents()
        page.grab()
        found += [f"{name}: {each}" for each in cut(page)]
        inside, view = page.area.widget(), page.area.viewport()
        assert inside is not None
        if inside.width() > view.width():
            found.append(f"{name} is {inside.width()} wide, not {view.width()}")
    assert found == []


def test_it_begins_at_no_button(page: DeskPage) -> None:
    delete = DeskAction("delete", "Delete draft", "trash-2")
    page.show_mode(DeskContent(Head("mitglieder.ods", "no. 7"), foot=Foot((delete,))))
    page.begin()
    assert page.area.hasFocus()
