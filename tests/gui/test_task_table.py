"""The live table: it stays where one reads, keeps the selection by task, and works by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QPixmap

from desktop.client.api import ApiSource, TaskQuery
from desktop.gui.columns import BY_KEY, COLUMNS
from desktop.gui.task_model import TaskModel
from desktop.gui.task_table import TaskTable
from desktop.gui.theme import Appearance
from tests.gui.task_source import TaskSource, stamp, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.jobs import Jobs
    from desktop.gui.theme import ThemeSource

STATES = [
    "scheduled",
    "queued",
    "running",
    "waiting",
    "succeeded",
    "failed",
    "cancelled",
    "uncertain",
]


@pytest.fixture
def source() -> TaskSource:
    return TaskSource([task_row(i, STATES[i % 8]) for i in range(1, 1201)])


@pytest.fixture
def table(
    qtbot: QtBot, jobs: Jobs, themes: ThemeSource, source: TaskSource
) -> Callable[[], TaskTable]:
    def make() -> TaskTable:
        api = ApiSource()
        api.api = source  # type: ignore[assignment]
        model = TaskModel(api, jobs)
        view = TaskTable(model, themes)
        model.setParent(view)
        qtbot.addWidget(view)
        view.resize(1000, 600)
        with qtbot.waitSignal(model.shown):
            view.show()
        return view

    return make


def model_of(view: TaskTable) -> TaskModel:
    model = view.model()
    assert isinstance(model, TaskModel)
    return model


def choose(view: TaskTable, *positions: int) -> None:
    """Select rows; ``selectRow`` would ask which keys an earlier test left pressed."""
    flag = QItemSelectionModel.SelectionFlag
    how = flag.ClearAndSelect | flag.Rows
    for position in positions:
        view.selectionModel().setCurrentIndex(view.model().index(position, 0), how)
        how = flag.Select | flag.Rows


def first_on_screen(view: TaskTable) -> int:
    row = model_of(view).row_at(view.rowAt(0))
    assert row is not None
    return row.id


def scroll(qtbot: QtBot, view: TaskTable, position: int) -> None:
    view.executeDelayedItemsLayout()
    bar = view.verticalScrollBar()
    bar.setValue(position * view.rowHeight(0))
    qtbot.waitUntil(lambda: model_of(view).row_at(view.rowAt(0)) is not None)


def test_new_rows_slide_in_for_who_is_at_the_top(
    table: Callable[[], TaskTable], source: TaskSource
) -> None:
    view = table()
    model_of(view).apply(source.change(1201, "queued"))
    assert first_on_screen(view) == 1201


def test_new_rows_do_not_move_what_is_being_read(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    view = table()
    scroll(qtbot, view, 100)
    before, top = first_on_screen(view), view.rowViewportPosition(view.rowAt(0))
    for task_id in range(1201, 1221):
        model_of(view).apply(source.change(task_id, "queued"))
    model_of(view).apply(source.remove(1205))
    view.executeDelayedItemsLayout()
    assert first_on_screen(view) == before
    assert view.rowViewportPosition(view.rowAt(0)) == top
    assert view.model().rowCount() == 1219


def test_a_reset_keeps_the_place_of_who_reads(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    view = table()
    scroll(qtbot, view, 100)
    before = first_on_screen(view)
    for task_id in range(1201, 1231):
        source.change(task_id, "queued")
    with qtbot.waitSignal(model_of(view).reordered):
        model_of(view).reset()
    assert first_on_screen(view) == before


def test_the_selection_follows_the_task(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    view = table()
    choose(view, 5)
    assert view.selection.ids == [1195]
    model_of(view).apply(source.change(1201, "queued"))
    model_of(view).apply(source.remove(1199))
    model_of(view).apply(source.change(1195, "failed"))
    assert view.selection.ids == [1195]
    with qtbot.waitSignal(model_of(view).reordered):
        model_of(view).reset()
    assert view.selection.ids == [1195]
    assert [row.id for row in view.selection.rows] == [1195]


def test_the_selection_survives_another_order_and_drops_what_is_filtered_out(
    qtbot: QtBot, table: Callable[[], TaskTable]
) -> None:
    view = table()
    choose(view, 0, 1)
    assert set(view.selection.ids) == {1200, 1199}
    with qtbot.waitSignal(model_of(view).shown), qtbot.waitSignal(view.selection_changed):
        view.show_states(("scheduled",))
    assert view.selection.ids == [1200]


def test_a_task_that_goes_leaves_the_selection_and_tells(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    view = table()
    choose(view, 0)
    with qtbot.waitSignal(view.selection_changed) as changed:
        model_of(view).apply(source.remove(1200))
    assert changed.args == [[]]


def test_the_selection_is_told_with_the_current_task_first(
    qtbot: QtBot, table: Callable[[], TaskTable]
) -> None:
    view = table()
    view.setFocus()
    choose(view, 3)
    with qtbot.waitSignal(view.selection_changed) as changed:
        qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert changed.args[0][0] in {1197, 1196}
    assert sorted(view.selection.ids) == [1196, 1197]


def test_a_title_sorts_by_the_backend_only_and_says_its_direction(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    view = table()
    header = view.header
    assert header.sortIndicatorSection() == BY_KEY["queued"]
    for key, sort in (("to", "to"), ("to", "-to"), ("state", "state")):
        x = header.sectionViewportPosition(BY_KEY[key]) + 10
        with qtbot.waitSignal(model_of(view).shown):
            qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 8))
        assert model_of(view).query.sort == sort
        assert header.sortIndicatorSection() == BY_KEY[key]
    expected = [row["id"] for row in source.matching(model_of(view).query)[:20]]
    assert [row.id for row in model_of(view).rows_between(0, 19)] == expected


def test_a_title_the_backend_cannot_sort_by_does_nothing(
    qtbot: QtBot, table: Callable[[], TaskTable]
) -> None:
    view = table()
    header = view.header
    x = header.sectionViewportPosition(BY_KEY["task"]) + 10
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 8))
    assert header.sortIndicatorSection() == BY_KEY["queued"]
    assert model_of(view).query.sort == "-id"


def test_columns_and_order_are_remembered(qtbot: QtBot, table: Callable[[], TaskTable]) -> None:
    view = table()
    view.header.resizeSection(BY_KEY["to"], 321)
    view.header.moveSection(0, 3)
    view.header.setSectionHidden(BY_KEY["took"], True)
    view.header.setSortIndicator(BY_KEY["to"], Qt.SortOrder.DescendingOrder)
    state = view.header.saveState()
    other = table()
    with qtbot.waitSignal(model_of(other).shown):
        assert other.header.restoreState(state)
    assert other.header.sectionSize(BY_KEY["to"]) == 321
    assert other.header.visualIndex(0) == 3
    assert other.isColumnHidden(BY_KEY["took"])
    assert model_of(other).query.sort == "-to"


def test_remembered_columns_that_make_no_sense_leave_the_usual_ones(
    table: Callable[[], TaskTable],
) -> None:
    view = table()
    assert not view.header.restoreState(b"nonsense")
    assert view.header.sortIndicatorSection() == BY_KEY["queued"]


def test_the_chooser_shows_and_hides_columns_but_never_the_last(
    table: Callable[[], TaskTable],
) -> None:
    view = table()
    menu = view.header.columns_menu()
    actions = {action.text(): action for action in menu.actions()}
    assert not actions["Finished"].isChecked()
    actions["Finished"].setChecked(True)
    assert not view.isColumnHidden(BY_KEY["finished"])
    for number in range(len(COLUMNS)):
        view.setColumnHidden(number, number != 0)
    titles = [action.text() for action in view.header.columns_menu().actions()]
    assert "State" not in titles
    assert "Item" in titles


def test_enter_asks_for_the_detail_and_delete_cancels_what_can_be(
    qtbot: QtBot, table: Callable[[], TaskTable]
) -> None:
    view = table()
    view.setFocus()
    choose(view, 0)
    with qtbot.waitSignal(view.task_activated) as activated:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert activated.args == [1200]
    view.selectAll()
    with qtbot.waitSignal(view.action_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Delete)
    verb, ids = chosen.args
    assert verb == "cancel"
    assert {STATES[each % 8] for each in ids} == {"scheduled", "queued", "running", "waiting"}


def test_copies_the_selected_rows_as_they_are_shown(
    qtbot: QtBot, table: Callable[[], TaskTable]
) -> None:
    view = table()
    view.setFocus()
    choose(view, 4)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    cells = QGuiApplication.clipboard().text().split("\t")
    assert cells[:4] == [
        "Sent",
        "2196",
        "Confirmation e-mail",
        "Person 1196 <person1196@example.org>",
    ]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("scheduled", ["Cancel"]),
        ("waiting", ["Try now", "Cancel"]),
        ("failed", ["Retry"]),
        ("uncertain", ["It was sent", "Send again"]),
        ("succeeded", []),
    ],
)
def test_the_menu_offers_only_what_fits(
    table: Callable[[], TaskTable], state: str, words: list[str]
) -> None:
    view = table()
    position = next(i for i in range(9) if model_of(view).row_at(i).state == state)  # type: ignore[union-attr]
    choose(view, position)
    menu = view.menu()
    assert menu is not None
    shown = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert shown == [*words, "Copy as text", "Copy address"]


def test_the_menu_acts_on_those_it_counts_and_copies_bare_addresses(
    qtbot: QtBot, table: Callable[[], TaskTable]
) -> None:
    view = table()
    choose(view, 0, 3)
    menu = view.menu()
    assert menu is not None
    actions = {action.text(): action for action in menu.actions()}
    with qtbot.waitSignal(view.action_chosen) as chosen:
        actions["Retry (1)"].trigger()
    assert chosen.args == ["retry", [1197]]
    actions["Copy 2 addresses"].trigger()
    assert QGuiApplication.clipboard().text() == "person1200@example.org, person1197@example.org"


def test_without_a_selection_there_is_no_menu(table: Callable[[], TaskTable]) -> None:
    assert table().menu() is None


def test_an_empty_table_says_why_and_offers_the_way_out(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    view = table()
    with qtbot.waitSignal(model_of(view).shown):
        view.show_text("nobody at all")
    empty = view._empty
    assert empty.isVisible()
    assert "nobody at all" in empty._sentence.text()
    with qtbot.waitSignal(view.cleared):
        empty._link.click()
    source.rows.clear()
    with qtbot.waitSignal(model_of(view).shown):
        view.show_text("")
    assert empty._sentence.text() == "No items yet. Type one on the left."
    assert not empty._link.isVisible()
    model_of(view).apply(source.change(1, "queued"))
    assert not empty.isVisible()


def pixels(view: TaskTable) -> Any:
    pixmap = QPixmap(view.size())
    view.render(pixmap)
    return pixmap.toImage()


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_paints_every_state_placeholders_and_bars_without_a_warning(
    qtbot: QtBot,
    table: Callable[[], TaskTable],
    source: TaskSource,
    themes: ThemeSource,
    appearance: Appearance,
) -> None:
    themes.choose(appearance)
    view = table()
    half = {"done": 1, "total": 2, "text": "half"}
    model_of(view).apply(source.change(1194, "running", progress=half))
    choose(view, 2)
    view.setFocus()
    image = pixels(view)
    tokens = ("selection", "line", "surface", "running")
    found = {image.pixelColor(x, y).rgb() for x in range(0, 1000, 1) for y in range(30, 330, 3)}
    for token in tokens:
        assert themes.theme.color(token).rgb() in found, token
    model_of(view).watch(900, 920)
    pixels(view)


def test_running_icons_turn_only_while_there_are_any_and_they_can_be_seen(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    view = table()
    qtbot.waitUntil(lambda: view.icons.turning)
    frame = view._delegate.frame
    qtbot.waitUntil(lambda: view._delegate.frame != frame)
    view.hide()
    assert not view.icons.turning
    view.show()
    assert view.icons.turning
    with qtbot.waitSignal(model_of(view).shown):
        view.show_states(("failed",))
    qtbot.waitUntil(lambda: not view.icons.turning)


def test_nothing_turns_where_reduced_motion_is_asked_for(
    qtbot: QtBot, table: Callable[[], TaskTable], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.gui.running_icons.may_move", lambda _: False)
    view = table()
    assert any(row.state == "running" for row in model_of(view).rows_between(0, 9))
    assert not view.icons.turning


def test_ages_move_on_screen_by_one_signal(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    view = table()
    model = model_of(view)
    row = model.row_at(0)
    assert row is not None
    row.cells, row.cells_at = ("old",) * len(COLUMNS), 0
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.refresh_ages()
    assert changed.args[0].row() == changed.args[1].row() == 0
    assert model.cells(row)[0] == "Scheduled"


def test_screen_readers_hear_titles_and_cells(table: Callable[[], TaskTable]) -> None:
    view = table()
    model = model_of(view)
    role = Qt.ItemDataRole.AccessibleTextRole
    titles = [
        model.headerData(n, Qt.Orientation.Horizontal, role) for n in range(model.columnCount())
    ]
    assert titles[:3] == ["State", "Item", "Task"]
    assert model.data(model.index(4, 0), role) == "Sent"
    assert model.data(model.index(900, 0), role) == "is being read"
    assert view.accessibleName() == "Tasks"


def test_times_to_come_are_told_from_the_clock(
    table: Callable[[], TaskTable], source: TaskSource
) -> None:
    import time

    view = table()
    event = source.change(1201, "waiting", run_at=stamp(time.time() + 40), error="451 later")
    model_of(view).apply(event)
    words = str(view.model().index(0, BY_KEY["progress"]).data())
    assert words in {"again in 40 s · 451 later", "again in 39 s · 451 later"}
    assert model_of(view).query == TaskQuery()
