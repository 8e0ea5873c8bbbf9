"""Each action answers once to its keys, wherever they are meant, and to a click too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest
from PySide6.QtCore import SIGNAL, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from desktop.gui.kit.widgets.buttons import HERE, INSIDE
from desktop.gui.tasks.filters import ALL, FILTERS, IN_ROW
from tests.gui.hands import LEFT, entries, press, press_entry, press_row
from tests.gui.tasks.table.table_bench import STATES
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow

# The keys named Copy and Paste, of some keyboards, stand for no letter.
pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support", "keyToAscii Unhandled", extend=True
)

EMACS: Final = {"Ctrl+E", "Ctrl+U", "Ctrl+K"}
"""Keys that Qt's lines of text take for themselves under X11, beside those they take everywhere."""


@pytest.fixture
def full(window_over: Callable[[object], AppWindow]) -> AppWindow:
    """Give the window over a task in each state; one that can be cancelled is selected."""
    made = window_over(TaskSource([task_row(i + 1, each) for i, each in enumerate(STATES)]))
    made.resize(1500, 900)
    press_row(made.page.table, STATES[::-1].index("queued"))
    return made


def actions_of(window: AppWindow) -> list[QAction]:
    """Return the actions that have keys."""
    found = dict.fromkeys([*window.actions(), *window.findChildren(QAction)])
    return [action for action in found if action.shortcuts() and action.isVisible()]


def places_of(window: AppWindow) -> dict[str, QWidget]:
    """Return where the keyboard may be: in the rows, or in what a person types into."""
    fields = window.form.fields
    return {
        "rows": window.page.table,
        "search": window.page.search,
        "name": fields["recipient.name"].editor,
        "note": fields["fields.note"].editor,
    }


def is_meant(action: QAction, place: QWidget) -> bool:
    """Tell whether an action is to answer while the keyboard is in a place."""
    on = [each for each in action.associatedObjects() if isinstance(each, QWidget)]
    match action.shortcutContext():
        case c if c == HERE:
            return place in on
        case c if c == INSIDE:
            return any(each is place or each.isAncestorOf(place) for each in on)
        case _:
            return any(each is place.window() for each in on)


def empty(place: QWidget) -> None:
    """Leave a field nothing to undo."""
    if isinstance(place, QLineEdit):
        place.setText("")
    elif isinstance(place, QPlainTextEdit):
        place.setPlainText("")


def deafen(action: QAction, heard: list[str]) -> None:
    """Have an action do nothing but say its words."""
    action.disconnect(action, SIGNAL("triggered(bool)"), None, None)  # type: ignore[call-overload]
    action.triggered.connect(lambda: heard.append(action.text()))


def press_keys(place: QWidget, keys: QKeySequence) -> None:
    """Press keys where the keyboard is put."""
    place.setFocus()
    here = QApplication.focusWidget()
    assert here is not None
    assert here is (place.focusProxy() or place) or place.isAncestorOf(here)
    QTest.keySequence(here, keys)


def test_keys_are_heard_once_where_they_are_meant_and_left_to_what_is_typed_elsewhere(
    full: AppWindow,
) -> None:
    heard: list[str] = []
    full.enter_desk(full.form)
    actions = actions_of(full)
    everywhere = [a for a in actions if a.shortcutContext() not in {HERE, INSIDE}]
    assert not {keys.toString() for each in everywhere for keys in each.shortcuts()} & EMACS
    (undo,) = (each for each in actions if each.shortcut() == QKeySequence("Ctrl+Z"))
    places = places_of(full)
    undone: list[bool] = []
    undo.triggered.connect(lambda: undone.append(True))
    for name, place in places.items():
        if name != "rows":
            place.setFocus()
            QTest.keyClicks(place, "x")
            press_keys(place, QKeySequence("Ctrl+Z"))
            assert undone == [], name  # the field has something to undo
            press_keys(place, QKeySequence("Ctrl+Z"))
            assert undone == [True], name
            undone.clear()
    for action in actions:
        deafen(action, heard)  # what follows would take the window elsewhere
    all_keys = dict.fromkeys(keys for action in actions for keys in action.shortcuts())
    assert len(all_keys) > 20
    wrong = []
    for name, place in places.items():
        for keys in all_keys:
            of_keys = [action for action in actions if keys in action.shortcuts()]
            meant = [action.text() for action in of_keys if is_meant(action, place)]
            assert len(meant) < 2, f"{keys.toString()} in {name} means {meant}"
            empty(place)
            press_keys(place, keys)
            if heard != meant:
                wrong.append(f"{keys.toString()} in {name}: {heard} in place of {meant}")
            heard.clear()
    assert not wrong, "\n".join(wrong)


@dataclass(frozen=True)
class Way:
    """A click that does what keys do; ``seen`` counts how often it was done."""

    click: Callable[[AppWindow], object]
    seen: Callable[[AppWindow, list[object]], object]
    begin: Callable[[AppWindow], object] = lambda window: window.places.go_home()
    place: Callable[[AppWindow], QWidget] = lambda window: window.page.table


def chip(name: str) -> Way:
    return Way(
        lambda window: window.page.chips.choose(name),
        lambda window, seen: window.page.chips.filter_chosen.connect(seen.append),
        lambda window: window.page.chips.choose("done" if name == "all" else "all"),
    )


def fill_form(window: AppWindow) -> None:
    values = {"recipient.name": "Ada", "recipient.email": "ada@example.org"}
    tasks = ["send_confirmation_email"]
    window.enter_desk(window.form)
    window.form.clear()
    window.form.restore({"number": "", "values": values, "tasks": tasks})


def offer_undo(window: AppWindow) -> None:
    for note in window.notes.shown:
        note.close()
    window.notes.offer_undo("Item 7 is sent in 600 s", lambda: None, seconds=600)


def press_undo(window: AppWindow) -> None:
    press(window.notes.shown[-1].link)


def choose(words: str) -> Callable[[AppWindow], None]:
    """Return a click on an entry of the menu of the rows."""

    def click(window: AppWindow) -> None:
        menu = window.page.table.menu()
        assert menu is not None
        press_entry(menu, words, window.page.table)

    return click


def double_click(window: AppWindow) -> None:
    table = window.page.table
    press_row(table, STATES[::-1].index("queued"))
    cell = table.visualRect(table.currentIndex()).center()
    QTest.mouseDClick(table.viewport(), LEFT, pos=cell)
    QTest.mouseRelease(table.viewport(), LEFT, pos=cell)


WAYS: Final = {
    "New item": Way(
        lambda window: press_row(window.pins, 0),
        lambda window, seen: window.desk.turned.connect(lambda: seen.append(1)),
        lambda window: window.enter_desk(window.page.detail),
    ),
    "Import a spreadsheet": Way(
        lambda window: press(window.head.importing),
        lambda window, seen: window.head.import_chosen.connect(lambda: seen.append(1)),
    ),
    **{f"Filter: {FILTERS[name].title}": chip(name) for name in (ALL.name, *IN_ROW)},
    "Back to the list": Way(
        lambda window: press(window.batches.back),
        lambda window, seen: window.batches.closed.connect(lambda: seen.append(1)),
        lambda window: window.batches.open(),
        lambda window: window.batches.table,
    ),
    "Undo what was just done": Way(
        press_undo,
        lambda window, seen: window.notes.shown[-1].closed.connect(lambda: seen.append(1)),
        offer_undo,
    ),
    "Submit the item": Way(
        lambda window: press(window.form.submit_button),
        lambda window, seen: window.form.submitted.connect(lambda *_: seen.append(1)),
        fill_form,
    ),
    "Show the details": Way(
        double_click,
        lambda window, seen: window.page.table.task_activated.connect(seen.append),
    ),
    "Copy the selected rows": Way(
        choose("Copy as text"),
        lambda _, seen: QGuiApplication.clipboard().dataChanged.connect(lambda: seen.append(1)),
    ),
    "Cancel the selected tasks, or remove those that have ended": Way(
        choose("Cancel"),
        lambda window, seen: window.page.table.action_chosen.connect(lambda *_: seen.append(1)),
    ),
}
"""Ways by the words of an action, for those that do not stand in the menu under the gear."""
ALONE: Final = {
    "Search",  # a click into the field
    "Next part of the window",  # a click into that part
    "Menu of the row or field",  # a right click, in the tests of the menus
    "Paste rows of a spreadsheet",  # the clipboard has no pointer
    # As the buttons do that are chosen in their own tests:
    "Cancel the rest of the selected batch, or delete the draft",
    *("Save the correction", "Send what is typed"),
}


def test_each_action_is_done_once_by_its_keys_and_once_by_a_click(
    full: AppWindow, qtbot: QtBot
) -> None:
    in_menu = {action.text() for _, action in entries(full.menu)}
    actions = {each.text(): each for each in actions_of(full) if each.text() not in in_menu}
    assert actions.keys() == WAYS.keys() | ALONE
    for words, way in WAYS.items():
        for by_keys in (True, False):
            seen: list[object] = []
            way.begin(full)
            way.seen(full, seen)
            full.activateWindow()  # a menu was open: until this one is active, no key is heard
            qtbot.waitUntil(full.isActiveWindow)
            if by_keys:
                press_keys(way.place(full), actions[words].shortcut())
            else:
                way.click(full)
            assert len(seen) == 1, words
    full.menu.aboutToShow.emit()
    found = [action for _, action in entries(full.menu)]
    assert len(found) > 12
    heard: list[str] = []
    for action in found:
        deafen(action, heard)
    for action in found:
        press_entry(full.menu, action.text(), full.head.gear)
        assert heard == [action.text()]
        heard.clear()


OFFERED: Final = {
    "scheduled": "Send now, Change time…, Cancel",
    "queued": "Cancel",
    "running": "Cancel",
    "waiting": "Try now, Cancel",
    "succeeded": "Send again, Send to another address…, Send to me, Remove",
    "failed": "Retry, Send to another address…, Send to me, Mark as seen",
    "cancelled": "Retry, Send to another address…, Send to me, Remove",
    "uncertain": "It was sent, Send again, Mark as seen",
}
"""What the menu of a row offers, by state; in the desk the same stands in head, foot and menu."""
OPEN: Final = {"scheduled", "queued", "running", "waiting"}


def test_each_action_that_fits_a_state_is_at_each_door_and_asks_for_it(
    full: AppWindow, qtbot: QtBot
) -> None:
    table, detail = full.page.table, full.page.detail
    heard: list[tuple[str, object]] = []
    for part in (table, detail):
        part.action_chosen.connect(lambda verb, which: heard.append((verb, which)))
    for row, state in enumerate(STATES[::-1]):
        press_row(table, row)
        task = table.selection.ids[0]
        qtbot.waitUntil(lambda task=task: detail.read is not None and detail.task == task)  # type: ignore[misc]
        actions = [e for one in table.selection.selected.actions for e in (one, *one.more)]
        works = {each.text: each for each in actions if not each.is_off}
        menu = table.menu()
        assert menu is not None
        shown = [entry.text() for _, entry in entries(menu)]
        assert shown == [*OFFERED[state].split(", "), "Copy as text", "Copy address"]
        for words in OFFERED[state].split(", "):
            menu = table.menu()
            assert menu is not None
            press_entry(menu, words, table)
            assert heard.pop() == (works[words].verb, [task])
        head, foot = detail.head, detail.foot
        for button in (head.button, *foot.left, foot.second, foot.main):
            if button.isVisible() and button.isEnabled():
                verb = button.action and button.action.verb
                press(button)
                assert heard.pop() == (verb, [task])
        for rare in detail.shown.head.more:
            press_entry(head.more.menu(), rare.text, head)
            assert heard.pop() == (rare.verb, [task])
        full.activateWindow()  # a menu was open
        qtbot.waitUntil(full.isActiveWindow)
        press_row(table, row)
        QTest.keyClick(table, Qt.Key.Key_Delete)
        taken = "cancel" if state in OPEN else "remove"
        expected = [(taken, [task])] if taken in {each.verb for each in works.values()} else []
        assert heard == expected
        heard.clear()
    QTest.keySequence(table, QKeySequence.StandardKey.SelectAll)
    menu = table.menu()
    assert menu is not None
    shown = [entry.text() for _, entry in entries(menu)]
    press_entry(menu, next(each for each in shown if each.startswith("Cancel")), table)
    full.activateWindow()
    qtbot.waitUntil(full.isActiveWindow)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert heard == [("cancel", [4, 3, 2, 1])] * 2
