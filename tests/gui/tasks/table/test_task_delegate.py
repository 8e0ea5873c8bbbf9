"""Words that are cut are told whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from desktop.gui.tasks.table.columns import PROGRESS, STATE, TASK, TO
from tests.gui.tasks.table.table_bench import delegate_of, shown_table
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.table.task_table import TaskTable


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
    row = task_row(1, "running", progress=progress)
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
