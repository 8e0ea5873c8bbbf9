"""What can be done to tasks is offered by buttons, by a menu and by keys: only what fits."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.gui.kit.widgets.action_row import room
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.acting.offered_actions import ActionButtons, task_menu
from desktop.gui.tasks.acting.task_actions import TaskAction
from desktop.gui.tasks.table.task_table import TaskTable
from sendoff_tasks.client.calls import TaskQuery
from tests.gui.hands import LEFT, press
from tests.gui.tasks.acting.pending_rows import fitting, selection
from tests.gui.tasks.table.table_bench import STATES, choose, model_of
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


WIDE = 600


@pytest.fixture
def buttons(qtbot: QtBot, themes: ThemeSource) -> ActionButtons:
    made = ActionButtons()
    qtbot.addWidget(made)
    made.offer(fitting([row_of(task_row(7, "succeeded"))]))
    made.resize(WIDE, 32)
    made.show()
    return made


def in_sight(buttons: ActionButtons) -> list[str]:
    found = buttons.findChildren(QPushButton)
    return [each.text() for each in found if each.text() and each.isVisible()]


def in_menu(buttons: ActionButtons) -> dict[str, QAction]:
    menu = buttons.row.more.menu()
    menu.aboutToShow.emit()
    return {entry.text(): entry for entry in menu.actions()}


def test_what_is_rare_or_has_no_room_is_in_a_menu(qtbot: QtBot, buttons: ActionButtons) -> None:
    variants = {"Send to another address…": "send_to", "Send to me": "to_me"}
    assert in_sight(buttons) == ["Send again", "Correct…"]
    assert [*in_menu(buttons)] == [*variants]
    for words, verb in variants.items():
        with qtbot.waitSignal(buttons.chosen) as chosen:
            in_menu(buttons)[words].trigger()
        assert chosen.args == [verb, [7]]
    with qtbot.waitSignal(buttons.chosen) as chosen:
        qtbot.keyClick(buttons.row.buttons["resend"], Qt.Key.Key_Space)
    assert chosen.args == ["resend", [7]]
    one = [buttons.row.buttons["resend"], buttons.row.more]
    buttons.resize(room(one, buttons.row.spacing()).width(), 32)
    assert in_sight(buttons) == ["Send again"]
    with qtbot.waitSignal(buttons.chosen) as chosen:
        in_menu(buttons)["Correct…"].trigger()
    assert chosen.args == ["correct", [7]]
    buttons.resize(buttons.minimumSizeHint().width(), 32)
    assert in_sight(buttons) == []
    texts = [*in_menu(buttons)]
    assert (texts[0], texts[-1]) == ("Send again", "Correct…")
    buttons.resize(WIDE, 32)
    assert in_sight(buttons) == ["Send again", "Correct…"]


def places(buttons: ActionButtons) -> dict[str, QRect]:
    buttons.row.activate()
    shown = buttons.row.buttons.items()
    return {verb: button.geometry() for verb, button in shown if button.isVisible()}


def test_what_settles_a_task_stands_beside_its_opposite(
    buttons: ActionButtons,
) -> None:
    buttons.resize(2 * WIDE, 32)
    for count in (1, 3):
        unsure = [row_of(task_row(n, "uncertain")) for n in range(count)]
        buttons.offer(fitting(unsure))
        before = places(buttons)
        assert [*before][:2] == ["done", "send_again"]
        assert before["send_again"].left() - before["done"].right() - 1 == buttons.row.spacing()
        buttons.offer(fitting([row_of(task_row(n, "succeeded")) for n in range(count)]))
        assert not [one for one in places(buttons).values() if one.intersects(before["done"])]


def test_no_button_moves_while_tasks_end(buttons: ActionButtons) -> None:
    buttons.resize(900, 40)
    shown = []
    for left in (5000, 432):
        query = TaskQuery(states=("failed",))
        buttons.offer(selection([], 5000, query, {"failed": left}).actions)
        shown.append((places(buttons), buttons.row.buttons["retry"].text()))
    (before, words), (after, same) = shown
    assert (words, same) == ("Retry (5,000)", "Retry (432)")
    assert after == before


def test_correct_keeps_its_place_while_the_state_changes(buttons: ActionButtons) -> None:
    found = []
    buttons.resize(2 * WIDE, 32)
    for state in STATES:
        buttons.offer(fitting([row_of(task_row(7, state))]))
        found.append(places(buttons)["correct"].right())
    assert len(set(found)) == 1, found


def test_no_other_button_stands_where_cancel_is_for_other_tasks(buttons: ActionButtons) -> None:
    buttons.resize(2 * WIDE, 32)
    rows = {state: row_of(task_row(n, state)) for n, state in enumerate(STATES)}
    chosen = [[row] for row in rows.values()]
    chosen += [[*pair] for pair in itertools.combinations(rows.values(), 2)]
    found = []
    for each in chosen:
        buttons.offer(selection(each, len(each)).actions)
        found.append(places(buttons))
    cancel = next(there["cancel"] for there in found if "cancel" in there)
    there = {verb for each in found for verb, place in each.items() if place.intersects(cancel)}
    assert there == {"cancel", "seen"}


def test_enter_asks_for_the_detail_and_delete_cancels_or_removes_what_can_be(
    qtbot: QtBot, view: TaskTable
) -> None:
    view.setFocus()
    choose(view, 0)
    with qtbot.waitSignal(view.task_activated) as activated:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert activated.args == [1200]
    choose(view, *range(8))
    with qtbot.waitSignal(view.action_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Delete)
    verb, ids = chosen.args
    assert verb == "cancel"
    assert {STATES[each % 8] for each in ids} == {"scheduled", "queued", "running", "waiting"}
    choose(view, *(each for each in range(8) if STATES[(1200 - each) % 8] == "succeeded"))
    with qtbot.waitSignal(view.action_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert chosen.args[0] == "remove"


ELSEWHERE = ["Send to another address…", "Send to me"]


FITTING = {
    "scheduled": ["Send now", "Change time…", "Correct…", "Cancel"],
    "waiting": ["Try now", "Correct…", "Cancel"],
    "failed": ["Retry", *ELSEWHERE, "Correct…", "Mark as seen"],
    "uncertain": ["It was sent", "Send again", "Correct…", "Mark as seen"],
    "succeeded": ["Send again", *ELSEWHERE, "Correct…", "Remove"],
}


def test_the_menu_offers_only_what_fits(view: TaskTable) -> None:
    rows = [model_of(view).row_at(place) for place in range(9)]
    for state, words in FITTING.items():
        choose(view, next(place for place, row in enumerate(rows) if row and row.state == state))
        menu = view.menu()
        assert menu is not None
        shown = [action.text() for action in menu.actions() if not action.isSeparator()]
        assert shown == [*words, "Copy as text", "Copy address"]


def test_the_menu_acts_on_those_it_counts_and_copies_bare_addresses(
    qtbot: QtBot, view: TaskTable
) -> None:
    assert view.menu() is None  # nothing is selected
    choose(view, 0, 3)
    menu = view.menu()
    assert menu is not None
    actions = {action.text(): action for action in menu.actions()}
    with qtbot.waitSignal(view.action_chosen) as chosen:
        actions["Retry (1)"].trigger()
    assert chosen.args == ["retry", [1197]]
    actions["Copy 2 addresses"].trigger()
    assert QGuiApplication.clipboard().text() == "person1200@example.org, person1197@example.org"


COPIES = [
    (["a@x.org", "b@x.org"], 2, "Copy 2 addresses"),
    (["a@x.org", "b@x.org", "A, Dr. [b] <a@x.org>"], 3, "Copy 2 addresses (each once)"),
    (["a@x.org", "", ""], 3, "Copy address (2 tasks have none)"),
    (
        ["a@x.org", "b@x.org", "a@x.org", ""],
        9,
        "Copy 2 addresses (each once, 1 task has none, 5 are not loaded)",
    ),
]


def test_fewer_addresses_than_tasks_say_why(
    table: Callable[[], TaskTable], themes: ThemeSource
) -> None:
    view = table()
    for rows, count, words in COPIES:
        known = [row_of(task_row(number, to=to or None)) for number, to in enumerate(rows, 1)]
        selected = selection(known, count)
        menu = task_menu(selected, themes.theme, view, lambda _: None, lambda: None)
        assert words in [each.text() for each in menu.actions()]


def test_of_all_that_match_the_menu_acts_on_all_and_copies_what_is_in_sight(
    qtbot: QtBot, view: TaskTable
) -> None:
    view.selectAll()
    menu = view.menu()
    assert menu is not None
    entries = {action.text(): action for action in menu.actions() if action.text()}
    known = len(view.selection.rows)
    assert f"Copy the {known} loaded rows as text" in entries
    words = f"Copy {known} addresses ({1200 - known} are not loaded)"
    entries[words].trigger()
    assert len(QGuiApplication.clipboard().text().split(", ")) == known
    with qtbot.waitSignal(view.action_chosen) as chosen:
        next(each for text, each in entries.items() if text.startswith("Cancel")).trigger()
    verb, which = chosen.args
    assert verb == "cancel"
    assert isinstance(which, TaskQuery)
    assert set(which.states) == {"scheduled", "queued", "running", "waiting"}


def test_a_double_click_on_retry_does_not_press_the_undo_that_replaces_it(
    buttons: ActionButtons,
) -> None:
    chosen: list[str] = []
    under: list[QWidget | None] = []

    def act(verb: str) -> None:
        chosen.append(verb)
        buttons.offer([TaskAction("undo", "Undo (3)", "undo-2", [1])])
        under.append(buttons.childAt(middle))

    buttons.chosen.connect(act)
    buttons.offer(fitting([row_of(task_row(n, "failed")) for n in range(3)]))
    buttons.row.activate()
    middle = buttons.row.buttons["retry"].geometry().center()
    QTest.mouseDClick(buttons.windowHandle(), LEFT, pos=middle)
    assert under == [buttons.row.buttons["undo"]]
    assert chosen == ["retry"]
    press(buttons.row.buttons["undo"])
    assert chosen == ["retry", "undo"]
