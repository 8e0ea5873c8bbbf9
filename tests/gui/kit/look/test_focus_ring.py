"""The ring lies around the field with the focus, wherever it moves, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QSplitter

from desktop.gui.frame.views import BATCHES, CAUSES, ITEMS, OVERVIEW
from desktop.gui.kit.look.focus_ring import FocusRing

if TYPE_CHECKING:
    from PySide6.QtGui import QWindow
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.batches.batch_view import BatchView
    from desktop.gui.causes.cause_view import CauseView
    from desktop.gui.items.item_view import ItemView


def around(widget: QWidget, window: AppWindow) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def ring_of(window: AppWindow) -> FocusRing:
    ring = window.findChild(FocusRing)
    assert ring is not None
    return ring


def ring(window: AppWindow) -> QRect:
    return around(ring_of(window), window)


def native(window: AppWindow) -> QWindow:
    return window.windowHandle()


def make_long(area: QScrollArea, height: int = 3000) -> None:
    """Have more in it than can be seen, or less."""
    inside = area.widget()
    assert inside is not None
    inside.setFixedHeight(height)


def test_it_lies_around_the_field_with_the_focus(window: AppWindow, qtbot: QtBot) -> None:
    for path in ("recipient.name", "recipient.email", "fields.note"):
        editor = window.form.fields[path].editor
        editor.setFocus()
        field = around(editor, window)
        qtbot.waitUntil(lambda f=field: ring(window).center() == f.center())  # type: ignore[misc]
        assert ring_of(window).isVisible()
        assert ring(window).contains(field)
        assert 0 < ring(window).width() - field.width() < 20


def test_it_follows_a_field_that_is_moved_by_an_error_above(
    window: AppWindow, qtbot: QtBot
) -> None:
    form = window.form
    email = form.fields["recipient.email"]
    email.editor.setFocus()
    qtbot.waitUntil(ring_of(window).isVisible)
    before = ring(window).top()
    form.fields["recipient.name"].show_error("Line breaks cannot be used here.")
    qtbot.waitUntil(lambda: ring(window).top() > before)
    qtbot.waitUntil(lambda: ring(window).center() == around(email.editor, window).center())


def test_it_goes_when_no_field_has_the_focus(window: AppWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(ring_of(window).isVisible)
    window.form.submit_button.setFocus()
    qtbot.waitUntil(lambda: not ring_of(window).isVisible())


def test_what_is_only_read_is_marked_at_its_left_edge(window: AppWindow, qtbot: QtBot) -> None:
    """A frame around the whole overview was louder than all that is in it."""
    window.switch.choose(OVERVIEW)
    (area,) = window.overview.view.findChildren(QScrollArea)
    make_long(area)
    window.form.submit_button.setFocus()
    QTest.keyClick(native(window), Qt.Key.Key_F24)
    area.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(ring_of(window).isVisible)
    qtbot.waitUntil(lambda: ring(window).topLeft() == around(area, window).topLeft())
    assert ring(window).height() == area.height()
    accent = window.themes.theme.color("accent")
    picture = window.grab(around(area, window)).toImage()
    assert picture.pixelColor(1, picture.height() // 2) == accent
    assert picture.pixelColor(picture.width() // 2, 1) != accent
    window.form.submit_button.setFocus()
    qtbot.waitUntil(lambda: not ring_of(window).isVisible())


def test_what_is_only_read_has_no_mark_while_the_mouse_is_used(
    window: AppWindow, qtbot: QtBot
) -> None:
    button = window.switch.choice.button(OVERVIEW)
    window.resize(1280, 800)
    qtbot.waitUntil(button.isVisible)
    (area,) = window.overview.view.findChildren(QScrollArea)
    QTest.keyClick(native(window), Qt.Key.Key_Tab)
    place = around(button, window).center()
    QTest.mouseClick(native(window), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(area.hasFocus)
    QApplication.processEvents()  # the ring is placed by a timer of none
    assert not ring_of(window).isVisible()
    window.form.submit_button.setFocus()
    area.setFocus(Qt.FocusReason.ActiveWindowFocusReason)  # as a sheet gives it back
    QApplication.processEvents()
    assert not ring_of(window).isVisible()


def test_a_shortcut_that_leads_to_what_is_read_shows_the_mark(
    window: AppWindow, qtbot: QtBot
) -> None:
    (area,) = window.overview.view.findChildren(QScrollArea)
    make_long(area)
    QTest.mouseClick(native(window), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    QTest.keyClick(native(window), Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(area.hasFocus)
    qtbot.waitUntil(ring_of(window).isVisible)


def test_where_all_is_in_sight_no_mark_says_that_keys_scroll_it(
    window: AppWindow, qtbot: QtBot
) -> None:
    """Ctrl+5 drew a blue line beside an overview that has nothing to scroll.

    And the overview's lines were a window of their own for a moment, which took the keyboard.
    """
    (area,) = window.overview.view.findChildren(QScrollArea)
    make_long(area, 10)
    QTest.keyClick(native(window), Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(area.hasFocus)
    QApplication.processEvents()  # the ring is placed by a timer of none
    assert not ring_of(window).isVisible()
    make_long(area)
    qtbot.waitUntil(ring_of(window).isVisible)


@pytest.mark.parametrize("name", [ITEMS, BATCHES, CAUSES])
def test_a_key_in_an_empty_table_leaves_it_all_its_room(
    window: AppWindow, qtbot: QtBot, name: str
) -> None:
    """The mark became a pane of the splitter, which gave it nearly all the height."""
    views: dict[str, ItemView | BatchView | CauseView] = {
        ITEMS: window.items,
        BATCHES: window.batches,
        CAUSES: window.causes,
    }
    view = views[name]
    window.switch.choose(name)
    view.empty.say("There is nothing.")
    QTest.keyClick(native(window), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(ring_of(window).isVisible)
    qtbot.waitUntil(lambda: ring(window).topLeft() == around(view.table, window).topLeft())
    splitter = view.findChild(QSplitter)
    assert splitter is not None
    assert splitter.count() == 2


def test_it_never_takes_a_click(window: AppWindow, qtbot: QtBot) -> None:
    editor = window.form.fields["recipient.name"].editor
    editor.setFocus()
    qtbot.waitUntil(ring_of(window).isVisible)
    middle = around(editor, window).center()
    assert window.childAt(middle) is editor
