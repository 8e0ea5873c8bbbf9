"""The ring lies around the field with the focus, wherever it moves, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QSplitter, QWidget

from desktop.gui.frame.views import BATCHES, ITEMS
from desktop.gui.kit.look.focus_ring import FocusRing

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.batches.batch_view import BatchView
    from desktop.gui.items.item_view import ItemView

pytestmark = pytest.mark.dressed


def around(widget: QWidget, window: AppWindow) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def ring_of(window: AppWindow) -> FocusRing:
    ring = window.findChild(FocusRing)
    assert ring is not None
    return ring


def ring(window: AppWindow) -> QRect:
    return around(ring_of(window), window)


def make_long(area: QScrollArea, height: int = 3000) -> None:
    """Have more in it than can be seen, or less."""
    inside = area.widget()
    assert inside is not None
    inside.setFixedHeight(height)


def test_it_lies_around_the_field_with_the_focus_and_takes_no_click(
    window: AppWindow, qtbot: QtBot
) -> None:
    for path in ("recipient.name", "recipient.email", "fields.note"):
        editor = window.form.fields[path].editor
        editor.setFocus()
        field = around(editor, window)
        qtbot.waitUntil(lambda f=field: ring(window).center() == f.center())  # type: ignore[misc]
        assert ring_of(window).isVisible()
        assert ring(window).contains(field)
        assert 0 < ring(window).width() - field.width() < 20
    email = window.form.fields["recipient.email"].editor
    email.setFocus()
    before = around(email, window)
    qtbot.waitUntil(lambda: ring(window).center() == before.center())
    assert window.childAt(before.center()) is email
    window.form.fields["recipient.name"].show_error("Line breaks cannot be used here.")
    qtbot.waitUntil(lambda: around(email, window).top() > before.top())
    qtbot.waitUntil(lambda: ring(window).center() == around(email, window).center())
    window.form.submit_button.setFocus()
    qtbot.waitUntil(lambda: not ring_of(window).isVisible())


def test_what_is_only_read_is_marked_at_its_left_edge_where_there_is_more_to_scroll(
    window: AppWindow, qtbot: QtBot
) -> None:
    area = QScrollArea(window.monitor)
    area.setGeometry(20, 20, 200, 100)
    area.setWidget(QWidget())
    make_long(area, 10)
    area.show()
    area.setFocus()
    qtbot.waitUntil(area.hasFocus)
    QApplication.processEvents()  # the ring is placed by a timer of none
    assert not ring_of(window).isVisible()
    make_long(area)
    qtbot.waitUntil(ring_of(window).isVisible)
    qtbot.waitUntil(lambda: ring(window).topLeft() == around(area, window).topLeft())
    assert ring(window).height() == area.height()
    accent = window.themes.theme.color("accent")
    picture = window.grab(around(area, window)).toImage()
    assert picture.pixelColor(1, picture.height() // 2) == accent
    assert picture.pixelColor(picture.width() // 2, 1) != accent
    window.form.submit_button.setFocus()
    qtbot.waitUntil(lambda: not ring_of(window).isVisible())
    area.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(ring_of(window).isVisible)


def test_the_mark_of_an_empty_table_leaves_it_all_its_room(window: AppWindow, qtbot: QtBot) -> None:
    views: dict[str, ItemView | BatchView] = {ITEMS: window.items, BATCHES: window.batches}
    for name, view in views.items():
        window.switch.choose(name)
        view.empty.say("There is nothing.")
        place = around(view.table, window).topLeft()
        qtbot.waitUntil(lambda at=place: ring(window).topLeft() == at)  # type: ignore[misc]
        qtbot.waitUntil(ring_of(window).isVisible)
        splitter = view.findChild(QSplitter)
        assert splitter is not None
        assert splitter.count() == 2


def test_an_empty_table_gives_its_focus_to_the_button_of_the_first_row(
    window: AppWindow, qtbot: QtBot
) -> None:
    window.switch.choose(ITEMS)
    table, empty = window.items.table, window.items.empty
    empty.nothing = ""
    empty.show_none("", narrowed=False)
    table.setFocus()
    assert QApplication.focusWidget() is empty.choose
    qtbot.waitUntil(lambda: not ring_of(window).isVisible())
    empty.say("There is nothing.")
    assert QApplication.focusWidget() is table
    qtbot.waitUntil(ring_of(window).isVisible)
    empty.show_none("", narrowed=False)
    assert QApplication.focusWidget() is empty.choose
    empty.hide()
    assert QApplication.focusWidget() is table
