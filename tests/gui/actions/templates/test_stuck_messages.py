"""Messages that a template cannot make: each number says what it means, and has its cure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.client.api import ApiSource
from desktop.gui.actions.templates.stuck_messages import StuckMessages

if TYPE_CHECKING:
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs


@pytest.fixture
def stuck(window: MainWindow, jobs: Jobs) -> StuckMessages:
    return StuckMessages(window, ApiSource(), jobs)


def saved(tasks: list[int], rows: int) -> dict[str, Any]:
    messages = {"stuck": tasks, "rows": rows, "fields": ["fee"]}
    return {"name": "Fees", "versions": [{"version": "1"}], "messages": messages}


def bar(window: MainWindow) -> tuple[str, dict[str, QPushButton]]:
    """Return what the bar says, and its buttons by their words."""
    ((name, shown),) = window.notices.bars.items()
    buttons = {each.text(): each for each in shown.findChildren(QPushButton)}
    return window.notices.text(name), buttons


def test_tasks_and_rows_of_a_batch_are_told_apart_each_with_its_cure(
    window: MainWindow, stuck: StuckMessages
) -> None:
    edited, corrected = [], []
    stuck.edit_wanted.connect(lambda *what: edited.append(what))
    stuck.correction_wanted.connect(corrected.append)
    stuck.look(saved([3, 4], 115))
    said, buttons = bar(window)
    assert said == (
        "117 waiting messages cannot be made with “Fees”: they have no “fee”."
        " 2 of them can be corrected one by one."
        " 115 still wait in a batch: edit the template for those."
    )
    buttons["Correct the 2 messages…"].click()
    buttons["Edit template…"].click()
    assert (corrected, edited) == ([[3, 4]], [("Fees", [3, 4])])


@pytest.mark.parametrize(("tasks", "rows"), [([3, 4], 0), ([], 2)])
def test_where_all_are_of_one_kind_there_is_one_number(
    window: MainWindow, stuck: StuckMessages, tasks: list[int], rows: int
) -> None:
    stuck.look(saved(tasks, rows))
    said, buttons = bar(window)
    assert said == "2 waiting messages cannot be made with “Fees”: they have no “fee”."
    assert "Edit template…" in buttons
    assert ("Correct the 2 messages…" in buttons) is bool(tasks)
