"""Keys of the whole window, where the keyboard goes, and clicks that were meant for others."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.frame import input as window_input
from desktop.gui.frame.input import KeyboardKeeper, Pointer
from desktop.gui.kit.look.appearance import LOOK, TEXT_SIZES, ThemeSource
from desktop.gui.sentence.statement import Statement
from tests.gui.hands import press_row
from tests.gui.tasks.table.table_bench import model_of
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_f6_goes_round_what_can_have_the_keyboard_and_an_empty_list_shows_that_it_has(
    qtbot: QtBot, window_over: Callable[[object], AppWindow]
) -> None:
    window = window_over(source := TaskSource([]))
    model = model_of(window.page.table)
    table, form, detail = window.page.table, window.form, window.page.detail

    def part() -> str:
        qtbot.keyClick(window, Qt.Key.Key_F6)
        here = QApplication.focusWidget()
        assert here is not None
        foot = {"submit": form.submit_button, "buttons": detail.foot}
        found = {**foot, "form": form, "table": table, "detail": detail}
        return next(name for name, each in found.items() if here is each or each.isAncestorOf(here))

    assert [part() for _ in range(3)] == ["submit", "table", "form"]
    part()
    assert part() == "table"
    assert QApplication.focusWidget() is table.empty.choose
    model.apply(source.change(1, "failed"))
    qtbot.waitUntil(lambda: model.rowCount() == 1 and table.empty.isHidden())
    assert QApplication.focusWidget() is table
    press_row(table, 0)
    qtbot.waitUntil(lambda: detail.read is not None)
    assert [part() for _ in range(3)] == ["detail", "buttons", "table"]
    window.resize(LOOK.theme.px(900), 640)  # one half at a time
    assert [part() for _ in range(3)] == ["detail", "buttons", "table"]
    window.resize(1200, 640)
    for place in (window.items, window.batches):
        place.open()
        assert place.table.hasFocus()
        assert window.desk.shown.page is place.card
        qtbot.keyClick(window, Qt.Key.Key_F6)
        assert place.table.hasFocus()  # an empty card has nothing


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_shift_f10_opens_the_menu_of_what_has_the_keyboard(
    qtbot: QtBot, window_over: Callable[[object], AppWindow]
) -> None:
    window = window_over(TaskSource([task_row(1, "queued")]))
    form = window.form.fields
    window.page.table.selectRow(0)
    for place, words in (
        (window.page.table, "Cancel"),
        (form["recipient.name"].editor, "Select All"),
        (form["fields.note"].editor, "Select All"),
    ):
        window.activateWindow()  # a menu was open
        qtbot.waitUntil(window.isActiveWindow)
        place.setFocus()
        qtbot.keyClick(window, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert words in {each.text().replace("&", "").partition("\t")[0] for each in menu.actions()}
        menu.close()


@pytest.mark.dressed
def test_keys_give_the_text_its_size_and_half_of_the_window_where_it_has_no_room(
    window: AppWindow, qtbot: QtBot, themes: ThemeSource, settings: QSettings
) -> None:
    window.resize(1024, 1200)
    bar, form = window.head.height(), window.form.width()
    qtbot.keyClick(window, Qt.Key.Key_Plus, CONTROL)
    assert themes.text_size == 110
    for _ in TEXT_SIZES:
        qtbot.keyClick(window, Qt.Key.Key_Plus, CONTROL)
    assert themes.text_size == settings.value("text_size") == TEXT_SIZES[-1]
    qtbot.waitUntil(lambda: not window.places.isVisible())
    qtbot.waitUntil(lambda: [each.text() for each in window.notes.shown] == ["Text size 200 %"])
    assert window.head.height() == themes.theme.px(48) > bar
    assert window.form.submit_button.isVisible()
    at = window.form.submit_button.mapTo(window, window.form.submit_button.rect().bottomRight())
    assert window.rect().contains(at)
    qtbot.keyClick(window, Qt.Key.Key_Minus, CONTROL)
    assert themes.text_size == TEXT_SIZES[-2]
    qtbot.keyClick(window, Qt.Key.Key_0, CONTROL)
    assert themes.text_size == 100
    qtbot.waitUntil(lambda: (window.head.height(), window.form.width()) == (bar, form))
    qtbot.waitUntil(lambda: [each.text() for each in window.notes.shown] == ["Text size 100 %"])


@pytest.mark.parametrize("inside", [False, True])
def test_the_rows_get_the_keyboard_of_what_is_gone_unless_the_place_is_for_typing(
    qapp: QApplication, qtbot: QtBot, inside: bool
) -> None:
    window, form = QWidget(), QWidget()
    qtbot.addWidget(window)
    table, removed, following = QLineEdit(), QPushButton(), QPushButton()
    column, fields = QVBoxLayout(window), QVBoxLayout(form)
    column.addWidget(table)
    column.addWidget(form)
    for button in (removed, following):
        fields.addWidget(button)
    KeyboardKeeper(qapp, window, lambda: [form] if inside else [], lambda: table)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    removed.setFocus()
    removed.hide()
    expected = following if inside else table
    qtbot.waitUntil(expected.hasFocus)
    qapp.processEvents()
    assert expected.hasFocus()


def test_what_has_the_keyboard_after_a_dialog_keeps_it(qapp: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    table, opened, dialog = QLineEdit(), QLineEdit(), QDialog(window)
    column, asked = QVBoxLayout(window), QVBoxLayout(dialog)
    for each in (table, opened):
        column.addWidget(each)
    asked.addWidget(name := QLineEdit())
    KeyboardKeeper(qapp, window, list, lambda: table)
    window.show()
    dialog.show()
    dialog.activateWindow()
    name.setFocus()
    qtbot.waitUntil(name.hasFocus)
    name.hide()
    window.activateWindow()
    opened.setFocus()
    qtbot.waitUntil(opened.hasFocus)
    qapp.processEvents()
    assert opened.hasFocus()


LEFT = Qt.MouseButton.LeftButton


def moved(x: float = 5, y: float = 5) -> QMouseEvent:
    to, none = QPointF(x, y), Qt.MouseButton.NoButton
    return QMouseEvent(QEvent.Type.MouseMove, to, to, none, none, Qt.KeyboardModifier.NoModifier)


def say(
    window: AppWindow, word: str, answer: Callable[[str], object] = lambda _: None
) -> QPushButton:
    """Say something with one way out, which is returned."""
    return window.notes.stay("Read me.", (word, partial(answer, word))).link


def rest(window: AppWindow, at: QPointF) -> None:
    """Have the pointer go somewhere on the screen and rest there."""
    (pointer,) = window.findChildren(Pointer)
    pointer.eventFilter(window.windowHandle(), moved(at.x(), at.y()))
    pointer.stop()


@pytest.fixture
def _long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window_input, "SETTLES_MS", 600_000)


@pytest.mark.usefixtures("_long")
def test_a_click_meant_for_the_note_before_does_nothing(window: AppWindow) -> None:
    names: list[str] = []
    first = say(window, "first", names.append)
    there = QPointF(first.mapToGlobal(first.rect().center()))
    window.click_guard.end()
    rest(window, there)
    QTest.mousePress(first, LEFT)
    second = say(window, "second", names.append)  # in its place
    assert (first.isVisible(), second.isVisible()) == (False, True)
    QTest.mouseRelease(second, LEFT)
    QTest.mouseClick(second, LEFT, pos=second.mapFromGlobal(there.toPoint()))
    QTest.mouseDClick(second, LEFT, pos=second.mapFromGlobal(there.toPoint()))
    assert names == []
    window.click_guard.end()
    QTest.mouseClick(second, LEFT)
    assert names == ["second"]


@pytest.mark.usefixtures("_long")
def test_a_click_on_what_the_sentence_moves_does_nothing(window: AppWindow, qtbot: QtBot) -> None:
    chip, sentence = window.page.chips.chips["need_you"], window.sentence
    short, long = ([Statement(1, words)] for words in ("Closed", "Closed " * 99))

    def place() -> QPoint:
        return chip.mapToGlobal(chip.rect().center())

    before = place()
    sentence.show_statements(long)
    qtbot.waitUntil(lambda: place() != before)
    after = place()
    sentence.show_statements(short)
    qtbot.waitUntil(lambda: place() == before)
    window.click_guard.end()
    rest(window, QPointF(after))
    sentence.show_statements(long)
    qtbot.waitUntil(lambda: place() == after)
    QTest.mouseClick(chip, LEFT)
    assert not chip.isChecked()
    window.click_guard.end()
    QTest.mouseClick(chip, LEFT)
    assert chip.isChecked()


@pytest.mark.usefixtures("_long")
def test_a_click_counts_where_the_pointer_has_gone_to_what_is_there_now(
    window: AppWindow,
) -> None:
    names: list[str] = []
    rest(window, QPointF(5, 5))
    QTest.mouseClick(say(window, "stop", names.append), LEFT)
    assert names == ["stop"]
    stop = say(window, "stop", names.append)
    window.click_guard.end()
    there = QPointF(stop.mapToGlobal(stop.rect().center()))
    rest(window, there)
    over = window.notes.offer_undo("Read me.", partial(names.append, "over"), word="over")
    QTest.mouseClick(over.link, LEFT, pos=over.link.mapFromGlobal(there.toPoint()))
    assert names == ["stop"]
    over.close()
    QTest.mouseClick(stop, LEFT)  # it has not moved
    assert names == ["stop", "stop"]
