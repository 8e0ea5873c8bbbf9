"""The table of batches, in the narrowest window; news of batches in bars and toasts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel

from desktop.gui.batches.batch_view import (
    BAR,
    SHORTEST,
    BatchColumn,
    BatchModel,
    BatchNews,
    BatchTable,
    BatchView,
)
from desktop.gui.frame.notifications import Notifier
from desktop.gui.frame.views import BATCHES
from desktop.gui.kit.lists.live_rows import Page
from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.kit.words.ages import DAY, day_and_time
from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from sendoff_tasks.model.times import wire_time
from tests.gui.batches.test_batch_model import batch
from tests.gui.cut_words import measured
from tests.gui.tasks.acting.pending_rows import begin, pending_action
from tests.gui.tasks.table.task_source import stamp

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
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
) -> BatchView:
    view = BatchView(model, ALL_RIGHTS, pending)
    qtbot.addWidget(view)
    return view


def test_there_are_no_batches_once_that_was_read(view: BatchView, model: BatchModel) -> None:
    view.show()
    assert not view.empty.isVisible()
    model.take_first(Page([], None))
    assert view.empty.isVisible()
    assert view.empty.sentence.text().startswith("No batches yet.")


def test_the_batch_whose_card_is_in_sight_is_told(view: BatchView, model: BatchModel) -> None:
    seen: list[int] = []
    view.seen.connect(seen.append)
    model.take_first(Page([batch(2), batch(1)], None))
    assert seen == []
    view.show()
    assert set(seen) == {2}
    view.choose(1)
    assert seen[-1] == 1


def test_a_column_that_is_fitted_to_its_content_has_room_for_icon_and_bar(
    qtbot: QtBot, table: BatchTable, model: BatchModel
) -> None:
    model.take_first(Page([batch(1, state="draft"), batch(2, counts={"rows": 9, "open": 9})], None))
    measured(qtbot, table)
    for column in (BatchColumn.STATE, BatchColumn.SENT):
        needed = max(table.width_needed(row, column) for row in range(2))
        table.setColumnWidth(column, 20)
        table.resizeColumnToContents(column)
        assert table.columnWidth(column) >= needed


def test_a_batch_that_comes_in_above_moves_none_under_the_pointer(
    themes: ThemeSource, table: BatchTable, model: BatchModel
) -> None:
    model.take_first(Page([batch(number) for number in range(60, 0, -1)], None))
    table.executeDelayedItemsLayout()
    table.verticalScrollBar().setValue(30 * table.row_height)
    model.follow({"rows": [batch(61)], "gone": [55]})
    model.follow({"rows": [batch(62)], "gone": []})
    table.executeDelayedItemsLayout()
    assert model.rows[table.rowAt(0)]["batch_id"] == 30
    assert table.current()["batch_id"] == 60


def test_a_batch_that_is_sent_by_a_key_is_chosen_alone(
    qtbot: QtBot, view: BatchView, model: BatchModel
) -> None:
    view.show()
    model.take_first(Page([batch(2), batch(1)], None))
    send = QShortcut(QKeySequence("Ctrl+Return"), view)
    send.activated.connect(lambda: view.choose(1))
    with qtbot.waitActive(view):
        view.activateWindow()
    qtbot.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert view.table.chosen() == [1]


@pytest.mark.parametrize(("beside", "cancelled"), [(NARROWEST, 0), (NARROWEST + 256, 24)])
def test_the_exceptions_are_whole_in_a_narrow_window(
    qtbot: QtBot,
    themes: ThemeSource,
    table: BatchTable,
    model: BatchModel,
    beside: int,
    cancelled: int,
) -> None:
    table.resize(themes.theme.px(beside), 300)
    counts = {"rows": 3000, "sent": 2913, "failed": 39, "uncertain": 24, "cancelled": cancelled}
    told = {**counts, "open": 0, "left_out": 4}
    model.insert(0, [batch(1, state="done", name="members of the club.xlsx", counts=told)])
    measured(qtbot, table)
    assert "24 uncertain" in model.data(model.index(0, BatchColumn.EXCEPTIONS))
    needed = table.width_needed(0, BatchColumn.EXCEPTIONS)
    assert table.columnWidth(BatchColumn.EXCEPTIONS) >= needed
    widths = [table.columnWidth(column) for column in range(model.columnCount())]
    assert sum(widths) <= table.viewport().width()


def test_columns_stay_as_wide_while_the_numbers_grow(
    qtbot: QtBot, table: BatchTable, model: BatchModel
) -> None:
    def widths(rev: int, **counts: int) -> list[int]:
        told = {"rows": 3000, "open": 3000 - sum(counts.values()), **counts}
        model.rows[0] = batch(1, rev, name="mitglieder 2027.ods", counts=told)
        model.dataChanged.emit(model.index(0, 0), model.index(0, model.columnCount() - 1))
        measured(qtbot, table)
        return [table.columnWidth(column) for column in range(model.columnCount())]

    model.insert(0, [batch(1, name="mitglieder 2027.ods")])
    before = widths(2, sent=7)
    assert widths(3, sent=1861) == before
    assert widths(4, sent=2950, failed=38) == before


def test_a_time_of_yesterday_has_room_for_its_date_once_the_day_has_ended(
    qtbot: QtBot, table: BatchTable, model: BatchModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.resize(1280, 300)
    now = time.time()
    model.insert(0, [batch(1, created_at=stamp(now))])
    measured(qtbot, table)
    monkeypatch.setattr(time, "time", lambda: now + DAY)
    table.widths.look_at_day()
    measured(qtbot, table)
    needed = table.width_needed(0, BatchColumn.IMPORTED)
    assert needed > table.fontMetrics().horizontalAdvance(day_and_time(now, now + DAY))
    assert table.columnWidth(BatchColumn.IMPORTED) >= needed


def test_the_card_follows_its_batch_and_no_other(view: BatchView, model: BatchModel) -> None:
    chosen = batch(2)
    model.take_first(Page([chosen, batch(1)], None))

    def said() -> set[str]:
        return {label.text() for label in view.card.findChildren(QLabel)}

    assert "Batch 2: file 2.csv" in said()
    chosen["name"] = "renewals.csv"
    model.put(1, batch(1, 2))
    assert "Batch 2: renewals.csv" not in said()
    model.put(0, chosen)
    assert "Batch 2: renewals.csv" in said()


@pytest.mark.usefixtures("view")
def test_a_batch_that_is_about_to_be_cancelled_does_not_wait_for_a_person(
    qtbot: QtBot, pending: PendingActions, model: BatchModel
) -> None:
    model.take_first(Page([batch(2, state="paused"), batch(1, state="paused")], None))
    with qtbot.waitSignal(model.dataChanged):
        begin(pending, pending_action(5, "retry", 1, batch=2))
        begin(pending, pending_action(6, "cancel", 1, batch=1))
    said = [model.cell(row, BatchColumn.NEXT).words for row in range(2)]
    assert said == ["", "the rest is cancelled soon"]
    states = [model.cell(row, BatchColumn.STATE).words for row in range(2)]
    assert states == ["Paused", "Cancelling…"]
    with qtbot.waitSignal(model.dataChanged):
        pending.end(6)
    assert model.cell(1, BatchColumn.NEXT).words == ""


def test_delete_cancels_the_rest_of_the_current_batch_or_deletes_a_draft(
    qtbot: QtBot, view: BatchView, model: BatchModel
) -> None:
    chosen: list[tuple[str, int]] = []
    view.action_chosen.connect(lambda verb, number: chosen.append((verb, number)))
    counts = {"rows": 50, "sent": 38, "open": 12}
    view.show()
    qtbot.waitUntil(view.isActiveWindow)
    model.take_first(Page([batch(2, counts=counts), batch(1, state="draft")], None))
    for row in range(2):
        view.table.selectRow(row)
        qtbot.keyClick(view.table, Qt.Key.Key_Delete)
    assert chosen == [("cancel", 2), ("delete", 1)]


def test_times_move_while_they_are_seen(qtbot: QtBot, view: BatchView, model: BatchModel) -> None:
    model.take_first(Page([batch(1)], None))
    assert not view.clock.isActive()
    view.show()
    with qtbot.waitSignal(model.dataChanged):
        view.clock.setInterval(1)
    view.hide()
    assert not view.clock.isActive()


def test_a_bar_gives_way_to_its_figures(
    qtbot: QtBot,
    themes: ThemeSource,
    table: BatchTable,
    model: BatchModel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model.insert(0, [batch(1, counts={"rows": 9985, "sent": 3000})])
    measured(qtbot, table)
    words = model.cell(0, BatchColumn.SENT).words
    figures = table.fontMetrics().horizontalAdvance(words)
    table.setColumnWidth(BatchColumn.SENT, figures + themes.theme.px(BAR))
    rooms: dict[str, int] = {}
    monkeypatch.setattr(
        table.itemDelegate(),
        "write",
        lambda _painter, room, said, *_, **__: rooms.update({said: room.width()}),
    )
    table.viewport().grab()
    assert rooms[words] >= figures


def test_the_bars_of_one_column_have_one_length(
    qtbot: QtBot,
    themes: ThemeSource,
    table: BatchTable,
    model: BatchModel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts = [{"rows": 9985, "sent": 3000}, {"rows": 8, "sent": 3}]
    model.insert(0, [batch(n, counts=each) for n, each in enumerate(counts, 1)])
    measured(qtbot, table)
    needed = table.width_needed(0, BatchColumn.SENT)
    table.setColumnWidth(BatchColumn.SENT, needed + themes.theme.px(20))
    drawn: list[int] = []

    def draw(_painter: object, room: QRect, _share: float, length: int, _token: str) -> QRect:
        drawn.append(length)
        return room

    monkeypatch.setattr(table.itemDelegate(), "bar", draw)
    table.viewport().grab()
    assert set(drawn[-2:]) == {themes.theme.px(SHORTEST) + themes.theme.px(20)}


def toasts(window: AppWindow) -> list[str]:
    """Return what the toasts of batches begin with."""
    return [each.text()[:4] for each in window.toasts.shown]


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
    assert (window.notices.names(), toasts(window)) == ([], ["B2: "])
    (toast,) = window.toasts.shown
    toast.button.click()
    assert window.switch.choice.value() == BATCHES
    assert window.toasts.shown == []
    stream.tell(3, sent=10)
    for _ in range(14):
        for each in window.toasts.shown:
            each.count_down()
    assert window.toasts.shown == []


def test_news_go_with_another_try_and_where_the_card_says_them(
    window: AppWindow, stream: Stream
) -> None:
    seen = window.batches.seen
    stream.tell(1, failed=2, sent=8)
    assert [each.text() for each in window.toasts.shown] == ["B1: 8 of 10 are sent · 2 failed"]
    stream.tell(1, state="running", failed=2, sent=7, open=1)
    assert toasts(window) == []
    stream.tell(2, sent=10)
    seen.emit(3)
    assert toasts(window) == ["B2: "]
    seen.emit(2)
    assert toasts(window) == []
    stream.tell(2, sent=10)
    assert toasts(window) == []
