"""The live table: it stays where one reads, paints every state, and moves only what changes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QToolTip

from desktop.gui.kit.look.theme import Appearance
from desktop.gui.kit.words.ages import whole_moment
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.filters import FILTERS
from desktop.gui.tasks.search_field import parse
from desktop.gui.tasks.table.columns import BY_KEY, COLUMNS, PROGRESS, STATE, TASK, TO
from desktop.gui.tasks.table.task_table import TaskTable
from tests.gui.tasks.table.table_bench import (
    choose,
    delegate_of,
    first_on_screen,
    model_of,
    scroll,
    shown_table,
)
from tests.gui.tasks.table.task_source import TaskSource, stamp, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from sendoff_tasks.model.events import TasksEvent


def test_new_rows_slide_in_at_the_top_but_do_not_move_what_is_being_read(
    qtbot: QtBot, view: TaskTable, source: TaskSource
) -> None:
    model_of(view).apply(source.change(1201, "queued"))
    assert first_on_screen(view) == 1201
    scroll(qtbot, view, 100)
    before, top = first_on_screen(view), view.rowViewportPosition(view.rowAt(0))
    for task_id in range(1202, 1221):
        model_of(view).apply(source.change(task_id, "queued"))
    model_of(view).apply(source.remove(1205))
    view.executeDelayedItemsLayout()
    assert first_on_screen(view) == before
    assert view.rowViewportPosition(view.rowAt(0)) == top
    assert view.model().rowCount() == 1219
    for task_id in range(1221, 1251):
        source.change(task_id, "queued")
    with qtbot.waitSignal(model_of(view).reordered):
        model_of(view).reset()
    assert first_on_screen(view) == before


def test_an_empty_table_says_why_and_offers_the_way_out(
    qtbot: QtBot, view: TaskTable, source: TaskSource
) -> None:
    scroll(qtbot, view, 30)
    view.hide()
    view.scrollToTop()  # as when items come while another view is shown
    view.show()
    with qtbot.waitSignal(model_of(view).shown):
        view.show_text("no such person")
    empty = view.empty
    assert empty.isVisible()
    view.executeDelayedItemsLayout()
    assert empty.geometry() == view.viewport().rect()
    assert "no such person" in empty.sentence.text()
    with qtbot.waitSignal(view.cleared):
        empty.link.click()
    with qtbot.waitSignal(model_of(view).shown):
        view.show_part(item_id=7)
    assert empty.sentence.text() == "Nothing in this group matches “no such person”."
    with qtbot.waitSignal(model_of(view).shown):
        view.show_part()
    with qtbot.waitSignal(model_of(view).shown):
        view.show_text("state:purple")
    assert empty.sentence.text().startswith("There is no state “purple”.")
    with qtbot.waitSignal(model_of(view).shown):
        view.show_text("state:kept state:failed")
    assert empty.sentence.text().startswith("“state:kept” cannot be combined with")
    with qtbot.waitSignal(model_of(view).shown):
        view.show_text("note:33")
    said = (
        "Nothing matches “note:33”. The search does not know “note:”. It knows state:, to:, task:"
    )
    assert empty.sentence.text().startswith(said)
    for plain in ("http://a 10:30", '"Re: x"'):
        assert parse(plain).strange_key == ""
    source.rows.clear()
    with qtbot.waitSignal(model_of(view).shown):
        view.show_text("")
    # Not "on the left": in a narrow window the form is folded away until it is wanted.
    nothing_yet = "Type a name, or drop a spreadsheet here."
    assert empty.sentence.text() == nothing_yet
    assert not empty.link.isVisible()
    model_of(view).apply(source.change(1, "queued"))
    assert not empty.isVisible()


def pixels(view: TaskTable) -> Any:
    pixmap = QPixmap(view.size())
    view.render(pixmap)
    return pixmap.toImage()


def test_paints_every_state_placeholders_and_bars_without_a_warning(
    qtbot: QtBot,
    table: Callable[[], TaskTable],
    source: TaskSource,
    themes: ThemeSource,
) -> None:
    themes.choose(Appearance.DARK)
    view = table()
    half = {"done": 1, "total": 2, "text": "half"}
    model_of(view).apply(source.change(1194, "running", task="pdf", progress=half))
    choose(view, 2)
    view.setFocus()
    image = pixels(view)
    tokens = ("selection", "surface", "running")
    found = {image.pixelColor(x, y).rgb() for x in range(0, 1000, 5) for y in range(30, 330, 3)}
    for token in tokens:
        assert themes.theme.color(token).rgb() in found, token
    assert themes.theme.row_line.rgb() in found
    model_of(view).watch(900, 920)
    pixels(view)


def test_the_row_with_the_keyboard_is_framed_also_where_it_is_selected(
    qtbot: QtBot, view: TaskTable, themes: ThemeSource
) -> None:
    choose(view, 2)
    at = view.rowViewportPosition(2)

    def edges() -> set[int]:
        image, height = view.viewport().grab().toImage(), view.rowHeight(2)
        return {image.pixelColor(x, at + y).rgb() for x in (1, 500) for y in (0, height - 2)}

    view.setFocus()
    assert edges() == {themes.theme.color("accent").rgb()}
    view.clearFocus()
    assert edges() == {themes.theme.color("selection").rgb()}


def test_running_icons_turn_only_while_there_are_any_and_they_can_be_seen(
    qtbot: QtBot, table: Callable[[], TaskTable], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:  # where reduced motion is asked for
        patch.setattr("desktop.gui.tasks.table.task_table.may_move", lambda _: False)
        view = table()
        assert any(row.state == "running" for row in model_of(view).rows_between(0, 9))
        assert not view.icons.turning
    view = table()
    qtbot.waitUntil(lambda: view.icons.turning)
    frame = delegate_of(view).frame
    qtbot.waitUntil(lambda: delegate_of(view).frame != frame)
    view.hide()
    turning = [view.icons.turning]
    view.show()
    assert [*turning, view.icons.turning] == [False, True]
    with qtbot.waitSignal(model_of(view).shown):
        view.show_filter(FILTERS["failed"])
    qtbot.waitUntil(lambda: not view.icons.turning)


def test_ages_move_on_screen_by_one_signal(
    qtbot: QtBot, view: TaskTable, source: TaskSource
) -> None:
    model = model_of(view)
    row = model.row_at(0)
    assert row is not None
    row.cells, row.cells_at = ("old",) * len(COLUMNS), 0
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.refresh_ages()
    assert changed.args[0].row() == changed.args[1].row() == 0
    assert model.cells(row)[0] == "Scheduled"


def test_cells_have_their_words_times_and_what_a_screen_reader_says(
    table: Callable[[], TaskTable], source: TaskSource
) -> None:
    for number, (queue, again) in enumerate([("mail", {}), ("mail", {"task_id": 1}), ("pdf", {})]):
        source.change(1198 + number, "failed", seen=True, queue=queue, reason_data=again)
    source.change(1197, "failed", seen=True, queue="pdf", reason_data={"task_id": 1201})
    view = table()
    model = model_of(view)

    def state(row: int) -> object:
        return model.index(row, BY_KEY["state"]).data()

    seen = "Failed · seen"
    assert [state(row) for row in range(4)] == [
        *(seen, "Replaced · seen", seen, "Replaced · seen"),
    ]
    event = source.change(1201, "waiting", run_at=stamp(time.time() + 1800), error="451 later")
    model.apply(event)
    words = "again in 30 min · Postponed by the server"
    assert model.index(0, BY_KEY["progress"]).data() == words
    created = row_of(source.rows[1200]).created
    role = Qt.ItemDataRole
    assert model.index(1, BY_KEY["queued"]).data(role.ToolTipRole) == whole_moment(created)
    assert model.index(1, BY_KEY["state"]).data(role.ToolTipRole) == ""
    titles = [
        model.headerData(n, Qt.Orientation.Horizontal, role.AccessibleTextRole)
        for n in range(model.columnCount())
    ]
    assert titles[:3] == ["State", "Item", "Task"]
    assert model.data(model.index(5, 0), role.AccessibleTextRole) == "Sent"
    assert model.data(model.index(900, 0), role.AccessibleTextRole) == "loading"
    assert view.accessibleName() == "Tasks"


def test_the_only_task_of_an_item_is_chosen_and_a_copy_says_the_second(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    source.change(1200, "failed", seen=True)
    view = table()
    with qtbot.waitSignal(model_of(view).shown):
        view.show_part(item_id=2200)
    assert view.selection.ids == [1200]
    view.copy_rows()
    state, *_, queued, _took = QGuiApplication.clipboard().text().split("\t")
    assert state == "Failed · seen"
    assert queued.count(":") == 2


class Painted(QObject):
    """Remembers which parts of a widget were painted."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[QRect] = []

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.parts.append(event.rect())
        return False


def first_frame(view: TaskTable, event: TasksEvent) -> QRect:
    """Apply an event; return the part of the rows that is painted first."""
    QApplication.processEvents()
    painted = Painted()
    view.viewport().installEventFilter(painted)
    model_of(view).apply(event)
    QApplication.sendPostedEvents()
    view.viewport().removeEventFilter(painted)
    return painted.parts[0]


def test_no_row_is_seen_twice_while_others_come_or_go_above(
    qtbot: QtBot, view: TaskTable, source: TaskSource
) -> None:
    scroll(qtbot, view, 100)
    assert first_frame(view, source.change(1201, "queued")) == view.viewport().rect()
    assert first_frame(view, source.remove(1200)) == view.viewport().rect()


def test_without_its_column_a_task_for_no_one_is_named_in_place_of_the_address(
    qtbot: QtBot, jobs: Jobs, themes: ThemeSource
) -> None:
    row = task_row(1, "succeeded", title="Nightly report", to=None)
    table = shown_table(qtbot, jobs, themes, TaskSource([row]))
    cell = table.visualRect(table.model().index(0, TO)).adjusted(0, 0, 0, -2)
    before = table.viewport().grab(cell).toImage()
    table.setColumnHidden(TASK, True)
    cell = table.visualRect(table.model().index(0, TO)).adjusted(0, 0, 0, -2)
    named = table.viewport().grab(cell).toImage()
    assert {named.pixel(x, named.height() // 2) for x in range(cell.width())} - {before.pixel(1, 1)}


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_words_cut_behind_an_icon_or_a_bar_are_told_whole(
    qtbot: QtBot, jobs: Jobs, themes: ThemeSource
) -> None:
    progress = {"done": 1, "total": 2, "text": "all"}
    row = task_row(1, "running", task="pdf", progress=progress)
    table = shown_table(qtbot, jobs, themes, TaskSource([row]))
    header = table.header
    header.resizeSection(TO, header.sectionSize(TO) + header.sectionSize(PROGRESS))
    header.resizeSection(STATE, words_width(table, "Sending") + 30)
    for column in (STATE, PROGRESS):
        index = table.model().index(0, column)
        assert words_width(table, index.data()) < table.columnWidth(column)
        place = table.visualRect(index).center()
        at = table.viewport().mapToGlobal(place)
        QApplication.sendEvent(table.viewport(), QHelpEvent(QHelpEvent.Type.ToolTip, place, at))
        assert index.data() in QToolTip.text()
        QToolTip.hideText()


def words_width(table: TaskTable, words: str) -> int:
    return table.fontMetrics().horizontalAdvance(words)


def test_an_error_is_cut_in_its_middle(
    qtbot: QtBot, jobs: Jobs, themes: ThemeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = "mx.example.org refused the recipient: 550 5.1.1 no such user " * 3
    table = shown_table(qtbot, jobs, themes, TaskSource([task_row(1, "failed", error=error)]))
    table.resize(1400, 600)  # in a narrow column it keeps its beginning only
    delegate_of(table).begin()
    texts = delegate_of(table)._texts[False]
    shown: list[str] = []
    cut = texts.cut

    def heard(*args: Any, **how: Any) -> Any:
        found = cut(*args, **how)
        shown.append(found[0].text())
        return found

    monkeypatch.setattr(texts, "cut", heard)
    table.viewport().grab()
    assert any("…" in each and each.rstrip().endswith("user") for each in shown)
