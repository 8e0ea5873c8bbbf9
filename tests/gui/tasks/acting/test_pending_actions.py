"""What waits in the backend is said by row, summary and buttons until it is done or undone."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from desktop.gui.tasks.acting.task_actions import Selection, fitting_actions
from desktop.gui.tasks.detail.task_detail import DetailPane
from desktop.gui.tasks.table.columns import STATUS
from sendoff_tasks.client.calls import SortedFilter
from tests.gui.tasks.acting.pending_rows import begin, pending_action
from tests.gui.tasks.detail.conftest import attempt, show
from tests.gui.tasks.table.table_bench import model_of, shown_table
from tests.gui.tasks.table.task_source import TaskSource, stamp, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from tests.gui.play import Scene

    Perform = Callable[[Scene], None]

FAILED = SortedFilter(states=("failed",))


def named(pending: PendingActions, *states: str) -> list[tuple[str, object]]:
    rows = [row_of(task_row(number, state)) for number, state in enumerate(states, 1)]
    actions = fitting_actions(rows, ALL_RIGHTS, pending)
    return [(each.text, each.which) for each in actions if not each.is_rare]


def test_what_was_started_can_only_be_undone_and_the_others_are_counted() -> None:
    pending = PendingActions(Delivery())
    begin(pending, pending_action(50, "cancel", 1, [[1, 1]]))
    assert named(pending, "scheduled") == [("Undo", [50])]
    assert named(pending, "scheduled", "scheduled", "scheduled") == [
        ("Undo", [50]),
        ("Send now (2)", [2, 3]),
        ("Change time… (2)", [2, 3]),
        ("Cancel (2)", [2, 3]),
    ]
    begin(pending, pending_action(60, "retry", 2, [[2, 2], [7, 7]]))
    assert named(pending, "failed", "failed") == [("Undo (3)", [50, 60])]
    pending.end(50)
    pending.end(60)
    assert next(text for text, _ in named(pending, "scheduled")) == "Send now"
    query = SortedFilter(states=("scheduled",))
    begin(pending, pending_action(50, "cancel", 1_200, [[1, 1_200]], query))
    assert named(pending, "scheduled") == [("Undo (1,200)", [50])]


def test_of_everything_what_was_started_is_offered_no_more() -> None:
    pending = PendingActions(Delivery())
    begin(pending, pending_action(50, "retry", 900, query=FAILED))
    both = replace(FAILED, states=("failed", "cancelled"))
    words = [each.text for each in Selection([], 1000, ALL_RIGHTS, pending, both).actions]
    assert words[:2] == ["Undo (900)", "Retry"]


def test_what_tries_messages_of_a_batch_is_found_by_it() -> None:
    pending = PendingActions(Delivery())
    held = SortedFilter(states=("waiting",), reasons=("held",), batch_id=3)
    begin(pending, pending_action(50, "retry", 4, [[1, 4]], held))
    begin(pending, pending_action(51, "cancel", 4, [[5, 8]], held))
    assert [each.number for each in pending.tries_of(3)] == [50]
    assert pending.of_batch(3) is None


def test_tasks_of_a_batch_to_be_cancelled_say_so_and_not_that_its_limit_holds_them() -> None:
    pending = PendingActions(Delivery())
    begin(pending, pending_action(50, "retry", 40, batch=3))
    begin(pending, pending_action(51, "cancel", 90, batch=3))
    limited = {"reason": "batch_limit", "reason_data": {"batch_id": 3}}
    row = row_of(task_row(1, "scheduled", **limited))
    found = pending.of(row)
    assert found is not None
    assert found.number == 51
    assert [each.text for each in fitting_actions([row], ALL_RIGHTS, pending)] == ["Undo (90)"]
    other = {**limited, "reason_data": {"batch_id": 4}}
    assert pending.of(row_of(task_row(2, "scheduled", **other))) is None
    assert pending.of(row_of(task_row(3, "failed"))) is None


def test_the_sender_follows_the_mail_settings_and_tells_of_changes_only() -> None:
    delivery, told = Delivery(), []
    delivery.changed.connect(lambda: told.append((delivery.me, delivery.is_real)))
    for sender, transport in (("a@x.org", "smtp"), ("a@x.org", "smtp"), ("b@x.org", "practice")):
        delivery.follow({"sender": sender, "transport": transport, "host": "mx"})
    assert told == [("a@x.org", True), ("b@x.org", False)]


STARTED = [
    (1, "again", "Run again · soon", "It is not known whether it was done"),
    (2, "try_now", "Try now · soon", ""),
    (3, "resend", "Send again · soon", "Sent, "),
    (3, "send_to", "Send to another address · soon", "Sent, "),
]


def test_a_task_says_what_was_started_until_it_is_undone(
    qtbot: QtBot, jobs: Jobs, themes: ThemeSource
) -> None:
    waits = {"run_at": stamp(time.time() + 90), "error": "no paper", "task": "again"}
    source = TaskSource(
        [
            task_row(1, "uncertain", queue="doubt", task="doubt"),
            task_row(2, "waiting", queue="doubt", reason="retry_later", **waits),
            task_row(3, "succeeded"),
        ]
    )
    source.details[2] = {"history": [attempt(1, error="no paper")]}
    model = model_of(shown_table(qtbot, jobs, themes, source))
    detail = DetailPane(ApiSource(jobs, source), ALL_RIGHTS, model.pending)  # type: ignore[arg-type]
    qtbot.addWidget(detail)
    detail.show()

    def told(number: int) -> list[Any]:
        row = model.row_at(model.position_of(number) or 0)
        assert row is not None
        lead = detail.lead.headline.text(), detail.lead.line.text()
        return [model.cells(row)[STATUS], detail.foot.texts, *lead]

    for number, verb, words, before in STARTED:
        show(qtbot, detail, number)
        free = told(number)
        begin(model.pending, pending_action(50, verb, 1, [[number, number]]))
        *shown, line = told(number)
        assert shown == [words, ["Undo"], f"{words}, unless you press Undo"]
        assert line.startswith(before)
        model.pending.end(50)
        assert told(number) == free
