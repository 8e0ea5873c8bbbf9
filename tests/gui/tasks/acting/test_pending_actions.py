"""What waits in the backend is said of its tasks, which can only be undone."""

from __future__ import annotations

from dataclasses import replace

from desktop.client.api import TaskQuery
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.acting.pending_actions import PendingAction, PendingActions
from desktop.gui.tasks.acting.task_actions import Selected, fitting_actions
from tests.gui.tasks.table.task_source import task_row

FAILED = TaskQuery(states=("failed",))


def named(pending: PendingActions, *states: str) -> list[tuple[str, object]]:
    rows = [row_of(task_row(number, state)) for number, state in enumerate(states, 1)]
    actions = fitting_actions(rows, pending=pending)
    return [(each.text, each.which) for each in actions if not each.is_rare]


def test_what_was_started_can_only_be_undone_and_the_others_are_counted() -> None:
    pending = PendingActions()
    pending.begin(PendingAction(50, "cancel", 1, [[1, 1]]))
    assert named(pending, "scheduled") == [("Undo", [50])]
    assert named(pending, "scheduled", "scheduled", "scheduled") == [
        ("Undo", [50]),
        ("Run now (2)", [2, 3]),
        ("Change time… (2)", [2, 3]),
        ("Cancel (2)", [2, 3]),
    ]
    pending.begin(PendingAction(60, "retry", 2, [[2, 2], [7, 7]]))
    assert named(pending, "failed", "failed") == [("Undo (3)", [50, 60])]
    pending.end(50)
    pending.end(60)
    assert next(text for text, _ in named(pending, "scheduled")) == "Run now"


def test_what_was_started_for_all_that_match_is_taken_back_by_one_button() -> None:
    """It was: one for all of them, and one more for those whose numbers had been read."""
    pending = PendingActions()
    query = TaskQuery(states=("scheduled",))
    pending.begin(PendingAction(50, "cancel", 1_200, [[1, 1_200]], query))
    assert named(pending, "scheduled") == [("Undo (1,200)", [50])]


def test_of_everything_what_was_started_is_offered_no_more() -> None:
    pending = PendingActions()
    pending.begin(PendingAction(50, "retry", 900, query=FAILED))
    both = replace(FAILED, states=("failed", "cancelled"))
    words = [each.text for each in Selected([], 1000, both, pending=pending).actions]
    assert words[:2] == ["Undo (900)", "Retry (1,000)"]


def test_what_tries_messages_of_a_batch_is_counted_by_what_they_wait_for() -> None:
    pending = PendingActions()
    held = TaskQuery(states=("waiting",), reasons=("held",), batch_id=3)
    pending.begin(PendingAction(50, "try_now", 4, [[1, 4]], held))
    pending.begin(PendingAction(51, "cancel", 4, [[5, 8]], held))
    assert pending.tried_by_batch() == {3: {"held": 4}}
    assert [each.number for each in pending.tries_of(3)] == [50]
    assert pending.of_batch(3) is None
