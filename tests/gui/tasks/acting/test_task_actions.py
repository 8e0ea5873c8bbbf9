"""What can be done to tasks: only what still has an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.client.api import TaskQuery
from desktop.contract.items import CONFIRMATION, HANDED_OVER
from desktop.contract.states import State
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.kit.words.verbs import tip_of
from desktop.gui.tasks.acting.pending_actions import PendingActions
from desktop.gui.tasks.acting.task_actions import Selected, fitting_actions, removable
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

OVER: Any = {"done": HANDED_OVER, "total": 2, "text": "handed over"}


@pytest.mark.parametrize(
    ("changes", "is_offered"),
    [
        ({"progress": OVER}, False),
        ({"progress": None}, True),
        ({"progress": OVER, "task": "receipt"}, True),
        ({"progress": OVER, "task": "send_row_to_me"}, False),
    ],
)
def test_cancel_is_not_offered_for_a_message_that_was_handed_over(
    changes: dict[str, Any], is_offered: bool
) -> None:
    rows = [row_of(task_row(1, "running", **changes)), row_of(task_row(2, "queued"))]
    assert ("Cancel" in [each.text for each in fitting_actions(rows[:1])]) is is_offered
    cancel = next(each for each in fitting_actions(rows) if each.verb == "cancel")
    assert cancel.which == ([1, 2] if is_offered else [2])


def test_cancel_is_disabled_once_a_task_was_asked_to_stop() -> None:
    """It was offered again and again, and nothing came of it."""
    asked = row_of(task_row(1, "running", reason="cancel_requested"))
    (cancel,) = [each for each in fitting_actions([asked]) if each.verb == "cancel"]
    assert (cancel.is_off, cancel.which) == (True, [])
    said = "It was already asked to stop, and may finish first."
    assert tip_of(cancel.verb, cancel.effect) == said
    assert Selected([asked], 1).taking_out is None
    both = [asked, row_of(task_row(2, "running"))]
    (cancel,) = [each for each in fitting_actions(both) if each.verb == "cancel"]
    assert (cancel.is_off, cancel.which) == (False, [2])


def test_what_is_tried_after_a_pause_is_not_tried_now() -> None:
    """*Try now* did nothing; what is on hold for a person is let go by it, also in a pause."""
    when = {"run_at": "2026-11-21T09:00:00.000Z"}
    data = {"until": when["run_at"], "paused": when["run_at"]}
    row = task_row(1, "waiting", reason="retry_later", reason_data=data, **when)
    held = task_row(2, "waiting", reason="held_for_person", run_at=None)
    until = {"until": when["run_at"]}
    free = task_row(3, "waiting", reason="retry_later", reason_data=until, **when)
    offered = [[each.verb for each in fitting_actions([row_of(one)])] for one in (row, held, free)]
    assert ["try_now" in verbs for verbs in offered] == [False, True, True]


def test_mark_as_seen_has_a_button_where_all_failed_or_are_uncertain() -> None:
    rows = [row_of(task_row(1, "failed")), row_of(task_row(2, "uncertain"))]
    done = row_of(task_row(3, "succeeded"))
    for chosen, is_rare in ((rows[:1], False), (rows, False), ([*rows, done], True)):
        (seen,) = [each for each in fitting_actions(chosen) if each.verb == "seen"]
        assert seen.is_rare is is_rare
    for states, is_rare in ((("failed", "uncertain"), False), (("failed", "queued"), True)):
        offered = Selected([], 9, TaskQuery(states=states)).offered
        (seen,) = [each for each in offered if each.verb == "seen"]
        assert seen.is_rare is is_rare


def test_send_to_me_names_the_address(qapp: QApplication) -> None:
    row, pending = row_of(task_row(1, "succeeded", task=CONFIRMATION)), PendingActions(qapp)
    pending.delivery.follow({"sender": "Box office <box@example.org>", "transport": "smtp"})
    (again,) = [each for each in fitting_actions([row], pending=pending) if each.verb == "resend"]
    assert [each.text for each in again.more][1:] == ["Send to me (box@example.org)"]


def test_only_what_succeeded_is_removed_unless_other_states_are_shown() -> None:
    """Failed ones that were seen went along, and nothing told that their people were not."""
    assert removable(TaskQuery()) == (State.SUCCEEDED,)
    assert removable(TaskQuery(states=("failed", "queued"))) == (State.FAILED,)
