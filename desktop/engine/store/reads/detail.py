"""Reading one task or item with everything behind it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Final

from sqlalchemy import bindparam, func, literal_column, select, text

from desktop.contract.items import CONFIRMATION, Item, ItemDetail, NewItem, Version
from desktop.contract.rules.templates import DEFAULT
from desktop.contract.rules.times import wire_time
from desktop.contract.states import OPEN, State
from desktop.contract.tasks import Attempt, HandedOver, LogLine, TaskDetail, TaskRow
from desktop.engine.attempts.control import HandOver
from desktop.engine.errors import UnknownId
from desktop.engine.functions.arguments import plain
from desktop.engine.store.reads.catalogue import Catalogue
from desktop.engine.store.reads.items.items import ITEM, tell_items
from desktop.engine.store.reads.query import Filter
from desktop.engine.store.reads.rows import select_rows, task_row
from desktop.engine.store.reads.same_message import REPEATS, newest_repeat
from desktop.engine.store.reads.waits import NONE_AT_LIMIT, AtLimit, Waits
from desktop.engine.store.tables.beside_tasks import TASK_OF_TOKEN
from desktop.engine.store.tables.compiled import GIVEN_TEXTS, NO_OFFSET, sql
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.item_statements import BODY, LAST_ITEM
from desktop.engine.store.tables.records import HeldQueue, Hold, TaskRecord
from desktop.engine.store.tables.schema import (
    attempts,
    corrections,
    counts,
    functions,
    items,
    log,
    queues,
    tasks,
)
from desktop.engine.store.tables.statements import TASK

_TASK: Final = sql(
    select_rows()
    .add_columns(
        tasks.c.arguments,
        tasks.c.result,
        tasks.c.reference,
        tasks.c.passed,
        tasks.c.handover,
        tasks.c.addressee,
    )
    .where(tasks.c.id == bindparam("id"))
)


class NeedOf(Enum):
    """Which messages need a template: open ones, of these those on hold, or ended ones.

    A message whose newest task failed, was cancelled or is uncertain is sent again by it.
    """

    OPEN = "open"
    HELD = "held"
    AGAIN = "again"


COUNTED: Final = 1000
"""Tasks counted at most where only a person is told how many."""
_WITH_TEMPLATE: Final = (
    select(tasks.c.id, tasks.c.item_id)
    .join(items, items.c.id == tasks.c.item_id)
    .join(functions, functions.c.id == tasks.c.function)
    .where(
        func.coalesce(
            func.json_extract(BODY, literal_column("'$.template'")), literal_column(f"'{DEFAULT}'")
        ).in_(GIVEN_TEXTS),
        text(f"functions.name = '{CONFIRMATION}'"),
    )
    .limit(literal_column(str(COUNTED)))
    .offset(NO_OFFSET)
)


_UNDONE: Final = "{0}.state = 'cancelled' AND {0}.attempt = 0 AND {0}.resend_of IS NOT NULL"
_IS_NEWEST: Final = f"""NOT ({_UNDONE.format("tasks")}) AND NOT EXISTS (
    SELECT 1 FROM tasks AS later WHERE later.item_id = tasks.item_id AND later.id > tasks.id
    AND later.function = tasks.function
    AND coalesce(later.addressee, '') = coalesce(tasks.addressee, '')
    AND NOT ({_UNDONE.format("later")}))"""  # noqa: S608
"""A message's newest task; a resend that was undone is as if it had not been."""


def _in_states(states: Iterable[State], *also: str) -> str:
    words = ", ".join(f"'{state}'" for state in sorted(states))
    return sql(_WITH_TEMPLATE.where(text(f"tasks.state IN ({words})"), *map(text, also)))


_WITH: Final = {
    NeedOf.OPEN: _in_states(OPEN),
    NeedOf.AGAIN: _in_states({State.FAILED, State.CANCELLED, State.UNCERTAIN}, _IS_NEWEST),
}
HELD_WITH_TEMPLATE: Final = sql(
    _WITH_TEMPLATE.where(
        text(f"tasks.held = '{Hold.PERSON}' AND tasks.held <> ''"),  # as its index has it
    )
)
HISTORY: Final = sql(
    select(attempts).where(attempts.c.task_id == bindparam("id")).order_by(attempts.c.attempt)
)
RAN_ON: Final = "SELECT NULL, NULL WHERE ? IS NULL"
"""Which worker ran which attempt of a task: none, where the store is a file."""
REFERENCES: Final = sql(
    select(tasks.c.reference).where(
        tasks.c.created_at < bindparam("before"), tasks.c.reference.is_not(None)
    )
)
LOG: Final = sql(
    select(log.c.at, log.c.attempt, log.c.level, log.c.text)
    .where(log.c.task_id == bindparam("id"))
    .order_by(log.c.id)
)
VERSIONS: Final = sql(
    select(corrections.c.at, corrections.c.body)
    .where(corrections.c.item_id == bindparam("id"))
    .order_by(corrections.c.number)
)
_FIRST: Final = sql(select(items.c.body).where(items.c.id == bindparam("id")))
_COUNTS: Final = sql(select(counts.c.state, func.sum(counts.c.n)).group_by(counts.c.state))
_HELD: Final = sql(select(queues).order_by(queues.c.name))


def read_task(
    connection: Source,
    task_id: int,
    at_limit: AtLimit = NONE_AT_LIMIT,
    parameters: Callable[[str], Sequence[str]] = lambda _: (),
) -> TaskDetail:
    """Read a task with its attempts, log, arguments and result; ``UnknownId``."""
    found = connection.execute(_TASK, (task_id,)).fetchone()
    if found is None:
        raise UnknownId("task", task_id)
    *columns, arguments, result, reference, passed, handover, addressee = found
    row = task_row(columns, Waits(at_limit, connection=connection))
    args, kwargs = plain(arguments)
    return TaskDetail(
        **row,
        history=_history(connection, row),
        log=[
            LogLine(at=wire_time(at), attempt=attempt, level=level, text=text)
            for at, attempt, level, text in connection.execute(LOG, (task_id,))
        ],
        args=args,
        parameters=list(parameters(row["task"])[: len(args)]),
        kwargs=kwargs,
        result=None if result is None else plain(result),
        message_id=reference,
        handed_over=_handed_over(handover, reference) if passed and handover else None,
        addressee=None if addressee is None else json.loads(addressee),
        lacks=[],
        repeated_by=_repeated_by(connection, task_id),
    )


def _repeated_by(connection: Source, task_id: int) -> int | None:
    """Return the newest other task by which the message of one that has ended left, or was to."""

    def find(number: int) -> TaskRecord | None:
        row = connection.execute(TASK, (number,)).fetchone()
        return None if row is None else TaskRecord(*row)

    def repeats_of(number: int) -> list[TaskRecord]:
        return [TaskRecord(*row) for row in connection.execute(REPEATS, (number,)).fetchall()]

    record = find(task_id)
    if record is None or record.state in OPEN:
        return None
    return newest_repeat(record, find, repeats_of)


def read_number(connection: Source, token: str) -> int | None:
    """Read the number of the task that was given this token."""
    found = connection.execute(TASK_OF_TOKEN, (token,)).fetchone()
    return None if found is None else int(found[0])


def _handed_over(handover: str, reference: str | None) -> HandedOver:
    told = HandOver.decode(handover)
    return HandedOver(at=wire_time(told.at), what=told.what, to=told.to, message_id=reference)


def _history(connection: Source, row: TaskRow) -> list[Attempt]:
    """Read the attempts that ended; the one under way is told by the task's row."""
    workers = dict(connection.execute(RAN_ON, (row["id"],)).fetchall())
    history = [
        Attempt(
            attempt=attempt,
            count=count,
            started_at=wire_time(started_at),
            finished_at=wire_time(finished_at),
            outcome=outcome,
            error=error,
            traceback=trace,
            worker=workers.get(attempt),
        )
        for _, attempt, started_at, finished_at, outcome, error, trace, count in connection.execute(
            HISTORY, (row["id"],)
        )
    ]
    if row["state"] == State.RUNNING and row["started_at"]:
        history.append(
            Attempt(
                attempt=row["attempt"],
                count=1,
                started_at=row["started_at"],
                finished_at=None,
                outcome="running",
                error=None,
                traceback=None,
                worker=workers.get(row["attempt"]),
            )
        )
    return history


def read_item(connection: Source, item_id: int, at_limit: AtLimit = NONE_AT_LIMIT) -> Item:
    """Read an item and its tasks; ``UnknownId``."""
    row = connection.execute(ITEM, (item_id,)).fetchone()
    if row is None:
        raise UnknownId("item", item_id)
    (item,) = tell_items(connection, [row], at_limit)
    return item


def read_body(connection: Source, item_id: int) -> NewItem:
    """Read what an item is about, as it was registered or corrected last; ``UnknownId``."""
    row = connection.execute(ITEM, (item_id,)).fetchone()
    if row is None:
        raise UnknownId("item", item_id)
    body: NewItem = json.loads(row[-1])
    return body


def read_item_detail(
    connection: Source, item_id: int, at_limit: AtLimit = NONE_AT_LIMIT
) -> ItemDetail:
    """Read an item, its tasks and what it was before; ``UnknownId``."""
    item = read_item(connection, item_id, at_limit)
    (first,) = connection.execute(_FIRST, (item_id,)).fetchone()
    told = [(wire_time(at), body) for at, body in connection.execute(VERSIONS, (item_id,))]
    versions = [Version(at=at, item=json.loads(body)) for at, body in told]
    versions.insert(0, Version(at=item["created_at"], item=json.loads(first)))
    now = versions.pop()
    corrected_at = now["at"] if versions else None
    versions.reverse()
    return ItemDetail(**item, item=now["item"], corrected_at=corrected_at, versions=versions)


def read_last_item(connection: Source) -> int:
    """Read the number items are counted on from."""
    (last,) = connection.execute(LAST_ITEM).fetchone()
    return int(last)


def read_counts(connection: Source) -> dict[str, int]:
    """Read how many tasks are in each state; as quick for a million as for ten."""
    return {state.value: 0 for state in State} | dict(connection.execute(_COUNTS).fetchall())


def read_outlook(connection: Source, paces: Mapping[str, float]) -> tuple[int, float | None]:
    """Read how many queued tasks a pause or a hold stops, and in how many s the others have ended.

    ``paces`` is how many tasks of a queue end a second. As quick for a million as for ten.
    """
    catalogue = Catalogue(connection)
    standing = catalogue.matching(Filter(states=(State.QUEUED,), standing=True))
    done_in = catalogue.done_in(paces)
    return standing, None if done_in is None else round(done_in, 1)


def read_with_template(
    connection: Source, names: Sequence[str], need: NeedOf
) -> list[tuple[int, int]]:
    """Read which confirmations need a template, by the names it has and had, with their items.

    The first :data:`COUNTED` that are found; only those that are held are found by an index.
    """
    query = _WITH.get(need, HELD_WITH_TEMPLATE)
    return sorted((task, item) for task, item in connection.execute(query, (json.dumps(names),)))


def read_references(connection: Source, before: int) -> set[str]:
    """Read by what the effects of tasks are known that were accepted before that, epoch ms."""
    return {reference for (reference,) in connection.execute(REFERENCES, (before,))}


def read_held_queues(connection: Source) -> list[HeldQueue]:
    """Read the queues that wait for a person or a cure."""
    return [HeldQueue(*row) for row in connection.execute(_HELD)]
