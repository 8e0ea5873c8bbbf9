"""Actions that wait in the backend, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from desktop.gui.tasks.acting.pending_actions import PendingAction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.client.api import TaskQuery
    from desktop.contract.tasks import PendingRow
    from desktop.gui.tasks.acting.pending_actions import PendingActions


def pending_row(number: int, action: Any, touched: int, **more: Any) -> PendingRow:
    """Return an action as the backend tells of it."""
    row = {
        "id": number,
        "key": "",
        "action": action,
        "due_in": 0.0,
        "tasks": [],
        "touched": touched,
        "filter": None,
        "batch_id": None,
        "done": 0,
        "answer": None,
    }
    return cast("PendingRow", row | more)


def pending_action(
    number: int,
    verb: str,
    count: int,
    runs: Sequence[Sequence[int]] = (),
    query: TaskQuery | None = None,
    batch: int | None = None,
    *,
    is_due: bool = False,
) -> PendingAction:
    """Return an action that another window has asked for."""
    chosen = None if query is None else query.parameters()
    row = pending_row(number, verb, count, tasks=runs, filter=chosen, batch_id=batch)
    return PendingAction(verb, verb, row=row, is_due=is_due)


def begin(pending: PendingActions, action: PendingAction) -> None:
    """Have an action wait."""
    assert action.row is not None
    pending.hear(action, action.row)
