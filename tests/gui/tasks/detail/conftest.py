"""A detail pane on tasks of a list, and the hands of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from desktop.gui.tasks.acting.task_actions import Selection
from desktop.gui.tasks.detail.task_detail import DetailPane
from sendoff_tasks.client.calls import SortedFilter
from tests.gui.tasks.acting.pending_rows import selection
from tests.gui.tasks.table.task_source import TaskSource, stamp, task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from sendoff_tasks.model.tasks import TaskRow


AT = 1_790_000_000.0
ACTS = {"Try now", "Retry", "Cancel", "It was sent", "Send again"}
TRACE = 'Traceback (most recent call last):\n  File "smtp.py", line 1, in send\nLater: 451'


def attempt(number: int, outcome: str = "waiting", **changes: Any) -> dict[str, Any]:
    return {
        "attempt": number,
        "count": 1,
        "started_at": stamp(AT + number * 10),
        "finished_at": stamp(AT + number * 10 + 0.6),
        "outcome": outcome,
        "error": "451 Greylisted",
        "traceback": TRACE,
    } | changes


@pytest.fixture
def source() -> TaskSource:
    waiting = task_row(4, "waiting", run_at=stamp(AT + 40), attempt=2, error="451 Greylisted")
    states = ("scheduled", "queued", "running", "succeeded", "failed", "cancelled", "uncertain")
    whys = ["" if state == "running" else "a reason" for state in states]
    rows = [task_row(10 + n, state, why=whys[n]) for n, state in enumerate(states)]
    made = TaskSource([waiting, task_row(5, queue="receipts"), *rows])
    line = {"at": stamp(AT), "attempt": 2, "level": "warning", "text": "connected"}
    made.details[4] = {"history": [attempt(1), attempt(2, worker="mill 417")], "log": [line]}
    return made


@pytest.fixture
def asked(jobs: Jobs, source: TaskSource) -> ApiSource:
    return ApiSource(jobs, source)  # type: ignore[arg-type]


@pytest.fixture
def detail(qtbot: QtBot, themes: ThemeSource, asked: ApiSource) -> DetailPane:
    made = DetailPane(asked, ALL_RIGHTS, PendingActions(Delivery()))
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def show(qtbot: QtBot, detail: DetailPane, task_id: int) -> None:
    detail.show_task(task_id)
    qtbot.waitUntil(lambda: detail.read is not None and detail.task == task_id)


def buttons(detail: DetailPane) -> dict[str, QPushButton]:
    found = detail.findChildren(QPushButton)
    return {each.text(): each for each in found if each.text() and each.isVisible()}


def some(*rows: TaskRow, count: int = 0, query: SortedFilter | None = None) -> Selection:
    """Select tasks that are known, out of ``count`` if there are more."""
    return selection([row_of(row) for row in rows], count or len(rows), query)
