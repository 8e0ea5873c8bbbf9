"""The search field: settles before it asks, and every key does what one expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.look.theme import Scheme, Theme
from desktop.gui.tasks.search_field import SearchField

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def field(qtbot: QtBot, themes: ThemeSource) -> SearchField:
    made = SearchField()
    qtbot.addWidget(made)
    made.resize(320, 32)
    made.show()
    return made


def test_fast_typing_asks_once_and_without_blanks(qtbot: QtBot, field: SearchField) -> None:
    told: list[str] = []
    field.text_changed.connect(told.append)
    with qtbot.waitSignal(field.text_changed):
        qtbot.keyClicks(field, " ada ")
    assert told == ["ada"]


def test_enter_does_not_wait(qtbot: QtBot, field: SearchField) -> None:
    told: list[str] = []
    field.text_changed.connect(told.append)
    qtbot.keyClicks(field, "bo")
    assert told == []
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == ["bo"]


def test_escape_clears_at_once(qtbot: QtBot, field: SearchField) -> None:
    qtbot.keyClicks(field, "bo")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    with qtbot.waitSignal(field.text_changed) as told:
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert told.args == [""]
    assert field.text() == ""


def test_down_goes_on_to_the_list(qtbot: QtBot, field: SearchField) -> None:
    with qtbot.waitSignal(field.left_downwards):
        qtbot.keyClick(field, Qt.Key.Key_Down)


def test_the_cross_is_there_only_when_there_is_something_to_clear(
    qtbot: QtBot, field: SearchField
) -> None:
    cross = field.findChild(QPushButton)
    assert cross is not None
    assert not cross.isVisible()
    qtbot.keyClicks(field, "bo")
    assert cross.isVisible()
    cross.click()
    assert not cross.isVisible()


def test_the_same_text_is_not_asked_for_twice(qtbot: QtBot, field: SearchField) -> None:
    qtbot.keyClicks(field, "bo")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    with qtbot.assertNotEmitted(field.text_changed, wait=0):
        qtbot.keyClick(field, Qt.Key.Key_Return)


def test_glass_and_cross_grow_with_the_text(field: SearchField, themes: ThemeSource) -> None:
    cross = field.findChild(QPushButton)
    assert cross is not None
    before = [cross.width(), cross.iconSize().width(), field.textMargins().left()]
    themes.theme, usual = Theme(Scheme.LIGHT, 2.0), themes.theme
    LOOK.wear(themes.theme)
    field._leave_room()
    after = [cross.width(), cross.iconSize().width(), field.textMargins().left()]
    LOOK.wear(usual)
    assert after == pytest.approx([2 * each / usual.scale for each in before], abs=2)


def test_its_words_are_never_cut(qtbot: QtBot, field: SearchField) -> None:
    """At 1280 pixels it said "Search tasks, people, ite…", at 200 % "Ctrl F" lay on the glass."""
    said = []
    for width in range(600, 40, -4):
        field.resize(width, 32)
        margins, words = field.textMargins(), field.placeholderText()
        room = width - margins.left() - margins.right()
        assert field.fontMetrics().horizontalAdvance(words) < room
        assert not field._shows_key() or field._key_box().left() > margins.left()
        said.append(words)
    assert list(dict.fromkeys(said)) == ["Search tasks, people, items", "Search", ""]
    assert field.accessibleName() == "Search tasks, people, items"


def test_the_number_of_results_gives_way_to_the_text(field: SearchField) -> None:
    """With text of twice the size it lay on the glass, and the search was out of sight."""
    field.set_now("state:failed")
    field.show_found("12 found")
    shown = set()
    for width in range(600, 40, -4):
        field.resize(width, 32)
        shown.add(field._shows_found())
        margins = field.textMargins()
        room = width - margins.left() - margins.right()
        words = field.fontMetrics().horizontalAdvance
        behind = words("12 found") if field._shows_found() else 0
        assert margins.right() >= behind
        assert room > words("state:failed") or not field._shows_found()
    assert shown == {True, False}
    assert field.accessibleDescription() == "12 found"


def test_what_was_told_once_more_is_not_painted_again(qtbot: QtBot, field: SearchField) -> None:
    painted = PaintCount(field)
    qtbot.waitExposed(field)
    field.set_now("ada")
    field.show_found("3 found")
    qtbot.wait_until(lambda: painted.times > 0)
    QApplication.processEvents()
    painted.times = 0
    field.show_found("3 found")
    QApplication.processEvents()
    assert painted.times == 0
    field.show_found("4 found")
    qtbot.wait_until(lambda: painted.times == 1)


def first_in_sight(field: SearchField) -> int:
    """Return the position of the first character that is not scrolled out at the left."""
    field.grab()  # it scrolls when it is painted
    return field.cursorPositionAt(QPoint(field.textMargins().left() + 8, field.height() // 2))


def test_a_long_text_shows_its_beginning_unless_it_is_typed_in(
    qtbot: QtBot, field: SearchField, host: QWidget
) -> None:
    """Only the end of a search was in sight in a narrow window."""
    field.setParent(host)
    field.show()
    other = QPushButton(host)
    other.show()
    field.set_now("state:failed error:“No such user here” batch:members")
    assert first_in_sight(field) <= 1
    field.setFocus(Qt.FocusReason.OtherFocusReason)
    end = len(field.text())
    assert field.cursorPosition() == end
    assert first_in_sight(field) > 10
    QApplication.sendEvent(
        field, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.PopupFocusReason)
    )
    assert field.cursorPosition() == end  # its menu is open
    other.setFocus(Qt.FocusReason.MouseFocusReason)
    assert first_in_sight(field) <= 1
    field.setFocus(Qt.FocusReason.OtherFocusReason)
    qtbot.keyClicks(field, " x")
    assert field.text().endswith("members x")


class PaintCount(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.times = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.Paint
        return False
