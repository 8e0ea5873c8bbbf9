"""What an event means for the rows shown: which change, leave, arrive, and what is not known."""

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
    from desktop.gui.tasks.soon import Soon
    from desktop.gui.tasks.task_pages import TaskPages


@dataclass(slots=True)
class LiveChanges:
    """An event, sorted out.

    ``beyond`` counts new tasks at the newest end of the list where that end is not in memory;
    ``left_unseen`` are tasks that are not in memory and not part of the list, or not any more;
    ``unsure`` says that something changed outside the rows on screen: the backend must be asked.
    """

    changed: list[Row] = field(default_factory=list)
    left: set[int] = field(default_factory=set)
    arrived: list[Row] = field(default_factory=list)
    beyond: int = 0
    left_unseen: set[int] = field(default_factory=set)
    unsure: bool = False


class PutOffRows:
    """Rows that stay in sight although their list has lost them: what is to be cancelled.

    It is put off, and so another state, as long as the cancel can still be undone.
    """

    def __init__(self, soon: Soon) -> None:
        self._soon = soon
        self.ids: set[int] = set()

    def keeps(self, known: Row, task: TaskRow) -> bool:
        """Tell whether a row that matches no more stays: until it is cancelled, or goes on."""
        is_meant = known.id in self.ids or self._soon.is_to_be_cancelled(known)
        stays = is_meant and task["state"] == State.SCHEDULED
        (self.ids.add if stays else self.ids.discard)(known.id)
        return stays


def by_number(query: TaskQuery) -> bool:
    """Tell whether the list is ordered by the tasks' numbers, so rows can be placed."""
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
        query: what the list shows.
        put_off: the rows that stay for a while although they are no part of it any more.
        newest: the highest number ever seen.
        sure_to: the highest number that the length of the list is sure to count, where that is
            another one: a page may be older than what was seen while it was on its way.
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
    """Keep what concerns rows in memory: the rest was counted when the event first came."""
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
    """Return what places a row in the list, its number apart."""
    match query.sort.removeprefix("-"):
        case "state":
            return row.state
        case "finished_at":
            return row.finished
        case "took":
            return row.took
        case "to":
            return row.to
        case _:  # its number, its item, its task and when it came stay as they are
            return None


def _arrive(
    changes: LiveChanges, task: TaskRow, pages: TaskPages, query: TaskQuery, seen: tuple[int, int]
) -> None:
    newest, sure_to = seen
    place = place_of(pages, task["id"], descending=query.sort == "-id")
    if place.certain:
        changes.arrived.append(row_of(task))
        changes.unsure |= task["id"] <= newest  # it came back, or its event was told once more
    elif task["id"] > newest:
        changes.beyond += 1
    else:
        # Where no change brings one into the list, it has been in the gap all along.
        changes.unsure |= _is_left_by_changes(query) or task["id"] > sure_to


def _is_search(query: TaskQuery) -> bool:
    """Tell whether words choose the tasks: what they find only the backend can tell."""
    return any((query.text, query.to, query.error, query.task, query.called))


def _is_left_by_changes(query: TaskQuery) -> bool:
    """Tell whether tasks come into the list, and leave it, by what becomes of them."""
    asked = query.states or query.reasons or query.cause is not None or query.standing is not None
    return bool(asked) or query.seen is not None


def _matches(task: TaskRow, query: TaskQuery) -> bool:
    """Tell whether a task passes the filter, what is searched for apart."""
    return (
        (not query.states or task["state"] in query.states)
        and (query.queue is None or task["queue"] == query.queue)
        and (query.item_id is None or task["item_id"] == query.item_id)
        and (query.batch_id is None or task["batch_id"] == query.batch_id)
        and (query.cause is None or task["cause"] == query.cause)
        and (not query.ids or task["id"] in query.ids)
        and (query.seen is None or task["seen"] == query.seen)
        and (not query.reasons or task["reason"] in query.reasons)
        and (query.standing is None or _stands(task) in {None, query.standing})
    )


def _stands(task: TaskRow) -> bool | None:
    """Tell whether a pause or a hold stops a queued task; ``None`` for any other."""
    return task["reason"] in STANDING if task["state"] == State.QUEUED else None
