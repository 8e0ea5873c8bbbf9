"""Several batches are chosen by the keys of the tasks' table, copied, and acted upon together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desktop.client.api import ApiSource
from desktop.gui.batches.batch_model import BatchModel
from desktop.gui.batches.batch_view import BatchView
from desktop.gui.kit.lists.live_rows import Page
from desktop.gui.tasks.acting.pending_actions import PendingAction, PendingActions
from tests.gui.batches.test_batch_model import batch

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def pending() -> PendingActions:
    return PendingActions()


@pytest.fixture
def view(qtbot: QtBot, themes: ThemeSource, jobs: Jobs, pending: PendingActions) -> BatchView:
    view = BatchView(BatchModel(ApiSource(), jobs), pending=pending)
    qtbot.addWidget(view)
    view.resize(900, 500)
    view.show()
    counts = {"rows": 50, "sent": 30, "failed": 8, "open": 12}
    rows = [
        batch(3, state="paused", counts={"rows": 4, "sent": 1, "open": 3}),
        batch(2, state="running", counts=counts),
        batch(1, state="draft", counts={"rows": 9}),
    ]
    view.model.take_first(Page(rows, None))
    return view


def offered(view: BatchView) -> list[str]:
    return [button.text() for button in view.several.row.buttons.values()]


def test_what_can_be_done_to_several_is_done_to_each_that_it_fits(
    view: BatchView, pending: PendingActions
) -> None:
    assert view.card.isVisible()
    QTest.keyClick(view.table, Qt.Key.Key_A, CTRL)
    assert not view.card.isVisible()
    assert view.several.title.text() == "3 batches selected"
    assert view.several.about.text() == "31 sent · 8 failed · 15 to come"
    assert offered(view) == [
        *("Send the 8 that failed", "Resume (1)", "Pause (1)"),
        *("Cancel the rest (2)", "Delete drafts (1)"),
    ]
    chosen: list[tuple[str, list[int]]] = []
    view.several_chosen.connect(lambda verb, numbers: chosen.append((verb, numbers)))
    view.several.row.buttons["cancel"].click()
    QTest.keyClick(view.table, Qt.Key.Key_Delete)
    assert chosen == [("cancel", [3, 2])] * 2
    pending.begin(PendingAction(1, "cancel", 1, batch=3))
    pending.begin(PendingAction(2, "cancel", 1, batch=2, is_due=True))
    assert offered(view) == ["Undo (1)", "Send the 8 that failed", "Delete drafts (1)"]
    assert not view.several.row.buttons["retry"].isEnabled(), "it keeps its place"


def test_several_have_the_words_and_numbers_of_each(view: BatchView) -> None:
    """Cancelled and left-out rows were not in it, and those marked as sent were sent."""
    left: dict[str, Any] = {"rows": 9, "sent": 4, "cancelled": 3, "left_out": 2, "problems": 2}
    one, two = batch(5, state="done", counts=left, marked=2), batch(6, state="done", counts=left)
    view.several.show_batches([one, two], {})
    said = "6 sent · 2 marked as sent · 6 cancelled · 4 left out"
    assert view.several.about.text() == said


def test_several_are_copied_and_stay_chosen_when_another_comes(view: BatchView) -> None:
    view.table.selectAll()
    view.model.follow({"rows": [batch(4, state="draft")], "gone": []})
    assert view.table.chosen() == [1, 2, 3]
    view.table.copy_rows()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 3
