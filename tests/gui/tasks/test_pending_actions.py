"""What was started is said of its tasks: by their numbers, or where they match what is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.client.api import TaskQuery
from desktop.gui.table.task_actions import Everything, Selected, fitting_actions
from desktop.gui.tasks.pending_actions import PendingAction, PendingActions
from desktop.gui.tasks.task_row import row_of
from tests.gui.tasks.task_source import task_row

FAILED = TaskQuery(states=("failed",))


def named(pending: PendingActions, *states: str) -> list[tuple[str, object]]:
    rows = [row_of(task_row(number, state)) for number, state in enumerate(states, 1)]
    actions = fitting_actions(rows, pending=pending)
    return [(each.text, each.which) for each in actions if not each.is_rare]


def test_what_was_started_can_only_be_undone_and_the_others_are_counted() -> None:
    pending = PendingActions()
    pending.begin("a", PendingAction("cancel", frozenset({1}), None, 1))
    assert named(pending, "scheduled") == [("Undo", [1])]
    assert named(pending, "scheduled", "scheduled", "scheduled") == [
        ("Undo", [1]),
        ("Run now (2)", [2, 3]),
        ("Change time… (2)", [2, 3]),
        ("Cancel (2)", [2, 3]),
    ]
    pending.begin("b", PendingAction("retry", frozenset({2, 7}), None, 2))
    assert named(pending, "failed", "failed") == [("Undo (3)", [1, 2, 7])]
    pending.end("a")
    pending.end("b")
    assert next(text for text, _ in named(pending, "scheduled")) == "Run now"


def test_what_was_started_for_all_that_match_is_taken_back_by_one_button() -> None:
    """It was: one for all of them, and one more for those whose numbers had been read."""
    pending = PendingActions()
    query = TaskQuery(states=("scheduled",))
    pending.begin("a", PendingAction("cancel", frozenset({1, 2}), query, 1_200))
    assert named(pending, "scheduled") == [("Undo (1,200)", Everything(query, 1_200))]


@pytest.mark.parametrize(
    ("shown", "state", "is_meant"),
    [
        (TaskQuery(), "succeeded", False),
        (TaskQuery(), "failed", True),
        (FAILED, "failed", True),
        (TaskQuery(sort="to"), "failed", True),
        (TaskQuery(batch_id=3), "failed", False),
        (TaskQuery(text="ada"), "failed", False),
    ],
)
def test_all_that_match_are_those_of_the_same_list(
    shown: TaskQuery, state: str, is_meant: bool
) -> None:
    pending = PendingActions()
    pending.shown = shown
    pending.begin("a", PendingAction("retry", frozenset(), FAILED, 3))
    assert (pending.of(row_of(task_row(1, state))) is not None) == is_meant
    before = replace(FAILED, known_at="2020-01-01T00:00:00.000Z")
    pending.begin("a", PendingAction("retry", frozenset(), before, 3))
    assert pending.of(row_of(task_row(1, state))) is None, "it came later"


def test_what_failed_is_removed_only_once_it_was_seen_and_retried_only_once() -> None:
    """*Will be removed* was said of failed rows that stay."""
    pending = PendingActions()
    failed, done = task_row(1, "failed"), task_row(2, "succeeded")
    pending.begin(
        "a", PendingAction("remove", frozenset(), TaskQuery(states=("succeeded", "failed")), None)
    )
    assert pending.of(row_of(done)) is not None
    assert pending.of(row_of(failed)) is None
    assert pending.of(row_of({**failed, "seen": True})) is not None
    pending.begin("a", PendingAction("retry", frozenset(), FAILED, None))
    assert pending.of(row_of(failed)) is not None
    assert pending.of(row_of({**failed, "reason_data": {"task_id": 9}})) is None, "sent again since"


def test_of_everything_what_was_started_is_offered_no_more() -> None:
    pending = PendingActions()
    pending.begin("a", PendingAction("retry", frozenset(), FAILED, None))
    failed = Selected([], 900, FAILED, pending=pending)
    assert [each.text for each in failed.actions] == ["Undo for all that match"]
    pending.begin("a", PendingAction("retry", frozenset(), FAILED, 900))
    both = replace(FAILED, states=("failed", "cancelled"))
    words = [each.text for each in Selected([], 1000, both, pending=pending).actions]
    assert words[:2] == ["Undo (900)", "Retry (1,000)"]
