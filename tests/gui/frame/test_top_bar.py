"""The bar on top: buttons, search, the gear and its menu; pausing everything, or one queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from desktop.gui.frame.top_bar import PauseButton, TopBar
from desktop.gui.frame.views import ViewSwitch
from desktop.gui.kit.look.theme import Appearance, Scheme
from desktop.gui.kit.words.queues import queue_words, still_held_words
from tests.gui.tasks.table.task_source import stats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QAction
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.look.appearance import ThemeSource
    from sendoff_tasks.model.queues import Queue


@pytest.fixture
def bar(qtbot: QtBot, themes: ThemeSource) -> Iterator[TopBar]:
    menu = QMenu()
    made = TopBar(ViewSwitch(), QLineEdit(), menu)
    qtbot.addWidget(made)
    made.show()
    yield made
    menu.deleteLater()


def test_a_window_that_only_looks_says_at_which_server(bar: TopBar) -> None:
    bar.say_where("sendoff.example.org")
    assert bar.where.isHidden()  # the buttons have the room
    bar.new_item.hide()
    bar.say_where("sendoff.example.org")
    assert not bar.where.isHidden()


def test_where_room_is_short_buttons_lose_their_words_and_the_views_fold(
    bar: TopBar, qtbot: QtBot
) -> None:
    (views,) = bar.findChildren(ViewSwitch)

    def at(width: int) -> tuple[str, str, bool]:
        bar.resize(width, bar.height())
        assert bar.pause.button.iconSize() == bar.importing.iconSize()  # with the same gap
        return bar.new_item.text(), bar.importing.text(), views.folded.isHidden()

    with qtbot.waitSignal(bar.new_item_chosen):
        qtbot.mouseClick(bar.new_item, Qt.MouseButton.LeftButton)
    assert bar.gear.accessibleName() == "Settings"
    assert at(1280) == ("New item", "Import…", True)
    assert at(700) == ("New item", "", True)
    assert at(bar.minimumSizeHint().width()) == ("", "", False)
    assert bar.importing.accessibleName() == "Import…"
    assert bar.pause.button.accessibleName() == "Pause sending"
    assert bar.importing.width() >= bar.importing.iconSize().width()
    with qtbot.waitSignal(bar.import_chosen):
        qtbot.mouseClick(bar.importing, Qt.MouseButton.LeftButton)
    views.folded.menu().actions()[2].trigger()
    assert (views.folded.text(), views.choice.value()) == ("Batches", "batches")
    assert at(1280) == ("New item", "Import…", True)


def test_resume_is_written_out_however_little_room_there_is(
    bar: TopBar, themes: ThemeSource
) -> None:
    themes.set_text_size(200)
    bar.pause.show_paused(True)
    bar.resize(bar.minimumSizeHint().width(), bar.height())
    QApplication.processEvents()
    button = bar.pause.button
    assert button.text() == "Resume"
    assert button.width() >= button.sizeHint().width()
    bar.pause.show_paused(False)
    bar.resize(bar.minimumSizeHint().width(), bar.height())
    assert button.text() == ""


@pytest.mark.parametrize("size", [6, 14])
def test_nothing_moves_when_pause_becomes_resume(
    bar: TopBar, themes: ThemeSource, qapp: QApplication, size: int
) -> None:
    other = qapp.font()
    other.setPointSize(size)
    qapp.setFont(other)
    themes.refresh()
    (views,) = bar.findChildren(ViewSwitch)
    bar.resize(2000, bar.height())
    places = []
    for is_paused in (True, False, True):
        bar.pause.show_paused(is_paused)
        QApplication.processEvents()
        places.append(views.geometry())
    assert bar.pause.button.text() == "Resume"
    assert places[1:] == places[1:2] * 2


@pytest.fixture
def pause(qtbot: QtBot, themes: ThemeSource) -> PauseButton:
    made = PauseButton()
    qtbot.addWidget(made)
    made.show()
    return made


def entries(pause: PauseButton) -> dict[str, QAction]:
    return {action.text(): action for action in pause.menu.actions()}


def test_one_press_pauses_and_the_next_resumes(pause: PauseButton, qtbot: QtBot) -> None:
    assert pause.button.text() == "Pause sending"
    with qtbot.waitSignal(pause.pause_chosen):
        qtbot.mouseClick(pause.button, Qt.MouseButton.LeftButton)
    pause.show_paused(True)
    assert pause.button.text() == "Resume"
    with qtbot.waitSignal(pause.resume_chosen):
        qtbot.keyClick(pause.button, Qt.Key.Key_Space)


def test_one_queue_needs_no_menu_of_queues_and_a_second_moves_nothing(bar: TopBar) -> None:
    arrow, places = bar.pause.arrow, []
    (views,) = bar.findChildren(ViewSwitch)
    bar.resize(2000, bar.height())
    for queues, is_hidden in (([], True), (["mail"], True), (["mail", "pdf"], False)):
        bar.offer_queues(queues)
        assert arrow.isHidden() == is_hidden
        QApplication.processEvents()
        places.append(views.x())
    assert places[1] == places[2]


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_arrow_opens_the_menu_by_keyboard_which_says_what_is_not_read_or_not_there(
    pause: PauseButton, qtbot: QtBot
) -> None:
    (only,) = pause.menu.actions()
    assert (only.text(), only.isEnabled()) == ("Reading the queues…", False)
    pause.show_arrow(True)
    assert pause.arrow.accessibleName() == "Pause or resume one queue"
    with qtbot.waitSignal(pause.menu.aboutToShow):
        qtbot.keyClick(pause.arrow, Qt.Key.Key_Space)
    pause.menu.close()
    pause.menu.show_queues([])
    assert "There are no queues yet." in entries(pause)
    pause.menu.show_queues([queue(name="R&D\tx")])
    (only,) = pause.menu.actions()
    assert only.text().startswith("Pause R&&D x\t")


def test_each_queue_is_paused_or_resumed_by_its_entry(pause: PauseButton, qtbot: QtBot) -> None:
    since = {"since": "2026-11-20T14:05:00.000Z"}
    line = {"queued": 212}
    queues = [queue(rate="30/min", counts=line), queue(name="receipts", paused=since)]
    pause.menu.show_queues(queues)
    first, second = pause.menu.actions()
    assert first.text() == "Pause Mail\t30 a minute · 212 waiting"
    assert second.text().startswith("Resume receipts\tpaused since ")
    with qtbot.waitSignal(pause.menu.pause_chosen) as paused:
        first.trigger()
    assert paused.args == ["mail"]
    with qtbot.waitSignal(pause.menu.resume_chosen) as resumed:
        second.trigger()
    assert resumed.args == ["receipts"]


def test_the_entry_the_keys_are_on_stays_while_the_queues_are_read_again(
    pause: PauseButton,
) -> None:
    queues = [queue(name=name) for name in ("a", "b", "c")]
    pause.menu.show_queues(queues)
    pause.menu.setActiveAction(pause.menu.actions()[1])
    pause.menu.show_queues([queue(name=name, rate="1/s") for name in ("a", "b", "c")])
    active = pause.menu.activeAction()
    assert active is not None
    assert active.data() == "b"


NOON = 1_790_000_000.0


def queue(**changes: Any) -> Queue:
    same: dict[str, Any] = {
        "name": "mail",
        "concurrency": 16,
        "rate": None,
        "per_day": None,
        "paused": None,
        "held": None,
        "counts": {},
    }
    return same | changes  # type: ignore[return-value]


HELD = {
    "since": "2026-09-21T13:33:20Z",
    "kind": "queue_held",
    "until": None,
    "is_trying": False,
    "reason": "535 no",
    "action": None,
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "empty"),
        ({"counts": {"queued": 200, "waiting": 12}}, "212 waiting"),
        ({"rate": "30/min", "counts": {"queued": 212}}, "30 a minute · 212 waiting"),
        ({"rate": "1000/h", "counts": {"running": 3}}, "1,000 an hour · 3 running"),
        ({"counts": {"running": 3, "waiting": 1}}, "3 running · 1 waiting"),
        ({"rate": "30/min", "per_day": 1500}, "30 a minute · 1,500 a day · empty"),
        ({"held": HELD}, "on hold · empty"),
        ({"held": {**HELD, "kind": "offline"}}, "waiting for the connection · empty"),
        ({"held": {**HELD, "kind": "quota"}}, "waiting for the provider · empty"),
    ],
)
def test_limit_and_line_are_said(changes: dict[str, Any], words: str) -> None:
    assert queue_words(queue(**changes), NOON) == words


@pytest.mark.parametrize(
    ("action", "ends"),
    [
        ("mail_settings", "Save working mail settings, or press Try now at one of its tasks."),
        ("sign_in", "Sign in in the mail settings."),
        (None, "Fix the problem, then press Try now at one of its tasks."),
    ],
)
def test_a_hold_that_stays_says_what_ends_it(action: str | None, ends: str) -> None:
    assert (
        still_held_words(queue(held={**HELD, "action": action})) == f"Mail is still on hold. {ends}"
    )
    assert still_held_words(queue()) == ""
    offline = {**HELD, "kind": "offline", "until": "2026-09-21T13:33:21Z", "action": action}
    assert still_held_words(queue(held=offline)) == ""  # its server is asked once more


def menu_entries(window: AppWindow) -> dict[str, QAction]:
    window.menu.aboutToShow.emit()
    return {each.text(): each for each in window.menu.actions() if each.isVisible()}


def test_the_appearance_is_chosen_and_has_a_mark(window: AppWindow, themes: ThemeSource) -> None:
    choices = {each.text(): each for each in window.menu.appearance.actions()}
    choices["Dark"].trigger()
    assert themes.appearance is Appearance.DARK
    assert themes.theme.scheme is Scheme.DARK
    menu_entries(window)
    assert [words for words, each in choices.items() if not each.icon().isNull()] == ["Dark"]


def test_a_remembered_answer_to_closing_can_be_forgotten(window: AppWindow) -> None:
    words = "Ask again when closing with open tasks"
    assert words not in menu_entries(window)
    window.show_stats(stats(running=1))
    window.close()
    window.closing.sheet.check.click()
    window.closing.sheet.keep.click()
    menu_entries(window)[words].trigger()
    assert words not in menu_entries(window)


@pytest.mark.dressed
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_menu_higher_than_the_screen_scrolls_in_one_column(
    window: AppWindow, qtbot: QtBot
) -> None:
    window.themes.set_text_size(200)
    menu = window.menu
    try:
        menu_entries(window)
        for number in range(4):
            menu.addAction(f"Entry {number}")
        assert menu.sizeHint().height() > window.screen().availableGeometry().height()
        menu.popup(window.mapToGlobal(window.rect().topLeft()))
        shown = [each for each in menu.actions() if each.isVisible()]
        assert len({menu.actionGeometry(each).left() for each in shown}) == 1
        assert menu.height() <= window.screen().availableGeometry().height()
        qtbot.keyClick(menu, Qt.Key.Key_Down)
        assert menu.activeAction() is shown[0]
        assert menu.rect().contains(menu.actionGeometry(shown[0]))
    finally:
        menu.close()
