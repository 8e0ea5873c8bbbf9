"""What the tests of the table share: 1,200 tasks in all states, and a shown table over them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from desktop.contract.office import OfficeRow
from tests.gui.tasks.table.table_bench import STATES, shown_table
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.table.task_table import TaskTable


@cache
def _rows() -> list[OfficeRow]:
    return [task_row(i, STATES[i % 8]) for i in range(1, 1201)]


@pytest.fixture
def source() -> TaskSource:
    return TaskSource([row.copy() for row in _rows()])


@pytest.fixture
def table(
    qtbot: QtBot, jobs: Jobs, themes: ThemeSource, source: TaskSource
) -> Callable[[], TaskTable]:
    return lambda: shown_table(qtbot, jobs, themes, source)


@pytest.fixture
def view(table: Callable[[], TaskTable]) -> TaskTable:
    return table()
