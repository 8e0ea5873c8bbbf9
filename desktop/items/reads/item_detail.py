"""One item: its current body, its tasks and its earlier versions."""

from __future__ import annotations

import json
from typing import Final

from sqlalchemy import bindparam, select

from desktop.contract.items import Item, ItemDetail, NewItem, Version
from desktop.contract.rules.times import wire_time
from desktop.engine.errors import UnknownId
from desktop.engine.store.reads.waits import NONE_AT_LIMIT, AtLimit
from desktop.engine.store.tables.cursor import Source, sql
from desktop.engine.store.tables.schema import corrections, items
from desktop.items.reads.items import ITEM, as_body, items_with_tasks
from desktop.items.tables.item_statements import LAST_ITEM

VERSIONS: Final = sql(
    select(corrections.c.at, corrections.c.body)
    .where(corrections.c.item_id == bindparam("id"))
    .order_by(corrections.c.number)
)
_FIRST: Final = sql(select(items.c.body).where(items.c.id == bindparam("id")))


def read_item(connection: Source, item_id: int, at_limit: AtLimit = NONE_AT_LIMIT) -> Item:
    """Return an item and its tasks; raise ``UnknownId``."""
    row = connection.execute(ITEM, (item_id,)).fetchone()
    if row is None:
        raise UnknownId("item", item_id)
    (item,) = items_with_tasks(connection, [row], at_limit)
    return item


def read_body(connection: Source, item_id: int) -> NewItem:
    """Return an item's current body; raise ``UnknownId``."""
    row = connection.execute(ITEM, (item_id,)).fetchone()
    if row is None:
        raise UnknownId("item", item_id)
    return as_body(row[-1])


def read_item_detail(
    connection: Source, item_id: int, at_limit: AtLimit = NONE_AT_LIMIT
) -> ItemDetail:
    """Return an item, its tasks and its earlier versions; raise ``UnknownId``."""
    item = read_item(connection, item_id, at_limit)
    (first,) = connection.execute(_FIRST, (item_id,)).fetchone()
    told = [(wire_time(at), body) for at, body in connection.execute(VERSIONS, (item_id,))]
    versions = [Version(at=at, item=json.loads(body)) for at, body in told]
    versions.insert(0, Version(at=item["created_at"], item=as_body(first)))
    now = versions.pop()
    corrected_at = now["at"] if versions else None
    versions.reverse()
    return ItemDetail(**item, item=now["item"], corrected_at=corrected_at, versions=versions)


def read_next_item(connection: Source) -> int:
    """Return the number that an item without one would get now."""
    (last,) = connection.execute(LAST_ITEM).fetchone()
    return int(last) + 1
