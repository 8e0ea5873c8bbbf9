"""Tasks of items that were corrected by an earlier version."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from desktop.engine.attempts.outcomes import Later
from desktop.engine.store.reads.query import Filter, Query
from desktop.engine.store.reads.tasks.pages import read_page
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.store.tables.statements import DELETE_WORDS, INSERT_WORDS
from desktop.engine.submission import NewItemRow, NewTask, Submission
from desktop.engine.transaction.searching import ItemTexts, texts_of, words_of
from tests.engine.stepped import Stepped, registry
from tests.engine.verbs.correcting import ADA, FINAL, TO_ADA, put


def test_what_was_corrected_before_is_found_by_its_new_address(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    stepped = Stepped(path, registry())
    for number in (1, 2):
        item = NewItemRow(number, {**ADA, "fields": {"seats": 7}}, [NewTask("work", to=TO_ADA)])
        stepped.submit(Submission(items=[item]))
        stepped.end(number, Later("421 too busy", "", after=0))
        stepped.settle()
        stepped.end(number, FINAL)
        if number == 1:
            stepped.clock.time += 3600
            stepped.settle()
        put(stepped, number=number)
    records = [TaskRecord(*row) for row in stepped.connection.execute("SELECT * FROM tasks")]
    items = texts_of(stepped.connection, [1, 2])
    deep = stepped.core.memory.searched_to
    stepped.close()
    assert deep == 1
    old = sqlite3.connect(path)
    for each in records:
        own = items[each.item_id or 0]
        now, was = (words_of(each, i, deep=each.id <= deep) for i in (own, ItemTexts(own.body)))
        assert now != was
        old.execute(DELETE_WORDS, (each.id, now))
        old.execute(INSERT_WORDS, (each.id, was))
    old.execute("UPDATE alembic_version SET version_num = '0022'")
    old.commit()
    old.close()
    stepped = Stepped(path, registry())
    found = read_page(stepped.connection, Query(Filter(text="bo@example.org")), "store")
    assert [row["id"] for row in found["tasks"]] == [2, 1]
    stepped.check()
    stepped.close()
