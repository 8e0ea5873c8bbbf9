"""Several tasks at once: counted by state, followed live, with the verbs that fit them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLabel

from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.detail.task_detail import DetailPane
from sendoff_tasks.client.calls import TaskQuery
from tests.gui.tasks.acting.pending_rows import selection
from tests.gui.tasks.detail.conftest import buttons, some
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_several_are_counted_by_state_and_have_the_verbs_for_all(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    rows = [source.rows[number] for number in (10, 11, 13, 14)]
    detail.show_selected(some(*rows, task_row(17, "waiting")))
    assert detail.selected.title.text() == "5 tasks selected"
    assert detail.selected.counts() == {
        "scheduled": 1,
        "queued": 1,
        "waiting · on hold": 1,
        "sent": 1,
        "failed": 1,
    }
    words = {"Retry (2)", "Send now (1)", "Change time… (1)", "Cancel (3)"}
    qtbot.waitUntil(lambda: set(buttons(detail)) == words)
    with qtbot.waitSignal(detail.action_chosen) as chosen:
        buttons(detail)["Cancel (3)"].click()
    assert chosen.args == ["cancel", [10, 11, 17]]
    assert not detail.tabs.isVisible()
    qtbot.waitUntil(detail.isActiveWindow)
    detail.setFocus()
    qtbot.waitUntil(detail.selected.hasFocus)
    detail.resize(900, 120)  # what has no room scrolls
    qtbot.waitUntil(lambda: detail.height() == 120)
    lines = [each for each in detail.selected.findChildren(QLabel) if each.isVisible()]
    assert all(each.height() >= each.fontMetrics().height() for each in lines)


def test_several_are_followed_live_until_one_is_shown(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    detail.show_task(14)
    detail.show_selected(some(*(source.rows[number] for number in (10, 11, 14))))
    detail.apply(source.change(11, "running"))
    detail.apply(source.remove(10))
    assert detail.selected.title.text() == "2 tasks selected"
    assert detail.selected.counts() == {"sending": 1, "failed": 1}
    qtbot.waitUntil(lambda: "Cancel (1)" in buttons(detail))
    tabs = detail.tabs
    for number in (13, 14):
        detail.show_selected(some(task_row(30), task_row(31)))
        detail.show_task(number)
        qtbot.waitUntil(tabs.isVisible)
        qtbot.waitUntil(lambda: tabs.tabRect(tabs.count() - 1).right() < tabs.width())
    qtbot.waitUntil(lambda: set(buttons(detail)) == {"Retry", "Correct…", "Mark as seen", "1014"})
    detail.apply(source.change(11, "failed"))
    assert set(buttons(detail)) == {"Retry", "Correct…", "Mark as seen", "1014"}


def test_those_that_were_not_in_sight_are_counted_and_not_acted_upon(
    qtbot: QtBot, detail: DetailPane
) -> None:
    detail.show_selected(some(task_row(1, "failed"), task_row(2, "failed"), count=5000))
    assert detail.selected.title.text() == f"{QLocale().toString(5000)} tasks selected"
    assert detail.selected.effects.text().startswith(
        f"{QLocale().toString(4998)} of them are not loaded yet"
    )
    qtbot.waitUntil(lambda: set(buttons(detail)) == {"Retry (2)", "Mark as seen (2)"})


def test_all_that_match_are_acted_upon_by_what_they_match(qtbot: QtBot, detail: DetailPane) -> None:
    query = TaskQuery(states=("failed",), text="Ada", sort="to")
    detail.show_selected(some(task_row(1, "failed"), count=12041, query=query))
    assert detail.selected.title.text() == f"{QLocale().toString(12041)} tasks selected"
    qtbot.waitUntil(lambda: set(buttons(detail)) == {"Retry", "Mark as seen"})
    with qtbot.waitSignal(detail.action_chosen) as chosen:
        buttons(detail)["Retry"].click()
    meant = TaskQuery(states=("failed",), text="Ada")
    assert chosen.args == ["retry", meant]


def test_only_what_has_a_button_is_explained(detail: DetailPane) -> None:
    counts = {"succeeded": 2900, "failed": 21, "queued": 40}
    query = TaskQuery(states=tuple(counts))
    detail.show_selected(selection([], 2961, query, counts))
    said = detail.selected.effects.text()
    assert "Each button acts" in said
    assert "Remove finished" not in said
    # Of those that are done only *Remove finished* is offered: no button acts.
    rows = [row_of(task_row(1, "succeeded", queue="lists", task="own.lists"))]
    detail.show_selected(
        selection(rows, 2900, TaskQuery(states=("succeeded",)), {"succeeded": 2900})
    )
    assert detail.selected.effects.text() == ""
