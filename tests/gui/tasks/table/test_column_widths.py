"""Columns are as wide as their cells need, stand still while rows change, and share the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QFontMetrics

from desktop.gui.kit.lists.list_widths import LAST_RESORT, fitted
from desktop.gui.kit.lists.live_rows import Cell
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.look.theme import Scheme, Theme, medium
from desktop.gui.tasks.table.columns import BY_KEY, COLUMNS, FITS, PROGRESS, STATE
from tests.gui.tasks.table.table_bench import delegate_of, model_of
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.tasks.table.task_table import TaskTable

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


def test_a_text_that_fills_its_cell_is_painted_whole(table: Callable[[], TaskTable]) -> None:
    view = table()
    delegate = delegate_of(view)
    for number in range(1, 60):
        text = f"{number} min ago"
        room = width_of(view, text) - delegate.pad - delegate.pad // 2
        assert delegate._texts[False].cut(text, room)[0].text() == text


def test_the_title_that_is_sorted_by_is_painted_whole(
    table: Callable[[], TaskTable], themes: ThemeSource
) -> None:
    """In some fonts a text is part of a pixel longer than it says: *Queu…*."""
    header, px = table().header, themes.theme.px
    for size in range(28, 80):
        font = header.font()
        font.setPointSizeF(size / 4)
        header.setFont(font)
        metrics = QFontMetrics(medium(font))
        for number, column in enumerate(COLUMNS):
            room = header.title_width(number) - px(14) - 2 * px(11)
            title = str(header.model().headerData(number, Qt.Orientation.Horizontal))
            shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
            assert shown == title, column.key


def test_nothing_is_cut_where_there_is_room(table: Callable[[], TaskTable]) -> None:
    view = table()
    view.resize(1300, 600)
    assert not cut(view)
    assert view.header.length() == view.viewport().width()


@pytest.mark.parametrize("size", [7, 13, 20])
def test_in_any_font_titles_numbers_and_progress_stay_whole(
    table: Callable[[], TaskTable], themes: ThemeSource, size: int
) -> None:
    view = table()
    font = view.font()
    font.setPointSize(size)
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


def test_longer_words_widen_a_column_within_bounds_and_shorter_ones_leave_it(
    table: Callable[[], TaskTable], source: TaskSource
) -> None:
    view = table()
    model = model_of(view)
    view.resize(1100, 600)
    before = view.columnWidth(TASK)
    for length, wider in ((9, True), (1, False), (4000, True)):
        rows = [task_row(1200, "waiting", rev=length, title="Invitation " * length)]
        model.apply({"rows": rows, "gone": [], "total": 1200})  # type: ignore[typeddict-unknown-key]
        view.widths.measure()
        assert (view.columnWidth(TASK) > before) == wider or length == 4000
        before = view.columnWidth(TASK)
    assert before < view.viewport().width() / 2
    assert view.header.length() == view.viewport().width()


def test_a_width_the_person_chose_stays_and_is_remembered_as_theirs(
    table: Callable[[], TaskTable],
) -> None:
    view = table()
    task = view.columnWidth(TASK)
    view.header.resizeSection(TO, 123)
    assert view.columnWidth(TASK) == task  # no edge runs from the pointer
    other = table()
    assert other.header.restoreState(view.header.saveState())
    for width in (500, 1500):
        other.resize(width, 600)
        assert other.columnWidth(TO) == 123
    assert other.columnWidth(TASK) >= task
    other.header.columns_menu().actions()[-1].trigger()
    assert other.columnWidth(TO) > 123


def test_a_column_made_wider_than_the_room_sends_no_other_away(
    table: Callable[[], TaskTable],
) -> None:
    view = table()
    view.resize(1100, 600)
    before = {n for n in view.header.columns_chosen() if not view.isColumnHidden(n)}
    view.header.resizeSection(TO, 900)
    model = model_of(view)
    rows = [task_row(1200, "waiting", rev=2, title="A much longer title than before")]
    model.apply({"rows": rows, "gone": [], "total": 1200})  # type: ignore[typeddict-unknown-key]
    view.widths.measure()
    assert view.columnWidth(TO) == 900
    assert {n for n in before if not view.isColumnHidden(n)} == before
    view.doItemsLayout()
    beyond = view.header.length() - view.viewport().width()
    assert view.horizontalScrollBar().maximum() == beyond > 0
    view.resize(600, 600)
    assert view.isColumnHidden(BY_KEY["took"])  # the window is too narrow whatever To has


def test_a_state_of_qt_alone_makes_no_width_the_persons(table: Callable[[], TaskTable]) -> None:
    view, other = table(), table()
    view.header.resizeSection(TO, 123)
    qt_state = bytes(view.header.saveState().data()).partition(b"\nown")[0]
    assert other.header.restoreState(QByteArray(qt_state))
    assert other.columnWidth(TO) > 123


def test_where_room_is_short_columns_leave_before_those_read_first_are_cut(
    table: Callable[[], TaskTable], themes: ThemeSource
) -> None:
    view = table()
    header, took, queued = view.header, BY_KEY["took"], BY_KEY["queued"]
    view.resize(1300, 600)
    whole = header.length()
    px, usual = themes.theme.px, width_of(view, "Confirmation e-mail")
    read_first = min(px(FITS[TASK].usual), usual), px(FITS[TO].least or 0)
    for width in range(1300, 500, -20):
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
    """*Progress* was to be scrolled to, 77 pixels beyond the edge."""
    titled = dict(zip(range(7), [122, 136, 110, 70, 176, 120, 110], strict=True))
    words = dict(enumerate([238, 136, 340, 986, 680, 181, 136]))
    before = LOOK.theme
    LOOK.wear(Theme(Scheme.LIGHT, 2.3))
    widths = fitted({n: FITS[n] for n in range(7)}, titled, words, {}, PROGRESS, 589)
    LOOK.wear(before)
    assert widths.keys() == {STATE, TO, PROGRESS}
    assert sum(widths.values()) <= 589
    assert widths[STATE] > 200
