"""The place *Spreadsheets*, and news of batches in notes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel

from desktop.gui.batches.spreadsheets import (
    BatchColumn,
    BatchModel,
    BatchNews,
    BatchTable,
    Spreadsheets,
)
from desktop.gui.frame.notifications import Notifier
from desktop.gui.kit.lists.live_rows import Page
from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from sendoff_tasks.model.times import wire_time
from tests.gui.batches.test_batch_model import batch
from tests.gui.tasks.acting.pending_rows import begin, pending_action

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs

pytestmark = pytest.mark.dressed


NARROWEST = 724
"""Units of the grid beside the form in a window of 1024."""


@pytest.fixture
def model(qapp: object, jobs: Jobs) -> BatchModel:
    return BatchModel(ApiSource(jobs))


@pytest.fixture
def table(qtbot: QtBot, themes: ThemeSource, model: BatchModel) -> BatchTable:
    table = BatchTable(model)
    qtbot.addWidget(table)
    table.resize(themes.theme.px(NARROWEST), 300)
    table.show()
    return table


@pytest.fixture
def pending() -> PendingActions:
    return PendingActions(Delivery())


@pytest.fixture
def view(
    qtbot: QtBot, themes: ThemeSource, model: BatchModel, pending: PendingActions
) -> Spreadsheets:
    view = Spreadsheets(model, ALL_RIGHTS, pending)
    for each in (view, view.card):
        qtbot.addWidget(each)
    return view


def test_there_are_no_batches_once_that_was_read(view: Spreadsheets, model: BatchModel) -> None:
    view.show()
    assert not view.empty.isVisible()
    model.take_first(Page([], None))
    assert view.empty.isVisible()
    assert view.empty.sentence.text() == say("none", "batches")


def test_the_card_follows_its_batch_and_no_other(view: Spreadsheets, model: BatchModel) -> None:
    chosen = batch(2)
    model.take_first(Page([chosen, batch(1)], None))

    def said() -> set[str]:
        return {label.text() for label in view.card.findChildren(QLabel)}

    assert "file 2.csv" in said()
    chosen["name"] = "renewals.csv"
    model.put(1, batch(1, 2))
    assert "renewals.csv" not in said()
    model.put(0, chosen)
    assert "renewals.csv" in said()


@pytest.mark.usefixtures("view")
def test_a_batch_that_is_about_to_be_cancelled_does_not_wait_for_a_person(
    qtbot: QtBot, pending: PendingActions, model: BatchModel
) -> None:
    model.take_first(Page([batch(2, state="paused"), batch(1, state="paused")], None))
    with qtbot.waitSignal(model.dataChanged):
        begin(pending, pending_action(5, "retry", 1, batch=2))
        begin(pending, pending_action(6, "cancel", 1, batch=1))
    said = [model.cell(row, BatchColumn.STATUS).words for row in range(2)]
    assert said == ["Paused · 0 of 0", "Cancelling… · 0 of 0"]
    with qtbot.waitSignal(model.dataChanged):
        pending.end(6)
    assert model.cell(1, BatchColumn.STATUS).words == "Paused · 0 of 0"


def test_delete_cancels_the_rest_of_the_current_batch_or_deletes_a_draft(
    qtbot: QtBot, view: Spreadsheets, model: BatchModel
) -> None:
    chosen: list[tuple[str, int]] = []
    view.action_chosen.connect(lambda verb, number: chosen.append((verb, number)))
    counts = {"rows": 50, "sent": 38, "open": 12}
    view.show()
    qtbot.waitUntil(view.isActiveWindow)
    model.take_first(Page([batch(2, counts=counts), batch(1, state="draft")], None))
    view.focus_first()
    for row in range(2):
        view.table.selectRow(row)
        qtbot.keyClick(view.table, Qt.Key.Key_Delete)
    assert chosen == [("cancel", 2), ("delete", 1)]


def test_states_that_time_changes_are_looked_at_again(
    qtbot: QtBot, view: Spreadsheets, model: BatchModel
) -> None:
    model.take_first(Page([batch(1)], None))
    with qtbot.waitSignal(model.dataChanged):
        view.clock.setInterval(1)


def notes(window: AppWindow) -> list[str]:
    """Return what the notes of batches begin with."""
    return [each.text()[:4] for each in window.notes.shown]


class Stream(QObject):
    """Tells of batches, as the event stream does."""

    batches_changed = Signal(object)

    def tell(self, number: int, state: str = "done", **counts: int) -> None:
        finished = wire_time(round(time.time() * 1000) + 1000) if state == "done" else None
        all_counts: Any = {"rows": 10, **counts}
        told = batch(number, state=state, finished_at=finished, counts=all_counts)
        self.batches_changed.emit({"rows": [{**told, "name": f"B{number}"}], "gone": []})


@pytest.fixture
def stream(window: AppWindow) -> Stream:
    stream = Stream(window)
    view = window.batches
    news = BatchNews(window, view, Notifier(window), stream)  # type: ignore[arg-type]
    news.setParent(window)
    return stream


def test_good_news_go_by_themselves_and_lead_to_their_batch(
    window: AppWindow, stream: Stream
) -> None:
    stream.tell(1, sent=10)
    stream.tell(2, sent=10)
    assert notes(window) == ["B2: "]
    (note,) = window.notes.shown
    note.link.click()
    assert window.batches.is_open
    assert window.notes.shown == []
    stream.tell(3, sent=10)
    for _ in range(14):
        for each in window.notes.shown:
            each.count_down()
    assert window.notes.shown == []


def test_news_go_with_another_try_and_where_the_card_says_them(
    window: AppWindow, stream: Stream
) -> None:
    seen = window.batches.seen
    stream.tell(1, failed=2, sent=8)
    assert [each.text() for each in window.notes.shown] == ["B1: 8 of 10 are sent · 2 failed"]
    stream.tell(1, state="running", failed=2, sent=7, open=1)
    assert notes(window) == []
    stream.tell(2, sent=10)
    seen.emit(3)
    assert notes(window) == ["B2: "]
    seen.emit(2)
    assert notes(window) == []
    stream.tell(2, sent=10)
    assert notes(window) == []
