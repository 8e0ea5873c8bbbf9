"""One page of items by number, filtered by kind, text or batch, and counts."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any, Final

from sqlalchemy import bindparam, select

from desktop.contract.items import DeedLine, Item, Items, Version
from desktop.contract.rules.times import wire_time
from desktop.contract.tasks import Deed, TaskRow
from desktop.engine.store.reads.items.found_items import COLUMNS, FoundItems
from desktop.engine.store.reads.query import ItemSearch
from desktop.engine.store.reads.rows import select_rows, task_row
from desktop.engine.store.reads.waits import NONE_AT_LIMIT, AtLimit, Waits
from desktop.engine.store.tables.compiled import GIVEN, GIVEN_TEXTS, sql
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.schema import corrections, items, log, tasks

ITEM: Final = sql(select(*COLUMNS).where(items.c.id == bindparam("id")))
TASKS_OF_ITEMS: Final = sql(
    select_rows().where(tasks.c.item_id.in_(GIVEN)).order_by(tasks.c.item_id, tasks.c.id)
)
DEEDS: Final = sql(
    select(log.c.task_id, log.c.at, log.c.text)
    .where(log.c.task_id.in_(GIVEN), log.c.text.in_(GIVEN_TEXTS))
    .order_by(log.c.at, log.c.id)
)
BODIES: Final = sql(
    select(corrections.c.item_id, corrections.c.at, corrections.c.body)
    .where(corrections.c.item_id.in_(GIVEN))
    .order_by(corrections.c.item_id, corrections.c.number.desc())
)
FIRST: Final = sql(select(items.c.id, items.c.body).where(items.c.id.in_(GIVEN)))
_ALL_DEEDS: Final = json.dumps(list(Deed))


def read_items(connection: Source, query: ItemSearch, at_limit: AtLimit = NONE_AT_LIMIT) -> Items:
    """Return one page, and how many items there are of each kind."""
    found = FoundItems(connection, query)
    rows = found.rows()
    page = items_with_tasks(connection, rows, at_limit)
    if query.deeds:
        _add_deeds(connection, page)
    following = page[-1]["item_id"] if len(page) == query.limit else found.end
    counts, exact = found.counts()
    return Items(items=page, next=following, counts=counts, counts_are_exact=exact)


def items_with_tasks(
    connection: Source, rows: list[Any], at_limit: AtLimit = NONE_AT_LIMIT
) -> list[Item]:
    """Convert items to what is sent, each with its tasks; ``rows`` are as of :data:`ITEM`."""
    waits = Waits(at_limit, connection=connection)
    own: defaultdict[int | None, list[TaskRow]] = defaultdict(list)
    numbers = json.dumps([row[0] for row in rows])
    for row in connection.execute(TASKS_OF_ITEMS, (numbers,)).fetchall():
        task = task_row(row, waits)
        own[task["item_id"]].append(task)
    return [_item(row, own[row[0]]) for row in rows]


def _add_deeds(connection: Source, page: list[Item]) -> None:
    """Add to each item what people did about its tasks, and its corrections."""
    item_of = {task["id"]: item for item in page for task in item["tasks"]}
    for item in page:
        item["deeds"] = []
    found = connection.execute(DEEDS, (json.dumps(list(item_of)), _ALL_DEEDS)).fetchall()
    for task, at, text in found:
        item_of[task]["deeds"].append(DeedLine(task_id=task, at=wire_time(at), text=text))
    corrected: defaultdict[int, list[Version]] = defaultdict(list)
    numbers = json.dumps([item["item_id"] for item in page])
    for number, at, body in connection.execute(BODIES, (numbers,)).fetchall():
        corrected[number].append(Version(at=wire_time(at), item=json.loads(body)))
    first = dict(connection.execute(FIRST, (json.dumps([*corrected]),)).fetchall())
    for item in page:
        if (bodies := corrected.get(item["item_id"])) is not None:
            known = Version(at=item["created_at"], item=json.loads(first[item["item_id"]]))
            item["bodies"] = [*bodies, known]


def _item(row: Any, own: list[TaskRow]) -> Item:
    item_id, created_at, informed, body = row
    sent = json.loads(body)
    item = Item(
        item_id=item_id,
        created_at=wire_time(created_at),
        title=sent.get("title"),
        recipient=sent.get("recipient"),
        template=sent.get("template"),
        fields=sent.get("fields") or {},
        tasks=own,
        informed=informed,
    )
    if "attachments" in sent:
        item |= {"attachments": sent["attachments"], "batch_id": sent["batch_id"]}
    if "headings" in sent:
        item["headings"] = sent["headings"]
    return item
