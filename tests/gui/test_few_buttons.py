"""Beside its rows no view offers more than seven buttons, also above a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.choice import FilterButton
from tests.gui.batches.test_batch_model import batch
from tests.gui.live_store import LiveStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow

pytestmark = pytest.mark.dressed
MOST = 7


@pytest.fixture
def window(store: LiveStore, window_over: Callable[[object], AppWindow]) -> AppWindow:
    made = window_over(store)
    made.resize(1280, 800)
    made.notes.warn("No connection")
    return made


def offered(window: AppWindow) -> list[str]:
    """Name the buttons in sight; chips, menus, links, the form and the top bar do not count."""
    QApplication.processEvents()
    return [
        button.text() or button.accessibleName()
        for button in window.findChildren(QPushButton)
        if button.isVisible()
        and not isinstance(button, (FilterButton, Link))
        and button.menu() is None
        and not any(part.isAncestorOf(button) for part in (window.head, window.form))
    ]


def few(window: AppWindow) -> bool:
    found = offered(window)
    assert "Close" in found  # of the note
    assert len(found) <= MOST, found
    return True


def look_at_tasks(qtbot: QtBot, window: AppWindow) -> None:
    window.places.go_home()
    table, pane = window.page.table, window.page.detail
    qtbot.waitUntil(lambda: table.model().rowCount() > 0)
    for row in range(table.model().rowCount()):
        table.selectRow(row)
        qtbot.waitUntil(lambda: pane.read is not None and pane.ticket is None)
        assert few(window)
    table.selectAll()
    assert few(window)


def look_at_items(qtbot: QtBot, window: AppWindow) -> None:
    window.items.open()
    table = window.items.table
    qtbot.waitUntil(lambda: table.model().rowCount() > 0)
    for row in range(table.model().rowCount()):
        table.selectRow(row)
        assert few(window)


def look_at_batches(window: AppWindow) -> None:
    window.batches.open()
    card = window.batches.card
    for state in ("running", "paused", "done"):
        counts = {"rows": 99, "open": 0 if state == "done" else 9, "sent": 50, "failed": 5}
        wrong = {"cause": "a1", "title": "?", "about": {"kind": "task"}, "count": 2}
        causes = [{**wrong, "cure": "correct_address"}]
        card.show_batch(batch(1, state=state, counts=counts, causes=causes, sheet="a.csv"))
        assert "Correct the 2 addresses" in offered(window)
        assert few(window)


def test_no_view_has_more_buttons(qtbot: QtBot, window: AppWindow) -> None:
    look_at_tasks(qtbot, window)
    look_at_items(qtbot, window)
    look_at_batches(window)
