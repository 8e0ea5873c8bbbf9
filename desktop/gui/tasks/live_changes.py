"""Compares an event with the rows in memory: which rows change, leave or arrive."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop.contract.reasons import STANDING
from desktop.contract.states import State
from desktop.gui.tasks.placement import place_of
from desktop.gui.tasks.task_row import Row, row_of

if TYPE_CHECKING:
    from desktop.client.api import TaskQuery
    from desktop.contract.events import TasksEvent
    from desktop.contract.tasks import TaskRow
    from desktop.gui.tasks.pending_actions import PendingActions
    from desktop.gui.tasks.task_pages import TaskPages


@dataclass(slots=True)
class LiveChanges:
    """The effects of an event on the list.

    ``beyond`` counts new tasks at the newest end of the list while that end is not in memory.
    ``left_unseen`` are tasks that are neither in memory nor, at least now, part of the list.
    ``unsure`` means that the event alone does not tell the new list, so it has to be read again.
    """

    changed: list[Row] = field(default_factory=list)
    left: set[int] = field(default_factory=set)
    arrived: list[Row] = field(default_factory=list)
    beyond: int = 0
    left_unseen: set[int] = field(default_factory=set)
    unsure: bool = False


class PutOffRows:
    """Rows that stay in the list although they no longer match: tasks about to be cancelled.

    The backend postpones such a task while the cancel can be undone, which makes it *scheduled*.
    """

    def __init__(self, pending: PendingActions) -> None:
        self._pending = pending
        self.ids: set[int] = set()

    def keeps(self, known: Row, task: TaskRow) -> bool:
        """Tell whether a row that no longer matches stays: as long as its cancel is pending."""
        is_meant = known.id in self.ids or self._pending.is_to_be_cancelled(known)
        stays = is_meant and task["state"] == State.SCHEDULED
        (self.ids.add if stays else self.ids.discard)(known.id)
        return stays


def by_number(query: TaskQuery) -> bool:
    """Tell whether the list is ordered by task number; only then can new rows be placed."""
    return query.sort in {"id", "-id"}


def sort_out(
    event: TasksEvent,
    pages: TaskPages,
    query: TaskQuery,
    put_off: PutOffRows,
    newest: int,
    sure_to: int | None = None,
) -> LiveChanges:
    """Compare an event with the rows in memory.

    Args:
        event: what changed.
        pages: the list as it is known.
        query: the list's query.
        put_off: the rows that stay for a while although they no longer match.
        newest: the highest task number ever seen.
        sure_to: the highest task number that the list's length is sure to include; ``newest`` if
            not given. It is lower after a page was read: the page may be older than events that
            came meanwhile.
    """
    changes = LiveChanges()
    sure_to = newest if sure_to is None else sure_to
    gaps = pages.loaded < pages.total
    for task in event["rows"]:
        known = pages.row(task["id"])
        if known is not None:
            if task["rev"] > known.rev:
                _change(changes, known, task, query, put_off)
                changes.unsure |= _is_search(query)
        elif not _matches(task, query):
            changes.left_unseen.add(task["id"])
            changes.unsure |= gaps and _is_left_by_changes(query) and task["id"] <= newest
        elif _is_search(query) or not by_number(query):
            changes.unsure = True
        else:
            _arrive(changes, task, pages, query, (newest, sure_to))
    for task_id in event["gone"]:
        if task_id in pages:
            put_off.ids.discard(task_id)
            changes.left.add(task_id)
        else:
            changes.left_unseen.add(task_id)
            changes.unsure |= gaps and task_id <= newest
    return changes


def only_known(changes: LiveChanges) -> LiveChanges:
    """Keep the changes of rows in memory: the rest was applied when the event first came."""
    return LiveChanges(changed=changes.changed, left=changes.left)


def _change(
    changes: LiveChanges, known: Row, task: TaskRow, query: TaskQuery, put_off: PutOffRows
) -> None:
    row = row_of(task)
    if _matches(task, query):
        put_off.ids.discard(row.id)
    elif not put_off.keeps(known, task):
        changes.left.add(row.id)
        return
    changes.changed.append(row)
    changes.unsure |= _sorted_by(query, known) != _sorted_by(query, row)


def _sorted_by(query: TaskQuery, row: Row) -> object:
    """Return the value that the list sorts a row by; ``None`` if it never changes."""
    match query.sort.removeprefix("-"):
        case "state":
            return row.state
        case "finished_at":
            return row.finished
        case "took":
            return row.took
        case "to":
            return row.to
        case _:  # number, item, task and creation time never change
            return None


def _arrive(
    changes: LiveChanges, task: TaskRow, pages: TaskPages, query: TaskQuery, seen: tuple[int, int]
) -> None:
    newest, sure_to = seen
    place = place_of(pages, task["id"], descending=query.sort == "-id")
    if place.certain:
        changes.arrived.append(row_of(task))
        changes.unsure |= task["id"] <= newest  # it came back, or its event was repeated
    elif task["id"] > newest:
        changes.beyond += 1
    else:
        # If changes never bring a task into this list, it was already counted in the gap.
        changes.unsure |= _is_left_by_changes(query) or task["id"] > sure_to


def _is_search(query: TaskQuery) -> bool:
    """Tell whether the query searches for words, which only the backend can match."""
    return any((query.text, query.to, query.error, query.task, query.called))


def _is_left_by_changes(query: TaskQuery) -> bool:
    """Tell whether a change of its state can bring a task into the list, or take it out."""
    asked = query.states or query.reasons or query.cause is not None or query.standing is not None
    return bool(asked) or query.seen is not None


def _matches(task: TaskRow, query: TaskQuery) -> bool:
    """Tell whether a task passes the filter, apart from the searched words."""
    return (
        (not query.states or task["state"] in query.states)
        and (query.queue is None or task["queue"] == query.queue)
        and (query.item_id is None or task["item_id"] == query.item_id)
        and (query.batch_id is None or task["batch_id"] == query.batch_id)
        and (query.cause is None or task["cause"] == query.cause)
        and (not query.ids or task["id"] in query.ids)
        and (query.seen is None or task["seen"] == query.seen)
        and (not query.reasons or task["reason"] in query.reasons)
        and (query.standing is None or _is_stopped(task) in {None, query.standing})
    )


def _is_stopped(task: TaskRow) -> bool | None:
    """Tell whether a pause or a hold stops a queued task; ``None`` for any other."""
    return task["reason"] in STANDING if task["state"] == State.QUEUED else None
