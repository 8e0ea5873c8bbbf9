"""Undoing an item."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from desktop.engine.attempts.outcomes import Succeeded
from desktop.engine.errors import Conflict, UnknownId
from desktop.engine.store.reads.pages import read_page
from desktop.engine.store.reads.query import Filter, Query
from desktop.engine.store.tables import schema
from desktop.engine.store.tables.cursor import sql
from desktop.engine.submission import NewTask, TaskOptions
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.cancel import cancel
from desktop.items.accepting import ItemSubmission, NewItemRow, accept_items, prepare_items, undo
from tests.engine.stepped import Stepped


def submit(stepped: Stepped, delay: float = 5) -> list[int]:
    tasks = [NewTask("work", to="Ada <ada@example.org>", options=TaskOptions(delay=delay))] * 2
    item = NewItemRow(1, {"title": "Opera"}, tasks)
    return stepped.submit(ItemSubmission([item])).task_ids[0]


def test_nothing_is_left_of_it(stepped: Stepped) -> None:
    task = submit(stepped)[0]
    stepped.change(cancel, task)
    after = stepped.journal.last
    subscription = stepped.journal.subscribe(f"{stepped.journal.store[:12]}-{after}")
    stepped.do(lambda group: undo(group, 1))
    for table in (schema.items, schema.tasks, schema.attempts, schema.log):
        assert stepped.connection.execute(sql(select(table))).fetchall() == []
    frame = subscription.next_frame()
    assert frame is not None
    assert frame.tasks == '{"rows":[],"gone":[1,2]}'


def test_search_does_not_find_it_any_more(stepped: Stepped) -> None:
    submit(stepped)
    for text in ("opera", "ada"):
        assert read_page(stepped.connection, Query(Filter(text=text)), "s")["total"] == 2
    stepped.do(lambda group: undo(group, 1))
    matches = "SELECT count(*) FROM words WHERE words MATCH ?"
    for word in ("opera*", "ada*"):
        assert stepped.connection.execute(matches, (word,)).fetchone() == (0,)


def test_a_task_that_has_started_keeps_it(stepped: Stepped) -> None:
    task = submit(stepped, delay=0)[0]
    with pytest.raises(Conflict, match="“Work” has already started"):
        stepped.do(lambda group: undo(group, 1))
    stepped.end(task, Succeeded("1"))
    with pytest.raises(Conflict, match="“Work” has already been done"):
        stepped.do(lambda group: undo(group, 1))
    assert len(stepped.states()) == 2


def test_tasks_that_are_queued_go_with_it(make: Callable[..., Stepped]) -> None:
    stepped = make(slots=0)
    submit(stepped, delay=0)
    stepped.do(lambda group: undo(group, 1))
    assert stepped.states() == {}
    stepped.check()


def test_an_unknown_item_is_named(stepped: Stepped) -> None:
    with pytest.raises(UnknownId, match="no item 7"):
        stepped.do(lambda group: undo(group, 7))


def test_what_was_submitted_in_the_same_group_never_starts(stepped: Stepped) -> None:
    item = NewItemRow(1, {}, [NewTask("work")] * 2)
    prepared = prepare_items(ItemSubmission([item]), stepped.registry)

    def both(group: Group) -> None:
        accept_items(group, prepared)
        undo(group, 1)

    stepped.do(both)
    assert stepped.states() == {}
    assert stepped.lane.started == []
