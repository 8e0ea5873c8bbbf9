"""What can be done to rows, by menu and by keyboard: only what fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.acting.buttons_and_menu import task_menu
from desktop.gui.tasks.acting.task_actions import Everything, Selected
from desktop.gui.tasks.table.task_table import TaskTable
from tests.gui.tasks.table.table_bench import STATES, choose, model_of
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


def test_enter_asks_for_the_detail_and_delete_cancels_or_removes_what_can_be(
    qtbot: QtBot, table: Callable[[], TaskTable]
) -> None:
    view = table()
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


def test_copies_the_selected_rows_as_they_are_shown(
    qtbot: QtBot, table: Callable[[], TaskTable]
) -> None:
    view = table()
    view.setFocus()
    choose(view, 4)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    cells = QGuiApplication.clipboard().text().split("\t")
    assert cells[:4] == [
        "Sent",
        "2196",
        "Confirmation e-mail",
        "Person 1196 <person1196@example.org>",
    ]


ELSEWHERE = ["Send to another address…", "Send to me"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("scheduled", ["Run now", "Change time…", "Correct…", "Cancel"]),
        ("waiting", ["Try now", "Correct…", "Cancel"]),
        ("failed", ["Retry", *ELSEWHERE, "Correct…", "Mark as seen"]),
        ("uncertain", ["It was sent", "Send again", "Correct…", "Mark as seen"]),
        ("succeeded", ["Send again", *ELSEWHERE, "Correct…", "Remove"]),
    ],
)
def test_the_menu_offers_only_what_fits(
    table: Callable[[], TaskTable], state: str, words: list[str]
) -> None:
    view = table()
    position = next(i for i in range(9) if model_of(view).row_at(i).state == state)  # type: ignore[union-attr]
    choose(view, position)
    menu = view.menu()
    assert menu is not None
    shown = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert shown == [*words, "Copy as text", "Copy address"]


def test_the_menu_acts_on_those_it_counts_and_copies_bare_addresses(
    qtbot: QtBot, table: Callable[[], TaskTable]
) -> None:
    view = table()
    choose(view, 0, 3)
    menu = view.menu()
    assert menu is not None
    actions = {action.text(): action for action in menu.actions()}
    with qtbot.waitSignal(view.action_chosen) as chosen:
        actions["Retry (1)"].trigger()
    assert chosen.args == ["retry", [1197]]
    actions["Copy 2 addresses"].trigger()
    assert QGuiApplication.clipboard().text() == "person1200@example.org, person1197@example.org"


@pytest.mark.parametrize(
    ("rows", "count", "words"),
    [
        (["a@x.org", "b@x.org"], 2, "Copy 2 addresses"),
        (["a@x.org", "b@x.org", "A <a@x.org>"], 3, "Copy 2 addresses (each once)"),
        (["a@x.org", "", ""], 3, "Copy address (2 tasks have none)"),
        (
            ["a@x.org", "b@x.org", "a@x.org", ""],
            9,
            "Copy 2 addresses (each once, 1 task has none, 5 are not loaded)",
        ),
    ],
)
def test_fewer_addresses_than_tasks_say_why(
    table: Callable[[], TaskTable], themes: ThemeSource, rows: list[str], count: int, words: str
) -> None:
    known = [row_of(task_row(number, to=to or None)) for number, to in enumerate(rows, 1)]
    selected = Selected(known, count)
    menu = task_menu(selected, themes.theme, table(), lambda _: None, lambda: None, lambda _: None)
    assert words in [each.text() for each in menu.actions()]


def test_without_a_selection_there_is_no_menu(table: Callable[[], TaskTable]) -> None:
    assert table().menu() is None


def test_of_all_that_match_the_menu_acts_on_all_and_copies_what_is_in_sight(
    qtbot: QtBot, table: Callable[[], TaskTable]
) -> None:
    view = table()
    view.selectAll()
    menu = view.menu()
    assert menu is not None
    entries = {action.text(): action for action in menu.actions() if action.text()}
    known = len(view.selection.rows)
    assert f"Copy the {known} loaded rows as text" in entries
    with qtbot.waitSignal(view.addresses_wanted) as wanted:
        entries["Copy the addresses of all 1,200 tasks"].trigger()
    assert wanted.args == [view.selection.selected.query]
    with qtbot.waitSignal(view.action_chosen) as chosen:
        next(each for text, each in entries.items() if text.startswith("Cancel")).trigger()
    verb, which = chosen.args
    assert verb == "cancel"
    assert isinstance(which, Everything)
    assert set(which.query.states) == {"scheduled", "queued", "running", "waiting"}
