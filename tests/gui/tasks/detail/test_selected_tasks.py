"""Several tasks at once: counted by state, followed live, with the verbs that fit them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.client.api import ApiSource, TaskQuery
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.acting.task_actions import MOST_PREVIEWED, Everything, Selected
from desktop.gui.tasks.detail.task_detail import DetailPane
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from desktop.contract.tasks import TaskRow
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs


@pytest.fixture
def source() -> TaskSource:
    states = ("scheduled", "queued", "running", "succeeded", "failed")
    return TaskSource([task_row(10 + place, state) for place, state in enumerate(states)])


@pytest.fixture
def detail(qtbot: QtBot, jobs: Jobs, themes: ThemeSource, source: TaskSource) -> DetailPane:
    made = DetailPane(ApiSource(source), jobs)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(900, 260)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def some(*rows: TaskRow, count: int = 0, query: TaskQuery | None = None) -> Selected:
    """Select tasks that are known, out of ``count`` if there are more."""
    return Selected([row_of(row) for row in rows], count or len(rows), query)


def buttons(detail: DetailPane) -> dict[str, QPushButton]:
    found = detail.findChildren(QPushButton)
    return {each.text(): each for each in found if each.text() and each.isVisible()}


def test_several_are_counted_by_state_and_have_the_verbs_for_all(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    rows = [source.rows[number] for number in (10, 11, 13, 14)]
    detail.show_selected(some(*rows, task_row(17, "waiting")))
    assert detail.selected.title.text() == "5 tasks selected"
    assert detail.selected.counts() == {
        "scheduled": 1,
        "queued": 1,
        "on hold": 1,
        "sent": 1,
        "failed": 1,
    }
    words = {"Retry (2)", "Send again (1)", "Run now (1)", "Change time… (1)", "Cancel (3)"}
    qtbot.waitUntil(lambda: set(buttons(detail)) == words)
    with qtbot.waitSignal(detail.action_chosen) as chosen:
        buttons(detail)["Cancel (3)"].click()
    assert chosen.args == ["cancel", [10, 11, 17]]
    assert not detail.tabs.isVisible()
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
    detail.show_task(14)
    qtbot.waitUntil(detail.tabs.isVisible)
    qtbot.waitUntil(lambda: set(buttons(detail)) == {"Retry", "Correct…", "Mark as seen", "1014"})
    detail.apply(source.change(11, "failed"))
    assert set(buttons(detail)) == {"Retry", "Correct…", "Mark as seen", "1014"}


def test_all_tabs_are_there_after_several_and_before(qtbot: QtBot, detail: DetailPane) -> None:
    tabs = detail.tabs
    for number in (14, 13):
        detail.show_task(number)
        qtbot.waitUntil(tabs.isVisible)
        qtbot.waitUntil(lambda: tabs.tabRect(tabs.count() - 1).right() < tabs.width())
        detail.show_selected(some(task_row(10), task_row(11)))


def test_those_that_were_not_in_sight_are_counted_and_not_acted_upon(
    qtbot: QtBot, detail: DetailPane
) -> None:
    detail.show_selected(some(task_row(1, "failed"), task_row(2, "failed"), count=5000))
    assert detail.selected.title.text() == f"{QLocale().toString(5000)} tasks selected"
    assert detail.selected.effects.text().startswith(
        f"{QLocale().toString(4998)} of them are not loaded yet"
    )
    qtbot.waitUntil(lambda: set(buttons(detail)) == {"Retry (up to 2)", "Mark as seen (up to 2)"})


def test_all_that_match_are_acted_upon_by_what_they_match(qtbot: QtBot, detail: DetailPane) -> None:
    query = TaskQuery(states=("failed",), text="Ada", sort="to")
    detail.show_selected(some(task_row(1, "failed"), count=12041, query=query))
    assert detail.selected.title.text() == f"{QLocale().toString(12041)} tasks selected"
    retry = f"Retry (up to {QLocale().toString(12041)})"
    qtbot.waitUntil(lambda: set(buttons(detail)) == {retry, retry.replace("Retry", "Mark as seen")})
    with qtbot.waitSignal(detail.action_chosen) as chosen:
        buttons(detail)[retry].click()
    meant = TaskQuery(states=("failed",), text="Ada")
    assert chosen.args == ["retry", Everything(meant, None)]


def test_only_what_has_a_button_is_explained(detail: DetailPane) -> None:
    """*Remove finished*, which is in menus only, was explained below *Each button acts…*."""
    counts = {"succeeded": 2900, "failed": 21, "queued": 40}
    query = TaskQuery(states=tuple(counts))
    detail.show_selected(Selected([], 2961, query, counts))
    said = detail.selected.effects.text()
    assert "Each button acts" in said
    assert "Retry (up to 21): 21 have failed" in said
    assert "Remove finished" not in said
    # Of those that are done only *Remove finished* is offered: no button acts.
    rows = [row_of(task_row(1, "succeeded", queue="lists", task="own.lists"))]
    detail.show_selected(
        Selected(rows, 2900, TaskQuery(states=("succeeded",)), {"succeeded": 2900})
    )
    assert detail.selected.effects.text() == ""


@pytest.mark.parametrize(
    ("states", "verbs"),
    [
        (
            (),
            {
                "Retry": None,
                "Run now": None,
                "Mark as seen": None,
                "Cancel": None,
                "Remove finished": None,
            },
        ),
        (("queued", "running"), {"Cancel (900)": 900}),
        (("waiting",), {"Try now (900)": 900, "Cancel (900)": 900}),
        (("waiting", "queued"), {"Try now": None, "Cancel (900)": 900}),
        (
            ("uncertain",),
            {
                "It was sent (900)": 900,
                "Send again (900)": 900,
                "Mark as seen (up to 900)": None,  # those that were not
                "Remove finished (up to 900)": None,
            },
        ),
        (("succeeded", "cancelled"), {"Retry": None, "Remove finished (900)": 900}),
        (("succeeded",), {"Send again (900)": 900, "Remove finished (900)": 900}),
        (("scheduled",), {"Run now (900)": 900, "Cancel (900)": 900}),
    ],
)
def test_of_all_that_match_a_verb_means_those_it_fits(
    states: tuple[str, ...], verbs: dict[str, int | None]
) -> None:
    selected = some(task_row(1), count=900, query=TaskQuery(states=states))
    found = {each.text: each.which for each in selected.actions}
    assert {text: which.count for text, which in found.items()} == verbs


def test_numbers_that_the_backend_was_not_asked_for_are_bounds() -> None:
    rows = [task_row(number, "failed") for number in range(MOST_PREVIEWED + 1)]
    most = QLocale().toString(MOST_PREVIEWED + 1)
    retry = {each.verb: each for each in some(*rows).actions}["retry"]
    assert (retry.text, retry.which) == (f"Retry (up to {most})", [row["id"] for row in rows])
    assert f"Retry ({QLocale().toString(MOST_PREVIEWED)})" in [
        each.text for each in some(*rows[1:]).actions
    ]


def test_of_all_that_failed_it_is_said_how_many_can_be_seen_or_removed_at_most() -> None:
    """*Mark as seen* and *Remove finished* had no number, where the others had one."""
    query, counts = TaskQuery(states=("failed", "succeeded")), {"succeeded": 1500, "failed": 60}
    found = {each.verb: each for each in Selected([], 1560, query, counts).actions}
    texts = found["seen"].text, found["remove"].text
    assert texts == ("Mark as seen (up to 60)", "Remove finished (up to 1,560)")
    assert [getattr(found[each].which, "count", 0) for each in ("seen", "remove")] == [None, None]


def test_what_fits_none_of_all_tasks_is_not_offered_and_the_others_say_how_many() -> None:
    counts = {"scheduled": 300, "queued": 100, "succeeded": 500, "failed": 0}
    selected = Selected([], 900, TaskQuery(), counts)
    assert [each.text for each in selected.actions] == [
        *("Run now (300)", "Cancel (400)", "Remove finished (500)"),
    ]


def test_of_sent_and_failed_those_that_failed_can_be_marked_as_seen() -> None:
    counts = {"succeeded": 340, "failed": 60}
    selected = Selected([], 400, TaskQuery(), counts)
    seen = {each.verb: each for each in selected.actions}["seen"]
    assert seen.text == "Mark as seen (up to 60)"  # how many were is not known here
    assert isinstance(seen.which, Everything)
    assert set(seen.which.query.states) == {"failed", "uncertain"}


def test_a_bound_says_what_it_counts_and_what_the_others_are(qapp: QApplication) -> None:
    """*Retry (up to 5)* of 1,006 said nothing of which five, and not why no others."""
    words = "3 have failed, 2 are cancelled · Left alone: {} are done"
    states = ["succeeded"] * MOST_PREVIEWED + ["failed"] * 3 + ["cancelled"] * 2 + ["running"]
    rows = [task_row(number, state) for number, state in enumerate(states, 1)]
    retry = {each.verb: each for each in some(*rows).actions}["retry"]
    effect = f"{words.format(QLocale().toString(MOST_PREVIEWED))}, 1 is running"
    assert (retry.text, retry.effect) == ("Retry (up to 5)", effect)

    counts = {"succeeded": 4000, "failed": 3, "cancelled": 2, "waiting": 0}
    query = TaskQuery(states=tuple(counts))
    retry = {each.verb: each for each in Selected([], 4005, query, counts).actions}["retry"]
    effect = words.format(QLocale().toString(4000))
    assert (retry.text, retry.effect) == ("Retry (up to 5)", effect)

    failed = some(*(task_row(number, "failed") for number in range(MOST_PREVIEWED + 1)))
    assert {each.verb: each for each in failed.actions}["retry"].effect == ""  # it is all of them
