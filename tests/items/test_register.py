"""The register on an engine with its threads."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.engine.errors import UnknownId
from desktop.engine.facade.engine import Engine
from desktop.engine.store.reads.query import Filter, Query
from desktop.engine.submission import NewTask, TaskOptions
from desktop.items.accepting import ItemSubmission, NewItemRow, undo
from desktop.items.facade import Register
from desktop.items.feature import domain
from desktop.items.reads.items import read_next_item
from desktop.items.reads.worded_items import ItemSearch
from tests import WITHIN
from tests.engine.stepped import registry


def test_items_are_read_with_their_tasks(tmp_path: Path) -> None:
    body = {"title": "Opera", "recipient": {"email": "ada@example.org"}, "fields": {"row": 3}}
    task = NewTask("work", options=TaskOptions(delay=60))
    engine = Engine(tmp_path / "store.db", registry(), lanes=False, features=domain())
    engine.start()
    register = Register(engine)
    register.submit(ItemSubmission([NewItemRow(n, body, [task]) for n in (3, 5, 4)])).result()
    assert engine.read(read_next_item) == 6
    assert [item["item_id"] for item in register.page(ItemSearch())["items"]] == [5, 4, 3]
    next_one = ItemSearch(after=3, limit=1, descending=False)
    assert [item["item_id"] for item in register.page(next_one)["items"]] == [4]
    item = register.item(5)
    assert (item["title"], item["fields"], item["template"]) == ("Opera", {"row": 3}, None)
    assert [row["item_id"] for row in item["tasks"]] == [5]
    assert engine.rows(Query(Filter(item_id=5)))["total"] == 1
    with pytest.raises(UnknownId):
        register.item(99)
    engine.do(lambda group: undo(group, 5)).result(WITHIN)
    assert engine.read(read_next_item) == 5
    engine.stop()
