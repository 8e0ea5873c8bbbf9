"""Columns: their widths, what sorts, and what is chosen and remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint, Qt
from PySide6.QtGui import QFontMetrics

from desktop.gui.kit.lists.list_widths import LAST_RESORT, fitted
from desktop.gui.kit.lists.live_rows import Cell
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.look.theme import Scheme, Theme, medium
from desktop.gui.tasks.table.columns import BY_KEY, COLUMNS, FITS, OF_MESSAGES, PROGRESS, STATE
from desktop.gui.tasks.table.task_table import TaskTable
from tests.gui.tasks.table.table_bench import choose, delegate_of, first_on_screen, model_of
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


TASK, TO = BY_KEY["task"], BY_KEY["to"]


def cut(view: TaskTable) -> set[str]:
    """Return the columns of which a cell on screen is cut."""
    delegate, model = delegate_of(view), model_of(view)
    cells = {
        (number, model.cell(row, number)._replace(longest=""))
        for row in range(model.window[0], model.window[1] + 1)
        for number in view.header.columns_chosen()
        if not view.isColumnHidden(number)
    }
    return {
        COLUMNS[number].key
        for number, cell in cells
        if delegate.width_needed(cell) > view.columnWidth(number)
    }


def width_of(view: TaskTable, words: str) -> int:
    """Return the width of a cell at which these words are not cut."""
    delegate_of(view).begin()
    return delegate_of(view).width_needed(Cell(words))


def test_the_title_that_is_sorted_by_is_painted_whole(
    table: Callable[[], TaskTable], themes: ThemeSource
) -> None:
    header, px = table().header, themes.theme.px
    for size in range(28, 80, 3):
        font = header.font()
        font.setPointSizeF(size / 4)
        header.setFont(font)
        metrics = QFontMetrics(medium(font))
        for number, column in enumerate(COLUMNS):
            room = header.title_width(number) - px(14) - 2 * px(11)
            title = str(header.model().headerData(number, Qt.Orientation.Horizontal))
            shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
            assert shown == title, column.key


def test_in_a_large_font_titles_numbers_and_progress_stay_whole(
    view: TaskTable, themes: ThemeSource
) -> None:
    font = view.font()
    font.setPointSize(20)
    view.setFont(font)
    view.header.setFont(font)
    view.widths.forget()
    view.widths.measure()
    view.resize(700, 600)
    assert not cut(view) & {"state", "item", "queued", "took"}
    for number in view.header.columns_chosen():
        assert view.isColumnHidden(number) or view.columnWidth(number) >= view.header.title_width(
            number
        )
    assert view.columnWidth(PROGRESS) >= round(
        themes.theme.px(FITS[PROGRESS].least or 0) * LAST_RESORT
    )


def test_a_width_the_person_chose_stays_and_is_remembered_with_columns_and_order(
    qtbot: QtBot, table: Callable[[], TaskTable]
) -> None:
    view = table()
    task = view.columnWidth(TASK)
    view.header.resizeSection(TO, 123)
    assert view.columnWidth(TASK) == task  # no edge runs from the pointer
    view.header.moveSection(0, 3)
    view.header.setSectionHidden(BY_KEY["took"], True)
    view.header.setSortIndicator(TO, Qt.SortOrder.DescendingOrder)
    other = table()
    with qtbot.waitSignal(model_of(other).shown):
        assert other.header.restoreState(view.header.saveState())
    assert other.header.visualIndex(0) == 3
    assert other.isColumnHidden(BY_KEY["took"])
    assert model_of(other).query.sort == "-to"
    for width in (500, 1500):
        other.resize(width, 600)
        assert other.columnWidth(TO) == 123
    assert other.columnWidth(TASK) >= task
    other.header.columns_menu().actions()[-1].trigger()
    assert other.columnWidth(TO) > 123


def test_a_column_made_wider_than_the_room_sends_no_other_away(view: TaskTable) -> None:
    view.resize(1100, 600)
    before = {n for n in view.header.columns_chosen() if not view.isColumnHidden(n)}
    view.header.resizeSection(TO, 900)
    model = model_of(view)
    rows = [task_row(1200, "waiting", rev=2, title="A much longer title than before")]
    model.apply({"rows": [*rows], "gone": [], "total": 1200})  # type: ignore[typeddict-unknown-key]
    view.widths.measure()
    assert view.columnWidth(TO) == 900
    assert {n for n in before if not view.isColumnHidden(n)} == before
    view.doItemsLayout()
    beyond = view.header.length() - view.viewport().width()
    assert view.horizontalScrollBar().maximum() == beyond > 0
    view.resize(600, 600)
    assert view.isColumnHidden(BY_KEY["took"])  # the window is too narrow whatever To has


def test_where_room_is_short_columns_leave_before_those_read_first_are_cut(
    table: Callable[[], TaskTable], themes: ThemeSource, source: TaskSource
) -> None:
    source.rows[max(source.rows)]["title"] = "Reminder"
    view = table()
    header, took, queued = view.header, BY_KEY["took"], BY_KEY["queued"]
    view.resize(1300, 600)
    assert not cut(view)
    assert header.length() == view.viewport().width()
    whole = header.length()
    px, usual = themes.theme.px, width_of(view, "Confirmation e-mail")
    read_first = min(px(FITS[TASK].usual), usual), px(FITS[TO].least or 0)
    for width in range(1300, 500, -40):
        view.resize(width, 600)
        others_left = view.isColumnHidden(BY_KEY["item"])
        assert others_left or (view.columnWidth(TASK), view.columnWidth(TO)) >= read_first
        assert view.isColumnHidden(took) or not view.isColumnHidden(queued)
        assert view.columnWidth(TASK) >= usual or view.isColumnHidden(queued)
        assert header.length() == view.viewport().width()  # nothing scrolls sideways
    assert view.isColumnHidden(took)
    other = table()
    other.resize(1300, 600)
    assert other.header.restoreState(header.saveState())
    assert not other.isColumnHidden(took)  # only the room was missing
    assert view.isColumnHidden(took)
    next(each for each in header.columns_menu().actions() if each.text() == "Took").trigger()
    assert not view.isColumnHidden(took)  # the person wants it
    view.resize(1300, 600)
    assert header.length() >= whole - view.columnWidth(took)
    assert [n for n in header.columns_chosen() if view.isColumnHidden(n)] == []


def test_beside_the_form_with_large_text_the_table_is_no_wider_than_its_room() -> None:
    titled = dict(zip(range(7), [122, 136, 110, 70, 176, 120, 110], strict=True))
    words = dict(enumerate([238, 136, 340, 986, 680, 181, 136]))
    before = LOOK.theme
    LOOK.apply(Theme(Scheme.LIGHT, 2.3))
    widths = fitted({n: FITS[n] for n in range(7)}, titled, words, {}, PROGRESS, 589)
    LOOK.apply(before)
    assert widths.keys() == {STATE, TO, PROGRESS}
    assert sum(widths.values()) <= 589
    assert widths[STATE] > 200


def widths(view: TaskTable) -> list[int]:
    """How wide each column is but the one that takes what is left; 0 where it is hidden."""
    return [view.columnWidth(n) for n in range(len(COLUMNS)) if n != PROGRESS]


def test_a_title_sorts_by_the_backend_only_and_says_its_direction(
    qtbot: QtBot, view: TaskTable, source: TaskSource
) -> None:
    header = view.header
    assert header.sortIndicatorSection() == BY_KEY["queued"]
    x = header.sectionViewportPosition(BY_KEY["progress"]) + 10
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 8))
    assert header.sortIndicatorSection() == BY_KEY["queued"]
    assert model_of(view).query.sort == "-id"
    for key in ("to", "state", "item", "took"):
        x = header.sectionViewportPosition(BY_KEY[key]) + 10
        for sort in ("{}", "-{}"):
            with qtbot.waitSignal(model_of(view).shown):
                qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 8))
            assert model_of(view).query.sort == sort.format(COLUMNS[BY_KEY[key]].sort)
            assert header.sortIndicatorSection() == BY_KEY[key]
            expected = [row["id"] for row in source.matching(model_of(view).query)[:20]]
            assert [row.id for row in model_of(view).rows_between(0, 19)] == expected


def test_a_column_that_says_the_same_in_every_row_is_left_out(
    table: Callable[[], TaskTable], source: TaskSource
) -> None:
    view = table()
    assert view.isColumnHidden(TASK)
    assert TASK in view.header.columns_chosen()
    source.rows[max(source.rows)]["title"] = "Reminder"
    assert not table().isColumnHidden(TASK)


def test_a_sort_moves_no_column(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    source.change(1200, "queued", title="A much longer title than the others")
    view = table()
    view.resize(1400, 600)
    view.widths.measure()
    kept = [BY_KEY[key] for key in ("state", "item", "task", "to", "queued")]  # what takes, grows
    before = [view.columnWidth(column) for column in kept]
    for sort in (TO, BY_KEY["queued"]):
        with qtbot.waitSignal(model_of(view).shown):
            view.header.setSortIndicator(sort, Qt.SortOrder.AscendingOrder)
        view.widths.measure()
        assert first_on_screen(view) == 1  # the longer title is out of sight
        assert [view.columnWidth(column) for column in kept] == before


def test_a_title_that_sorts_says_it(view: TaskTable) -> None:
    role = Qt.ItemDataRole.AccessibleDescriptionRole

    def words(key: str) -> str:
        return str(view.model().headerData(BY_KEY[key], Qt.Orientation.Horizontal, role))

    assert words("took") == "Click to sort by this column"
    assert words("queued") == "Sorted in descending order. Click to reverse it."
    assert words("progress") == ""


def test_remembered_columns_that_make_no_sense_leave_the_usual_ones(
    table: Callable[[], TaskTable],
) -> None:
    view = table()
    assert not view.header.restoreState(b"nonsense")
    assert view.header.sortIndicatorSection() == BY_KEY["queued"]
    view.header.resizeSection(TO, 123)
    qt_state = bytes(view.header.saveState().data()).partition(b"\nown")[0]
    other = table()
    assert other.header.restoreState(QByteArray(qt_state))
    assert other.columnWidth(TO) > 123  # no width of Qt's alone is the person's


def test_the_chooser_shows_and_hides_columns_but_never_the_last(view: TaskTable) -> None:
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


def test_columns_stay_when_the_first_row_goes_out_of_memory(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    for number in range(2, 1201):
        source.remove(number)
    view = table()
    view.header.resizeSection(BY_KEY["to"], 281)
    choose(view, 0)
    before = widths(view)
    for number in range(5001, 8001):
        source.change(number, "queued")
    with qtbot.waitSignal(model_of(view).reordered):
        model_of(view).reset()
    assert widths(view) == before
    assert view.columnWidth(BY_KEY["to"]) == 281


def test_columns_that_are_left_out_are_not_shown_offered_or_sorted_by(
    table: Callable[[], TaskTable],
) -> None:
    view, other = table(), table()
    view.header.setSortIndicator(TO, Qt.SortOrder.DescendingOrder)
    other.header.leave_out(OF_MESSAGES)
    assert other.header.restoreState(view.header.saveState())
    assert not {*other.header.columns_chosen()} & OF_MESSAGES
    assert "To" not in [action.text() for action in other.header.columns_menu().actions()]
    assert model_of(other).query.sort == "-id"
