"""Actions that wait in the backend, and those that fit tasks, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingAction, PendingActions
from desktop.gui.tasks.acting.task_actions import Selection, fitting_actions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.task_actions import TaskAction
    from sendoff_tasks.client.calls import SortedFilter
    from sendoff_tasks.model.tasks import PendingRow


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
        "subject": None,
        "done": 0,
        "answer": None,
    }
    return cast("PendingRow", row | more)


def pending_action(
    number: int,
    verb: str,
    count: int,
    runs: Sequence[Sequence[int]] = (),
    query: SortedFilter | None = None,
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


def nothing_pending() -> PendingActions:
    """Return no actions, where a server gets what is sent."""
    delivery = Delivery()
    delivery.is_real = True
    return PendingActions(delivery)


def fitting(rows: Sequence[Row]) -> list[TaskAction]:
    """Return the actions that fit rows while no action waits."""
    return fitting_actions(rows, ALL_RIGHTS, nothing_pending())


def selection(
    rows: list[Row],
    count: int,
    query: SortedFilter | None = None,
    counts: Mapping[str, int] | None = None,
) -> Selection:
    """Select rows, out of ``count`` tasks if there are more, while no action waits."""
    return Selection(rows, count, ALL_RIGHTS, nothing_pending(), query, counts or {})
