"""The blocking calls of actions on tasks."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from desktop.client.api import TaskQuery
from desktop.client.errors import ClientError
from desktop.contract.items import MAIL_QUEUE
from desktop.contract.reasons import Reason
from desktop.contract.states import TROUBLED, State
from desktop.contract.tasks import BULK_LIMIT, PAGE_LIMIT
from desktop.gui.actions.tasks.announced import numbers_in
from desktop.gui.actions.tasks.sending_again import NAMED, next_addresses
from desktop.gui.table.task_actions import Everything
from desktop.gui.tasks.words.verbs import RetryOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from desktop.client.api import Api
    from desktop.contract.tasks import BulkAction, BulkAnswer, Skipped, TaskPage, TaskRow
    from desktop.gui.actions.tasks.announced import Announced
    from desktop.gui.table.task_actions import Verb, Which

DOES_AGAIN: Final = frozenset({"retry", "again"})
"""Verbs that send the messages of tasks, again or for the first time."""
_WAITING: Final = (State.WAITING.value,)
_KEEPS_PLACE: Final = ("id", "item_id", "task")
"""Sort keys that never change, so no task is missed between two pages."""


class Asked(NamedTuple):
    """The answer to an action that waits, the addresses of its messages, and its tasks' numbers.

    ``waiting`` counts waiting tasks by batch and reason.
    """

    answer: BulkAnswer
    to: list[str]
    ids: list[int]
    waiting: Mapping[tuple[int, str], int]


def is_one(verb: Verb, which: Which) -> bool:
    """Tell whether an action is on a single task, whose row shows the outcome."""
    return not isinstance(which, Everything) and len(which) == 1 and verb != "remove"


def meant(which: Which) -> tuple[list[int] | None, TaskQuery | None]:
    """Return the numbers, or the query, of an action on many tasks."""
    return (None, which.query) if isinstance(which, Everything) else (which, None)


def ask_later(api: Api, wish: Announced, delay: float) -> Asked:
    """Have an action wait ``delay`` s in the backend; read what its announcement says.

    That is the addresses of its messages if there are few, and its waiting tasks.
    """
    verb, which = cast("BulkAction", wish.verb), wish.which
    answer = api.many.act(verb, *meant(which), key=wish.key, delay=delay)
    ids = numbers_in(answer["pending"]["tasks"]) if "pending" in answer else []
    is_all = isinstance(which, Everything)
    says_to = verb in DOES_AGAIN and not (answer["skipped"] or is_all) and len(ids) <= NAMED
    may_wait = not isinstance(which, Everything) or which.query.states == _WAITING
    waiting: Mapping[tuple[int, str], int] = {}
    with suppress(ClientError):  # it is announced without them
        if verb == "retry" and may_wait and len(ids) <= BULK_LIMIT:
            waiting = _by_batch(_waiting_rows(api, ids))
    return Asked(answer, next_addresses(api, ids) if says_to else [], ids, waiting)


def _waiting_rows(api: Api, ids: list[int]) -> list[TaskRow]:
    """Read those of these tasks that wait."""
    parts = [tuple(ids[place : place + PAGE_LIMIT]) for place in range(0, len(ids), PAGE_LIMIT)]
    queries = [TaskQuery(ids=part, states=_WAITING, sort="id") for part in parts]
    return [row for query in queries for row in api.page(query, limit=PAGE_LIMIT)["tasks"]]


def _by_batch(rows: list[TaskRow]) -> Counter[tuple[int, str]]:
    """Count waiting tasks by batch and reason, without those whose problem is not fixed."""
    return Counter(
        (row["batch_id"], row["reason"])
        for row in rows
        if row["state"] == State.WAITING and row["batch_id"] is not None and row["reason"]
        if row["reason"] != Reason.HELD_FOR_PERSON or row["reason_data"].get("fixed")
    )


def oldest(api: Api, *queries: TaskQuery) -> list[int]:
    """Read the numbers of the tasks that match queries, oldest first, one page of each."""
    return sorted(row["id"] for query in queries for row in _oldest(api, query))


def oldest_stuck(api: Api, query: TaskQuery) -> list[int]:
    """Read the numbers of matching tasks that still wait for their template to be corrected."""
    return [row["id"] for row in _oldest(api, query) if not row["reason_data"].get("fixed")]


def _oldest(api: Api, query: TaskQuery) -> list[TaskRow]:
    return api.page(replace(query, sort="id"), limit=PAGE_LIMIT)["tasks"]


def all_numbers(api: Api, query: TaskQuery) -> list[int] | None:
    """Read the numbers of all matching tasks; ``None`` if there are more than one call takes."""
    rows = all_rows(api, query)
    return None if rows is None else [row["id"] for row in rows]


def all_rows(api: Api, query: TaskQuery) -> list[TaskRow] | None:
    """Read all matching tasks; ``None`` if there are more than one call takes."""
    found: list[TaskRow] = []
    after: str | None = None
    while len(found) <= BULK_LIMIT:
        page = api.page(query, after=after, limit=PAGE_LIMIT)
        found += page["tasks"]
        after = page["next"]
        if after is None:
            return found if len(found) <= BULK_LIMIT else None
    return None


def walk(api: Api, query: TaskQuery) -> Iterator[TaskPage]:
    """Read all matching tasks page by page, in an order in which changes cannot hide a task."""
    keeps = query.sort.removeprefix("-") in _KEEPS_PLACE
    walked = query if keeps else replace(query, sort="-id")
    after: str | None = None
    while True:
        page = api.page(walked, after=after, limit=PAGE_LIMIT)
        yield page
        after = page["next"]
        if after is None:
            return


def to_put_aside(verb: Verb, which: Which) -> Which:
    """Narrow a filter to the tasks that can be marked as seen, or as unseen."""
    if not isinstance(which, Everything):
        return which
    query = which.query
    states = tuple(state for state in sorted(TROUBLED) if state in (query.states or TROUBLED))
    if not states:
        return []
    wanted = replace(query, states=states, standing=None, seen=verb == "unseen")
    return replace(which, query=wanted)


def outcome_of(api: Api, ids: tuple[int, ...]) -> RetryOutcome:
    """Count the outcome of tasks, in more detail once none is under way."""
    outcome = RetryOutcome(api.count_tasks(TaskQuery(ids=ids))["counts"])
    if outcome.is_under_way:
        return outcome
    done = (State.SUCCEEDED.value,)
    mails = TaskQuery(ids=ids, states=done, queue=MAIL_QUEUE)
    sent = api.count_tasks(mails)["counts"][State.SUCCEEDED]
    kept = api.count_tasks(replace(mails, reasons=(Reason.KEPT.value,)))["counts"][State.SUCCEEDED]
    failed = all_numbers(api, TaskQuery(ids=ids, states=tuple(sorted(TROUBLED)), sort="id"))
    return outcome._replace(sent=sent - kept, kept=kept, failed=tuple(failed or ()))


def remaining_of(api: Api, outcome: RetryOutcome) -> RetryOutcome:
    """Count the failed tasks that still need a person, and how the others were settled."""
    query = TaskQuery(ids=outcome.failed, seen=False, sort="id")
    left = {
        state.value: all_numbers(api, replace(query, states=(state.value,))) or []
        for state in TROUBLED
    }
    counts = {**outcome.counts, **{state: len(ids) for state, ids in left.items()}}
    failed = tuple(sorted(chain(*left.values())))
    gone = tuple(sorted({*outcome.failed}.difference(failed)))
    if not gone:
        return outcome._replace(counts=counts)
    by_hand = TaskQuery(ids=gone, reasons=(Reason.SETTLED_BY_PERSON.value,))
    done = api.count_tasks(by_hand)["counts"][State.SUCCEEDED]
    sent = api.count_tasks(replace(by_hand, queue=MAIL_QUEUE))["counts"][State.SUCCEEDED]
    return outcome._replace(
        counts=counts,
        failed=failed,
        marked_sent=outcome.marked_sent + sent,
        marked_done=outcome.marked_done + done - sent,
        settled=outcome.settled + len(gone) - done,
    )


def call_for_one(api: Api, wish: Announced) -> Skipped | None:
    """Carry out an action on one task; return why it was refused. A repeated call is harmless."""
    verb, (task_id,) = wish.verb, cast("list[int]", wish.meant)
    if verb in {"resend", "to_me"}:
        api.resend(task_id, wish.key, to_me=verb == "to_me")
        return None
    answer = api.many.act(cast("BulkAction", verb), [task_id], key=wish.key)
    return next(iter(answer["skipped"]), None)
