"""Columns: what each shows, which are shown, and what sorts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt

from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.table.columns import ADDRESS, BY_KEY, COLUMNS, TASK, TO, texts
from desktop.gui.tasks.table.task_table import TaskTable
from tests.gui.tasks.table.table_bench import model_of
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMenu
    from pytestqt.qtbot import QtBot


NOW = time.time()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"to": "Ada Bo <ada@example.org>"}, ("Ada Bo", "ada@example.org", "Reminder")),
        ({"to": "ada@example.org"}, ("ada@example.org", "ada@example.org", "Reminder")),
        ({"to": None}, ("Reminder", "task 1", "")),
    ],
)
def test_a_row_says_to_whom_or_what_it_is(
    changes: dict[str, Any], said: tuple[str, str, str]
) -> None:
    cells = texts(row_of(task_row(1, title="Reminder", **changes)), NOW)
    assert (cells[TO], cells[ADDRESS], cells[TASK]) == said


def shown(view: TaskTable) -> list[str]:
    return [each.key for n, each in enumerate(COLUMNS) if not view.isColumnHidden(n)]


def entry(view: TaskTable, menu: str, title: str) -> QAction:
    menus = {each.text(): each.menu() for each in view.header.columns_menu().actions()}
    inner: QMenu = menus[menu]  # type: ignore[assignment]
    return next(each for each in inner.actions() if each.text() == title)


def test_the_task_is_shown_only_where_there_is_more_than_one_kind_of_e_mail(
    qtbot: QtBot, view: TaskTable, source: TaskSource
) -> None:
    assert "task" not in shown(view)
    model_of(view).apply(source.change(1201, "queued", title="Confirmation e-mail: 7"))
    assert "task" not in shown(view)
    model_of(view).apply(source.change(1202, "queued", title="Receipt", to=None))
    assert "task" not in shown(view)  # the first column has its title
    model_of(view).apply(source.change(1203, "queued", title="Reminder"))
    assert "task" in shown(view)
    with qtbot.waitSignal(model_of(view).shown):
        view.show_text("person800")
    assert "task" not in shown(view)


def test_a_title_sorts_the_whole_list_and_says_its_direction(
    qtbot: QtBot, view: TaskTable, source: TaskSource
) -> None:
    header = view.header
    entry(view, "Also show", "Took").trigger()
    for key in ("to", "status", "took"):
        x = header.sectionViewportPosition(BY_KEY[key]) + 10
        for sort in ("{}", "-{}"):
            with qtbot.waitSignal(model_of(view).shown):
                qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 8))
            assert model_of(view).query.sort == sort.format(COLUMNS[BY_KEY[key]].sort)
            assert header.sortIndicatorSection() == BY_KEY[key]
            expected = [row["id"] for row in source.matching(model_of(view).query)]
            qtbot.waitUntil(lambda e=expected: list(model_of(view).tasks.ids) == e)  # type: ignore[misc]
    x = header.sectionViewportPosition(ADDRESS) + 10
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 8))
    assert header.sortIndicatorSection() == BY_KEY["took"]
    role = Qt.ItemDataRole.AccessibleDescriptionRole
    words = [view.model().headerData(n, Qt.Orientation.Horizontal, role) for n in (TO, ADDRESS)]
    assert words == ["Click to sort by this column", ""]
    said = view.model().headerData(BY_KEY["took"], Qt.Orientation.Horizontal, role)
    assert said == "Sorted in descending order. Click to reverse it."


def test_the_menu_sorts_by_what_no_column_shows(qtbot: QtBot, view: TaskTable) -> None:
    for title, sort in (("Last ended", "-finished_at"), ("Oldest", "id"), ("Newest", "-id")):
        with qtbot.waitSignal(model_of(view).shown):
            entry(view, "Sort by", title).trigger()
        assert model_of(view).query.sort == sort
        assert entry(view, "Sort by", title).isChecked()


def test_the_further_column_and_the_order_are_remembered(
    qtbot: QtBot, table: Callable[[], TaskTable]
) -> None:
    view = table()
    entry(view, "Also show", "Attempts").trigger()
    entry(view, "Sort by", "Longest").trigger()
    other = table()
    with qtbot.waitSignal(model_of(other).shown):
        assert other.header.restoreState(view.header.saveState())
    assert "attempts" in shown(other)
    assert model_of(other).query.sort == "-took"
    for nonsense in (b"nonsense", b"colour -id", b"added -colour", b"\xff\x00"):
        assert not other.header.restoreState(nonsense)
    assert "attempts" in shown(other)


def test_the_tasks_of_an_app_have_a_title_and_a_number_and_no_item(
    table: Callable[[], TaskTable], source: TaskSource
) -> None:
    source.rows[1200]["title"] = "Reminder"
    view = table()
    view.be_of_app()
    assert shown(view) == ["to", "address", "status"]
    assert [model_of(view).titles[n] for n in (TO, ADDRESS)] == ["Task", "Number"]
    assert not view.header.restoreState(b"item -id")
    view.header.setSortIndicator(TO, Qt.SortOrder.AscendingOrder)
    assert model_of(view).query.sort == "task"
